"""What a step of a case says to a reader: a heading, and a few lines. Names stand in backticks."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from itertools import groupby
from typing import Any, Final

from tests.cases.script import strategy
from tests.cases.telling import time

#: What happened to a version, in the words of a log.
PHRASES: Final[Mapping[str, str]] = {
    "annotate": "annotated",
    "annotated": "annotated",
    "deploy": "deployed",
    "deployed": "deployed",
    "mark_failed": "marked failed",
    "mark_stable": "marked stable",
    "marked_failed": "marked failed",
    "marked_stable": "marked stable",
    "observe": "observed to serve",
    "observed": "observed to serve",
    "register": "registered",
    "registered": "registered",
    "reinstate": "reinstated",
    "reinstated": "reinstated",
    "retire": "retired",
    "retired": "retired",
    "undeploy": "taken out of service",
    "undeployed": "taken out of service",
}
#: The same, as an order that is refused or changes nothing.
ORDERS: Final[Mapping[str, str]] = {
    "deployed": "deploy {}",
    "marked stable": "mark {} stable",
    "observed to serve": "observe {}",
    "registered": "register {}",
    "reinstated": "reinstate {}",
    "taken out of service": "take {} out of service",
}
#: More versions to which the same happened are not named one by one.
NAMED: Final = 4


@dataclass(frozen=True)
class Words:
    """What a step says."""

    heading: str
    lines: tuple[str, ...] = ()
    #: Why what was decided is not the right answer, if it is not.
    wrong: str = ""


def worded(step: dict[str, Any], *, first: bool = False) -> Words:
    """Return what a step says; the first one says how it began."""
    verb = next(iter(step))
    words = _WORDS[verb](step)
    heading = "How it began" if first and verb == "record" else words.heading
    place = f", in {step['in']}" if "in" in step else ""
    return Words(heading + place, words.lines, step.get("wrong", ""))


# The words of each verb


def _record(step: dict[str, Any]) -> Words:
    return Words("What happened then", tuple(_happened(step["record"])))


def _happened(events: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield a line for each version, and one for several in a row to which the same happened."""
    stays = [
        (version, ", ".join(_phrases(found)))
        for version, found in groupby(events, key=lambda event: event["version"])
    ]
    for phrases, found in groupby(stays, key=lambda stay: stay[1]):
        labels = [f"`{label}`" for label, _ in found]
        if len(labels) > NAMED:
            yield f"{labels[0]} to {labels[-1]}, {len(labels)} versions, each: {phrases}"
        else:
            each = ", each" if len(labels) > 1 else ""
            yield f"{', '.join(labels)}{each}: {phrases}"


def _phrases(events: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield what events say of their version, a time once for those that happened at it."""
    told = None
    for event in events:
        at = event.get("at")
        yield _phrase(event if at != told else {**event, "at": None})
        told = at


def _phrase(event: dict[str, Any]) -> str:
    """Return what an event says of its version."""
    details = [f"{key} = {_plain(value)}" for key, value in event.get("metadata", {}).items()]
    if "digest" in event:
        details.append(f"contents {event['digest']}")
    with_ = f" with {', '.join(details)}" if details else ""
    at = f" at {_when(event['at'])}" if event.get("at") else ""
    by = f" by {event['by']}" if event.get("by") else ""
    reason = f" ({event['reason']})" if event.get("reason") else ""
    return f"{PHRASES[event['kind']]}{with_}{at}{by}{reason}"


def _refuse(step: dict[str, Any]) -> Words:
    event = step["refuse"]
    return Words(f"Refused: to {_order(event['kind'], event['version'])}", _details(event))


def _call(step: dict[str, Any]) -> Words:
    (command, version), *others = step["call"].items()
    event = {"kind": command, "version": version, **dict(others)}
    if "error" in step:
        return Words(f"Refused: to {_order(command, version)}", _details(event))
    if not step.get("changed", True):
        return Words(f"To {_order(command, version)} once more changes nothing", _details(event))
    return Words("What happened then", tuple(_happened([event])))


def _order(kind: str, label: str) -> str:
    """Return what was to be done with a version: its phrase, as an order."""
    return ORDERS[PHRASES[kind]].format(f"`{label}`")


def _details(event: dict[str, Any]) -> tuple[str, ...]:
    """Return what else an order says."""
    found = [f"With the contents {event['digest']}"] if "digest" in event else []
    found += [f"By {event['by']}"] if "by" in event else []
    found += [f"Reason: {event['reason']}"] if "reason" in event else []
    return tuple(found)


def _decide(step: dict[str, Any]) -> Words:
    policy, target = _policy(step["decide"]), step.get("target")
    lines: list[str] = []
    if "leaving" in step:
        lines.append(f"Asked to leave `{step['leaving']}`")
    if "clock" in step:
        lines.append(f"Asked at {_when(step['clock'])}")
    if target is not None:
        return Words(f"{policy} goes back to `{target}`", tuple(lines))
    if step.get("error", "NoRollbackTarget") == "NoRollbackTarget":
        return Words(f"{policy} finds no way back", tuple(lines))
    return Words(f"{policy} has nothing to decide", tuple(lines))


def _review(step: dict[str, Any]) -> Words:
    return Words(f"What {_policy(step['review'])} says of every version")


def _apply(step: dict[str, Any]) -> Words:
    facts = [f"By {step['by']}"] if "by" in step else []
    facts += [f"At {_when(step['at'])}"] if "at" in step else []
    facts += [f"Reason: {step['reason']}"] if "reason" in step else []
    name = "plan" if step["apply"] == "last" else f"plan “{step['apply']}”"
    if "error" in step:
        return Words(f"The {name} is refused", tuple(facts))
    if not step.get("changed", True):
        return Words(f"The {name} was carried out already", (*facts, "Nothing changes"))
    return Words(f"The {name} is carried out", tuple(facts))


def _recover(step: dict[str, Any]) -> Words:
    policy = _policy(step["recover"])
    if "error" in step:
        return Words(f"{policy} finds no way back")
    if not step.get("changed", True):
        return Words(f"{policy} leaves everything as it is")
    return Words(f"{policy} decides, and the plan is carried out")


def _prune(step: dict[str, Any]) -> Words:
    lines = [f"Kept are {step['keep']} good versions"]
    if "strategy" in step:
        lines.append(f"and what {_policy(step['strategy'])} would go back to")
    return Words("What may be deleted, in this order", (" ".join(lines),))


def _expect(step: dict[str, Any]) -> Words:
    facts = step["expect"].items()
    lines = [line for question, answer in facts for line in _FACTS[question](answer)]
    return Words("What the record says", tuple(lines))


_WORDS: Final[Mapping[str, Callable[[dict[str, Any]], Words]]] = {
    "record": _record,
    "refuse": _refuse,
    "call": _call,
    "decide": _decide,
    "review": _review,
    "apply": _apply,
    "recover": _recover,
    "prune": _prune,
    "expect": _expect,
}


# The facts of a registry


def _current(label: str | None) -> list[str]:
    return ["Nothing serves" if label is None else f"`{label}` serves"]


def _needs_rollback(needed: bool) -> list[str]:  # noqa: FBT001  # a fact of the data
    return ["A rollback is needed" if needed else "No rollback is needed"]


def _lineage(labels: list[str]) -> list[str]:
    return [f"Before it served: {_listed(labels) if labels else 'nothing'}"]


def _statuses(statuses: dict[str, str]) -> Iterator[str]:
    for status, found in groupby(statuses.items(), key=lambda item: item[1]):
        labels = [label for label, _ in found]
        be = "is" if len(labels) == 1 else "are"
        yield f"{_listed(labels)} {be} {status.replace('_', ' ')}"


def _reasons(reasons: dict[str, str]) -> list[str]:
    return [f"The reason of `{label}`: {reason or 'none'}" for label, reason in reasons.items()]


def _served(served: dict[str, str | None]) -> Iterator[str]:
    for when, label in served.items():
        yield f"At {_when(when)} served {'nothing' if label is None else f'`{label}`'}"


def _unknown(times: list[str]) -> list[str]:
    return [f"What served at {_when(when)} is not known" for when in times]


def _kept(kept: str) -> Callable[[list[dict[str, Any]]], list[str]]:
    def lines(facts: list[dict[str, Any]]) -> list[str]:
        return [f"{kept}: {_facts(each)}" for each in facts]

    return lines


def _facts(each: dict[str, Any]) -> str:
    """Return what is expected of an event or a deployment."""
    label = f"`{each['version']}`"
    back = each["kind"] == "rolled_back"
    words = [f"a rollback to {label}" if back else f"{label} {PHRASES[each['kind']]}"]
    words += [f"from `{each['source']}`"] if "source" in each else []
    words += [f"by {each['by']}"] if each.get("by") else []
    words += [f"with `{each['strategy']}`"] if "strategy" in each else []
    words += [f"({each['reason']})"] if each.get("reason") else []
    if "rewound" in each:
        words.append("along the lineage" if each["rewound"] else "as something new")
    return " ".join(words)


_FACTS: Final[Mapping[str, Callable[[Any], Iterable[str]]]] = {
    "current": _current,
    "needs_rollback": _needs_rollback,
    "lineage": _lineage,
    "statuses": _statuses,
    "reasons": _reasons,
    "served": _served,
    "unknown": _unknown,
    "events": _kept("Event"),
    "deployments": _kept("Deployment"),
}


# What the lines have in common


def _policy(data: dict[str, Any]) -> str:
    return f"`{strategy(data)}`"


def _listed(labels: Iterable[str]) -> str:
    return ", ".join(f"`{label}`" for label in labels)


def _when(text: str) -> str:
    """Return a time of UTC, with its seconds if it has some."""
    when = time(text).astimezone(UTC)
    return when.strftime("%Y-%m-%d %H:%M:%S" if when.second else "%Y-%m-%d %H:%M")


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
