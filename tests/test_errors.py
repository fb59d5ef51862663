"""Section 6: the errors, what they are and what they keep; `test_words` has what they say."""

import copy
import pickle
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

import lastgood
from lastgood import (
    DuplicateVersion,
    Event,
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
    RollbackNotNeeded,
    SemVer,
    StalePlan,
    Status,
    UnknownVersion,
    VersionRegistry,
    errors,
)
from tests.registry.making import back, by_hand, deployed, hour, untyped
from tests.rows import each_row

FAILED = deployed("v1.0", "v1.1").mark_failed("v1.1", reason="p99\nlatency 900 ms")
STALE = Previous().plan(FAILED)

#: A version whose contents failed under another label, which is current.
TWIN = (
    VersionRegistry()
    .register("r12", digest="sha256:9f86d0")
    .deploy("r12")
    .register("r13", digest="sha256:9f86d0")
    .deploy("r13")
    .mark_failed("r13", reason="p99\n900 ms")
)

#: How each error comes about.
RAISED: dict[type[LastgoodError], Callable[[], object]] = {
    InvalidLabel: lambda: VersionRegistry().register(" v1"),
    InvalidText: lambda: FAILED.mark_failed("v1.0", reason="\ud800"),
    InvalidSemVer: lambda: SemVer.parse("v1"),
    InvalidMetadata: lambda: VersionRegistry().register("1", metadata={"auc": float("nan")}),
    InvalidTime: lambda: FAILED.deploy("v1.0", at=hour(0).replace(tzinfo=None)),
    InvalidData: lambda: VersionRegistry.from_dict({"format": 1, "events": [dict[str, object]()]}),
    DuplicateVersion: lambda: FAILED.register("v1.1", digest="sha256:9f86d0"),
    IllegalTransition: lambda: FAILED.deploy("v1.1"),
    UnknownVersion: lambda: FAILED.deploy("v1.2"),
    NothingDeployed: lambda: VersionRegistry().current_version,
    NoRollbackTarget: lambda: LastStable().plan(FAILED),
    NotCurrent: lambda: LastStable().plan(FAILED, leaving="v1.0"),
    RollbackNotNeeded: lambda: LastStable().plan(FAILED.deploy("v1.0")),
    StalePlan: lambda: FAILED.deploy("v1.0", reason="by\nhand").roll_back(STALE),
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
    RollbackNotNeeded: RuntimeError,
    StalePlan: RuntimeError,
}

#: The facts that each keeps.
FACTS: dict[type[LastgoodError], dict[str, object]] = {
    InvalidLabel: {"label": " v1"},
    InvalidText: {"text": "\ud800"},
    InvalidSemVer: {"text": "v1"},
    InvalidMetadata: {"key": "auc"},
    InvalidTime: {"when": datetime(2024, 5, 1, 12, tzinfo=UTC).replace(tzinfo=None)},
    InvalidData: {"place": "events[0].kind"},
    DuplicateVersion: {
        "version": "v1.1",
        "status": Status.FAILED,
        "reason": "p99\nlatency 900 ms",
    },
    IllegalTransition: {
        "version": "v1.1",
        "status": Status.FAILED,
        "reason": "p99\nlatency 900 ms",
        "attempted": "deploy",
        "failed_as": None,
        "failed_reason": "",
        "digest": None,
    },
    UnknownVersion: {"version": "v1.2", "labels": ("v1.0", "v1.1"), "remedy": ""},
    NothingDeployed: {"undeployed": None},
    NoRollbackTarget: {
        "source": "v1.1",
        "strategy": "LastStable()",
        "revision": FAILED.revision,
    },
    NotCurrent: {"version": "v1.0", "current": "v1.1"},
    RollbackNotNeeded: {
        "version": "v1.0",
        "status": Status.UNPROVEN,
        "reason": "",
        "serves": True,
    },
    StalePlan: {
        "source": "v1.1",
        "target": "v1.0",
        "revision": FAILED.revision,
        "event": Event("deployed", "v1.0", reason="by\nhand"),
        "at_revision": FAILED.revision + 1,
    },
}

each_error = each_row("kind", RAISED)


def raised(kind: type[LastgoodError]) -> LastgoodError:
    """Return the error as it was raised."""
    with pytest.raises(kind) as refusal:
        _ = RAISED[kind]()
    assert type(refusal.value) is kind
    return refusal.value


def test_every_error_is_here() -> None:
    """Every error is tested below."""
    names = {kind.__name__ for kind in RAISED} | {"LastgoodError"}
    assert set(errors.__all__) == names
    assert set(STANDARD) == set(FACTS) == set(RAISED)


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
    """The facts are attributes."""
    error = raised(kind)
    for name, fact in FACTS[kind].items():
        assert getattr(error, name) == fact


@each_error
def test_every_message_is_one_line(kind: type[LastgoodError]) -> None:
    """A message is one line, except the candidates that were considered."""
    lines = str(raised(kind)).splitlines()
    assert (len(lines) == 1) is (kind is not NoRollbackTarget)


@each_error
@each_row("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_every_error_can_be_pickled(kind: type[LastgoodError], protocol: int) -> None:
    """The unpickled error has the type, the facts, the message and the notes."""
    error = raised(kind)
    error.add_note("events[3]")
    twin = pickle.loads(pickle.dumps(error, protocol))
    assert type(twin) is kind
    assert str(twin) == str(error)
    assert twin.args == error.args
    assert vars(twin) == vars(error)
    assert twin.__notes__ == ["events[3]"]


def test_a_missing_label_is_not_shown_with_all_others() -> None:
    """The `repr` shows those labels that the message needs: the ones that look like it."""
    labels = tuple(f"v{place}.0" for place in range(600))
    error = UnknownVersion("v599", labels)
    assert error.labels == labels[100:]
    assert repr(error) == "UnknownVersion('v599', ('v599.0', 'v598.0', 'v597.0'), '')"
    assert str(UnknownVersion(*error.args)) == str(error)


@each_error
def test_every_error_is_made_of_its_facts(kind: type[LastgoodError]) -> None:
    """Made of its `args` again, it has the same facts and the same message."""
    error = raised(kind)
    twin = kind(*error.args)
    assert vars(twin) == vars(error)
    assert str(twin) == str(error)


def test_what_to_do_about_a_missing_label_is_one_of_its_facts() -> None:
    """For a table in which the current version is missing it is another line, in a copy as well."""
    with pytest.raises(UnknownVersion) as refusal:
        _ = VersionRegistry.from_statuses({"a": "stable"}, current="zzz")
    assert refusal.value.remedy in str(refusal.value)
    assert str(UnknownVersion(*refusal.value.args)) == str(refusal.value)


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
    """The cause of an error is never an error of our own look-ups."""
    error = raised(kind)
    assert error.__cause__ is None or isinstance(error.__cause__, ValueError | TypeError)
    assert error.__context__ is None or error.__suppress_context__


# What the messages say


def test_a_close_label_is_proposed() -> None:
    """An error about a label names the labels that look like it; the closest come first."""
    error = raised(UnknownVersion)
    assert isinstance(error, UnknownVersion)
    assert set(error.close) == {"v1.0", "v1.1"}
    assert " more" not in str(error)


@pytest.mark.parametrize("value", [1.10, 3, None])
def test_a_label_that_was_read_as_a_number(value: object) -> None:
    """YAML reads 1.10 as 1.1, so a float is not told to become a text: quotes are missing."""
    jobs: list[Callable[[], object]] = [
        lambda: FAILED[untyped(value)],
        lambda: FAILED.deploy(untyped(value)),
        lambda: Pinned(untyped(value)),
    ]
    for job in jobs:
        with pytest.raises((TypeError, KeyError)) as refusal:
            _ = job()
        quotes, text = ("quotes" in str(refusal.value), "str(version)" in str(refusal.value))
        assert (quotes, text) == ((True, False) if value == 1.10 else (False, True))


def test_nothing_serves() -> None:
    """If nothing was ever deployed, a rollback that is replayed says so."""
    registry = VersionRegistry().register("1").register("2")
    left = back(deployed("1", "2"), "1", source="2")
    with pytest.raises(NotCurrent) as refusal:
        _ = VersionRegistry.replay([*registry.events, left.events[-1]])
    assert refusal.value.current is None


def test_an_undeployed_version_is_named() -> None:
    """If nothing serves because of an undeploy, the error names what was undeployed."""
    registry = FAILED.undeploy("v1.1")
    with pytest.raises(NothingDeployed) as refusal:
        _ = registry.current_version
    assert refusal.value.undeployed == "v1.1"
    with pytest.raises(RollbackNotNeeded) as needless:
        _ = LastStable().plan(registry)
    assert (needless.value.version, needless.value.serves) == ("v1.1", False)
    assert needless.value.status is Status.FAILED
    with pytest.raises(NotCurrent) as other:
        _ = registry.deploy("v1.0", replacing="v1.1")
    assert (other.value.version, other.value.current) == ("v1.1", None)


@pytest.mark.parametrize("command", ["deploy", "mark_stable", "roll_back"])
def test_failed_contents_are_named(command: str) -> None:
    """A refusal for the contents keeps the label that failed, its reason, and the digest."""
    jobs: dict[str, Callable[[], object]] = {
        "deploy": lambda: TWIN.deploy("r12"),
        "mark_stable": lambda: TWIN.mark_stable("r12"),
        "roll_back": lambda: back(TWIN, "r12", source="r13"),
    }
    with pytest.raises(IllegalTransition) as refusal:
        _ = jobs[command]()
    error, message = refusal.value, str(refusal.value)
    assert (error.version, error.status, error.attempted) == ("r12", Status.UNPROVEN, command)
    assert (error.failed_as, error.failed_reason) == ("r13", "p99\n900 ms")
    assert error.digest == "sha256:9f86d0"
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error), type(error)(*error.args)):
        assert (str(twin), vars(twin)) == (message, vars(error))


def test_the_way_out_of_failed_contents_works() -> None:
    """Followed to the letter, the message about contents that failed leads to the rollback."""
    registry = TWIN.reinstate("r13", reason="only its configuration was wrong")
    registry = registry.roll_back(Previous().plan(registry, leaving="r13"))
    assert registry.current == "r12"


@pytest.mark.parametrize(
    "registry",
    [
        deployed("v1.0"),
        deployed("a", "b", "c"),
        deployed("v1.0", "v1.1").mark_failed("v1.1", reason="other"),
    ],
    ids=["younger", "other", "another course"],
)
def test_a_plan_of_another_registry(registry: VersionRegistry) -> None:
    """No event made such a plan stale: the error has the revision of this registry instead."""
    with pytest.raises(StalePlan) as refusal:
        _ = registry.roll_back(STALE)
    assert refusal.value.event is None
    assert refusal.value.at_revision == registry.revision
    twin = pickle.loads(pickle.dumps(refusal.value))
    assert (str(twin), vars(twin)) == (str(refusal.value), vars(refusal.value))


# No message leads to a second rollback


@each_error
def test_no_message_leads_to_a_second_rollback(kind: type[LastgoodError]) -> None:
    """A plan that a message asks for is one that is needed, or leaves a label that is named.

    None asks the registry for the label of the version to judge or to leave.
    """
    message = str(raised(kind))
    assert "registry.current" not in message
    for before in message.split("strategy.plan(registry)")[:-1]:
        assert before.endswith("if registry.needs_rollback: plan = ")


def test_a_retry_that_follows_the_messages_steps_back_once() -> None:
    """A job that runs again and again, and obeys each message, ends where it went first."""
    registry = deployed("1", "2", "3", "4")
    for label in "123":
        registry = registry.mark_stable(label)
    registry = registry.mark_failed("4", reason="p99 900 ms")
    plan = LastStable().plan(registry)
    for _ in range(4):
        registry = registry.roll_back(plan)
        with pytest.raises(NotCurrent):
            _ = LastStable().plan(registry, leaving="4")
        with pytest.raises(RollbackNotNeeded):
            _ = LastStable().plan(registry)
        if registry.needs_rollback:
            plan = LastStable().plan(registry)
    assert registry.current == "3"
    assert [each.kind for each in registry.deployments].count("rolled_back") == 1


def test_a_refusal_without_a_reason_names_the_status() -> None:
    """Without a recorded reason the message has the status alone."""
    registry = deployed("v1.0", "v1.1")
    registry = registry.retire("v1.0")
    with pytest.raises(IllegalTransition, match="retired") as refusal:
        _ = registry.deploy("v1.0")
    assert refusal.value.reason == ""
    assert "()" not in str(refusal.value)


def test_a_rolled_back_version_is_named_in_words() -> None:
    """A status is written as people write it."""
    registry = deployed("v1.0", "v1.1")
    registry = back(registry, "v1.0", source="v1.1", reason="slow")
    with pytest.raises(IllegalTransition, match=r"rolled back \(slow\)"):
        _ = registry.deploy("v1.1")


def test_a_refusal_carries_every_reason() -> None:
    """No target is an error that has every candidate with its reason, and explains itself."""
    registry = deployed("1", "2", "3").mark_failed("1", reason="slow").register("4")
    with pytest.raises(NoRollbackTarget) as refusal:
        _ = LastStable().plan(registry, leaving="3")
    considered = refusal.value.considered
    assert isinstance(considered, tuple)
    assert [candidate.version for candidate in considered] == ["2", "1", "4"]
    assert not any(candidate.accepted for candidate in considered)
    assert refusal.value.explain() in str(refusal.value)
    for candidate in considered:
        assert candidate.reason in str(refusal.value)
    assert refusal.value.args[-1] is refusal.value.ways_out


def test_a_refusal_without_any_other_version() -> None:
    """Where there is no other version at all, nothing was considered."""
    with pytest.raises(NoRollbackTarget) as refusal:
        _ = LastStable().plan(deployed("1").mark_failed("1"))
    assert refusal.value.considered == ()
    assert "1" in str(refusal.value)


HOSTILE = ["x" * 100_000, "a\nb" * 50_000, "\ud800" * 1_000, "\x1b[31m" * 9, "\u202e" * 9, "\x00"]


@each_row("text", HOSTILE)
def test_messages_about_hostile_texts_can_be_read(text: str) -> None:
    """Whatever text is refused, the message is short, on one line, and can be written."""
    registry = deployed("1", "2")
    jobs: list[Callable[[], object]] = [
        lambda: registry[text],
        lambda: registry.below_in_semver(text),
        lambda: SemVer.parse(text),
        lambda: Pinned("1").plan(registry, leaving=text),
        lambda: VersionRegistry.from_dict({text: text}),
        lambda: VersionRegistry.from_dict({"format": text, "events": []}),
        lambda: VersionRegistry.from_dict({"format": 1, "events": [{"kind": text}]}),
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
        lambda: registry.register("1", digest=reason),
        lambda: registry.roll_back(by_hand(registry, "1", source="2")),
        lambda: LastStable().plan(registry.mark_stable("2", reason=reason)),
        lambda: registry.deploy("1", replacing="1"),
        lambda: registry.reinstate("1", reason=reason).roll_back(
            by_hand(registry, "1", source="1")
        ),
        lambda: VersionRegistry.from_dict(
            {
                "format": 1,
                "events": [*registry.to_dict()["events"], {"kind": "deployed", "version": "1"}],
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


@each_row(
    "key",
    [10**5_000, object(), [[]], {}, b"x", None, True, LastStable],
)
def test_messages_about_keys_of_other_types_can_be_read(key: object) -> None:
    """Whatever is looked up, the message can be read, and says to write a text."""
    with pytest.raises(UnknownVersion) as refusal:
        _ = deployed("1")[untyped(key)]
    assert "str(version)" in str(refusal.value)
    assert len(str(refusal.value)) < 300
