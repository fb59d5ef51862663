"""Section 2.4: the registry as a value."""

import pickle
from copy import copy, deepcopy

import pytest

import lastgood
from lastgood import Previous, Status, VersionRegistry
from tests.registry.making import answers, back, by_hand, deployed, hour, idle, serving, untyped
from tests.rows import each_row


def rich() -> VersionRegistry:
    """Return a registry with events of every kind."""
    registry = VersionRegistry().register(
        "v1", metadata={"auc": 0.9, "note": None}, digest="x", at=hour(1)
    )
    registry = registry.deploy("v1", at=hour(2)).mark_stable("v1", reason="fine", by="ana")
    registry = registry.register("v2").deploy("v2").mark_failed("v2", reason="slow", at=hour(3))
    registry = back(registry, "v1", source="v2", reason="paged")
    registry = registry.reinstate("v2").retire("v2").observe("v2").annotate("v2", {"warm": True})
    return registry.undeploy("v2").with_clock(hour(9))


REGISTRIES = {
    "empty": VersionRegistry(),
    "empty with a clock": VersionRegistry().with_clock(hour(1)),
    "registered": VersionRegistry().register("1"),
    "rich": rich(),
    "from the past": rich().at_revision(4),
    "the one before a longer one": rich().at_revision(8),
    "held": idle(Status.ROLLED_BACK),
    "serving again": serving(Status.ROLLED_BACK),
}
each_registry = each_row("kind", REGISTRIES)


# Equality


def test_equal_events_make_equal_registries() -> None:
    """Registries with equal events and clocks are equal, however they came about."""
    one, two = rich(), rich()
    assert one is not two
    assert one == two
    assert hash(one) == hash(two)


def test_equality_is_about_the_events_so_far() -> None:
    """Events that were recorded later in another registry do not matter."""
    before = deployed("1")
    after = before.register("2")
    assert before == deployed("1")
    assert before != after
    assert after.at_revision(2) == before


def test_two_ways_that_meet() -> None:
    """Registries that went two ways are equal if the same was recorded."""
    before = deployed("1")
    assert before.register("2") == before.register("2")
    assert before.register("2") != before.register("3")


@each_row(
    "other",
    [
        deployed("1").mark_failed("1", reason="x"),
        deployed("1").mark_failed("1", reason="x", at=hour(1)).with_clock(hour(2)),
        deployed("1").mark_failed("1", reason="y", at=hour(1)),
        deployed("1").mark_failed("1", reason="x", at=hour(2)),
        deployed("1").retire("1", reason="x", at=hour(1)),
        deployed("1").mark_failed("1", reason="x", by="ana", at=hour(1)),
        deployed("1").mark_failed("1", reason="x", at=hour(1)).retire("1"),
        deployed("1"),
        VersionRegistry(),
    ],
)
def test_what_makes_registries_differ(other: VersionRegistry) -> None:
    """Registries that differ in one event or in their clock are not equal."""
    assert deployed("1").mark_failed("1", reason="x", at=hour(1)) != other


def test_the_clock_is_part_of_the_value() -> None:
    """The same events with another clock make another registry."""
    registry = deployed("1")
    assert registry.with_clock(hour(1)) != registry
    assert registry.with_clock(hour(1)) == registry.with_clock(hour(1))
    assert hash(registry.with_clock(hour(1))) == hash(registry.with_clock(hour(1)))


@each_row("other", [{}, None, 0, "", (), [], object()])
def test_a_registry_equals_no_stranger(other: object) -> None:
    """Though it is a mapping, a registry equals registries only."""
    assert VersionRegistry() != other
    assert deployed("1") != other


def test_a_registry_equals_no_dict_of_its_versions() -> None:
    """The versions alone are not what a registry is."""
    registry = deployed("1")
    assert registry != dict(registry)
    assert dict(registry) != registry


def test_comparing_with_a_stranger_is_left_to_the_stranger() -> None:
    """The other operand is asked if it has an answer."""

    class Anything:
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = object.__hash__

    assert deployed("1") == Anything()


def test_registries_can_be_kept_in_sets() -> None:
    """Equal registries are one in a set or as a key."""
    assert len({rich(), rich(), rich().at_revision(4), rich().at_revision(4), deployed("1")}) == 3


def test_the_hash_stays() -> None:
    """The hash of a registry does not change when others come from it."""
    registry = deployed("1")
    before = hash(registry)
    kept = {registry: "here"}
    after = registry.register("2").deploy("2")
    assert hash(registry) == before
    assert registry in kept
    assert after not in kept


# Copies


@each_registry
def test_a_registry_can_be_pickled(kind: str) -> None:
    """An unpickled registry is equal, with its clock, and gives the same answers."""
    registry = REGISTRIES[kind]
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        twin = pickle.loads(pickle.dumps(registry, protocol))
        assert type(twin) is VersionRegistry
        assert twin == registry
        assert answers(twin) == answers(registry)


@each_registry
def test_a_registry_can_be_copied(kind: str) -> None:
    """A copy, shallow or deep, is equal."""
    registry = REGISTRIES[kind]
    for twin in (copy(registry), deepcopy(registry), deepcopy([registry])[0]):
        assert twin == registry
        assert answers(twin) == answers(registry)


def test_an_unpickled_registry_goes_its_own_way() -> None:
    """An unpickled registry can be extended, and so can the original."""
    registry = rich()
    twin = pickle.loads(pickle.dumps(registry))
    left, right = registry.register("left"), twin.register("right")
    assert "right" not in left
    assert "left" not in right
    assert left != right


def test_a_pickle_does_not_know_the_future() -> None:
    """Events that were recorded later in another registry are not in the pickle."""
    before = deployed("1")
    size = len(pickle.dumps(before))
    after = before.register("top secret")
    assert len(after) == 2
    assert len(pickle.dumps(before)) == size
    assert b"top secret" not in pickle.dumps(before)


def test_everything_in_a_registry_can_be_hashed_copied_and_pickled() -> None:
    """Versions, events, deployments and metadata are values, too."""
    registry = rich()
    parts: list[object] = [
        *registry.values(),
        *registry.events,
        *registry.deployments,
        registry["v1"].metadata,
        registry["v1"].semver,
        registry["v1"].status,
        registry.events,
        registry.deployments,
        registry.deployments_of("v1"),
        by_hand(registry, "v1", source="v2"),
        *by_hand(registry, "v1", source="v2").considered,
        Previous().review(registry),
    ]
    for part in parts:
        for twin in (copy(part), deepcopy(part), pickle.loads(pickle.dumps(part))):
            assert twin == part
            assert hash(twin) == hash(part)
            assert repr(twin) == repr(part)


def test_unpickled_parts_are_frozen() -> None:
    """An unpickled version or event can be changed as little as the original."""
    registry = rich()
    for part in (registry["v1"], registry.events[0], registry.deployments[0]):
        twin = pickle.loads(pickle.dumps(part))
        with pytest.raises(AttributeError):
            twin.version = "v9"


# Frozen


def test_nothing_can_be_set() -> None:
    """No attribute of a registry can be set or deleted, whether it exists or not."""
    registry = untyped(deployed("1"))
    answered = ("current", "revision", "fingerprint", "clock", "events", "deployments")
    for name in (*answered, "more", "_more"):
        with pytest.raises(AttributeError):
            setattr(registry, name, None)
        with pytest.raises(AttributeError):
            delattr(registry, name)
    assert registry == deployed("1")
    assert not hasattr(registry, "__dict__")


def test_no_version_can_be_put_or_deleted() -> None:
    """A registry is a mapping that cannot be changed."""
    registry = untyped(deployed("1"))
    with pytest.raises(TypeError):
        registry["1"] = registry["1"]
    with pytest.raises(TypeError):
        del registry["1"]
    for name in ("pop", "clear", "update", "setdefault", "popitem"):
        assert not hasattr(registry, name)


def test_the_parts_of_a_registry_are_frozen() -> None:
    """Nothing can be set on a version, an event or a deployment."""
    registry = rich()
    for part in (registry["v1"], registry.events[0], registry.deployments[0]):
        for name in ("version", "label", "status", "at", "more"):
            with pytest.raises(AttributeError):
                setattr(part, name, None)


# repr


@each_registry
def test_the_repr_is_one_line(kind: str) -> None:
    """The repr has counts and the current version, on one line."""
    registry = REGISTRIES[kind]
    text = repr(registry)
    assert len(text.splitlines()) == 1
    assert "VersionRegistry" in text
    assert str(len(registry)) in text
    assert repr(registry.current) in text


def test_the_repr_does_not_show_the_contents() -> None:
    """Other labels, reasons, metadata and digests are not shown, however many there are."""
    registry = VersionRegistry()
    for number in range(1_000):
        registry = registry.register(
            f"secret-{number}", metadata={"secret": "secret"}, digest="secret"
        ).mark_failed(f"secret-{number}", reason="secret")
    registry = registry.register("1").deploy("1")
    assert "secret" not in repr(registry)
    assert "1001" in repr(registry).replace(",", "")
    assert len(repr(registry)) < 200


def test_the_repr_of_a_strange_label_is_one_line() -> None:
    """A label that would break a line or turn its direction is escaped."""
    text = repr(deployed("a\u2028b\u202ec"))
    assert len(text.splitlines()) == 1
    assert "\u202e" not in text


# Where exported names say they are from


def test_tracebacks_and_pickles_name_the_public_module() -> None:
    """The types of a registry and of its parts are those of `lastgood`."""
    registry = rich()
    plan = by_hand(registry, "v1", source="v2")
    review = Previous().review(registry)
    parts: list[object] = [registry, registry["v1"], registry.events[0], registry.deployments[0]]
    parts += [registry["v1"].status, registry["v1"].semver, plan, plan.considered[0], review]
    for part in parts:
        kind = type(part)
        assert kind.__module__ == "lastgood"
        assert getattr(lastgood, kind.__name__) is kind
        assert b"lastgood._" not in pickle.dumps(part)
    assert repr(VersionRegistry) == "<class 'lastgood.VersionRegistry'>"


def test_a_table_is_not_an_argument() -> None:
    """`VersionRegistry({...})` is answered with the lines that read a table or plain data."""
    with pytest.raises(
        TypeError, match=r"VersionRegistry\.from_statuses\(statuses, current=\.\.\.\)"
    ):
        _ = untyped(VersionRegistry)({"v1.0": "stable"})
