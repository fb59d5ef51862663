"""Sections 1, 2.2 and 2.3 again: what a sequence of events says, folded from the first one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import reduce
from types import MappingProxyType
from typing import Any, NamedTuple, Self

from tests.model.semver import SemVer, precedence, read

MetadataValue = str | int | float | bool | None

STATUSES = ("unproven", "stable", "failed", "rolled_back", "retired")
FORBIDDEN = ("failed", "rolled_back", "retired")
DEPLOYING = ("deployed", "rolled_back", "observed")

#: Section 2.2, row by row under the columns of `STATUSES`; `None` is "refused".
TABLE: Mapping[str, tuple[str | None, ...]] = {
    "deployed": ("unproven", "stable", None, None, None),
    "marked_stable": ("stable", "stable", None, None, None),
    "marked_failed": ("failed", "failed", "failed", "failed", "retired"),
    "retired": ("retired", "retired", "retired", "retired", "retired"),
    "reinstated": (None, None, "unproven", "unproven", "unproven"),
    "rolled_back": ("unproven", "stable", None, None, None),
    "left": ("rolled_back", "rolled_back", "failed", "rolled_back", "retired"),
    "observed": STATUSES,
}

#: Section 2.2: the status that is a command's own, so that a later reason of it is news.
OWN = {
    "marked_stable": "stable",
    "marked_failed": "failed",
    "retired": "retired",
    "reinstated": "unproven",
    "left": "rolled_back",
}


def is_same(one: MetadataValue, other: MetadataValue) -> bool:
    """Sections 3 and 9: `bool` is no number, or equal registries would answer differently."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


@dataclass(frozen=True, eq=False)
class Event:
    """One recorded event, of any kind (section 2.5)."""

    event: str
    version: str
    at: datetime | None = None
    reason: str = ""
    metadata: Mapping[str, MetadataValue] = field(default_factory=dict[str, MetadataValue])
    digest: str | None = None
    source: str | None = None
    strategy: str | None = None

    def __eq__(self, other: object) -> bool:
        """The same data, in which `bool` is no number."""
        return isinstance(other, Event) and (self.to_dict(), self.flags) == (
            other.to_dict(),
            other.flags,
        )

    def __hash__(self) -> int:
        return hash((self.event, self.version))

    @property
    def flags(self) -> set[str]:
        """The keys of the metadata that are true or false."""
        return {key for key, value in self.metadata.items() if isinstance(value, bool)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Section 2.5: the attributes have the names of the keys."""
        event = cls(**data)
        return event if event.at is None else replace(event, at=datetime.fromisoformat(data["at"]))

    def to_dict(self) -> dict[str, object]:
        """Section 2.5: a key that is equal to its default is left out."""
        data: dict[str, object] = {"event": self.event, "version": self.version}
        if self.at is not None:
            data["at"] = self.at.astimezone(UTC).isoformat()
        if self.metadata:
            data["metadata"] = dict(self.metadata)
        data |= {
            key: value
            for key, value in (
                ("reason", self.reason or None),
                ("digest", self.digest),
                ("source", self.source),
                ("strategy", self.strategy),
            )
            if value is not None
        }
        return data


class Version(NamedTuple):
    """What is known about one version (section 2.4)."""

    label: str
    registered_at: datetime | None
    metadata: Mapping[str, MetadataValue]
    digest: str | None
    status: str = "unproven"
    reason: str = ""
    deployed_at: datetime | None = None
    times_deployed: int = 0

    @property
    def semver(self) -> SemVer | None:
        """The label read as SemVer (section 5)."""
        return read(self.label)

    @property
    def words(self) -> str | None:
        """Section 3: the status in words; what forbids a version says why.

        Left open by the contract: whether a good one says why, and whether a reason that says the
        status itself ("rolled back to v1.0") is told once or twice.
        """
        words = self.status.replace("_", " ")
        if not self.reason:
            return words
        is_open = self.status not in FORBIDDEN or self.reason.startswith(words)
        return None if is_open else f"{words}: {self.reason}"


class Deployment(NamedTuple):
    """One span during which a version was the current one (sections 1 and 2.4)."""

    version: str
    at: datetime | None
    ended_at: datetime | None
    kind: str
    rewound: bool
    reason: str


class Facts(NamedTuple):
    """Everything that a sequence of events says, and the clock."""

    revision: int = 0
    clock: datetime | None = None
    #: In registration order.
    versions: Mapping[str, Version] = MappingProxyType({})
    #: In deployment order.
    deployments: tuple[Deployment, ...] = ()
    #: Section 2.3: the places in `deployments` that led to the current version, oldest first, its
    #: own the last: the place where its step was made, whatever went back to it since.
    path: tuple[int, ...] = ()

    @property
    def current(self) -> str | None:
        """The label that serves now."""
        return self.deployments[-1].version if self.deployments else None

    @property
    def needs_rollback(self) -> bool:
        """Section 2.4: the status of the current version forbids it as a target."""
        return self.current is not None and self.versions[self.current].status in FORBIDDEN

    def lineage(self) -> Iterator[Version]:
        """Section 2.4: those before the current one, nearest first, each once, without it."""
        seen = {self.current}
        for place in reversed(self.path):
            label = self.deployments[place].version
            if label not in seen:
                seen.add(label)
                yield self.versions[label]

    def below(self, label: str) -> Iterator[Version]:
        """Section 2.4: strictly lower precedence, highest first, ties by the latest news."""
        semver = self.versions[label].semver
        if semver is None:
            return
        readable = [(v.semver, v) for v in self.versions.values() if v.semver is not None]
        lower = [(precedence(s), v) for s, v in readable if precedence(s) < precedence(semver)]
        lower.sort(key=lambda item: (item[0], self.recency(item[1])), reverse=True)
        yield from (version for _, version in lower)

    def recency(self, version: Version) -> tuple[int, int]:
        """Sections 2.4 and 3: the order of ties; the greater, the more recent."""
        return (self.last_deployment(version.label), list(self.versions).index(version.label))

    def last_deployment(self, label: str) -> int:
        """The place of a version's last deployment in deployment order, or -1."""
        places = [n for n, found in enumerate(self.deployments) if found.version == label]
        return places[-1] if places else -1

    def step_back(self, label: str) -> int | None:
        """Section 2.3: the place in `path` of the nearest deployment before the current one."""
        steps = [
            step
            for step, place in enumerate(self.path[:-1])
            if self.deployments[place].version == label
        ]
        return steps[-1] if steps else None


def fold(events: Iterable[Event], clock: datetime | None) -> Facts:
    """Every fact, from the first event on."""
    return reduce(after, events, Facts(clock=clock))


def after(facts: Facts, event: Event) -> Facts:
    """The facts when one more event, which is allowed, is recorded."""
    facts = facts._replace(revision=facts.revision + 1)
    if event.event == "registered":
        known = Version(event.version, event.at, event.metadata, event.digest)
        return with_version(facts, known)
    if event.event in DEPLOYING:
        return after_deployment(facts, event)
    judged = told(facts.versions[event.version], event.event, event.reason, event.reason)
    return with_version(facts, judged)


def after_deployment(facts: Facts, event: Event) -> Facts:
    """Sections 2.2 and 2.3: a version becomes current, and perhaps another one was left."""
    step = None if event.event == "deployed" else facts.step_back(event.version)
    if facts.current is not None and (event.event == "rolled_back" or step is not None):
        why = event.reason or f"rolled back to {event.version}"
        left = told(facts.versions[facts.current], "left", event.reason, why)
        facts = with_version(facts, left)
    new = facts.versions[event.version]
    served = new._replace(deployed_at=event.at, times_deployed=new.times_deployed + 1)
    step_back = step is not None
    begun = Deployment(event.version, event.at, None, event.event, step_back, event.reason)
    ended = tuple(last._replace(ended_at=event.at) for last in facts.deployments[-1:])
    return with_version(facts, served)._replace(
        path=path_after(facts, event, step),
        deployments=(*facts.deployments[:-1], *ended, begun),
    )


def path_after(facts: Facts, event: Event, step: int | None) -> tuple[int, ...]:
    """Section 2.3: going back leads to the very deployment; deploying again adds no step."""
    new = len(facts.deployments)
    if step is not None:
        return facts.path[: step + 1]
    if event.event == "rolled_back":
        return (*facts.path[:-1], new)
    return facts.path if event.version == facts.current else (*facts.path, new)


def told(version: Version, row: str, reason: str, why: str) -> Version:
    """Section 2.2: one row of the table, and what becomes of `Version.reason`.

    `reason` is the reason of the event, and `why` is what the version says when its status changes.
    """
    status = TABLE[row][STATUSES.index(version.status)]
    assert status is not None, "a refused event was recorded"
    if status != version.status:
        return version._replace(status=status, reason=why)
    if OWN[row] == status and reason:
        return version._replace(reason=reason)
    return version


def with_version(facts: Facts, version: Version) -> Facts:
    """The facts with this version in its place."""
    return facts._replace(versions={**facts.versions, version.label: version})
