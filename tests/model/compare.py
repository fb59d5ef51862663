"""The library and the model side by side: one line of Python, two answers, no difference.

1. A command is a line of Python, evaluated in two namespaces that hold the same names: in one the
   library's, in the other the model's. So a history prints as the code that repeats it.
2. A line succeeds on both sides, or is refused on both, by an error that the model names.
3. What is compared is a plain value on either side: equal values, equal answers.
"""

import copy
import json
import math
import pickle
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from types import CodeType
from typing import Any, cast

import lastgood
import lastgood.rules
from lastgood import Candidate, RollbackStrategy, VersionRegistry
from tests.model import registry as model_registry
from tests.model import rules as model_rules
from tests.model import strategies as model_strategies
from tests.model.facts import Version
from tests.model.registry import NoTarget, Refused, RollbackPlan
from tests.model.registry import VersionRegistry as Model

Answers = dict[str, object]


def t(minutes: int) -> datetime:
    """A time in UTC."""
    return datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)


def u(minutes: int) -> datetime:
    """The same time in another zone."""
    return t(minutes).astimezone(timezone(timedelta(hours=2)))


def naive(minutes: int) -> datetime:
    """A time without a zone, which is refused."""
    return t(minutes).replace(tzinfo=None)


class WholeLineage(RollbackStrategy):
    """Proposes the whole lineage."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "WholeLineage()"

    def candidates(self, registry: VersionRegistry, /) -> Iterable[Candidate]:
        """Everything in the lineage, accepted."""
        return map(Candidate.accept, registry.lineage())


class Careless(RollbackStrategy):
    """Names what is unknown, and everything else twice."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Careless()"

    def candidates(self, registry: VersionRegistry, /) -> Iterable[Candidate]:
        """A ghost, a rejection of every second version, then all accepted, newest first."""
        yield Candidate.accept("ghost", "seen in a dream")
        for label in list(registry)[::2]:
            yield Candidate.reject(label, "on second thoughts")
        for label in reversed(list(registry)):
            yield Candidate.accept(label, "why not")


# Two worlds

SHARED: Mapping[str, Any] = {
    "t": t,
    "u": u,
    "naive": naive,
    "pickle": pickle,
    "copy": copy,
    "datetime": __import__("datetime"),
    "nan": math.nan,
    "inf": math.inf,
}
LIBRARY: Mapping[str, Any] = {
    **SHARED,
    **{name: getattr(lastgood.rules, name) for name in lastgood.rules.__all__},
    **{name: getattr(lastgood, name) for name in lastgood.__all__},
    "WholeLineage": WholeLineage,
    "Careless": Careless,
}
MODEL: Mapping[str, Any] = {
    **vars(model_registry),
    **vars(model_rules),
    **vars(model_strategies),
    **SHARED,
}


@cache
def compiled(line: str) -> CodeType:
    """The code of one line."""
    return compile(line, line, "eval")


def in_library(line: str, names: Mapping[str, object] | None = None) -> Any:
    """What a line says among the library's names."""
    return eval(compiled(line), {**LIBRARY, **(names or {})})  # noqa: S307 (our own lines)


def in_model(line: str, names: Mapping[str, object] | None = None) -> Any:
    """What the same line says among the model's names."""
    return eval(compiled(line), {**MODEL, **(names or {})})  # noqa: S307 (our own lines)


@cache
def library_value(code: str) -> Any:
    """A strategy or a rule of the library, which is a frozen value."""
    return in_library(code)


@cache
def model_value(code: str) -> Any:
    """The model's counterpart."""
    return in_model(code)


class Unsaid:
    """Stands for a text that the contract does not word: equal to any text that is not empty."""

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unsaid) or (isinstance(other, str) and other != "")

    def __repr__(self) -> str:
        return "<any words>"


UNSAID = Unsaid()


# Histories


@dataclass(frozen=True)
class Pair:
    """One registry on both sides, and the lines that lead to it."""

    library: VersionRegistry
    model: Model
    lines: tuple[str, ...] = ()

    def told(self) -> str:
        """The history as Python lines."""
        return "\n".join(self.lines)


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
        self.lines.append(f"{name} = {line}")
        pair = Pair(library, model, tuple(self.lines))
        self.pairs.append(pair)
        return pair

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
    """Both refuse, by an error that the model names, or none does."""
    if isinstance(model, Exception) and not isinstance(model, Refused):
        raise model
    expected = set(model.names) if isinstance(model, Refused) else {"success"}
    name = type(library).__name__ if isinstance(library, Exception) else "success"
    if name not in expected:
        answer = repr(library) if isinstance(library, Exception) else name
        disagree(lines, "success or error", answer, " or ".join(sorted(expected)))
    if isinstance(model, Refused) and model.place:
        assert isinstance(library, Exception)
        said = [str(library), *getattr(library, "__notes__", ())]
        if not any(model.place in text for text in said):
            disagree(lines, "the place of the error", repr(said), model.place)


def disagree(lines: Sequence[str], what: str, library: object, model: object) -> None:
    """Say the history and the two answers."""
    history = "\n".join(lines)
    raise AssertionError(f"{history}\n\n{what}\n  library: {library!s}\n  model:   {model!s}")


def agree(lines: Sequence[str], library: Answers, model: Answers) -> None:
    """Every answer of the library is the model's."""
    for question, expected in model.items():
        if library[question] != expected:
            disagree(lines, question, repr(library[question]), repr(expected))


# Questions


def check_facts(pair: Pair, times: Iterable[datetime] = ()) -> None:
    """Compare everything that a registry says of itself (section 2.4)."""
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
        "labels": [str(label) for label in registry],
        "versions": [library_version(version) for version in registry.values()],
        "lineage": [version.label for version in registry.lineage()],
        "below": {label: [v.label for v in registry.below(label)] for label in registry},
        "deployments": [
            (found.version, found.at, found.ended_at, found.kind, found.rewound, found.reason)
            for found in registry.deployments
        ],
        "events": [json.dumps(event.to_dict(), sort_keys=True) for event in registry.events],
    }


def typed(metadata: Mapping[str, object]) -> list[tuple[str, type, object]]:
    """Metadata in an order of its own, in which `True`, `1` and `1.0` are three values."""
    return [(key, type(value), value) for key, value in sorted(metadata.items())]


def library_version(version: lastgood.Version) -> tuple[object, ...]:
    """One version of the library, as a plain value."""
    return (
        version.label,
        version.status.value,
        version.reason,
        typed(version.metadata),
        version.digest,
        version.registered_at,
        version.deployed_at,
        version.times_deployed,
        None if version.semver is None else (version.semver.prerelease, version.semver.build),
    )


def model_facts(registry: Model) -> Answers:
    """The model's answers, as plain values."""
    facts = registry.facts()
    return {
        "revision": registry.revision,
        "current": facts.current,
        "needs_rollback": facts.needs_rollback,
        "clock": registry.clock,
        "labels": list(facts.versions),
        "versions": [model_version(version) for version in facts.versions.values()],
        "lineage": [version.label for version in facts.lineage()],
        "below": {label: [v.label for v in facts.below(label)] for label in facts.versions},
        "deployments": [
            (found.version, found.at, found.ended_at, found.kind, found.rewound, found.reason)
            for found in facts.deployments
        ],
        "events": [json.dumps(event.to_dict(), sort_keys=True) for event in registry.events],
    }


def model_version(version: Version) -> tuple[object, ...]:
    """One version of the model, as a plain value."""
    return (
        version.label,
        version.status,
        version.reason,
        typed(version.metadata),
        version.digest,
        version.registered_at,
        version.deployed_at,
        version.times_deployed,
        None if version.semver is None else (version.semver.prerelease, version.semver.build),
    )


# Decisions


def check_decisions(pair: Pair, strategies: Iterable[str]) -> int:
    """Compare what strategies plan, review and recover; how many answers were compared."""
    compared = 0
    for code in strategies:
        library, model = library_value(code), model_value(code)
        for question in ("plan(registry)", "review(registry)", "recover(registry)"):
            lines = (*pair.lines, f"{code}.{question}")
            method = question.partition("(")[0]
            theirs = outcome(lambda: getattr(library, method)(pair.library))  # noqa: B023
            ours = outcome(lambda: getattr(model, method)(pair.model))  # noqa: B023
            agree_on_refusal(lines, theirs, ours)
            agree(lines, {"answer": told(theirs)}, {"answer": told(ours)})
            compared += 1
    return compared


def told(answer: Any) -> object:
    """An answer of either side as a plain value."""
    if isinstance(answer, lastgood.NoRollbackTarget | NoTarget):
        return ("no target", candidates(answer.considered))
    if isinstance(answer, Exception):
        return "refused"
    if isinstance(answer, VersionRegistry | Model):
        return [event.to_dict() for event in answer.events], answer.clock
    if isinstance(answer, lastgood.RollbackPlan | RollbackPlan):
        considered = candidates(answer.considered)
        return answer.source, answer.target, answer.strategy, answer.revision, considered
    return candidates(answer)


def candidates(considered: Iterable[Any]) -> list[tuple[str, bool, object]]:
    """Candidates of either side; a reason that is left open is equal to any words."""
    return [
        (found.version, found.accepted, UNSAID if found.reason is None else found.reason)
        for found in considered
    ]


def check_rules(pair: Pair, rules: Iterable[str]) -> int:
    """Ask every rule about every version; how many answers were compared."""
    facts, compared = pair.model.facts(), 0
    for code in rules:
        library = [
            library_value(code)(version, pair.library) is not None
            for version in pair.library.values()
        ]
        agree(
            (*pair.lines, f"[{code}(version, registry) for version in registry.values()]"),
            {"rejects": library},
            {"rejects": [model_value(code).rejects(v, facts) for v in facts.versions.values()]},
        )
        compared += len(library)
    return compared


# Values


def check_value(pair: Pair) -> None:
    """Sections 2.4 and 2.5: copies are equal, and so is what the events make anew."""
    registry = pair.library
    rebuilt = Model.replay(pair.model.events)
    same_clock = rebuilt.clock == pair.model.clock
    makers: Mapping[str, Callable[[], VersionRegistry]] = {
        "pickle": lambda: cast("VersionRegistry", pickle.loads(pickle.dumps(registry))),
        "copy": lambda: copy.copy(registry),
        "deepcopy": lambda: copy.deepcopy(registry),
        "replay": lambda: VersionRegistry.replay(registry.events),
        "from_dict": lambda: VersionRegistry.from_dict(registry.to_dict()),
    }
    for name, make in makers.items():
        made = make()
        expected = same_clock or name not in ("replay", "from_dict")
        answers = {"equal": made == registry, "same hash": hash(made) == hash(registry)}
        wanted = {"equal": expected, "same hash": expected or answers["same hash"]}
        agree((*pair.lines, f"{name} of the registry"), {**answers}, {**wanted})
        ours = pair.model if expected else rebuilt
        check_facts(Pair(made, ours, (*pair.lines, f"{name} of the registry")))


def check_equality(one: Pair, other: Pair) -> None:
    """Section 2.4: registries are equal when their events and clocks are; the hash agrees."""
    equal = one.model == other.model
    answer = {"equal": one.library == other.library, "unequal": one.library != other.library}
    lines = (*one.lines, "# and", *other.lines)
    agree(lines, {**answer}, {"equal": equal, "unequal": not equal})
    if equal and hash(one.library) != hash(other.library):
        disagree(lines, "hash", "another one", "the same")


def check_prefix(pair: Pair, revision: int) -> None:
    """Section 2.4: the registry of the first events is the model's."""
    line = f".at_revision({revision})"
    prefix = Pair(
        pair.library.at_revision(revision),
        pair.model.at_revision(revision),
        (*pair.lines, line),
    )
    if revision == pair.model.revision and prefix.library is not pair.library:
        disagree(prefix.lines, "identity", "another registry", "the registry itself")
    check_facts(prefix)
