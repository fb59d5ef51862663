"""Telling a case, step by step, to an implementation of the contract: the library or the model.

1. A case is data: nothing in it is evaluated, and what is not understood is an error.
2. What one implementation does not word, such as the reasons of the model, is not compared.
3. A disagreement says what happened and what the right answer is, as the case does.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.model.compare import LIBRARY, MODEL, library_facts, model_facts

FOLDER = Path(__file__).parent

#: The arguments of strategies and rules that are durations.
DURATIONS = frozenset({"delta", "within"})
ISO_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


@dataclass(frozen=True)
class World:
    """One implementation of the contract: its names, and its facts as plain values."""

    names: Mapping[str, Any]
    facts: Callable[[Any], dict[str, object]]


WORLDS: Mapping[str, World] = {
    "library": World(LIBRARY, library_facts),
    "model": World(MODEL, model_facts),
}


@dataclass(frozen=True)
class Case:
    """What a file tells."""

    name: str
    title: str
    what_happened: str
    source: Mapping[str, str]
    answer: str
    steps: list[dict[str, Any]]


def read_case(path: Path) -> Case:
    """Return the case of a file; `TypeError` where it tells more or less than a case."""
    return Case(name=path.stem, **json.loads(path.read_text(encoding="utf-8")))


def every_case() -> list[Case]:
    """Return the cases of the folder."""
    return [read_case(path) for path in sorted(FOLDER.glob("*.json"))]


@dataclass
class Telling:
    """A case that is being told to a world."""

    case: Case
    world: World
    registry: Any = None
    #: The plans that were made, by the names under which they are kept.
    plans: dict[str, Any] = field(default_factory=dict[str, Any])
    place: int = 0

    def run(self) -> None:
        """Tell all steps; `AssertionError` where the world answers otherwise than expected."""
        self.registry = self.world.names["VersionRegistry"]()
        for step in self.case.steps:
            self.place += 1
            (verb, of), *more = step.items()
            tell, keys = VERBS[verb]
            told = dict(more)
            if not told.keys() <= keys:
                raise ValueError(
                    f"{self.case.name}.json, step {self.place}: {verb} has only {keys}"
                )
            tell(self, of, told)

    # The steps

    def record(self, of: list[dict[str, Any]], _: dict[str, Any]) -> None:
        """These events happen, one after the other."""
        for event in of:
            self.registry = self.recorded(event)

    def refuse(self, of: dict[str, Any], more: dict[str, Any]) -> None:
        """This event is refused, and nothing changes."""
        self.is_refused(outcome(lambda: self.recorded(of)), more)

    def decide(self, of: dict[str, Any], more: dict[str, Any]) -> None:
        """This strategy chooses this target, or none, for these reasons."""
        clock = more.get("clock")
        registry = self.registry if clock is None else self.registry.with_clock(time(clock))
        strategy = made(of, self.world.names)
        answer = outcome(lambda: strategy.plan(registry, leaving=more.get("leaving")))
        target = more.get("target")
        if target is None:
            self.is_refused(answer, {"error": "NoRollbackTarget", **more})
        else:
            self.agree("the target", getattr(answer, "target", None), target, answer)
            self.plans[more.get("name", "last")] = answer
        self.is_explained(answer, more)

    def apply(self, of: str, more: dict[str, Any]) -> None:
        """This plan is carried out, or refused."""
        at = time(more["at"]) if "at" in more else None
        answer = outcome(
            lambda: self.registry.roll_back(self.plans[of], reason=more.get("reason", ""), at=at)
        )
        if "error" in more:
            self.is_refused(answer, more)
        else:
            self.agree("an error", isinstance(answer, Exception), expected=False, answer=answer)
            self.registry = answer

    def recover(self, of: dict[str, Any], more: dict[str, Any]) -> None:
        """This strategy brings back what failed, or leaves what did not."""
        registry = made(of, self.world.names).recover(self.registry)
        self.agree("a change", registry is not self.registry, more["changed"], registry)
        self.registry = registry

    def expect(self, of: dict[str, Any], _: dict[str, Any]) -> None:
        """The registry says these facts of itself."""
        facts = self.world.facts(self.registry)
        versions: Any = facts["versions"]
        said: dict[str, object] = {
            "current": facts["current"],
            "needs_rollback": facts["needs_rollback"],
            "lineage": facts["lineage"],
            "statuses": {version[0]: version[1] for version in versions},
        }
        for question, expected in of.items():
            if question == "served":
                said[question] = {when: self.registry.current_at(time(when)) for when in expected}
            if question == "statuses":
                known: Any = said[question]
                said[question] = {label: known[label] for label in expected}
            self.agree(question, said[question], expected, said)

    # What the steps have in common

    def recorded(self, event: dict[str, Any]) -> Any:
        """Return the registry with one event more; what refuses it raises."""
        registry, names = self.registry, self.world.names
        events = [*registry.events, names["Event"].from_dict(event)]
        return names["VersionRegistry"].replay(events)

    def is_refused(self, answer: Any, more: dict[str, Any]) -> None:
        """Check that the answer is an error of this name that names all of these."""
        of_model: Any = getattr(answer, "names", None)
        names: Any = of_model or {type(answer).__name__}
        self.agree(
            "the error", more["error"] if more["error"] in names else names, more["error"], answer
        )
        if of_model is None:
            self.mentions("the message", str(answer), more.get("naming", ()), answer)

    def is_explained(self, answer: Any, more: dict[str, Any]) -> None:
        """Check which versions were considered, and what was said of them."""
        candidates: Any = getattr(answer, "considered", ())
        if "considered" in more:
            labels = [candidate.version for candidate in candidates]
            self.agree("the versions that were considered", labels, more["considered"], answer)
        reasons = {candidate.version: candidate.reason for candidate in candidates}
        for label, texts in more.get("because", {}).items():
            reason = reasons.get(label, "not considered")
            if reason is not None:
                self.mentions(f"the reason for {label}", reason, texts, answer)

    def mentions(self, what: str, said: str, texts: Iterable[str], answer: object) -> None:
        """Check that all these texts are in what was said."""
        for text in texts:
            self.agree(what, said if text not in said else text, text, answer)

    def agree(self, what: str, said: object, expected: object, answer: object) -> None:
        """Raise `AssertionError` where what was said is not what the case expects."""
        if said == expected:
            return
        step = json.dumps(self.case.steps[self.place - 1], ensure_ascii=False)
        explain: Any = getattr(answer, "explain", answer.__str__)
        raise AssertionError(
            f"{self.case.title} ({self.case.name}.json), step {self.place}: {step}\n\n"
            f"{what}: expected {expected!r}, not {said!r}\n\n{explain()}\n\n"
            f"What happened: {self.case.what_happened}\n"
            f"The right answer: {self.case.answer}\n"
            f"Source: {', '.join(self.case.source.values())}"
        )


#: What tells a step of each verb, and the other keys that it may have.
VERBS: Mapping[str, tuple[Callable[..., None], frozenset[str]]] = {
    "record": (Telling.record, frozenset()),
    "refuse": (Telling.refuse, frozenset({"error", "naming"})),
    "decide": (
        Telling.decide,
        frozenset(
            {"because", "clock", "considered", "error", "leaving", "name", "naming", "target"}
        ),
    ),
    "apply": (Telling.apply, frozenset({"at", "error", "naming", "reason"})),
    "recover": (Telling.recover, frozenset({"changed"})),
    "expect": (Telling.expect, frozenset()),
}


def outcome(call: Callable[[], Any]) -> Any:
    """Return what a call returns, or the error that it raises."""
    try:
        return call()
    except Exception as error:  # noqa: BLE001  # every error is an answer to compare
        return error


def time(text: str) -> datetime:
    """Return a time written in the form of ISO 8601."""
    return datetime.fromisoformat(text)


def duration(text: str) -> timedelta:
    """Return a duration written in the form of ISO 8601, in days, hours, minutes and seconds."""
    found = ISO_DURATION.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no duration")
    days, hours, minutes, seconds = (int(part or "0") for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def made(data: dict[str, Any], names: Mapping[str, Any]) -> Any:
    """Return the strategy or rule that the data stands for, among these names.

    It has one key, the name, and perhaps `where`, the rules. Lists are given as so many arguments.
    """
    rules = [made(rule, names) for rule in data.get("where", ())]
    [(name, told)] = [item for item in data.items() if item[0] != "where"]
    kind = names["".join(word.capitalize() for word in name.split("_"))]
    plain = kind(*(made(each, names) for each in told)) if name == "first_of" else with_(kind, told)
    return plain.where(*rules) if rules else plain


def with_(kind: Callable[..., Any], told: dict[str, Any]) -> Any:
    """Return what the kind makes of the parameters that are told."""
    listed: list[object] = []
    others: dict[str, object] = {}
    for key, value in told.items():
        if isinstance(value, list):
            listed += value
        else:
            others[key] = duration(value) if key in DURATIONS else value
    return kind(*listed, **others)
