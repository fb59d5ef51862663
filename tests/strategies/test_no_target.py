"""`NoRollbackTarget`: why each version was rejected, and what would help.

The advice is derived from facts: statuses, and what the strategy passed over. The words of a
reason, which a rule or a strategy of one's own may choose freely, never change it.
"""

import pickle
from typing import Any

import pytest
from hypothesis import given

from lastgood import (
    BestBy,
    Candidate,
    LastgoodError,
    LastStable,
    NoRollbackTarget,
    Pinned,
    Previous,
    PreviousBySemver,
    RollbackStrategy,
    Version,
    VersionRegistry,
)
from lastgood.rules import Budget, Except, NotAcross
from tests.ids import shown
from tests.rows import each_row
from tests.scenarios.story import (
    back,
    bad,
    deploy,
    good,
    no_target,
    observe,
    ok,
    register,
    reinstate,
    retire,
    story,
    target,
    undeploy,
)
from tests.strategies.custom import AcceptsAll, Says
from tests.strategies.histories import REGISTRY, histories

reject = Candidate.reject


def advice(refusal: NoRollbackTarget) -> list[str]:
    """Return the lines of the message that come after the explanation."""
    message, explanation = str(refusal), refusal.explain()
    assert message.startswith(explanation)
    return [line for line in message[len(explanation) :].splitlines() if line]


def advised(refusal: NoRollbackTarget, words: str) -> bool:
    """Whether a line of the advice has these words."""
    return any(words in line for line in advice(refusal))


# What it carries


def test_it_is_a_lookup_error() -> None:
    """That there is nowhere to go is an error of the library, and a `LookupError`."""
    refusal = no_target(Says(()), REGISTRY)
    assert isinstance(refusal, LastgoodError)
    assert isinstance(refusal, LookupError)


def test_it_carries_every_candidate_as_it_came() -> None:
    """The refusal keeps what was said, in order and with duplicates."""
    said = (reject("v4", "too young"), reject("v1", "too old"), reject("v4", "far too young"))
    _ = no_target(Says(said), REGISTRY).considered[:3] == said


def test_it_names_what_was_never_mentioned() -> None:
    """After the candidates come the versions that were not mentioned, in registration order."""
    refusal = no_target(Says((reject("v2", "unproven"),)), REGISTRY)
    assert [candidate.version for candidate in refusal.considered] == ["v2", "v1", "v4", "v5"]
    assert not any(candidate.accepted for candidate in refusal.considered)


def test_it_carries_its_facts() -> None:
    """The refusal names the source, the strategy as code, and the revision."""
    refusal = no_target(Pinned("v5"), REGISTRY)
    assert (refusal.source, refusal.strategy) == ("v3", "Pinned('v5')")
    assert refusal.revision == REGISTRY.revision


def test_it_explains_itself() -> None:
    """The explanation, and the message with it, names every version with its reason."""
    refusal = no_target(Says((reject("v2", "not enough traffic yet"),)), REGISTRY)
    for words in ("v3", "v2", "not enough traffic yet", "v5", "retired"):
        assert words in refusal.explain()
        assert words in str(refusal)


@pytest.mark.parametrize(
    "strategy", [Pinned("v5"), LastStable().where(Except("v1")), AcceptsAll()], ids=shown
)
def test_it_survives_pickling(strategy: Any) -> None:
    """The refusal can be sent to another process with all that it carries."""
    refusal = no_target(strategy.where(Except("v1", "v2", "v4")), REGISTRY)
    copy: Any = pickle.loads(pickle.dumps(refusal))
    assert type(copy) is NoRollbackTarget
    assert copy.args == refusal.args
    assert (copy.source, copy.strategy, copy.revision, copy.considered, copy.ways_out) == (
        refusal.source,
        refusal.strategy,
        refusal.revision,
        refusal.considered,
        refusal.ways_out,
    )
    assert str(copy) == str(refusal)


def test_a_registry_of_one_version_has_nowhere_to_go() -> None:
    """A registry with one version says so without a candidate."""
    refusal = no_target(LastStable(), story(deploy("1"), bad("1")))
    assert refusal.considered == ()
    assert "1" in str(refusal)


# Advice from facts


@pytest.mark.parametrize(
    "registry",
    [
        story(deploy("1"), deploy("2"), bad("2")),
        story(deploy("1"), deploy("2"), observe("1"), reinstate("2"), deploy("3"), bad("3")),
    ],
    ids=["in the lineage", "and one that is not"],
)
def test_an_unproven_version_is_a_way_out(registry: VersionRegistry) -> None:
    """What served and has no verdict can be named, the nearest first; what is advised works."""
    assert advised(no_target(LastStable(), registry), "unproven can be named, if that is good")
    assert advised(no_target(LastStable(), registry), "Pinned('1')")
    assert target(Pinned("1"), registry) == "1"


def test_an_unproven_version_beside_the_lineage_is_a_way_out() -> None:
    """What served and left the lineage can be named too, once its hold is lifted."""
    registry = story(deploy("1"), deploy("2"), observe("1"), bad("1"))
    assert advised(no_target(LastStable(), registry), "reinstate('2'")
    registry = registry.reinstate("2")
    assert advised(no_target(LastStable(), registry), "Pinned('2')")
    assert target(Pinned("2"), registry) == "2"


@pytest.mark.parametrize(
    "registry",
    [
        story(deploy("0"), bad("0"), deploy("1"), bad("1")),
        story(register("0"), deploy("1"), bad("1")),
        story(deploy("0", digest="x"), deploy("1", digest="x"), bad("1")),
    ],
    ids=["failed", "never deployed", "failed contents"],
)
def test_what_could_not_be_the_target_is_not_named(registry: VersionRegistry) -> None:
    """The advice leads somewhere: a version is named only if it could be gone back to."""
    _ = no_target(Previous(), registry)
    assert not advised(no_target(LastStable(), registry), "Pinned(")


def test_what_a_rule_rejects_is_not_a_way_out() -> None:
    """No version is named that a rule of the strategy rejects, however near it is."""
    registry = story(deploy("0"), deploy("1"), deploy("2"), bad("2"))
    nearest = Previous().where(Except("0", "1"))
    for strategy in (nearest, LastStable().where(Budget(0))):
        assert not advised(no_target(strategy, registry), "Pinned(")
    farther = LastStable().where(Except("1"))
    assert advised(no_target(farther, registry), "Pinned('0')")
    assert not advised(no_target(farther, registry), "Pinned('1')")


@pytest.mark.parametrize("verdict", [bad("1"), retire("1")], ids=["failed", "retired"])
def test_a_bad_version_can_be_reinstated(verdict: Any) -> None:
    """A failed or retired version can be given another chance, by an event on record."""
    registry = story(good("1"), verdict, deploy("2"), bad("2"))
    assert advised(no_target(LastStable(), registry), "reinstate(")


def test_a_held_version_can_be_reinstated() -> None:
    """A hold can be lifted."""
    registry = story(good("1", "2"), back(LastStable(), leaving="2"), bad("1"))
    assert advised(no_target(LastStable(), registry), "reinstate(")


def test_failed_contents_name_the_version_that_failed() -> None:
    """If contents failed under another label, it is that version that can be reinstated."""
    registry = story(good("1", digest="x"), deploy("2"), register("twin", digest="x"))
    registry = story(bad("twin", "wrong config"), bad("2"), since=registry)
    refusal = no_target(LastStable(), registry)
    assert "'twin'" in str(refusal)
    assert advised(refusal, "reinstate(")


def test_without_anything_bad_nothing_is_reinstated() -> None:
    """If no other version is bad there is nothing to reinstate."""
    registry = story(deploy("1"), register("2"), deploy("3"), bad("3"))
    assert not advised(no_target(LastStable(), registry), "reinstate(")


def test_what_was_not_proposed_can_be_pinned() -> None:
    """A safe version that the strategy never mentioned can be named by hand; that works."""
    registry = story(good("1", "2"), observe("1"), reinstate("2"), bad("1"))
    assert advised(no_target(LastStable(), registry), "Pinned('2')")
    assert target(Pinned("2"), registry) == "2"


def test_what_is_not_safe_is_not_pinned() -> None:
    """The advice never names a version that could not be the target."""
    registry = story(register("2"), bad("2"), deploy("3"), bad("3"))
    assert not advised(no_target(LastStable(), registry), "Pinned(")


def test_a_misspelt_label_is_found_out() -> None:
    """A label that is not registered is named, with those that look like it."""
    registry = story(good("v1.0"), deploy("v1.1"), bad("v1.1"))
    refusal = no_target(Pinned("1.0"), registry)
    assert advised(refusal, "'v1.0'")


def test_a_new_version_is_the_last_way_out() -> None:
    """If nothing else helps, a new version is deployed."""
    assert (
        "deploy a new version" in advice(no_target(LastStable(), story(deploy("1"), bad("1"))))[-1]
    )


def test_no_advice_leads_to_a_second_rollback() -> None:
    """No line judges or leaves the current version by asking the registry for its label."""
    for strategy in (LastStable(), Previous(), PreviousBySemver(), BestBy("auc"), Pinned("v5")):
        for words in ("registry.current", "leaving="):
            assert words not in str(no_target(strategy.where(Except("v1", "v2", "v4")), REGISTRY))


def test_ways_out_are_labels() -> None:
    """The facts that the advice is made of are labels that the registry knows."""
    registry = story(
        deploy("1"), deploy("2"), bad("2"), register("3"), ok("3"), deploy("4"), bad("4")
    )
    found = no_target(LastStable().where(NotAcross("x")), registry).ways_out
    assert (found.unproven, found.bad, found.failed_as) == ("1", "2", None)


def test_contents_that_failed_twice() -> None:
    """Of contents that failed under two labels, the other label is to be reinstated first."""
    registry = VersionRegistry().register("1", digest="x").register("2", digest="x")
    registry = registry.deploy("1").deploy("2").mark_failed("1").mark_failed("2")
    registry = registry.register("3").deploy("3").mark_failed("3")
    found = no_target(LastStable(), registry).ways_out
    assert (found.failed_as, found.bad) == ("1", None)
    found = no_target(LastStable(), registry.reinstate("1")).ways_out
    assert (found.failed_as, found.bad) == ("2", "2")


ADVISED: tuple[RollbackStrategy, ...] = (
    LastStable(),
    Previous(),
    Pinned("1.0.0"),
    PreviousBySemver(),
    BestBy("score"),
    LastStable() | Pinned("nightly"),
)


@given(registry=histories(serving=False))
def test_every_advice_works(registry: VersionRegistry) -> None:
    """Whatever happened, to follow a line of the advice leads to a target."""
    for strategy in ADVISED:
        source = strategy.review(registry).source
        try:
            _ = strategy.plan(registry, leaving=source)
        except NoRollbackTarget as refusal:
            found = refusal.ways_out
        else:
            continue
        if found.unproven is not None:
            assert Pinned(found.unproven).review(registry).target == found.unproven
        if found.not_proposed is not None:
            assert Pinned(found.not_proposed).review(registry).target == found.not_proposed
        if found.bad is not None:
            after = registry.reinstate(found.bad)
            assert Pinned(found.bad).review(after).target == found.bad
        if found.failed_as is not None:
            assert cleared(registry, found.failed_as, source)


def cleared(registry: VersionRegistry, failed: str, source: str) -> bool:
    """Whether reinstating a failed version lets one of equal contents be the target.

    One that has a bad status of its own is the next advice, and reinstated too.
    """
    digest = registry[failed].digest
    for label in {*registry} - {failed, source}:
        after = registry.reinstate(failed).reinstate(label)
        if registry[label].digest == digest and Pinned(label).review(after).target == label:
            return True
    return False


# Words never change it


#: What a rule or a strategy of one's own may say, in the words of the library.
WORDS = [
    "failed over to CPU",
    "rolled back: the price",
    "retired engineers wrote it",
    "unproven",
    "unproven; never deployed",
    "not proposed by the committee",
    "not registered",
    "stable",
    "never deployed",
    "it has the contents of '9' (failed), digest x",
]


def quiet(_version: Version, _registry: VersionRegistry, /) -> str:
    """Reject everything in neutral words."""
    return "no"


REGISTRIES = {
    "all stable": story(good("1", "2"), deploy("3"), bad("3")),
    "one unproven": story(good("1"), deploy("2"), deploy("3"), bad("3")),
    "one failed": story(good("1"), deploy("2"), bad("2"), good("3"), deploy("4"), bad("4")),
    "one never deployed": story(good("1"), register("2"), deploy("3"), bad("3")),
}


@each_row("registry", REGISTRIES.values())
@each_row("words", WORDS)
def test_the_words_of_a_rule_do_not_change_the_advice(
    words: str, registry: VersionRegistry
) -> None:
    """A rule that answers "failed over to CPU" gives no version the status failed."""

    def loud(_version: Version, _registry: VersionRegistry, /) -> str:
        return words

    for strategy in (LastStable(), Previous(), Pinned("1")):
        one = no_target(strategy.where(loud), registry)
        other = no_target(strategy.where(quiet), registry)
        assert advice(one) == advice(other)
        assert one.ways_out == other.ways_out


@each_row("registry", REGISTRIES.values())
@each_row("words", WORDS)
def test_the_words_of_a_strategy_do_not_change_the_advice(
    words: str, registry: VersionRegistry
) -> None:
    """What a strategy of one's own says about a version does not change what is advised."""
    loud = no_target(Says(tuple(reject(label, words) for label in registry)), registry)
    mute = no_target(Says(tuple(reject(label, "no") for label in registry)), registry)
    assert advice(loud) == advice(mute)


def test_a_stable_version_is_not_reinstated_for_a_word() -> None:
    """A stable version that a rule rejects is not among what may be reinstated."""

    def on_cpu(_version: Version, _registry: VersionRegistry, /) -> str:
        return "failed over to CPU"

    registry = REGISTRIES["all stable"]
    assert not advised(no_target(LastStable().where(on_cpu), registry), "reinstate(")
    assert not advised(no_target(LastStable().where(Budget(0)), registry), "reinstate(")


def test_a_rule_that_raises_does_not_hide_the_refusal() -> None:
    """What a rule would say about a version that was never proposed makes no difference."""

    def only_of_two(version: Version, _registry: VersionRegistry, /) -> str:
        return {"2": "too hot"}[version.label]

    registry = story(deploy("1"), good("2"), deploy("3"), bad("3"))
    refusal = no_target(LastStable().where(only_of_two), registry)
    assert [(each.version, each.reason) for each in refusal.considered] == [
        ("2", "too hot"),
        ("1", "unproven"),
    ]


def test_after_an_undeploy_it_is_the_same() -> None:
    """What served last is what was to be left."""
    registry = story(deploy("1"), deploy("2"), bad("2"))
    before = no_target(LastStable(), registry)
    after = no_target(LastStable(), story(undeploy("2"), since=registry), leaving="2")
    assert (after.source, after.considered, after.ways_out) == (
        before.source,
        before.considered,
        before.ways_out,
    )
    assert advice(after) == advice(before)
