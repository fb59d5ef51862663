"""A failure reads so that its author understands it without opening our source."""

import copy
import pickle
from collections.abc import Sequence
from typing import Any, Final

import attrs
import pytest

from lastgood import LastStable, NoRollbackTarget, RollbackStrategy, VersionRegistry
from lastgood.testing import (
    StrategyLawViolation,
    check_choice,
    check_strategy,
    small_registries,
    source_of,
)
from tests.ids import shown
from tests.rows import each_row
from tests.testing.messages import Section, section, sections, violation
from tests.testing.wrong import (
    better_evidence,
    carried_out,
    common,
    deterministic,
    drop_unchosen,
    finds_a_target,
    known,
    never_raises,
    no_news,
    order_of_news,
    readable,
    survives_copy,
    time_shift,
    undeployed,
    unknown_keys,
    worse_evidence,
    yields_candidates,
)

FEW: Final = ("1.10.0", "1.9.0", "main")

BREAKS: Final[Sequence[tuple[RollbackStrategy, str]]] = [
    (yields_candidates.JunkAtTheEnd(), "yields_candidates"),
    (never_raises.SecondToLast(), "never_raises"),
    (deterministic.CachesByRevision(), "deterministic"),
    (time_shift.Soaked(), "time_shift"),
    (known.Unregistered(), "known"),
    (order_of_news.LatestMarkedStable(), "order_of_news"),
    (no_news.CountsPraise(), "no_news"),
    (unknown_keys.MostFacts(), "unknown_keys"),
    (undeployed.NothingToLeave(), "undeployed"),
    (drop_unchosen.CarefulAmongMany(), "drop_unchosen"),
    (worse_evidence.FearsRetirement(), "worse_evidence"),
    (better_evidence.OnlyUnproven(), "better_evidence"),
    (carried_out.NoText(), "carried_out"),
    (survives_copy.LosesItsStepsUnseen(2), "survives_copy"),
    (readable.HidesItsSteps(2), "readable"),
    (finds_a_target.Silent(), "finds_a_target"),
]

#: Laws that are broken by two answers, about two registries.
COMPARED: Final = {
    *("order_of_news", "no_news", "unknown_keys", "undeployed"),
    *("drop_unchosen", "worse_evidence", "better_evidence"),
}

#: A copy of a strategy, in the words of the messages.
COPY: Final = "its copy by copy.deepcopy (made before it was asked)"


@attrs.frozen
class Broken:
    """A strategy, the law that it breaks, and the violation."""

    strategy: RollbackStrategy
    law: str
    error: StrategyLawViolation

    @property
    def section(self) -> Section:
        """What the message says of the law."""
        return sections(self.error)[self.law]


@pytest.fixture(scope="module", params=BREAKS, ids=[law for _, law in BREAKS])
def broken(request: pytest.FixtureRequest) -> Broken:
    """Return each law with a strategy that breaks it; it is checked once for all tests."""
    strategy, law = request.param
    return Broken(strategy, law, violation(strategy, laws=[law], labels=FEW))


def one(strategy: RollbackStrategy, law: str, **options: Any) -> Section:
    """Return what the message says of that law, checked alone."""
    return section(violation(strategy, laws=[law], **{"labels": FEW, **options}))


def answer(strategy: RollbackStrategy, registry: VersionRegistry) -> str:
    """Return what the strategy decides, in the words of the messages."""
    left = registry.deployments[-1].version
    try:
        return f"goes back to {strategy.plan(registry, leaving=left).target!r}"
    except NoRollbackTarget:
        return "finds no version to go back to"


def test_all_broken_laws_come_at_once() -> None:
    """The message begins with all laws that are broken, and has a paragraph on each of them."""
    laws = ["order_of_news", "no_news", "worse_evidence", "better_evidence"]
    error = violation(order_of_news.BeforeTheLatestFailure(), labels=FEW)
    assert str(error).startswith(f"BeforeTheLatestFailure() breaks {', '.join(laws)}\n")
    assert [*sections(error)] == laws
    assert [violation.law for violation in error.violations] == laws


@each_row(
    ("strategy", "laws", "first"),
    [
        (deterministic.ByCallCount(), ["deterministic", "known"], None),
        (deterministic.ByCallCount(), ["deterministic", "drop_unchosen"], "deterministic"),
        (known.Unregistered(), ["known"], None),
        (order_of_news.BeforeTheLatestFailure(), ["order_of_news", "worse_evidence"], None),
        (yields_candidates.YieldsLabels(), ["yields_candidates"], "yields_candidates"),
        (
            yields_candidates.YieldsPlans(),
            ["yields_candidates", "never_raises"],
            "yields_candidates",
        ),
        (never_raises.HighestSemver(), ["never_raises", "drop_unchosen"], "never_raises"),
        (never_raises.NearestOnly(), ["never_raises", "drop_unchosen"], None),
    ],
)
def test_what_to_fix_first(
    strategy: RollbackStrategy, laws: Sequence[str], first: str | None
) -> None:
    """If others may follow from it, the message says which broken law to see to first."""
    heading = str(violation(strategy, laws=laws, labels=FEW)).partition("\n\n")[0].splitlines()
    fix = f"Fix {first} first; it may be the cause of the others."
    assert heading[2:] == ([] if first is None else [fix])


def test_counts_are_always_shown() -> None:
    """The second line counts laws, registries, targets and decisions, as a report does."""
    error = violation(drop_unchosen.Middle(), laws=["known", "drop_unchosen"], labels=FEW)
    report = error.report
    assert str(error).split("\n")[1] == str(report)
    assert str(report) == (
        f"Middle(): 2 laws hold on {report.registries:,} registries, "
        f"{report.targets:,} of them with a target, in {report.decisions:,} decisions"
    )


def test_a_paragraph_has_all_its_parts(broken: Broken) -> None:
    """It says what the law demands, why it matters, what was said and expected, how to waive it."""
    said = broken.section
    assert len(said.demand.split()) > 3
    assert said.after("Why it matters").endswith(".")
    assert said.after("The strategy")
    assert said.after("Expected")
    assert said.lines[-1] == (
        f"  Meant so? Then say why: expected_failures={{{broken.law!r}: 'because ...'}}"
    )


def test_the_lines_build_the_registries(broken: Broken) -> None:
    """What is shown as Python builds the registries of the violation, as it stands there."""
    built = broken.section.registries()
    breach = broken.error.violations[0].breach
    assert built == [one for one in (breach.registry, breach.other) if one is not None]
    assert (built == []) == (broken.law in {"readable", "finds_a_target"})


def test_lines_are_not_too_long(broken: Broken) -> None:
    """A line of Python fits a page."""
    blocks = broken.section.code()
    assert [line for block in blocks for line in block.split("\n") if len(line) > 100] == []


def test_both_answers_can_be_seen_again(broken: Broken) -> None:
    """Asked about the registries that the lines build, the strategy says what the message says."""
    if broken.law in COMPARED:
        said = broken.section
        first, second = said.registries()
        assert said.after("The strategy") == answer(broken.strategy, first)
        assert said.after("The strategy then") == answer(broken.strategy, second)
        assert answer(broken.strategy, first) != answer(broken.strategy, second)


def test_a_violation_can_be_sent(broken: Broken) -> None:
    """A violation survives a pickle, as a test runner with several processes sends it."""
    assert str(pickle.loads(pickle.dumps(broken.error))) == str(broken.error)


@pytest.mark.parametrize(
    "strategy",
    [
        worse_evidence.CarefulAfterFailures(3),
        worse_evidence.TurnsForwardAfterFailure(),
        worse_evidence.AcceptsAfterAnyFailure(),
    ],
)
def test_bad_news_can_be_seen_again(strategy: RollbackStrategy) -> None:
    """The same is true if the bad news takes several lines."""
    said = one(strategy, "worse_evidence")
    first, second = said.registries()
    assert said.after("The strategy") == answer(strategy, first)
    assert said.after("The strategy then") == answer(strategy, second)


def test_the_same_verdicts() -> None:
    """The order of news is shown by two registries that know the same of every version."""
    said = one(order_of_news.FirstMarkedStable(), "order_of_news")
    first, second = said.registries()
    assert "  The same verdicts, recorded in another order:" in said.lines
    assert [*first.values()] == [*second.values()]
    assert first.events != second.events


def test_one_more_version() -> None:
    """That a version is registered is shown by the one line that registers it."""
    said = one(drop_unchosen.Middle(), "drop_unchosen")
    _, more = said.code()
    first, second = said.registries()
    assert more.startswith("registry = registry.register(")
    assert len(second) == len(first) + 1


def test_no_news_is_an_event_of_data() -> None:
    """No command records what is so already, so the message shows the event, and its import."""
    said = one(no_news.CountsPraise(), "no_news")
    _, again = said.code()
    assert again.startswith("from lastgood import Event\nregistry = registry.extend([Event(")
    first, second = said.registries()
    assert [*first.values()] == [*second.values()]


def test_an_event_on_record_twice() -> None:
    """If an event is on record twice already, the message shows the registry without it."""
    said = one(no_news.CountsDeployments(), "no_news")
    first, second = said.registries()
    assert "  The same, with no event twice:" in said.lines
    assert second.revision == first.revision - 1


@pytest.mark.parametrize(
    "strategy", [worse_evidence.FearsRetirement(), worse_evidence.SecondGoodUnsaid()], ids=shown
)
def test_bad_news(strategy: RollbackStrategy) -> None:
    """Bad news is shown by the one line that records it; it is about neither choice nor current."""
    said = one(strategy, "worse_evidence")
    first, second = said.registries()
    (event,) = second.events[first.revision :]
    assert event.kind in {"marked_failed", "retired"}
    left = first.deployments[-1].version
    assert event.version not in {left, strategy.plan(first, leaving=left).target}


def test_an_exception_can_be_seen_again() -> None:
    """An exception is shown with its text, and is raised about the registry of the lines."""
    said = one(never_raises.SecondToLast(), "never_raises")
    (registry,) = said.registries()
    with pytest.raises(IndexError) as caught:
        _ = never_raises.SecondToLast().review(registry)
    assert said.after("The strategy") == f"raises IndexError: {caught.value}"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (KeyError(), "raises KeyError"),
        (ValueError("one\n  two"), "raises ValueError: one two"),
        (ValueError("x" * 1000), f"raises ValueError: {'x' * 159}…"),
        (never_raises.UnspeakableError(), "raises UnspeakableError: …"),
    ],
    ids=["no text", "lines", "long", "raises"],
)
def test_exceptions_stay_on_one_line(error: Exception, words: str) -> None:
    """Whatever the text of an exception is, it is shown on one line."""
    said = sections(violation(never_raises.Raises(error), laws=["never_raises"], labels=["1"]))
    assert said["never_raises"].after("The strategy") == words


@each_row(
    ("strategy", "words"),
    [
        (yields_candidates.Yields(None), "yields None"),
        (yields_candidates.Yields("1.9.0"), "yields '1.9.0'"),
        (yields_candidates.Yields(7), "yields 7"),
        (yields_candidates.Yields(LastStable), "yields the class LastStable"),
        (yields_candidates.Yields([]), "yields a list"),
        (yields_candidates.ForgetsToReturn(), "returns None instead of candidates"),
        (yields_candidates.AnswersASet(), "returns a set, which has no order: return a list"),
        (yields_candidates.EndlessAcceptance(), "yields candidates without an end"),
    ],
)
def test_what_is_yielded_instead_is_shown(strategy: RollbackStrategy, words: str) -> None:
    """Whatever a strategy yields instead of candidates is shown."""
    said = sections(violation(strategy, laws=["yields_candidates"], labels=["1", "2"]))
    assert said["yields_candidates"].after("The strategy") == words


def test_what_is_not_registered_is_shown() -> None:
    """The version that is not registered is named."""
    assert one(known.Unregistered(), "known").after("The strategy") == "accepts 'v0'"


def test_candidates_that_differ_are_shown() -> None:
    """If the choice is the same, and something else is not, the message says what."""
    said = one(deterministic.RandomReason(), "deterministic")
    beginning = "goes back to '1.10.0', and as candidate 1 accepts '1.10.0': ticket 0."
    (again,) = [line for line in said.lines if line.startswith("  Asked ")]
    _, _, then = again.partition(": ")
    assert said.after("The strategy").startswith(beginning)
    assert then.startswith(beginning)
    assert then != said.after("The strategy")


def test_candidates_that_are_missing_are_shown() -> None:
    """So does it if there are fewer candidates the second time, or rejections."""
    said = sections(violation(deterministic.RejectsOnce(), laws=["deterministic"], labels=FEW))
    nothing = "finds no version to go back to"
    assert said["deterministic"].after("The strategy") == f"{nothing}, and has no candidate 1"
    assert said["deterministic"].after("Asked about this registry alone") == (
        f"{nothing}, and as candidate 1 rejects '1.9.0': for once"
    )


def test_memories_are_shown() -> None:
    """A choice that depends on what was asked before is shown with what it is without that."""
    said = one(deterministic.CachesByCurrent(), "deterministic")
    (registry,) = said.registries()
    alone = said.after("Asked about this registry alone")
    assert alone == answer(deterministic.CachesByCurrent(), registry)
    assert said.after("The strategy") != alone


@pytest.mark.parametrize(
    ("strategy", "words"),
    [
        (carried_out.NoText(), "and raises InvalidText: "),
        (carried_out.ReadToTheEnd(), "and its review() finds no version to go back to"),
        (carried_out.OtherwiseThanReviewed(), "and its review() goes back to "),
    ],
    ids=shown,
)
def test_what_a_plan_does_is_shown(strategy: RollbackStrategy, words: str) -> None:
    """A plan that cannot be carried out is shown with what happens instead."""
    assert words in one(strategy, "carried_out").after("The strategy")


@each_row(
    ("strategy", "words"),
    [
        (survives_copy.Unhashable(), "its hash raises TypeError: unhashable type: 'Unhashable'"),
        (
            survives_copy.EqualToItself(),
            f"{COPY} is EqualToItself(), and does not equal it",
        ),
        (
            survives_copy.BecomesNothing(),
            f"{COPY} is a dict",
        ),
        (
            survives_copy.RaisesWhenCompared(),
            (
                "comparing it with Pinned('nothing equals this strategy') raises "
                "ValueError: the truth of an array is ambiguous"
            ),
        ),
        (
            survives_copy.made_in_a_function(),
            "it cannot be copied: its copy by pickle (made before it was asked) raises ",
        ),
        (
            survives_copy.CannotBeCopiedOnceAsked(),
            "it cannot be copied: its copy by copy.deepcopy (made after it was asked) raises ",
        ),
    ],
)
def test_copies_are_shown(strategy: RollbackStrategy, words: str) -> None:
    """What is wrong with a copy is shown with how and when it was made."""
    assert one(strategy, "survives_copy").after("The strategy").startswith(words)


def test_answers_of_copies_can_be_seen_again() -> None:
    """A copy that answers differently is shown with both answers."""
    strategy = survives_copy.LosesItsStepsUnseen(2)
    said = one(strategy, "survives_copy")
    (registry,) = said.registries()
    assert said.after("The strategy") == answer(strategy, registry)
    assert said.after("Its copy by copy.deepcopy (made before it was asked)") == answer(
        copy.deepcopy(strategy), registry
    )


@pytest.mark.parametrize(
    ("strategy", "said", "expected"),
    [
        (
            readable.HidesItsSteps(2),
            "shows itself as HidesItsSteps(), whatever steps is",
            "a repr that shows steps=2",
        ),
        (
            readable.RaisesWhenShown(),
            "raises RuntimeError: not now when it is shown",
            "the code that makes it, every time: make it @attrs.frozen",
        ),
        (
            readable.EqualToAll(),
            "shows itself as EqualToAll(), and equals Pinned('nothing equals this strategy')",
            "a repr that equal strategies, and no others, have in common",
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_a_strategy_shows_is_shown(
    strategy: RollbackStrategy, said: str, expected: str
) -> None:
    """What is wrong with how a strategy shows itself is shown with what would be right."""
    found = one(strategy, "readable")
    assert found.after("The strategy") == said
    assert found.after("Expected") == expected


def test_a_strategy_that_cannot_be_shown_is_named() -> None:
    """If the `repr` raises, the message names the class, and does not fail."""
    error = violation(readable.RaisesWhenShown(), laws=["readable"], labels=FEW)
    assert str(error).partition("\n")[0] == (
        "<RaisesWhenShown, whose repr raises RuntimeError: not now> breaks readable"
    )


def test_a_vacuous_run_hints_at_what_to_give() -> None:
    """A run without a target says on how many registries, and what to give it."""
    error = violation(finds_a_target.Silent(), laws=[], labels=FEW)
    said = section(error)
    assert said.after("The strategy") == (
        f"found no version to go back to on any of {error.report.registries:,} registries"
    )
    assert "metadata=" in said.after("Expected")
    assert "labels=" in said.after("Expected")


def test_a_vacuous_run_of_a_strategy_that_raises_hints_at_that() -> None:
    """If it raises on every registry with something to choose, that is what to fix first."""
    said = sections(violation(never_raises.BestAuc(), laws=["never_raises"], labels=FEW))
    expected = said["finds_a_target"].after("Expected")
    assert expected == "a target on some, once it answers with candidates"


def test_an_exception_is_the_cause() -> None:
    """The traceback of the exception comes with the violation, so its line can be seen."""
    error = violation(never_raises.SecondToLast(), laws=["never_raises"], labels=FEW)
    assert isinstance(error.__cause__, IndexError)
    assert violation(finds_a_target.Silent(), laws=[], labels=FEW).__cause__ is None


def one_deployment(registry: VersionRegistry) -> bool:
    """Whether there is no deployment before the last one."""
    return len(registry.deployments) == 1


def a_v_too_much(registry: VersionRegistry) -> bool:
    """Whether a version of the lineage is not registered without its `v`."""
    labels = [version.label for version in registry.lineage()]
    return any(label.startswith("v") and label[1:] not in registry for label in labels)


@pytest.mark.parametrize(
    ("strategy", "law", "is_broken"),
    [
        (never_raises.SecondToLast(), "never_raises", one_deployment),
        (known.StripsTheV(), "known", a_v_too_much),
    ],
    ids=["never_raises", "known"],
)
def test_no_smaller_registry_breaks_it(
    strategy: RollbackStrategy, law: str, is_broken: common.Condition
) -> None:
    """The registry that is shown is the first one, and no smaller one breaks the law."""
    shown = violation(strategy, laws=[law]).violations[0].breach.registry
    deployed = (registry for registry in small_registries() if registry.current is not None)
    assert shown == next(registry for registry in deployed if is_broken(registry))


@pytest.mark.parametrize(
    ("strategy", "law"),
    [
        (drop_unchosen.NewestRegisteredMinusOne(), "drop_unchosen"),
        (worse_evidence.SecondGoodUnsaid(), "worse_evidence"),
    ],
    ids=shown,
)
def test_a_search_that_goes_on_returns_the_smallest(strategy: RollbackStrategy, law: str) -> None:
    """If registries that are not among the small ones were tried as well, a smaller one wins."""
    shown = violation(strategy, laws=[law], labels=FEW).violations[0].breach.registry
    assert shown in [*small_registries(labels=FEW)]


def test_times_are_written_as_python() -> None:
    """A registry with times is shown with them, and with the import that they need."""
    said = one(never_raises.RaisesWhere(never_raises.has_clock), "never_raises")
    (registry,) = said.registries()
    assert registry.clock is not None
    assert said.code()[0].startswith("from datetime import datetime\nfrom lastgood import ")


def test_a_violation_is_a_failed_assertion() -> None:
    """Every test runner takes a violation for a failed test, not for a broken one."""
    assert issubclass(StrategyLawViolation, AssertionError)


def test_a_wrong_choice_is_shown() -> None:
    """What the strategy and the oracle say is shown, with the registry."""
    with pytest.raises(StrategyLawViolation) as caught:
        _ = check_choice(LastStable(), lambda registry: next(iter(registry)), labels=FEW)
    said = sections(caught.value)["choice"]
    (registry,) = said.registries()
    assert said.after("The strategy") == answer(LastStable(), registry)
    assert said.after("Expected") == f"the oracle goes back to {next(iter(registry))!r}"
    assert said.after("Why it matters").startswith("the laws cannot know what was meant")
    assert said.lines[-1] == "  One of the two is wrong: the strategy, or the oracle."


def test_a_message_is_what_source_of_says() -> None:
    """The lines in a message are those of `source_of`."""
    error = violation(never_raises.NearestOnly(), laws=["never_raises"], labels=FEW)
    registry = error.violations[0].breach.registry
    assert registry is not None
    assert section(error).code() == [source_of(registry) + "\n"]


def test_a_report_says_what_holds() -> None:
    """A report of what holds counts in one line; one law is a law."""
    report = check_strategy(LastStable(), laws=[], labels=FEW)
    assert str(report).startswith("LastStable(): 1 law holds on ")
    assert report.strategy == "LastStable()"
