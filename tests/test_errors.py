"""Section 6: the errors, what they are, what they keep, and what they say."""

import copy
import pickle
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

import lastgood
from lastgood import (
    DuplicateVersion,
    IllegalTransition,
    InvalidData,
    InvalidLabel,
    InvalidMetadata,
    InvalidSemVer,
    InvalidText,
    InvalidTime,
    LastgoodError,
    LastStable,
    NoRollbackTarget,
    NotCurrent,
    NothingDeployed,
    Pinned,
    Previous,
    SemVer,
    StalePlan,
    Status,
    UnknownVersion,
    VersionRegistry,
    errors,
)
from tests.registry.making import by_hand, deployed, hour, untyped

FAILED = deployed("v1.0", "v1.1").mark_failed("v1.1", reason="p99\nlatency 900 ms")
STALE = Previous().plan(FAILED)

#: How each error comes about.
RAISED: dict[type[LastgoodError], Callable[[], object]] = {
    InvalidLabel: lambda: VersionRegistry().register(" v1"),
    InvalidText: lambda: FAILED.mark_failed("v1.0", reason="\ud800"),
    InvalidSemVer: lambda: SemVer.parse("v1"),
    InvalidMetadata: lambda: VersionRegistry().register("1", metadata={"auc": float("nan")}),
    InvalidTime: lambda: FAILED.deploy("v1.0", at=hour(0).replace(tzinfo=None)),
    InvalidData: lambda: VersionRegistry.from_dict({"format": 1, "events": [dict[str, object]()]}),
    DuplicateVersion: lambda: FAILED.register("v1.1"),
    IllegalTransition: lambda: FAILED.deploy("v1.1"),
    UnknownVersion: lambda: FAILED.deploy("v1.2"),
    NothingDeployed: lambda: VersionRegistry().current_version,
    NoRollbackTarget: lambda: LastStable().plan(FAILED),
    NotCurrent: lambda: LastStable().plan(FAILED, leaving="v1.0"),
    StalePlan: lambda: FAILED.roll_back(STALE).roll_back(STALE),
}

#: The standard type that a caller would catch.
STANDARD: dict[type[LastgoodError], type[Exception]] = {
    InvalidLabel: ValueError,
    InvalidText: ValueError,
    InvalidSemVer: ValueError,
    InvalidMetadata: ValueError,
    InvalidTime: ValueError,
    InvalidData: ValueError,
    DuplicateVersion: ValueError,
    IllegalTransition: ValueError,
    UnknownVersion: KeyError,
    NothingDeployed: LookupError,
    NoRollbackTarget: LookupError,
    NotCurrent: RuntimeError,
    StalePlan: RuntimeError,
}

#: The facts that each keeps.
FACTS: dict[type[LastgoodError], dict[str, object]] = {
    InvalidLabel: {"label": " v1"},
    InvalidText: {"text": "\ud800"},
    InvalidSemVer: {"text": "v1"},
    InvalidMetadata: {"key": "auc"},
    InvalidTime: {"when": datetime(2024, 5, 1, 12, tzinfo=UTC).replace(tzinfo=None)},
    InvalidData: {"place": "events[0].event"},
    DuplicateVersion: {
        "version": "v1.1",
        "status": Status.FAILED,
        "reason": "p99\nlatency 900 ms",
    },
    IllegalTransition: {
        "version": "v1.1",
        "status": Status.FAILED,
        "reason": "p99\nlatency 900 ms",
    },
    UnknownVersion: {"version": "v1.2"},
    NothingDeployed: {},
    NoRollbackTarget: {
        "source": "v1.1",
        "strategy": "LastStable()",
        "revision": FAILED.revision,
    },
    NotCurrent: {"version": "v1.0", "current": "v1.1"},
    StalePlan: {"source": "v1.1", "target": "v1.0", "revision": FAILED.revision},
}

#: What one must be able to read: what it is about, and what to do or what was expected.
WORDS: dict[type[LastgoodError], tuple[str, ...]] = {
    InvalidLabel: ("' v1'", "white space"),
    InvalidText: ("reason", "surrogate"),
    InvalidSemVer: ("'v1'", "Semantic Versioning"),
    InvalidMetadata: ("'auc'", "nan"),
    InvalidTime: ("2024-05-01 12:00:00", "no time zone", "UTC"),
    InvalidData: ("events[0].event", "missing"),
    DuplicateVersion: ("'v1.1'", "registered already", "failed (p99 latency 900 ms)"),
    IllegalTransition: (
        "'v1.1'",
        "failed",
        "p99 latency 900 ms",
        "deploy",
        "reinstate it first",
        "registry = registry.reinstate('v1.1'",
    ),
    UnknownVersion: ("'v1.2'", "not registered", "'v1.1'"),
    NothingDeployed: ("nothing is deployed", "registry = registry.deploy("),
    NoRollbackTarget: ("v1.1", "LastStable()", "v1.0", "unproven"),
    NotCurrent: ("'v1.0'", "'v1.1'", "current"),
    StalePlan: ("v1.1", "v1.0", f"revision {FAILED.revision}", "plan again"),
}

each_error = pytest.mark.parametrize("kind", RAISED, ids=lambda kind: kind.__name__)


def raised(kind: type[LastgoodError]) -> LastgoodError:
    """Return the error as it was raised."""
    with pytest.raises(kind) as refusal:
        _ = RAISED[kind]()
    assert type(refusal.value) is kind
    return refusal.value


def test_every_error_is_here() -> None:
    """The errors that there are, and no others, are tested below."""
    names = {kind.__name__ for kind in RAISED} | {"LastgoodError"}
    assert set(errors.__all__) == names
    assert set(STANDARD) == set(FACTS) == set(WORDS) == set(RAISED)


@each_error
def test_every_error_has_two_names(kind: type[LastgoodError]) -> None:
    """An error is exported from `lastgood` and from `lastgood.errors`."""
    assert getattr(lastgood, kind.__name__) is getattr(errors, kind.__name__) is kind


@each_error
def test_there_is_one_root(kind: type[LastgoodError]) -> None:
    """Every error is a `LastgoodError`, which is an `Exception`."""
    assert issubclass(kind, LastgoodError)
    assert issubclass(LastgoodError, Exception)


@each_error
def test_every_error_is_what_a_caller_would_catch(kind: type[LastgoodError]) -> None:
    """Every error also is the standard type, and none of the others."""
    standard = STANDARD[kind]
    assert issubclass(kind, standard)
    with pytest.raises(standard):
        _ = RAISED[kind]()
    others: set[type[Exception]] = {
        ValueError,
        LookupError,
        RuntimeError,
        TypeError,
        AttributeError,
    }
    assert not any(issubclass(kind, other) for other in others if not issubclass(standard, other))


@each_error
def test_every_error_keeps_its_facts(kind: type[LastgoodError]) -> None:
    """The facts are attributes, as they were told."""
    error = raised(kind)
    for name, fact in FACTS[kind].items():
        assert getattr(error, name) == fact


@each_error
def test_every_error_says_what_happened(kind: type[LastgoodError]) -> None:
    """The message names what it is about, and what to do."""
    message = str(raised(kind))
    for words in WORDS[kind]:
        assert words in message


@each_error
def test_every_message_is_one_line(kind: type[LastgoodError]) -> None:
    """A message is one line, but for the candidates that were considered."""
    lines = str(raised(kind)).splitlines()
    assert (len(lines) == 1) is (kind is not NoRollbackTarget)


@each_error
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_every_error_can_be_pickled(kind: type[LastgoodError], protocol: int) -> None:
    """What is unpickled has the type, the facts and the message, and the notes."""
    error = raised(kind)
    error.add_note("events[3]")
    twin = pickle.loads(pickle.dumps(error, protocol))
    assert type(twin) is kind
    assert str(twin) == str(error)
    assert twin.args == error.args
    assert vars(twin) == vars(error)
    assert twin.__notes__ == ["events[3]"]


def test_a_missing_label_is_not_shown_with_all_others() -> None:
    """The `repr` keeps of the labels what the message needs: those that look like it."""
    labels = tuple(f"v{place}.0" for place in range(600))
    error = UnknownVersion("v599", labels)
    assert error.labels == labels[100:]
    assert repr(error) == "UnknownVersion('v599', ('v599.0', 'v598.0', 'v597.0'), '')"
    assert str(UnknownVersion(*error.args)) == str(error)


@each_error
def test_every_error_is_made_of_its_facts(kind: type[LastgoodError]) -> None:
    """The `args` are what it was made of: made of them again, it knows and says the same."""
    error = raised(kind)
    twin = kind(*error.args)
    assert vars(twin) == vars(error)
    assert str(twin) == str(error)


def test_what_to_do_about_a_missing_label_is_one_of_its_facts() -> None:
    """A table in which the current version is missing tells its own way out, also when copied."""
    with pytest.raises(UnknownVersion) as refusal:
        _ = VersionRegistry.from_statuses({"a": "stable"}, current="zzz")
    assert (
        str(UnknownVersion(*refusal.value.args))
        == str(refusal.value)
        == (
            "version 'zzz' is not registered; "
            "add it to the table with its status, such as {'zzz': 'unproven'}"
        )
    )


@each_error
def test_every_error_can_be_copied(kind: type[LastgoodError]) -> None:
    """A copy says the same."""
    error = raised(kind)
    for twin in (copy.copy(error), copy.deepcopy(error)):
        assert type(twin) is kind
        assert str(twin) == str(error)
        assert vars(twin) == vars(error)


@each_error
def test_every_error_is_documented(kind: type[LastgoodError]) -> None:
    """The docstring of an error names each of its facts."""
    for name in FACTS[kind]:
        assert f"{name}:" in str(kind.__doc__)


@each_error
def test_no_look_up_of_ours_is_shown_as_a_cause(kind: type[LastgoodError]) -> None:
    """An error does not drag along how it was found out."""
    error = raised(kind)
    assert error.__cause__ is None or isinstance(error.__cause__, ValueError | TypeError)
    assert error.__context__ is None or error.__suppress_context__


# What the messages say


def test_a_close_label_is_proposed() -> None:
    """A label that is not registered names those that look like it; the closest come first."""
    error = raised(UnknownVersion)
    assert isinstance(error, UnknownVersion)
    assert set(error.close) == {"v1.0", "v1.1"}
    assert " more" not in str(error)


def test_a_label_that_resembles_no_other_is_to_be_registered() -> None:
    """Where no label looks like it, the line to write registers that very label."""
    with pytest.raises(UnknownVersion, match=r"registry = registry.register\('new'\)"):
        _ = FAILED.deploy("new")


def test_nobody_is_current() -> None:
    """Where nothing is deployed, a rollback that is replayed says so."""
    registry = VersionRegistry().register("1").register("2")
    event = deployed("1", "2")
    event = event.roll_back(by_hand(event, "1"))
    with pytest.raises(NotCurrent, match="nothing is") as refusal:
        _ = VersionRegistry.replay([*registry.events, event.events[-1]])
    assert refusal.value.current is None


def test_a_refusal_without_a_reason_names_the_status() -> None:
    """Where no reason was recorded the message has the status alone."""
    registry = deployed("v1.0", "v1.1")
    registry = registry.retire("v1.0")
    with pytest.raises(IllegalTransition, match="retired") as refusal:
        _ = registry.deploy("v1.0")
    assert refusal.value.reason == ""
    assert "()" not in str(refusal.value)


def test_a_rolled_back_version_is_named_in_words() -> None:
    """A status is written as people write it."""
    registry = deployed("v1.0", "v1.1")
    registry = registry.roll_back(by_hand(registry, "v1.0"), reason="slow")
    with pytest.raises(IllegalTransition, match=r"rolled back \(slow\)"):
        _ = registry.deploy("v1.1")


def test_a_refusal_carries_every_reason() -> None:
    """No target is an error that has every candidate with its reason, and explains itself."""
    registry = deployed("1", "2", "3").mark_failed("1", reason="slow").register("4")
    with pytest.raises(NoRollbackTarget) as refusal:
        _ = LastStable().plan(registry)
    considered = refusal.value.considered
    assert isinstance(considered, tuple)
    assert [candidate.version for candidate in considered] == ["2", "1", "4"]
    assert not any(candidate.accepted for candidate in considered)
    assert refusal.value.explain() in str(refusal.value)
    for candidate in considered:
        assert candidate.reason in str(refusal.value)


def test_a_refusal_without_any_other_version() -> None:
    """Where there is no other version at all, nothing was considered."""
    with pytest.raises(NoRollbackTarget) as refusal:
        _ = LastStable().plan(deployed("1").mark_failed("1"))
    assert refusal.value.considered == ()
    assert "1" in str(refusal.value)


HOSTILE = ["x" * 100_000, "a\nb" * 50_000, "\ud800" * 1_000, "\x1b[31m" * 9, "\u202e" * 9, "\x00"]


@pytest.mark.parametrize(
    "text", HOSTILE, ids=["long", "lines", "surrogates", "escape", "bidi", "null"]
)
def test_messages_about_hostile_texts_can_be_read(text: str) -> None:
    """Whatever text is refused, the message is short, on one line, and can be written."""
    registry = deployed("1", "2")
    jobs: list[Callable[[], object]] = [
        lambda: registry[text],
        lambda: registry.below(text),
        lambda: SemVer.parse(text),
        lambda: Pinned(text).plan(registry, leaving=text),
        lambda: VersionRegistry.from_dict({text: text}),
        lambda: VersionRegistry.from_dict({"format": text, "events": []}),
        lambda: VersionRegistry.from_dict({"format": 1, "events": [{"event": text}]}),
        lambda: VersionRegistry.from_statuses({"1": text}),
        lambda: VersionRegistry.from_statuses({"1": "stable"}, current=text),
        lambda: registry.register("3", metadata={text: untyped([])}),
    ]
    for job in jobs:
        with pytest.raises(LastgoodError) as refusal:
            _ = job()
        message = str(refusal.value)
        assert message.encode()
        assert len(message) < 1_000
        assert len(message.splitlines()) == 1
        assert "\x1b" not in message
        assert "\u202e" not in message


@pytest.mark.parametrize("reason", ["x" * 100_000, "a\nb" * 50_000, "\x1b[31m" * 9, "\u202e" * 9])
def test_messages_with_a_hostile_reason_can_be_read(reason: str) -> None:
    """Whatever reason was recorded, the messages that repeat it are short, and on one line."""
    registry = deployed("1", "2").mark_failed("1", reason=reason)
    jobs: list[Callable[[], object]] = [
        lambda: registry.deploy("1"),
        lambda: registry.register("1"),
        lambda: registry.roll_back(by_hand(registry, "1")),
        lambda: VersionRegistry.from_dict(
            {
                "format": 1,
                "events": [*registry.to_dict()["events"], {"event": "deployed", "version": "1"}],
            }
        ),
    ]
    for job in jobs:
        with pytest.raises(LastgoodError) as refusal:
            _ = job()
        message = str(refusal.value)
        assert len(message) < 1_000
        assert len(message.splitlines()) == 1
        assert "\x1b" not in message
        assert "\u202e" not in message


@pytest.mark.parametrize(
    "key",
    [10**5_000, object(), [[]], {}, b"x", 1.5, None, True, LastStable],
    ids=["huge", "object", "list", "dict", "bytes", "float", "none", "bool", "class"],
)
def test_messages_about_keys_of_other_types_can_be_read(key: object) -> None:
    """Whatever is looked up, the message can be read."""
    with pytest.raises(UnknownVersion) as refusal:
        _ = deployed("1")[untyped(key)]
    assert "str(version)" in str(refusal.value)
    assert len(str(refusal.value)) < 300
