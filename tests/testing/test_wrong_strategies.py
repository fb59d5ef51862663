"""The kit catches strategies as people get them wrong, by the law that says what is wrong."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

import pytest

from lastgood import Candidate, Pinned, RollbackStrategy, Status, VersionRegistry
from lastgood.testing import LAWS, StrategyLawViolation, check_strategy
from tests.testing import wrong

NOT_FOUND = "finds_a_target"

#: What is wrong whatever the versions are called is found among a few of them.
FEW = ("1.10.0", "1.9.0", "main")

Make: TypeAlias = Callable[[], RollbackStrategy]


def each(*makes: Make) -> pytest.MarkDecorator:
    """Run a test with each of these; what is made anew has no memory of another test."""
    return pytest.mark.parametrize("made", makes, ids=map(_name, makes))


def _name(make: Make) -> str:
    return f"{make.func.__name__}{make.args}" if isinstance(make, partial) else make.__name__


def broken(strategy: RollbackStrategy, **options: Any) -> set[str]:
    """Return the laws that the strategy breaks."""
    try:
        _ = check_strategy(strategy, **options)
    except StrategyLawViolation as error:
        return {violation.law for violation in error.violations}
    return set()


@pytest.mark.parametrize(
    "junk",
    ["1.9.0", None, 7, True, ("1.9.0", True, ""), Status.STABLE, Candidate, Pinned("1.9.0"), []],
    ids=repr,
)
def test_what_is_no_candidate(junk: object) -> None:
    """Yielding anything else than a candidate breaks the law, whatever comes after it."""
    assert "yields_candidates" in broken(wrong.Yields(junk), labels=FEW)


@each(wrong.YieldsLabels, wrong.YieldsVersions, wrong.ReturnsOne, wrong.ForgetsToReturn)
def test_what_is_no_iterable_of_candidates(made: Make) -> None:
    """Labels, versions, one candidate for several, and no answer at all are no candidates."""
    assert broken(made(), labels=FEW) == {"yields_candidates", NOT_FOUND}


@pytest.mark.parametrize("answer", [None, 7, "1.9.0", ("1.9.0",), Candidate.reject("1", "")])
def test_answers_that_are_not_candidates(answer: object) -> None:
    """An answer is an iterable of candidates and of nothing else."""
    assert broken(wrong.Returns(answer), labels=FEW) == {"yields_candidates", NOT_FOUND}


@pytest.mark.parametrize("answer", [["1.9.0"], {"1.9.0": Candidate.accept("1.9.0", "")}])
def test_answers_that_cannot_be_hashed(answer: object) -> None:
    """Two things that are wrong at once are both reported."""
    assert broken(wrong.Returns(answer), labels=FEW) == {
        "yields_candidates",
        "survives_copy",
        NOT_FOUND,
    }


def test_plans_are_no_candidates() -> None:
    """What another strategy planned is no candidate, and that it planned may raise."""
    assert broken(wrong.YieldsPlans()) == {"yields_candidates", "never_raises", NOT_FOUND}


def test_junk_after_the_choice() -> None:
    """What comes after the choice is read too: a review shows it."""
    assert "yields_candidates" in broken(wrong.JunkAtTheEnd())


@each(wrong.EndlessRejections, wrong.EndlessAcceptance, wrong.AcceptsLate)
def test_what_never_ends(made: Make) -> None:
    """Candidates without an end are found out, in finite time, whatever is accepted and when."""
    assert broken(made(), labels=FEW) == {"yields_candidates", NOT_FOUND}


def test_what_ends_sometimes() -> None:
    """So are those that have an end on small registries only; nothing else is reported then."""
    assert broken(wrong.EndlessOnLongLineages()) == {"yields_candidates"}


def test_what_ends_on_all_small_registries() -> None:
    """Where only a registry with some versions more has no end, the kit comes to an end as well."""
    assert broken(wrong.EndlessAmongMany()) == {"drop_unchosen"}


def nothing_before(registry: VersionRegistry) -> bool:
    """Whether there is nothing to go back to."""
    return not [*registry.lineage()]


def no_semver(registry: VersionRegistry) -> bool:
    """Whether a label is no version."""
    return any(version.semver is None for version in registry.values())


def a_prerelease(registry: VersionRegistry) -> bool:
    """Whether a pre-release serves."""
    semver = registry.current_version.semver
    return semver is not None and semver.prerelease != ()


def without_metadata(registry: VersionRegistry) -> bool:
    """Whether nothing was told of a version."""
    return any(not version.metadata for version in registry.values())


def without_digest(registry: VersionRegistry) -> bool:
    """Whether a version has no digest, and another one has."""
    return len({version.digest for version in registry.values()}) > 1


def shared_contents(registry: VersionRegistry) -> bool:
    """Whether two versions have the same contents."""
    digests = [version.digest for version in registry.values() if version.digest]
    return len(digests) > len(set(digests))


def equal_precedence(registry: VersionRegistry) -> bool:
    """Whether two versions are equal to SemVer."""
    known = [version.semver for version in registry.values() if version.semver]
    return len(known) > len(set(known))


def no_clock(registry: VersionRegistry) -> bool:
    """Whether no time was told."""
    return registry.clock is None


def a_clock(registry: VersionRegistry) -> bool:
    """Whether a time was told."""
    return registry.clock is not None


def some_times(registry: VersionRegistry) -> bool:
    """Whether the times of some deployments are known, and of others not."""
    return len({deployment.at is None for deployment in registry.deployments}) > 1


def a_reason(registry: VersionRegistry) -> bool:
    """Whether a reason was told for a stable version."""
    return any(one.reason and one.status is Status.STABLE for one in registry.values())


def deployed_twice(registry: VersionRegistry) -> bool:
    """Whether a version served twice."""
    return any(version.times_deployed > 1 for version in registry.values())


def never_deployed(registry: VersionRegistry) -> bool:
    """Whether a version never served."""
    return any(not version.times_deployed for version in registry.values())


def rolled_back(registry: VersionRegistry) -> bool:
    """Whether there was a rollback."""
    return any(deployment.kind == "rolled_back" for deployment in registry.deployments)


def rolled_back_twice(registry: VersionRegistry) -> bool:
    """Whether there were two rollbacks in a row."""
    return [one.kind for one in registry.deployments][-2:] == ["rolled_back", "rolled_back"]


def observed(registry: VersionRegistry) -> bool:
    """Whether a version was observed that was never deployed."""
    first = {one.version: one.kind for one in reversed(registry.deployments)}
    return "observed" in first.values()


def reinstated(registry: VersionRegistry) -> bool:
    """Whether a version got another chance."""
    return any(event.event == "reinstated" for event in registry.events)


def retired(registry: VersionRegistry) -> bool:
    """Whether the current version is retired."""
    return registry.current_version.status is Status.RETIRED


def healthy(registry: VersionRegistry) -> bool:
    """Whether nothing has to be done."""
    return not registry.needs_rollback


def long_lineage(registry: VersionRegistry) -> bool:
    """Whether there are four versions to go back to."""
    return len([*registry.lineage()]) == 4


def all_failed(registry: VersionRegistry) -> bool:
    """Whether all of three versions have failed."""
    statuses = [version.status for version in registry.values()]
    return statuses == [Status.FAILED] * 3


def all_stable(registry: VersionRegistry) -> bool:
    """Whether all of four versions are stable."""
    statuses = [version.status for version in registry.values()]
    return statuses == [Status.STABLE] * 4


def out_of_order(registry: VersionRegistry) -> bool:
    """Whether versions were deployed in another order than they were registered."""
    first = dict.fromkeys(one.version for one in registry.deployments)
    return [*first] != [label for label in registry if label in first]


@pytest.mark.parametrize(
    "condition",
    [
        *(nothing_before, no_semver, a_prerelease, without_metadata, without_digest),
        *(shared_contents, equal_precedence, no_clock, a_clock, some_times, a_reason),
        *(deployed_twice, never_deployed, rolled_back, rolled_back_twice, observed, reinstated),
        *(retired, healthy, long_lineage, all_failed, all_stable, out_of_order),
    ],
)
def test_what_raises_somewhere(condition: Callable[[VersionRegistry], bool]) -> None:
    """Raising breaks the law, however special the registry is."""
    assert "never_raises" in broken(wrong.RaisesWhere(condition), laws=["never_raises"])


@each(
    *(wrong.NearestOnly, wrong.SecondToLast, wrong.ReadsMajors, wrong.LatestRegistered),
    *(wrong.LatestOrEarliest, wrong.FirstWordOfTheReason, wrong.AsksAnother),
)
def test_what_raises_by_itself(made: Make) -> None:
    """So does what nobody meant to raise, and nothing else is reported."""
    assert broken(made()) == {"never_raises"}


@each(wrong.HighestSemver, wrong.CountsDeploymentsByLabel)
def test_what_raises_with_one_version_more(made: Make) -> None:
    """Where one version more makes it raise, its registration changes the choice as well."""
    assert broken(made()) == {"never_raises", "drop_unchosen"}


def test_what_raises_with_bad_news() -> None:
    """Where an event of another kind makes it raise, bad news changes the choice as well."""
    assert broken(wrong.KnowsThreeEvents()) == {"never_raises", "worse_evidence"}


@each(wrong.BestAuc, wrong.Recursive)
def test_what_always_raises(made: Make) -> None:
    """What raises wherever there is something to choose finds no target either."""
    assert broken(made()) == {"never_raises", NOT_FOUND}


@each(
    *(wrong.Random, wrong.RandomRest, wrong.RandomReason, wrong.ByTheClockOnTheWall),
    *(wrong.ByIdOfTheRegistry, wrong.ByIdOfVersions, wrong.ByIdOfLabels),
    *(wrong.ByCallCount, wrong.EveryHundredth, wrong.CountsOfAll, wrong.SharesItsState),
    *(wrong.NeverTwice, wrong.Sticky, wrong.CachesByCurrent, wrong.CachesByRevision),
    *(wrong.OneIterator, wrong.ComparesWithTheLast),
)
def test_what_depends_on_more_than_the_registry(made: Make) -> None:
    """Chance, places in memory, calls, and memories of other registries are no grounds."""
    assert broken(made(), laws=["deterministic"]) == {"deterministic"}


@each(
    *(wrong.Unregistered, wrong.OneBefore, wrong.StripsTheV),
    *(partial(wrong.PinnedUnchecked, "1.9.0"), partial(wrong.PinnedUnchecked, "main")),
)
def test_what_is_not_registered(made: Make) -> None:
    """Accepting a version that is not registered breaks the law, though it is never chosen."""
    assert broken(made()) == {"known"}


def test_what_is_never_registered() -> None:
    """Accepting nothing but such a version is a vacuous run as well."""
    assert broken(wrong.OnlyUnregistered()) == {"known", NOT_FOUND}


@each(
    *(wrong.LatestMarkedStable, wrong.FirstMarkedStable, wrong.LatestVerdictServed),
    *(wrong.StableWhenItWasLeft, wrong.StepsBackInEvents),
)
def test_what_depends_on_the_order_of_verdicts(made: Make) -> None:
    """The order in which verdicts came in is no ground, however it is read."""
    assert broken(made()) == {"order_of_news"}


def test_what_follows_the_latest_failure() -> None:
    """What follows the failures turns with the order of them, and with every one more."""
    assert broken(wrong.BeforeTheLatestFailure()) == {"order_of_news", "worse_evidence"}


@each(
    *(wrong.Middle, wrong.CarefulAmongMany, wrong.JustBelow, wrong.WaitsForACanary),
    wrong.NewestRegisteredMinusOne,
)
def test_what_depends_on_versions_not_chosen(made: Make) -> None:
    """That a version exists which is not chosen is no ground."""
    assert broken(made()) == {"drop_unchosen"}


@each(
    *(partial(wrong.ByNumberOfVersions, 2), partial(wrong.ByNumberOfVersions, 3)),
    *(partial(wrong.ByNumberOfVersions, 4), partial(wrong.ByNumberOfVersions, 7)),
    *(wrong.ByNumberOfEvents, wrong.ByRevision, wrong.ByHash),
)
def test_what_depends_on_numbers(made: Make) -> None:
    """How many versions or events there are is no ground, nor is a hash of them."""
    assert broken(made()) >= {"drop_unchosen", "worse_evidence"}


@each(
    *(wrong.OneFurtherForEachFailure, wrong.TurnsForwardAfterFailure, wrong.FearsRetirement),
    *(wrong.AcceptsAfterAnyFailure, wrong.MajorityOfGood, wrong.SecondGoodUnsaid),
    *(wrong.NextToAFailure, wrong.FailureOfAnyKindInTheLineage),
    *(partial(wrong.CarefulAfterFailures, 1), partial(wrong.CarefulAfterFailures, 2)),
    *(partial(wrong.CarefulAfterFailures, 3), partial(wrong.CarefulAfterFailures, 4)),
)
def test_what_bad_news_of_a_third_turns(made: Make) -> None:
    """Bad news about one version is no good news about another."""
    assert broken(made()) == {"worse_evidence"}


@each(
    *(partial(wrong.LosesItsSteps, 2), wrong.HoldsALock, wrong.BecomesAnother),
    *(wrong.BecomesNothing, wrong.FailsToUnpickle, wrong.Unhashable, wrong.EqualToItself),
    *(wrong.NeverEqual, wrong.HashById, wrong.RaisesWhenCompared),
    *(wrong.CannotBeCopiedOnceAsked, wrong.made_in_a_function),
    partial(wrong.HoldsAList, ["1.9.0"]),
    wrong.ruled_by_a_lambda,
)
def test_what_is_no_value(made: Make) -> None:
    """What cannot be hashed, or does not equal its copies, is no value."""
    assert broken(made(), labels=FEW) == {"survives_copy"}


def test_what_answers_like_no_copy() -> None:
    """A strategy whose place in memory decides answers otherwise than its copies."""
    assert "survives_copy" in broken(wrong.ByIdOfItself())


@each(
    *(partial(wrong.LosesItsStepsUnseen, 2), wrong.ChangesWhenAsked, wrong.Plain),
    partial(wrong.HoldsALambda, lambda version: version.label),
)
def test_what_is_no_value_and_shows_it(made: Make) -> None:
    """Copies that differ are seen in what they show as well."""
    laws = broken(made(), labels=FEW)
    assert "survives_copy" in laws
    assert laws <= {"survives_copy", "readable"}


@each(
    *(wrong.ShowsItsAddress, wrong.ShowsItsNumber, wrong.ShowsSomethingElse),
    *(wrong.ShowsNothing, wrong.RaisesWhenShown, wrong.ShowsItsMemory, wrong.EqualToAll),
    *(partial(wrong.HidesItsSteps, 2), partial(wrong.AlwaysShowsTheSame, 2)),
    *(partial(wrong.HidesAnAttribute, 2), partial(wrong.HidesARenamedAttribute, 2)),
    partial(wrong.HidesAField, 2),
)
def test_what_does_not_tell_what_it_is(made: Make) -> None:
    """A `repr` tells the parameters, is the same every time, and is that of no other strategy."""
    assert broken(made(), labels=FEW) == {"readable"}


@each(wrong.AcceptsNothing, wrong.Silent, wrong.AcceptsTheCurrent, wrong.AcceptsTheFailed)
def test_what_never_finds_a_target(made: Make) -> None:
    """A run in which nothing was ever chosen has checked nothing, and is reported."""
    assert broken(made(), labels=FEW) == {NOT_FOUND}


@pytest.mark.parametrize("law", LAWS)
def test_each_law_can_be_asked_for_alone(law: str) -> None:
    """A law that is asked for alone finds what it finds among all, and no other one is reported."""
    strategies: dict[str, RollbackStrategy] = {
        "yields_candidates": wrong.JunkAtTheEnd(),
        "never_raises": wrong.NearestOnly(),
        "deterministic": wrong.Random(),
        "known": wrong.Unregistered(),
        "order_of_news": wrong.FirstMarkedStable(),
        "drop_unchosen": wrong.Middle(),
        "worse_evidence": wrong.SecondGoodUnsaid(),
        "survives_copy": wrong.LosesItsSteps(2),
        "readable": wrong.HidesItsSteps(2),
        "finds_a_target": wrong.Silent(),
    }
    with pytest.raises(StrategyLawViolation) as caught:
        _ = check_strategy(strategies[law], laws=[law])
    assert law in [violation.law for violation in caught.value.violations]
    assert {violation.law for violation in caught.value.violations} <= {law, NOT_FOUND}
