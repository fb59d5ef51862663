"""The kit catches stores as people get them wrong, by the law that says what is wrong."""

import asyncio
from functools import partial
from typing import Any

import pytest

from lastgood.testing import STORE_LAWS, StoreLawViolation, check_store
from tests.rows import each_row
from tests.testing.stores import wrong
from tests.testing.stores.right import AsyncMemory, Memory, Server, gathered, together

#: The law that each wrong store is caught by.
CAUGHT: dict[str, list[type[Memory]]] = {
    "begins_empty": [wrong.Begun],
    "answers": [
        wrong.AlwaysTrue,
        wrong.Forgetful,
        wrong.Rows,
        wrong.Silent,
        wrong.Dicts,
        wrong.Text,
        wrong.Raising,
    ],
    "exact": [wrong.WithoutTimes, wrong.WholeFloats, wrong.AsText, wrong.Pages],
    "fresh": [wrong.Cached],
    "no_hole": [wrong.FreeKey],
    "no_overwrite": [wrong.LastWins],
    "same_history": [wrong.Numbered],
    "all_or_nothing": [
        wrong.OneByOne,
        wrong.TwoTransactions,
        wrong.TornRead,
        wrong.Locking,
    ],
    "one_winner": [
        wrong.CheckedBefore,
        wrong.TornRace,
        wrong.Repeating,
        wrong.Overwritten,
        wrong.Timid,
        wrong.Deadlocked,
    ],
    "lost_answers": [wrong.Helpful, wrong.Twice, wrong.Stamped],
    "partial_load": [wrong.Whole, wrong.Tail, wrong.Gone],
    "apart": [
        wrong.CaseBlind,
        wrong.Trimmed,
        wrong.Short,
        wrong.Prefix,
        wrong.AllAtOnce,
        wrong.Global,
    ],
    "format_kept": [wrong.HardCoded, wrong.Tolerant, wrong.Nameless],
    "damaged": [wrong.Unchecked, wrong.Tolerant, wrong.Nameless],
}

#: Stores in which only this one thing is wrong.
ALONE = {
    wrong.AsText,
    wrong.Pages,
    wrong.WholeFloats,
    wrong.TwoTransactions,
    wrong.TornRead,
    wrong.Locking,
    wrong.CheckedBefore,
    wrong.TornRace,
    wrong.Repeating,
    wrong.Overwritten,
    wrong.Deadlocked,
    wrong.Gone,
    wrong.CaseBlind,
    wrong.Trimmed,
    wrong.Short,
    wrong.Prefix,
    wrong.Global,
    wrong.HardCoded,
    wrong.Unchecked,
}


def broken(store: type[Memory]) -> list[str]:
    """Return the laws that a store breaks."""
    server = Server()

    def lose_a_line(name: str) -> None:
        del server.lines[name][2]

    try:
        _ = check_store(partial(store, server), together=together, damage=[lose_a_line])
    except StoreLawViolation as error:
        return [violation.law for violation in error.violations]
    return []


@each_row(
    ("law", "store"),
    [(law, store) for law, stores in CAUGHT.items() for store in stores],
)
def test_a_wrong_store_is_caught_by_its_law(law: str, store: type[Memory]) -> None:
    """What is wrong with a store is what the broken law says."""
    laws = broken(store)
    assert law in laws
    if store in ALONE:
        assert laws == [law]


def test_every_law_catches_a_store() -> None:
    """No law is there for nothing."""
    assert [*CAUGHT] == [*STORE_LAWS]


@pytest.mark.parametrize(
    ("law", "store"),
    [
        ("all_or_nothing", wrong.AsyncTwoTransactions),
        ("one_winner", wrong.AsyncCheckedBefore),
        ("answers", wrong.AsyncFailing),
    ],
)
def test_a_wrong_asynchronous_store_is_caught(law: str, store: type[AsyncMemory]) -> None:
    """The laws are the same for a store whose operations are coroutines."""
    opened: Any = partial(store, Server())
    with pytest.raises(StoreLawViolation) as caught:
        _ = check_store(opened, together=gathered, run=asyncio.run)
    assert law in [violation.law for violation in caught.value.violations]
