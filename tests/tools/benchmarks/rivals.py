"""What people would use instead, each doing the same three things in its own way.

Some versions were deployed one after the other and all proved good; the last one serves. The tasks
are to record once more, for another reason, that a version proved good; to find the last stable
version before the current one; and to find the next lower stable release.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar

from typing_extensions import override

from lastgood import LastStable, PreviousBySemver
from tests.tools.benchmarks.optional import installed, optional
from tests.tools.benchmarks.registries import built


class Rival(ABC):
    """One way to keep what is known of versions, filled with these labels."""

    #: Its name in a table.
    name: ClassVar[str]
    #: Of more versions it is not measured, since it would take minutes.
    most: ClassVar[int] = 1_000_000
    #: The modules that it needs, and the packages that have them.
    needs: ClassVar[Mapping[str, str]] = MappingProxyType({})

    @abstractmethod
    def __init__(self, labels: Sequence[str]) -> None: ...

    @classmethod
    def available(cls) -> bool:
        """Whether the packages that it needs are installed."""
        return all(map(installed, cls.needs))

    @abstractmethod
    def record(self, label: str, reason: str) -> None:
        """Record that this version proved good, and why."""

    @abstractmethod
    def last_stable(self) -> str:
        """Return the stable version that served last before the current one."""

    @abstractmethod
    def previous_by_semver(self) -> str:
        """Return the highest stable version below the current one."""

    def close(self) -> None:  # noqa: B027  # most hold nothing
        """Release the files and connections that it holds."""


class Lastgood(Rival):
    """The library: an immutable registry, rebound."""

    name = "lastgood"

    @override
    def __init__(self, labels: Sequence[str]) -> None:
        self._registry = built(labels)
        self._serves = labels[-1]

    @override
    def record(self, label: str, reason: str) -> None:
        self._registry = self._registry.mark_stable(label, reason=reason)

    @override
    def last_stable(self) -> str:
        return LastStable().plan(self._registry, leaving=self._serves).target

    @override
    def previous_by_semver(self) -> str:
        return PreviousBySemver().plan(self._registry, leaving=self._serves).target


class Searched(Rival):
    """One that finds its answers by looking through its collections."""

    #: The status of each version.
    statuses: Mapping[str, str]
    #: What served, the first one first.
    deployed: Sequence[str]

    @override
    def last_stable(self) -> str:
        current = self.deployed[-1]
        for label in reversed(self.deployed):
            if label != current and self.statuses[label] == "stable":
                return label
        raise LookupError

    @override
    def previous_by_semver(self) -> str:
        return next_lower(self.deployed[-1], self.statuses.items())


class Plain(Searched):
    """A dict and a list, as in a tutorial: no checks, no reasons, no history of facts."""

    name = "dict and list"

    @override
    def __init__(self, labels: Sequence[str]) -> None:
        self.statuses = self._statuses = dict.fromkeys(labels, "stable")
        self.deployed = list(labels)
        self._events = list(_three_events(labels))

    @override
    def record(self, label: str, reason: str) -> None:
        if label not in self._statuses:
            raise KeyError(label)
        self._statuses[label] = "stable"
        self._events.append(("stable", label, reason))


class Persistent(Searched):
    """The same in immutable collections: every registry stays valid, as with lastgood."""

    name = "`immutables.Map` and `pvector`"
    needs: ClassVar = {"immutables": "immutables", "pyrsistent": "pyrsistent"}

    @override
    def __init__(self, labels: Sequence[str]) -> None:
        pvector: Any = optional("pyrsistent").pvector
        self._statuses: Any = optional("immutables").Map(dict.fromkeys(labels, "stable"))
        self.statuses = self._statuses
        self.deployed = pvector(labels)
        self._events: Any = pvector(_three_events(labels))

    @override
    def record(self, label: str, reason: str) -> None:
        if label not in self._statuses:
            raise KeyError(label)
        self.statuses = self._statuses = self._statuses.set(label, "stable")
        self._events = self._events.append(("stable", label, reason))


def _three_events(labels: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    return ((kind, label, "") for label in labels for kind in ("new", "deployed", "stable"))


def next_lower(current: str, statuses: Iterable[tuple[str, str]]) -> str:
    """Return the highest stable version below the current one, by the numbers of its label."""
    stable = (label for label, status in statuses if status == "stable")
    below = numbers(current)
    return max((label for label in stable if numbers(label) < below), key=numbers)


def numbers(label: str) -> tuple[int, ...]:
    """Return the numbers of a label such as ``1.2.3``."""
    return tuple(int(number) for number in label.split("."))
