"""Section 2.4: what is known of a version, as a frozen value."""

import pytest

from lastgood import SemVer, Status, Version, VersionRegistry
from tests.registry.making import deployed, hour, untyped


def test_a_version_prints_as_its_label() -> None:
    """`str` of a version is its label."""
    version = deployed("v1.0")["v1.0"]
    assert str(version) == "v1.0"
    assert f"{version}" == "v1.0"


def test_a_version_made_by_hand() -> None:
    """A version has the defaults of one of which nothing is known but its label."""
    version = Version("v1.0")
    assert version == VersionRegistry().register("v1.0")["v1.0"]
    assert version.status is Status.UNPROVEN
    assert (version.reason, version.digest, version.times_deployed) == ("", None, 0)
    assert version.registered_at is None
    assert version.deployed_at is None
    assert dict(version.metadata) == {}


@pytest.mark.parametrize("label", ["v1.2", "1.2.0", "1.2"])
def test_a_label_that_is_a_version(label: str) -> None:
    """The label is read as SemVer where it is meant as one."""
    assert Version(label).semver == SemVer.parse("1.2.0")


@pytest.mark.parametrize("label", ["champion", "9f86d08", "2024-05-01", "1.2.3.4"])
def test_a_label_that_is_no_version(label: str) -> None:
    """Where the label is not meant as SemVer there is none."""
    assert Version(label).semver is None


def test_versions_are_equal_by_value() -> None:
    """Versions are equal where all that is known of them is."""
    one, two = deployed("1")["1"], deployed("1")["1"]
    assert one == two
    assert hash(one) == hash(two)
    assert one != deployed("1", "1")["1"]
    assert one != deployed("1").mark_stable("1")["1"]
    assert one != untyped("1")


def test_a_version_is_what_was_known_then() -> None:
    """A version does not change when more becomes known of it."""
    registry = deployed("1")
    before = registry["1"]
    after = registry.mark_failed("1", reason="slow")["1"]
    assert before.status is Status.UNPROVEN
    assert after.status is Status.FAILED


def test_the_repr_of_a_version_tells_its_facts() -> None:
    """One reads the label and the status in a traceback."""
    text = repr(VersionRegistry().register("v1.0", at=hour(0)).mark_failed("v1.0")["v1.0"])
    assert "'v1.0'" in text
    assert "FAILED" in text


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (Status.UNPROVEN, "unproven"),
        (Status.STABLE, "stable"),
        (Status.FAILED, "failed"),
        (Status.ROLLED_BACK, "rolled_back"),
        (Status.RETIRED, "retired"),
    ],
)
def test_a_status_is_read_by_its_word(status: Status, word: str) -> None:
    """The value of a status is the word of plain data."""
    assert status.value == word
    assert Status(word) is status
