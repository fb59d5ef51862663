"""Back-testing once more, slowly, from the events alone.

Every prefix of the history is replayed from its events. Which version serves, and what a rollback
would walk back along, is a list of labels that is kept here.
"""

from collections.abc import Iterator
from typing import TypeAlias

from lastgood import (
    Event,
    NoRollbackTarget,
    RollbackPlan,
    RollbackStrategy,
    Status,
    VersionRegistry,
)

#: What one strategy chooses: how that compares with the record, the target, and whether the target
#: failed later.
Chosen: TypeAlias = tuple[str, str | None, bool]
#: An incident: the version, the revision, the verdict, the revision of what ended it, whether what
#: took the place had failed before and whether it failed later, and the choices.
Answer: TypeAlias = tuple[str, int, Event | None, int | None, tuple[bool, bool], list[Chosen]]


class Line:
    """What served, the latest last, without what was left."""

    def __init__(self) -> None:
        self.labels: list[str] = []

    @property
    def last(self) -> str | None:
        """What serves or served last."""
        return self.labels[-1] if self.labels else None

    def took(self, event: Event) -> bool:
        """Follow an event; return whether it went back."""
        label = event.version
        if event.kind not in {"deployed", "observed", "rolled_back"} or label == self.last:
            return False
        if event.kind != "deployed" and label in self.labels:
            while self.labels[-1] != label:
                _ = self.labels.pop()
            return True
        if event.kind == "rolled_back":
            self.labels[-1] = label
            return True
        self.labels.append(label)
        return False


def answers(registry: VersionRegistry, *strategies: RollbackStrategy) -> Iterator[Answer]:
    """Yield the incidents of the registry, oldest first."""
    events = tuple(registry.events)
    prefixes = [VersionRegistry.replay(events[:n]) for n in range(len(events))] + [registry]
    line, verdict = Line(), None
    for revision, event in enumerate(events, 1):
        served = line.last
        went_back = line.took(event)
        if line.last != served:
            if served is not None and (went_back or verdict is not None):
                said = _choices(prefixes, revision - 1, served, line.last, strategies)
                failed = _failed(prefixes, revision - 1, event.version)
                yield served, revision - 1, verdict, revision, failed, said
            verdict = None
        elif served is not None and _became_bad(prefixes, revision, served):
            verdict = event
    if line.last is not None and verdict is not None:
        said = _choices(prefixes, len(events), line.last, None, strategies)
        yield line.last, len(events), verdict, None, (False, False), said


def _became_bad(prefixes: list[VersionRegistry], revision: int, label: str) -> bool:
    before, after = prefixes[revision - 1][label].status, prefixes[revision][label].status
    return after is not before and after in {Status.FAILED, Status.RETIRED}


def _choices(
    prefixes: list[VersionRegistry],
    revision: int,
    leaving: str,
    taken: str | None,
    strategies: tuple[RollbackStrategy, ...],
) -> list[Chosen]:
    said: list[Chosen] = []
    for strategy in strategies:
        answer = _asked(strategy, prefixes[revision], leaving)
        if isinstance(answer, RollbackPlan):
            kind = "as_recorded" if answer.target == taken else "otherwise"
            said.append((kind, answer.target, _stands_failed(prefixes[-1], answer.target)))
        else:
            said.append((answer, None, False))
    return said


def _asked(
    strategy: RollbackStrategy, registry: VersionRegistry, leaving: str
) -> RollbackPlan | str:
    try:
        return strategy.plan(registry, leaving=leaving)
    except NoRollbackTarget:
        return "no_target"
    except ZeroDivisionError:
        return "raised"


def _failed(prefixes: list[VersionRegistry], revision: int, taken: str) -> tuple[bool, bool]:
    before = _stands_failed(prefixes[revision], taken)
    return before, _stands_failed(prefixes[-1], taken) and not before


def _stands_failed(registry: VersionRegistry, label: str) -> bool:
    failed = dict.fromkeys(registry, False)
    for event in registry.events:
        if event.kind in {"marked_failed", "reinstated"}:
            failed[event.version] = event.kind == "marked_failed"
    digest = registry[label].digest
    return any(
        failed[other] and (other == label or (digest is not None and version.digest == digest))
        for other, version in registry.items()
    )
