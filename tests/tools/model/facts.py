"""Sections 1 and 2.4 again: the words of the contract, and what is known at one revision."""

from collections.abc import Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, NamedTuple, Self

from tests.tools.model.semver import SemVer, precedence, read

MetadataValue = str | int | float | bool | None

STATUSES = ("unproven", "stable", "failed", "rolled_back", "retired")
DEPLOYING = ("deployed", "rolled_back", "observed")
VERDICTS = ("marked_stable", "marked_failed", "retired", "reinstated")


def is_same(one: MetadataValue, other: MetadataValue) -> bool:
    """Section 2.4: numbers are compared by value, and `True` is not 1."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def as_read(value: MetadataValue) -> MetadataValue:
    """Section 2.5: a whole number beyond 64 bits is the float that another language wrote."""
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return float(value)
    return value


@dataclass(frozen=True, eq=False)
class Event:
    """One recorded event (section 2.5)."""

    kind: str
    version: str
    _: KW_ONLY
    at: datetime | None = None
    reason: str = ""
    by: str = ""
    metadata: Mapping[str, MetadataValue] = field(default_factory=dict[str, MetadataValue])
    digest: str | None = None
    source: str | None = None
    strategy: str | None = None

    def __eq__(self, other: object) -> bool:
        """The same data; a truth value in the metadata is not a number."""
        return isinstance(other, Event) and (self.to_dict(), self.flags) == (
            other.to_dict(),
            other.flags,
        )

    def __hash__(self) -> int:
        return hash((self.kind, self.version))

    @property
    def flags(self) -> set[str]:
        """The keys of the metadata that are true or false."""
        return {key for key, value in self.metadata.items() if isinstance(value, bool)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Section 2.5: the attributes have the names of the keys."""
        event = cls(**data)
        metadata = {key: as_read(value) for key, value in event.metadata.items()}
        at = datetime.fromisoformat(data["at"]) if "at" in data else None
        return replace(event, at=at, metadata=metadata)

    def to_dict(self) -> dict[str, object]:
        """Section 2.5: a key that is equal to its default is left out."""
        data: dict[str, object] = {
            "kind": self.kind,
            "version": self.version,
            "at": None if self.at is None else self.at.astimezone(UTC).isoformat(),
            "reason": self.reason or None,
            "by": self.by or None,
            "metadata": dict(self.metadata) or None,
            "digest": self.digest,
            "source": self.source,
            "strategy": self.strategy,
        }
        return {key: value for key, value in data.items() if value is not None}


class Was(NamedTuple):
    """Section 2.2, *what it was*: the status of a held version when it was left."""

    status: str
    reason: str


class Version(NamedTuple):
    """What is known about one version (section 2.4)."""

    label: str
    digest: str | None
    #: As registered, so that registering it again can be compared, and as known now.
    registered: Mapping[str, MetadataValue]
    metadata: Mapping[str, MetadataValue]
    registered_at: datetime | None
    status: str = "unproven"
    reason: str = ""
    #: Only a held version has it.
    was: Was | None = None
    #: Section 2.2: why its contents failed; `None` unless they failed since the last `reinstate`.
    failure: str | None = None
    deployed_at: datetime | None = None
    times_deployed: int = 0

    @property
    def is_good(self) -> bool:
        """Section 2.2: the statuses that `deploy` and `roll_back` do not refuse."""
        return self.status in ("unproven", "stable")

    @property
    def semver(self) -> SemVer | None:
        """The label read as SemVer (section 5)."""
        return read(self.label)

    @property
    def status_text(self) -> str:
        """The status in words, with its reason; a hold without one says where it went."""
        words = self.status.replace("_", " ")
        if not self.reason or self.reason.startswith(f"{words} to "):
            return self.reason or words
        return f"{words}: {self.reason}"


class Deployment(NamedTuple):
    """One span during which a version was the current one (sections 1 and 2.4)."""

    version: str
    #: The place among the events of the one that began it, and of the one that ended it.
    began: int
    at: datetime | None
    kind: str
    rewound: bool
    reason: str
    by: str
    ended: int | None = None
    ended_at: datetime | None = None

    @property
    def revision(self) -> int:
        """Section 2.4: the first revision at which it is the current one."""
        return self.began + 1

    @property
    def is_rollback(self) -> bool:
        """Section 4, `Budget`: rollbacks of either kind, and observations that rewind."""
        return self.kind == "rolled_back" or self.rewound


class Facts(NamedTuple):
    """What is known at one revision."""

    #: In registration order.
    versions: Mapping[str, Version] = MappingProxyType({})
    #: In deployment order.
    deployments: tuple[Deployment, ...] = ()
    #: Section 2.3: the places in `deployments` that led to the current one, oldest first; its own,
    #: where its step was made, is the last.
    path: tuple[int, ...] = ()
    #: Section 2.1, `undeploy`: whether what served last is to be the current one again.
    again: bool = False

    @property
    def last(self) -> str | None:
        """Section 2.1, `undeploy`: what serves, or served last, stands for the current version."""
        return self.deployments[-1].version if self.deployments else None

    @property
    def current(self) -> str | None:
        """The label that serves now."""
        goes_on = self.again or any(found.ended is None for found in self.deployments[-1:])
        return self.last if goes_on else None

    @property
    def needs_rollback(self) -> bool:
        """Section 2.4: the current version is failed or retired."""
        return self.current is not None and not self.versions[self.current].is_good

    # Deployment order

    def lineage(self) -> Iterator[Version]:
        """Section 2.4: those before the current one, nearest first, each once, without it."""
        seen = {self.last}
        for place in reversed(self.path):
            label = self.deployments[place].version
            if label not in seen:
                seen.add(label)
                yield self.versions[label]

    def step_back(self, label: str) -> int | None:
        """Section 2.3: the place in `path` of the nearest deployment before the current one."""
        steps = [
            step
            for step, place in enumerate(self.path[:-1])
            if self.deployments[place].version == label
        ]
        return steps[-1] if steps else None

    def deployments_of(self, label: str) -> list[int]:
        """The places of a version's deployments in deployment order."""
        return [place for place, found in enumerate(self.deployments) if found.version == label]

    def last_deployment(self, label: str) -> int:
        """The place of its last deployment, or -1."""
        return max(self.deployments_of(label), default=-1)

    def changes_of_version(self) -> list[Deployment]:
        """Section 2.3: the deployments of another version than served last."""
        labels = [None, *(found.version for found in self.deployments)]
        return [found for found, last in zip(self.deployments, labels, strict=False)
                if found.version != last]  # fmt: skip

    # Version order

    def below(self, label: str) -> Iterator[Version]:
        """Section 2.4: strictly lower precedence, highest first, ties by recency."""
        semver = self.versions[label].semver
        if semver is None:
            return
        readable = [(v.semver, v) for v in self.versions.values() if v.semver is not None]
        lower = [(precedence(s), v) for s, v in readable if precedence(s) < precedence(semver)]
        lower.sort(key=lambda item: (item[0], self.recency(item[1])), reverse=True)
        yield from (version for _, version in lower)

    def recency(self, version: Version) -> tuple[int, int]:
        """Sections 2.4 and 3: most recently deployed, then most recently registered."""
        return (self.last_deployment(version.label), list(self.versions).index(version.label))

    # Contents

    def failed_as(self, label: str) -> list[Version]:
        """Section 2.2: the other versions under whose labels the contents of this one failed."""
        digest = self.versions[label].digest
        return [
            other
            for other in self.versions.values()
            if digest is not None
            and other.digest == digest
            and other.label != label
            and other.failure is not None
        ]
