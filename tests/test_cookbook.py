"""The recipes of the cookbook, on answers as the clients of other registries give them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docs.examples.messages import LONGEST, slack_message, summary
from docs.examples.verdicts import from_sagemaker, from_vertex, from_wandb
from lastgood import LastStable, Status, VersionRegistry

ANSWERS = Path(__file__).parent.parent / "docs" / "examples" / "answers"
READERS: dict[str, Callable[..., VersionRegistry]] = {
    "sagemaker": from_sagemaker,
    "vertex": from_vertex,
    "wandb": from_wandb,
}

each_source = pytest.mark.parametrize("source", READERS)


def answer(source: str) -> Any:
    """Return what the client of this registry returned."""
    return json.loads((ANSWERS / f"{source}.json").read_text("utf-8"))


def statuses(registry: VersionRegistry) -> list[str]:
    """Return the statuses of the versions, in the order of registration."""
    return [version.status.value for version in registry.values()]


@each_source
def test_an_answer_is_read(source: str) -> None:
    """Approved, pending and rejected are stable, unproven and failed, in the order of versions."""
    told = answer(source)
    registry = READERS[source](VersionRegistry(), told)
    pending_last = source == "wandb"
    expected = ["stable", "unproven", "failed"]
    assert statuses(registry) == expected
    assert [*registry] == (["v0", "v1", "v2"] if pending_last else ["1", "2", "3"])


@each_source
def test_the_same_answer_is_no_news(source: str) -> None:
    """A function that is called again with the same answer returns the same registry."""
    registry = READERS[source](VersionRegistry(), answer(source))
    assert READERS[source](registry, answer(source)) is registry


@each_source
def test_an_approval_clears_nothing(source: str) -> None:
    """A version that failed, was left or was retired here stays so, whatever is approved there."""
    registry = READERS[source](VersionRegistry(), answer(source))
    approved, pending, _ = registry
    failed = registry.mark_failed(approved, reason="p99 900 ms")
    assert READERS[source](failed, answer(source)) is failed
    retired = registry.retire(approved, reason="licence")
    assert READERS[source](retired, answer(source)) is retired
    held = registry.deploy(pending).mark_stable(pending).deploy(approved)
    held = held.roll_back(LastStable().plan(held, leaving=approved))
    assert held[approved].status is Status.ROLLED_BACK
    assert READERS[source](held, answer(source)) is held


@each_source
def test_bad_news_is_recorded(source: str) -> None:
    """A version that is stable here and rejected there fails, and says who rejected it."""
    told = answer(source)
    first = VersionRegistry()
    for label in READERS[source](first, told):
        first = first.register(label).deploy(label).mark_stable(label)
    registry = READERS[source](first, told)
    assert statuses(registry) == ["stable", "stable", "failed"]
    assert registry.needs_rollback
    assert "rejected in" in registry.events[-1].reason
    assert registry.events[-1].by


def test_a_package_that_nobody_judged_is_unproven() -> None:
    """SageMaker may leave the approval of a package out."""
    registry = from_sagemaker(
        VersionRegistry(), {"ModelPackageSummaryList": [{"ModelPackageVersion": 1}]}
    )
    assert statuses(registry) == ["unproven"]


def rolled_back(reason: str) -> tuple[VersionRegistry, Any]:
    """Return a registry after a rollback, and its plan."""
    registry = VersionRegistry.from_statuses(
        {"1": "stable", "2": "stable", "3": "stable"}, current="3"
    )
    registry = registry.mark_failed("2", reason=reason).mark_failed("3", reason=reason)
    plan = LastStable().plan(registry)
    return registry.roll_back(plan), plan


def test_a_message_wakes_nobody() -> None:
    """What a reason says is text in Slack: no mention, no link, no end of the block."""
    registry, plan = rolled_back("<!channel> ``` & so on")
    said = slack_message(registry, plan)["blocks"][1]["text"]["text"]
    assert "&lt;!channel&gt; ''' &amp; so on" in said
    assert said.count("```") == 2


def test_a_message_is_as_long_as_slack_takes() -> None:
    """A long explanation is cut, and the block of code is closed all the same."""
    registry = VersionRegistry.from_statuses({"good": "stable"}, current="good")
    for number in range(40):
        label = f"{number}-{'x' * 150}"
        registry = registry.register(label).deploy(label).mark_failed(label, reason="y" * 150)
    plan = LastStable().plan(registry)
    said = slack_message(registry.roll_back(plan), plan)["blocks"][1]["text"]["text"]
    assert len(said) <= LONGEST
    assert said.endswith("…\n```")


def test_a_summary_keeps_its_blocks() -> None:
    """A reason with a fence of its own does not end the block in which it stands."""
    registry, plan = rolled_back("a fence: ````")
    lines = summary(registry, plan).splitlines()
    assert [line for line in lines if line.startswith("```")] == [
        "`````text",
        "`````",
        "```mermaid",
        "```",
    ]
