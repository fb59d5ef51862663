"""Published incidents and reports, told to the library and to the model (`tests/cases`)."""

import re
from copy import deepcopy
from dataclasses import replace
from datetime import date

import pytest

from lastgood import VersionRegistry, strategy_from_dict
from tests.cases.telling import COMMANDS, VERBS, WORLDS, Case, Telling, every_case, made
from tests.rows import each_row

CASES = every_case()

#: What a sentence of a case is not written like: a reader of Python reads `None`.
NOT_ENGLISH = re.compile(
    r"(?<!there )\bis no (?!longer)\w|\b(is|are) none\b|\bwas told\b|\bso (many|few)\b"
)


@each_row("world", WORLDS)
@each_row("case", CASES)
def test_a_case_is_answered_right(case: Case, world: str) -> None:
    """After what happened, every decision is the one that the case calls right."""
    Telling(case, WORLDS[world]).run()


@each_row("world", WORLDS)
@each_row("case", CASES)
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


@each_row("case", CASES)
def test_a_registry_that_was_stored_answers_the_same(case: Case) -> None:
    """A case may be told by many processes: each reads the registry anew, from its plain data."""
    telling = Telling(case, WORLDS["library"])
    for steps in range(1, len(case.steps) + 1):
        part = replace(case, steps=case.steps[steps - 1 : steps])
        stored = {
            name: VersionRegistry.from_dict(registry.to_dict())
            for name, registry in telling.registries.items()
        }
        telling = Telling(part, WORLDS["library"], stored, telling.plans)
        telling.run()


@each_row("case", CASES)
def test_a_strategy_of_a_case_is_a_policy(case: Case) -> None:
    """What a case decides with is what `strategy_from_dict` reads, and means the same."""
    for step in case.steps:
        for verb in ("decide", "review", "recover", "strategy"):
            if verb in step:
                meant = made(step[verb], WORLDS["library"].names)
                assert strategy_from_dict(step[verb]) == meant


@each_row("case", CASES)
def test_a_case_names_its_source(case: Case) -> None:
    """Every case says what happened, what is right, and where one can read about it."""
    assert all((case.title, case.what_happened, case.answer, case.source["publication"]))
    assert case.source.keys() <= {"name", "publication", "url", "date"}
    assert ("name" in case.source) == ("url" in case.source)
    if "date" in case.source:
        assert date.fromisoformat(case.source["date"]) <= date(2026, 12, 31)


@each_row("case", CASES)
def test_a_case_is_plain_english(case: Case) -> None:
    """What a case says is for a page: its sentences are read at the first reading."""
    for said in (case.title, case.what_happened, case.answer):
        assert not NOT_ENGLISH.search(said)


def test_there_are_many_cases() -> None:
    """No case is lost, and each has a title of its own."""
    assert len({case.title for case in CASES}) == len(CASES)
    assert len(CASES) >= 81


def test_every_verb_is_used() -> None:
    """The format has no verb that the cases do not need, and the cases no unknown command."""
    steps = [step for case in CASES for step in case.steps]
    used = {next(iter(step)) for step in steps}
    commands = {next(iter(step["call"])) for step in steps if "call" in step}
    assert used == set(VERBS)
    assert commands <= COMMANDS
