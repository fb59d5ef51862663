"""Published incidents and reports, told to the library and to the model (`tests/cases`)."""

from copy import deepcopy
from dataclasses import replace
from datetime import date

import pytest

from tests.cases.telling import WORLDS, Case, Telling, every_case

CASES = every_case()


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_is_answered_right(case: Case, world: str) -> None:
    """After what happened, every decision is the one that the case calls right."""
    Telling(case, WORLDS[world]).run()


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_wrong_answer_is_noticed(case: Case, world: str) -> None:
    """A case with another target in any of its decisions fails, and explains itself."""
    decisions = [place for place, step in enumerate(case.steps) if "decide" in step]
    assert decisions
    for place in decisions:
        steps = deepcopy(case.steps)
        steps[place]["target"] = "a version that nobody knows"
        wrong = replace(case, steps=steps)
        with pytest.raises(AssertionError) as failure:
            Telling(wrong, WORLDS[world]).run()
        for text in (case.title, f"step {place + 1}", case.what_happened, case.answer):
            assert text in str(failure.value)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_names_its_source(case: Case) -> None:
    """Every case says what happened, what is right, and where one can read about it."""
    assert all((case.title, case.what_happened, case.answer, case.source["publication"]))
    assert case.source.keys() <= {"publication", "date"}
    if "date" in case.source:
        assert date.fromisoformat(case.source["date"]) <= date(2026, 12, 31)


def test_there_are_many_cases() -> None:
    """No case is lost, and each has a title of its own."""
    assert len({case.title for case in CASES}) == len(CASES)
    assert len(CASES) >= 60
