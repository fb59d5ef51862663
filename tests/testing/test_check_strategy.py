"""What `check_strategy` takes, what it returns, and how laws are waived."""

from typing import Any

import attrs
import pytest

from lastgood import BestBy, LastStable, Pinned, Previous
from lastgood.rules import Except, HasMetadata
from lastgood.testing import LAWS, LawReport, check_strategy, small_registries
from tests.rows import each_row
from tests.testing import right
from tests.testing.messages import sections, violation
from tests.testing.wrong import drop_unchosen, order_of_news, readable, worse_evidence

TWO = ["1.10.0", "1.9.0"]
FEW = [*TWO, "main"]

#: A short run takes two versions, the long searches one more.
among = pytest.mark.parametrize(
    "labels", [TWO, pytest.param(FEW, marks=pytest.mark.deep)], ids=["two", "three"]
)


@pytest.mark.parametrize(
    "options",
    [{"labels": FEW}, pytest.param({}, marks=pytest.mark.deep)],
    ids=["few labels", "the kit's own"],
)
def test_a_report_says_what_was_checked(options: Any) -> None:
    """A report has the strategy, the laws that hold, and counts of all that was asked."""
    report = check_strategy(LastStable(steps=2), **options)
    assert isinstance(report, LawReport)
    assert report.strategy == "LastStable(steps=2)"
    assert report.laws == LAWS
    deployed = [registry for registry in small_registries(**options) if registry.deployments]
    assert report.registries == len(deployed)
    assert report.decisions > 5 * report.registries
    assert 0 < report.targets < report.registries
    assert report.waived == {}


def test_a_strategy_is_checked_on_all_small_registries() -> None:
    """Where nothing else is asked for, the registries are those of `small_registries`."""
    deployed = [registry for registry in small_registries() if registry.deployments]
    assert check_strategy(Previous(), laws=[]).registries == len(deployed)


@among
def test_targets_are_counted(labels: list[str]) -> None:
    """The targets of a report are the registries for which there is a plan."""
    deployed = [registry for registry in small_registries(labels=labels) if registry.deployments]
    found = sum(Previous().review(registry).target is not None for registry in deployed)
    assert check_strategy(Previous(), laws=[], labels=labels).targets == found


def test_the_same_run_counts_the_same() -> None:
    """A run is deterministic: the same strategy has the same report."""
    few = ("1.10.0", "1.9.0")
    assert check_strategy(Previous(), labels=few) == check_strategy(Previous(), labels=few)


def test_laws_are_named() -> None:
    """The laws are there, under their names, in the order in which they are reported."""
    assert (
        *("yields_candidates", "never_raises", "deterministic", "time_shift", "known"),
        *("order_of_news", "no_news", "unknown_keys", "undeployed", "drop_unchosen"),
        *("worse_evidence", "better_evidence", "carried_out"),
        *("survives_copy", "readable", "finds_a_target"),
    ) == LAWS


@among
@pytest.mark.parametrize("law", LAWS)
def test_a_test_per_law(law: str, labels: list[str]) -> None:
    """Each law can be a test of its own; that a target is found is checked in each of them."""
    assert check_strategy(LastStable(), laws=[law], labels=labels).laws == tuple(
        name for name in LAWS if name in {law, "finds_a_target"}
    )


def test_laws_come_in_their_order() -> None:
    """Laws are reported in the order of `LAWS` and once, however they were asked for."""
    laws = iter(["readable", "known", "readable"])
    assert check_strategy(LastStable(), laws=laws, labels=TWO).laws == (
        "known",
        "readable",
        "finds_a_target",
    )


def test_laws_that_were_not_asked_for_are_not_checked() -> None:
    """What is wrong by another law does not matter if that one was not asked for."""
    report = check_strategy(readable.HidesItsSteps(1), laws=["known"], labels=TWO)
    assert report.laws == ("known", "finds_a_target")


def test_a_vacuous_run_fails_whatever_was_asked_for() -> None:
    """A run that never found a target is a failure, also if only other laws were asked for."""
    error = violation(Pinned("v1.0"), laws=["readable"], labels=TWO)
    assert [*sections(error)] == ["finds_a_target"]


@pytest.mark.parametrize(
    ("strategy", "options"),
    [
        (Pinned("v1.0"), {"labels": ["v1.0", "v1.1"]}),
        (BestBy("auc"), {"metadata": [{"auc": 0.8}, {"auc": 0.9}]}),
        (Pinned("1.9.0").where(HasMetadata("region", "eu")), {"metadata": [{}, {"region": "eu"}]}),
    ],
    ids=["labels", "metadata", "ruled"],
)
def test_what_a_strategy_looks_for_is_given(strategy: Any, options: Any) -> None:
    """A strategy that looks for labels or metadata finds a target if they are given."""
    given: dict[str, Any] = {"labels": ("1.10.0", "1.9.0"), **options}
    assert [*sections(violation(strategy, laws=[], labels=TWO))] == ["finds_a_target"]
    assert check_strategy(strategy, **given).laws == LAWS


@pytest.mark.parametrize(
    ("strategy", "right_options", "wrong_options"),
    [
        (
            right.HighestNumber("auc"),
            {"metadata": [{"auc": 1}, {"auc": 2}]},
            {"metadata": [{"auc": 1}, {}]},
        ),
        (right.NeedsDigests(), {"digests": ["a:1", "a:2"]}, {}),
        (right.Uploaded(), {"labels": ["1", "2"]}, {"labels": ["1", "x"]}),
    ],
    ids=["metadata", "digests", "labels"],
)
def test_what_is_registered_later_has_it_too(
    strategy: Any, right_options: Any, wrong_options: Any
) -> None:
    """If all versions were to have a key, a digest or a number, no check registers another one."""
    few: dict[str, Any] = {"labels": ("1.10.0", "1.9.0")}
    assert check_strategy(strategy, **{**few, **right_options}).laws == LAWS
    wrong = violation(strategy, **{**few, **wrong_options}, laws=["never_raises"])
    assert "never_raises" in sections(wrong)


def test_a_waived_law_may_be_broken() -> None:
    """A law that is waived with a reason is reported as waived, and the others hold."""
    waived = {"worse_evidence": "the second one decides here"}
    strategy = worse_evidence.SecondGoodUnsaid()
    report = check_strategy(strategy, expected_failures=waived, labels=FEW)
    assert report.waived == waived
    assert report.laws == tuple(law for law in LAWS if law != "worse_evidence")
    assert str(report).endswith("; waived: worse_evidence")


def test_several_laws_can_be_waived() -> None:
    """More than one law can be waived, each with its reason."""
    waived = {"order_of_news": "by design", "worse_evidence": "by design"}
    strategy, laws = order_of_news.BeforeTheLatestFailure(), [*waived]
    report = check_strategy(strategy, expected_failures=waived, laws=laws, labels=FEW)
    assert report.waived == waived
    assert report.laws == ("finds_a_target",)


def test_a_waived_law_that_holds_is_an_error() -> None:
    """A waiver that is not needed any more is an error, which says which one and its reason."""
    waived = {"known": "we thought so"}
    error = violation(LastStable(), expected_failures=waived, laws=["known"], labels=TWO)
    assert error.needless == ("known",)
    assert error.violations == ()
    assert str(error).startswith("LastStable() breaks no law, not even the waived ones\n")
    assert str(error).endswith(
        "known: it is waived (we thought so), but it holds: remove it from expected_failures"
    )


def test_a_waiver_hides_no_other_law() -> None:
    """If one law is waived, another broken one is still reported, and the waived one is not."""
    error = violation(
        order_of_news.BeforeTheLatestFailure(),
        laws=["order_of_news", "worse_evidence"],
        expected_failures={"order_of_news": "by design"},
        labels=FEW,
    )
    assert [*sections(error)] == ["worse_evidence"]
    assert error.report.waived == {"order_of_news": "by design"}
    assert "order_of_news" not in error.report.laws


def test_a_needless_waiver_comes_with_the_rest() -> None:
    """A needless waiver and a broken law are reported at once."""
    error = violation(
        drop_unchosen.Middle(),
        laws=["known", "drop_unchosen"],
        expected_failures={"known": "we thought so"},
        labels=TWO,
    )
    assert [one.law for one in error.violations] == ["drop_unchosen"]
    assert error.needless == ("known",)
    assert [*sections(error)] == ["drop_unchosen", "known"]


@pytest.mark.parametrize("law", ["known", "worse_evidence"])
def test_waivers_of_laws_that_are_not_checked(law: str) -> None:
    """The same waivers serve a test per law: those of other laws are ignored."""
    waived = {"worse_evidence": "the second one decides here"}
    strategy = worse_evidence.SecondGoodUnsaid()
    report = check_strategy(strategy, laws=[law], expected_failures=waived, labels=FEW)
    assert report.waived == ({} if law == "known" else waived)


def test_a_vacuous_run_can_be_waived() -> None:
    """That no target is ever found can be waived as any other law."""
    strategy = Pinned("1.9.0").where(Except("1.9.0"))
    waived = {"finds_a_target": "it contradicts itself"}
    report = check_strategy(strategy, laws=[], expected_failures=waived, labels=TWO)
    assert report.targets == 0


@pytest.mark.parametrize("waivers", [None, {}])
def test_no_waiver(waivers: Any) -> None:
    """No waiver is the same as an empty table of them."""
    report = check_strategy(LastStable(), laws=[], labels=TWO, expected_failures=waivers)
    assert report.waived == {}


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_waiver_needs_a_reason(reason: str) -> None:
    """A law is not waived without a reason."""
    with pytest.raises(ValueError, match=r"the waiver of 'known' must have a reason"):
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
    """A name that is unknown is refused, with the one that was meant."""
    with pytest.raises(ValueError, match=r"^unknown law 'determinstic'; did you mean 'determini"):
        _ = check_strategy(LastStable(), **options)


@pytest.mark.parametrize("name", ["xyz", 7, None])
def test_a_law_unlike_any_other(name: Any) -> None:
    """A name that resembles none of the laws is refused with all of them."""
    with pytest.raises(ValueError, match=r"; expected one of 'yields_candidates', .*finds_a_targe"):
        _ = check_strategy(LastStable(), laws=[name])


def test_laws_are_several() -> None:
    """One name in the place of several is refused, with what to write."""
    with pytest.raises(TypeError, match=r"write laws=\['known'\]"):
        _ = check_strategy(LastStable(), laws="known")


@each_row(
    ("stranger", "words"),
    [
        (LastStable, "the class LastStable: write LastStable(...)"),
        (int, "the class int"),
        (5, "5"),
        (None, "None"),
        ("LastStable()", "'LastStable()'"),
        (small_registries, "a function"),
    ],
)
def test_only_strategies_are_checked(stranger: Any, words: str) -> None:
    """Anything else is refused; if the parentheses were forgotten, the message has them."""
    with pytest.raises(TypeError) as refusal:
        _ = check_strategy(stranger)
    assert str(refusal.value) == f"strategy must be a RollbackStrategy, not {words}"


def test_a_strategy_that_is_waived_is_not_asked_less() -> None:
    """A waiver changes the verdict, not what is asked; a violation has a report too."""
    waived = {"worse_evidence": "the second one decides here"}
    strategy, laws = worse_evidence.SecondGoodUnsaid(), ["known", "worse_evidence"]
    report = check_strategy(strategy, laws=laws, expected_failures=waived, labels=FEW)
    error = violation(strategy, laws=laws, labels=FEW)
    assert error.report.laws == ("known", "finds_a_target")
    assert attrs.evolve(report, waived={}) == error.report
