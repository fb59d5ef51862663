"""The errors that need no other module than the status; `lastgood.errors` shows them all."""

from datetime import datetime
from difflib import get_close_matches
from typing import ClassVar, Final

from typing_extensions import override

from lastgood._show import brief, listed, shown
from lastgood._status import PHRASES, Action, Status

#: Among so many labels, the latest registered, those that look like a missing one are looked for.
MOST_LABELS: Final = 500


class LastgoodError(Exception):
    """The root of what the facts forbid and of what cannot be kept.

    Arguments that no facts could make right, such as a value of the wrong type or ``steps=0``, are
    a plain `TypeError` or `ValueError`.
    """


class InvalidLabel(LastgoodError, ValueError):
    """A text that cannot be the label of a version.

    Attributes:
        label: The text.
        problem: What is wrong with it, as a predicate: ``"is empty"``.
    """

    def __init__(self, label: str, problem: str) -> None:
        super().__init__(label, problem)
        self.label = label
        self.problem = problem

    @override
    def __str__(self) -> str:
        return f"the label {shown(self.label)} {self.problem}"


class InvalidText(LastgoodError, ValueError):
    """A reason, a digest or another text that cannot be kept.

    Attributes:
        text: The text.
        what: What it was given as: ``"reason"``.
        problem: What is wrong with it, as a predicate.
    """

    def __init__(self, text: str, what: str, problem: str) -> None:
        super().__init__(text, what, problem)
        self.text = text
        self.what = what
        self.problem = problem

    @override
    def __str__(self) -> str:
        return f"the {self.what} {shown(self.text)} {self.problem}"


class InvalidSemVer(LastgoodError, ValueError):
    """A text that is no version of Semantic Versioning 2.0.0.

    Attributes:
        text: The text.
        expected: What would have been right.
    """

    def __init__(self, text: str, expected: str) -> None:
        super().__init__(text, expected)
        self.text = text
        self.expected = expected

    @override
    def __str__(self) -> str:
        return f"{shown(self.text)} is no version: expected {self.expected}"


class InvalidMetadata(LastgoodError, ValueError):
    """Metadata that is more than a flat table of plain values.

    Attributes:
        key: The key of the value concerned.
        problem: What is wrong, as a predicate.
    """

    def __init__(self, key: object, problem: str) -> None:
        super().__init__(key, problem)
        self.key = key
        self.problem = problem

    @override
    def __str__(self) -> str:
        return f"metadata[{shown(self.key)}] {self.problem}"


class InvalidTime(LastgoodError, ValueError):
    """A time that cannot be placed, or a question about a time that nobody told.

    Attributes:
        when: The time.
        problem: What is wrong with it, as a predicate.
    """

    def __init__(self, when: datetime, problem: str) -> None:
        super().__init__(when, problem)
        self.when = when
        self.problem = problem

    @override
    def __str__(self) -> str:
        return f"the time {self.when} {self.problem}"


class InvalidData(LastgoodError, ValueError):
    """Plain data that is no registry, event, plan or policy.

    Attributes:
        place: Where in the data: ``"events[3].at"``.
        problem: What is wrong there.
    """

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(place, problem)
        self.place = place
        self.problem = problem

    @override
    def __str__(self) -> str:
        return f"{self.place}: {self.problem}"


class DuplicateVersion(LastgoodError, ValueError):
    """A version that is registered already.

    Attributes:
        version: The label.
        status: What is known about the version of that label.
        reason: The recorded reason of that status, or ``""``.
    """

    def __init__(self, version: str, status: Status, reason: str = "") -> None:
        super().__init__(version, status, reason)
        self.version = version
        self.status = status
        self.reason = reason

    @override
    def __str__(self) -> str:
        known = _in_words(self.status, self.reason)
        return (
            f"version {self.version!r} is registered already, and is {known}; "
            "a label names one artifact for ever, so register another artifact under another label"
        )


class IllegalTransition(LastgoodError, ValueError):
    """Something that the status of a version forbids.

    Attributes:
        version: The label.
        status: The status that forbids it.
        reason: The recorded reason of that status, or ``""``.
        attempted: What was tried: ``"deploy"``.
        remedy: What to do instead.
    """

    def __init__(
        self, version: str, status: Status, reason: str, attempted: Action, remedy: str
    ) -> None:
        super().__init__(version, status, reason, attempted, remedy)
        self.version = version
        self.status = status
        self.reason = reason
        self.attempted: Action = attempted
        self.remedy = remedy

    @override
    def __str__(self) -> str:
        tried = PHRASES[self.attempted].format(repr(self.version))
        return f"cannot {tried}: it is {_in_words(self.status, self.reason)}; {self.remedy}"


class UnknownVersion(LastgoodError, KeyError):
    """A version that is not registered.

    Attributes:
        version: What was looked up.
        labels: The labels that were registered last, 500 at most: close ones are among them.
        remedy: What to do instead of registering it, or ``""``.
    """

    def __init__(self, version: object, labels: tuple[str, ...] = (), remedy: str = "") -> None:
        labels = labels[-MOST_LABELS:]
        super().__init__(version, labels, remedy)
        self.version = version
        self.labels = labels
        self.remedy = remedy

    @property
    def close(self) -> tuple[str, ...]:
        """Registered labels that look like it, the closest first. They are looked for each time."""
        if not isinstance(self.version, str):
            return ()
        return tuple(get_close_matches(self.version, self.labels))

    @override
    def __repr__(self) -> str:
        return f"UnknownVersion({self.version!r}, {self.close!r}, {self.remedy!r})"

    @override
    def __str__(self) -> str:
        if not isinstance(self.version, str):
            return (
                f"a version is looked up by its label, a str, not by {shown(self.version)}: "
                "write str(version)"
            )
        close = self.close
        name = shown(self.version) if self.version.isprintable() else "version"
        hint = (
            f"did you mean {listed(close)}?"
            if close
            else self.remedy or f"register it first: registry = registry.register({name})"
        )
        return f"version {shown(self.version)} is not registered; {hint}"


class NothingDeployed(LastgoodError, LookupError):
    """A question about the current version of a registry in which nothing was deployed."""

    def __init__(self) -> None:
        super().__init__()

    @override
    def __str__(self) -> str:
        return (
            "nothing is deployed, so there is nothing to leave; record what serves first: "
            "registry = registry.deploy(version)"
        )


class NotCurrent(LastgoodError, RuntimeError):
    """A version was believed to be current, and another one is.

    Attributes:
        version: The version that was believed to be current.
        current: The current version, or `None`.
    """

    def __init__(self, version: str, current: str | None) -> None:
        super().__init__(version, current)
        self.version = version
        self.current = current

    @override
    def __str__(self) -> str:
        truth = "nothing is" if self.current is None else f"{self.current!r} is"
        return (
            f"{self.version!r} is not the current version, {truth}; "
            "decide again from what the registry knows now: plan = strategy.plan(registry)"
        )


class StalePlan(LastgoodError, RuntimeError):
    """A plan that was made before something that would change it.

    Attributes:
        source: The version that the plan leaves.
        target: The version that the plan goes back to.
        revision: The revision at which the plan was made.
        news: What makes it stale.
    """

    #: The answer to a stale plan, whatever made it stale.
    remedy: ClassVar[str] = "nothing was applied; plan again: plan = strategy.plan(registry)"

    def __init__(self, source: str, target: str, revision: int, news: str) -> None:
        super().__init__(source, target, revision, news)
        self.source = source
        self.target = target
        self.revision = revision
        self.news = news

    @override
    def __str__(self) -> str:
        return (
            f"the plan {self.source} -> {self.target}, made at revision {self.revision}, "
            f"is stale: {self.news}; {self.remedy}"
        )


def _in_words(status: Status, reason: str) -> str:
    """Return a status with its recorded reason, where there is one."""
    return f"{status.words} ({brief(reason)})" if reason else status.words
