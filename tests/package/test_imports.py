"""Imports point one way, and no module of the package can reach the outside world.

The order of the modules itself stands in ``pyproject.toml``, as contracts that ``.ci/run`` checks.
So do the few methods that lead out of their floor and are paid for where they are called.
"""

import ast
import graphlib
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from typing import Any

from tests.package.discovery import ROOT, SOURCE, public_modules, trees
from tests.rows import each_row

#: Files, sockets, clocks, randomness, the environment, logging, threads and other processes.
FORBIDDEN_MODULES = {
    "_thread",
    "asyncio",
    "builtins",
    "concurrent",
    "ctypes",
    "fcntl",
    "glob",
    "http",
    "importlib",
    "io",
    "logging",
    "multiprocessing",
    "os",
    "pathlib",
    "platform",
    "random",
    "secrets",
    "select",
    "selectors",
    "shutil",
    "signal",
    "socket",
    "sqlite3",
    "ssl",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
    "urllib",
    "uuid",
    "warnings",
}
FORBIDDEN_CALLS = {"__import__", "compile", "eval", "exec", "input", "open", "print"}
#: Attributes of `datetime` and `date` that ask a clock.
FORBIDDEN_CLOCKS = {"now", "today", "utcnow"}


@cache
def _trees() -> dict[str, ast.Module]:
    return dict(trees())


each_file = each_row("path", _trees)


def _offences(tree: ast.Module) -> list[str]:
    return [ast.unparse(node) for node in ast.walk(tree) if _is_offence(node)]


def _is_offence(node: ast.AST) -> bool:
    match node:
        case ast.Import(names):
            return any(_is_forbidden(alias.name) for alias in names)
        case ast.ImportFrom(module=str(module)):
            return _is_forbidden(module)
        case ast.Call(func=ast.Name(id=name)):
            return name in FORBIDDEN_CALLS
        case ast.Attribute(attr=name):
            return name in FORBIDDEN_CLOCKS
        case _:
            return isinstance(node, ast.Global)


def _is_forbidden(module: str) -> bool:
    return module.partition(".")[0] in FORBIDDEN_MODULES


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), level=0, names=names):
                inside = {f"{module}.{alias.name}" for alias in names} & set(_modules())
                yield from inside or {module}
            case _:
                pass


def _is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "TYPE_CHECKING"


def _module(path: str) -> str:
    parts = ("lastgood", *path.removesuffix(".py").split("/"))
    return ".".join(parts).removesuffix(".__init__")


@cache
def _modules() -> dict[str, ast.Module]:
    return {_module(path): tree for path, tree in _trees().items()}


@each_file
def test_nothing_reaches_outside(path: str) -> None:
    """No file imports or calls what would read, write, wait, guess, log or change a global."""
    assert _offences(_trees()[path]) == []


@each_row(
    "line",
    [
        "import os",
        "import os.path",
        "from urllib.request import urlopen",
        "def f():\n    import time",
        "print('here')",
        "datetime.now()",
        "clock = datetime.datetime.utcnow",
        "def f():\n    global x",
    ],
)
def test_an_offence_is_seen(line: str) -> None:
    """The check above does see an import, a call, a clock and a global."""
    assert _offences(ast.parse(line)) != []


@each_file
def test_imports_are_absolute(path: str) -> None:
    """An import says by its full name which module is meant."""
    imports = [node for node in ast.walk(_trees()[path]) if isinstance(node, ast.ImportFrom)]
    assert [ast.unparse(node) for node in imports if node.level > 0] == []


@each_file
def test_dependencies_are_declared(path: str) -> None:
    """Only attrs and typing-extensions are imported; the extra by the testing kit, and the core of
    pydantic where pydantic asks.
    """
    found = {name.partition(".")[0] for name in _imported(_trees()[path])}
    extra = {"hypothesis"} if path.startswith("testing/") else set[str]()
    extra |= {"pydantic_core"} if path == "_basics/pydantic.py" else set()
    assert found - sys.stdlib_module_names - {"lastgood"} <= {"attrs", "typing_extensions"} | extra


@each_file
def test_imports_are_unconditional(path: str) -> None:
    """An import means the same to a program as to a type checker, except what is loaded late.

    That is the extra, and what a face loads when it is first named.
    """
    nodes = [*ast.walk(_trees()[path])]
    blocks = [node for node in nodes if isinstance(node, ast.If) and _is_type_checking(node.test)]
    imported = {name for node in blocks for name in _imported(ast.Module(node.body, []))}
    assert sum(map(_is_type_checking, nodes)) == len(blocks)
    late = {"lastgood"} if path.endswith("__init__.py") else {"hypothesis"}
    assert {name.partition(".")[0] for name in imported} <= late


@cache
def _leading_out() -> set[tuple[str, str]]:
    """Return the imports that are declared to lead out of their floor, as pairs of modules."""
    data: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = data["tool"]["importlinter"]["contracts"]
    declared: list[str] = [pair for each in contracts for pair in each.get("ignore_imports", ())]
    return {(importer, imported) for importer, _, imported in map(str.split, declared)}


def test_imports_have_no_cycle() -> None:
    """The modules can be put into one order in which each imports only earlier ones, lazily too.

    Only the imports that are declared to lead out of their floor are left out.
    """
    graph = {
        name: {
            other
            for other in set(_imported(tree)) & set(_modules())
            if (name, other) not in _leading_out()
        }
        for name, tree in _modules().items()
    }
    order = [*graphlib.TopologicalSorter(graph).static_order()]
    assert set(order) == set(_modules())


def test_what_leads_out_is_imported_late() -> None:
    """An import that leads out of its floor stands inside of a method, which pays for it."""
    assert _leading_out()
    for importer, imported in _leading_out():
        tree = _modules()[importer]
        assert imported in set(_imported(tree))
        assert imported not in set(_imported(ast.Module(_at_the_top(tree), [])))


def _at_the_top(tree: ast.Module) -> list[ast.stmt]:
    return [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]


@each_row("name", lambda: sorted(set(_modules()) - {"lastgood"}))
def test_no_module_imports_the_face(name: str) -> None:
    """`lastgood` imports the modules; none of them imports `lastgood`."""
    assert "lastgood" not in set(_imported(_modules()[name]))


def test_the_sources_are_found() -> None:
    """What the tests above go through holds the registry, the strategies and the rules."""
    faces = {"lastgood", "lastgood.errors", "lastgood.rules", "lastgood.strategies"}
    assert faces <= set(_modules())
    assert (SOURCE / "py.typed").is_file()


@each_row("name", [module.__name__ for module in public_modules()])
def test_importing_is_cheap(name: str) -> None:
    """It loads nothing of the outside world that the dependencies did not, and no test tool."""
    program = (
        "import sys, json, attrs, typing_extensions\n"
        "before = set(sys.modules)\n"
        f"import {name}\n"
        "print(json.dumps(sorted(set(sys.modules) - before)))\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    loaded: list[str] = json.loads(answer.stdout)
    tools = {"hypothesis", "pytest", "unittest"} & set(loaded)
    assert name in loaded
    assert [module for module in loaded if _is_forbidden(module)] + [*tools] == []
