"""What is wrong with the data of a policy, in words that help, and how much of it is looked at.

Where damage is named, and that nothing else escapes, stands in ``tests/damage``.
"""

from typing import Any

import pytest

from lastgood import InvalidData, strategy_from_dict
from tests.damage.documents import DOCUMENTS
from tests.damage.values import nested
from tests.rows import each_row


def refusal_of(data: object) -> InvalidData:
    """Return how the data are refused."""
    with pytest.raises(InvalidData) as refusal:
        _ = strategy_from_dict(data)
    return refusal.value


def test_the_undamaged_data_are_read() -> None:
    """The data that are damaged above are right."""
    assert repr(strategy_from_dict(DOCUMENTS["policy"].data)) == (
        "(Pinned('v1.4') | "
        "LastStable(steps=2).where(AtLeast('1.2.0'), Except('v1.3', 'v1.2'), "
        "HasMetadata('region', None)) | "
        "BestBy('auc') | PreviousBy(numbers, unproven=True) | AsOf('2026-05-01T12:00:00+00:00'))"
        ".where(Budget(2, within='24h'), Stable())"
    )


def test_the_message_about_an_unknown_name_lists_the_known_ones() -> None:
    """If nothing looks like the name, the message lists all names of its kind, and `extra`."""
    strategies = str(refusal_of("oracle"))
    assert strategies.endswith(", or a name given in extra=")
    assert "'previous_by_semver'" in strategies
    assert "'stable'" not in strategies
    assert "'numbers'" not in strategies
    rules = str(refusal_of({"previous": {}, "where": ["???"]}))
    assert "'stable'" in rules
    assert "'previous'" not in rules


def test_the_cause_is_kept() -> None:
    """The error of the class is the cause, so that its type is known."""
    assert isinstance(refusal_of({"pinned": ""}).__cause__, ValueError)


# How much is looked at


@pytest.mark.parametrize(
    "deep",
    [
        nested(lambda inner: {"first_of": [inner]}),
        nested(lambda inner: {"previous": {}, "where": [inner]}),
        nested(lambda inner: {"pinned": inner}),
        nested(lambda inner: [inner]),
    ],
    ids=["strategies", "rules", "parameters", "lists"],
)
def test_deep_data_are_refused(deep: object) -> None:
    """However deep the data, they are refused, and Python's own limit is never met."""
    assert str(refusal_of(deep)) == "data: is nested more than 100 deep"


@each_row(
    ("data", "message"),
    [
        (nested(lambda inner: [inner], 99), "data: must be a strategy: its name, or"),
        (nested(lambda inner: [inner], 100), "data: is nested more than 100 deep"),
        ([0] * 99_999, "data: must be a strategy: its name, or"),
        ([0] * 100_000, "data: holds more than 100,000 values"),
        ([[0] * 99_998], "data: must be a strategy: its name, or"),
        ([[0] * 99_999], "data: holds more than 100,000 values"),
        ({"zzz": [1] * 99_998}, "data: unknown strategy 'zzz'"),
        ({"zzz": [1] * 99_999}, "data: holds more than 100,000 values"),
    ],
)
def test_the_bounds_are_exact(data: object, message: str) -> None:
    """What is within the bounds is looked at, and one level or value more is refused."""
    assert str(refusal_of(data)).startswith(message)


def test_data_without_an_end_are_refused() -> None:
    """Data that hold themselves, as YAML can have them, are refused like deep ones."""
    endless: dict[str, Any] = {"first_of": []}
    endless["first_of"].append(endless)
    assert str(refusal_of(endless)) == "data: is nested more than 100 deep"


def test_data_that_repeat_themselves_are_refused_soon() -> None:
    """A few lines of YAML can stand for more strategies than there are atoms: refused at once."""
    many: dict[str, Any] = {"last_stable": {}}
    for _ in range(40):
        many = {"first_of": [many] * 10}
    assert str(refusal_of(many)) == "data: holds more than 100,000 values"


def test_what_a_person_would_never_nest_is_read() -> None:
    """Up to the bound, nested strategies are read and come back."""
    data: dict[str, Any] = {"last_stable": {}}
    for _ in range(32):
        data = {"first_of": [data, {"previous": {}}], "where": [{"stable": {}}]}
    assert strategy_from_dict(data).to_dict() == data


def test_many_labels_are_read() -> None:
    """A long list is read."""
    labels = [f"v{number}" for number in range(50_000)]
    data: object = {"last_stable": {}, "where": [{"except": labels}]}
    assert strategy_from_dict(data).to_dict() == data
