"""The kit finds nothing to say about strategies that are right."""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from lastgood import RollbackStrategy
from lastgood.testing import LAWS, check_strategy
from tests.testing.right import RIGHT

#: A few labels, all without contents, and half of the strategies, to be quick; the long searches
#: take the other half as well, and all of them on all labels.
TWO: Final = ("1.9.0", "1.10.0")
THREE: Final = (*TWO, "main")
PLAIN: Final[Mapping[str, Any]] = {"metadata": [{}], "digests": [None]}


@pytest.mark.parametrize(
    ("strategy", "options"),
    [
        pytest.param(*one, marks=[pytest.mark.deep] if number % 2 else [], id=repr(one[0]))
        for number, one in enumerate(RIGHT)
    ],
)
def test_a_right_strategy_keeps_all_laws(
    strategy: RollbackStrategy, options: Mapping[str, Any]
) -> None:
    """A strategy that is right keeps all laws, whatever it decides, and however it is written."""
    labels = THREE if "steps=2" in repr(strategy) else TWO
    given: dict[str, Any] = {"labels": labels, **PLAIN, **options}
    assert check_strategy(strategy, **given).laws == LAWS


@pytest.mark.deep
@pytest.mark.parametrize(("strategy", "options"), RIGHT, ids=[repr(each) for each, _ in RIGHT])
def test_it_keeps_them_on_all_registries(
    strategy: RollbackStrategy, options: Mapping[str, Any]
) -> None:
    """So it does on all small registries of the kit."""
    assert check_strategy(strategy, **options).laws == LAWS
