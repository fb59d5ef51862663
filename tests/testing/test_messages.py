"""A failure reads so that its author understands it without opening our source."""

import copy
import pickle

import pytest

from lastgood import LastStable, NoRollbackTarget, RollbackStrategy, VersionRegistry
from lastgood.testing import (
    StrategyLawViolation,
    check_choice,
    check_strategy,
    small_registries,
    source_of,
)
from tests.testing.messages import Section, sections, violation
from tests.testing.wrong import (
    common,
    deterministic,
    drop_unchosen,
    finds_a_target,
    known,
    never_raises,
    order_of_news,
    readable,
    survives_copy,
    time_shift,
    worse_evidence,
    yields_candidates,
)

BREAKS: list[tuple[RollbackStrategy, str]] = [
    (yields_candidates.JunkAtTheEnd(), "yields_candidates"),
    (never_raises.SecondToLast(), "never_raises"),
    (deterministic.ByIdOfTheRegistry(), "deterministic"),
    (time_shift.Soaked(), "time_shift"),
    (known.Unregistered(), "known"),
    (order_of_news.LatestMarkedStable(), "order_of_news"),
    (drop_unchosen.CarefulAmongMany(), "drop_unchosen"),
    (worse_evidence.FearsRetirement(), "worse_evidence"),
    (survives_copy.LosesItsStepsUnseen(2), "survives_copy"),
    (readable.HidesItsSteps(2), "readable"),
    (finds_a_target.Silent(), "finds_a_target"),
]
each_law = pytest.mark.parametrize(("strategy", "law"), BREAKS, ids=[law for _, law in BREAKS])


#: A copy of a strategy, in the words of the messages.
COPY = "its copy by copy.deepcopy (made before it was asked)"


def section(strategy: RollbackStrategy, law: str) -> Section:
    """Return what the message says of that law."""
    return sections(violation(strategy, laws=[law]))[law]


def answer(strategy: RollbackStrategy, registry: VersionRegistry) -> str:
    """Return what the strategy decides, in the words of the messages."""
    try:
        return f"goes back to {strategy.plan(registry).target!r}"
    except NoRollbackTarget:
        return "finds no version to go back to"


def test_all_broken_laws_come_at_once() -> None:
    """The message begins with all laws that are broken, and has a paragraph on each of them."""
    error = violation(order_of_news.BeforeTheLatestFailure())
    assert str(error).startswith("BeforeTheLatestFailure() breaks order_of_news, worse_evidence\n")
    assert [*sections(error)] == ["order_of_news", "worse_evidence"]
    assert [one.law for one in error.violations] == ["order_of_news", "worse_evidence"]


@pytest.mark.parametrize(
    ("strategy", "first"),
    [
        (deterministic.ByCallCount(), "deterministic"),
        (known.Unregistered(), None),
        (order_of_news.BeforeTheLatestFailure(), None),
        (yields_candidates.YieldsLabels(), "yields_candidates"),
        (yields_candidates.YieldsPlans(), "yields_candidates"),
        (never_raises.HighestSemver(), "never_raises"),
        (never_raises.NearestOnly(), None),
    ],
)
def test_what_to_mend_first(strategy: RollbackStrategy, first: str | None) -> None:
    """Where others may follow from it, the message says which broken law to see to first."""
    error = violation(strategy)
    heading = str(error).partition("\n\n")[0].splitlines()
    mend = f"Mend {first} first: the others may be broken for its sake alone."
    assert heading[2:] == ([] if first is None else [mend])


def test_counts_are_always_shown() -> None:
    """The second line counts laws, registries, targets and decisions, as a report does."""
    error = violation(drop_unchosen.Middle())
    report = error.report
    assert str(error).split("\n")[1] == str(report)
    assert str(report) == (
        f"Middle(): 10 laws hold on {report.registries:,} registries, "
        f"{report.targets:,} of them with a target, in {report.decisions:,} decisions"
    )


@each_law
def test_a_paragraph_has_all_its_parts(strategy: RollbackStrategy, law: str) -> None:
    """It says what the law demands, why it matters, what was said and expected, how to waive it."""
    told = section(strategy, law)
    assert len(told.demand.split()) > 3
    assert told.after("Why it matters").endswith(".")
    assert told.after("The strategy")
    assert told.after("Expected")
    assert told.lines[-1] == (
        f"  Meant so? Then say why: expected_failures={{{law!r}: 'because ...'}}"
    )


@each_law
def test_the_lines_build_the_registries(strategy: RollbackStrategy, law: str) -> None:
    """What is shown as Python builds the registries of the violation, as it stands there."""
    error = violation(strategy, laws=[law])
    built = sections(error)[law].registries()
    breach = error.violations[0].breach
    assert built == [one for one in (breach.registry, breach.other) if one is not None]
    assert (built == []) == (law in {"readable", "finds_a_target"})


@each_law
def test_lines_are_not_too_long(strategy: RollbackStrategy, law: str) -> None:
    """A line of Python fits a page."""
    blocks = section(strategy, law).code()
    assert [line for block in blocks for line in block.split("\n") if len(line) > 100] == []


@pytest.mark.parametrize(
    ("strategy", "law"),
    [
        (order_of_news.LatestMarkedStable(), "order_of_news"),
        (drop_unchosen.CarefulAmongMany(), "drop_unchosen"),
        (drop_unchosen.WaitsForACanary(), "drop_unchosen"),
        (worse_evidence.FearsRetirement(), "worse_evidence"),
        (worse_evidence.CarefulAfterFailures(3), "worse_evidence"),
        (worse_evidence.TurnsForwardAfterFailure(), "worse_evidence"),
        (worse_evidence.AcceptsAfterAnyFailure(), "worse_evidence"),
    ],
)
def test_both_answers_can_be_seen_again(strategy: RollbackStrategy, law: str) -> None:
    """Asked about the registries that the lines build, the strategy says what the message says."""
    told = section(strategy, law)
    one, other = told.registries()
    assert told.after("The strategy") == answer(strategy, one)
    assert told.after("The strategy then") == answer(strategy, other)
    assert answer(strategy, one) != answer(strategy, other)


def test_the_same_verdicts() -> None:
    """The order of news is told by two registries that know the same of every version."""
    told = section(order_of_news.FirstMarkedStable(), "order_of_news")
    one, other = told.registries()
    assert "  The same verdicts, recorded in another order:" in told.lines
    assert [*one.values()] == [*other.values()]
    assert one.events != other.events


def test_one_version_more() -> None:
    """That a version is registered is told by the one line that registers it."""
    told = section(drop_unchosen.Middle(), "drop_unchosen")
    _, more = told.code()
    one, other = told.registries()
    assert more.startswith("registry = registry.register(")
    assert len(other) == len(one) + 1


@pytest.mark.parametrize(
    "strategy", [worse_evidence.FearsRetirement(), worse_evidence.SecondGoodUnsaid()], ids=repr
)
def test_bad_news(strategy: RollbackStrategy) -> None:
    """Bad news is told by the one line that records it; it is about neither choice nor current."""
    told = section(strategy, "worse_evidence")
    one, other = told.registries()
    (event,) = other.events[one.revision :]
    assert event.event in {"marked_failed", "retired"}
    assert event.version not in {one.current, strategy.plan(one).target}


def test_an_exception_can_be_seen_again() -> None:
    """An exception is told with its text, and is raised about the registry of the lines."""
    told = section(never_raises.SecondToLast(), "never_raises")
    (registry,) = told.registries()
    with pytest.raises(IndexError) as caught:
        _ = never_raises.SecondToLast().plan(registry)
    assert told.after("The strategy") == f"raises IndexError: {caught.value}"


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
    """Whatever the text of an exception is, it is told on one line."""
    assert section(never_raises.Raises(error), "never_raises").after("The strategy") == words


@pytest.mark.parametrize(
    ("junk", "words"),
    [
        (None, "yields None"),
        ("1.9.0", "yields '1.9.0'"),
        (7, "yields the int 7"),
        (LastStable, "yields the class LastStable"),
        ([], "yields a list"),
    ],
    ids=repr,
)
def test_junk_is_shown(junk: object, words: str) -> None:
    """What is yielded in the place of a candidate is shown."""
    assert (
        section(yields_candidates.Yields(junk), "yields_candidates").after("The strategy") == words
    )


def test_no_answer_is_shown() -> None:
    """A forgotten `yield` is told as what it is."""
    told = section(yields_candidates.ForgetsToReturn(), "yields_candidates")
    assert told.after("The strategy") == "answers None in the place of candidates"


def test_no_end_is_shown() -> None:
    """Candidates without an end are told as what they are."""
    told = section(yields_candidates.EndlessAcceptance(), "yields_candidates")
    assert told.after("The strategy") == "yields candidates without an end"


def test_what_is_not_registered_is_shown() -> None:
    """The version that is not registered is named."""
    assert section(known.Unregistered(), "known").after("The strategy") == "accepts 'v0'"


def test_candidates_that_differ_are_shown() -> None:
    """Where the choice is the same, and something else is not, the message says what."""
    told = section(deterministic.RandomReason(), "deterministic")
    beginning = "goes back to '1.10.0', and as candidate 1 accepts '1.10.0': ticket 0."
    (again,) = [line for line in told.lines if line.startswith("  Asked ")]
    _, _, then = again.partition(": ")
    assert told.after("The strategy").startswith(beginning)
    assert then.startswith(beginning)
    assert then != told.after("The strategy")


def test_candidates_that_are_missing_are_shown() -> None:
    """So does it where there are fewer candidates the second time, or rejections."""
    told = section(deterministic.RejectsOnce(), "deterministic")
    assert told.after("The strategy") == "finds no version to go back to, and has no candidate 1"
    assert told.after("Asked about this registry alone") == (
        "finds no version to go back to, and as candidate 1 rejects '1.9.0': for once"
    )


def test_memories_are_shown() -> None:
    """A choice that depends on what was asked before is told with what it is without that."""
    told = section(deterministic.CachesByCurrent(), "deterministic")
    (registry,) = told.registries()
    alone = told.after("Asked about this registry alone")
    assert alone == answer(deterministic.CachesByCurrent(), registry)
    assert told.after("The strategy") != alone


@pytest.mark.parametrize(
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
    ],
    ids=lambda value: type(value).__name__,
)
def test_copies_are_told(strategy: RollbackStrategy, words: str) -> None:
    """What is wrong with a copy is told with how and when it was made."""
    assert section(strategy, "survives_copy").after("The strategy") == words


@pytest.mark.parametrize(
    ("strategy", "beginning"),
    [
        (
            survives_copy.made_in_a_function(),
            "it cannot be copied: its copy by pickle (made before it was asked) raises ",
        ),
        (
            survives_copy.CannotBeCopiedOnceAsked(),
            "it cannot be copied: its copy by copy.deepcopy (made after it was asked) raises ",
        ),
    ],
    ids=["never", "later"],
)
def test_what_cannot_be_copied_is_told(strategy: RollbackStrategy, beginning: str) -> None:
    """So is what cannot be copied, and since when."""
    assert section(strategy, "survives_copy").after("The strategy").startswith(beginning)


def test_answers_of_copies_can_be_seen_again() -> None:
    """A copy that answers otherwise is told with both answers."""
    strategy = survives_copy.LosesItsStepsUnseen(2)
    told = section(strategy, "survives_copy")
    (registry,) = told.registries()
    assert told.after("The strategy") == answer(strategy, registry)
    assert told.after("Its copy by copy.deepcopy (made before it was asked)") == answer(
        copy.deepcopy(strategy), registry
    )


@pytest.mark.parametrize(
    ("strategy", "said", "expected"),
    [
        (
            readable.HidesItsSteps(2),
            "shows itself as HidesItsSteps(), whatever steps is",
            "a repr that tells steps=2",
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
def test_what_is_shown_is_told(strategy: RollbackStrategy, said: str, expected: str) -> None:
    """What is wrong with how a strategy shows itself is told with what would be right."""
    told = section(strategy, "readable")
    assert told.after("The strategy") == said
    assert told.after("Expected") == expected


def test_a_strategy_that_cannot_be_shown_is_named() -> None:
    """Where the `repr` raises, the message names the class, and does not fail."""
    first = str(violation(readable.RaisesWhenShown())).split("\n", 1)[0]
    assert first == "<RaisesWhenShown, whose repr raises RuntimeError: not now> breaks readable"


def test_a_vacuous_run_hints_at_what_to_give() -> None:
    """A run without a target says on how many registries, and what to give it."""
    error = violation(finds_a_target.Silent())
    told = sections(error)["finds_a_target"]
    assert told.after("The strategy") == (
        f"found no version to go back to on any of {error.report.registries:,} registries"
    )
    assert "metadata=" in told.after("Expected")
    assert "labels=" in told.after("Expected")


def test_a_vacuous_run_of_a_strategy_that_raises_hints_at_that() -> None:
    """Where it raises wherever there is something to choose, that is what to mend first."""
    told = sections(violation(never_raises.BestAuc(), laws=["never_raises"]))["finds_a_target"]
    assert told.after("Expected") == "a target on some, once it answers with candidates"


def test_an_exception_is_the_cause() -> None:
    """The traceback of the exception comes with the violation, so its line can be seen."""
    assert isinstance(violation(never_raises.SecondToLast()).__cause__, IndexError)
    assert violation(finds_a_target.Silent(), laws=[]).__cause__ is None


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
    "strategy", [drop_unchosen.Middle(), worse_evidence.SecondGoodUnsaid()], ids=repr
)
def test_a_search_that_goes_on_returns_the_smallest(strategy: RollbackStrategy) -> None:
    """Where registries that are not among the small ones were tried as well, a smaller one wins."""
    shown = violation(strategy).violations[0].breach.registry
    assert shown in [*small_registries()]


def test_times_are_written_as_python() -> None:
    """A registry with times is shown with them, and with the import that they need."""
    told = section(never_raises.RaisesWhere(never_raises.has_clock), "never_raises")
    (registry,) = told.registries()
    assert registry.clock is not None
    assert told.code()[0].startswith("from datetime import datetime\nfrom lastgood import ")


def test_a_violation_can_be_sent() -> None:
    """A violation survives a pickle, as a test runner with several processes sends it."""
    error = violation(drop_unchosen.Middle())
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_a_violation_is_a_failed_assertion() -> None:
    """Every test runner takes a violation for a failed test, not for a broken one."""
    assert issubclass(StrategyLawViolation, AssertionError)


def test_a_wrong_choice_is_shown() -> None:
    """What the strategy and the oracle say is shown, with the registry."""
    with pytest.raises(StrategyLawViolation) as caught:
        _ = check_choice(LastStable(), lambda registry: next(iter(registry)))
    told = sections(caught.value)["choice"]
    (registry,) = told.registries()
    assert told.after("The strategy") == answer(LastStable(), registry)
    assert told.after("Expected") == f"the oracle goes back to {next(iter(registry))!r}"
    assert told.after("Why it matters").startswith("laws cannot see a wrong intent")
    assert told.lines[-1] == "  One of the two is wrong: the strategy, or the oracle."


def test_a_message_is_what_source_of_says() -> None:
    """The lines in a message are those of `source_of`."""
    error = violation(never_raises.NearestOnly(), laws=["never_raises"])
    registry = error.violations[0].breach.registry
    assert registry is not None
    assert sections(error)["never_raises"].code() == [source_of(registry) + "\n"]


def test_a_report_says_what_holds() -> None:
    """A report of what holds counts in one line; one law is a law."""
    report = check_strategy(LastStable(), laws=[])
    assert str(report).startswith("LastStable(): 1 law holds on ")
    assert report.strategy == "LastStable()"
