"""Section 2.4: the versions of strictly lower SemVer precedence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood import UnknownVersion, VersionRegistry
from tests.registry.making import deployed, labels, untyped
from tests.rows import each_row


def registered(*texts: str) -> VersionRegistry:
    """Return a registry of these versions."""
    registry = VersionRegistry()
    for label in texts:
        registry = registry.register(label)
    return registry


def below(registry: VersionRegistry, version: str) -> list[str]:
    """Return the labels below the version, highest first."""
    return labels(registry.below_in_semver(version))


def test_below_is_highest_first() -> None:
    """The order is that of precedence, not of registration, deployment or spelling."""
    registry = registered("1.9.0", "1.10.0", "1.2.0", "2.0.0").deploy("1.2.0")
    assert below(registry, "2.0.0") == ["1.10.0", "1.9.0", "1.2.0"]
    assert below(registry, "1.10.0") == ["1.9.0", "1.2.0"]
    assert below(registry, "1.2.0") == []


def test_below_is_strict() -> None:
    """A version of equal precedence is not below, however it is written."""
    registry = registered("1.0.0", "v1", "1.0", "1.0.0+build", "0.9")
    for label in ("1.0.0", "v1", "1.0", "1.0.0+build"):
        assert below(registry, label) == ["0.9"]


def test_prereleases_are_below_their_release() -> None:
    """Clause 11 of SemVer holds: numbers as numbers, pre-releases below the release."""
    registry = registered("1.0.0-rc.10", "1.0.0-rc.9", "1.0.0-alpha", "1.0.0", "0.9.9")
    assert below(registry, "1.0.0") == ["1.0.0-rc.10", "1.0.0-rc.9", "1.0.0-alpha", "0.9.9"]


def test_labels_that_are_not_semver_are_left_out() -> None:
    """Labels that SemVer cannot read are never below."""
    registry = registered("2024-05-01", "9f86d08", "1.0", "champion", "2.0")
    assert below(registry, "2.0") == ["1.0"]


@pytest.mark.parametrize("label", ["champion", "2024-05-01", "1.2.3.4"])
def test_nothing_is_below_a_label_that_is_not_semver(label: str) -> None:
    """The answer for a label that SemVer cannot read is empty."""
    assert below(registered("1.0", label), label) == []


def test_below_any_registered_version() -> None:
    """The version need not be current, nor have been deployed; its status does not matter."""
    registry = registered("1", "2", "3").mark_failed("1").retire("3")
    assert below(registry, "3") == ["2", "1"]


@each_row("version", ["2", "", "champion", 1, None, ["1"]])
def test_below_an_unknown_version(version: object) -> None:
    """A label that is not registered is `UnknownVersion`, at once and not on the first `next`."""
    with pytest.raises(UnknownVersion):
        _ = registered("1").below_in_semver(untyped(version))


def test_of_equal_ones_the_most_recently_deployed_comes_first() -> None:
    """Ties follow the last deployment, whatever the order of registration."""
    registry = registered("1.0.0+a", "1.0.0+b", "1.0.0+c", "2")
    registry = registry.deploy("1.0.0+b").deploy("1.0.0+c").deploy("1.0.0+a").deploy("1.0.0+b")
    assert below(registry, "2") == ["1.0.0+b", "1.0.0+a", "1.0.0+c"]


def test_of_equal_ones_that_were_never_deployed_the_latest_comes_first() -> None:
    """Without deployments ties follow registration, the most recent first."""
    assert below(registered("v1", "1.0", "1", "2"), "2") == ["1", "1.0", "v1"]


def test_a_deployed_version_comes_before_one_that_never_was() -> None:
    """Of equal ones, a deployed version comes before one that was registered later."""
    registry = registered("v1", "1.0", "1", "2").deploy("v1")
    assert below(registry, "2") == ["v1", "1", "1.0"]


def test_a_later_deployment_changes_ties() -> None:
    """Ties follow what is known now, also if the order was asked for before."""
    registry = registered("v1", "1.0", "2").deploy("1.0")
    assert below(registry, "2") == ["1.0", "v1"]
    assert below(registry.deploy("v1"), "2") == ["v1", "1.0"]
    assert below(registry, "2") == ["1.0", "v1"]


def test_annotations_and_verdicts_are_of_this_registry() -> None:
    """The versions have the facts of the registry that is asked."""
    registry = registered("1", "2")
    later = registry.annotate("1", {"warm": True}).mark_failed("1")
    assert [dict(version.metadata) for version in registry.below_in_semver("2")] == [{}]
    assert [version.status for version in later.below_in_semver("2")] == ["failed"]


def test_a_version_registered_later_is_found() -> None:
    """The order is right again after more was registered, anywhere in it."""
    registry = registered("5", "9")
    assert below(registry, "9") == ["5"]
    for label in ("7", "1", "8", "3"):
        registry = registry.register(label)
    assert below(registry, "9") == ["8", "7", "5", "3", "1"]


def test_few_versions_registered_later_are_found_in_a_large_registry() -> None:
    """The order is right if few are new among many."""
    registry = registered(*(f"1.{number}" for number in range(0, 200, 2)), "2")
    assert len(below(registry, "2")) == 100
    registry = registry.register("1.77").register("0.5").register("no version").register("1.199")
    found = below(registry, "2")
    assert found == sorted(found, key=lambda label: [*map(int, label.split("."))], reverse=True)
    assert len(found) == 103


def test_an_old_registry_does_not_see_later_versions() -> None:
    """A version that was registered later is not below in an earlier registry."""
    before = registered("1", "9")
    after = before.register("5")
    assert below(after, "9") == ["5", "1"]
    assert below(before, "9") == ["1"]


def test_an_old_registry_far_behind() -> None:
    """A registry of few versions answers right after one of many that came from it was asked."""
    before = registered("1", "5", "9")
    after = before
    for number in range(200):
        after = after.register(f"2.{number}")
    assert len(below(after, "9")) == 202
    assert below(before, "9") == ["5", "1"]
    assert len(below(after.register("3"), "9")) == 203
    assert below(before, "5") == ["1"]


def test_two_ways_from_one_registry() -> None:
    """Each of two registries that came from one has an order of its own."""
    before = registered("1", "9")
    left, right = before.register("5"), before.register("7")
    assert below(left, "9") == ["5", "1"]
    assert below(right, "9") == ["7", "1"]
    assert below(before, "9") == ["1"]


def test_an_answer_that_is_read_slowly() -> None:
    """An answer that is half read when more is registered goes on as of its registry."""
    registry = registered("1", "3", "5", "9")
    answer = registry.below_in_semver("9")
    assert next(answer).label == "5"
    grown = registry.register("4").register("2").register("6")
    assert below(grown, "9") == ["6", "5", "4", "3", "2", "1"]
    assert labels(answer) == ["3", "1"]


@given(
    numbers=st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 12)),
        max_size=12,
        unique=True,
    ),
    asked=st.integers(0, 12),
)
def test_below_is_sorted_and_complete(numbers: list[tuple[int, int, int]], asked: int) -> None:
    """Whatever is registered, in whatever order, all lower versions come in order."""
    registry = VersionRegistry()
    known = [(9, 9, 9)]
    registry = registry.register("9.9.9")
    for place, number in enumerate(numbers):
        registry = registry.register(".".join(map(str, number)))
        known.append(number)
        if place == asked:
            assert len(below(registry, "9.9.9")) == place + 1
    for number in known:
        lower = sorted((other for other in known if other < number), reverse=True)
        found = below(registry, ".".join(map(str, number)))
        assert found == [".".join(map(str, other)) for other in lower]


def test_below_is_an_iterator() -> None:
    """The answer can be read as far as needed."""
    answer = deployed("1", "2", "3").below_in_semver("3")
    assert iter(answer) is answer
    assert next(answer).label == "2"
