"""The library and the model side by side: one line of Python, two answers, no difference.

1. A line succeeds on both sides, or is refused on both, by an error that the model names and that
   carries the same facts.
2. What is no news for the model is the very same registry for the library.
3. What is compared is a plain value on either side: equal values, equal answers.
"""

import copy
import json
import pickle
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

import lastgood
from lastgood import VersionRegistry
from tests.tools.model.facts import Deployment, Event, Version
from tests.tools.model.refusals import OneOf, Refused
from tests.tools.model.registry import VersionRegistry as Model
from tests.tools.model.worlds import LIBRARY, MODEL, in_library, in_model

__all__ = [
    "LIBRARY",
    "MODEL",
    "History",
    "Pair",
    "agree",
    "agree_on_refusal",
    "check_equality",
    "check_facts",
    "check_prefix",
    "check_value",
    "library_facts",
    "model_facts",
    "outcome",
]

Answers = dict[str, object]


# Histories


@dataclass(frozen=True)
class Pair:
    """One registry on both sides, and the lines that lead to it."""

    library: VersionRegistry
    model: Model
    lines: tuple[str, ...] = ()
    #: Another registry that a line may name, such as the one of a plan.
    before: "Pair | None" = None

    def names(self, side: str) -> dict[str, object]:
        """The registries that a line may name."""
        names = {"registry": getattr(self, side)}
        return names if self.before is None else {**names, "before": getattr(self.before, side)}


@dataclass
class History:
    """Registries `r0`, `r1`, ... on both sides: each made by a line from earlier ones."""

    pairs: list[Pair] = field(default_factory=lambda: [Pair(VersionRegistry(), Model())])
    lines: list[str] = field(default_factory=lambda: ["r0 = VersionRegistry()"])

    def run(self, line: str) -> Pair | None:
        """Evaluate a line on both sides; the new pair, or `None` where both refuse it."""
        name = f"r{len(self.pairs)}"
        library = outcome(lambda: in_library(line, self.names("library")))
        model = outcome(lambda: in_model(line, self.names("model")))
        tried = (*self.lines, f"{name} = {line}")
        agree_on_refusal(tried, library, model)
        if isinstance(model, Refused):
            self.lines.append(f"# refused, {'/'.join(sorted(model.names))}: {line}")
            return None
        for place, pair in enumerate(self.pairs):
            if pair.model is model and pair.library is not library:
                disagree(tried, "identity", "another registry", f"this very r{place}")
        self.lines.append(f"{name} = {line}")
        made = Pair(library, model, tuple(self.lines))
        self.pairs.append(made)
        return made

    def names(self, side: str) -> dict[str, object]:
        """The registries so far, under their names."""
        return {f"r{place}": getattr(pair, side) for place, pair in enumerate(self.pairs)}


def outcome(call: Callable[[], Any]) -> Any:
    """What a call returns, or the error that it raises."""
    try:
        return call()
    except Exception as error:  # noqa: BLE001 (every error is an answer to compare)
        return error


def agree_on_refusal(lines: Sequence[str], library: object, model: object) -> None:
    """Both succeed, or both refuse by an error that the model names, with the same facts."""
    if isinstance(model, Exception) and not isinstance(model, Refused):
        raise model
    expected = model.names if isinstance(model, Refused) else {"success"}
    name = type(library).__name__ if isinstance(library, Exception) else "success"
    if name not in expected:
        answer = repr(library) if isinstance(library, Exception) else name
        disagree(lines, "success or error", answer, " or ".join(sorted(expected)))
    if isinstance(model, Refused) and isinstance(library, Exception):
        agree_on_error(lines, library, model)


def agree_on_error(lines: Sequence[str], library: Exception, model: Refused) -> None:
    """The error names the same place, and carries the same facts."""
    if model.place:
        said = [str(library), *getattr(library, "__notes__", ())]
        if not any(model.place in text for text in said):
            disagree(lines, "the place of the error", repr(said), model.place)
    for fact, value in model.facts.items():
        found = plain(getattr(library, fact, None))
        allowed = [plain(each) for each in (value if isinstance(value, OneOf) else [value])]
        if found not in allowed:
            expected = " or ".join(map(repr, allowed))
            disagree(lines, f"{type(library).__name__}.{fact}", repr(found), expected)


def plain(fact: object) -> object:
    """A fact that an error of either side carries, as a plain value."""
    return fact.to_dict() if isinstance(fact, Event | lastgood.Event) else fact


def disagree(lines: Sequence[str], what: str, library: object, model: object) -> None:
    """Say the history and the two answers."""
    history = "\n".join(lines)
    raise AssertionError(f"{history}\n\n{what}\n  library: {library!s}\n  model:   {model!s}")


def agree(lines: Sequence[str], library: Answers, model: Answers) -> None:
    """Every answer of the library is the model's."""
    for question, expected in model.items():
        if library[question] != expected:
            disagree(lines, question, repr(library[question]), repr(expected))


# Questions (section 2.4)


def check_facts(pair: Pair, times: Iterable[datetime] = ()) -> None:
    """Compare everything that a registry says of itself."""
    agree(pair.lines, library_facts(pair.library), model_facts(pair.model))
    for when in times:
        library, model = (
            outcome(lambda: pair.library.current_at(when)),  # noqa: B023 (called at once)
            outcome(lambda: pair.model.current_at(when)),  # noqa: B023 (called at once)
        )
        lines = (*pair.lines, f".current_at({when!r})")
        agree_on_refusal(lines, library, model)
        if not isinstance(model, Refused):
            agree(lines, {"answer": library}, {"answer": model})


def library_facts(registry: VersionRegistry) -> Answers:
    """The library's answers, as plain values."""
    return {
        "revision": registry.revision,
        "current": registry.current,
        "needs_rollback": registry.needs_rollback,
        "clock": registry.clock,
        "labels": list(registry),
        "versions": [(*of_version(version), version.status_text) for version in registry.values()],
        "lineage": [version.label for version in registry.lineage()],
        "below": {
            label: [version.label for version in registry.below_in_semver(label)]
            for label in registry
        },
        "deployments": [of_deployment(found) for found in registry.deployments],
        "deployments_of": {
            label: [of_deployment(found) for found in registry.deployments_of(label)]
            for label in registry
        },
        "served_for": {label: registry.served_for(label) for label in registry},
        "events": [json.dumps(event.to_dict(), sort_keys=True) for event in registry.events],
    }


def model_facts(registry: Model) -> Answers:
    """The model's answers, as plain values."""
    facts = registry.facts
    return {
        "revision": registry.revision,
        "current": registry.current,
        "needs_rollback": registry.needs_rollback,
        "clock": registry.clock,
        "labels": list(registry),
        "versions": [
            (*of_version(version), version.status_text) for version in facts.versions.values()
        ],
        "lineage": [version.label for version in facts.lineage()],
        "below": {
            label: [version.label for version in registry.below_in_semver(label)]
            for label in registry
        },
        "deployments": [of_deployment(found) for found in facts.deployments],
        "deployments_of": {
            label: [of_deployment(found) for found in registry.deployments_of(label)]
            for label in registry
        },
        "served_for": {label: registry.served_for(label) for label in registry},
        "events": [json.dumps(event.to_dict(), sort_keys=True) for event in registry.events],
    }


def of_version(version: lastgood.Version | Version) -> tuple[object, ...]:
    """A version of either side; in its metadata `True`, `1` and `1.0` are three values."""
    semver = version.semver
    return (
        version.label,
        str(version.status),
        version.reason,
        [(key, type(value), value) for key, value in sorted(version.metadata.items())],
        version.digest,
        version.registered_at,
        version.deployed_at,
        version.times_deployed,
        None if semver is None else (semver.prerelease, semver.build),
    )


def of_deployment(deployment: lastgood.Deployment | Deployment) -> tuple[object, ...]:
    """A deployment of either side."""
    return (
        deployment.version,
        deployment.revision,
        deployment.at,
        deployment.ended_at,
        deployment.kind,
        deployment.rewound,
        deployment.reason,
        deployment.by,
    )


# Values (sections 2.4 and 2.5)


def check_value(pair: Pair) -> None:
    """Copies are equal, and so is what the events make anew."""
    registry = pair.library
    rebuilt = Model.replay(pair.model.events)
    same_clock = rebuilt.clock == pair.model.clock
    answered, told = model_facts(pair.model), model_facts(rebuilt)
    makers: Mapping[str, Callable[[], VersionRegistry]] = {
        "pickle": lambda: cast("VersionRegistry", pickle.loads(pickle.dumps(registry))),
        "copy": lambda: copy.copy(registry),
        "deepcopy": lambda: copy.deepcopy(registry),
        "replay": lambda: VersionRegistry.replay(registry.events),
        "extend": lambda: VersionRegistry().extend(registry.events),
        "from_dict": lambda: VersionRegistry.from_dict(registry.to_dict()),
    }
    for name, make in makers.items():
        made = make()
        expected = same_clock or name not in ("replay", "extend", "from_dict")
        answers = {
            "equal": made == registry,
            "same hash": hash(made) == hash(registry),
            "same fingerprint": made.fingerprint == registry.fingerprint,
        }
        wanted = {
            "equal": expected,
            "same hash": expected or answers["same hash"],
            "same fingerprint": True,
        }
        agree((*pair.lines, f"{name} of the registry"), {**answers}, {**wanted})
        lines = (*pair.lines, f"{name} of the registry")
        agree(lines, library_facts(made), answered if expected else told)


def check_equality(one: Pair, other: Pair) -> None:
    """Registries are equal when their events and clocks are; the hash agrees.

    Their fingerprints are equal when their events are.
    """
    equal = one.model == other.model
    answer = {
        "equal": one.library == other.library,
        "unequal": one.library != other.library,
        "same fingerprint": one.library.fingerprint == other.library.fingerprint,
    }
    expected = {
        "equal": equal,
        "unequal": not equal,
        "same fingerprint": one.model.fingerprint == other.model.fingerprint,
    }
    lines = (*one.lines, "# and", *other.lines)
    agree(lines, {**answer}, {**expected})
    if equal and hash(one.library) != hash(other.library):
        disagree(lines, "hash", "another one", "the same")


def check_prefix(pair: Pair, revision: int) -> None:
    """The registry of the first events is the model's."""
    line = f".at_revision({revision})"
    prefix = Pair(
        pair.library.at_revision(revision),
        pair.model.at_revision(revision),
        (*pair.lines, line),
    )
    if revision == pair.model.revision and prefix.library is not pair.library:
        disagree(prefix.lines, "identity", "another registry", "the registry itself")
    check_facts(prefix)
