"""Section 2.4: a version and a deployment of it, as frozen values."""

import json
from typing import Any

import pytest

from lastgood import Deployment, SemVer, Status, Version, VersionRegistry
from tests.registry.making import NOON, back, deployed, hour, idle, untyped
from tests.rows import each_row


def test_a_version_prints_as_its_label() -> None:
    """`str` of a version is its label."""
    version = deployed("v1.0")["v1.0"]
    assert str(version) == "v1.0"
    assert f"{version}" == "v1.0"


def test_a_version_made_by_hand() -> None:
    """A version of which only the label is given is as one that was just registered."""
    version = Version("v1.0")
    assert version == VersionRegistry().register("v1.0")["v1.0"]
    assert version.status is Status.UNPROVEN
    assert (version.reason, version.digest, version.times_deployed) == ("", None, 0)
    assert version.registered_at is None
    assert version.deployed_at is None
    assert dict(version.metadata) == {}


@pytest.mark.parametrize("label", ["v1.2", "1.2.0", "1.2"])
def test_a_label_that_is_semver(label: str) -> None:
    """A label that SemVer can read has its `SemVer`."""
    assert Version(label).semver == SemVer.parse("1.2.0")


@pytest.mark.parametrize("label", ["champion", "9f86d08", "2024-05-01", "1.2.3.4"])
def test_a_label_that_is_not_semver(label: str) -> None:
    """A label that SemVer cannot read has `None`."""
    assert Version(label).semver is None


@each_row(
    ("version", "text"),
    [
        (Version("1"), "unproven"),
        (Version("1", Status.UNPROVEN, "false alarm"), "unproven: false alarm"),
        (Version("1", Status.STABLE, "24 h"), "stable: 24 h"),
        (Version("1", Status.FAILED, "tokenizer mismatch"), "failed: tokenizer mismatch"),
        (Version("1", Status.ROLLED_BACK, "p99 900 ms"), "rolled back: p99 900 ms"),
        (Version("1", Status.ROLLED_BACK), "rolled back"),
        (Version("1", Status.RETIRED, "licence"), "retired: licence"),
    ],
)
def test_the_status_in_words(version: Version, text: str) -> None:
    """`status_text` is the status as people write it, with its reason."""
    assert version.status_text == text


def test_a_hold_without_a_reason_in_words() -> None:
    """A version that was left without a reason says once where the rollback went."""
    version = back(deployed("v1.0", "v1.1"), "v1.0", source="v1.1")["v1.1"]
    assert version.reason == version.status_text == "rolled back to v1.0"


def test_versions_are_equal_by_value() -> None:
    """Versions are equal if all their facts are."""
    one, two = deployed("1")["1"], deployed("1")["1"]
    assert one == two
    assert hash(one) == hash(two)
    assert one != deployed("1", "1")["1"]
    assert one != deployed("1").mark_stable("1")["1"]
    assert one != deployed("1").annotate("1", {"a": 1})["1"]
    assert one != untyped("1")


def test_a_version_is_of_its_revision() -> None:
    """A version does not change when more is recorded."""
    registry = deployed("1")
    before = registry["1"]
    after = registry.mark_failed("1", reason="slow")["1"]
    assert before.status is Status.UNPROVEN
    assert after.status is Status.FAILED


def test_the_repr_of_a_version_shows_its_facts() -> None:
    """The label and the status can be read in a traceback."""
    text = repr(VersionRegistry().register("v1.0", at=hour(0)).mark_failed("v1.0")["v1.0"])
    assert "'v1.0'" in text
    assert "FAILED" in text or "failed" in text


def test_the_data_of_a_version() -> None:
    """A version has all its keys in plain JSON types, so that a web framework takes it."""
    registry = VersionRegistry().register("v1", metadata={"auc": 0.9}, digest="x", at=hour(0))
    registry = registry.deploy("v1", at=hour(1)).mark_failed("v1", reason="slow")
    assert registry["v1"].to_dict() == {
        "label": "v1",
        "status": "failed",
        "reason": "slow",
        "metadata": {"auc": 0.9},
        "digest": "x",
        "registered_at": "2024-05-01T12:00:00+00:00",
        "deployed_at": "2024-05-01T13:00:00+00:00",
        "times_deployed": 1,
    }
    assert Version("v1").to_dict() == {
        "label": "v1",
        "status": "unproven",
        "reason": "",
        "metadata": {},
        "digest": None,
        "registered_at": None,
        "deployed_at": None,
        "times_deployed": 0,
    }


@each_row("status", Status)
def test_the_data_of_a_version_is_plain(status: Status) -> None:
    """Nothing but JSON types is in the data, and it is a copy."""
    version = idle(status).annotate("it", {"note": "kept"})["it"]
    data: Any = version.to_dict()
    assert json.loads(json.dumps(data)) == data
    assert type(data["status"]) is str
    data["metadata"]["note"] = "changed"
    assert version.metadata["note"] == "kept"


# Statuses


@each_row(
    ("status", "word", "words"),
    [
        (Status.UNPROVEN, "unproven", "unproven"),
        (Status.STABLE, "stable", "stable"),
        (Status.FAILED, "failed", "failed"),
        (Status.ROLLED_BACK, "rolled_back", "rolled back"),
        (Status.RETIRED, "retired", "retired"),
    ],
)
def test_a_status_is_a_text(status: Status, word: str, words: str) -> None:
    """A status is a `str`, the word of plain data, and is written out as that word."""
    assert status == word
    assert status.value == word
    assert Status(word) is status
    assert f"{status}" == str(status) == word
    assert json.dumps({"status": status}) == f'{{"status": "{word}"}}'
    assert {word: 1}[status] == 1
    assert status.words == words


# Deployments


def test_a_deployment_has_its_facts() -> None:
    """A deployment says which version served, from when to when, how it came about and who says."""
    registry = deployed("1").register("2").deploy("2", at=hour(0), reason="nightly", by="job 7")
    registry = back(registry, "1", source="2", at=hour(2), reason="slow", by="ana")
    assert list(registry.deployments) == [
        Deployment(2, "1", None, hour(0), "deployed", rewound=False, reason="", by=""),
        Deployment(4, "2", NOON, hour(2), "deployed", rewound=False, reason="nightly", by="job 7"),
        Deployment(5, "1", hour(2), None, "rolled_back", rewound=True, reason="slow", by="ana"),
    ]


def test_the_data_of_a_deployment() -> None:
    """A deployment has all its keys in plain JSON types."""
    registry = deployed("1").register("2").deploy("2", at=hour(0), reason="nightly", by="job 7")
    first, second = (deployment.to_dict() for deployment in registry.deployments)
    assert first == {
        "revision": 2,
        "version": "1",
        "at": None,
        "ended_at": "2024-05-01T12:00:00+00:00",
        "kind": "deployed",
        "rewound": False,
        "reason": "",
        "by": "",
    }
    assert second == {
        "revision": 4,
        "version": "2",
        "at": "2024-05-01T12:00:00+00:00",
        "ended_at": None,
        "kind": "deployed",
        "rewound": False,
        "reason": "nightly",
        "by": "job 7",
    }
    assert json.loads(json.dumps(second)) == second


def test_deployments_are_equal_by_value() -> None:
    """Deployments are equal if all their facts are."""
    one, two = deployed("1").deployments[0], deployed("1").deployments[0]
    assert one == two
    assert hash(one) == hash(two)
    assert one != deployed("2").deployments[0]
    assert one != deployed("0", "1").deployments[1]
    assert one != untyped("1")


def test_versions_and_deployments_are_frozen() -> None:
    """No attribute of a version or a deployment can be set."""
    registry = deployed("1")
    for part in (registry["1"], registry.deployments[0]):
        for name in (*part.to_dict(), "semver", "status_text", "more"):
            with pytest.raises(AttributeError):
                setattr(untyped(part), name, None)
