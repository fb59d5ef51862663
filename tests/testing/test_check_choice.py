"""Comparing the choice of a strategy with an oracle finds what no law can: a wrong intent."""

from typing import Any

import pytest

from lastgood import LastStable, Pinned, Previous, SemVer, Status, VersionRegistry
from lastgood.testing import LAWS, StrategyLawViolation, check_choice, check_strategy
from tests.ids import shown
from tests.rows import each_row
from tests.testing import right
from tests.testing.messages import sections
from tests.testing.wrong import intent, never_raises, yields_candidates

#: Enough for what does not depend on how versions are called.
FEW = ("1.10.0", "1.9.0", "main")


def safe(registry: VersionRegistry) -> list[str]:
    """Return the labels that a plan may go back to, as plainly as can be, without their order."""
    failed: dict[str, str | None] = {}
    for event in registry.events:
        if event.kind == "marked_failed":
            failed[event.version] = registry[event.version].digest
        elif event.kind == "reinstated":
            _ = failed.pop(event.version, None)
    contents = {*failed.values()} - {None}
    return [
        version.label
        for version in registry.values()
        if version.status in {Status.STABLE, Status.UNPROVEN}
        and version.label != registry.current
        and version.digest not in contents
    ]


def nearest(registry: VersionRegistry) -> str | None:
    """Return the nearest version of the lineage that is safe."""
    served = [version.label for version in registry.lineage()]
    return next((label for label in served if label in safe(registry)), None)


def highest_stable_below(registry: VersionRegistry) -> str | None:
    """Return the highest stable release below the current one; of equal ones the latest."""
    current = SemVer.from_label(registry.current_version.label)
    found: str | None = None
    best: SemVer | None = None
    for label in safe(registry):
        semver = registry[label].semver
        stable = registry[label].status is Status.STABLE
        if semver is None or current is None or semver.prerelease or not stable:
            continue
        if semver < current and (best is None or best < semver):
            found, best = label, semver
    return found


def no_target(_: VersionRegistry) -> str | None:
    """Return that there is never a way back."""
    return None


def test_an_oracle_agrees() -> None:
    """A strategy that chooses what the oracle says is right, and the report says so."""
    report = check_choice(Previous(), nearest, digests=[None, "sha256:a"], labels=FEW)
    assert report.laws == ("choice", "finds_a_target")
    assert report.strategy == "Previous()"
    assert report.decisions >= report.registries > report.targets > 0


def test_versions_compared_as_strings() -> None:
    """Versions that are compared as texts keep every law, and an oracle sees them."""
    strategy = intent.BelowAsText()
    assert check_strategy(strategy, labels=FEW).laws == LAWS
    with pytest.raises(StrategyLawViolation) as caught:
        _ = check_choice(strategy, highest_stable_below)
    (registry,) = sections(caught.value)["choice"].registries()
    assert strategy.review(registry).target != highest_stable_below(registry)


@pytest.mark.parametrize(
    "strategy",
    [
        intent.BelowWithPrereleases(),
        intent.BelowWithoutMinors(),
        intent.BelowOrEqual(),
        intent.LatestRegisteredBelow(),
    ],
    ids=shown,
)
def test_versions_compared_wrongly(strategy: Any) -> None:
    """The labels are chosen so that other slips about SemVer are seen as well."""
    with pytest.raises(StrategyLawViolation, match="breaks choice"):
        _ = check_choice(strategy, highest_stable_below)


@each_row(
    "strategy",
    [
        right.DeploymentBefore(),
        right.RegisteredBefore(),
        right.OldestFirst(),
        right.MostDeployed(),
        LastStable(),
        Previous(steps=2),
    ],
)
def test_another_intent(strategy: Any) -> None:
    """A strategy that keeps the laws and means something else differs from the oracle."""
    with pytest.raises(StrategyLawViolation) as caught:
        _ = check_choice(strategy, nearest)
    assert [*sections(caught.value)] == ["choice"]


def test_rollbacks_tell_intents_apart() -> None:
    """Orders that agree until the first rollback differ in what comes after one."""
    with pytest.raises(StrategyLawViolation) as caught:
        _ = check_choice(intent.DeployedBefore(), nearest, labels=FEW)
    (registry,) = sections(caught.value)["choice"].registries()
    assert registry.deployments[-1].kind in {"rolled_back", "observed"}


def test_a_choice_where_there_is_none() -> None:
    """A strategy that finds something when the oracle finds nothing differs too."""
    with pytest.raises(StrategyLawViolation) as caught:
        _ = check_choice(Previous(), no_target, labels=FEW)
    said = sections(caught.value)["choice"]
    assert said.after("Expected") == "the oracle finds no version to go back to"


def test_two_that_never_find_anything() -> None:
    """If neither ever finds a target, nothing was checked, and that is a failure."""
    with pytest.raises(StrategyLawViolation) as caught:
        _ = check_choice(Pinned("v0"), no_target, labels=FEW)
    assert [*sections(caught.value)] == ["finds_a_target"]


def test_one_that_never_finds_anything() -> None:
    """If only the strategy never finds a target, both is reported at once."""
    with pytest.raises(StrategyLawViolation) as caught:
        _ = check_choice(Pinned("v0"), nearest, labels=FEW)
    assert [*sections(caught.value)] == ["choice", "finds_a_target"]


@pytest.mark.parametrize(
    ("strategy", "words"),
    [
        (never_raises.SecondToLast(), "raises IndexError"),
        (yields_candidates.YieldsLabels(), "yields '1.10.0'"),
        (yields_candidates.EndlessAcceptance(), "yields candidates without an end"),
    ],
    ids=["raises", "junk", "endless"],
)
def test_a_strategy_that_makes_no_choice(strategy: Any, words: str) -> None:
    """A strategy that raises, or yields no candidates, has not chosen what the oracle says."""
    with pytest.raises(StrategyLawViolation) as caught:
        _ = check_choice(strategy, nearest, labels=FEW)
    said = sections(caught.value)["choice"]
    assert said.after("The strategy").startswith(words)
    assert said.after("Expected") == "candidates"


def test_labels_and_metadata_are_those_that_were_given() -> None:
    """The registries are those that `small_registries` yields for the same arguments."""
    seen: set[str] = set()
    known: set[object] = set()

    def oracle(registry: VersionRegistry) -> str | None:
        seen.update(registry)
        known.update(version.metadata.get("auc") for version in registry.values())
        return nearest(registry)

    _ = check_choice(
        Previous(), oracle, labels=["1", "2"], metadata=[{"auc": 1}, {"auc": 2}], digests=[None]
    )
    assert seen == {"1", "2"}
    assert known == {1, 2}


def test_an_oracle_is_asked_only_if_something_serves() -> None:
    """An oracle need not think of undeploys: it is asked as if what served last served again."""
    undeployed: list[str] = []

    def oracle(registry: VersionRegistry) -> str | None:
        assert registry.current is not None
        if registry.events[-1].kind == "undeployed":
            undeployed.append(registry.current)
        return nearest(registry)

    assert check_choice(Previous(), oracle, labels=FEW).laws == ("choice", "finds_a_target")
    assert {*undeployed} == {*FEW}


@each_row(
    ("answer", "words"),
    [
        (7, "7"),
        (True, "True"),
        (("1.9.0",), "a tuple"),
        (LastStable, "the class LastStable"),
        (VersionRegistry().register("1")["1"], "a Version: return version.label"),
    ],
)
def test_answers_that_are_not_labels(answer: Any, words: str) -> None:
    """An oracle that returns neither a label nor `None` is refused; a version has the label."""
    with pytest.raises(TypeError) as refusal:
        _ = check_choice(Previous(), lambda registry: answer, labels=FEW)  # noqa: ARG005
    assert str(refusal.value) == f"the oracle must return a label or None, not {words}"


def test_an_oracle_that_raises() -> None:
    """What the oracle raises is the author's to see, as it is."""
    with pytest.raises(ZeroDivisionError):
        _ = check_choice(Previous(), lambda registry: str(1 / (len(registry) - 1)), labels=FEW)


@pytest.mark.parametrize("stranger", [LastStable, None, nearest])
def test_only_strategies_are_compared(stranger: Any) -> None:
    """Anything else is refused."""
    with pytest.raises(TypeError, match=r"^strategy must be a RollbackStrategy, not "):
        _ = check_choice(stranger, nearest)
