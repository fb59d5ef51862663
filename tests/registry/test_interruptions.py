"""Sections 2 and 8: threads, one interruption at a time.

A thread may be interrupted anywhere. Here a job is interrupted at each call that it makes, in turn,
by everything that another thread might do at that moment; so no interruption is left to chance.
"""

import sys
from collections.abc import Callable
from functools import partial
from itertools import islice
from types import FrameType
from typing import TypeVar

from lastgood import LastStable, PreviousBySemver, VersionRegistry
from tests.registry.making import answers, deployed, hour, labels

T = TypeVar("T")


def interrupted(job: Callable[[], T], at: int, other: Callable[[], object]) -> tuple[T, bool]:
    """Do the job, and do the other thing in the middle: at that call or return of the job.

    Return what the job returned, and whether it was interrupted before it ended.
    """
    count = 0

    def interrupt(_frame: FrameType, _event: str, _argument: object) -> None:
        nonlocal count
        if count == at:
            _ = other()
        count += 1

    before = sys.getprofile()
    sys.setprofile(interrupt)
    try:
        result = job()
    finally:
        sys.setprofile(before)
    return result, count > at


def each_interruption(
    prepare: Callable[[], VersionRegistry],
    job: Callable[[VersionRegistry], T],
    other: Callable[[VersionRegistry], object],
) -> list[tuple[VersionRegistry, T]]:
    """Do the job on a new registry, interrupted at each place in turn.

    Return each registry with what the job returned.
    """
    found: list[tuple[VersionRegistry, T]] = []
    reached = True
    while reached:
        registry = prepare()
        result, reached = interrupted(partial(job, registry), len(found), partial(other, registry))
        found.append((registry, result))
    return found


def prepared() -> VersionRegistry:
    """Return a registry that nothing was made from yet."""
    registry = VersionRegistry().register("1", digest="x", at=hour(0)).deploy("1").mark_stable("1")
    return registry.register("2", digest="x").deploy("2", at=hour(1))


def told(registry: VersionRegistry) -> VersionRegistry:
    """Return the registry after a few events of every sort."""
    registry = registry.register("9", digest="x", at=hour(2)).deploy("9", at=hour(3))
    return registry.mark_failed("9", reason="slow").mark_failed("2").observe("1")


def other_way(registry: VersionRegistry) -> VersionRegistry:
    """Return the registry after a few other events."""
    registry = registry.register("5", digest="x", at=hour(7)).deploy("5", at=hour(8))
    registry = registry.mark_stable("5").retire("1", reason="licence")
    _ = list(registry.below("5"))
    return registry


RIGHT = answers(told(prepared()))
BEFORE = answers(prepared())


def test_an_interruption_by_another_command() -> None:
    """A command that is interrupted by others on the same registry does what it does alone."""
    found = each_interruption(prepared, told, other_way)
    assert len(found) > 100
    for registry, after in found:
        assert answers(after) == RIGHT
        assert answers(registry) == BEFORE


def test_what_interrupts_a_command() -> None:
    """What is done in the middle of a command is right, too."""
    results: list[VersionRegistry] = []
    found = each_interruption(prepared, told, lambda registry: results.append(other_way(registry)))
    assert len(results) == len(found) - 1
    right = answers(other_way(prepared()))
    assert all(answers(result) == right for result in results)


def test_an_interruption_by_the_same_command() -> None:
    """A command that is interrupted by itself makes two equal registries that go on apart."""
    twins: list[VersionRegistry] = []
    found = each_interruption(
        prepared,
        lambda registry: registry.register("3"),
        lambda registry: twins.append(registry.register("3").mark_failed("3", reason="twin")),
    )
    for _, after in found:
        assert after.mark_stable("3")["3"].status.value == "stable"
        assert after == prepared().register("3")
    assert {twin["3"].reason for twin in twins} == {"twin"}


def test_answers_while_others_extend() -> None:
    """Every question that is interrupted by commands on the same registry is answered the same."""
    found = each_interruption(prepared, answers, other_way)
    assert all(answer == BEFORE for _, answer in found)


def test_a_plan_while_others_extend() -> None:
    """Planning that is interrupted by commands on the same registry plans the same."""
    right = LastStable().review(prepared())
    found = each_interruption(prepared, LastStable().review, other_way)
    assert all(review == right for _, review in found)


def many() -> VersionRegistry:
    """Return a registry whose order of precedence is known, and few of whose versions are new."""
    registry = deployed(*(f"1.{number}" for number in range(40)), "9")
    _ = next(registry.below("9"))
    return registry.register("1.77").register("1.5.5")


def test_the_order_while_others_bring_it_up_to_date() -> None:
    """The order of precedence is right though others insert into it while it is read."""
    right = ["1.77", "1.39", "1.38"]

    def asked(registry: VersionRegistry) -> list[str]:
        return labels(islice(registry.below("9"), 3))

    def extended(registry: VersionRegistry) -> str:
        return next(registry.register("0.1").register("2").below("9")).label

    assert asked(many()) == right
    for registry, answer in each_interruption(many, asked, extended):
        assert answer == right
        assert asked(registry) == right
        assert extended(registry) == "2"


def test_the_order_while_others_make_it() -> None:
    """The order of precedence is right though two readers make it at the same time."""
    found = each_interruption(
        lambda: deployed("1.0.0", "1.1.0", "1.2.0").mark_stable("1.0.0").mark_stable("1.1.0"),
        PreviousBySemver().plan,
        lambda registry: labels(registry.register("1.1.5").below("1.2.0")),
    )
    assert {plan.target for _, plan in found} == {"1.1.0"}
