"""Telling a case, step by step, to an implementation of the contract: the library or the model.

1. A case is data: nothing in it is evaluated, and what is not understood is an error.
2. What one implementation does not word, such as the reasons of the model, is not compared.
3. A disagreement says what happened and what the right answer is, as the case does.
4. A plan that is kept is carried out by somebody else: what they get is its text in JSON.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from lastgood import RollbackPlan
from tests.tools.model.compare import LIBRARY, MODEL, library_facts, model_facts

FOLDER = Path(__file__).parent

#: Why a rollback goes wrong: the name of each cause, and what a reader calls it.
CAUSES: Mapping[str, str] = {
    "numbers": "A number was taken for the history",
    "before": "What came before was something else",
    "verdicts": "Good was only a claim",
    "again": "What had failed came back",
    "late": "The plan was old, or there were two",
    "blamed": "The wrong version was blamed",
    "gone": "There was nothing to go back to",
    "migrated": "The data had been migrated",
    "surroundings": "The older version no longer fitted",
    "withdrawn": "The older version had been withdrawn",
    "record": "Nobody could say what had happened",
}

DURATION = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")


@dataclass(frozen=True)
class World:
    """One implementation of the contract: its names, and its facts as plain values."""

    names: Mapping[str, Any]
    facts: Callable[[Any], dict[str, object]]
    #: The deployments of a registry, each as an object that can be read by key.
    deployments: Callable[[Any], list[dict[str, Any]]]


WORLDS: Mapping[str, World] = {
    "library": World(
        LIBRARY,
        library_facts,
        lambda registry: [found.to_dict() for found in registry.deployments],
    ),
    "model": World(
        MODEL,
        model_facts,
        lambda registry: [found._asdict() for found in registry.facts.deployments],
    ),
}


@dataclass(frozen=True)
class Case:
    """What a file tells."""

    name: str
    title: str
    cause: str
    what_happened: str
    source: Mapping[str, str]
    answer: str
    steps: list[dict[str, Any]]


def read_case(path: Path) -> Case:
    """Return the case of a file; `TypeError` if it has other keys than a case."""
    return Case(name=path.stem, **json.loads(path.read_text(encoding="utf-8")))


def every_case() -> list[Case]:
    """Return the cases of the folder."""
    return [read_case(path) for path in sorted(FOLDER.glob("*.json"))]


@dataclass
class Telling:
    """A case, while it is told to a world."""

    case: Case
    world: World
    #: What every step is given, and what it leaves behind, by the name of the registry.
    registries: dict[str, Any] = field(default_factory=dict[str, Any])
    #: The plans that were made, by the names under which they are kept.
    plans: dict[str, Any] = field(default_factory=dict[str, Any])
    place: int = 0
    #: Which registry the step is about.
    name: str = ""

    @property
    def registry(self) -> Any:
        """The registry that the step is about; empty before the first step about it."""
        if self.name not in self.registries:
            self.registries[self.name] = self.world.names["VersionRegistry"]()
        return self.registries[self.name]

    @registry.setter
    def registry(self, registry: Any) -> None:
        self.registries[self.name] = registry

    def run(self) -> None:
        """Tell all steps; `AssertionError` if the world answers otherwise than expected."""
        for step in self.case.steps:
            self.place += 1
            (verb, of), *more = step.items()
            tell, keys = VERBS[verb]
            others = dict(more)
            self.name = others.pop("in", "")
            if not others.keys() <= keys:
                raise ValueError(
                    f"{self.case.name}.json, step {self.place}: {verb} has only {keys}"
                )
            tell(self, of, others)

    # The steps

    def record(self, of: list[dict[str, Any]], _: dict[str, Any]) -> None:
        """These events happen, one after the other."""
        for event in of:
            self.registry = self.recorded(event)

    def refuse(self, of: dict[str, Any], more: dict[str, Any]) -> None:
        """This event is refused, and nothing changes."""
        self.is_refused(outcome(lambda: self.recorded(of)), more)

    def call(self, of: dict[str, Any], more: dict[str, Any]) -> None:
        """This command is given: it changes something, changes nothing, or is refused."""
        (command, version), *others = of.items()
        arguments = {key: time(value) if key == "at" else value for key, value in others}
        if command not in COMMANDS:
            raise ValueError(f"{self.case.name}.json, step {self.place}: no command {command}")
        method = getattr(self.registry, command)
        self.is_done(outcome(lambda: method(version, **arguments)), more)

    def decide(self, of: dict[str, Any], more: dict[str, Any]) -> None:
        """This strategy chooses this target, or none, for these reasons."""
        strategy, registry = made(of, self.world.names), self.at(more)
        answer = outcome(lambda: strategy.plan(registry, leaving=more.get("leaving")))
        target = more.get("target")
        if target is None:
            self.is_refused(answer, {"error": "NoRollbackTarget", **more})
        else:
            self.agree("the target", getattr(answer, "target", None), target, answer)
            self.plans[more.get("name", "last")] = through_data(answer)
        self.is_explained(getattr(answer, "considered", ()), answer, more)

    def review(self, of: dict[str, Any], more: dict[str, Any]) -> None:
        """This strategy says this of every version before anything has failed."""
        answer = made(of, self.world.names).review(self.at(more))
        if "target" in more:
            self.agree("the target", answer.target, more["target"], answer)
        self.is_explained(answer, answer, more)

    def apply(self, of: str, more: dict[str, Any]) -> None:
        """This plan is carried out, was carried out already, or is refused."""
        at = time(more["at"]) if "at" in more else None
        reason, by = more.get("reason", ""), more.get("by", "")
        registry, plan = self.registry, self.plans[of]
        self.is_done(outcome(lambda: registry.roll_back(plan, reason=reason, by=by, at=at)), more)

    def recover(self, of: dict[str, Any], more: dict[str, Any]) -> None:
        """This strategy brings back what failed, or leaves what did not."""
        strategy, registry = made(of, self.world.names), self.registry
        at = time(more["at"]) if "at" in more else None
        self.is_done(
            outcome(lambda: strategy.recover(registry, at=at, by=more.get("by", ""))), more
        )

    def prune(self, of: list[str], more: dict[str, Any]) -> None:
        """The artifacts of these versions may be deleted, in this order."""
        strategy = more.get("strategy")
        kept = strategy and made(strategy, self.world.names)
        answer = self.world.names["prunable"](self.registry, keep=more["keep"], strategy=kept)
        self.agree("what may be deleted", [str(version) for version in answer], of, answer)

    def expect(self, of: dict[str, Any], _: dict[str, Any]) -> None:
        """The registry says these facts of itself."""
        facts = self.world.facts(self.registry)
        versions: Any = facts["versions"]
        said: dict[str, object] = {
            "current": facts["current"],
            "needs_rollback": facts["needs_rollback"],
            "lineage": facts["lineage"],
            "statuses": {version[0]: version[1] for version in versions},
            "reasons": {version[0]: version[2] for version in versions},
        }
        for question, expected in of.items():
            if question == "served":
                said[question] = {when: self.served_at(when) for when in expected}
            if question == "unknown":
                said[question] = [when for when in expected if self.served_at(when) is UNKNOWN]
            if question in ("statuses", "reasons"):
                known: Any = said[question]
                said[question] = {label: known[label] for label in expected}
            if question == "events":
                last = [event.to_dict() for event in self.registry.events[-len(expected) :]]
                said[question] = shortened(last, expected)
            if question == "deployments":
                last = self.world.deployments(self.registry)[-len(expected) :]
                said[question] = shortened(last, expected)
            self.agree(question, said[question], expected, said)

    # What the steps have in common

    def at(self, more: dict[str, Any]) -> Any:
        """Return the registry, with the clock of this step if it has one."""
        return self.registry.with_clock(time(more["clock"])) if "clock" in more else self.registry

    def recorded(self, event: dict[str, Any]) -> Any:
        """Return the registry with one event more; what refuses it raises."""
        registry, names = self.registry, self.world.names
        events = [*registry.events, names["Event"].from_dict(event)]
        return names["VersionRegistry"].replay(events)

    def served_at(self, when: str) -> object:
        """Return what served at this time, or that it is not known."""
        answer = outcome(lambda: self.registry.current_at(time(when)))
        names: Any = getattr(answer, "names", {type(answer).__name__})
        return UNKNOWN if isinstance(answer, Exception) and "InvalidTime" in names else answer

    def is_done(self, answer: Any, more: dict[str, Any]) -> None:
        """Keep the registry that came of it, or check that it was refused."""
        if "error" in more:
            self.is_refused(answer, more)
            return
        self.agree("an error", isinstance(answer, Exception), expected=False, answer=answer)
        changed = answer is not self.registry
        self.agree("a change", changed, expected=more.get("changed", True), answer=answer)
        self.registry = answer

    def is_refused(self, answer: Any, more: dict[str, Any]) -> None:
        """Check that the answer is an error of this name that names all of these."""
        of_model: Any = getattr(answer, "names", None)
        names: Any = of_model or {type(answer).__name__}
        self.agree(
            "the error", more["error"] if more["error"] in names else names, more["error"], answer
        )
        if of_model is None:
            self.mentions("the message", str(answer), more.get("naming", ()), answer)

    def is_explained(self, candidates: Iterable[Any], answer: Any, more: dict[str, Any]) -> None:
        """Check which versions were considered, and what was said of them."""
        considered = list(candidates)
        if "considered" in more:
            labels = [candidate.version for candidate in considered]
            self.agree("the versions that were considered", labels, more["considered"], answer)
        reasons = {candidate.version: candidate.reason for candidate in considered}
        for label, texts in more.get("because", {}).items():
            reason = reasons.get(label, "not considered")
            if reason is not None:
                self.mentions(f"the reason for {label}", reason, texts, answer)

    def mentions(self, what: str, said: str, texts: Iterable[str], answer: object) -> None:
        """Check that all these texts are in what was said."""
        for text in texts:
            self.agree(what, said if text not in said else text, text, answer)

    def agree(self, what: str, said: object, expected: object, answer: object) -> None:
        """Raise `AssertionError` if what was said is not what the case expects."""
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


#: What tells a step of each verb, and the other keys that it may have beside `in`.
VERBS: Mapping[str, tuple[Callable[..., None], frozenset[str]]] = {
    "record": (Telling.record, frozenset()),
    "refuse": (Telling.refuse, frozenset({"error", "naming"})),
    "call": (Telling.call, frozenset({"changed", "error", "naming"})),
    "decide": (
        Telling.decide,
        frozenset(
            {
                "because",
                "clock",
                "considered",
                "error",
                "leaving",
                "name",
                "naming",
                "target",
                "wrong",
            }
        ),
    ),
    "review": (Telling.review, frozenset({"because", "clock", "considered", "target"})),
    "apply": (Telling.apply, frozenset({"at", "by", "changed", "error", "naming", "reason"})),
    "recover": (Telling.recover, frozenset({"at", "by", "changed", "error", "naming"})),
    "prune": (Telling.prune, frozenset({"keep", "strategy"})),
    "expect": (Telling.expect, frozenset()),
}

#: The commands that a step may give.
COMMANDS = frozenset(
    {
        "annotate",
        "deploy",
        "mark_failed",
        "mark_stable",
        "observe",
        "register",
        "reinstate",
        "retire",
        "undeploy",
    }
)

#: Stands for what served at a time for which that is not known.
UNKNOWN = object()


def outcome(call: Callable[[], Any]) -> Any:
    """Return what a call returns, or the error that it raises."""
    try:
        return call()
    except Exception as error:  # noqa: BLE001  # every error is an answer to compare
        return error


def through_data(plan: Any) -> Any:
    """Return the plan as another process of the library reads it; the model's has no text."""
    if not isinstance(plan, RollbackPlan):
        return plan
    return RollbackPlan.from_dict(json.loads(json.dumps(plan.to_dict())))


def shortened(
    found: list[dict[str, Any]], expected: list[dict[str, Any]]
) -> list[dict[str, object]]:
    """Return of each object the keys that are expected; a key that is left out has no value."""
    return [
        {key: each.get(key, "") for key in wanted}
        for each, wanted in zip(found, expected, strict=True)
    ]


def time(text: str) -> datetime:
    """Return a time written in the form of ISO 8601."""
    return datetime.fromisoformat(text)


def duration(text: str) -> timedelta:
    """Return a duration written in days, hours, minutes and seconds, such as `1d12h`."""
    found = DURATION.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} must be a duration such as '1d12h'")
    days, hours, minutes, seconds = (int(part or "0") for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def made(data: dict[str, Any], names: Mapping[str, Any]) -> Any:
    """Return the strategy or rule that the data stands for, among these names.

    It has one key, the name, and perhaps `where`, the rules. A list is given as several arguments.
    """
    rules = [made(rule, names) for rule in data.get("where", ())]
    [(name, arguments)] = [item for item in data.items() if item[0] != "where"]
    kind = names["".join(word.capitalize() for word in name.split("_"))]
    if name == "first_of":
        plain = kind(*(made(each, names) for each in arguments))
    elif name == "previous_by":
        plain = with_(kind, {**arguments, "key": names[arguments["key"]]})
    else:
        plain = with_(kind, arguments)
    return plain.where(*rules) if rules else plain


def with_(kind: Callable[..., Any], arguments: dict[str, Any]) -> Any:
    """Return what the kind makes of these arguments."""
    listed: list[object] = []
    others: dict[str, object] = {}
    for key, value in arguments.items():
        if isinstance(value, list):
            listed += value
        elif key == "duration":
            listed.append(duration(value))
        elif key == "within":
            others[key] = duration(value)
        else:
            others[key] = time(value) if key == "when" else value
    return kind(*listed, **others)
