"""Section 3: what a strategy says of one version, as a frozen value."""

import pickle

import pytest

from lastgood import Candidate, InvalidLabel, InvalidText, Previous, Status, Version
from tests.registry.making import by_hand, deployed, idle, untyped

#: The words for each status, with a reason.
WORDS = {
    Status.UNPROVEN: "unproven",
    Status.STABLE: "stable",
    Status.FAILED: "failed",
    Status.ROLLED_BACK: "rolled back",
    Status.RETIRED: "retired",
}
BAD = [Status.FAILED, Status.ROLLED_BACK, Status.RETIRED]


def test_an_accepted_candidate() -> None:
    """A label is accepted with a reason."""
    candidate = Candidate.accept("v1.0", "the boss said so")
    assert candidate.version == "v1.0"
    assert candidate.accepted is True
    assert candidate.reason == "the boss said so"
    assert candidate.by == ""


def test_who_said_it_is_not_shown() -> None:
    """A candidate shows what was said; in a plan it would show the strategy again and again."""
    (said,) = Previous().review(deployed("1", "2"))
    assert said.by == "Previous()"
    assert repr(said) == "Candidate(version='1', accepted=True, reason='unproven')"


def test_a_rejected_candidate() -> None:
    """A label is rejected with a reason."""
    candidate = Candidate.reject("v1.0", "the boss said no")
    assert candidate.accepted is False
    assert candidate.reason == "the boss said no"


@pytest.mark.parametrize("status", Status)
def test_a_version_needs_no_reason(status: Status) -> None:
    """Of a version the reason may be left out: it is the status in words."""
    version = Version("v1.0", status)
    assert Candidate.accept(version).reason == WORDS[status]
    assert Candidate.reject(version).reason == WORDS[status]
    assert Candidate.reject(version).version == "v1.0"


@pytest.mark.parametrize("status", BAD)
def test_the_status_in_words_tells_why(status: Status) -> None:
    """The status in words has the recorded reason of what forbids a version."""
    version = idle(status)["it"]
    assert Candidate.reject(version).reason == f"{WORDS[status]}: the first reason"


def test_a_reason_that_is_told_counts() -> None:
    """A reason that is told takes the place of the status, an empty one too."""
    version = Version("v1.0", Status.FAILED)
    assert Candidate.reject(version, "because").reason == "because"
    assert Candidate.reject(version, "").reason == ""


def test_a_label_needs_a_reason() -> None:
    """Of a label alone nothing is known, so a reason must be told; the message says how."""
    with pytest.raises(TypeError, match="reason"):
        _ = untyped(Candidate.accept)("v1.0")
    with pytest.raises(TypeError, match="reason"):
        _ = untyped(Candidate.reject)("v1.0")


@pytest.mark.parametrize("version", [7, None, ["v1.0"], Version])
def test_a_candidate_is_of_a_version(version: object) -> None:
    """What is neither a version nor a label is a `TypeError`."""
    for told in (["because"], []):
        with pytest.raises(TypeError, match=r"known by its label, a str, .*: write str\(version\)"):
            _ = Candidate.accept(untyped(version), *told)


def test_a_candidate_checks_its_texts() -> None:
    """A label or a reason that cannot be one is refused."""
    with pytest.raises(InvalidLabel):
        _ = Candidate.accept("", "because")
    with pytest.raises(InvalidText):
        _ = Candidate.accept("v1.0", "\ud800")
    with pytest.raises(TypeError):
        _ = Candidate.accept("v1.0", untyped(7))


def test_candidates_are_equal_whoever_said_it() -> None:
    """Who said it is no part of what was said."""
    registry = deployed("1", "2")
    (said,) = Previous().plan(registry).considered
    own = Candidate.accept(registry["1"])
    assert said.by == "Previous()"
    assert own.by == ""
    assert said == own
    assert hash(said) == hash(own)
    assert said != Candidate.reject(registry["1"])
    assert said != Candidate.accept("1", "because")
    assert said != untyped(("1", True, "unproven"))


def test_a_copy_remembers_who_said_it() -> None:
    """A pickle keeps what equality leaves out."""
    (said,) = Previous().plan(deployed("1", "2")).considered
    assert pickle.loads(pickle.dumps(said)).by == "Previous()"


def test_a_candidate_is_frozen() -> None:
    """Nothing of a candidate can be set."""
    (candidate,) = by_hand(deployed("1", "2"), "1").considered
    for name in ("version", "accepted", "reason", "by", "more"):
        with pytest.raises(AttributeError):
            setattr(untyped(candidate), name, None)
