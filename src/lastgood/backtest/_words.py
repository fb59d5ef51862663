"""What happened in an incident, and what would have, in words."""

from collections.abc import Iterator, Mapping
from typing import Final

from lastgood._basics.messages import one_line, shortened
from lastgood._values.version import DeploymentKind
from lastgood.backtest._incidents import Choice, ChoiceKind, Counts, Incident
from lastgood.render._layout import minute, said

#: What a choice is called, in headings and legends.
NAMES: Final[Mapping[ChoiceKind, str]] = {
    "as_recorded": "as recorded",
    "otherwise": "otherwise",
    "no_target": "no target",
    "raised": "raised",
}
FAILED_LATER: Final = "failed later"

#: A reason is cut to at most this many characters.
_LONGEST: Final = 240

#: What ended a stay, with a gap for the version that took its place.
_ENDED: Final[Mapping[DeploymentKind, str]] = {
    "rolled_back": "rolled back to {}",
    "observed": "{} was observed to serve",
    "deployed": "{} was deployed",
}


def why(incident: Incident) -> str:
    """Return what was known of the version when it was left."""
    said_then = _short(incident.status_text)
    if incident.verdict is None or incident.status.is_bad:
        return said_then
    judged = incident.verdict.kind.replace("_", " ")
    return f"{said_then}; {said(f'{judged} before', '', incident.verdict.reason, _LONGEST)}"


def done(incident: Incident) -> str:
    """Return what was done, by whom and why."""
    begin = "undeployed, " if incident.is_undeployed else ""
    action = incident.action
    if action is None:
        return f"{begin}nothing took its place so far"
    ended = _ENDED[action.kind].format(action.version)
    words = said(f"{begin}{ended}", action.by, action.reason, _LONGEST)
    if incident.failed_before:
        return f"{words}; it had failed already"
    return f"{words}; later {_short(incident.later)}" if incident.failed_later else words


def when(incident: Incident) -> str:
    """Return when it was, to the minute if that is known, and the revision to ask about.

    It is after a time if only that of an earlier event was recorded.
    """
    at, action = incident.at, incident.action
    if at is None:
        return f"revision {incident.revision}"
    about = "after " if action is not None and action.at is None else ""
    return f"{about}{minute(at)}, revision {incident.revision}"


def chosen(choice: Choice) -> str:
    """Return the label that was chosen, or what there is instead of one."""
    return NAMES[choice.kind] if choice.target is None else one_line(choice.target)


def because(choice: Choice) -> str:
    """Return why, and what the record says of it now where that is different."""
    return "; ".join(_because(choice))


def numbers(counts: Counts) -> Mapping[str, int]:
    """Return how often a strategy did what, by the words for it."""
    return {
        NAMES["as_recorded"]: counts.as_recorded,
        NAMES["otherwise"]: counts.otherwise,
        NAMES["no_target"]: counts.no_target,
        NAMES["raised"]: counts.raised,
        FAILED_LATER: counts.failed_later,
    }


def _because(choice: Choice) -> Iterator[str]:
    if choice.reason:
        yield _short(choice.reason)
    if choice.failed_later:
        yield f"later {_short(choice.later)}"
    elif choice.later != choice.status_text:
        yield f"now {_short(choice.later)}"


def _short(text: str) -> str:
    return shortened(one_line(text), _LONGEST)
