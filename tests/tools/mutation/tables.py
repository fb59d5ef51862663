"""Mutants of code outside of functions that neither mutmut nor cosmic-ray makes.

Each text becomes another one, each row or item of a table is left out, every two neighbours
exchange their values, and each keyword argument of a field is left out.
"""

import ast
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final, cast

from tests.tools.mutation.clone import TESTS, killers

#: A change of a node of its own copy of the tree.
Change = Callable[[ast.AST], None]
FUNCTIONS: Final = (ast.FunctionDef, ast.Lambda)


@dataclass(frozen=True)
class Mutant:
    """One change: the line, the change in words, and the text of the changed module."""

    line: int
    what: str
    source: str


def mutants(text: str) -> Iterator[Mutant]:
    """Yield every mutant of the text of a module."""
    tree = ast.parse(text)
    for place, node in enumerate(outside(tree)):
        for what, change in changes(node):
            mutated = deepcopy(tree)
            change([*outside(mutated)][place])
            source = ast.unparse(ast.fix_missing_locations(mutated))
            yield Mutant(getattr(node, "lineno", 0), what, source)


def outside(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes outside of functions, without types, keys, docstrings and public names."""
    yield node
    for name, child in ast.iter_fields(node):
        if name in {"annotation", "keys", "slice"} or isinstance(node, FUNCTIONS):
            continue
        parts = cast("list[object]", child) if isinstance(child, list) else [child]
        for part in parts:
            if isinstance(part, ast.AST) and not is_silent(part):
                yield from outside(part)


def is_silent(node: ast.AST) -> bool:
    """Whether a change of the node would change nothing that the library does."""
    if isinstance(node, ast.Assign):
        made = node.value.func if isinstance(node.value, ast.Call) else node.value
        silent = {"__all__", "__slots__", "TypeVar"}
        return not silent.isdisjoint(map(ast.unparse, [*node.targets, made]))
    if isinstance(node, ast.AnnAssign):
        return ast.unparse(node.annotation) == "TypeAlias"
    docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return docstring or isinstance(node, ast.Import | ast.ImportFrom)


def changes(node: ast.AST) -> Iterator[tuple[str, Change]]:
    """Yield the changes of one node, in words and as a function."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield f"{node.value + 'X'!r}", put(node.value + "X")
    elif isinstance(node, ast.Dict):
        for place, key in enumerate(node.keys):
            yield f"without the row {key and ast.unparse(key)}", without_row(place)
        for place, (value, other) in enumerate(pairwise(node.values)):
            if ast.dump(value) != ast.dump(other):
                yield f"rows {place} and {place + 1} exchanged", exchanged(place)
    elif isinstance(node, ast.Set | ast.List | ast.Tuple) and not is_target(node):
        for place, item in enumerate(node.elts):
            yield f"without {ast.unparse(item)}", without("elts", place)
    elif isinstance(node, ast.Call):
        for place, keyword in enumerate(node.keywords):
            yield f"without {ast.unparse(keyword)}", without("keywords", place)


def is_target(node: ast.Tuple | ast.List | ast.Set) -> bool:
    """Whether values are assigned to it."""
    return isinstance(node, ast.Tuple | ast.List) and isinstance(node.ctx, ast.Store)


def put(value: str) -> Change:
    """Return the change that puts another text into a constant."""
    return lambda node: setattr(node, "value", value)


def without(name: str, place: int) -> Change:
    """Return the change that leaves out one of the parts under the name."""
    return lambda node: getattr(node, name).pop(place)


def without_row(place: int) -> Change:
    """Return the change that leaves out a row of a table."""

    def change(node: ast.AST) -> None:
        assert isinstance(node, ast.Dict)
        del node.keys[place], node.values[place]

    return change


def exchanged(place: int) -> Change:
    """Return the change that exchanges the values of a row and of the next one."""

    def change(node: ast.AST) -> None:
        assert isinstance(node, ast.Dict)
        values = node.values
        values[place], values[place + 1] = values[place + 1], values[place]

    return change


def campaign(tree: Path, tests: Sequence[str] = TESTS) -> Counter[bool]:
    """Try every mutant in the copy and print its verdict; return how many were killed, or not.

    `ONLY` in the environment names the modules to try, by the beginnings of their paths.
    """
    counts = Counter[bool]()
    source = tree / "src" / "lastgood"
    only = tuple(os.environ.get("ONLY", "").split()) or ("",)
    for module in sorted(source.rglob("*.py")):
        name = str(module.relative_to(source))
        if not name.startswith(only) or name.startswith("testing"):
            continue
        known: list[str] = []
        for mutant in mutants(module.read_text(encoding="utf-8")):
            killed = is_killed(tree, module, mutant, known, tests)
            counts[killed] += 1
            verdict = "killed" if killed else "SURVIVED"
            print(f"{verdict} {name}:{mutant.line}: {mutant.what}", flush=True)
    return counts


def is_killed(
    tree: Path, module: Path, mutant: Mutant, known: list[str], tests: Sequence[str]
) -> bool:
    """Whether a test fails with this mutant in the copy; the module is as before afterwards.

    The last files that killed a mutant of the module are tried first, because running all of them
    takes much longer.
    """
    before = module.read_text(encoding="utf-8")
    try:
        _ = module.write_text(mutant.source, encoding="utf-8")
        failed = killers(tree, known[-3:]) if known else None
        if failed is None:
            failed = killers(tree, tests)
    finally:
        _ = module.write_text(before, encoding="utf-8")
    if failed:
        known[:] = [*(file for file in known if file not in failed), *failed]
    return failed is not None
