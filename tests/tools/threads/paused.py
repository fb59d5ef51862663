"""A second copy of the library that can be interrupted in the middle of every expression.

Its source is compiled with a call of `pause` before each statement of a function and around each
value that it computes. A thread that nobody wants to interrupt just goes on there. Tracing would
do the same, but a thread that is traced crashes some releases of Python 3.12.
"""

import ast
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from threading import get_ident
from types import CodeType, ModuleType
from typing import Any, Final, TypeVar, cast

from typing_extensions import override

import lastgood

T = TypeVar("T")

NAME: Final = lastgood.__name__
HOME: Final = str(Path(lastgood.__file__).parent.parent)

#: What a function computes.
VALUES: Final = (ast.Attribute, ast.BinOp, ast.BoolOp, ast.Call, ast.Compare, ast.Subscript)

#: What is called at each pause of a thread that shall be interrupted.
CALLS: Final[dict[int, Callable[[], None]]] = {}


def pause(value: T) -> T:
    """Return the value; before that, let the present thread be interrupted."""
    call = CALLS.get(get_ident())
    if call is not None:
        call()
    return value


def paused_at(value: ast.expr) -> ast.expr:
    """Return the value with a pause after it."""
    return ast.Call(ast.Name("pause", ast.Load()), [value], [])


class Pauses(ast.NodeTransformer):
    """Puts a pause around each value that the functions of a module compute."""

    def __init__(self) -> None:
        self.depth = 0

    @override
    def visit(self, node: ast.AST) -> Any:
        inner = isinstance(node, ast.FunctionDef | ast.Lambda)
        self.depth += inner
        visited = self.inside(node) if self.depth else self.generic_visit(node)
        self.depth -= inner
        return visited

    def inside(self, node: ast.AST) -> ast.AST:
        """Return a node of a function with its pauses; annotations and patterns have none."""
        for name, child in ast.iter_fields(node):
            if name not in {"annotation", "returns", "pattern"}:
                self.replace(node, name, child)
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            return node  # It is assigned to.
        if not isinstance(node, VALUES):
            return node
        return ast.copy_location(paused_at(node), node)

    def replace(self, node: ast.AST, name: str, child: object) -> None:
        """Visit a child, or all of them."""
        if isinstance(child, ast.AST):
            setattr(node, name, self.visit(child))
        elif isinstance(child, list):
            parts = cast("list[object]", child)
            parts[:] = [new for part in parts for new in self.replaced(part)]

    def replaced(self, part: object) -> Iterator[object]:
        """Yield what stands for an item of a list; before a statement there is a pause."""
        if isinstance(part, ast.stmt):
            yield ast.copy_location(ast.Expr(paused_at(ast.Constant(None))), part)
        yield self.visit(part) if isinstance(part, ast.AST) else part


class Loader(SourceFileLoader):
    """Loads a module with pauses."""

    @override
    def get_code(self, fullname: str) -> CodeType:
        tree = ast.parse(Path(self.path).read_bytes(), self.path)
        return compile(ast.fix_missing_locations(Pauses().visit(tree)), self.path, "exec")

    @override
    def exec_module(self, module: ModuleType) -> None:
        vars(module)["pause"] = pause
        super().exec_module(module)


class Finder(MetaPathFinder):
    """Finds the modules of the library, where they are, for the loader above."""

    @override
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] != NAME:
            return None
        spec = PathFinder.find_spec(fullname, path or [HOME], target)
        if spec is not None and spec.origin is not None:
            spec.loader = Loader(fullname, spec.origin)
        return spec


@cache
def paused() -> Any:
    """Return the library with pauses. The one that everybody else imports stays as it is.

    Its registries are no instances of the usual class, but in all that counts they are the same.
    """
    finder = Finder()
    usual = {name: sys.modules.pop(name) for name in modules()}
    sys.meta_path.insert(0, finder)
    try:
        library = import_module(NAME)
        for name in library.__all__:  # What is loaded late would be loaded without pauses.
            setattr(library, name, getattr(library, name))
        return library
    finally:
        sys.meta_path.remove(finder)
        for name in modules():
            del sys.modules[name]
        sys.modules.update(usual)


def modules() -> list[str]:
    """Return the names of the modules of the library that are imported."""
    return [name for name in sys.modules if name.partition(".")[0] == NAME]
