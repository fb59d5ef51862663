"""What refusals say, whole: the value that is wrong, what it should be, and the line to write."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any, Final, cast

import attrs
import pytest

from lastgood import (
    BestBy,
    Candidate,
    DuplicateVersion,
    Event,
    FirstOf,
    LastStable,
    NoRollbackTarget,
    Pinned,
    Previous,
    PreviousBySemver,
    RollbackPlan,
    RollbackStrategy,
    Rule,
    SemVer,
    StalePlan,
    Status,
    Version,
    VersionRegistry,
    strategy_from_dict,
)
from lastgood.render import svg
from lastgood.rules import (
    AtLeast,
    Budget,
    Except,
    Safe,
    SameMajor,
    SameMetadata,
    SameMinor,
    ServedAtLeast,
    ServedWithin,
    WithinLast,
)
from tests.registry.making import by_hand, deployed, hour, untyped
from tests.strategies.custom import AcceptsAll, Answers, Says

SEMVER: Final = cast("Any", SemVer)


def predicate(_version: Version, _registry: VersionRegistry, /) -> bool:
    """Answer as a filter would."""
    return True


def kept(metadata: Any) -> VersionRegistry:
    """Register a version with what may be no metadata."""
    return VersionRegistry().register("1", metadata=metadata)


def read(**told: Any) -> Event:
    """Read the event of a registration that tells this as well."""
    return Event.from_dict({"event": "registered", "version": "1", **told})


def refuse(error: Exception) -> None:
    """Raise an error as it was made."""
    raise error


def back(to: str, *, source: str) -> Event:
    """Return the event of a rollback, which no registry need have recorded."""
    return Event("rolled_back", to, source=source, strategy="by hand")


def a_plan() -> dict[str, Any]:
    """Return a plan as plain data."""
    return Previous().plan(deployed("1", "2")).to_dict()


class Xml:
    """Something whose name begins with a large letter."""


@attrs.frozen
class Many(AcceptsAll):
    """A strategy with more parameters than a list of names would usually show."""

    a: int = 1
    b: int = 1
    c: int = 1
    d: int = 1
    e: int = 1
    f: int = 1


#: A strategy that does not say of what type its parameter is.
Untold: Final[type[AcceptsAll]] = attrs.make_class("Untold", ["size"], bases=(AcceptsAll,))


class Bare(RollbackStrategy):
    """A strategy that is no attrs class."""

    def candidates(self, _registry: VersionRegistry, /) -> tuple[Candidate, ...]:
        """Propose nothing."""
        return ()

    def __repr__(self) -> str:
        return "Bare()"


class ByHand(Bare):
    """A strategy that tells its parameters itself, and wrongly."""

    def to_parameters(self) -> dict[str, object]:
        """Return what is no plain data."""
        return {"size": object()}


@attrs.frozen
class Holds(AcceptsAll):
    """A strategy that can hold anything."""

    value: object


def last_stable(_version: Version, _registry: VersionRegistry, /) -> None:
    """Answer as a rule that has the name of a strategy."""


def in_a_policy(kind: str) -> str:
    """Return what is said of classes that cannot be written."""
    return (
        "what can be is a function with a name, an attrs class with plain parameters, or one with "
        f"a method to_parameters() that returns as plain data what {kind}(**parameters) takes"
    )


LONG: Final = "a" * 79

WORDS: Final[dict[str, Callable[[], object]]] = {
    "the revisions are 0 to 4, and the int 9 is none of them": (
        lambda: deployed("1", "2").at_revision(9)
    ),
    "a SemVer is read from a text: write SemVer.parse(text)": SEMVER,
    "a version is read from a str, not from the int 1: write str(version)": (
        lambda: SemVer.parse(untyped(1))
    ),
    "a version is read from a str, not from None: write str(version)": (
        lambda: SemVer.from_label(untyped(None))
    ),
    "a version is read from a str, not from the int 2: write str(version)": (
        lambda: SemVer.from_label(untyped(2))
    ),
    "'1' is no version: expected strict Semantic Versioning 2.0.0, such as '1.2.3-rc.1'": (
        lambda: SemVer.parse("1")
    ),
    "roll_back takes a plan, not the int 1: write registry.roll_back(strategy.plan(registry)), "
    "or RollbackPlan.from_dict(data)": lambda: deployed("1").roll_back(untyped(1)),
    "data: expected an object, not the int 5": lambda: Event.from_dict(untyped(5)),
    "data: expected an object, not '{}': write json.loads(text)": (
        lambda: VersionRegistry.from_dict("{}")
    ),
    "events[0]: expected an object, not '{}'": (
        lambda: VersionRegistry.from_dict({"format": 1, "events": ["{}"]})
    ),
    "version: null is no value here": (
        lambda: Event.from_dict({"event": "registered", "version": None})
    ),
    "data: unknown key 'x'; there are 'event', 'version', 'source', 'strategy', 'at', 'reason', "
    "'metadata', 'digest'": lambda: Event.from_dict({"version": "1", "x": 1}),
    "where[0].served_within: 'P9999999999999D' is longer than a timedelta can be": (
        lambda: strategy_from_dict(
            {"previous": {}, "where": [{"served_within": "P9999999999999D"}]}
        )
    ),
    "a version is looked up by its label, a str, not by the int 7: write str(version)": (
        lambda: deployed("1")[untyped(7)]
    ),
    r"version '\n' is not registered; register it first: registry = registry.register(version)": (
        lambda: deployed("1")["\n"]
    ),
    "version 'v1' is registered already, and is stable; a label names one artifact for ever, "
    "so register another artifact under another label": (
        lambda: refuse(DuplicateVersion("v1", Status.STABLE))
    ),
    "'1' is not the current version, nothing is; "
    "decide again from what the registry knows now: plan = strategy.plan(registry)": (
        lambda: VersionRegistry.replay([Event("registered", "1"), back("1", source="1")])
    ),
    "steps must be an int, not '2'": lambda: Previous(steps=untyped("2")),
    "steps must fit in 64 bits, and the int 18446744073709551615 does not": (
        lambda: Previous(steps=2**64 - 1)
    ),
    "steps must fit in 64 bits, and an int does not": lambda: Previous(steps=2**64),
    "pinned: expected a text, not a list": lambda: strategy_from_dict({"pinned": []}),
    "data: expected the name of one strategy, not 'a', 'b', 'c', 'd', 'e' and 2 more": (
        lambda: strategy_from_dict(dict.fromkeys("abcdefg"))
    ),
    "many: unknown parameter 'zzz'; there are 'a', 'b', 'c', 'd', 'e', 'f'": (
        lambda: strategy_from_dict({"many": {"zzz": 1}}, extra=[Many])
    ),
    "extra: Untold cannot be made from data, its 'size' is declared as <class 'object'>: give it "
    "a method to_parameters() that returns what it takes, as plain data": (
        lambda: strategy_from_dict("untold", extra=[Untold])
    ),
    "extra is several classes or functions: write extra=[...]": (
        lambda: strategy_from_dict("previous", extra=untyped(predicate))
    ),
    "a version is looked up by its label, a str, not by a nameless object: write str(version)": (
        lambda: deployed("1")[untyped(type("", (), {})())]
    ),
    "a version is looked up by its label, a str, not by a Xml: write str(version)": (
        lambda: deployed("1")[untyped(Xml())]
    ),
    f"version '{LONG}b' is not registered; register it first: registry = registry.register("
    f"'{LONG}b')": lambda: deployed("1")[f"{LONG}b"],
    f"version '{LONG}\N{HORIZONTAL ELLIPSIS}' is not registered; register it first: "
    f"registry = registry.register('{LONG}\N{HORIZONTAL ELLIPSIS}')": (
        lambda: deployed("1")[f"{LONG}bb"]
    ),
    "the time 2024-05-01 12:00:00+00:00 cannot be answered for: nobody told when '1' was deployed; "
    "record deployments with at=": lambda: deployed("1").current_at(hour(0)),
    "statuses['1']: a table does not tell from where and to where it was rolled back: "
    "write 'failed', or replay events": (
        lambda: VersionRegistry.from_statuses({"1": "rolled_back"})
    ),
    "the digest '' is empty: leave it out where there is none": (
        lambda: VersionRegistry().register("1", digest="")
    ),
    r"the strategy '\ud800' has a lone surrogate, which no encoding can store": (
        lambda: Event("rolled_back", "1", source="2", strategy="\ud800")
    ),
    "the label ' ' is nothing but white space": lambda: VersionRegistry().register(" "),
    r"the label 'a\nb' has a control character": lambda: VersionRegistry().register("a\nb"),
    r"the label '\ud800' has a lone surrogate, which no encoding can store": (
        lambda: VersionRegistry().register("\ud800")
    ),
    "the time 2026-01-01 00:00:00 has no time zone: give it the one that it was read in, "
    "such as tzinfo=UTC": lambda: VersionRegistry().with_clock(datetime(2026, 1, 1)),  # noqa: DTZ001
    "the time 9999-12-31 23:59:59.999999-05:00 is out of range in UTC": (
        lambda: VersionRegistry().with_clock(
            datetime.max.replace(tzinfo=timezone(timedelta(hours=-5)))
        )
    ),
    "at: '2026-13-01T00:00:00+00:00' is no time: month must be in 1..12": (
        lambda: read(at="2026-13-01T00:00:00+00:00")
    ),
    "Bare() cannot be written as plain data: Bare is no attrs class; "
    f"{in_a_policy('Bare')}": lambda: Bare().to_dict(),
    "Bare() cannot be written as plain data: its 'size' is an object; "
    f"{in_a_policy('ByHand')}": lambda: ByHand().to_dict(),
    "Holds(value=[1]) cannot be written as plain data: its 'value' is a list; "
    f"{in_a_policy('Holds')}": lambda: Holds([1]).to_dict(),
    "Holds(value=('a', [1])) cannot be written as plain data: its 'value' is a list; "
    f"{in_a_policy('Holds')}": lambda: Holds(("a", [1])).to_dict(),
    r"Holds(value='\ud800') cannot be written as plain data: its 'value' has a lone surrogate; "
    f"{in_a_policy('Holds')}": lambda: Holds("\ud800").to_dict(),
    "last_stable cannot be written as plain data: 'last_stable' is the name of something else "
    "here: rename it": lambda: Previous().where(last_stable).to_dict(),
    "LastStable() cannot be written as plain data: 'last_stable' is the name of something else "
    "here: rename it": lambda: attrs.make_class("LastStable", [], bases=(AcceptsAll,))().to_dict(),
    "cannot deploy '1': it is failed (slow); "
    "reinstate it first: registry = registry.reinstate('1', reason=...)": (
        lambda: deployed("1", "2").mark_failed("1", reason="slow").deploy("1")
    ),
    "cannot mark '1' stable: it is failed; "
    "reinstate it first: registry = registry.reinstate('1', reason=...)": (
        lambda: deployed("1", "2").mark_failed("1").mark_stable("1")
    ),
    r"reason: the reason '\ud800' has a lone surrogate, which no encoding can store": (
        lambda: RollbackPlan.from_dict({**a_plan(), "reason": "\ud800"})
    ),
    r"considered[0].by: the signature '\ud800' has a lone surrogate, which no encoding can store": (
        lambda: RollbackPlan.from_dict(
            {**a_plan(), "considered": [{**a_plan()["considered"][0], "by": "\ud800"}]}
        )
    ),
    "'1x' is no scope: begin with a letter, then a-z, 0-9, _ or -": (
        lambda: svg(deployed("1"), scope="1x")
    ),
    "a rule is asked about a Version, not about '1': write registry[label]": (
        lambda: Safe()(untyped("1"), deployed("1"))
    ),
    "expected an Event, not the int 1: write Event.from_dict(data)": (
        lambda: VersionRegistry.replay([untyped(1)])
    ),
    "Answers(answer=5) answered the int 5: candidates() yields candidates": (
        lambda: Answers(5).plan(deployed("1"))
    ),
    "Says(said=(5,)) yielded the int 5, which is no candidate: "
    "write yield Candidate.accept(version)": lambda: Says((5,)).plan(deployed("1")),
    "expected a VersionRegistry, not the int 1: "
    "write VersionRegistry.from_statuses(statuses, current=...), "
    "or VersionRegistry.from_dict(data)": lambda: LastStable().plan(untyped(1)),
    "an Except is no strategy: write LastStable().where(rule, ...)": (
        lambda: LastStable.where(untyped(Except("1")))
    ),
    "Except('1') is neither true nor false: write where(a, b) for `a and b`": (
        lambda: bool(Except("1"))
    ),
    "data: expected the name of one strategy, not 'last_stable', 'wher'; "
    "did you mean 'where' by 'wher'?": (
        lambda: strategy_from_dict({"last_stable": {}, "wher": ["stable"]})
    ),
    "data: expected the name of one strategy, not 'last_stable', 'previous'": (
        lambda: strategy_from_dict({"last_stable": {}, "previous": {}})
    ),
    "where[0]: expected the name of one rule, not 'stable', 'wher'": (
        lambda: strategy_from_dict({"last_stable": {}, "where": [{"stable": "", "wher": ""}]})
    ),
    "last_stable: unknown parameter 'where'; 'where' stands beside the name of the strategy": (
        lambda: strategy_from_dict({"last_stable": {"where": ["stable"]}})
    ),
    "expected rules, not the int 5: write where(rule, ...); "
    "strategies are combined with a | b": lambda: Previous().where(untyped(5)),
    "a rule answers None or the reason to reject, and predicate answered True: "
    "it is a veto, not a predicate": (
        lambda: Previous().where(untyped(predicate)).plan(deployed("1", "2"))
    ),
    "the number of rollbacks must be at least 0: the int -1 is less": lambda: Budget(-1),
    "the time of the budget is a timedelta, such as timedelta(hours=24), not the int 3": (
        lambda: Budget(1, within=untyped(3))
    ),
    "signature must be a str, not the int 5": (
        lambda: Candidate("1", accepted=True, reason="x", by=untyped(5))
    ),
    "accepted must be True or False, not the int 5": (
        lambda: Candidate("1", accepted=untyped(5), reason="x")
    ),
    "say why: write Candidate.accept('1', reason)": lambda: Candidate.accept(untyped("1")),
    "say why: write Candidate.reject('1', reason)": lambda: Candidate.reject(untyped("1")),
    "metadata is a mapping, and the int 5 is none": lambda: kept(5),
    "metadata[the int 5] is under a key that is no str: write str(key)": lambda: kept({5: 1}),
    r"metadata['\ud800'] is under a key with a lone surrogate": lambda: kept({"\ud800": 1}),
    "metadata['a'] is an int that does not fit in 64 bits: write str(value)": (
        lambda: kept({"a": -(2**63) - 1})
    ),
    "metadata['a'] is a list: only str, int, float, bool and None are kept, without nesting": (
        lambda: kept({"a": [1]})
    ),
    "a time is a datetime with a time zone, not the int 5: write such as "
    "datetime.fromisoformat('2026-05-01T12:00:00+00:00')": (
        lambda: VersionRegistry().with_clock(untyped(5))
    ),
    "a version is known by its label, a str, not by the int 5: write str(version)": (
        lambda: VersionRegistry().register(untyped(5))
    ),
    "at: a time is a str in the form of ISO 8601, not the int 5": lambda: read(at=5),
    "at: 'x' is no time like '2026-05-01T12:00:00+00:00'": lambda: read(at="x"),
    "metadata: expected an object, not the int 5": lambda: read(metadata=5),
    "reason: an event 'registered' has none": lambda: Event("registered", "1", reason="x"),
    "source: an event 'rolled_back' needs one": lambda: Event("rolled_back", "1"),
    "source: the key is missing": (
        lambda: Event.from_dict({"event": "rolled_back", "version": "1"})
    ),
    "a revision must be at least 0: the int -1 is less": (
        lambda: RollbackPlan("1", "2", "a", "b", -1, ())
    ),
    "expected candidates, not the int 5": (
        lambda: RollbackPlan("1", "2", "a", "b", 1, untyped((5,)))
    ),
    "statuses['1']: 'great' is no status: write one of 'unproven', 'stable', 'failed', 'retired'": (
        lambda: VersionRegistry.from_statuses({"1": "great"})
    ),
    "statuses are a mapping, and a list is none": (
        lambda: VersionRegistry.from_statuses(untyped([1]))
    ),
    "the time within which it must have served is a timedelta, "
    "such as timedelta(hours=24), not the int 3": lambda: ServedWithin(untyped(3)),
    "the time that it must have served is a timedelta, "
    "such as timedelta(hours=24), not the int 3": lambda: ServedAtLeast(untyped(3)),
    "the time that it must have served is a duration and cannot be negative: -1 day, 0:00:00": (
        lambda: ServedAtLeast(timedelta(days=-1))
    ),
    "'x' is no version: expected a version as labels have them, such as '1.2.0' or 'v1.2'": (
        lambda: AtLeast("x")
    ),
    "SameMetadata() compares nothing: write SameMetadata(key)": SameMetadata,
    "the number of versions to go back must be at least 1: the int 0 is less": (
        lambda: WithinLast(0)
    ),
    "expected a strategy, not the int 1: write FirstOf(strategy, ...)": (
        lambda: FirstOf(untyped(1))
    ),
    "expected a strategy, not the class LastStable: write LastStable(...)": (
        lambda: FirstOf(untyped(LastStable))
    ),
    "LastStable() is neither true nor false: write a | b for `a or b`, "
    "and `strategy is not None` to ask whether there is one": lambda: bool(LastStable()),
    "version '1' is registered already, and is unproven; a label names one artifact for ever, "
    "so register another artifact under another label": lambda: deployed("1").register("1"),
    "cannot reinstate '1': it is unproven; "
    "it needs no reinstating: registry = registry.deploy('1')": lambda: deployed("1").reinstate(
        "1"
    ),
    "nothing is deployed, so there is nothing to leave; record what serves first: "
    "registry = registry.deploy(version)": lambda: LastStable().plan(VersionRegistry()),
}


@pytest.mark.parametrize("words", WORDS)
def test_a_refusal_says_all_of_it(words: str) -> None:
    """The whole message is as it stands here."""
    with pytest.raises((TypeError, ValueError, LookupError, RuntimeError)) as refusal:
        _ = WORDS[words]()
    assert str(refusal.value) == words


NEWS: Final[dict[str, Callable[[VersionRegistry, RollbackPlan], VersionRegistry]]] = {
    "'2' was rolled back to '1' since": lambda registry, plan: registry.roll_back(plan),
    "'1' was deployed since": lambda registry, _: registry.deploy("1"),
    "'1' was observed since": lambda registry, _: registry.observe("1"),
}


@pytest.mark.parametrize("words", NEWS)
def test_a_stale_plan_says_what_overtook_it(words: str) -> None:
    """The message names the deployment that came in between, how it came, and when."""
    registry = deployed("1", "2")
    plan = Previous().plan(registry)
    with pytest.raises(StalePlan) as refusal:
        _ = NEWS[words](registry, plan).roll_back(plan)
    assert str(refusal.value).endswith(
        f"is stale: {words}, at revision 5; nothing was applied; "
        "plan again: plan = strategy.plan(registry)"
    )


REPLAYED: Final[dict[str, Event]] = {
    "cannot roll back to '2': it is stable (24 h); it is the current version itself": back(
        "2", source="2"
    ),
    "cannot observe '2': it is stable (24 h); and current already": Event("observed", "2"),
    "'1' is not the current version, '2' is; "
    "decide again from what the registry knows now: plan = strategy.plan(registry)": back(
        "2", source="1"
    ),
}


@pytest.mark.parametrize("words", REPLAYED)
def test_a_replay_says_what_it_refuses(words: str) -> None:
    """What only a damaged history can ask for is refused with the version and what is known."""
    registry = deployed("1", "2").mark_stable("2", reason="24 h")
    with pytest.raises((ValueError, RuntimeError)) as refusal:
        _ = VersionRegistry.replay([*registry.events, REPLAYED[words]])
    assert str(refusal.value) == words


def test_a_plan_for_another_current_version_says_which_serves() -> None:
    """The message names what serves, and what the plan would leave."""
    for registry, words in (
        (deployed("1", "2"), "is stale: '2' is the current version, not '3'; nothing"),
        (VersionRegistry().register("1"), "is stale: nothing is deployed, not '3'; nothing"),
    ):
        with pytest.raises(StalePlan) as refusal:
            _ = registry.roll_back(by_hand(registry, "1", source="3"))
        assert words in str(refusal.value)


REASONS: Final[dict[str, tuple[Rule, str]]] = {
    "excluded by name": (Except("1"), "1"),
    "it is the current version": (Safe(), "2"),
    "1 rollback in a row; the cause is probably not the version": (Budget(1), "1"),
}


@pytest.mark.parametrize("words", REASONS)
def test_a_rule_says_all_of_it(words: str) -> None:
    """The whole reason is as it stands here; a budget of one counts no more than that."""
    registry = deployed("1", "2", "3", "4")
    for _ in range(2):
        registry = registry.roll_back(Previous().plan(registry))
    rule, label = REASONS[words]
    assert rule(registry[label], registry) == words


def test_a_rule_says_what_it_knows_and_what_it_does_not() -> None:
    """The whole reason is as it stands here, also where there is nothing to compare."""
    known = deployed("1", "2").register("3").with_clock(hour(1))
    odd = known.register("x").deploy("x")
    day = ServedWithin(timedelta(days=1))
    assert Safe()(Version("9"), known) == "not registered"
    assert SameMajor()(known["1"], known) == "across the major of the current version 2"
    assert SameMinor()(known["1"], known) == "across the minor of the current version 2"
    assert SameMajor()(odd["1"], odd) == "'x' is no SemVer version, so its major is not known"
    assert SameMinor()(odd["1"], odd) == "'x' is no SemVer version, so its minor is not known"
    assert day(known["3"], known) == "never served"
    assert day(known["1"], known) == "when it last served is not known"
    untold, idle = deployed("1", "2"), VersionRegistry().register("1")
    assert day(untold["1"], untold) == (
        "the registry was told no time: tell it with at= or with_clock(now)"
    )
    assert SameMajor()(idle["1"], idle) == "nothing is deployed to compare it with"
    assert [said.reason for said in PreviousBySemver().candidates(odd)] == [
        "the label of the current version is no SemVer version to go below"
    ]


def Loud(_version: Version, _registry: VersionRegistry, /) -> None:  # noqa: N802
    """Answer as a rule whose name looks like that of a class."""


def test_a_function_is_written_under_its_own_name() -> None:
    """Only the names of classes are put into snake case, when they are written and when read."""
    strategy = Previous().where(Loud)
    assert strategy.to_dict() == {"previous": {}, "where": [{"Loud": {}}]}
    assert strategy_from_dict(strategy.to_dict(), extra=[Loud]) == strategy


def test_a_rule_that_stops_is_named() -> None:
    """A `StopIteration` is an error that says which rule raised it."""

    def stop(_version: Version, _registry: VersionRegistry, /) -> str:
        raise StopIteration

    stop.__qualname__ = "stop"
    with pytest.raises(RuntimeError) as refusal:
        _ = Previous().where(stop).plan(deployed("1", "2"))
    assert str(refusal.value) == "the rule stop raised StopIteration"


def test_no_way_back_says_all_of_it() -> None:
    """The refusal lists every version, and what may help, and ends with what always does."""
    registry = deployed("1", "2", "3").mark_failed("2", reason="slow")
    with pytest.raises(NoRollbackTarget) as refusal:
        _ = Pinned("9").plan(registry)
    assert str(refusal.value).splitlines() == [
        "No way back from 3    Pinned('9')",
        "  x  9   not registered",
        "  x  1   unproven; not proposed by Pinned('9')",
        "  x  2   failed: slow   [Safe()]",
        "Previous() goes back to unproven versions of the lineage as well.",
        (
            "A version that was condemned wrongly can be reinstated: "
            "registry = registry.reinstate(version, reason=...)"
        ),
        "If nothing else helps, deploy a new version.",
    ]


def test_a_label_that_looks_like_another_is_told() -> None:
    """Of the first that is not registered, with what it looks like; of no other."""
    registry = deployed("v1.0", "v2.0", "v3.0").mark_failed("v1.0").mark_failed("v2.0")
    strategy = Pinned("v3.0") | Pinned("v1.O") | Pinned("v2.O")
    with pytest.raises(NoRollbackTarget) as refusal:
        _ = strategy.plan(registry)
    told = [line for line in str(refusal.value).splitlines() if "did you mean" in line]
    assert told == ["version 'v1.O' is not registered; did you mean 'v1.0'?"]


def test_what_was_not_proposed_can_be_named() -> None:
    """The one registered last of those that are stable and served; what is unsafe is not named."""
    registry = deployed("1", "2", "3", "4", "5").mark_stable("1").mark_stable("2")
    registry = registry.register("6").mark_stable("6").mark_stable("4").mark_failed("4")
    named = "A version that was not proposed can be named: Pinned('2')."
    for strategy in (Pinned("9"), Says(())):
        with pytest.raises(NoRollbackTarget) as refusal:
            _ = strategy.plan(registry)
        assert named in str(refusal.value).splitlines()
    assert Pinned("2").plan(registry).target == "2"


def test_previous_is_recommended_where_it_may_help() -> None:
    """Not to who asked it, and not for what was never deployed."""
    canary = deployed("1").register("2")
    bad = deployed("1", "2", "3").mark_failed("1").mark_failed("2")
    for strategy, registry in (
        (Previous(), canary),
        (LastStable(), canary),
        (PreviousBySemver(unproven=True), canary),
        (Previous(), bad),
        (LastStable(), bad),
    ):
        with pytest.raises(NoRollbackTarget) as refusal:
            _ = strategy.plan(registry)
        assert "Previous() goes back" not in str(refusal.value)


def test_reinstating_is_recommended_where_it_may_help() -> None:
    """Whatever condemned a version, a person may take it back; what is unproven needs none."""
    left = deployed("1", "2").roll_back(by_hand(deployed("1", "2"), "1")).mark_failed("1")
    again = left.reinstate("2")
    for registry in (left, again.mark_failed("2"), again.retire("2")):
        with pytest.raises(NoRollbackTarget, match="condemned wrongly can be reinstated"):
            _ = LastStable().plan(registry)
    with pytest.raises(NoRollbackTarget) as refusal:
        _ = LastStable().plan(deployed("1", "2"))
    assert "reinstated" not in str(refusal.value)


def test_previous_is_not_recommended_to_itself() -> None:
    """What is unproven, served, and lies off the lineage is out of its reach."""
    registry = deployed("1", "2").roll_back(by_hand(deployed("1", "2"), "1")).reinstate("2")
    with pytest.raises(NoRollbackTarget) as refusal:
        _ = Previous().plan(registry)
    assert "unproven; not proposed by Previous()" in str(refusal.value)
    assert "Previous() goes back" not in str(refusal.value)


def test_no_way_back_is_made_of_what_it_tells() -> None:
    """The `args` of the error are its facts, as they are for every error of the library."""
    registry = deployed("1", "2").mark_failed("1")
    with pytest.raises(NoRollbackTarget) as refusal:
        _ = Previous().plan(registry)
    error = refusal.value
    assert error.args == (error.source, error.strategy, error.revision, error.considered)


def test_a_plan_for_which_nothing_was_considered_explains_its_target() -> None:
    """A plan that somebody wrote by hand, without candidates, names its target with the reason."""
    plan = RollbackPlan("2", "1", "by hand", "nobody", 3, ())
    assert plan.explain().splitlines() == ["Roll back 2 -> 1    nobody", "  >  1   by hand"]


def test_a_semver_shows_how_it_was_read() -> None:
    """The `repr` names the strict reading where that is enough."""
    assert repr(SemVer.parse("1.0.0")) == "SemVer.parse('1.0.0')"
    assert repr(SemVer.from_label("v1.0")) == "SemVer.from_label('v1.0')"


def test_versions_are_spread_by_their_hashes() -> None:
    """Versions of different precedence have different hashes, but for rare accidents."""
    assert len({hash(SemVer.parse(f"1.{minor}.0")) for minor in range(1000)}) > 990


def test_strategies_are_spread_by_their_hashes() -> None:
    """Strategies that differ in a parameter or in their class have different hashes."""
    assert len({hash(Pinned(str(number))) for number in range(1000)}) > 990
    assert hash(LastStable()) != hash(Previous())


def test_metadata_are_spread_by_their_hashes() -> None:
    """Metadata with different values have different hashes, but for rare accidents."""
    told = (kept({"auc": number})["1"].metadata for number in range(1000))
    assert len({hash(metadata) for metadata in told}) > 990


def test_registries_are_spread_by_their_hashes() -> None:
    """Registries that differ in the latest event have different hashes, but for rare accidents."""
    registry = deployed("1")
    others = (registry.mark_failed("1", reason=str(number)) for number in range(1000))
    assert len({hash(other) for other in others}) > 990


def test_the_smallest_int_is_kept() -> None:
    """Metadata keep what fits in 64 bits, to the last one."""
    assert kept({"a": -(2**63)})["1"].metadata == {"a": -(2**63)}


def test_a_step_that_is_passed_over_is_counted() -> None:
    """What would do, and is passed over as asked, says which step it was, of how many."""
    said = Previous(steps=3).review(deployed("1", "2", "3", "4"))
    assert [candidate.reason for candidate in said] == [
        "unproven; only step 1 of 3",
        "unproven; only step 2 of 3",
        "unproven",
    ]


def test_the_best_other_version_is_named() -> None:
    """`BestBy` says nothing of the current version, however good it is."""
    registry = kept({"auc": 0.5}).deploy("1").register("2", metadata={"auc": 0.9}).deploy("2")
    assert [candidate.version for candidate in BestBy("auc").candidates(registry)] == ["1"]


def test_a_label_that_is_not_registered_gets_the_default() -> None:
    """`get` answers with the default, as that of a `dict` does."""
    assert deployed("1").get("2", "nothing") == "nothing"


def test_recovering_at_an_early_time_does_not_turn_back_the_clock() -> None:
    """Rules see the latest time that was told, also where the rollback is told an earlier one."""
    registry = VersionRegistry().register("1").deploy("1", at=hour(0)).register("2")
    registry = registry.deploy("2", at=hour(1)).mark_failed("2", at=hour(9))
    strategy = Previous().where(ServedWithin(timedelta(hours=2)))
    with pytest.raises(LookupError, match="served"):
        _ = strategy.recover(registry, at=hour(2))
