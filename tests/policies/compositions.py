"""Compositions of the built-in strategies and rules: by hand, and by Hypothesis."""

from datetime import UTC, timedelta
from typing import Any, Final

from hypothesis import strategies as st

from lastgood import (
    AsOf,
    BestBy,
    FirstOf,
    LastStable,
    Pinned,
    Previous,
    PreviousBy,
    PreviousBySemver,
    RollbackStrategy,
    Rule,
)
from lastgood.keys import numbers
from lastgood.rules import (
    AtLeast,
    AtMostSteps,
    Budget,
    Except,
    HasMetadata,
    NotAcross,
    SameMetadata,
    ServedAtLeast,
    ServedWithin,
)
from tests import catalogue
from tests.rules import test_values as rule_values
from tests.strategies import test_values as strategy_values

#: The code of a strategy with each rule, and of each strategy.
CODES: Final = [
    *strategy_values.CODES,
    *(f"Previous().where({code})" for code in rule_values.CODES),
]

_labels = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=6
) | st.sampled_from(["1.2.0", "24h", "numbers", "true", "null", "where", "v1"])
_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
_numbers = st.integers(1, 2**63 - 1)
_durations = st.timedeltas(min_value=timedelta())
_times = st.datetimes(timezones=st.just(UTC))
_values: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _texts
)

_rules: dict[str, st.SearchStrategy[Rule]] = {
    **{name: st.just(rule) for name, rule in catalogue.RULES.items()},
    "AtLeast": st.builds(AtLeast, st.sampled_from(["1.2.0", "v1", "2.0.0-rc.1"])),
    "AtMostSteps": st.builds(AtMostSteps, _numbers),
    "Budget": st.builds(Budget, st.integers(0, 2**63 - 1), within=st.none() | _durations),
    "Except": st.lists(_labels, max_size=3).map(lambda labels: Except(*labels)),
    "HasMetadata": st.builds(HasMetadata, _texts, _values),
    "NotAcross": st.builds(NotAcross, _texts),
    "SameMetadata": st.lists(_texts, min_size=1, max_size=3).map(lambda keys: SameMetadata(*keys)),
    "ServedAtLeast": st.builds(ServedAtLeast, _durations),
    "ServedWithin": st.builds(ServedWithin, _durations),
}

_simple: dict[str, st.SearchStrategy[RollbackStrategy]] = {
    **{name: st.just(strategy) for name, strategy in catalogue.SIMPLE.items()},
    "AsOf": st.builds(AsOf, _times),
    "BestBy": st.builds(BestBy, _texts, lowest=st.booleans()),
    "LastStable": st.builds(LastStable, steps=_numbers),
    "Pinned": st.builds(Pinned, _labels),
    "Previous": st.builds(Previous, steps=_numbers),
    "PreviousBy": st.builds(PreviousBy, st.just(numbers), unproven=st.booleans()),
    "PreviousBySemver": st.builds(
        PreviousBySemver, prereleases=st.booleans(), unproven=st.booleans()
    ),
}

#: Any rule.
rules: st.SearchStrategy[Rule] = st.one_of(*_rules.values())


def _with(strategy: RollbackStrategy, asked: list[Rule]) -> RollbackStrategy:
    return strategy.where(*asked)


#: Any composition.
policies: st.SearchStrategy[RollbackStrategy] = st.recursive(
    st.one_of(*_simple.values()),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda several: FirstOf(*several))
        | st.builds(_with, inner, st.lists(rules, max_size=3))
    ),
    max_leaves=8,
)
