"""Sections 2.5 and 7: the plan as a frozen value, and as plain data."""

import json
import pickle
from typing import Any

import pytest

from lastgood import (
    BestBy,
    Candidate,
    InvalidLabel,
    InvalidText,
    LastStable,
    Previous,
    RollbackPlan,
    VersionRegistry,
)
from tests.damage.documents import example_plan
from tests.registry.making import by_hand, deployed, untyped


def document() -> dict[str, Any]:
    """Return the example as plain data."""
    return example_plan().to_dict()


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
    plan = example_plan()
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
    plan = example_plan()
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
    plan = example_plan()
    data = plan.to_dict()
    restored = RollbackPlan.from_dict(data)
    data["considered"].clear()
    assert restored == plan == example_plan()


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
    plan = example_plan()
    twin = pickle.loads(pickle.dumps(plan))
    assert twin == plan
    assert twin.explain() == plan.explain()


def test_a_plan_is_frozen() -> None:
    """No attribute of a plan can be set."""
    plan = untyped(example_plan())
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
