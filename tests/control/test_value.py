"""A conversation is a value, and refuses what is not an answer."""

import copy
import pickle
import pickletools
from collections.abc import Callable
from datetime import datetime
from typing import Any

import attrs
import pytest

from lastgood import InvalidLabel, InvalidTime, LastStable, VersionRegistry
from lastgood.control import (
    Annotate,
    Append,
    Conversation,
    Deploy,
    Done,
    Load,
    Look,
    Outcome,
    Register,
    RollBack,
    Seen,
    Serve,
    Wait,
    keep,
    record,
)
from tests.control.talking import told
from tests.rows import each_row
from tests.tools.control.worlds import NOW

REGISTRY = VersionRegistry.from_statuses({"1": "stable", "2": "failed"}, current="2")
NONE = VersionRegistry().fingerprint
OWN = REGISTRY.deployments[-1].revision
#: A conversation in each of its states.
TALKS = {
    "Load": keep(LastStable(), VersionRegistry()),
    "Append": told(keep(LastStable(), REGISTRY), ()),
    "Look": told(keep(LastStable(), REGISTRY), (), True),
    "Serve": told(keep(LastStable(), REGISTRY), (), True, Seen("2", OWN)),
    "Wait": told(keep(LastStable(), REGISTRY), None),
    "Done": told(keep(LastStable(), REGISTRY, attempts=1), None),
    "a change": record([Register("3"), Deploy("3", replacing="2")], REGISTRY),
}


def wrong(value: object) -> Any:
    """Return the value, past the type checker."""
    return value


each_state = each_row("state", TALKS)


@each_state
def test_a_conversation_is_a_value(state: str) -> None:
    """It can be kept between two calls of a handler: equal, hashable, picklable, immutable."""
    talk = TALKS[state]
    again = pickle.loads(pickle.dumps(talk))
    assert again == talk
    assert hash(again) == hash(talk)
    assert again.wants == talk.wants
    assert sum(talk == other for other in TALKS.values()) == 1
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        talk.wants = Look()  # type: ignore[misc]  # on purpose


@each_state
@each_row("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_names_public_modules_only(state: str, protocol: int) -> None:
    """A later release may move what has no public name, and still reads it."""
    pickled = pickle.dumps(TALKS[state], protocol)
    assert pickle.loads(pickled) == TALKS[state]
    texts = [str(text) for _, text, _ in pickletools.genops(pickled) if isinstance(text, str)]
    assert "lastgood.control" in {text.split(" ")[0] for text in texts}
    assert not [text for text in texts if text.startswith("lastgood") and "._" in text]


@each_state
def test_a_conversation_can_be_copied(state: str) -> None:
    """A copy is as good as the conversation itself, and goes on as it does."""
    for copied in (copy.copy(TALKS[state]), copy.deepcopy(TALKS[state])):
        assert copied == TALKS[state]
        if state != "Done":
            assert told(copied, None) == told(TALKS[state], None)


@each_state
def test_a_conversation_shows_what_it_wants(state: str) -> None:
    """Its `repr` says where it is, and leaves out what it knows."""
    assert repr(TALKS[state]) == f"<Conversation wants {TALKS[state].wants!r}>"


def test_an_answer_changes_nothing_that_was_handed_out() -> None:
    """Two answers to one conversation lead to two conversations, as a checker needs it."""
    talk = TALKS["Append"]
    assert told(talk, True) != told(talk, False)
    assert talk.wants == TALKS["Append"].wants


def test_what_is_told_at_the_same_time_is_the_same() -> None:
    """There is no clock and no chance inside."""
    assert told(keep(LastStable(), REGISTRY), (), None) == told(
        keep(LastStable(), REGISTRY), (), None
    )


WRONG: list[tuple[str, object, str]] = [
    ("Load", True, r"the answer to Load must be the events after `since`, not True"),
    ("Load", "v1", r"the answer to Load must be the events .*, not 'v1'"),
    ("Load", {"events": []}, r"the answer to Load must be the events .*, not a dict"),
    ("Append", 1, r"the answer to Append must be True, False or None, not 1"),
    ("Append", Seen("1", 2), r"not a Seen: look at the world when Look is wanted"),
    ("Look", "1", r"the answer to Look must be a Seen or None, not '1': write Seen\('v2', rev"),
    ("Look", True, r"the answer to Look must be a Seen or None, not True"),
    ("Serve", "taken", r"the answer to Serve must be True, False or None, not 'taken'"),
]


@each_row(("state", "answer", "message"), WRONG)
def test_what_is_no_answer_is_refused(state: str, answer: object, message: str) -> None:
    """The message says what the answer must be."""
    with pytest.raises(TypeError, match=message):
        _ = TALKS[state].told(wrong(answer), now=NOW)


def test_after_the_end_there_are_no_answers() -> None:
    """A driver that goes on has missed the end."""
    with pytest.raises(ValueError, match="the conversation is over: gave_up"):
        _ = told(TALKS["Done"], None)


@each_state
def test_the_time_has_a_zone(state: str) -> None:
    """It is recorded, so it must be a point in time."""
    with pytest.raises(InvalidTime):
        _ = TALKS[state].told(None, now=datetime(2026, 5, 1))  # noqa: DTZ001  # on purpose


@each_row(
    ("begin", "error", "message"),
    [
        (lambda: keep(wrong("last"), REGISTRY), TypeError, "expected a strategy, not 'last'"),
        (lambda: keep(LastStable(), wrong({})), TypeError, "registry must be a VersionRegistry"),
        (lambda: keep(LastStable(), REGISTRY, 0), ValueError, "looks must be at least 1, not 0"),
        (
            lambda: keep(LastStable(), REGISTRY, follow=wrong(1)),
            TypeError,
            "follow must be True",
        ),
        (lambda: keep(LastStable(), REGISTRY, attempts=0), ValueError, "attempts must be at least"),
        (lambda: keep(LastStable(), REGISTRY, skew="soon"), ValueError, "skew must be written"),
        (lambda: keep(LastStable(), REGISTRY, by=wrong(7)), TypeError, "by must be a str, not 7"),
        (
            lambda: record(wrong("v2"), REGISTRY),
            TypeError,
            "expected a change, not 'v2'",
        ),
        (
            lambda: record(wrong(7), REGISTRY),
            TypeError,
            r"not 7: write Deploy\('v2'\)",
        ),
        (lambda: record([], REGISTRY), ValueError, "there is nothing to record"),
        (lambda: record(Deploy("2"), REGISTRY, attempts=0), ValueError, "attempts must be at"),
        (
            lambda: record(Deploy("2"), wrong(None)),
            TypeError,
            "VersionRegistry, not None",
        ),
        (lambda: Deploy(""), InvalidLabel, "is empty"),
        (lambda: Deploy("2", replacing=wrong(1)), TypeError, "a label must be a str, not 1"),
        (lambda: Annotate("2", wrong(None)), TypeError, "metadata must be a mapping"),
        (lambda: RollBack(wrong("1")), TypeError, "plan must be a RollbackPlan, not '1'"),
        (lambda: Seen(wrong(1.1)), TypeError, "version must be a str or None, not 1.1"),
        (lambda: Seen("1", -1), ValueError, "revision must be at least 0, not -1"),
        (lambda: Serve("1", wrong(None)), TypeError, "revision must be an int, not None"),
        (lambda: Serve("1", 2, wrong(3)), TypeError, "plan must be a RollbackPlan or None, not 3"),
        (lambda: Append(0, NONE, wrong(1)), TypeError, "events must be events, not 1"),
        (lambda: Append(0, NONE, wrong([1])), TypeError, r"events\[0\] must be an Event, not 1"),
        (lambda: Append(0, NONE, (), wrong(3)), TypeError, "plan must be a RollbackPlan or None"),
        (lambda: Wait(wrong("3")), TypeError, "seconds must be a number, not '3'"),
        (lambda: Wait(True), TypeError, "seconds must be a number, not True"),
        (lambda: Wait(float("nan")), ValueError, "seconds must be from 0 to .*, not nan"),
        (lambda: Wait(float("inf")), ValueError, "seconds must be from 0 to .*, not inf"),
        (lambda: Wait(-1), ValueError, "seconds must be from 0 to .*, not -1"),
        (lambda: Done(wrong("nonsense")), TypeError, "outcome must be an Outcome, not 'nonsense'"),
        (lambda: Done(Outcome.SETTLED, wrong(7)), TypeError, "detail must be a str, not 7"),
    ],
)
def test_a_wrong_beginning_is_refused(
    begin: Callable[[], object], error: type[Exception], message: str
) -> None:
    """It is refused when it is made, and not in the middle of an incident."""
    with pytest.raises(error, match=message):
        _ = begin()


def test_requests_can_be_matched() -> None:
    """A driver takes them apart by position, and tells them apart by class."""
    match (
        Load(3, "3-0000002a"),
        Append(3, "3-0000002a", ()),
        Serve("1", 2),
        Wait(1),
        Done(Outcome.SETTLED),
    ):
        case Load(3, _), Append(3, _, (), None), Serve("1", 2, None), Wait(1.0), Done(outcome, ""):
            assert outcome == "settled"
        case other:
            raise AssertionError(other)


def test_outcomes_are_texts() -> None:
    """They can be compared, stored and printed."""
    assert [*Outcome] == [
        "settled",
        "no_target",
        "target_down",
        "moved_by_hand",
        "record_behind",
        "clock_ahead",
        "unreadable",
        "refused",
        "gave_up",
    ]


def test_a_conversation_is_annotated() -> None:
    """What users hold is named as they import it."""
    assert Conversation.__module__ == "lastgood.control"
