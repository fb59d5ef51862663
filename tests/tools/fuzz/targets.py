"""The targets: each takes bytes, and fails if the reader of them breaks one of these rules.

1. Only the documented error escapes, and that error can be shown and pickled.
2. What is accepted comes back from what is written, also by way of JSON.
3. The time is proportional to the size of the input: see `watched`.
"""

import json
import pickle
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from lastgood import (
    Event,
    InvalidData,
    InvalidSemVer,
    LastgoodError,
    LastStable,
    RollbackPlan,
    RollbackStrategy,
    SemVer,
    VersionRegistry,
    strategy_from_dict,
)
from tests.tools.fuzz.source import Source
from tests.tools.model.semver import precedence, read

T = TypeVar("T")

#: How many seconds an input may take, and how many more for each unit of its size: about fifty
#: times as long as it takes. What grows faster than its input soon takes far longer.
SECONDS: Final = 0.05
SECONDS_EACH: Final = 0.000_1

#: Versions to compare with, as the library has them and as the model has them.
PIVOTS: Final = [
    (SemVer.parse(text), precedence(model))
    for text in ("0.0.0", "1.0.0-rc.1", "1.0.0", "12.12.12-x", "9999.0.0")
    if (model := read(text)) is not None
]


def watched(read: Callable[[T], object], value: T, size: float) -> object:
    """Return what is read, or the error; fail if that takes too long for such a size.

    The time of this process counts, and whatever takes too long is tried again, because the machine
    may have been slow for a moment.
    """
    slowest = SECONDS + SECONDS_EACH * size
    tries: list[float] = []
    while len(tries) < 5:
        started = time.process_time()
        answer = outcome(read, value)
        tries.append(time.process_time() - started)
        if tries[-1] <= slowest:
            return answer
    raise AssertionError(f"{min(tries):.3f} s for a size of {size}, more than {slowest:.3f} s")


def outcome(read: Callable[[T], object], value: T) -> object:
    """Return what is read, or what the library refuses it with; anything else escapes."""
    try:
        return read(value)
    except LastgoodError as error:
        return error


def shows(error: LastgoodError) -> None:
    """Check what holds for every error: it has a message, and it can be pickled."""
    text = str(error)
    assert 0 < len(text) < 2_000, len(text)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == text


# SemVer


def parse(data: bytes) -> None:
    """`SemVer.parse` takes what is strict, and nothing else."""
    text = Source(data).text()
    found = watched(SemVer.parse, text, len(text))
    if isinstance(found, LastgoodError):
        assert isinstance(found, InvalidSemVer), type(found)
        shows(found)
    assert isinstance(found, SemVer) == is_strict(text), text
    if isinstance(found, SemVer):
        is_right(found, text)
        assert repr(found) == f"SemVer.parse({text!r})"


def from_label(data: bytes) -> None:
    """`SemVer.from_label` takes what the model takes, and never raises."""
    text = Source(data).text()
    found = watched(SemVer.from_label, text, len(text))
    assert isinstance(found, SemVer) == (read(text) is not None), text
    if isinstance(found, SemVer):
        is_right(found, text)
    else:
        assert found is None


def is_strict(text: str) -> bool:
    """Whether the text is strict by what the model reads in it."""
    found = read(text)
    if found is None or text[0] in "vV":
        return False
    core = f"{found.major}.{found.minor}.{found.patch}"
    return text == core or text.startswith((f"{core}-", f"{core}+"))


def is_right(found: SemVer, text: str) -> None:
    """Check a version against its text, its pickle, and the order of the model."""
    model = read(text)
    assert model is not None
    assert str(found) == text
    assert (found.prerelease, found.build) == (model.prerelease, model.build)
    parts = (found.major, model.major), (found.minor, model.minor), (found.patch, model.patch)
    for number, digits in parts:
        assert number % 10**9 == int(digits[-9:]), text
    again = pickle.loads(pickle.dumps(found))
    assert again == found == SemVer.from_label(text)
    assert hash(again) == hash(found)
    key = precedence(model)
    for pivot, other in PIVOTS:
        assert (found < pivot, found == pivot, found > pivot) == (
            key < other,
            key == other,
            key > other,
        ), text


# Documents


def event(data: bytes) -> None:
    """`Event.from_dict` takes events, and refuses everything else with `InvalidData`."""
    source = Source(data)
    given = source.damaged(source.event())
    found = watched(Event.from_dict, given, len(data) * 100)
    if is_refused(found):
        return
    assert isinstance(found, Event)
    comes_back(found, Event.from_dict)


def registry(data: bytes) -> None:
    """`VersionRegistry.from_dict` takes documents, and refuses the rest with `InvalidData`."""
    given = Source(data).document()
    found = watched(VersionRegistry.from_dict, given, len(data) * 100)
    if is_refused(found):
        return
    assert isinstance(found, VersionRegistry)
    comes_back(found, VersionRegistry.from_dict)
    assert VersionRegistry.replay(found.events) == found
    assert VersionRegistry().extend(found.events) == found
    assert VersionRegistry.replay(found.events).fingerprint == found.fingerprint
    if found.deployments:
        assert len(LastStable().review(found)) == len(found) - 1


def plan(data: bytes) -> None:
    """`RollbackPlan.from_dict` takes plans, and refuses everything else with `InvalidData`."""
    given = Source(data).plan()
    found = watched(RollbackPlan.from_dict, given, len(data) * 100)
    if is_refused(found):
        return
    assert isinstance(found, RollbackPlan)
    comes_back(found, RollbackPlan.from_dict)
    lines = found.explain().splitlines()
    assert sum(line.startswith(("  x  ", "  >  ")) for line in lines) <= 20


def policy(data: bytes) -> None:
    """`strategy_from_dict` takes policies, and refuses everything else with `InvalidData`."""
    given = Source(data).policy()
    found = watched(strategy_from_dict, given, len(data) * 100)
    if is_refused(found):
        return
    assert isinstance(found, RollbackStrategy)
    comes_back(found, strategy_from_dict)


def is_refused(found: object) -> bool:
    """Whether the data was refused, and as it should be: the message begins with the place."""
    if not isinstance(found, LastgoodError):
        return False
    assert isinstance(found, InvalidData), type(found)
    assert found.place
    assert str(found).startswith(f"{found.place}: ")
    shows(found)
    return True


def comes_back(found: Any, read: Callable[[Any], object]) -> None:
    """Check what was accepted against what is written of it, as it is and by way of JSON."""
    written = found.to_dict()
    for data in (written, json.loads(json.dumps(written, allow_nan=False))):
        again: Any = read(data)
        assert again == found
        assert again.to_dict() == written
        assert hash(again) == hash(found)


TARGETS: Final[Mapping[str, Callable[[bytes], None]]] = {
    "SemVer.parse": parse,
    "SemVer.from_label": from_label,
    "Event.from_dict": event,
    "VersionRegistry.from_dict": registry,
    "RollbackPlan.from_dict": plan,
    "strategy_from_dict": policy,
}
