"""The errors of commands and decisions that are refused; `lastgood.errors` shows all errors."""

from __future__ import annotations

from typing import Final

from typing_extensions import override

from lastgood._basics.errors import LastgoodError
from lastgood._basics.frozen import named
from lastgood._basics.kinds import COMMANDS
from lastgood._basics.messages import brief, listed, remedy_for_label, shown
from lastgood._basics.status import Status, is_said_by

#: How many labels, the latest registered, are searched for ones that look like a missing label.
MOST_LABELS: Final = 500


@named("lastgood")
class DuplicateVersion(LastgoodError, ValueError):
    """A version that is registered already, with other metadata or another digest.

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
        label = shown(self.version)
        return (
            f"version {label} is registered already, with other metadata or another digest, "
            f"and is {known}; a label names one artifact for ever: use a new label for a new "
            "artifact; for facts learned later, "
            f"registry = registry.annotate({label}, {{...}})"
        )


@named("lastgood")
class IllegalTransition(LastgoodError, ValueError):
    """A command that the status of a version forbids, or that its contents forbid.

    Attributes:
        version: The label.
        status: The status of the version.
        reason: The recorded reason of that status, or ``""``.
        attempted: The command that was refused: ``"deploy"``.
        failed_as: The label under which the contents failed, if that forbids it, or `None`.
        failed_reason: The recorded reason of that failure, or ``""``.
        digest: The digest that both versions have, or `None`.
    """

    def __init__(  # noqa: PLR0913, PLR0917  # one for each fact, all of them pickled
        self,
        version: str,
        status: Status,
        reason: str,
        attempted: str,
        failed_as: str | None = None,
        failed_reason: str = "",
        digest: str | None = None,
    ) -> None:
        super().__init__(version, status, reason, attempted, failed_as, failed_reason, digest)
        self.version = version
        self.status = status
        self.reason = reason
        self.attempted = attempted
        self.failed_as = failed_as
        self.failed_reason = failed_reason
        self.digest = digest

    @override
    def __str__(self) -> str:
        tried = COMMANDS[self.attempted].phrase.format(shown(self.version))
        if self.failed_as is not None:
            return f"cannot {tried}: {self._contents(self.failed_as)}"
        known = _in_words(self.status, self.reason)
        if not self.status.is_bad:  # Only the current version itself is refused then.
            return f"cannot {tried}: it is the current version, and is {known}"
        return (
            f"cannot {tried}: it is {known}; if it may be used again, reinstate it first: "
            f"registry = registry.reinstate({shown(self.version)}, reason=...)"
        )

    def _contents(self, failed_as: str) -> str:
        return (
            f"its contents, digest {self.digest}, failed as {shown(failed_as)}"
            f"{f' ({brief(self.failed_reason)})' if self.failed_reason else ''}; "
            f"{ways_past_failed_contents(failed_as, is_left=self.attempted == 'roll_back')}"
        )


def ways_past_failed_contents(failed_as: str, *, is_left: bool) -> str:
    """Return what works where contents failed under another label, the best way first.

    Args:
        failed_as: That label.
        is_left: Whether that version is the one that a rollback was to leave.
    """
    failed = shown(failed_as)
    plan = f"plan = strategy.plan(registry, leaving={failed})"
    then = f"then {plan}" if is_left else f"then try again, or where {failed} serves, {plan}"
    return (
        "if only its configuration failed, or the verdict was wrong: "
        f"registry = registry.reinstate({failed}, reason=...), {then}; "
        "or move by hand, then registry = registry.observe(...); "
        "and from now on give digests that cover the artifact and its configuration"
    )


@named("lastgood")
class UnknownVersion(LastgoodError, KeyError):
    """A version that is not registered.

    Attributes:
        version: What was looked up.
        labels: The labels that were registered last, 500 at most: close ones are among them.
        remedy: What to do if it is not to be registered, or ``""``.
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
        from difflib import get_close_matches  # noqa: PLC0415  # paid for where it is shown

        return tuple(get_close_matches(self.version, self.labels))

    @override
    def __repr__(self) -> str:
        return f"UnknownVersion({self.version!r}, {self.close!r}, {self.remedy!r})"

    @override
    def __str__(self) -> str:
        if not isinstance(self.version, str):
            return (
                f"a version is looked up by its label, a str, not by {shown(self.version)}: "
                f"{remedy_for_label(self.version)}"
            )
        name = shown(self.version) if self.version.isprintable() else "version"
        remedy = self.remedy or f"register it first, registry = registry.register({name})"
        close = f"; or did you mean {listed(self.close)}?" if self.close else ""
        return f"version {shown(self.version)} is not registered: {remedy}{close}"


#: What to write when the registry knows more than the caller did. It plans only what is needed.
DECIDE_AGAIN: Final = "if registry.needs_rollback: plan = strategy.plan(registry)"


@named("lastgood")
class NothingDeployed(LastgoodError, LookupError):
    """A question about the current version of a registry in which nothing serves.

    Attributes:
        undeployed: The version that served last, if it was undeployed; `None` if there never was a
            deployment.
    """

    def __init__(self, undeployed: str | None = None) -> None:
        super().__init__(undeployed)
        self.undeployed = undeployed

    @override
    def __str__(self) -> str:
        if self.undeployed is None:
            return (
                "nothing was ever deployed, so there is nothing to leave; "
                "if something serves, record it: registry = registry.observe(version)"
            )
        return (
            f"nothing serves: {shown(self.undeployed)} was undeployed; "
            "if something serves, record it: registry = registry.observe(version)"
        )


@named("lastgood")
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
        truth = "nothing serves" if self.current is None else f"{shown(self.current)} serves"
        return (
            f"{shown(self.version)} is not the current version: {truth}; nothing was recorded; "
            f"decide again from what the registry knows now: {DECIDE_AGAIN}"
        )


@named("lastgood")
class RollbackNotNeeded(LastgoodError, RuntimeError):
    """A rollback was planned that nobody needs and nobody asked for.

    Attributes:
        version: The version that serves; or, where nothing serves, the one that was undeployed.
        status: Its status.
        reason: The recorded reason of that status, or ``""``.
        serves: Whether it serves. It does not after an undeploy.
    """

    def __init__(self, version: str, status: Status, reason: str, serves: bool) -> None:  # noqa: FBT001  # a fact
        super().__init__(version, status, reason, serves)
        self.version = version
        self.status = status
        self.reason = reason
        self.serves = serves

    @override
    def __str__(self) -> str:
        known, label = _in_words(self.status, self.reason), shown(self.version)
        state = (
            f"{label} serves and is {known}"
            if self.serves
            else f"nothing serves since {label} was undeployed, which is {known}"
        )
        return (
            f"no rollback is needed: {state}; there is nothing to do; "
            "to leave a version all the same, give its label as the alarm names it: "
            "strategy.plan(registry, leaving=...)"
        )


def _in_words(status: Status, reason: str) -> str:
    """Return a status with its recorded reason, where there is one."""
    if is_said_by(status, reason):
        return brief(reason)
    return f"{status.words} ({brief(reason)})" if reason else status.words
