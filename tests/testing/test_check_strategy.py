"""What `check_strategy` is given, what it returns, and how laws are waived."""

from typing import Any

import attrs
import pytest

from lastgood import BestBy, LastStable, Pinned, Previous
from lastgood.rules import Except, HasMetadata
from lastgood.testing import LAWS, LawReport, StrategyLawViolation, check_strategy, small_registries
from tests.testing import right
from tests.testing.messages import sections, violation
from tests.testing.wrong import drop_unchosen, order_of_news, readable, worse_evidence

FEW = ["1.10.0", "1.9.0", "main"]


def test_a_report_says_what_was_checked() -> None:
    """A report has the strategy, the laws that hold, and counts of all that was asked."""
    report = check_strategy(LastStable(steps=2))
    assert isinstance(report, LawReport)
    assert report.strategy == "LastStable(steps=2)"
    assert report.laws == LAWS
    deployed = [registry for registry in small_registries() if registry.current is not None]
    assert report.registries == len(deployed)
    assert report.decisions > 10 * report.registries
    assert 0 < report.targets < report.registries
    assert report.waived == {}


def test_targets_are_counted() -> None:
    """The targets of a report are the registries for which there is a plan."""
    found = 0
    for registry in small_registries(labels=FEW):
        if registry.current is not None:
            found += any(candidate.accepted for candidate in Previous().review(registry))
    assert check_strategy(Previous(), labels=FEW).targets == found


def test_the_same_run_counts_the_same() -> None:
    """A run is deterministic: the same strategy has the same report."""
    assert check_strategy(Previous(), labels=FEW) == check_strategy(Previous(), labels=FEW)


def test_laws_are_named() -> None:
    """The laws of the contract are there, under their names, and nothing is there twice."""
    assert set(LAWS) >= {
        "yields_candidates",
        "never_raises",
        "deterministic",
        "time_shift",
        "known",
        "order_of_news",
        "drop_unchosen",
        "worse_evidence",
        "survives_copy",
        "readable",
        "finds_a_target",
    }
    assert len(LAWS) == len(set(LAWS))


@pytest.mark.parametrize("law", LAWS)
def test_a_test_per_law(law: str) -> None:
    """Each law can be a test of its own; that a target is found is checked in each of them."""
    assert check_strategy(LastStable(), laws=[law], labels=FEW).laws == tuple(
        name for name in LAWS if name in {law, "finds_a_target"}
    )


def test_laws_come_in_their_order() -> None:
    """Laws are reported in the order of `LAWS` and once, however they were asked for."""
    laws = iter(["readable", "known", "readable"])
    assert check_strategy(LastStable(), laws=laws, labels=FEW).laws == (
        "known",
        "readable",
        "finds_a_target",
    )


def test_laws_that_were_not_asked_for_are_not_checked() -> None:
    """What is wrong by another law does not matter where that one was not asked for."""
    report = check_strategy(readable.HidesItsSteps(1), laws=["known"], labels=FEW)
    assert report.laws == ("known", "finds_a_target")


def test_a_vacuous_run_fails_whatever_was_asked_for() -> None:
    """A run that never found a target is a failure, also where other laws were asked for."""
    error = violation(Pinned("v1.0"), laws=["readable"])
    assert [*sections(error)] == ["finds_a_target"]


@pytest.mark.parametrize(
    ("strategy", "options"),
    [
        (Pinned("v1.0"), {"labels": ["v1.0", "v1.1"]}),
        (BestBy("auc"), {"metadata": [{"auc": 0.8}, {"auc": 0.9}]}),
        (LastStable().where(HasMetadata("region", "eu")), {"metadata": [{}, {"region": "eu"}]}),
        (Pinned("1.9.0").where(HasMetadata("region", "eu")), {"metadata": [{}, {"region": "eu"}]}),
    ],
    ids=["labels", "metadata", "ruled", "pinned"],
)
def test_what_a_strategy_looks_for_is_given(strategy: Any, options: Any) -> None:
    """A strategy that looks for labels or metadata finds a target where they are given."""
    assert [*sections(violation(strategy))] == ["finds_a_target"]
    assert check_strategy(strategy, **options).laws == LAWS


def test_what_is_registered_later_has_the_metadata_too() -> None:
    """Where all metadata has a key, no version without it is ever registered."""
    strategy = right.HighestNumber("auc")
    assert check_strategy(strategy, metadata=[{"auc": 1}, {"auc": 2}]).laws == LAWS
    assert "never_raises" in sections(violation(strategy, metadata=[{"auc": 1}, {}]))


def test_what_is_registered_later_has_a_digest_too() -> None:
    """Where all digests are given, no version without one is ever registered."""
    assert check_strategy(right.NeedsDigests(), digests=["a:1", "a:2"]).laws == LAWS
    assert "never_raises" in sections(violation(right.NeedsDigests()))


def test_labels_that_a_strategy_cannot_read_are_not_held_against_it() -> None:
    """A strategy that reads numbers only is right where all labels that were given are numbers."""
    assert check_strategy(right.Uploaded(), labels=["1", "2", "3"]).laws == LAWS
    assert "never_raises" in sections(violation(right.Uploaded(), labels=["1", "2", "x"]))


def test_a_waived_law_may_be_broken() -> None:
    """A law that is waived with a reason is reported as waived, and the others hold."""
    waived = {"worse_evidence": "a majority decides here"}
    report = check_strategy(worse_evidence.MajorityOfGood(), expected_failures=waived)
    assert report.waived == waived
    assert report.laws == tuple(law for law in LAWS if law != "worse_evidence")
    assert str(report).endswith("; waived: worse_evidence")


def test_several_laws_can_be_waived() -> None:
    """More than one law can be waived, each with its reason."""
    waived = {"order_of_news": "by design", "worse_evidence": "by design"}
    report = check_strategy(order_of_news.BeforeTheLatestFailure(), expected_failures=waived)
    assert report.waived == waived


def test_a_waived_law_that_holds_is_an_error() -> None:
    """A waiver that is not needed any more is an error, which says which one and its reason."""
    error = violation(LastStable(), expected_failures={"known": "we thought so"}, labels=FEW)
    assert error.needless == ("known",)
    assert error.violations == ()
    assert str(error).startswith("LastStable() breaks no law, waived ones included\n")
    assert str(error).endswith(
        "known: it is waived (we thought so), and it holds: drop it from expected_failures"
    )


def test_a_waiver_hides_no_other_law() -> None:
    """Where one law is waived, another broken one is still reported, and the waived one is not."""
    error = violation(
        order_of_news.BeforeTheLatestFailure(), expected_failures={"order_of_news": "by design"}
    )
    assert [*sections(error)] == ["worse_evidence"]
    assert error.report.waived == {"order_of_news": "by design"}
    assert "order_of_news" not in error.report.laws


def test_a_needless_waiver_comes_with_the_rest() -> None:
    """A needless waiver and a broken law are reported at once."""
    error = violation(drop_unchosen.Middle(), expected_failures={"known": "we thought so"})
    assert [one.law for one in error.violations] == ["drop_unchosen"]
    assert error.needless == ("known",)
    assert [*sections(error)] == ["drop_unchosen", "known"]


@pytest.mark.parametrize("law", ["known", "worse_evidence"])
def test_waivers_of_laws_that_are_not_checked(law: str) -> None:
    """The same waivers do for a test per law: those of other laws are left alone."""
    waived = {"worse_evidence": "a majority decides here"}
    report = check_strategy(worse_evidence.MajorityOfGood(), laws=[law], expected_failures=waived)
    assert report.waived == ({} if law == "known" else waived)


def test_a_vacuous_run_can_be_waived() -> None:
    """That no target is ever found can be waived as any other law."""
    strategy = Pinned("1.9.0").where(Except("1.9.0"))
    report = check_strategy(strategy, expected_failures={"finds_a_target": "it contradicts itself"})
    assert report.targets == 0


@pytest.mark.parametrize("waivers", [None, {}])
def test_no_waiver(waivers: Any) -> None:
    """No waiver is the same as an empty table of them."""
    assert check_strategy(LastStable(), labels=FEW, expected_failures=waivers).waived == {}


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_waiver_needs_a_reason(reason: str) -> None:
    """A law is not waived without a reason."""
    with pytest.raises(ValueError, match=r"say why 'known' may be broken"):
        _ = check_strategy(LastStable(), expected_failures={"known": reason})


@pytest.mark.parametrize("waivers", ["known", ["known"], {"known"}])
def test_waivers_are_a_table(waivers: Any) -> None:
    """Names without reasons are refused, with what to write."""
    with pytest.raises(TypeError, match=r"write expected_failures=\{law: reason\}"):
        _ = check_strategy(LastStable(), expected_failures=waivers)


@pytest.mark.parametrize(
    "options",
    [{"laws": ["determinstic"]}, {"expected_failures": {"determinstic": "a slip"}}],
    ids=["laws", "waivers"],
)
def test_a_law_that_does_not_exist(options: Any) -> None:
    """A name that is no law is refused, with the one that was meant."""
    with pytest.raises(ValueError, match="'determinstic'; did you mean 'deterministic'"):
        _ = check_strategy(LastStable(), **options)


@pytest.mark.parametrize("name", ["xyz", 7, None])
def test_a_law_unlike_any_other(name: Any) -> None:
    """A name that is like none of the laws is refused with all of them."""
    with pytest.raises(ValueError, match=r"; there are 'yields_candidates', .*, 'finds_a_target'"):
        _ = check_strategy(LastStable(), laws=[name])


def test_laws_are_several() -> None:
    """One name in the place of several is refused, with what to write."""
    with pytest.raises(TypeError, match=r"write laws=\['known'\]"):
        _ = check_strategy(LastStable(), laws="known")


@pytest.mark.parametrize("stranger", [LastStable, None, "LastStable()", small_registries])
def test_what_is_no_strategy(stranger: Any) -> None:
    """A class, a function, or anything else that is no strategy is refused."""
    with pytest.raises(TypeError, match="is no strategy"):
        _ = check_strategy(stranger)


@pytest.mark.parametrize(
    ("stranger", "words"),
    [
        (LastStable, "the class LastStable is no strategy: write LastStable(...)"),
        (int, "the class int is no strategy: make one of a RollbackStrategy class"),
        (5, "the int 5 is no strategy: make one of a RollbackStrategy class"),
    ],
)
def test_a_class_is_to_be_called(stranger: Any, words: str) -> None:
    """Where the parentheses were forgotten, the message has them."""
    with pytest.raises(TypeError) as refusal:
        _ = check_strategy(stranger)
    assert str(refusal.value) == words


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"labels": "v1"}, r"write labels=\['v1'\]"),
        ({"metadata": {"auc": 1}}, r"write metadata=\[\{...\}, ...\]"),
        ({"digests": "sha256:a"}, r"write digests=\['sha256:a'\]"),
    ],
    ids=["labels", "metadata", "digests"],
)
def test_alternatives_are_several(options: Any, words: str) -> None:
    """One alternative in the place of several is refused, with what to write."""
    with pytest.raises(TypeError, match=words):
        _ = check_strategy(LastStable(), **options)


def test_a_strategy_that_is_waived_is_not_asked_less() -> None:
    """A waiver changes the verdict, not what is asked."""
    waived = {"worse_evidence": "the second one decides here"}
    report = check_strategy(worse_evidence.SecondGoodUnsaid(), expected_failures=waived, labels=FEW)
    error = violation(worse_evidence.SecondGoodUnsaid(), labels=FEW)
    assert attrs.evolve(report, waived={}) == error.report


def test_a_broken_strategy_has_a_report_too() -> None:
    """The report of a violation names the laws that hold."""
    with pytest.raises(StrategyLawViolation) as caught:
        _ = check_strategy(drop_unchosen.Middle(), labels=FEW)
    assert caught.value.report.laws == tuple(law for law in LAWS if law != "drop_unchosen")
