"""Decisions of both sides: what strategies and rules answer, and what may be pruned."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import lastgood
from lastgood import VersionRegistry
from tests.tools.model.compare import Pair, agree, agree_on_refusal, disagree, outcome
from tests.tools.model.decisions import NoTarget, Review
from tests.tools.model.plans import RollbackPlan
from tests.tools.model.refusals import Refused
from tests.tools.model.registry import VersionRegistry as Model
from tests.tools.model.worlds import in_library, in_model, library_value, model_value


class Unsaid:
    """Stands for a text that the contract does not word: equal to any text that is not empty."""

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unsaid) or (isinstance(other, str) and other != "")

    def __repr__(self) -> str:
        return "<any words>"


UNSAID = Unsaid()


def check_decisions(pair: Pair, strategies: Iterable[str]) -> int:
    """Compare what strategies answer; how many answers were compared."""
    return sum(
        check_line(pair, line, strategy=code) for code in strategies for line in questions(pair)
    )


def questions(pair: Pair) -> Iterator[str]:
    """What is asked of a strategy: a review, and a plan, which `recover` carries out at once."""
    yield "strategy.review(registry)"
    if pair.model.needs_rollback:
        yield "strategy.recover(registry)"
    elif pair.model.facts.last is not None:
        yield f"strategy.plan(registry, leaving={pair.model.facts.last!r})"


def check_unneeded(pair: Pair, code: str) -> int:
    """Compare what is answered if nothing is needed, or another version is named."""
    named = [f"strategy.plan(registry, leaving={label!r})" for label in [*pair.model][:1]]
    lines = [*named, "strategy.plan(registry)", "strategy.recover(registry)"]
    return sum(check_line(pair, line, strategy=code) for line in lines)


def check_line(pair: Pair, line: str, *, strategy: str | None = None) -> bool:
    """Compare the answers to a line that names the registry and perhaps a strategy."""
    lines = (*pair.lines, *([f"strategy = {strategy}"] if strategy else []), line)
    theirs, ours = pair.names("library"), pair.names("model")
    if strategy is not None:
        theirs["strategy"], ours["strategy"] = library_value(strategy), model_value(strategy)
    library = outcome(lambda: in_library(line, theirs))
    model = outcome(lambda: in_model(line, ours))
    agree_on_refusal(lines, library, model)
    agree(lines, {"answer": told(library)}, {"answer": told(model)})
    if isinstance(library, lastgood.NoRollbackTarget) and isinstance(model, NoTarget):
        check_advice(lines, library, model)
    if isinstance(library, lastgood.RollbackPlan):
        made_for = {"fingerprint": pair.library.fingerprint}
        agree(lines, {"fingerprint": library.fingerprint}, {**made_for})
    return True


def check_advice(lines: Sequence[str], library: lastgood.NoRollbackTarget, model: NoTarget) -> None:
    """Advice names what the facts allow, and something if there is anything and no rule forbids."""
    for way, labels in model.ways_out.items():
        named = getattr(library.ways_out, way)
        is_open = named is None and (not labels or ".where(" in str(model.facts["strategy"]))
        if named not in labels and not is_open:
            disagree(lines, f"ways_out.{way}", repr(named), f"one of {sorted(labels)}")


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
    if isinstance(answer, lastgood.Review | Review):
        return answer.source, answer.target, answer.strategy, candidates(answer)
    return tuple(map(str, answer))


def candidates(considered: Iterable[Any]) -> list[tuple[str, bool, object, object]]:
    """Candidates of either side; what is left open is equal to any words."""
    return [
        (
            found.version,
            found.accepted,
            UNSAID if found.reason is None else found.reason,
            UNSAID if found.by is None else found.by,
        )
        for found in considered
    ]


def check_rules(pair: Pair, rules: Iterable[str]) -> int:
    """Ask every rule about every version; how many answers were compared.

    Where nothing serves, rules are asked by a strategy, as the contract has it.
    """
    if pair.model.current is None and pair.model.facts.last is not None:
        codes = [f"Careless().where({code})" for code in rules]
        return sum(check_line(pair, "strategy.review(registry)", strategy=code) for code in codes)
    versions, compared = pair.model.facts.versions, 0
    for code in rules:
        library = [
            library_value(code)(version, pair.library) is not None
            for version in pair.library.values()
        ]
        agree(
            (*pair.lines, f"[{code}(version, registry) for version in registry.values()]"),
            {"rejects": library},
            {"rejects": [model_value(code).rejects(v, pair.model) for v in versions.values()]},
        )
        compared += len(library)
    return compared


def check_retention(pair: Pair, keep: int, strategy: str) -> bool:
    """Compare what may be pruned."""
    line = f"prunable(registry, keep={keep}, strategy=strategy)"
    return check_line(pair, line, strategy=strategy)


def is_refused(pair: Pair, line: str) -> bool:
    """Whether the model refuses this line."""
    return isinstance(outcome(lambda: in_model(line, pair.names("model"))), Refused)
