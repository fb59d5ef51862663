"""Several processes decide on the same registry at the same time, in every kind of store."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest

from tests.deployments.careless import assert_careless
from tests.deployments.conftest import Served
from tests.tools.deployments.kinds import careless
from tests.tools.deployments.racing import CONTROLLERS, race

#: How many races there are; `python -m tests.tools.deployments.race` runs more.
FEW: Final = 3
MANY: Final = 25


@pytest.mark.parametrize("rounds", [FEW, pytest.param(MANY, marks=pytest.mark.deep)])
def test_exactly_one_controller_rolls_back_and_nothing_is_lost(
    served: Served, tmp_path: Path, rounds: int
) -> None:
    """Of the controllers that saw the same failure one decides and acts, and the others see it.

    Each acknowledged event, of a rollback or of a canary, is in the record at the very place that
    it was recorded for, and no other event is.
    """
    figures = race(served.kind, served.address, tmp_path, rounds)

    assert figures.right, figures
    assert figures.races == rounds
    assert figures.conflicts >= rounds * (CONTROLLERS - 1), "all but one were late each time"


@pytest.mark.deep
def test_a_store_that_does_not_compare_is_found_out(tmp_path: Path) -> None:
    """The race is real, also without the command and for longer: updates are lost."""
    with TemporaryDirectory() as folder, careless.KIND.serving(Path(folder)) as address:
        assert_careless(race("careless", address, tmp_path, 3), rounds=3)
