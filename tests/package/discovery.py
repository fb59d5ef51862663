"""The modules, names, docstrings and pages that the tests of the package look at.

They are found in the package, and never listed by hand.
"""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import lastgood
from lastgood import RollbackStrategy, rules, strategies

ROOT = Path(__file__).resolve().parents[2]
SOURCE = Path(lastgood.__file__).parent
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "SECURITY.md",
    *sorted(ROOT.glob("docs/**/*.md")),
    ROOT / "tests" / "tools" / "README.md",
]
#: A fenced block: its indent, its fence, its tag, and its content.
FENCE = re.compile(r"^([ >]*)(`{3,}|~{3,})([^\n]*)\n(.*?)^\1\2[ \t]*$", re.MULTILINE | re.DOTALL)


def public_modules() -> list[ModuleType]:
    """Return the modules that users import from: `lastgood`, and those right inside it."""
    beside = [found.name for found in pkgutil.iter_modules(lastgood.__path__, "lastgood.")]
    public = [name for name in beside if not name.startswith("lastgood._")]
    return [lastgood, *map(importlib.import_module, public)]


def public_classes(module: ModuleType) -> list[type]:
    """Return the classes that a module exports."""
    return [thing for _, thing in exported(module) if inspect.isclass(thing)]


def exported(module: ModuleType) -> list[tuple[str, object]]:
    """Return the names that a module exports, with their values."""
    return [(name, getattr(module, name)) for name in module.__all__]


def strategy_names() -> list[str]:
    """Return the names of the strategies that a user can make."""
    return [
        found.__name__
        for found in public_classes(strategies)
        if issubclass(found, RollbackStrategy) and found is not RollbackStrategy
    ]


def rule_names() -> list[str]:
    """Return the names of the rules that a user can make."""
    return [found.__name__ for found in public_classes(rules)]


def home(name: str, folder: str) -> str:
    """Return the name of the file in a folder of the package that defines a class."""
    (found,) = (
        path.removeprefix(f"{folder}/").removesuffix(".py")
        for path, tree in trees()
        if path.startswith(f"{folder}/")
        and any(isinstance(node, ast.ClassDef) and node.name == name for node in tree.body)
    )
    return found


@cache
def trees() -> list[tuple[str, ast.Module]]:
    """Return every source file of the package: its path inside, and its syntax tree."""
    return [
        (path.relative_to(SOURCE).as_posix(), ast.parse(path.read_text("utf-8")))
        for path in sorted(SOURCE.rglob("*.py"))
    ]


def docstrings(tree: ast.Module) -> Iterator[str]:
    """Yield every docstring of a source file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield ast.get_docstring(node) or ""


def fences(page: Path) -> list[tuple[str, str]]:
    """Return the fenced blocks of a page: the tag of each, and its content."""
    return [(info.strip(), body) for _, _, info, body in FENCE.findall(page.read_text("utf-8"))]


def links(page: Path) -> list[Path]:
    """Return the files of the project that a page links to."""
    found = re.findall(r"\]\((?!https?:)([^)#\s]+)", page.read_text("utf-8"))
    return [(page.parent / link).resolve() for link in found]


def headings() -> set[str]:
    """Return every word of every heading of the documentation."""
    prose = [FENCE.sub("", page.read_text("utf-8")) for page in PAGES]
    lines = [line for text in prose for line in re.findall(r"^#{1,6} .*", text, re.MULTILINE)]
    return {word for line in lines for word in re.findall(r"\w+", line)}
