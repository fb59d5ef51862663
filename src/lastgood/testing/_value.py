"""The laws about strategies as values: they are copied, compared and shown."""

from collections.abc import Sequence
from typing import Final

from lastgood._show import shown
from lastgood.strategies import Pinned, RollbackStrategy
from lastgood.testing._parameters import parameters_of, sibling
from lastgood.testing._reading import COMMON, unreadable
from lastgood.testing._report import Breach
from lastgood.testing._trial import Case, Trial, Twin, is_equal, name_of, told, twins_of

#: A strategy that no other one equals.
_STRANGER: Final = Pinned("nothing equals this strategy")


def survives_copy(trial: Trial) -> Breach | None:
    return _incomparable(trial.strategy) or _unlike_copies(trial) or _unlike_equals(trial)


def _incomparable(strategy: RollbackStrategy) -> Breach | None:
    try:
        _ = hash(strategy)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the strategy's
        return Breach(f"its hash raises {told(error)}", _FROZEN)
    try:
        _ = strategy == _STRANGER
    except Exception as error:  # noqa: BLE001  # likewise
        return Breach(f"comparing it with {_STRANGER!r} raises {told(error)}", _FROZEN)
    return None


def _unlike_copies(trial: Trial) -> Breach | None:
    for twins in (trial.twins, twins_of(trial.strategy, "made after it was asked")):
        for place, twin in enumerate(twins):
            breach = _unlike(trial, twin, trial.cases[place :: len(twins)])
            if breach is not None:
                return breach
    return None


def _unlike_equals(trial: Trial) -> Breach | None:
    """Return how it answers otherwise than one that it equals, though made with another value."""
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
        return Breach(f"comparing it with {twin.made} raises {told(error)}", _FROZEN)
    if not equal:
        return Breach(f"{twin.made} is {name_of(twin.strategy)}, and does not equal it", _FROZEN)
    for case in cases:
        answer = trial.ask(case.registry, twin.strategy)
        if not answer.is_same_as(case.answer):
            relation = f"{twin.made[:1].upper()}{twin.made[1:]}"
            return case.contradicted("the same answer of both", relation, answer)
    return None


def readable(trial: Trial) -> Breach | None:
    problem = unreadable(trial.strategy)
    if problem is not None:
        return Breach(*problem)
    for other in (*(twin.strategy for twin in trial.twins), _STRANGER):
        if name_of(other) != trial.name and is_equal(other, trial.strategy):
            said = f"shows itself as {trial.name}, and equals {name_of(other)}"
            return Breach(said, COMMON)
    return None
