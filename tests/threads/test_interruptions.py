"""Some interruptions; `python -m tests.tools.threads.interruptions` tries every one."""

import sys
from random import Random
from typing import Final

import pytest

import lastgood
from lastgood import VersionRegistry
from tests.tools.threads.duet import duet
from tests.tools.threads.interruptions import PAIRS, interrupt, once, pauses, twice
from tests.tools.threads.paused import paused

#: Two operations, and at which of the pauses of the first one it is interrupted: at every n-th in a
#: short run, and at every m-th in a long search.
STRIDES: Final = [
    ("plain", "register", "deploy", 5, 2),
    ("plain", "fail", "fork", 7, 3),
    ("plain", "annotate", "fork early", 7, 3),
    ("plain", "undeploy", "extend", 7, 3),
    ("plain", "roll back", "deploy", 41, 17),
    ("plain", "fingerprint", "fingerprint", 7, 3),
    ("plain", "look", "fork", 71, 31),
    ("ordered", "below", "register, below", 131, 61),
    ("ordered", "register, below", "below", 151, 71),
]


@pytest.mark.parametrize(
    ("history", "first", "second", "every", "least"),
    [
        *((*names, short, 15) for *names, short, _ in STRIDES),
        *(pytest.param(*names, far, 40, marks=pytest.mark.deep) for *names, _, far in STRIDES),
    ],
)
def test_an_interruption_changes_nothing(
    history: str, first: str, second: str, every: int, least: int
) -> None:
    """Wherever one operation is interrupted by another, each gets the answer that it gets alone."""
    assert once(history, first, second, every=every)["interleavings"] > least


def test_a_reader_of_the_order_keeps_what_it_brought_up_to_date() -> None:
    """A reader sorts few versions and waits; another one sorts more of them, and is interrupted,
    wherever that may be, by the first one, which ends: the other still sees all of its versions.
    """
    few, many = (pauses("young", name) for name in ("best below early", "best below"))
    stops = [(few // 2, stop) for stop in range(many // 2, many + 1)]
    counts = interrupt("young", "best below early", "best below", stops)
    assert counts["interleavings"] > 100


@pytest.mark.parametrize("pairs", [10, pytest.param(20, marks=pytest.mark.deep)])
def test_double_interruptions_change_nothing(pairs: int) -> None:
    """If two operations interrupt each other, each gets the answer that it gets alone."""
    random = Random(20240501)  # noqa: S311
    for pair in random.sample(PAIRS, pairs):
        assert twice(*pair, random=random, times=3)["interleavings"] == 3


def test_the_library_with_pauses_is_another_one() -> None:
    """Who imports the library gets the usual one, and nothing in it pauses."""
    assert sys.modules["lastgood"] is lastgood
    assert paused().VersionRegistry is not VersionRegistry
    usual, _ = duet(VersionRegistry, lambda: None, stop_first=None)
    other, _ = duet(paused().VersionRegistry, lambda: None, stop_first=None)
    assert usual.pauses == 0 < other.pauses


def test_both_threads_are_interrupted_at_their_stops() -> None:
    """The first one stops, the second one stops, the first one ends, the second one ends."""
    said: list[str] = []

    def say(*words: str) -> None:
        for word in words:
            said.append(word)
            _ = paused().SemVer.parse("1.0.0") < paused().SemVer.parse("1.0.0")

    pauses = duet(lambda: say("?"), lambda: None, stop_first=None)[0].pauses
    _ = duet(
        lambda: say("a", "b"),
        lambda: say("x", "y"),
        stop_first=pauses // 2,
        stop_second=pauses + pauses // 2,
    )
    assert said == ["?", "a", "x", "y", "b"]
