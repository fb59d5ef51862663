"""What is exported is what is meant to be, and is explained."""

import ast
import inspect
import types
import typing
from types import ModuleType

import pytest

from tests.package.discovery import exported, public_modules, trees

each_module = pytest.mark.parametrize(
    "module", public_modules(), ids=lambda module: module.__name__
)


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


@pytest.mark.parametrize(
    ("path", "tree"),
    [found for found in trees() if found[0].endswith("__init__.py")],
    ids=[path for path, _ in trees() if path.endswith("__init__.py")],
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


def test_late_names_are_declared() -> None:
    """What `lastgood` loads when it is first named is what it declares for type checkers."""
    (tree,) = (tree for path, tree in trees() if path == "__init__.py")
    (declared,) = (node for node in tree.body if isinstance(node, ast.If))
    (loader,) = (
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name == "__getattr__"
    )
    assert _imported_from(declared) == _imported_from(loader)
    face, *_ = public_modules()
    with pytest.raises(AttributeError, match="'lastgood' has no attribute 'nothing'"):
        getattr(face, "nothing")  # noqa: B009  # a type checker would find it


def _imported_from(node: ast.AST) -> set[tuple[str | None, str]]:
    return {
        (each.module, name.name)
        for each in ast.walk(node)
        if isinstance(each, ast.ImportFrom)
        for name in each.names
    }


def _is_alias(value: object) -> bool:
    return isinstance(value, types.UnionType) or typing.get_origin(value) is not None
