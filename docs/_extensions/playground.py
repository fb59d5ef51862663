"""Python in the reader's browser: "Run" below the examples of some pages.

It needs the npm package ``pyodide``. If the environment variable ``LASTGOOD_PYODIDE`` names its
folder when the site is built, its files and those of the packages go into the site, and the pages
get a script. Without it the site is built as before, and the pages have no "Run". Nothing is
fetched.
"""

import os
import shutil
from collections.abc import Iterator
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ConfigError
from sphinx.util.typing import ExtensionMetadata

#: The pages with "Run".
_PAGES: Final = {"index", "playground", "tutorial"}
#: What the browser needs of the npm package.
_FILES: Final = (
    "package.json",  # says which release it is, and its licence
    "pyodide-lock.json",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "pyodide.mjs",
    "python_stdlib.zip",
)
#: The packages of the browser, each with what is imported from it.
_PACKAGES: Final = {
    "lastgood": ("lastgood",),
    "attrs": ("attr", "attrs"),
    "typing-extensions": ("typing_extensions",),
    "pyyaml": ("yaml",),
}


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the script and the files, if the npm package is there."""
    folder = os.environ.get("LASTGOOD_PYODIDE", "")
    if folder:
        pyodide = Path(folder)
        missing = [name for name in _FILES if not (pyodide / name).is_file()]
        if missing:
            raise ConfigError(f"LASTGOOD_PYODIDE: {', '.join(missing)} must be in {folder}")

        def copy(app: Sphinx, error: Exception | None) -> None:
            if error is None and app.builder.format == "html":
                _copy(pyodide, Path(app.outdir) / "_static")

        _ = app.connect("html-page-context", _add_script)
        _ = app.connect("build-finished", copy)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _add_script(
    app: Sphinx,
    page: str,
    _template: str,
    _context: dict[str, object],
    _tree: nodes.document | None,
) -> None:
    if page in _PAGES:
        app.add_js_file("playground/playground.js", type="module")


def _copy(pyodide: Path, static: Path) -> None:
    target = static / "pyodide"
    target.mkdir(exist_ok=True)
    for name in _FILES:
        _ = shutil.copyfile(pyodide / name, target / name)
    with ZipFile(static / "playground" / "packages.zip", "w", ZIP_DEFLATED) as archive:
        for name, path in sorted(_contents()):
            # Equal contents are equal bytes, whenever they were built.
            archive.writestr(ZipInfo(name), path.read_bytes(), ZIP_DEFLATED)


def _contents() -> Iterator[tuple[str, Path]]:
    """Yield the files of the packages, each with its name in the archive."""
    for package, modules in _PACKAGES.items():
        for module in modules:
            yield from _files(module)
        yield from _licences(package)


def _files(module: str) -> Iterator[tuple[str, Path]]:
    """Yield what a module is made of. An extension would not run in a browser."""
    found = find_spec(module)
    if found is None or found.origin is None:
        raise ConfigError(f"{module} must be installed: it goes into the site")
    if not found.submodule_search_locations:
        yield f"{module}.py", Path(found.origin)
        return
    home = Path(found.origin).parent
    for path in home.rglob("*"):
        if path.is_file() and path.suffix not in {".pyc", ".so", ".pyd", ".pyi"}:
            yield f"{module}/{path.relative_to(home).as_posix()}", path


def _licences(package: str) -> Iterator[tuple[str, Path]]:
    for file in metadata.files(package) or ():
        if file.name == "METADATA" or file.name.startswith(("LICENSE", "COPYING")):
            yield file.as_posix(), Path(str(file.locate()))
