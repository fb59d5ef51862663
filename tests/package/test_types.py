"""The type hints are there for programs too, not only for type checkers."""

import inspect
import typing
from collections.abc import Iterator
from types import ModuleType

from hypothesis.strategies import SearchStrategy

from tests.package.discovery import exported, public_classes, public_modules
from tests.rows import each_row

#: What an annotation may name although the library does not import it: Hypothesis is an extra.
OF_THE_EXTRA = {"SearchStrategy": SearchStrategy}


def _functions_of(found: type) -> Iterator[tuple[str, object]]:
    for owner in found.__mro__:
        if not owner.__module__.startswith("lastgood"):
            continue
        for name, member in vars(owner).items():
            function = getattr(member, "fget", None) or getattr(member, "__func__", member)
            if inspect.isfunction(function):
                yield f"{found.__name__}.{name}", function


def _typed(module: ModuleType) -> Iterator[tuple[str, object]]:
    for name, value in exported(module):
        if inspect.isclass(value) or inspect.isfunction(value):
            yield name, value
    for found in public_classes(module):
        yield from _functions_of(found)


@each_row("module", public_modules())
def test_hints_can_be_read_at_run_time(module: ModuleType) -> None:
    """`typing.get_type_hints` works on every public class, function and method."""
    unreadable: list[str] = []
    for name, thing in _typed(module):
        try:
            _ = typing.get_type_hints(thing, localns=OF_THE_EXTRA, include_extras=True)
        except (NameError, TypeError, AttributeError) as error:
            unreadable.append(f"{name}: {error}")
    assert unreadable == []


def test_methods_are_looked_at() -> None:
    """The walk above sees methods, class methods and properties; it cannot pass by seeing none."""
    face, *_ = public_modules()
    reached = {name for name, _ in _typed(face)}
    assert {
        "VersionRegistry.register",
        "VersionRegistry.from_dict",
        "VersionRegistry.current",
        "LastStable.plan",
    } <= reached
