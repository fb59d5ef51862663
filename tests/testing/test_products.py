"""What the library itself offers keeps the laws: all strategies, and a part of what they make.

`products` has all of it, and holds it as a command; which part is held here is always the same.
"""

import attrs
import pytest

from lastgood import rules, strategies
from lastgood.testing import LAWS, LawReport
from tests.testing.products import HOPELESS, RULES, STRATEGIES, Run, alone, everything, ruled

SAMPLE = everything()[:: len(everything()) // 6]

#: Enough labels for all of them to find a target.
SOME = {"labels": ("1.10.0", "1.9.0", "v1.10.0", "1.10.1", "main")}


def held(run: Run) -> LawReport:
    """Hold a strategy against the laws, on fewer registries."""
    return attrs.evolve(run, options=SOME).held()


@pytest.mark.parametrize("run", [*alone()], ids=lambda run: repr(run.strategy))
def test_a_strategy_keeps_the_laws(run: Run) -> None:
    """Every strategy of the library keeps all laws."""
    assert held(run).laws == LAWS


@pytest.mark.parametrize("run", SAMPLE, ids=lambda run: repr(run.strategy))
def test_what_is_made_of_them_keeps_the_laws(run: Run) -> None:
    """Strategies after one another, and with rules, keep all laws that they can."""
    assert {*held(run).laws, *run.waivers} == set(LAWS)


@pytest.mark.parametrize(
    "run", [run for run in ruled() if run.waivers], ids=lambda run: repr(run.strategy)
)
def test_what_contradicts_itself_is_waived(run: Run) -> None:
    """A pinned version that a rule always rejects is never found, which its waiver says."""
    assert attrs.evolve(run, laws=["known"]).held().targets == 0


def test_every_contradiction_is_among_them() -> None:
    """The documented contradictions are those that are waived."""
    assert {repr(run.strategy) for run in ruled() if run.waivers} == HOPELESS


def test_no_strategy_is_left_out() -> None:
    """Every strategy of the library is among those that are held against the laws."""
    held = {type(one).__name__ for one in STRATEGIES}
    assert held == set(strategies.__all__) - {"RollbackStrategy", "FirstOf"}


def test_no_rule_is_left_out() -> None:
    """Every rule of the library is among those with which they are held."""
    held = {type(rule).__name__ for rule in RULES}
    assert held == set(rules.__all__) - {"Rule"}
