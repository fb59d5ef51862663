"""One long use of the library, through its public face only."""

import copy
import json
import pickle
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from operator import methodcaller
from typing import Any, Final

from lastgood import (
    AsOf,
    BestBy,
    Event,
    LastgoodError,
    LastStable,
    MetadataValue,
    Pinned,
    Previous,
    PreviousBy,
    PreviousBySemver,
    RollbackPlan,
    SemVer,
    VersionRegistry,
    keys,
    prunable,
    rules,
    strategy_from_dict,
)
from lastgood.backtest import backtest
from lastgood.render import mermaid, svg, timeline
from tests import catalogue

#: What a notebook asks a value for.
_SHOW: Final[Callable[[Any], str]] = methodcaller("_repr_html_")
#: The library loads its pictures when a notebook asks for them, and not before: here they are
#: loaded.
PRELOADED: Final = _SHOW(VersionRegistry())

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)

RULES: list[rules.Rule] = [*catalogue.RULES.values(), rules.Budget(2, within="1h")]

STRATEGIES = [
    LastStable() | Previous() | Pinned("v1.0"),
    LastStable(steps=2),
    PreviousBySemver(prereleases=True, unproven=True),
    PreviousBy(keys.numbers, unproven=True) | AsOf(NOON + timedelta(minutes=90)),
    BestBy("auc") | BestBy("loss", lowest=True),
    *(LastStable().where(rule) for rule in RULES),
]


def history() -> VersionRegistry:
    """Return a registry with every kind of event, the last version failed and current."""
    registry = VersionRegistry()
    for number, label in enumerate(["v1.0", "v1.1", "v1.2-rc.1", "v1.2", "v2.0"]):
        at = NOON + timedelta(hours=number)
        metadata: dict[str, MetadataValue] = {
            "auc": 0.9 + number / 100,
            "region": "eu",
            "migration": False,
        }
        registry = registry.register(label, metadata=metadata, digest=f"sha256:{number}", at=at)
        registry = registry.deploy(label, at=at, by="pipeline 7")
        registry = registry.mark_stable(label, reason="soaked", at=at)
    registry = registry.mark_failed("v2.0", reason="p99 latency 900 ms", at=NOON, by="monitor/p99")
    registry = registry.roll_back(LastStable().plan(registry, leaving="v2.0"), by="ana")
    registry = registry.undeploy("v1.2", reason="maintenance").deploy("v1.2")
    registry = registry.retire("v1.1", reason="licence").reinstate("v1.1", reason="cleared")
    registry = registry.observe("v1.0", reason="switched by hand")
    registry = registry.annotate("v1.2", {"p99_ms": 120}, by="monitor/p99")
    registry = registry.register("v3.0", metadata={"region": "eu"}).deploy("v3.0", replacing="v1.0")
    return registry.mark_failed("v3.0").with_clock(NOON + timedelta(days=1))


def refusals(registry: VersionRegistry) -> list[str]:
    """Return the message of each of some wrong commands."""
    attempts: list[Callable[[], object]] = [
        lambda: registry["v1.O"],
        lambda: registry.register("v1.0"),
        lambda: registry.annotate("v1.0", {}),
        lambda: registry.deploy("v1.0", replacing="v2.0"),
        lambda: registry.register(""),
        lambda: registry.register("v4", metadata={"auc": float("nan")}),
        lambda: registry.deploy("v2.0"),
        lambda: registry.mark_stable("v2.0"),
        lambda: registry.mark_failed("v2.0", at=datetime(2024, 5, 1)),  # noqa: DTZ001  (refused)
        lambda: LastStable().plan(registry, leaving="v1.0"),
        lambda: LastStable().plan(VersionRegistry()),
        lambda: LastStable().plan(registry.reinstate("v3.0")),
        lambda: LastStable().plan(registry.undeploy("v3.0")),
        lambda: registry.deploy("v1.0").roll_back(LastStable().plan(registry)),
        lambda: VersionRegistry().roll_back(LastStable().plan(registry)),
        lambda: Pinned("v2.0").plan(registry),
        lambda: VersionRegistry.from_dict({"format": 1, "events": [{"kind": "deployed"}]}),
        lambda: SemVer.parse("1.2"),
        lambda: strategy_from_dict({"last_stabel": {}}),
    ]
    said: list[str] = []
    for attempt in attempts:
        try:
            said.append(f"not refused: {attempt()!r}")
        except LastgoodError as error:
            same = pickle.loads(pickle.dumps(error))
            said.append(f"{type(same).__name__}: {same}")
    return said


def session() -> str:
    """Use all of the library once, and return everything that it answered."""
    registry = history()
    said = [repr(registry), *refusals(registry)]
    for strategy in STRATEGIES:
        review = strategy.review(registry)
        said += [repr(strategy), *map(repr, review), review.explain(), _SHOW(review)]
        said.append(json.dumps(review.to_dict()))
        assert strategy_from_dict(json.loads(json.dumps(strategy.to_dict()))) == strategy
        try:
            plan = strategy.plan(registry)
        except LastgoodError as error:
            said.append(str(error))
        else:
            assert RollbackPlan.from_dict(plan.to_dict()) == plan
            after = registry.roll_back(plan)
            assert after.roll_back(plan) is after
            said += [plan.explain(), repr(after.current_version)]
            said += [svg(registry, plan=plan), _SHOW(plan)]

    result = backtest(registry, *STRATEGIES)
    said += [result.explain(), json.dumps(result.to_dict()), _SHOW(result), repr(result.counts)]

    for known in (registry, registry.undeploy("v3.0")):
        said += [timeline(known), mermaid(known), svg(known), _SHOW(known), known.fingerprint]
    data = registry.to_dict()
    assert VersionRegistry.from_dict(data).with_clock(NOON + timedelta(days=1)) == registry
    assert VersionRegistry.replay(registry.events).events == registry.events
    half = registry.at_revision(registry.revision // 2)
    assert half.extend(registry.events[half.revision :]).events == registry.events
    assert [Event.from_dict(event.to_dict()) for event in registry.events] == [*registry.events]
    unpickled = pickle.loads(pickle.dumps(registry))
    for same in (copy.copy(registry), copy.deepcopy(registry), unpickled):
        assert (same, hash(same)) == (registry, hash(registry))

    said += [repr(registry.deployments), str(registry.current_at(NOON)), json.dumps(data)]
    said += [version.label for version in registry.lineage()]
    said += [version.label for version in registry.below_in_semver("v3.0")]
    said += [json.dumps(version.to_dict()) for version in reversed(registry.values())]
    said += [json.dumps(each.to_dict()) for each in registry.deployments_of("v1.2")]
    said.append(str(registry.served_for("v1.2")))
    said += [version.label for version in prunable(registry, keep=1)]
    said += [repr(registry.at_revision(revision)) for revision in range(registry.revision)]
    return "\n".join(said)
