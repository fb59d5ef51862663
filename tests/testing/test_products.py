"""What the library itself offers keeps the laws: all strategies, and a part of what they make.

`products` has all of it, and checks it as a command; which part is checked here is always the same.
"""

from typing import Final

import attrs
import pytest

from lastgood import LastStable, Previous
from lastgood.rules import Budget, ServedAtLeast
from lastgood.testing import LAWS, LawReport
from tests.rows import each_row
from tests.tools.products import HOPELESS, Run, alone, everything, ruled

#: One in this number of all that can be made of strategies and rules is checked, on all labels.
STEP: Final = 20
SAMPLE: Final = everything()[::STEP]
CONTRADICTIONS: Final = [run for run in ruled() if run.waivers]

#: Few labels are enough to find targets, if they are those that the strategy looks for.
TWO: Final = ("1.9.0", "1.10.0")
LOOKED_FOR: Final = {
    "main": ("main", "1.10.0"),
    "v1.10.0": ("v1.10.0", "1.10.1"),
    "prereleases": ("1.9.0", "1.10.1-rc.1", "1.10.1"),
    "steps=2": (*TWO, "main"),
}


def checked(run: Run) -> LawReport:
    """Check a strategy against the laws, on fewer registries."""
    name = repr(run.strategy)
    labels = next((labels for word, labels in LOOKED_FOR.items() if word in name), TWO)
    few = {"labels": labels, "digests": [None]}
    return attrs.evolve(run, metadata=run.metadata or [{}], options=few).checked()


@each_row("run", [*alone()])
def test_a_strategy_keeps_the_laws(run: Run) -> None:
    """Every strategy of the library keeps all laws."""
    assert checked(run).laws == LAWS


@pytest.mark.deep
@pytest.mark.parametrize("run", SAMPLE, ids=lambda run: repr(run.strategy))
def test_what_is_made_of_them_keeps_the_laws(run: Run) -> None:
    """Strategies after one another, and with rules, keep all laws that they can."""
    assert {*run.checked().laws, *run.waivers} == set(LAWS)


def test_two_that_are_made_of_them_keep_the_laws() -> None:
    """So do these two, on few registries."""
    assert checked(Run(LastStable(steps=2) | Previous())).laws == LAWS
    assert checked(Run(Previous().where(Budget(1), ServedAtLeast("1h")))).laws == LAWS


@each_row("run", CONTRADICTIONS)
def test_what_contradicts_itself_is_waived(run: Run) -> None:
    """A pinned version that a rule always rejects is never found, which its waiver says."""
    assert attrs.evolve(run, laws=["known"]).checked().targets == 0


def test_every_contradiction_is_among_them() -> None:
    """The documented contradictions are those that are waived."""
    assert {repr(run.strategy) for run in CONTRADICTIONS} == HOPELESS
