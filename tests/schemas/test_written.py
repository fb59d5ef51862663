"""The schemas accept whatever the library writes, and whatever it reads."""

from contextlib import suppress
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st

from lastgood import (
    Event,
    NoRollbackTarget,
    NotCurrent,
    Previous,
    RollbackPlan,
    RollbackStrategy,
    VersionRegistry,
    strategy_from_dict,
)
from tests.cases.telling import WORLDS, Case, Telling, every_case
from tests.commands import Command, history
from tests.damage.changes import changed_policies, changed_registries
from tests.damage.documents import example_plan
from tests.policies.compositions import CODES, policies
from tests.registry.documents import EVENTS, document, some_event
from tests.registry.histories import commands
from tests.rows import each_row
from tests.strategies.histories import histories
from tests.strategies.values import made
from tests.tools.schemas.validating import accepts, is_json, is_read

_WORLD: Final = next(
    world for world in WORLDS.values() if world.names["VersionRegistry"] is VersionRegistry
)


def test_a_registry_with_everything_in_it() -> None:
    """A registry with an event of every kind is accepted, and so is each of its events."""
    assert accepts("registry", document())
    assert accepts("registry", VersionRegistry().to_dict())
    assert all(accepts("event", event) for event in (*EVENTS.values(), *document()["events"]))
    assert accepts("plan", example_plan().to_dict())


@each_row("case", every_case())
def test_the_published_incidents(case: Case) -> None:
    """The registries and plans of the incidents are accepted."""
    telling = Telling(case, _WORLD)
    telling.run()
    assert accepts("registry", telling.registry.to_dict())
    for plan in telling.plans.values():
        if isinstance(plan, RollbackPlan):
            assert accepts("plan", plan.to_dict())


@given(drawn=commands)
def test_random_registries(drawn: list[Command]) -> None:
    """Whatever happened to a registry, what it writes is accepted."""
    assert all(accepts("registry", registry.to_dict()) for registry in history(drawn)[-3:])


@given(registry=histories(serving=False))
def test_random_plans(registry: VersionRegistry) -> None:
    """Whatever plan is made, what it writes is accepted."""
    for label in registry:
        with suppress(NotCurrent, NoRollbackTarget):
            assert accepts("plan", Previous().plan(registry, leaving=label).to_dict())


@given(
    label=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=300),
    text=st.text(st.characters(exclude_categories=["Cs"])),
    at=st.datetimes(timezones=st.timezones() | st.none()).map(lambda at: at.isoformat()),
    metadata=st.dictionaries(
        st.text(max_size=3),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
        max_size=3,
    ),
)
def test_random_values(label: str, text: str, at: str, metadata: dict[str, Any]) -> None:
    """A value is read if it is accepted, except for a day that is not in the calendar."""
    kinds: list[dict[str, Any]] = [
        {"kind": "deployed", "version": label},
        {"kind": "deployed", "version": "1", "at": at},
        {"kind": "retired", "version": "1", "reason": text},
        {"kind": "retired", "version": "1", "by": text},
        {"kind": "registered", "version": "1", "digest": text},
        {"kind": "registered", "version": "1", "metadata": metadata},
        {"kind": "annotated", "version": "1", "metadata": metadata},
    ]
    for data in kinds:
        if is_json(data) and data.get("at") is None:
            assert accepts("event", data) is is_read(Event.from_dict, data)
        if is_json(data) and is_read(Event.from_dict, data):
            assert accepts("event", data)


@each_row("code", CODES)
def test_each_strategy_and_rule(code: str) -> None:
    """Each strategy and rule is accepted as it is written."""
    assert accepts("policy", made(code).to_dict())


@given(strategy=policies)
def test_random_policies(strategy: RollbackStrategy) -> None:
    """However strategies and rules are combined, what is written is accepted."""
    assert accepts("policy", strategy.to_dict())


@given(data=changed_registries)
def test_damaged_registries(data: object) -> None:
    """Damaged data that a schema does not accept are not read."""
    if is_json(data) and not accepts("registry", data):
        assert not is_read(VersionRegistry.from_dict, data)


@given(events=st.lists(some_event, max_size=3))
def test_events_that_the_rules_refuse(events: list[dict[str, object]]) -> None:
    """The schema accepts every event of the right form, even if the rules would refuse it."""
    assert accepts("registry", {"format": 1, "events": events})


@given(data=changed_policies)
def test_damaged_policies(data: object) -> None:
    """A policy that is not accepted is not read."""
    if is_json(data) and not accepts("policy", data):
        assert not is_read(strategy_from_dict, data)
