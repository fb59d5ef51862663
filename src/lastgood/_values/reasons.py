"""Every sentence that a reason can be, made from facts.

The rules of this module:

1. A reason is made here, from facts, when it is needed. Nothing is decided by reading one back.
2. What is not known is said to be unknown, with the line that makes it known.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from lastgood._basics.durations import duration_text
from lastgood._basics.messages import brief, shown
from lastgood._basics.status import Status, is_said_by
from lastgood._values.metadata import MetadataValue

NOT_REGISTERED: Final = "not registered"
IS_CURRENT: Final = "it is the current version"
NEVER_DEPLOYED: Final = "never deployed"
NEVER_SERVED: Final = "never served here"
NOTHING_TO_COMPARE: Final = "nothing is deployed to compare it with"
NOT_SEMVER: Final = "its label is not a SemVer version"
NO_KEY: Final = "it has no place in this order"
ABOVE_CURRENT: Final = "above the current version"
EQUAL_TO_CURRENT: Final = "neither above nor below the current version"
NO_CLOCK: Final = "the time now is not known: call strategy.plan(registry.with_clock(now))"


def status(known: Status, reason: str) -> str:
    """Return a status in words, with its reason."""
    if not reason:
        return known.words
    return reason if is_said_by(known, reason) else f"{known.words}: {reason}"


def rolled_back_to(target: str) -> str:
    """Return why a version is held whose rollback gave no reason."""
    return f"rolled back to {target}"


def passed_over(text: str, step: int, steps: int) -> str:
    """Return why a version that would do is passed over."""
    return f"{text}; only step {step} of {steps}"


def same_contents(culprit: str, reason: str, digest: str) -> str:
    """Return why a version may not be used whose contents failed under another label."""
    failed = status(Status.FAILED, brief(reason))
    return f"it has the contents of {culprit!r} ({failed}), digest {digest}"


def not_proposed(strategy: str) -> str:
    """Return what is said of a version that would do and that the strategy never mentioned."""
    return f"not proposed by {strategy}"


def below_floor(floor: str) -> str:
    """Return why a version is rejected that is below a floor."""
    return f"below {floor}"


def floor_unknown(floor: str) -> str:
    """Return why a version is rejected that cannot be compared with a floor."""
    return f"{NOT_SEMVER}, so it is not known to be {floor} or above"


def part_unknown(label: str, part: str) -> str:
    """Return why a version is rejected whose major or minor cannot be compared."""
    return f"{label!r} is not a SemVer version, so its {part} is not known"


def across(part: str, current: str) -> str:
    """Return why a version is rejected that has another major or minor than the current one."""
    return f"across the {part} of the current version {current}"


def prerelease(text: str) -> str:
    """Return why a pre-release is rejected."""
    return f"{text}, but a pre-release"


def current_not_semver() -> str:
    """Return why nothing can be below the current version in SemVer precedence."""
    return "the label of the current version is not a SemVer version, so nothing is below it"


def current_without_key(key: str) -> str:
    """Return why nothing can be below the current version in an order of the user's."""
    return f"{key} gives the current version no place in its order, so nothing is below it"


def metadata_missing(key: str, label: str, wanted: MetadataValue | None = None) -> str:
    """Return why a version is rejected of which a value in the metadata is not known."""
    needed = "" if wanted is None else f"; {wanted!r} is required"
    line = f"registry = registry.annotate({shown(label)}, {{{key!r}: ...}})"
    return f"metadata {key!r} is not known{needed}; if it is known, {line}"


def current_metadata_missing(key: str, current: str) -> str:
    """Return why nothing is known to agree with the current version."""
    line = f"registry = registry.annotate({shown(current)}, {{{key!r}: ...}})"
    return f"metadata {key!r} of the current version {current} is not known; if it is known, {line}"


def metadata_differs(key: str, value: MetadataValue, wanted: MetadataValue) -> str:
    """Return why a version is rejected that has another value than required."""
    return f"metadata {key!r} is {value!r}; {wanted!r} is required"


def metadata_differs_from_current(
    key: str, value: MetadataValue, current: str, wanted: MetadataValue
) -> str:
    """Return why a version is rejected that has another value than the current version."""
    return f"metadata {key!r} is {value!r}; the current version {current} has {wanted!r}"


def no_number(text: str, key: str) -> str:
    """Return why a version is rejected that has no number in the metadata."""
    return f"{text}; metadata {key!r} has no number"


def measured(text: str, key: str, value: MetadataValue) -> str:
    """Return why a version is accepted that was measured."""
    return f"{text}; {key} {value}"


def beyond_steps(n: int) -> str:
    """Return why a version is rejected that is too far back in the lineage."""
    if n == 1:
        return "not the nearest version of the lineage"
    return f"not among the nearest {n} versions of the lineage"


def ended_too_long_ago(ago: timedelta, longest: timedelta, clock: datetime) -> str:
    """Return why a version is rejected that served too long ago."""
    return (
        f"last served {duration_text(ago)} before the clock {clock.isoformat()}, "
        f"longer than {duration_text(longest)}"
    )


def end_unknown(label: str) -> str:
    """Return why a version is rejected if it is not known when it last served."""
    return (
        f"it is not known when {shown(label)} last served, "
        "because what ended its deployment has no certain time; pass at= to every command"
    )


def served_too_short(served: timedelta, shortest: timedelta, clock: datetime | None = None) -> str:
    """Return why a version is rejected that did not serve long enough; ``clock`` if it serves."""
    until = "" if clock is None else f" until the clock {clock.isoformat()}"
    return f"served {duration_text(served)} in total{until}, less than {duration_text(shortest)}"


def served_unknown(label: str) -> str:
    """Return why a version is rejected if it is not known how long it served."""
    return (
        f"it is not known how long {shown(label)} served, "
        "because its deployments have no certain start and end; pass at= to every command"
    )


def before_barrier(barrier: str, key: str) -> str:
    """Return why a version is rejected that last served before a barrier."""
    return (
        f"last served before the barrier {shown(barrier)} (metadata {key!r}), "
        "so it is not known to work after it"
    )


def beside_barrier(barrier: str, key: str, label: str) -> str:
    """Return why a version is rejected that never served, where there is a barrier."""
    return (
        f"{NEVER_SERVED}, so it is not known to work after the barrier {shown(barrier)} "
        f"(metadata {key!r}); to let a spare pass, put the rule on the other part: "
        f"LastStable().where(NotAcross({key!r})) | Pinned({shown(label)})"
    )


def budget_spent(spent: int) -> str:
    """Return why everything is rejected after this many rollbacks in a row."""
    return f"{_rollbacks(spent)} in a row; the cause is probably not the version"


def no_budget() -> str:
    """Return why everything is rejected where no rollback is allowed."""
    return "the budget allows 0 rollbacks"


def budget_spent_within(
    spent: int, within: timedelta, clock: datetime, frees: datetime | None
) -> str:
    """Return why everything is rejected after this many rollbacks in a period."""
    when = (
        "it is not known when it frees, because a rollback has no certain time, so pass at= to "
        "every command"
        if frees is None
        else f"it frees after {frees.isoformat()}"
    )
    return (
        f"{_rollbacks(spent)} within {duration_text(within)} before the clock {clock.isoformat()}; "
        f"the cause is probably not the version; {when}: strategy.plan(registry.with_clock(now))"
    )


def _rollbacks(count: int) -> str:
    return "1 rollback" if count == 1 else f"{count} rollbacks"


def served_at(when: datetime, text: str) -> str:
    """Return why a version is accepted that served at a moment."""
    return f"{text}; it served at {when.isoformat()}"


def nothing_served_at(when: datetime) -> str:
    """Return why the current version is rejected where nothing served at a moment."""
    return f"nothing is known to have served at {when.isoformat()}"


def current_served_at(when: datetime) -> str:
    """Return why the current version is rejected that served at the moment itself."""
    return f"the current version itself served at {when.isoformat()}"
