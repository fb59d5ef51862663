"""`RollbackStrategy`: what belongs to the library, and what a strategy of one's own may do."""

from collections.abc import Iterator
from typing import Any

import pytest

from lastgood import (
    Candidate,
    LastStable,
    Previous,
    RollbackStrategy,
    VersionRegistry,
)
from lastgood.rules import Budget
from tests.ids import shown
from tests.rows import each_row
from tests.strategies.custom import AcceptsAll

#: The current version, "v3", failed.
REGISTRY = VersionRegistry.from_statuses({"v1": "stable", "v3": "failed"}, current="v3")


# What is final


def anything(*_: object) -> None:
    """Stand for any method that a cheating strategy would have."""


each_final_method = each_row("name", ["plan", "review", "recover", "where", "__or__", "__bool__"])


@each_final_method
def test_what_is_final_cannot_be_redefined(name: str) -> None:
    """A strategy has one method to write; a class that redefines another one is refused."""
    with pytest.raises(TypeError, match=f"Cheat.*{name}"):
        _ = type("Cheat", (AcceptsAll,), {name: anything})


@each_final_method
def test_what_is_final_cannot_be_mixed_in(name: str) -> None:
    """A class that inherits the redefinition from elsewhere is refused as well."""
    mixin = type("Mixin", (), {name: anything, "__slots__": ()})
    with pytest.raises(TypeError, match=f"Cheat.*{name}"):
        _ = type("Cheat", (mixin, AcceptsAll), {})


def test_a_mixin_may_bring_the_candidates() -> None:
    """What belongs to the strategy may come from anywhere."""

    class Mixin:
        __slots__ = ()

        def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
            yield Candidate.accept(registry["v1"])

    class Mixed(Mixin, RollbackStrategy):
        pass

    assert Mixed().plan(REGISTRY).target == "v1"


def test_the_base_is_abstract() -> None:
    """A strategy that cannot be asked cannot be made."""
    base: Any = RollbackStrategy
    with pytest.raises(TypeError, match="candidates"):
        _ = base()


def test_the_base_has_no_room_for_state() -> None:
    """The base leaves it to a strategy which attributes it has."""
    assert RollbackStrategy.__slots__ == ()
    assert not hasattr(LastStable(), "__dict__")


# Neither true nor false


def test_a_strategy_has_no_truth_value() -> None:
    """`a or b` would lose `b` in silence, so it raises and says what to write."""
    with pytest.raises(TypeError, match=r"\|") as raised:
        _ = bool(LastStable())
    assert "is not None" in str(raised.value)


def test_or_between_strategies_raises() -> None:
    """The word `or` between two strategies is a `TypeError`, as are `and` and `not`."""
    for mistake in ("a or b", "a and b", "not a"):
        with pytest.raises(TypeError, match=r"\|"):
            _ = eval(mistake, {"a": LastStable(), "b": Previous()})  # noqa: S307  # our own three


@pytest.mark.parametrize(
    "strategy", [AcceptsAll(), LastStable().where(Budget(1)), LastStable() | Previous()], ids=shown
)
def test_no_strategy_has_a_truth_value(strategy: RollbackStrategy) -> None:
    """Composites and strategies of one's own have none either."""
    with pytest.raises(TypeError, match=r"\|"):
        _ = bool(strategy)
