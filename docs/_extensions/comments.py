"""Let autodoc find the comments above attributes, and show them whole.

They are in the files that define the classes. A public class names `lastgood` as its module, or
another public one, so autodoc would look for the comments there.
"""

import importlib
import pkgutil
from typing import Final

from sphinx.application import Sphinx
from sphinx.pycode import ModuleAnalyzer
from sphinx.util.typing import ExtensionMetadata

import lastgood

#: `lastgood`, and what users import beside it.
_PUBLIC: Final = (
    "lastgood",
    *(
        module.name
        for module in pkgutil.iter_modules(lastgood.__path__, "lastgood.")
        if not module.name.startswith("lastgood._")
    ),
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Let Sphinx call `gather` before it reads the first page, and `keep_whole` for each object."""
    _ = app.connect("builder-inited", gather)
    _ = app.connect("autodoc-process-docstring", keep_whole, priority=100)  # before napoleon
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def gather(_: Sphinx) -> None:
    """Give each public module the comments of the classes that it exports."""
    found = [module.name for module in pkgutil.walk_packages(lastgood.__path__, "lastgood.")]
    for public in _PUBLIC:
        exported = set(importlib.import_module(public).__all__)
        analyzer = _analyzed(public)
        for module in map(_analyzed, found):
            comments = {
                key: text
                for key, text in module.attr_docs.items()
                if (key[0] or key[1]) in exported
            }
            analyzer.attr_docs |= comments
            analyzer.tagorder |= {
                name: place
                for name, place in module.tagorder.items()
                if name.partition(".")[0] in exported
            }


def keep_whole(
    _app: Sphinx, what: str, _name: str, _described: object, _options: object, lines: list[str]
) -> None:
    """Begin what is said of an attribute with a comment of reStructuredText that is empty.

    Napoleon takes what stands before a colon in the first line for the type of the attribute.
    """
    if what in {"attribute", "data", "property"}:
        lines[:0] = ["..", ""]


def _analyzed(module: str) -> ModuleAnalyzer:
    analyzer = ModuleAnalyzer.for_module(module)
    analyzer.analyze()
    return analyzer
