"""A retry changes nothing: jobs that run twice, lose an answer, or do what a message says.

A job here follows every error message to the letter: it runs each line of code that the message
shows, with the label of its own alarm in the place that the message leaves open. However often it
does so, and whatever happens meanwhile, one failed version is left once.
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise, product
from typing import Any, Final, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood import (
    Event,
    LastgoodError,
    LastStable,
    NotCurrent,
    Previous,
    RollbackNotNeeded,
    RollbackPlan,
    RollbackStrategy,
    StalePlan,
    VersionRegistry,
)
from tests.commands import Command, along
from tests.ids import shown
from tests.rows import each_row
from tests.scenarios.chance import commands
from tests.scenarios.story import (
    Step,
    back,
    bad,
    deploy,
    good,
    observe,
    register,
    retire,
    story,
    undeploy,
)

ALARM: Final = "5"
SERVING = story(good("1", "2", "3", "4"), deploy(ALARM))
STRATEGIES: Final = (LastStable(), Previous())

#: Where a line of code begins in a message.
CODE = re.compile(r"(?:if registry\.\w+: )?(?:(?:registry|plan) = )?(?:registry|strategy)\.\w+\(")
#: What a message leaves open, and what the job knows: its alarm, and why it runs.
OPEN: Mapping[str, str] = {"leaving=...": f"leaving={ALARM!r}", "reason=...": "reason='retry'"}


@cache
def lines_of(message: str) -> tuple[str, ...]:
    """Return the lines of code that a message shows, each as long as Python can read it."""
    lines = list[str]()
    for found in CODE.finditer(message):
        if lines and message.find(lines[-1]) + len(lines[-1]) > found.start():
            continue  # It is a part of the line before.
        rest = message[found.start() :]
        ends = [end for end in range(len(rest), 0, -1) if is_code(rest[:end])]
        lines.append(rest[: ends[0]])
    return tuple(lines)


def is_code(text: str) -> bool:
    """Return whether Python reads this as a whole line that calls something."""
    try:
        _ = ast.parse(text)
    except SyntaxError:
        return False
    return text.endswith(")")


@dataclass
class Job:
    """A job that was started by an alarm about one version, and follows every message."""

    strategy: RollbackStrategy
    registry: VersionRegistry
    plan: RollbackPlan | None = None
    followed: list[str] = field(default_factory=list[str])

    def does(self, work: Callable[["Job"], None], *, patience: int = 4) -> None:
        """Do the work; after an error do what it says, and try again."""
        for _ in range(patience):
            try:
                work(self)
            except LastgoodError as error:
                self.obeys(str(error))
            else:
                return

    def obeys(self, message: str) -> None:
        """Run each line that the message shows; a plan that comes of it is carried out."""
        for line in lines_of(message):
            written = line
            for gap, known in OPEN.items():
                written = written.replace(gap, known)
            if "..." in written:
                continue  # What is still left open, only a person knows.
            written = written if "=" in written.partition("(")[0] else f"plan = {written}"
            names: dict[str, Any] = {
                "registry": self.registry,
                "strategy": self.strategy,
                "version": ALARM,
                "plan": None,
            }
            self.followed.append(written)
            try:
                exec(written, names)  # noqa: S102  # this is what the reader of a message does
                if names["plan"] is not None:
                    names["registry"] = names["registry"].roll_back(names["plan"])
            except LastgoodError:
                continue  # The next attempt of the work begins anew.
            self.registry = names["registry"]


def marks(job: Job) -> None:
    """The verdict, about the version of the alarm."""
    job.registry = job.registry.mark_failed(ALARM, reason="errors")


def plans(job: Job) -> None:
    """The decision, for whatever serves now."""
    job.plan = job.strategy.plan(job.registry)


def plans_to_leave(job: Job) -> None:
    """The decision, for the version of the alarm."""
    job.plan = job.strategy.plan(job.registry, leaving=ALARM)


def carries_out(job: Job) -> None:
    """The rollback, by the plan that the job has, however old it is."""
    if job.plan is not None:
        job.registry = job.registry.roll_back(job.plan)


def recovers(job: Job) -> None:
    """Decision and rollback in one call."""
    job.registry = job.strategy.recover(job.registry)


WORK: Final = (marks, plans, plans_to_leave, carries_out, recovers)


def rollbacks(registry: VersionRegistry) -> list[tuple[str, str]]:
    """Return from where to where each rollback went."""
    return [
        (event.source or "", event.version)
        for event in registry.events
        if event.kind == "rolled_back"
    ]


@pytest.mark.parametrize("strategy", STRATEGIES, ids=shown)
def test_whatever_a_job_does_twice_it_steps_back_once(strategy: RollbackStrategy) -> None:
    """Every order of the work of a job, up to five pieces, leaves the alarm's version at most once.

    Nothing else is left, and the versions before keep their verdicts.
    """
    for works in product(WORK, repeat=5):
        job = Job(strategy, SERVING)
        for work in works:
            job.does(work, patience=2)
        assert rollbacks(job.registry) in ([], [(ALARM, "4")]), (works, job.followed)
        assert all(job.registry[label] == SERVING[label] for label in ("1", "2", "3"))


HISTORIES: Final = {
    "nobody said that anything is good": story(*map(deploy, ("1", "2", "3", "4", ALARM))),
    "nothing was ever good": story(
        *(step for label in ("1", "2", "3", "4") for step in (deploy(label), bad(label))),
        deploy(ALARM),
    ),
    "the version before has the same contents": story(
        good("1", "2", "3"), good("4", digest="sha256:x"), deploy(ALARM, digest="sha256:x")
    ),
    "the version before was left": story(
        good("1", "2", "3"), deploy("4"), back(Previous(), leaving="4"), deploy(ALARM)
    ),
    "the version before was retired": story(
        good("1", "2", "3", "4"), deploy(ALARM), retire("4", "artifact deleted")
    ),
}


@each_row("history", HISTORIES.values())
@each_row("strategy", STRATEGIES)
def test_advice_that_is_followed_leads_one_step_back_at_most(
    history: VersionRegistry, strategy: RollbackStrategy
) -> None:
    """What a refusal without a target advises, such as a reinstatement, costs one step at most."""
    for works in product(WORK, repeat=4):
        job = Job(strategy, history)
        for work in works:
            job.does(work, patience=3)
        made = rollbacks(job.registry)[len(rollbacks(history)) :]
        assert len(made) <= 1, (works, job.followed)
        assert all(source == ALARM for source, _ in made)


NEWS: Final[Mapping[str, list[Step]]] = {
    "nothing": [],
    "another job was faster": [bad(ALARM, "errors"), back(LastStable())],
    "another job was faster, with another strategy": [bad(ALARM, "errors"), back(Previous())],
    "a fix was deployed": [deploy("6")],
    "a fix was deployed after the rollback": [
        bad(ALARM, "errors"),
        back(LastStable()),
        deploy("6"),
    ],
    "a person put the version before back": [observe("4")],
    "a person put an older version back": [observe("2")],
    "it was undeployed": [undeploy(ALARM)],
    "it was undeployed after the rollback": [
        bad(ALARM, "errors"),
        back(LastStable()),
        undeploy("4"),
    ],
    "the version before failed as a canary of another thing": [register("0"), bad("0")],
}


@each_row("news", NEWS.values())
@each_row("strategy", STRATEGIES)
@each_row("decides", [plans, plans_to_leave])
def test_a_job_that_obeys_steps_back_once_whatever_happened_meanwhile(
    news: list[Step], strategy: RollbackStrategy, decides: Callable[[Job], None]
) -> None:
    """A job that is overtaken and does what the errors say leaves the alarm's version, or nothing.

    A fix, or what a person put back, is not left. The job goes on until nothing changes.
    """
    job = Job(strategy, SERVING)
    for work in (marks, decides):
        job.does(work)
    plan = job.plan

    overtaken = Job(strategy, story(*news, since=SERVING), plan)
    for _ in range(5):
        for work in (carries_out, marks, decides, carries_out):
            overtaken.does(work)

    made = rollbacks(overtaken.registry)
    assert len(made) <= 1, overtaken.followed
    assert all(source == ALARM for source, _ in made)
    settled = overtaken.registry
    for work in (marks, decides, carries_out, recovers):
        overtaken.does(work)
    assert overtaken.registry is settled


@given(works=st.lists(st.sampled_from(WORK), max_size=9), news=st.sampled_from([*NEWS.values()]))
def test_a_job_and_the_world_in_any_order(
    works: list[Callable[[Job], None]], news: list[Step]
) -> None:
    """Wherever the news comes between the work of a job, nothing is left twice, or by mistake."""
    for place in range(len(works) + 1):
        job = Job(LastStable(), SERVING)
        for work in works[:place]:
            job.does(work)
        try:
            job.registry = story(*news, since=job.registry)
        except LastgoodError:
            continue  # Others cannot do that now.
        for work in works[place:]:
            job.does(work)
        made = rollbacks(job.registry)
        assert len(made) <= 1, job.followed
        assert all(source == ALARM for source, _ in made)


def test_the_messages_of_a_late_job_lead_to_nothing() -> None:
    """The lines that the late refusals show are run here, and none of them moves anything."""
    plan = LastStable().plan(SERVING, leaving=ALARM)
    fixed = story(bad(ALARM, "errors"), deploy("6"), since=SERVING)

    for message in (
        refusal(NotCurrent, lambda: LastStable().plan(fixed, leaving=ALARM)),
        refusal(StalePlan, lambda: fixed.roll_back(plan)),
        refusal(NotCurrent, lambda: fixed.deploy("4", replacing=ALARM)),
        refusal(RollbackNotNeeded, lambda: LastStable().plan(fixed)),
    ):
        job = Job(LastStable(), fixed)
        job.obeys(message)
        assert job.registry is fixed
        assert "registry.current" not in message


def test_a_message_shows_lines_that_can_be_run() -> None:
    """The job of these tests reads messages as a person does: it finds the lines that they show."""
    plan = LastStable().plan(SERVING, leaving=ALARM)
    fixed = story(deploy("6"), since=SERVING)
    hint = "if registry.needs_rollback: plan = strategy.plan(registry)"

    assert lines_of(refusal(NotCurrent, lambda: SERVING.deploy("4", replacing="1"))) == (hint,)
    assert lines_of(refusal(StalePlan, lambda: fixed.roll_back(plan))) == (hint,)


def refusal(error: type[LastgoodError], call: Callable[[], object]) -> str:
    """Return the message of a refusal, and fail if there is none."""
    with pytest.raises(error) as refused:
        _ = call()
    return str(refused.value)


@given(happened=commands)
def test_no_message_leads_away_from_a_healthy_version(happened: list[Command]) -> None:
    """Whatever is refused while nothing needs a rollback: its message does not lead to one.

    Nor does a message ask the registry for the label of the version that it judges or leaves.
    """
    for registry, message in refusals(happened):
        assert "registry.current" not in message
        if not registry.needs_rollback:
            job = Job(LastStable() | Previous(), registry)
            job.obeys(message)
            assert rollbacks(job.registry) == rollbacks(registry), job.followed


def refusals(happened: list[Command]) -> Iterator[tuple[VersionRegistry, str]]:
    """Yield what is refused in a story: the registry that refuses, and its message."""
    for command, registry in zip(happened, along(happened), strict=False):
        try:
            _ = command.on(registry)
        except LastgoodError as error:
            yield registry, str(error)


@given(happened=commands)
def test_every_command_given_twice_is_given_once(happened: list[Command]) -> None:
    """A command that would change nothing returns the very registry; or it is refused."""
    for command, (before, after) in zip(happened, pairwise(along(happened)), strict=True):
        if after is not before:
            try:
                again = command.on(after)
            except LastgoodError:
                continue
            assert again is after


@given(happened=commands)
def test_a_late_deployment_replaces_only_what_it_was_to_replace(happened: list[Command]) -> None:
    """However late a deployment is retried, it replaces what it names, or nothing.

    So it undoes neither a newer deployment nor an undeploy.
    """
    *_, registry = along(happened)
    for version, replaced in product(registry, registry):
        try:
            later = registry.deploy(version, replacing=replaced)
        except LastgoodError:
            continue
        assert later is registry or registry.current == replaced


# A service that is asked by requests, as in the page on HTTP


class Conflict(Exception):
    """Somebody else has written in the meantime."""


@dataclass
class Store:
    """A store of events that compares before it appends."""

    events: list[Event] = field(default_factory=list[Event])

    def load(self) -> VersionRegistry:
        """Return the registry of what is stored."""
        return VersionRegistry.replay(self.events)

    def append(self, before: VersionRegistry, after: VersionRegistry) -> None:
        """Store the news, if nobody was faster."""
        if self.load().fingerprint != before.fingerprint:
            raise Conflict
        self.events += after.events[before.revision :]


Request: TypeAlias = Iterator[str | None]


def post_failure(store: Store, failed: str) -> Request:
    """A monitor reports a failed version; yields once between reading and writing."""
    while True:
        before = store.load()
        after = LastStable().recover(before.mark_failed(failed, reason="errors", by="monitor"))
        yield None
        try:
            store.append(before, after)
        except Conflict:
            continue
        yield after.current
        return


def post_rollback(store: Store, leaving: str) -> Request:
    """A person asks for a rollback from one version; yields once between reading and writing."""
    while True:
        before = store.load()
        try:
            after = before.roll_back(LastStable().plan(before, leaving=leaving), by="ana")
        except (NotCurrent, StalePlan):
            yield before.current
            return
        yield None
        try:
            store.append(before, after)
        except Conflict:
            continue
        yield after.current
        return


def finished(request: Request) -> str | None:
    """Run a request to its end, and return its answer."""
    *_, answer = request
    return answer


@pytest.mark.parametrize("post", [post_failure, post_rollback], ids=lambda post: post.__name__)
def test_a_request_is_sent_again_because_its_answer_was_lost(
    post: Callable[[Store, str], Request],
) -> None:
    """Two requests, one after the other, are one rollback and one answer."""
    store = Store(list(SERVING.events))

    first = finished(post(store, ALARM))
    once = list(store.events)
    second = finished(post(store, ALARM))

    assert (first, second) == ("4", "4")
    assert store.events == once
    assert rollbacks(store.load()) == [(ALARM, "4")]


@pytest.mark.parametrize("one", [post_failure, post_rollback], ids=lambda post: post.__name__)
@pytest.mark.parametrize("other", [post_failure, post_rollback], ids=lambda post: post.__name__)
def test_two_requests_at_once(
    one: Callable[[Store, str], Request], other: Callable[[Store, str], Request]
) -> None:
    """Of two requests that decided on the same state one writes, and the other finds it done."""
    store = Store(list(SERVING.events))
    requests = [one(store, ALARM), other(store, ALARM)]

    waiting = [next(request) for request in requests]
    answers = [finished(request) for request in requests]

    assert waiting == [None, None]
    assert answers == ["4", "4"]
    assert rollbacks(store.load()) == [(ALARM, "4")]
