"""Section 3: what a strategy says about one version, as a frozen value."""

import json
import pickle

import pytest

from lastgood import Candidate, InvalidLabel, InvalidText, Previous, Status, Version
from tests.registry.making import by_hand, deployed, idle, untyped
from tests.rows import each_row

#: The words for each status.
WORDS = {
    Status.UNPROVEN: "unproven",
    Status.STABLE: "stable",
    Status.FAILED: "failed",
    Status.ROLLED_BACK: "rolled back",
    Status.RETIRED: "retired",
}


def test_an_accepted_candidate() -> None:
    """A label is accepted with a reason."""
    candidate = Candidate.accept("v1.0", "the boss said so")
    assert candidate.version == "v1.0"
    assert candidate.accepted is True
    assert candidate.reason == "the boss said so"
    assert candidate.by == ""


def test_a_rejected_candidate() -> None:
    """A label is rejected with a reason."""
    candidate = Candidate.reject("v1.0", "the boss said no")
    assert candidate.accepted is False
    assert candidate.reason == "the boss said no"


def test_who_said_it_is_not_shown() -> None:
    """The repr of a candidate leaves `by` out: in a plan it would repeat the strategy."""
    (said,) = Previous().review(deployed("1", "2"))
    assert said.by == "Previous()"
    assert repr(said) == "Candidate(version='1', accepted=True, reason='unproven')"


@each_row("status", Status)
def test_a_version_needs_no_reason(status: Status) -> None:
    """The reason of a `Version` may be left out: it is the status in words."""
    version = Version("v1.0", status)
    assert Candidate.accept(version).reason == WORDS[status]
    assert Candidate.reject(version).reason == WORDS[status]
    assert Candidate.reject(version).version == "v1.0"


@pytest.mark.parametrize("status", [Status.FAILED, Status.ROLLED_BACK, Status.RETIRED])
def test_the_status_in_words_says_why(status: Status) -> None:
    """The status in words has the recorded reason why a version is refused."""
    version = idle(status)["it"]
    assert Candidate.reject(version).reason == f"{WORDS[status]}: the first reason"
    assert Candidate.reject(version).reason == version.status_text


def test_a_given_reason_counts() -> None:
    """A reason that is given takes the place of the status, an empty one too."""
    version = Version("v1.0", Status.FAILED)
    assert Candidate.reject(version, "because").reason == "because"
    assert Candidate.reject(version, "").reason == ""


def test_a_label_needs_a_reason() -> None:
    """A label alone needs a reason; the message shows the line to write."""
    with pytest.raises(TypeError, match="reason"):
        _ = untyped(Candidate.accept)("v1.0")
    with pytest.raises(TypeError, match="reason"):
        _ = untyped(Candidate.reject)("v1.0")


@pytest.mark.parametrize("version", [7, None, ["v1.0"], Version])
def test_a_candidate_is_of_a_version(version: object) -> None:
    """A value that is neither a version nor a label is a `TypeError`."""
    for given in (["because"], []):
        with pytest.raises(TypeError, match=r"str\(version\)"):
            _ = Candidate.accept(untyped(version), *given)


def test_a_candidate_checks_its_texts() -> None:
    """An invalid label or reason is refused."""
    with pytest.raises(InvalidLabel):
        _ = Candidate.accept("", "because")
    with pytest.raises(InvalidText):
        _ = Candidate.accept("v1.0", "\ud800")
    with pytest.raises(TypeError):
        _ = Candidate.accept("v1.0", untyped(7))


def test_candidates_are_equal_whoever_said_it() -> None:
    """`by` is not part of the equality."""
    registry = deployed("1", "2")
    (said,) = Previous().plan(registry, leaving="2").considered
    own = Candidate.accept(registry["1"])
    assert said.by == "Previous()"
    assert own.by == ""
    assert said == own
    assert hash(said) == hash(own)
    assert said != Candidate.reject(registry["1"])
    assert said != Candidate.accept("1", "because")
    assert said != untyped(("1", True, "unproven"))


def test_a_copy_remembers_who_said_it() -> None:
    """A pickle keeps `by`, which equality leaves out."""
    (said,) = Previous().plan(deployed("1", "2"), leaving="2").considered
    assert pickle.loads(pickle.dumps(said)).by == "Previous()"


def test_the_data_of_a_candidate() -> None:
    """A candidate has all its keys in plain JSON types, with who said it."""
    (said,) = Previous().review(deployed("1", "2"))
    data = said.to_dict()
    assert data == {"version": "1", "accepted": True, "reason": "unproven", "by": "Previous()"}
    assert json.loads(json.dumps(data)) == data
    assert Candidate.reject("1", "").to_dict() == {
        "version": "1",
        "accepted": False,
        "reason": "",
        "by": "",
    }


def test_a_candidate_is_frozen() -> None:
    """No attribute of a candidate can be set."""
    (candidate,) = by_hand(deployed("1", "2"), "1", source="2").considered
    for name in ("version", "accepted", "reason", "by", "more"):
        with pytest.raises(AttributeError):
            setattr(untyped(candidate), name, None)
