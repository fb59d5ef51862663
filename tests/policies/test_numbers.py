"""Numbers are read by their value: other languages write 3 as 3.0 or 3e0, and 3.0 as 3."""

import json
from typing import Any, Final

import attrs
import pytest

from lastgood import (
    InvalidData,
    InvalidMetadata,
    LastStable,
    Version,
    VersionRegistry,
    strategy_from_dict,
)
from lastgood.rules import Budget, HasMetadata
from tests.rows import each_row
from tests.strategies.values import made

#: The ways in which JSON can have the number 3. JavaScript writes the first, Gson the second, Go
#: large and small numbers like the third.
THREE: Final = ["3", "3.0", "3e0", "3.0E+0", "0.3e1", "30e-1"]


@each_row("number", THREE)
@each_row(
    ("policy", "code"),
    [
        ('{"last_stable": {"steps": NUMBER}}', "LastStable(steps=3)"),
        ('{"previous": {}, "where": [{"budget": NUMBER}]}', "Previous().where(Budget(3))"),
        (
            '{"previous": {}, "where": [{"at_most_steps": {"n": NUMBER}}]}',
            "Previous().where(AtMostSteps(3))",
        ),
    ],
)
def test_a_whole_number_is_read_in_any_form(policy: str, code: str, number: str) -> None:
    """Where an integer stands, a number of the same value is read as this integer."""
    strategy = strategy_from_dict(json.loads(policy.replace("NUMBER", number)))
    assert strategy == made(code)
    assert repr(strategy) == code


@each_row("number", ["2.5", "1e300", "9223372036854775808", "1e400", '"3"', "true"])
def test_any_other_number_is_refused(number: str) -> None:
    """A fraction, a text, a truth value and a number beyond 64 bits are not such integers."""
    data = json.loads(f'{{"last_stable": {{"steps": {number}}}}}')
    with pytest.raises(InvalidData, match=r"^last_stable\.steps: must "):
        _ = strategy_from_dict(data)


def required(value: str) -> HasMetadata:
    """Return the rule that requires this value, which is JSON, under the key ``k``."""
    data = json.loads(
        f'{{"previous": {{}}, "where": [{{"has_metadata": {{"key": "k", "value": {value}}}}}]}}'
    )
    strategy: Any = strategy_from_dict(data)
    rule: HasMetadata = strategy.rules[0]
    return rule


@each_row("written", THREE)
@each_row("kept", [3, 3.0])
def test_a_required_value_is_compared_by_value(written: str, kept: float) -> None:
    """A version whose metadata has the number passes, however the number was written."""
    registry = VersionRegistry().register("1", metadata={"k": kept})
    assert required(written)(registry["1"], registry) is None


def test_a_number_beyond_64_bits_is_the_float_that_it_was() -> None:
    """JavaScript writes the float 3.1e20 as a whole number; it is read as this float."""
    rule = required("310000000000000000000")
    assert rule == HasMetadata("k", 3.1e20)
    assert repr(rule) == "HasMetadata('k', 3.1e+20)"
    with pytest.raises(InvalidData, match=r"where\[0\]\.has_metadata\.value: must fit in 64 bits"):
        _ = required("1" + "0" * 400)


@attrs.frozen
class Loses:
    """A rule of one's own with a number that may be a fraction."""

    share: float

    def __call__(self, _version: Version, _registry: VersionRegistry, /) -> str | None:
        """Return no reason."""
        return None


@each_row("number", THREE)
def test_a_float_is_read_in_any_form(number: str) -> None:
    """Where a float stands, JavaScript writes 3.0 as 3; it is read as an equal number."""
    data = json.loads(f'{{"previous": {{}}, "where": [{{"loses": {number}}}]}}')
    strategy: Any = strategy_from_dict(data, extra=[Loses])
    (rule,) = strategy.rules
    assert rule == Loses(3.0)


def test_the_classes_themselves_take_integers_only() -> None:
    """In Python 3.0 is not an integer: only data are read by their value."""
    number: Any = 3.0
    with pytest.raises(TypeError, match=r"steps must be an int, not 3\.0"):
        _ = LastStable(steps=number)
    with pytest.raises(TypeError, match=r"rollbacks must be an int, not 3\.0"):
        _ = Budget(number)


class Scalar:
    """A number of an array library, which is not a `float`, as ``numpy.float32`` is not."""

    def item(self) -> float:
        """Return the plain number."""
        return 0.5


def test_a_number_of_an_array_library_is_refused_with_its_remedy() -> None:
    """The message says how such a number becomes a plain one."""
    number: Any = Scalar()
    words = (
        r"^metadata\['auc'\] must be a str, int, float, bool or None, not a Scalar: "
        r"write value\.item\(\)$"
    )
    with pytest.raises(InvalidMetadata, match=words):
        _ = VersionRegistry().register("1", metadata={"auc": number})
    registry = VersionRegistry().register("1", metadata={"auc": number.item()})
    assert registry["1"].metadata["auc"] == 0.5


def test_a_command_refuses_an_integer_beyond_64_bits() -> None:
    """Only data are read by their value: in Python the caller says what the number becomes."""
    with pytest.raises(InvalidMetadata):
        _ = VersionRegistry().register("1", metadata={"k": 2**63})
    with pytest.raises(InvalidMetadata):
        _ = HasMetadata("k", -(2**63) - 1)
