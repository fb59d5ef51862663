"""The judge: what the record, the world and the ledger say in the end, next to what really failed.

1. It knows from the course which versions really fail. The controllers do not.
2. It reads three independent accounts: the record, as the store tells it in the end; the ledger of
   what was acknowledged; and the log of the world.
3. Each thing that must not be is a finding, with the model and what happened.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, TypeAlias, final

import attrs

from lastgood import Event, VersionRegistry
from tests.tools.chaos.course import Model

#: A line of the ledger, or of the log of the world.
Line: TypeAlias = Mapping[str, Any]


@final
class Bad(StrEnum):
    """A column that must be zero."""

    DUPLICATES = "duplicates"
    LOST = "lost"
    FALSE_VERDICTS = "false verdicts"
    STALE_MOVES = "stale moves"
    KNOWN_BAD = "moves to known-bad versions"
    LATE = "nobody acted within a minute"
    WRONG_REPORTS = "wrong reports"
    CRASHES = "crashes"


#: Ends of a conversation that cannot be right here: no record was damaged or restored, and there is
#: always a version to go back to.
_WRONG: Final = {"unreadable", "record_behind", "no_target", "refused"}


@attrs.frozen
class Finding:
    """Something that must not be."""

    bad: Bad
    model: str
    what: str


@attrs.frozen
class Verdict:
    """What came of a run.

    Args:
        deployments: How many deployments are on record, and of them, how many really failed.
        failing: How many of them really fail.
        rollbacks: How many rollbacks are on record.
        outcomes: How the conversations of controllers ended.
        refused: How many moves the fence of the world refused.
        put_back: How many failed versions were put back after a hand, by the decision that the
            world followed before: it cannot know of a later one that nobody asked it for.
        findings: What must not be.
    """

    deployments: int
    failing: int
    rollbacks: int
    outcomes: Counter[str]
    refused: int
    put_back: int
    findings: tuple[Finding, ...]

    def count(self, bad: Bad) -> int:
        """Return the figure of a column."""
        return sum(finding.bad is bad for finding in self.findings)


@attrs.frozen
class Case:
    """All that is known of one model."""

    model: Model
    record: VersionRegistry
    ledger: Sequence[Line]
    moves: Sequence[Line]

    def findings(self) -> Iterator[Finding]:
        """Yield what must not be."""
        for bad, check in _CHECKS.items():
            for what in check(self):
                yield Finding(bad, self.model.name, what)

    def deployed(self) -> list[Event]:
        """Return the deployments on record: not what the record followed."""
        return [event for event in self.record.events if event.kind == "deployed"]

    def is_bad(self, label: str) -> bool:
        """Whether a version really fails."""
        return self.model.fate(label).is_bad

    def to_failed(self) -> Iterator[tuple[Line, bool]]:
        """Yield the moves to versions whose failure was acknowledged before.

        With each stands whether the world had followed this very decision, and was only put back.
        """
        failed: dict[str, float] = {}
        for line in self.ledger:
            for data in line.get("events", ()):
                if data["kind"] == "marked_failed":
                    version = data["version"]
                    failed[version] = min(line["at"], failed.get(version, line["at"]))
        before = None
        for move in self.moves:
            if move["moved"] and move["do"] != "hand":
                decision = move["version"], move["revision"]
                if failed.get(move["version"], float("inf")) < move["at"]:
                    yield move, decision == before
                before = decision

    def history(self) -> Iterator[str]:
        """Yield what happened, a line each, as the record and the world tell it."""
        for revision, event in enumerate(self.record.events, 1):
            yield f"  record {revision:4} {event.at} {event.kind} {event.version} by {event.by}"
        for move in self.moves:
            moved = "" if move["moved"] else " refused"
            said = f"{move['do']} {move['version']}@{move['revision']}{moved}"
            yield f"  world  {move['at']:.2f} {said}"


def lines(file: Path) -> list[Line]:
    """Return the lines of a ledger or a log."""
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def judged(
    models: Sequence[Model],
    records: Mapping[str, VersionRegistry],
    ledger: Sequence[Line],
    moves: Sequence[Line],
) -> tuple[Verdict, dict[str, Case]]:
    """Return what came of a run, and each model with its history."""
    noted, moved = _by_model(ledger), _by_model(moves)
    cases = {
        model.name: Case(model, records[model.name], noted[model.name], moved[model.name])
        for model in models
    }
    deployed = [(case, event) for case in cases.values() for event in case.deployed()]
    events = [event for record in records.values() for event in record.events]
    verdict = Verdict(
        deployments=len(deployed),
        failing=sum(case.is_bad(event.version) for case, event in deployed),
        rollbacks=sum(event.kind == "rolled_back" for event in events),
        outcomes=Counter(line["outcome"] for line in ledger if "outcome" in line),
        refused=sum(not move["moved"] for move in moves),
        put_back=sum(is_same for case in cases.values() for _, is_same in case.to_failed()),
        findings=(
            *(finding for case in cases.values() for finding in case.findings()),
            *_crashes(ledger),
        ),
    )
    return verdict, cases


def _crashes(ledger: Sequence[Line]) -> Iterator[Finding]:
    """Yield the errors that nobody expects, wherever they come from."""
    for line in ledger:
        if "crashed" in line:
            yield Finding(Bad.CRASHES, line["model"], f"{line['by']}: {line['crashed']}")


def _by_model(found: Sequence[Line]) -> defaultdict[str, list[Line]]:
    by_model = defaultdict[str, list[Line]](list)
    for line in found:
        by_model[line["model"]].append(line)
    return by_model


def _duplicates(case: Case) -> Iterator[str]:
    """Yield the rollbacks beyond one of each version that really fails, and events said twice."""
    sources = Counter(event.source for event in case.record.events if event.kind == "rolled_back")
    for source, times in sources.items():
        for _ in range(times - (source is not None and case.is_bad(source))):
            yield f"{source} was rolled back {times} times"
    said = Counter((event.kind, event.version, event.by, event.at) for event in case.record.events)
    for (kind, version, *_), times in said.items():
        for _ in range(times - 1):
            yield f"{kind} {version} is on record {times} times"


def _lost(case: Case) -> Iterator[str]:
    """Yield the acknowledged events that are not on record at their place."""
    recorded = case.record.events
    for line in case.ledger:
        for place, data in enumerate(line.get("events", ()), line.get("before", 0)):
            event = Event.from_dict(data)
            if place >= len(recorded) or recorded[place] != event:
                yield f"{event.kind} {event.version} at {place + 1}, acknowledged to {line['by']}"


def _false_verdicts(case: Case) -> Iterator[str]:
    """Yield the verdicts on versions that are healthy."""
    for revision, event in enumerate(case.record.events, 1):
        if event.kind == "marked_failed" and not case.is_bad(event.version):
            yield f"{event.version} at revision {revision} by {event.by}: {event.reason}"


def _stale_moves(case: Case) -> Iterator[str]:
    """Yield the moves by an older decision than the world ran, and by none that is on record."""
    latest = 0
    for move in case.moves:
        revision, version = move["revision"], move["version"]
        if not move["moved"] or move["do"] == "hand":
            continue
        if revision < latest:
            yield f"to {version} of revision {revision}, after {latest}"
        elif revision > case.record.revision:
            yield f"to {version} of revision {revision}, which is not on record"
        elif case.record.at_revision(revision).current != version:
            yield f"to {version} of revision {revision}, which does not say so"
        latest = max(latest, revision)


def _known_bad(case: Case) -> Iterator[str]:
    """Yield the moves to versions whose failure was acknowledged before."""
    for move, is_same in case.to_failed():
        if not is_same:
            yield f"to {move['version']} of revision {move['revision']}"


def _late(case: Case) -> Iterator[str]:
    for line in case.ledger:
        if "late" in line:
            yield f"{line['late']}: {line['what']}"


def _wrong_reports(case: Case) -> Iterator[str]:
    for line in case.ledger:
        if line.get("outcome") in _WRONG:
            yield f"{line['by']}: {line['outcome']}: {line['detail']}"


_CHECKS: Final = {
    Bad.DUPLICATES: _duplicates,
    Bad.LOST: _lost,
    Bad.FALSE_VERDICTS: _false_verdicts,
    Bad.STALE_MOVES: _stale_moves,
    Bad.KNOWN_BAD: _known_bad,
    Bad.LATE: _late,
    Bad.WRONG_REPORTS: _wrong_reports,
}
