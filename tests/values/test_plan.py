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


def example() -> RollbackPlan:
    """Return a plan of a composite strategy that considered several versions."""
    registry = deployed("v1.0", "v1.1", "v1.2").mark_failed("v1.1", reason="slow")
    return (LastStable() | Previous().where(Except("v1.1"))).plan(registry)


def document() -> dict[str, Any]:
    """Return the example as plain data."""
    return example().to_dict()


DOCUMENT = document()
each_path = pytest.mark.parametrize("path", list(paths(DOCUMENT)), ids=place_of)

#: Where the damage is, what stands there, and the place that is told.
DAMAGE: dict[str, tuple[Path, object, str]] = {
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
    "a float for a revision": (("revision",), 1.0, "revision"),
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
    """A plan tells from where, to where, why, who chose, for which revision, and what else."""
    registry = deployed("v1.0", "v1.1").mark_stable("v1.0", reason="fine")
    plan = LastStable().plan(registry)
    assert (plan.source, plan.target) == ("v1.1", "v1.0")
    assert plan.strategy == "LastStable()"
    assert plan.revision == registry.revision
    assert plan.reason == plan.considered[-1].reason
    assert plan.considered[-1].version == "v1.0"


def test_the_target_is_considered_last() -> None:
    """What was considered ends with the target, the only one accepted."""
    plan = example()
    assert isinstance(plan.considered, tuple)
    assert plan.considered[-1].version == plan.target == "v1.0"
    assert [candidate.accepted for candidate in plan.considered][:-1].count(True) == 0


def test_the_data_of_a_plan() -> None:
    """A plan has all its keys, in plain JSON types."""
    registry = deployed("v1.0", "v1.1").mark_stable("v1.0")
    assert LastStable().plan(registry).to_dict() == {
        "source": "v1.1",
        "target": "v1.0",
        "reason": "stable",
        "strategy": "LastStable()",
        "revision": 5,
        "considered": [
            {"version": "v1.0", "accepted": True, "reason": "stable", "by": "LastStable()"}
        ],
    }


def test_a_plan_round_trips() -> None:
    """What is written and read is the same plan, and who said what is kept."""
    plan = example()
    restored = RollbackPlan.from_dict(json.loads(json.dumps(plan.to_dict())))
    assert restored == plan
    assert restored.to_dict() == plan.to_dict()
    assert [each.by for each in restored.considered] == [each.by for each in plan.considered]
    assert restored.explain() == plan.explain()


def test_texts_of_a_plan_may_be_long() -> None:
    """Reasons and strategies of any length come back."""
    text = "x\n🙂" * 100_000
    plan = RollbackPlan("2", "1", text, text, 3, (Candidate.accept("1", text),))
    assert RollbackPlan.from_dict(json.loads(json.dumps(plan.to_dict()))) == plan


def test_the_data_of_a_plan_is_a_copy() -> None:
    """What becomes of the data afterwards does not touch the plan."""
    plan = example()
    data = plan.to_dict()
    restored = RollbackPlan.from_dict(data)
    data["considered"].clear()
    assert restored == plan == example()


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_told_with_its_place(kind: str) -> None:
    """Each kind of damage is `InvalidData`, whose message begins with the place of the damage."""
    path, value, place = DAMAGE[kind]
    with pytest.raises(InvalidData) as refusal:
        _ = RollbackPlan.from_dict(damaged(DOCUMENT, path, value))
    assert refusal.value.place == place
    assert str(refusal.value).startswith(f"{place}:")


@pytest.mark.parametrize("path", [(), ("considered", 0)], ids=["plan", "candidate"])
def test_an_unknown_key_is_refused(path: Path) -> None:
    """A key that a plan does not have is named, and not ignored."""
    with pytest.raises(InvalidData, match="'more'") as refusal:
        _ = RollbackPlan.from_dict(damaged(DOCUMENT, (*path, "more"), 1))
    assert str(refusal.value).startswith(refusal.value.place)
    assert refusal.value.place.startswith(place_of(path))


@pytest.mark.parametrize("data", [None, [], "", 7, example(), VersionRegistry().to_dict()])
def test_what_is_no_plan(data: object) -> None:
    """What is no object with the keys of a plan is refused."""
    with pytest.raises(InvalidData):
        _ = RollbackPlan.from_dict(data)


def read_or_refused(data: object) -> None:
    """Read the data, which must come back the same, or be `InvalidData` and nothing else."""
    try:
        plan = RollbackPlan.from_dict(data)
    except InvalidData as refusal:
        _ = str(refusal).encode()
        return
    assert RollbackPlan.from_dict(json.loads(json.dumps(plan.to_dict()))) == plan
    assert plan.explain().encode()
    assert len(plan.explain().splitlines()) <= 25


@each_path
@pytest.mark.parametrize("values", [JSON_VALUES, STRANGE_VALUES], ids=["JSON", "strange"])
def test_nothing_else_escapes(path: Path, values: dict[str, object]) -> None:
    """Whatever stands anywhere in the data, it is read and comes back, or is `InvalidData`."""
    for value in values.values():
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
    """Random damage is read and comes back, or is `InvalidData`; nothing else escapes."""
    data: object = DOCUMENT
    for path, value in changes:
        if path in paths(data):
            data = damaged(data, path, value)
    read_or_refused(data)


@each_path
def test_whatever_is_taken_away(path: Path) -> None:
    """A plan has all its keys: whatever is missing is `InvalidData`, but for a candidate."""
    if path and isinstance(path[-1], str):
        with pytest.raises(InvalidData):
            _ = RollbackPlan.from_dict(damaged(DOCUMENT, path, GONE))


def test_data_that_are_deep() -> None:
    """Data deeper than Python can recurse are refused as any other."""
    deep: object = None
    for _ in range(50_000):
        deep = {"considered": [deep]}
    for path in (("source",), ("considered",), ("considered", 0), ("considered", 0, "by")):
        with pytest.raises(InvalidData):
            _ = RollbackPlan.from_dict(damaged(DOCUMENT, path, deep))
    with pytest.raises(InvalidData):
        _ = RollbackPlan.from_dict(deep)


def test_plans_are_equal_by_value() -> None:
    """Plans are equal where all that they tell is."""
    registry = deployed("1", "2")
    assert Previous().plan(registry) == Previous().plan(registry)
    assert hash(Previous().plan(registry)) == hash(Previous().plan(registry))
    assert Previous().plan(registry) != by_hand(registry, "1")
    assert untyped("1") != Previous().plan(registry)


def test_a_plan_can_be_pickled() -> None:
    """What is unpickled is equal, and explains itself alike."""
    plan = example()
    twin = pickle.loads(pickle.dumps(plan))
    assert twin == plan
    assert twin.explain() == plan.explain()


def test_a_plan_is_frozen() -> None:
    """Nothing of a plan can be set."""
    plan = untyped(example())
    for name in ("source", "target", "reason", "strategy", "revision", "considered", "more"):
        with pytest.raises(AttributeError):
            setattr(plan, name, None)


def test_a_plan_made_by_hand() -> None:
    """A plan can be made by hand; candidates may come in any iterable, and are kept as a tuple."""
    candidates = [Candidate.reject("2", "slow"), Candidate.accept("1", "fine")]
    plan = RollbackPlan("3", "1", "fine", "me", 7, iter(candidates))
    assert plan.considered == tuple(candidates)


def test_a_plan_checks_its_values() -> None:
    """A plan made by hand is checked as one that is read."""
    good = {"source": "2", "target": "1", "reason": "", "strategy": "", "revision": 0}
    for name, value, error in [
        ("source", "", InvalidLabel),
        ("target", 7, TypeError),
        ("reason", "\ud800", InvalidText),
        ("strategy", None, TypeError),
        ("revision", -1, ValueError),
        ("revision", True, TypeError),
        ("revision", "1", TypeError),
        ("considered", ["1"], TypeError),
    ]:
        with pytest.raises(error):
            _ = untyped(RollbackPlan)(**{**good, "considered": (), name: value})


def test_a_plan_of_a_strategy_with_a_key() -> None:
    """The repr of the strategy is the code that makes it."""
    registry = VersionRegistry().register("1", metadata={"auc": 0.9}).deploy("1").mark_stable("1")
    registry = registry.register("2").deploy("2")
    assert BestBy("auc").plan(registry).strategy == "BestBy('auc')"
