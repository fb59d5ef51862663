"""What is exported is what is meant to be, and is explained."""

import ast
import inspect
import subprocess
import sys
import types
import typing
from types import ModuleType

import pytest

from tests.package.discovery import exported, public_modules, trees
from tests.rows import each_row

each_module = each_row("module", public_modules())


@each_module
def test_all_is_sorted(module: ModuleType) -> None:
    """`__all__` is sorted and names nothing twice, so that two people can add names to it."""
    assert list(module.__all__) == sorted(set(module.__all__))


@each_module
def test_all_is_what_is_there(module: ModuleType) -> None:
    """A name without an underscore is exported, and nothing else is.

    What is loaded when it is first named is among the names that a module shows.
    """
    found = {
        name
        for name in dir(module)
        if not name.startswith("_") and not inspect.ismodule(getattr(module, name))
    }
    assert found == {name for name, value in exported(module) if not inspect.ismodule(value)}


def test_the_face_exports_the_errors() -> None:
    """Each error can be imported from `lastgood` as well as from `lastgood.errors`."""
    face, *_ = public_modules()
    (errors,) = (module for module in public_modules() if module.__name__ == "lastgood.errors")
    assert set(errors.__all__) <= set(face.__all__)


@each_module
def test_exports_are_explained(module: ModuleType) -> None:
    """Whatever is exported has a docstring; an alias of a type has none to have."""
    unexplained = [
        name
        for name, value in exported(module)
        if not _is_alias(value) and not inspect.cleandoc(value.__doc__ or "")
    ]
    assert unexplained == []


@each_module
def test_modules_are_explained(module: ModuleType) -> None:
    """A module says in a docstring what it is for."""
    assert module.__doc__


@each_row(
    ("path", "tree"),
    lambda: [found for found in trees() if found[0].endswith("__init__.py")],
)
def test_a_package_is_only_a_face(path: str, tree: ast.Module) -> None:
    """An `__init__` holds imports, its docstring and `__all__`: no logic that needs a cycle.

    What it loads late it declares for type checkers, and hands out when it is first named.
    """
    odd = [
        ast.unparse(node)
        for node in tree.body
        if not isinstance(node, ast.Import | ast.ImportFrom | ast.Expr)
        and not ast.unparse(node).startswith(("__all__", *_FOR_LATE_NAMES))
    ]
    assert (path, odd) == (path, [])


#: What a face needs to load names late.
_FOR_LATE_NAMES = ("if TYPE_CHECKING:", "def __dir__()", "def __getattr__(name: str)")


LATE = [
    (module, node)
    for module in public_modules()
    for node in ast.parse(inspect.getsource(module)).body
    if isinstance(node, ast.If)
]


@pytest.mark.parametrize(("module", "declared"), LATE, ids=[each.__name__ for each, _ in LATE])
def test_late_names_are_declared(module: ModuleType, declared: ast.If) -> None:
    """What a face loads when it is first named is what it declares for type checkers."""
    for node in declared.body:
        assert isinstance(node, ast.ImportFrom)
        for name in node.names:
            there = getattr(sys.modules[str(node.module)], name.name)
            assert getattr(module, name.name) is there
    with pytest.raises(AttributeError, match=f"'{module.__name__}' has no attribute 'nothing'"):
        getattr(module, "nothing")  # noqa: B009  # a type checker would find it


def test_names_are_late() -> None:
    """Importing `lastgood` and deciding loads neither rules, policies, pictures nor the kit."""
    program = (
        "import sys, lastgood as l; "
        "r = l.VersionRegistry.from_statuses({'1': 'stable', '2': 'failed'}, current='2'); "
        "r = l.LastStable().recover(r); print(*sorted(sys.modules))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    loaded = {name for name in answer.stdout.split() if name.startswith("lastgood.")}
    assert "lastgood.strategies.lineage" in loaded
    late = ("lastgood._policies", "lastgood._retention", "lastgood.render", "lastgood.testing")
    assert [name for name in loaded if name.startswith(late)] == []
    rules = {name for name in loaded if name.startswith("lastgood.rules.")}
    assert rules == {"lastgood.rules.base", "lastgood.rules.safe"}


def _is_alias(value: object) -> bool:
    return isinstance(value, types.UnionType) or typing.get_origin(value) is not None
