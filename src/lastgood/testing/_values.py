"""The laws about strategies as values: they are copied, compared and shown."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, cast

from lastgood._basics.messages import shown
from lastgood.strategies import Pinned, RollbackStrategy
from lastgood.testing._answers import Case, in_words, is_equal, name_of
from lastgood.testing._report import Breach
from lastgood.testing._siblings import Parameter, Twin, parameters_of, sibling, twins_of
from lastgood.testing._trial import Trial

#: A strategy that no other one equals.
_STRANGER: Final = Pinned("nothing equals this strategy")


def survives_copy(trial: Trial) -> Breach | None:
    return _incomparable(trial.strategy) or _unlike_copies(trial) or _unlike_equals(trial)


def _incomparable(strategy: RollbackStrategy) -> Breach | None:
    try:
        _ = hash(strategy)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the strategy's
        return Breach(f"its hash raises {in_words(error)}", _FROZEN)
    try:
        _ = strategy == _STRANGER
    except Exception as error:  # noqa: BLE001  # also the strategy's
        return Breach(f"comparing it with {_STRANGER!r} raises {in_words(error)}", _FROZEN)
    return None


def _unlike_copies(trial: Trial) -> Breach | None:
    twins = (*trial.twins, *twins_of(trial.strategy, "made after it was asked"))
    for place, twin in enumerate(twins):
        breach = _unlike(trial, twin, trial.cases[place :: len(twins)])
        if breach is not None:
            return breach
    return None


def _unlike_equals(trial: Trial) -> Breach | None:
    """Return how its answers differ from those of one that it equals, with another parameter."""
    for parameter in parameters_of(trial.strategy):
        other = sibling(trial.strategy, parameter)
        if other is None or not is_equal(other, trial.strategy):
            continue
        for case in trial.cases:
            answer = trial.ask(case.registry, other)
            if answer != case.answer:
                relation = f"{name_of(other)}, which has another {parameter.name} and equals it"
                return case.contradicted("the same choice of equal strategies", relation, answer)
    return None


_FROZEN: Final = "a frozen value: make it @attrs.frozen, of a class at the top of a module"


def _unlike(trial: Trial, twin: Twin, cases: Sequence[Case]) -> Breach | None:
    """Return how a copy differs from the strategy, in itself or in its answers."""
    if not isinstance(twin.strategy, RollbackStrategy):
        return Breach(twin.error or f"{twin.made} is {shown(twin.strategy)}", _FROZEN)
    try:
        equal = twin.strategy == trial.strategy and hash(twin.strategy) == hash(trial.strategy)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the strategy's
        return Breach(f"comparing it with {twin.made} raises {in_words(error)}", _FROZEN)
    if not equal:
        return Breach(f"{twin.made} is {name_of(twin.strategy)}, and does not equal it", _FROZEN)
    for case in cases:
        answer = trial.ask(case.registry, twin.strategy)
        if not answer.is_same_as(case.answer):
            relation = f"{twin.made[:1].upper()}{twin.made[1:]}"
            return case.contradicted("the same answer of both", relation, answer)
    return None


def readable(trial: Trial) -> Breach | None:
    problem = _unreadable(trial.strategy)
    if problem is not None:
        return Breach(*problem)
    for other in (*(twin.strategy for twin in trial.twins), _STRANGER):
        if name_of(other) != trial.name and is_equal(other, trial.strategy):
            said = f"shows itself as {trial.name}, and equals {name_of(other)}"
            return Breach(said, _COMMON)
    return None


def _unreadable(strategy: RollbackStrategy) -> tuple[str, str] | None:
    """Return how a strategy shows itself and what would be right; `None` if all is right."""
    try:
        shown, again = repr(strategy), repr(strategy)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the strategy's
        return f"raises {in_words(error)} when it is shown", _CODE
    if not shown.strip() or re.search(r"\bat 0x[0-9a-fA-F]+", shown):
        return f"shows itself as {shown}", _CODE
    if shown != again:
        return f"shows itself as {shown}, and then as {again}", _CODE
    problems = (_missing(strategy, one, shown) for one in parameters_of(strategy))
    return next((problem for problem in problems if problem is not None), None)


def _missing(
    strategy: RollbackStrategy, parameter: Parameter, shown: str
) -> tuple[str, str] | None:
    """Return the same if a parameter cannot be read from what is shown."""
    other = sibling(strategy, parameter)
    expected = f"a repr that shows {parameter.name}={name_of(parameter.value)}"
    if other is not None:
        equal, same = is_equal(other, strategy), name_of(other) == shown
        if equal and not same:
            return f"shows itself as {shown}, and equals {name_of(other)}", _COMMON
        if same and not equal:
            return f"shows itself as {shown}, whatever {parameter.name} is", expected
        if isinstance(parameter.value, bool) or not isinstance(parameter.value, int | str):
            return None  # A number of days, say, may be shown in hours.
    if not parameter.compared or parameter.has_default or _is_shown(parameter.value, shown):
        return None
    return f"shows itself as {shown}", expected


_COMMON: Final = "a repr that equal strategies, and no others, have in common"
_CODE: Final = "the code that makes it, every time: make it @attrs.frozen"


def _is_shown(value: object, shown: str) -> bool:
    """Whether the text shows the value, or all the parts of which it is made."""
    if isinstance(value, tuple | list | frozenset | set):
        return all(_is_shown(part, shown) for part in cast("Iterable[object]", value))
    words = value.isoformat() if isinstance(value, date) else getattr(value, "__qualname__", value)
    return any(_stands_in(text, shown) for text in (str(words), name_of(value)))


def _stands_in(text: str, shown: str) -> bool:
    """Whether the text is there, and not as a part of a longer word."""
    return re.search(rf"(?<!\w){re.escape(text)}(?!\w)", shown) is not None
