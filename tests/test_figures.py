"""The figures on pages that can be measured in moments are measured here, and are right.

What takes longer, or depends on the machine, has the name of the commit beside it.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Final

import pytest

from lastgood import Event, to_entries
from tests.cases.telling import every_case
from tests.package.discovery import ROOT
from tests.testing.stores import wrong
from tests.testing.stores.test_wrong_stores import CAUGHT
from tests.tools.control.scenes import SCENES
from tests.tools.control.variants import FAULTS as CALLERS
from tests.tools.deployments.growth import history
from tests.tools.model.slips import FAULTS

#: Three events for each release, with times, digests and reasons.
EVENTS: Final = 3000


def events() -> tuple[Event, ...]:
    """Return the events of a thousand releases."""
    return tuple(history(EVENTS).events)


def row() -> float:
    """Return the bytes of an event in a row: its text and the fingerprint."""
    entries = to_entries(events())
    return sum(len(json.dumps(one["event"])) + len(one["fingerprint"]) for one in entries) / EVENTS


def entry() -> float:
    """Return the bytes of an entry as text."""
    return len(json.dumps(to_entries(events()))) / EVENTS


def wrong_stores() -> set[object]:
    """Return the wrong stores that the kit catches, those for asyncio among them."""
    found: set[object] = {store for stores in CAUGHT.values() for store in stores}
    return found | {
        store
        for name, store in vars(wrong).items()
        if name.startswith("Async") and store.__module__ == wrong.__name__
    }


#: What a page says, where the figure is between brackets, and what it is.
FIGURES: Final[Mapping[tuple[str, str], Callable[[], float]]] = {
    ("how-to/postgresql.md", r"by some (\d+) bytes for an event with a time"): row,
    ("how-to/postgresql.md", r"10,000 events are ([\d.]+) MB"): lambda: row() / 100,
    ("how-to/json-file.md", r"by some (\d+) bytes for each event"): entry,
    ("how-to/redis-etcd-dynamodb.md", r"400 KB\*\*, about ([\d,]+) events"): lambda: (
        400 * 1024 / entry()
    ),
}
#: The same of things that are counted.
COUNTS: Final[Mapping[tuple[str, str], Callable[[], int]]] = {
    ("how-lastgood-is-tested.md", r"It finds all (\d+) of them"): lambda: len(FAULTS),
    ("how-lastgood-is-tested.md", r"`tests/cases` holds (\d+) published"): lambda: len(
        every_case()
    ),
    # Each scene is played with a world that compares revisions, and with one that cannot.
    ("how-lastgood-is-tested.md", r"steps in (\d+) scenes"): lambda: 2 * len(SCENES),
    ("how-lastgood-is-tested.md", r"and (\d+) wrong\nstores"): lambda: len(wrong_stores()),
}


def said(page: str, words: str) -> float:
    """Return the figure of a page."""
    (figure,) = re.findall(words, (ROOT / "docs" / page).read_text("utf-8"))
    return float(str(figure).replace(",", ""))


@pytest.mark.parametrize(("page", "words"), FIGURES)
def test_a_size_is_right(page: str, words: str) -> None:
    """A size is within a twentieth of what the page says."""
    assert FIGURES[page, words]() == pytest.approx(said(page, words), rel=0.05)


@pytest.mark.parametrize(("page", "words"), COUNTS)
def test_a_count_is_right(page: str, words: str) -> None:
    """A count is what the page says."""
    assert COUNTS[page, words]() == said(page, words)


def test_callers_that_are_wrong_are_counted() -> None:
    """The page names each of the wrong callers that the explorer finds."""
    (named,) = re.findall(
        r"in six ways, show that the search is not blind: ([^.]+)\.",
        (ROOT / "docs" / "how-lastgood-is-tested.md").read_text("utf-8"),
    )
    assert len(str(named).split(", ")) == len(CALLERS) == 6


@pytest.mark.parametrize(
    "page", ["how-lastgood-is-tested.md", "how-to/postgresql.md", "how-to/redis-etcd-dynamodb.md"]
)
def test_a_measurement_names_its_commit(page: str) -> None:
    """A paragraph that tells processor time or counted races says which commit was measured."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    parts = [part for part in text.split("\n## ") if re.search(r"processor time|\| races \|", part)]
    assert parts
    assert all(re.search(r"\bcommit\s[0-9a-f]{7}\b", part) for part in parts)
