"""Sections 2.5 and 7: the plan as a frozen value, and as plain data."""

import json
import math
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood import (
    BestBy,
    Candidate,
    InvalidData,
    InvalidLabel,
    InvalidText,
    LastStable,
    Previous,
    RollbackPlan,
    VersionRegistry,
)
from lastgood.rules import Except
from tests.registry.documents import (
    GONE,
    JSON_VALUES,
    STRANGE_VALUES,
    Path,
    damaged,
    paths,
    place_of,
)
from tests.registry.making import by_hand, deployed, untyped
from tests.rows import each_row


def example() -> RollbackPlan:
    """Return a plan of a composite strategy that considered several versions."""
    registry = deployed("v1.0", "v1.1", "v1.2").mark_failed("v1.1", reason="slow")
    strategy = LastStable() | Previous().where(Except("v1.1"))
    return strategy.plan(registry, leaving="v1.2")


def document() -> dict[str, Any]:
    """Return the example as plain data."""
    return example().to_dict()


DOCUMENT = document()
each_path = each_row("path", list(paths(DOCUMENT)))

#: Where the damage is, what stands there, and the place that the message names.
DAMAGE: dict[str, tuple[Path, object, str]] = {
    "no format": (("format",), GONE, "format"),
    "a null format": (("format",), None, "format"),
    "a newer format": (("format",), 2, "format"),
    "an older format": (("format",), 0, "format"),
    "a fraction for the format": (("format",), 1.5, "format"),
    "a bool for the format": (("format",), True, "format"),
    "a text for the format": (("format",), "1", "format"),
    "no fingerprint": (("fingerprint",), GONE, "fingerprint"),
    "a null fingerprint": (("fingerprint",), None, "fingerprint"),
    "a number for a fingerprint": (("fingerprint",), 7, "fingerprint"),
    "a surrogate in a fingerprint": (("fingerprint",), "\ud800", "fingerprint"),
    "no source": (("source",), GONE, "source"),
    "no target": (("target",), GONE, "target"),
    "no reason": (("reason",), GONE, "reason"),
    "no strategy": (("strategy",), GONE, "strategy"),
    "no revision": (("revision",), GONE, "revision"),
    "nothing considered": (("considered",), GONE, "considered"),
    "a null source": (("source",), None, "source"),
    "an empty target": (("target",), "", "target"),
    "a number for a target": (("target",), 1, "target"),
    "a null reason": (("reason",), None, "reason"),
    "a surrogate in a reason": (("reason",), "\ud800", "reason"),
    "a null strategy": (("strategy",), None, "strategy"),
    "a number for a strategy": (("strategy",), 7, "strategy"),
    "a negative revision": (("revision",), -1, "revision"),
    "a bool for a revision": (("revision",), True, "revision"),
    "a fraction for a revision": (("revision",), 1.5, "revision"),
    "a text for a revision": (("revision",), "1", "revision"),
    "an infinite revision": (("revision",), math.inf, "revision"),
    "an object of candidates": (("considered",), {}, "considered"),
    "null candidates": (("considered",), None, "considered"),
    "a tuple of candidates": (("considered",), (), "considered"),
    "a null candidate": (("considered", 1), None, "considered[1]"),
    "a text for a candidate": (("considered", 1), "v1.0", "considered[1]"),
    "no version": (("considered", 1, "version"), GONE, "considered[1].version"),
    "no acceptance": (("considered", 1, "accepted"), GONE, "considered[1].accepted"),
    "no reason of a candidate": (("considered", 1, "reason"), GONE, "considered[1].reason"),
    "nobody who said so": (("considered", 1, "by"), GONE, "considered[1].by"),
    "a bad version": (("considered", 1, "version"), " ", "considered[1].version"),
    "a number for acceptance": (("considered", 1, "accepted"), 1, "considered[1].accepted"),
    "a null acceptance": (("considered", 1, "accepted"), None, "considered[1].accepted"),
    "a text for acceptance": (("considered", 1, "accepted"), "true", "considered[1].accepted"),
    "a surrogate in by": (("considered", 1, "by"), "\ud800", "considered[1].by"),
    "a list for by": (("considered", 1, "by"), [], "considered[1].by"),
}


def test_a_plan_has_its_facts() -> None:
    """A plan says from where, to where, why, who chose, for which registry, and what else."""
    registry = deployed("v1.0", "v1.1").mark_stable("v1.0", reason="fine")
    plan = LastStable().plan(registry, leaving="v1.1")
    assert (plan.source, plan.target) == ("v1.1", "v1.0")
    assert plan.strategy == "LastStable()"
    assert plan.revision == registry.revision
    assert plan.fingerprint == registry.fingerprint
    assert plan.reason == plan.considered[-1].reason
    assert plan.considered[-1].version == "v1.0"


def test_the_target_is_considered_last() -> None:
    """The last candidate is the target, the only accepted one."""
    plan = example()
    assert isinstance(plan.considered, tuple)
    assert plan.considered[-1].version == plan.target == "v1.0"
    assert [candidate.accepted for candidate in plan.considered][:-1].count(True) == 0


def test_the_data_of_a_plan() -> None:
    """A plan has all its keys, in plain JSON types."""
    registry = deployed("v1.0", "v1.1").mark_stable("v1.0")
    data = LastStable().plan(registry, leaving="v1.1").to_dict()
    assert next(iter(data)) == "format"
    assert data == {
        "format": 1,
        "source": "v1.1",
        "target": "v1.0",
        "reason": "stable",
        "strategy": "LastStable()",
        "revision": 5,
        "fingerprint": registry.fingerprint,
        "considered": [
            {"version": "v1.0", "accepted": True, "reason": "stable", "by": "LastStable()"}
        ],
    }


def test_a_plan_round_trips() -> None:
    """A plan that is written and read is the same one, with who said what."""
    plan = example()
    restored = RollbackPlan.from_dict(json.loads(json.dumps(plan.to_dict())))
    assert restored == plan
    assert restored.to_dict() == plan.to_dict()
    assert [each.by for each in restored.considered] == [each.by for each in plan.considered]
    assert restored.explain() == plan.explain()


def test_texts_of_a_plan_may_be_long() -> None:
    """Reasons and strategies of any length come back."""
    text = "x\n🙂" * 100_000
    plan = RollbackPlan("2", "1", text, text, 3, "3-0", (Candidate.accept("1", text),))
    assert RollbackPlan.from_dict(json.loads(json.dumps(plan.to_dict()))) == plan


def test_the_data_of_a_plan_is_a_copy() -> None:
    """Later changes of the data do not touch the plan."""
    plan = example()
    data = plan.to_dict()
    restored = RollbackPlan.from_dict(data)
    data["considered"].clear()
    assert restored == plan == example()


@each_row("kind", DAMAGE)
def test_damage_is_refused_with_its_place(kind: str) -> None:
    """Each kind of damage is `InvalidData`, whose message starts with the place of the damage."""
    path, value, place = DAMAGE[kind]
    with pytest.raises(InvalidData) as refusal:
        _ = RollbackPlan.from_dict(damaged(DOCUMENT, path, value))
    assert refusal.value.place == place
    assert str(refusal.value).startswith(f"{place}:")


@pytest.mark.parametrize("path", [(), ("considered", 0)], ids=["plan", "candidate"])
def test_an_unknown_key_is_refused(path: Path) -> None:
    """An unknown key is named, and not ignored."""
    with pytest.raises(InvalidData, match="'more'") as refusal:
        _ = RollbackPlan.from_dict(damaged(DOCUMENT, (*path, "more"), 1))
    assert str(refusal.value).startswith(refusal.value.place)
    assert refusal.value.place.startswith(place_of(path))


@each_row("data", [None, [], "", 7, example(), VersionRegistry().to_dict()])
def test_data_of_something_else(data: object) -> None:
    """Data without the keys of a plan is refused."""
    with pytest.raises(InvalidData):
        _ = RollbackPlan.from_dict(data)


def read_or_refused(data: object) -> None:
    """Read the data, which must round-trip, or be `InvalidData` and nothing else."""
    try:
        plan = RollbackPlan.from_dict(data)
    except InvalidData as refusal:
        _ = str(refusal).encode()
        return
    assert RollbackPlan.from_dict(json.loads(json.dumps(plan.to_dict()))) == plan
    assert plan.explain().encode()
    assert len(plan.explain().splitlines()) <= 25


@each_path
def test_nothing_else_escapes(path: Path) -> None:
    """Any value anywhere in the data is read and round-trips, or is `InvalidData`."""
    for value in (*JSON_VALUES.values(), *STRANGE_VALUES.values()):
        read_or_refused(damaged(DOCUMENT, path, value))


@given(
    changes=st.lists(
        st.tuples(
            st.sampled_from(list(paths(DOCUMENT))[1:]),
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
        ),
        max_size=3,
    )
)
def test_random_damage(changes: list[tuple[Path, object]]) -> None:
    """Random damage is read and round-trips, or is `InvalidData`; nothing else escapes."""
    data: object = DOCUMENT
    for path, value in changes:
        if path in paths(data):
            data = damaged(data, path, value)
    read_or_refused(data)


@each_path
def test_whatever_is_taken_away(path: Path) -> None:
    """A plan has all its keys: any missing one is `InvalidData`."""
    if path and isinstance(path[-1], str):
        with pytest.raises(InvalidData):
            _ = RollbackPlan.from_dict(damaged(DOCUMENT, path, GONE))


def test_deep_data() -> None:
    """Data deeper than Python can recurse is refused like any other."""
    deep: object = None
    for _ in range(50_000):
        deep = {"considered": [deep]}
    for path in (("source",), ("considered",), ("considered", 0), ("considered", 0, "by")):
        with pytest.raises(InvalidData):
            _ = RollbackPlan.from_dict(damaged(DOCUMENT, path, deep))
    with pytest.raises(InvalidData):
        _ = RollbackPlan.from_dict(deep)


def test_plans_are_equal_by_value() -> None:
    """Plans are equal if all their facts are."""
    registry = deployed("1", "2")
    one, two = (Previous().plan(registry, leaving="2") for _ in range(2))
    assert one == two
    assert hash(one) == hash(two)
    assert one != by_hand(registry, "1", source="2")
    assert one != Previous().plan(registry.register("3"), leaving="2")
    assert untyped("1") != one


def test_a_plan_can_be_pickled() -> None:
    """An unpickled plan is equal, and explains itself alike."""
    plan = example()
    twin = pickle.loads(pickle.dumps(plan))
    assert twin == plan
    assert twin.explain() == plan.explain()


def test_a_plan_is_frozen() -> None:
    """No attribute of a plan can be set."""
    plan = untyped(example())
    for name in (*document(), "explain", "more"):
        with pytest.raises(AttributeError):
            setattr(plan, name, None)


def test_a_plan_made_by_hand() -> None:
    """A plan can be made by hand; candidates may be any iterable, and are kept as a tuple."""
    candidates = [Candidate.reject("2", "slow"), Candidate.accept("1", "fine")]
    plan = RollbackPlan("3", "1", "fine", "me", 7, "7-0", iter(candidates))
    assert plan.considered == tuple(candidates)


def test_a_plan_checks_its_values() -> None:
    """A plan that is made by hand is checked like one that is read."""
    good = {"source": "2", "target": "1", "reason": "", "strategy": "", "revision": 0}
    good |= {"fingerprint": ""}
    for name, value, error in [
        ("source", "", InvalidLabel),
        ("target", 7, TypeError),
        ("reason", "\ud800", InvalidText),
        ("strategy", None, TypeError),
        ("revision", -1, ValueError),
        ("revision", True, TypeError),
        ("revision", "1", TypeError),
        ("fingerprint", None, TypeError),
        ("fingerprint", "\ud800", InvalidText),
        ("considered", ["1"], TypeError),
    ]:
        with pytest.raises(error):
            _ = untyped(RollbackPlan)(**{**good, "considered": (), name: value})


def test_a_plan_of_a_strategy_with_a_key() -> None:
    """The repr of the strategy is the code that makes it."""
    registry = VersionRegistry().register("1", metadata={"auc": 0.9}).deploy("1").mark_stable("1")
    registry = registry.register("2").deploy("2")
    assert BestBy("auc").plan(registry, leaving="2").strategy == "BestBy('auc')"


@pytest.mark.parametrize(("key", "value"), [("format", 1.0), ("revision", 7.0)])
def test_whole_numbers_may_be_written_as_floats(key: str, value: float) -> None:
    """Gson writes `7.0` where an integer stands: it is the same number."""
    plan = RollbackPlan.from_dict({**document(), key: value})
    assert type(plan.revision) is int
    assert plan.to_dict() == {**document(), key: int(value)}


def test_a_plan_between_jobs() -> None:
    """One job decides, a person reads the JSON, another job carries it out."""
    registry = deployed("1", "2").mark_stable("1").mark_failed("2", reason="slow")
    sent = json.dumps(LastStable().plan(registry).to_dict())
    plan = RollbackPlan.from_dict(json.loads(sent))
    stored = VersionRegistry.from_dict(json.loads(json.dumps(registry.to_dict())))
    assert stored.roll_back(plan, by="ana").current == "1"
