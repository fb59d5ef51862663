"""The catalogue has every strategy and every rule: a new one is missed here, and nowhere else."""

from collections.abc import Mapping

from lastgood import rules, strategies
from tests.catalogue import RULES, STRATEGIES
from tests.rows import each_row


@each_row(
    ("examples", "face", "protocol"),
    [
        (STRATEGIES, strategies.__all__, "RollbackStrategy"),
        (RULES, rules.__all__, "Rule"),
    ],
)
def test_nothing_is_left_out(
    examples: Mapping[str, object], face: list[str], protocol: str
) -> None:
    """Each has an example, under the name of its class."""
    assert set(examples) == {*face} - {protocol}
    assert all(type(example).__name__ == name for name, example in examples.items())
