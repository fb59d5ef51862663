"""The kit catches strategies as people get them wrong, by the law that says what is wrong."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, TypeAlias

import pytest

from lastgood import Candidate, Pinned, RollbackStrategy, Status
from lastgood.testing import LAWS, StrategyLawViolation, check_strategy
from tests.ids import shown
from tests.rows import each_row
from tests.testing.wrong import (
    better_evidence,
    carried_out,
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

NOT_FOUND = "finds_a_target"

#: What is wrong whatever the versions are called is found among a few of them.
TWO: Final = ("1.9.0", "main")
FEW: Final = ("1.10.0", *TWO)
#: Those that the kit takes by itself.
ALL: Final = ("1.10.0", "1.9.0", "1.10.1-rc.1", "v1.10.0", "1.10.1", "main")
#: A version of equal precedence is among these.
EQUAL: Final = ("1.9.0", "v1.10.0", "1.10.0")

Make: TypeAlias = Callable[[], RollbackStrategy]


#: Of many that are wrong in the same way these are tried every time, and all by the long searches.
SHORT: Final = 4


def each(*makes: Make) -> pytest.MarkDecorator:
    """Run a test with each of these, made for that test: it has no memory of another one."""
    long = (pytest.param(make, marks=pytest.mark.deep) for make in makes[SHORT:])
    return pytest.mark.parametrize("made", [*makes[:SHORT], *long], ids=map(_name, makes))


#: Among how many versions it is found, and that nothing else is: the long searches take one more.
among = pytest.mark.parametrize(
    "labels", [TWO, pytest.param(FEW, marks=pytest.mark.deep)], ids=["two", "three"]
)


def _name(make: Make) -> str:
    return f"{make.func.__name__}{shown(make.args)}" if isinstance(make, partial) else make.__name__


def broken(strategy: RollbackStrategy, *, labels: Sequence[str] = FEW, **options: Any) -> set[str]:
    """Return the laws that the strategy breaks."""
    try:
        _ = check_strategy(strategy, labels=labels, **options)
    except StrategyLawViolation as error:
        return {violation.law for violation in error.violations}
    return set()


#: Each law with a strategy that breaks it and keeps all others.
BREAKS: Final[Mapping[str, RollbackStrategy]] = {
    "yields_candidates": yields_candidates.EndlessOnLongLineages(),
    "never_raises": never_raises.SecondToLast(),
    "deterministic": deterministic.ByIdOfVersions(),
    "time_shift": time_shift.Soaked(),
    "known": known.Unregistered(),
    "order_of_news": order_of_news.StableWhenItWasLeft(),
    "no_news": no_news.CountsDeployments(),
    "unknown_keys": unknown_keys.MostFacts(),
    "undeployed": undeployed.NothingToLeave(),
    "drop_unchosen": drop_unchosen.Middle(),
    "worse_evidence": worse_evidence.SecondGoodUnsaid(),
    "better_evidence": better_evidence.OnlyUnproven(),
    "carried_out": carried_out.NoText(),
    "survives_copy": survives_copy.LosesItsSteps(2),
    "readable": readable.HidesItsSteps(2),
    "finds_a_target": finds_a_target.AcceptsNothing(),
}


#: Laws that these strategies break only if there are two versions to go back to.
NEED_THREE: Final = {
    *("deterministic", "yields_candidates", "no_news", "drop_unchosen", "worse_evidence"),
    *("unknown_keys", "survives_copy", "order_of_news", "readable"),
}


@each_row("law", LAWS)
def test_a_law_is_broken_alone(law: str) -> None:
    """The kit finds each of these out by itself, and says no more than what is wrong with it."""
    found = broken(BREAKS[law], labels=FEW if law in NEED_THREE else TWO)
    if law == "deterministic":  # A choice that differs every time breaks other laws as well.
        found &= {law}
    assert found == {law}


@each_row("law", LAWS)
def test_a_law_can_be_asked_for_alone(law: str) -> None:
    """A law that is asked for alone finds what it finds among all."""
    assert broken(BREAKS[law], laws=[law]) == {law}


@each_row(
    "junk",
    ["1.9.0", None, 7, True, ("1.9.0", True, ""), Status.STABLE, Candidate, Pinned("1.9.0"), []],
)
def test_what_is_not_a_candidate(junk: object) -> None:
    """Yielding anything but a candidate breaks the law, whatever comes after it."""
    assert "yields_candidates" in broken(
        yields_candidates.Yields(junk), laws=["yields_candidates"], labels=FEW
    )


@each(
    yields_candidates.YieldsLabels,
    yields_candidates.YieldsVersions,
    yields_candidates.ReturnsOne,
    yields_candidates.ForgetsToReturn,
    yields_candidates.AnswersASet,
)
@among
def test_what_is_not_an_iterable_of_candidates(labels: Sequence[str], made: Make) -> None:
    """Labels, versions, a single candidate, and no answer at all are not candidates."""
    assert broken(made(), labels=labels) == {"yields_candidates", NOT_FOUND}


@pytest.mark.parametrize("answer", [None, 7, "1.9.0", ("1.9.0",), Candidate.reject("1", "")])
@among
def test_answers_that_are_not_candidates(labels: Sequence[str], answer: object) -> None:
    """An answer is an iterable of candidates and of nothing else."""
    found = broken(yields_candidates.Returns(answer), labels=labels)
    assert found == {"yields_candidates", NOT_FOUND}


@pytest.mark.parametrize("answer", [["1.9.0"], {"1.9.0": Candidate.accept("1.9.0", "")}])
@among
def test_answers_that_cannot_be_hashed(labels: Sequence[str], answer: object) -> None:
    """Two things that are wrong at once are both reported."""
    assert broken(yields_candidates.Returns(answer), labels=labels) == {
        "yields_candidates",
        "survives_copy",
        NOT_FOUND,
    }


@among
def test_plans_are_not_candidates(labels: Sequence[str]) -> None:
    """A plan of another strategy is not a candidate, and making that plan may raise."""
    assert broken(yields_candidates.YieldsPlans(), labels=labels) == {
        "yields_candidates",
        "never_raises",
        NOT_FOUND,
    }


def test_junk_after_the_choice() -> None:
    """What comes after the choice is read too, because a review shows it."""
    assert "yields_candidates" in broken(
        yields_candidates.JunkAtTheEnd(), laws=["yields_candidates"], labels=FEW
    )


@each(
    yields_candidates.EndlessRejections,
    yields_candidates.EndlessAcceptance,
    yields_candidates.AcceptsLate,
)
@among
def test_what_never_ends(labels: Sequence[str], made: Make) -> None:
    """Candidates without an end are found out, in finite time, whatever is accepted and when."""
    assert broken(made(), labels=labels) == {"yields_candidates", NOT_FOUND}


def test_what_ends_sometimes() -> None:
    """So are those that end on small registries only; nothing else is reported then."""
    assert broken(yields_candidates.EndlessOnLongLineages(), laws=["yields_candidates"]) == {
        "yields_candidates"
    }


def test_what_ends_on_all_small_registries() -> None:
    """If it is endless only on a registry with a few more versions, the kit ends all the same."""
    strategy = yields_candidates.EndlessAmongMany()
    assert broken(strategy, laws=["drop_unchosen"], labels=ALL) == {"drop_unchosen"}


@each(
    *(
        never_raises.NearestOnly,
        never_raises.SecondToLast,
        never_raises.ReadsMajors,
        never_raises.LatestRegistered,
    ),
    never_raises.LatestOrEarliest,
    never_raises.FirstWordOfTheReason,
    never_raises.AsksAnother,
)
def test_what_raises_by_itself(made: Make) -> None:
    """So does an exception that nobody meant to raise."""
    assert broken(made(), laws=["never_raises"]) == {"never_raises"}


@pytest.mark.parametrize(
    ("strategy", "labels"),
    [(never_raises.HighestSemver(), FEW), (never_raises.CountsDeploymentsByLabel(), EQUAL)],
    ids=shown,
)
def test_what_raises_with_one_more_version(
    strategy: RollbackStrategy, labels: Sequence[str]
) -> None:
    """If one more version makes it raise, its registration changes the choice as well."""
    assert broken(strategy, labels=labels) == {"never_raises", "drop_unchosen"}


def test_what_raises_with_bad_news() -> None:
    """If a kind of event makes it raise, every law that records such an event is broken too."""
    assert broken(never_raises.KnowsThreeEvents(), labels=TWO) == {
        *("never_raises", "no_news", "unknown_keys", "undeployed"),
        *("worse_evidence", "better_evidence"),
    }


@pytest.mark.parametrize(
    ("strategy", "labels"),
    [(never_raises.BestAuc(), TWO), (never_raises.Recursive(), TWO[:1])],
    ids=repr,
)
def test_what_always_raises(strategy: RollbackStrategy, labels: Sequence[str]) -> None:
    """A strategy that raises whenever there is something to choose finds no target either."""
    assert broken(strategy, labels=labels) == {"never_raises", NOT_FOUND}


@each(
    deterministic.ReusesItsList,
    *(
        deterministic.Random,
        deterministic.RandomReason,
        deterministic.ByTheClockOnTheWall,
    ),
    deterministic.ByIdOfTheRegistry,
    deterministic.ByIdOfVersions,
    deterministic.ByIdOfLabels,
    *(
        deterministic.ByCallCount,
        deterministic.EveryHundredth,
        deterministic.CountsOfAll,
        survives_copy.SharesItsState,
    ),
    *(
        deterministic.NeverTwice,
        deterministic.Sticky,
        deterministic.CachesByCurrent,
        deterministic.CachesByRevision,
    ),
    deterministic.OneIterator,
    deterministic.ComparesWithTheLast,
)
def test_what_depends_on_more_than_the_registry(made: Make) -> None:
    """Chance, places in memory, calls, and memories of other registries must not matter."""
    assert broken(made(), laws=["deterministic"]) == {"deterministic"}


def test_what_comes_after_the_choice_is_seen_as_well() -> None:
    """Chance among the candidates after the choice is seen, though the choice is the same."""
    assert broken(deterministic.RandomRest(), laws=["deterministic"], labels=ALL) == {
        "deterministic"
    }


@pytest.mark.parametrize("call", [1, 2, 3])
def test_what_is_another_one_once(call: int) -> None:
    """A memory that all of a kind share is seen, even if it changes only one of their answers."""
    deterministic.FirstOfItsKind.calls.clear()
    strategy = deterministic.FirstOfItsKind(call)
    assert broken(strategy, laws=["deterministic"]) == {"deterministic"}


def test_what_remembers_in_a_module() -> None:
    """Memories of other registries that all of a kind share are seen as well."""
    assert "known" in broken(deterministic.RemembersInAModule(), laws=["known"])


@each(time_shift.Soaked, time_shift.Fresh, time_shift.BeforeADate)
def test_what_asks_the_clock_on_the_wall(made: Make) -> None:
    """A strategy that compares recorded times with the clock of the machine breaks the law."""
    assert broken(made(), laws=["time_shift"]) == {"time_shift"}


@pytest.mark.parametrize("error", [SystemExit, never_raises.OutOfReachError, StopIteration])
def test_what_gives_up(error: type[BaseException]) -> None:
    """An exception of an unusual kind counts as well."""
    assert broken(never_raises.GivesUp(error), laws=["never_raises"]) == {"never_raises"}


def test_an_interrupt_is_the_users() -> None:
    """Who interrupts a run means the run, and not the strategy."""
    with pytest.raises(KeyboardInterrupt):
        _ = check_strategy(never_raises.GivesUp(KeyboardInterrupt), labels=FEW)


@each(
    known.Unregistered,
    known.OneBefore,
    known.StripsTheV,
    partial(known.PinnedUnchecked, "1.9.0"),
    partial(known.PinnedUnchecked, "main"),
)
def test_what_is_not_registered(made: Make) -> None:
    """Accepting a version that is not registered breaks the law, though it is never chosen."""
    assert broken(made(), laws=["known"], labels=ALL) == {"known"}


@among
def test_what_is_never_registered(labels: Sequence[str]) -> None:
    """Accepting only such a version is a vacuous run as well."""
    assert broken(known.OnlyUnregistered(), labels=labels) == {"known", NOT_FOUND}


@each(
    *(
        order_of_news.LatestMarkedStable,
        order_of_news.FirstMarkedStable,
        order_of_news.LatestVerdictServed,
    ),
    order_of_news.StableWhenItWasLeft,
    order_of_news.StepsBackInEvents,
)
def test_what_depends_on_the_order_of_verdicts(made: Make) -> None:
    """The order in which verdicts came in must not matter, however it is read."""
    assert broken(made(), laws=["order_of_news"]) == {"order_of_news"}


def test_what_follows_the_latest_failure() -> None:
    """What follows the failures turns with the order of them, and with every further one."""
    assert broken(order_of_news.BeforeTheLatestFailure()) == {
        *("order_of_news", "no_news", "worse_evidence", "better_evidence"),
    }


@each(no_news.CountsPraise, no_news.CountsDeployments, no_news.AfterAFailure)
def test_what_counts_an_event_twice(made: Make) -> None:
    """An event that says what is so already is not a second fact."""
    assert broken(made(), laws=["no_news"]) == {"no_news"}


@each(unknown_keys.SameMetadataThroughout, unknown_keys.MostFacts, unknown_keys.NothingToNote)
def test_what_reads_all_metadata(made: Make) -> None:
    """A fact that the strategy does not look for must not matter."""
    assert broken(made(), laws=["unknown_keys"]) == {"unknown_keys"}


@each(undeployed.NothingToLeave, undeployed.FurtherForEachOutage)
def test_what_an_undeploy_turns(made: Make) -> None:
    """Whether the version to leave still serves must not matter."""
    assert broken(made(), laws=["undeployed"]) == {"undeployed"}


@each(
    better_evidence.OnlyUnproven,
    better_evidence.NotInAnEmergency,
    better_evidence.FurtherFromARetiredVersion,
)
def test_what_good_news_turns(made: Make) -> None:
    """News that speaks for a choice must not change it."""
    assert broken(made(), laws=["better_evidence"]) == {"better_evidence"}


@each(carried_out.NoText, carried_out.ReadToTheEnd, carried_out.OtherwiseThanReviewed)
def test_what_cannot_be_carried_out(made: Make) -> None:
    """A plan that cannot be made, or is another one than the review says, is of no use."""
    assert broken(made(), laws=["carried_out"]) == {"carried_out"}


@each(
    *(
        drop_unchosen.Middle,
        drop_unchosen.CarefulAmongMany,
        drop_unchosen.JustBelow,
        drop_unchosen.WaitsForACanary,
    ),
    drop_unchosen.NewestRegisteredMinusOne,
    drop_unchosen.LostInACrowd,
)
def test_what_depends_on_versions_not_chosen(made: Make) -> None:
    """A version that is not chosen must not matter."""
    assert broken(made(), laws=["drop_unchosen"], labels=ALL) == {"drop_unchosen"}


@each(
    partial(drop_unchosen.ByNumberOfVersions, 2),
    partial(drop_unchosen.ByNumberOfVersions, 3),
    partial(drop_unchosen.ByNumberOfVersions, 4),
    partial(drop_unchosen.ByNumberOfVersions, 7),
    drop_unchosen.ByNumberOfEvents,
    drop_unchosen.ByRevision,
    drop_unchosen.ByHash,
)
def test_what_depends_on_numbers(made: Make) -> None:
    """The number of versions or events must not matter, nor a hash of them."""
    laws = {"drop_unchosen", "worse_evidence"}
    assert broken(made(), laws=laws, labels=ALL) == laws


@each(
    *(
        worse_evidence.OneFurtherForEachFailure,
        worse_evidence.TurnsForwardAfterFailure,
        worse_evidence.FearsRetirement,
    ),
    *(
        worse_evidence.AcceptsAfterAnyFailure,
        worse_evidence.MajorityOfGood,
        worse_evidence.SecondGoodUnsaid,
    ),
    worse_evidence.NextToAFailure,
    worse_evidence.FailureOfAnyKindInTheLineage,
    *(
        partial(worse_evidence.CarefulAfterFailures, 1),
        partial(worse_evidence.CarefulAfterFailures, 2),
    ),
    *(
        partial(worse_evidence.CarefulAfterFailures, 3),
        partial(worse_evidence.CarefulAfterFailures, 4),
    ),
)
def test_what_bad_news_of_a_third_turns(made: Make) -> None:
    """Bad news about one version is not good news about another."""
    labels = ("1.10.0", "1.9.0", "v1.10.0", "main")
    assert broken(made(), laws=["worse_evidence"], labels=labels) == {"worse_evidence"}


@each(
    partial(survives_copy.EqualWhateverItsSteps, 2),
    *(
        partial(survives_copy.LosesItsSteps, 2),
        survives_copy.HoldsALock,
        survives_copy.BecomesAnother,
    ),
    *(
        survives_copy.BecomesNothing,
        survives_copy.FailsToUnpickle,
        survives_copy.Unhashable,
        survives_copy.EqualToItself,
    ),
    survives_copy.NeverEqual,
    survives_copy.HashById,
    survives_copy.RaisesWhenCompared,
    survives_copy.ReadsWhatStrangersLack,
    survives_copy.CannotBeCopiedOnceAsked,
    survives_copy.made_in_a_function,
    partial(survives_copy.HoldsAList, ["1.9.0"]),
    survives_copy.ruled_by_a_lambda,
)
def test_what_is_not_a_value(made: Make) -> None:
    """A strategy that cannot be hashed, or does not equal its copies, is not a value."""
    assert broken(made(), laws=["survives_copy"]) == {"survives_copy"}


def test_what_answers_like_no_copy() -> None:
    """A strategy that depends on its own place in memory answers differently from its copies."""
    # One of them and its copy may agree by chance; of twenty that live at once, not all do.
    some = [survives_copy.ByIdOfItself() for _ in range(20)]
    assert any("survives_copy" in broken(made, laws=["survives_copy"]) for made in some)


@each(
    *(
        partial(survives_copy.LosesItsStepsUnseen, 2),
        survives_copy.ChangesWhenAsked,
        readable.Plain,
    ),
    partial(survives_copy.HoldsALambda, lambda version: version.label),
)
def test_what_is_not_a_value_and_shows_it(made: Make) -> None:
    """Copies that differ are seen in what they show as well."""
    laws = broken(made())
    assert "survives_copy" in laws
    assert laws <= {"survives_copy", "readable"}


@each(
    readable.ShowsItsAddress,
    readable.ShowsItsNumber,
    readable.ShowsSomethingElse,
    *(
        readable.ShowsNothing,
        readable.RaisesWhenShown,
        readable.ShowsItsMemory,
        readable.EqualToAll,
    ),
    partial(readable.HidesItsSteps, 2),
    partial(readable.AlwaysShowsTheSame, 2),
    partial(readable.HidesAnAttribute, 2),
    partial(readable.HidesARenamedAttribute, 2),
    partial(readable.HidesAField, 2),
    readable.ShownAndNotCompared,
    partial(readable.ShowsAnotherNumber, 2),
    readable.HidesItsDefault,
    partial(readable.HidesAStrategy, Pinned("1.9.0")),
)
def test_what_does_not_show_what_it_is(made: Make) -> None:
    """A `repr` shows the parameters, is the same every time, and is that of no other strategy."""
    assert broken(made(), laws=["readable"]) == {"readable"}


@each(
    finds_a_target.AcceptsNothing,
    finds_a_target.Silent,
    finds_a_target.AcceptsTheCurrent,
    finds_a_target.AcceptsTheFailed,
)
def test_what_never_finds_a_target(made: Make) -> None:
    """A run in which nothing was ever chosen has checked nothing, and is reported."""
    assert broken(made(), labels=TWO) == {NOT_FOUND}


def test_what_was_rejected_stays_rejected() -> None:
    """After bad news the choice is not a version that it ranked before and rejected."""
    with pytest.raises(StrategyLawViolation, match="which it ranked before, and rejected"):
        _ = check_strategy(worse_evidence.SecondThoughts(), laws=["worse_evidence"])


def test_what_cannot_be_compared_with_its_copies() -> None:
    """A strategy that raises when it is compared with its own kind is not a value."""
    with pytest.raises(StrategyLawViolation, match=r"comparing it with its copy .* raises"):
        _ = check_strategy(survives_copy.RaisesAmongItsKind(), laws=["survives_copy"])


@each_row("law", ["deterministic", "readable"])
@each_row(
    "made",
    [survives_copy.HoldsALock, survives_copy.CopiedOnlyOnce, survives_copy.RaisesWhenCompared],
)
def test_other_laws_hold_for_what_is_not_a_value(made: Make, law: str) -> None:
    """What cannot be copied or compared may keep the other laws, and they say so."""
    assert broken(made(), laws=[law]) == set()
