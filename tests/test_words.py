"""What refusals say, whole: the value that is wrong, what it should be, and the line to write."""

import math
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any, Final, cast

import attrs
import pytest

from lastgood import (
    AsOf,
    BestBy,
    Candidate,
    DuplicateVersion,
    Event,
    FirstOf,
    LastStable,
    NoRollbackTarget,
    Pinned,
    Previous,
    PreviousBy,
    RollbackPlan,
    RollbackStrategy,
    Rule,
    SemVer,
    StalePlan,
    Status,
    Version,
    VersionRegistry,
    errors,
    prunable,
    strategy_from_dict,
)
from lastgood.render import svg
from lastgood.rules import (
    AtLeast,
    AtMostSteps,
    Budget,
    Except,
    Safe,
    SameMetadata,
    ServedAtLeast,
    ServedWithin,
)
from tests.registry.making import back, deployed, hour, untyped
from tests.rows import each_row
from tests.strategies.custom import AcceptsAll, Answers, Says
from tests.times import said_by_python

SEMVER: Final = cast("Any", SemVer)


def predicate(_version: Version, _registry: VersionRegistry, /) -> bool:
    """Answer as a filter would."""
    return True


def kept(metadata: Any) -> VersionRegistry:
    """Register a version with metadata of any type."""
    return VersionRegistry().register("1", metadata=metadata)


def read(**keys: Any) -> Event:
    """Read the event of a registration with these keys as well."""
    return Event.from_dict({"kind": "registered", "version": "1", **keys})


def refuse(error: Exception) -> None:
    """Raise an error as it was made."""
    raise error


def went_back(to: str, *, source: str) -> Event:
    """Return the event of a rollback, which no registry need have recorded."""
    return Event("rolled_back", to, source=source, strategy="by hand")


def a_plan() -> dict[str, Any]:
    """Return a plan as plain data."""
    return Previous().plan(deployed("1", "2"), leaving="2").to_dict()


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
    """A strategy that is not an attrs class."""

    def candidates(self, _registry: VersionRegistry, /) -> tuple[Candidate, ...]:
        """Propose nothing."""
        return ()

    def __repr__(self) -> str:
        return "Bare()"


class ByHand(Bare):
    """A strategy that returns its parameters itself, and wrongly."""

    def to_parameters(self) -> dict[str, object]:
        """Return an object, which is not plain data."""
        return {"size": object()}


@attrs.frozen
class Holds(AcceptsAll):
    """A strategy that can hold anything."""

    value: object


def last_stable(_version: Version, _registry: VersionRegistry, /) -> None:
    """Answer as a rule that has the name of a strategy."""


def in_a_policy(kind: str) -> str:
    """Return the end of the message about classes that cannot be written."""
    return (
        "write a function with a name, an attrs class with plain parameters, or a class with a "
        f"method to_parameters() that returns the arguments of {kind}(**arguments) as plain data"
    )


LONG: Final = "a" * 79
MONTH_13: Final = "2026-13-01T00:00:00+00:00"

#: The line that plans a rollback only if one is needed.
DECIDE_AGAIN: Final = "if registry.needs_rollback: plan = strategy.plan(registry)"

#: A registry in which the contents of two versions failed as the current one.
TWINS: Final = (
    VersionRegistry()
    .register("r12", digest="sha256:9f86d0")
    .deploy("r12")
    .register("r13", digest="sha256:9f86d0")
    .deploy("r13")
    .mark_failed("r13", reason="slow")
)

WORDS: Final[dict[str, Callable[[], object]]] = {
    "revision must be between 0 and 4, not 9": (lambda: deployed("1", "2").at_revision(9)),
    "a SemVer is read from a text: write SemVer.parse(text)": SEMVER,
    "text must be a str, not 1: write str(version)": (lambda: SemVer.parse(untyped(1))),
    "text must be a str, not None: write str(version)": (lambda: SemVer.from_label(untyped(None))),
    "text must be a str, not 2: write str(version)": (lambda: SemVer.from_label(untyped(2))),
    "'1' is not a strict SemVer 2.0.0 version, such as '1.2.3-rc.1'": (lambda: SemVer.parse("1")),
    "plan must be a RollbackPlan, not 1: write "
    "registry.roll_back(strategy.plan(registry)), or RollbackPlan.from_dict(data)": lambda: (
        deployed("1").roll_back(untyped(1))
    ),
    "data: must be an object, not 5": lambda: Event.from_dict(untyped(5)),
    "data: must be an object, not '{}': write json.loads(text)": (
        lambda: VersionRegistry.from_dict("{}")
    ),
    "events[0]: must be an object, not '{}'": (
        lambda: VersionRegistry.from_dict({"format": 1, "events": ["{}"]})
    ),
    "version: must not be null": (lambda: Event.from_dict({"kind": "registered", "version": None})),
    "data: unknown key 'x'; expected one of 'kind', 'version', 'source', 'strategy', 'at', "
    "'reason', 'by', 'metadata', 'digest'": lambda: Event.from_dict({"version": "1", "x": 1}),
    "where[0].served_within: duration must be written like '90s', '24h', '7d' or '1d12h', "
    "not 'P9999999999999D'": (
        lambda: strategy_from_dict(
            {"previous": {}, "where": [{"served_within": "P9999999999999D"}]}
        )
    ),
    "a version is looked up by its label, a str, not by 7: write str(version)": (
        lambda: deployed("1")[untyped(7)]
    ),
    "version '\\n' is not registered: register it first, registry = registry.register(version)": (
        lambda: deployed("1")["\n"]
    ),
    "version 'v1.01' is not registered: register it first, registry = "
    "registry.register('v1.01'); or did you mean 'v1.1', 'v1.0'?": (
        lambda: deployed("v1.0", "v1.1").deploy("v1.01")
    ),
    "version 'zzz' is not registered: add it to the table with its status, such as "
    "{'zzz': 'unproven'}": (lambda: VersionRegistry.from_statuses({"a": "stable"}, current="zzz")),
    "version 'v1' is registered already, with other metadata or another digest, and is "
    "stable; a label names one artifact for ever: use a new label for a new artifact; for "
    "facts learned later, registry = registry.annotate('v1', {...})": (
        lambda: refuse(DuplicateVersion("v1", Status.STABLE))
    ),
    "'1' is not the current version: nothing serves; nothing was recorded; decide again from "
    "what the registry knows now: if registry.needs_rollback: plan = strategy.plan(registry)": (
        lambda: VersionRegistry.replay([Event("registered", "1"), went_back("1", source="1")])
    ),
    "steps must be an int, not '2'": lambda: Previous(steps=untyped("2")),
    "steps must be at most 9223372036854775807": lambda: Previous(steps=2**64),
    "pinned: must be a text, not a list": lambda: strategy_from_dict({"pinned": []}),
    "data: expected an object with exactly one strategy name, got 'a', 'b', 'c', 'd', 'e' "
    "and 2 more": (lambda: strategy_from_dict(dict.fromkeys("abcdefg"))),
    "many: unknown parameter 'zzz'; expected one of 'a', 'b', 'c', 'd', 'e', 'f'": (
        lambda: strategy_from_dict({"many": {"zzz": 1}}, extra=[Many])
    ),
    "extra: Untold cannot be made from data, its 'size' is declared as <class 'object'>: "
    "give it a method to_parameters() that returns its arguments as plain data": (
        lambda: strategy_from_dict("untold", extra=[Untold])
    ),
    "extra must be a list or mapping: write extra=[...]": (
        lambda: strategy_from_dict("previous", extra=untyped(predicate))
    ),
    "a version is looked up by its label, a str, not by a nameless object: write str(version)": (
        lambda: deployed("1")[untyped(type("", (), {})())]
    ),
    "a version is looked up by its label, a str, not by a Xml: write str(version)": (
        lambda: deployed("1")[untyped(Xml())]
    ),
    f"version '{LONG}b' is not registered: register it first, registry = registry.register("
    f"'{LONG}b')": lambda: deployed("1")[f"{LONG}b"],
    f"version '{LONG}\N{HORIZONTAL ELLIPSIS}' is not registered: register it first, "
    f"registry = registry.register('{LONG}\N{HORIZONTAL ELLIPSIS}')": (
        lambda: deployed("1")[f"{LONG}bb"]
    ),
    "the time 2024-05-01 12:00:00+00:00 has no known answer: it is not certain whether '1' "
    "was deployed before it; pass at= to every command": lambda: deployed("1").current_at(hour(0)),
    "statuses['1']: 'rolled_back' needs a second deployment, which a table cannot express: "
    "leave it out, write 'failed' if it proved bad, or replay events": (
        lambda: VersionRegistry.from_statuses({"1": "rolled_back"})
    ),
    "the digest '' is empty: leave it out if it is unknown": (
        lambda: VersionRegistry().register("1", digest="")
    ),
    r"the strategy '\ud800' has a lone surrogate, which no encoding can store": (
        lambda: Event("rolled_back", "1", source="2", strategy="\ud800")
    ),
    "when must be a datetime with a time zone or a text such as '2026-05-01T12:00:00+00:00', "
    "not 5": lambda: AsOf(untyped(5)),
    "key must be a function with a name, not a lambda: write def key(version), or import "
    "numbers from lastgood.keys": lambda: PreviousBy(lambda version: version.label),
    "metadata: required in an 'annotated' event": lambda: deployed("1").annotate("1", {}),
    "'3' is not the current version: '2' serves; nothing was recorded; "
    f"decide again from what the registry knows now: {DECIDE_AGAIN}": (
        lambda: deployed("1", "2").deploy("1", replacing="3")
    ),
    "'1' is not the current version: '2' serves; nothing was recorded; "
    f"decide again from what the registry knows now: {DECIDE_AGAIN}": (
        lambda: deployed("1", "2").undeploy("1")
    ),
    "nothing serves: '1' was undeployed; if something serves, record it: registry = "
    "registry.observe(version)": lambda: deployed("1").undeploy("1").current_version,
    "no rollback is needed: '1' serves and is stable (24 h); there is nothing to do; to "
    "leave a version all the same, give its label as the alarm names it: "
    "strategy.plan(registry, leaving=...)": lambda: LastStable().plan(
        deployed("1").mark_stable("1", reason="24 h")
    ),
    "no rollback is needed: nothing serves since '1' was undeployed, which is unproven; "
    "there is nothing to do; to leave a version all the same, give its label as the alarm "
    "names it: strategy.plan(registry, leaving=...)": lambda: LastStable().plan(
        deployed("1").undeploy("1")
    ),
    "cannot deploy 'r12': its contents, digest sha256:9f86d0, failed as 'r13' (slow); if "
    "only its configuration failed, or the verdict was wrong: registry = "
    "registry.reinstate('r13', reason=...), then try again, or where 'r13' serves, plan = "
    "strategy.plan(registry, leaving='r13'); or move by hand, then registry = "
    "registry.observe(...); and from now on give digests that cover the artifact and its "
    "configuration": lambda: TWINS.deploy("r12"),
    "cannot roll back to 'r12': its contents, digest sha256:9f86d0, failed as 'r13' (slow); "
    "if only its configuration failed, or the verdict was wrong: registry = "
    "registry.reinstate('r13', reason=...), then plan = strategy.plan(registry, "
    "leaving='r13'); or move by hand, then registry = registry.observe(...); and from now on "
    "give digests that cover the artifact and its configuration": lambda: back(
        TWINS, "r12", source="r13"
    ),
    "cannot mark 'r12' stable: its contents, digest sha256:9f86d0, failed as 'r13' (slow); if "
    "only its configuration failed, or the verdict was wrong: registry = "
    "registry.reinstate('r13', reason=...), then try again, or where 'r13' serves, plan = "
    "strategy.plan(registry, leaving='r13'); or move by hand, then registry = "
    "registry.observe(...); and from now on give digests that cover the artifact and its "
    "configuration": lambda: TWINS.mark_stable("r12"),
    "format: 2 is not supported; this release reads 1": lambda: VersionRegistry.from_dict(
        {"format": 2, "events": []}
    ),
    "kind: unknown kind of event 'deploy'; expected one of 'registered', 'annotated', "
    "'deployed', 'undeployed', 'marked_stable', 'marked_failed', 'retired', 'reinstated', "
    "'rolled_back', 'observed'": lambda: Event.from_dict({"kind": "deploy", "version": "1"}),
    "metadata: the key is missing": lambda: Event.from_dict({"kind": "annotated", "version": "1"}),
    "a label must be a str, not 1.1: put quotes around it where it was read from, such as "
    "'1.10' in YAML": lambda: VersionRegistry().register(untyped(1.1)),
    "a version is looked up by its label, a str, not by 1.1: put quotes around it where it "
    "was read from, such as '1.10' in YAML": lambda: deployed("1")[untyped(1.1)],
    "plan must be a RollbackPlan, not '1': write Pinned('1').plan(registry, leaving=...)": lambda: (
        deployed("1").roll_back(untyped("1"))
    ),
    "duration must be written like '90s', '24h', '7d' or '1d12h', not '1 day'": lambda: (
        ServedAtLeast("1 day")
    ),
    "'yesterday' is not an ISO 8601 time with an offset, "
    "such as '2026-05-01T12:00:00+00:00'": lambda: AsOf("yesterday"),
    "n must be an int, not True": lambda: AtMostSteps(True),  # noqa: FBT003  # it is refused
    "by must be a str, not 5": lambda: deployed("1").register("2").mark_stable("2", by=untyped(5)),
    "keep must be at least 1, not -1": lambda: prunable(deployed("1"), keep=-1),
    "the label ' ' is nothing but white space": lambda: VersionRegistry().register(" "),
    "the label ' v1' has white space at an end: write label.strip()": (
        lambda: VersionRegistry().register(" v1")
    ),
    r"the label 'a\nb' has a control character": lambda: VersionRegistry().register("a\nb"),
    r"the label '\ud800' has a lone surrogate, which no encoding can store": (
        lambda: VersionRegistry().register("\ud800")
    ),
    "the time 2026-01-01 00:00:00 has no time zone: write datetime.now(UTC), "
    "or add its own: when.replace(tzinfo=...)": (
        lambda: VersionRegistry().with_clock(datetime(2026, 1, 1))  # noqa: DTZ001
    ),
    "the time 9999-12-31 23:59:59.999999-05:00 is out of range in UTC": (
        lambda: VersionRegistry().with_clock(
            datetime.max.replace(tzinfo=timezone(timedelta(hours=-5)))
        )
    ),
    f"at: '{MONTH_13}' is not a time: {said_by_python(MONTH_13)}": lambda: read(at=MONTH_13),
    "Bare() cannot be written as plain data: Bare is not an attrs class; "
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
    "cannot deploy '1': it is failed (slow); if it may be used again, reinstate it first: "
    "registry = registry.reinstate('1', reason=...)": (
        lambda: deployed("1", "2").mark_failed("1", reason="slow").deploy("1")
    ),
    "cannot mark '1' stable: it is failed; if it may be used again, reinstate it first: "
    "registry = registry.reinstate('1', reason=...)": (
        lambda: deployed("1", "2").mark_failed("1").mark_stable("1")
    ),
    r"the reason '\ud800' has a lone surrogate, which no encoding can store": (
        lambda: deployed("1").mark_failed("1", reason="\ud800")
    ),
    "cannot deploy '2': it is failed (p99 900 ms); if it may be used again, reinstate it first: "
    "registry = registry.reinstate('2', reason=...)": (
        lambda: deployed("1", "2").mark_failed("2", reason="p99\n900 ms").deploy("2")
    ),
    r"reason: the reason '\ud800' has a lone surrogate, which no encoding can store": (
        lambda: RollbackPlan.from_dict({**a_plan(), "reason": "\ud800"})
    ),
    r"considered[0].by: the signature '\ud800' has a lone surrogate, which no encoding can store": (
        lambda: RollbackPlan.from_dict(
            {**a_plan(), "considered": [{**a_plan()["considered"][0], "by": "\ud800"}]}
        )
    ),
    "scope must be a letter followed by letters, digits, '_' or '-', not '1x'": (
        lambda: svg(deployed("1"), scope="1x")
    ),
    "a rule must be asked about a Version, not '1': write registry[label]": (
        lambda: Safe()(untyped("1"), deployed("1"))
    ),
    "expected an Event, not 1: write Event.from_dict(data)": (
        lambda: VersionRegistry.replay([untyped(1)])
    ),
    "candidates() of Answers(answer=5) must yield candidates, not return 5": (
        lambda: Answers(5).plan(deployed("1"), leaving="1")
    ),
    "Says(said=(5,)) must yield candidates, not 5: write yield Candidate.accept(version)": lambda: (
        Says((5,)).plan(deployed("1"), leaving="1")
    ),
    "registry must be a VersionRegistry, not 1: write "
    "VersionRegistry.from_statuses(statuses, current=...), or "
    "VersionRegistry.from_dict(data)": lambda: LastStable().plan(untyped(1)),
    "where() must be called on a strategy, not on a class: write LastStable().where(rule, ...)": (
        lambda: LastStable.where(untyped(Except("1")))
    ),
    "Except('1') has no truth value: write where(a, b) instead of `a and b`": (
        lambda: bool(Except("1"))
    ),
    "data: expected an object with exactly one strategy name, got 'last_stable', 'wher'; did "
    "you mean 'where' by 'wher'?": (
        lambda: strategy_from_dict({"last_stable": {}, "wher": ["stable"]})
    ),
    "data: expected an object with exactly one strategy name, got 'last_stable', 'previous'": (
        lambda: strategy_from_dict({"last_stable": {}, "previous": {}})
    ),
    "where[0]: expected an object with exactly one rule name, got 'stable', 'wher'": (
        lambda: strategy_from_dict({"last_stable": {}, "where": [{"stable": "", "wher": ""}]})
    ),
    "last_stable: unknown parameter 'where'; write 'where' beside the name of the strategy": (
        lambda: strategy_from_dict({"last_stable": {"where": ["stable"]}})
    ),
    "expected rules, not 5: write where(rule, ...); strategies are combined with a | b": lambda: (
        Previous().where(untyped(5))
    ),
    "the rule predicate must return None or the reason to reject, a non-empty str, not True: "
    "it is a veto, not a predicate": (
        lambda: Previous().where(untyped(predicate)).plan(deployed("1", "2"), leaving="2")
    ),
    "rollbacks must be at least 0, not -1": lambda: Budget(-1),
    "within must be a timedelta or a text such as '24h' or '90s', not 3": (
        lambda: Budget(1, within=untyped(3))
    ),
    "signature must be a str, not 5": (
        lambda: Candidate("1", accepted=True, reason="x", by=untyped(5))
    ),
    "accepted must be True or False, not 5": (
        lambda: Candidate("1", accepted=untyped(5), reason="x")
    ),
    "the reason is missing: write Candidate.accept('1', reason)": lambda: Candidate.accept(
        untyped("1")
    ),
    "the reason is missing: write Candidate.reject('1', reason)": lambda: Candidate.reject(
        untyped("1")
    ),
    "metadata must be a mapping, not 5": lambda: kept(5),
    "metadata[5] has a key that is not a str: write str(key)": lambda: kept({5: 1}),
    "metadata['\\ud800'] has a key with a lone surrogate": lambda: kept({"\ud800": 1}),
    "metadata['a'] must be finite, not nan: leave the key out": lambda: kept({"a": math.nan}),
    "metadata['a'] must fit in 64 bits: write float(value) or str(value)": (
        lambda: kept({"a": -(2**63) - 1})
    ),
    "metadata['a'] must be a str, int, float, bool or None, not a list": (lambda: kept({"a": [1]})),
    "a time must be a datetime with a time zone, not 5: write such as "
    "datetime.fromisoformat('2026-05-01T12:00:00+00:00')": (
        lambda: VersionRegistry().with_clock(untyped(5))
    ),
    "a label must be a str, not 5: write str(version)": (
        lambda: VersionRegistry().register(untyped(5))
    ),
    "at: must be an ISO 8601 time with an offset, not 5": lambda: read(at=5),
    "at: 'x' is not an ISO 8601 time with an offset, such as '2026-05-01T12:00:00+00:00'": lambda: (
        read(at="x")
    ),
    "metadata: must be an object, not 5": lambda: read(metadata=5),
    "digest: not allowed in a 'deployed' event": lambda: Event("deployed", "1", digest="x"),
    "source: required in a 'rolled_back' event": lambda: Event("rolled_back", "1"),
    "source: the key is missing": (
        lambda: Event.from_dict({"kind": "rolled_back", "version": "1"})
    ),
    "revision must be at least 0, not -1": (
        lambda: RollbackPlan("1", "2", "a", "b", -1, "0-00000000", ())
    ),
    "considered must hold candidates, not 5": (
        lambda: RollbackPlan("1", "2", "a", "b", 1, "0-00000000", untyped((5,)))
    ),
    "statuses['1']: unknown status 'great'; expected one of 'unproven', 'stable', 'failed', "
    "'retired'": (lambda: VersionRegistry.from_statuses({"1": "great"})),
    "statuses must be a mapping of label to status, not a list: write dict(statuses)": (
        lambda: VersionRegistry.from_statuses(untyped([1]))
    ),
    "duration must be a timedelta or a text such as '24h' or '90s', not 3": lambda: ServedWithin(
        untyped(3)
    ),
    "duration must be at least 0s, not -24h": (lambda: ServedAtLeast(timedelta(days=-1))),
    "'x' is not a SemVer version as labels have it, such as '1.2.0' or 'v1.2'": (
        lambda: AtLeast("x")
    ),
    "SameMetadata() compares nothing: write SameMetadata(key)": SameMetadata,
    "n must be at least 1, not 0": (lambda: AtMostSteps(0)),
    "expected a strategy, not 1: write LastStable()": (lambda: FirstOf(untyped(1))),
    "expected a strategy, not the class LastStable: write LastStable(...)": (
        lambda: FirstOf(untyped(LastStable))
    ),
    "LastStable() has no truth value: write a | b instead of `a or b`, and `strategy is not "
    "None` to ask whether there is one": lambda: bool(LastStable()),
    "version '1' is registered already, with other metadata or another digest, and is "
    "unproven; a label names one artifact for ever: use a new label for a new artifact; for "
    "facts learned later, registry = registry.annotate('1', {...})": lambda: deployed("1").register(
        "1", digest="a"
    ),
    "version '1' is registered already, with other metadata or another digest, and is "
    "failed (slow); a label names one artifact for ever: use a new label for a new artifact; for "
    "facts learned later, registry = registry.annotate('1', {...})": (
        lambda: deployed("1").mark_failed("1", reason="slow").register("1", digest="a")
    ),
    "nothing was ever deployed, so there is nothing to leave; if something serves, record it: "
    "registry = registry.observe(version)": lambda: LastStable().plan(VersionRegistry()),
}


@each_row("words", WORDS)
def test_a_refusal_says_all_of_it(words: str) -> None:
    """The whole message is as it stands here."""
    with pytest.raises((TypeError, ValueError, LookupError, RuntimeError)) as refusal:
        _ = WORDS[words]()
    assert str(refusal.value) == words


def test_every_error_has_its_words() -> None:
    """Each kind of error is among them; those with more to tell stand below."""
    told: set[type[Exception]] = {NoRollbackTarget, StalePlan}
    for job in WORDS.values():
        try:
            _ = job()
        except Exception as error:  # noqa: BLE001  # whichever it is
            told.add(type(error))
    assert {each.__name__ for each in told} >= {*errors.__all__} - {"LastgoodError"}


NEWS: Final[dict[str, Callable[[VersionRegistry], VersionRegistry]]] = {
    "'3' was deployed (by hand) since": lambda registry: registry.deploy("3", reason="by\nhand"),
    "'1' was observed to serve since": lambda registry: registry.observe("1"),
    "'1' was marked failed (slow) since": lambda registry: registry.mark_failed("1", reason="slow"),
    "'1' was retired since": lambda registry: registry.retire("1"),
    "'2' was marked stable since": lambda registry: registry.mark_stable("2"),
    "'2' was annotated since": lambda registry: registry.annotate("2", {"barrier": True}),
    "'2' was rolled back to '3' since": lambda registry: back(registry, "3", source="2"),
}


@each_row("words", NEWS)
def test_a_stale_plan_says_what_made_it_stale(words: str) -> None:
    """The message names the event that speaks against the plan, its reason, and its revision."""
    registry = deployed("1", "2").register("3")
    plan = Previous().plan(registry, leaving="2")
    with pytest.raises(StalePlan) as refusal:
        _ = NEWS[words](registry).roll_back(plan)
    assert str(refusal.value) == (
        f"the plan 2 -> 1, made at revision 5, is stale: {words}, at revision 6; "
        f"nothing was recorded; {DECIDE_AGAIN}"
    )


def test_a_stale_plan_is_shown_on_one_line() -> None:
    """Labels and reasons may be anything, and the message stays one line that can be printed."""
    wild = "a\u202eb"
    registry = deployed(wild, "2")
    plan = Previous().plan(registry, leaving="2")
    with pytest.raises(StalePlan) as refusal:
        _ = registry.mark_failed(wild, reason="a\nb\x1b[31m").roll_back(plan)
    assert "\u202e" not in str(refusal.value)
    assert "\x1b" not in str(refusal.value)
    assert len(str(refusal.value).splitlines()) == 1


REPLAYED: Final[dict[str, Event]] = {
    "cannot roll back to '2': it is the current version, and is stable (24 h)": went_back(
        "2", source="2"
    ),
    "'1' is not the current version: '2' serves; nothing was recorded; "
    f"decide again from what the registry knows now: {DECIDE_AGAIN}": went_back("2", source="1"),
}


@pytest.mark.parametrize("words", REPLAYED)
def test_a_replay_says_what_it_refuses(words: str) -> None:
    """An event that only a damaged history can hold is refused, with what is known."""
    registry = deployed("1", "2").mark_stable("2", reason="24 h")
    with pytest.raises((ValueError, RuntimeError)) as refusal:
        _ = VersionRegistry.replay([*registry.events, REPLAYED[words]])
    assert str(refusal.value) == words


def test_a_plan_of_another_registry_says_so() -> None:
    """The message says that the plan is for another registry, or for a later revision."""
    plan = Previous().plan(deployed("1", "2"), leaving="2")
    made_for_other_events = (
        "it was made for other events: of another registry, of one that was restored since, or of "
        "a table that was read again (plan and roll back on one registry); nothing was recorded; "
        f"{DECIDE_AGAIN}"
    )
    for registry, words in (
        (deployed("1", "3"), made_for_other_events),
        (VersionRegistry(), f"this registry has only 0 events, so {made_for_other_events}"),
        (
            VersionRegistry().register("1"),
            f"this registry has only 1 event, so {made_for_other_events}",
        ),
    ):
        with pytest.raises(StalePlan) as refusal:
            _ = registry.roll_back(plan)
        message = f"the plan 2 -> 1, made at revision 4, is stale: {words}"
        assert str(refusal.value) == message


REASONS: Final[dict[str, tuple[Rule, str]]] = {
    "excluded by name": (Except("1"), "1"),
    "it is the current version": (Safe(), "2"),
    "2 rollbacks in a row; the cause is probably not the version": (Budget(1), "1"),
}


@pytest.mark.parametrize("words", REASONS)
def test_a_rule_says_all_of_it(words: str) -> None:
    """The whole reason is as it stands here; a budget says how many rollbacks there were."""
    registry = deployed("1", "2", "3", "4")
    registry = back(back(registry, "3", source="4"), "2", source="3")
    rule, label = REASONS[words]
    assert rule(registry[label], registry) == words


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
        _ = Previous().where(stop).plan(deployed("1", "2"), leaving="2")
    assert str(refusal.value) == "the rule stop raised StopIteration"


def test_no_way_back_says_all_of_it() -> None:
    """The refusal lists every version, and what may help, and ends with what always does."""
    registry = deployed("1", "2", "3", "4").mark_failed("2", reason="slow").mark_stable("3")
    with pytest.raises(NoRollbackTarget) as refusal:
        _ = Pinned("4.0").plan(registry, leaving="4")
    assert str(refusal.value).splitlines() == [
        "No way back from 4    Pinned('4.0')",
        "  x  4.0   not registered",
        "  x  1     unproven; not proposed by Pinned('4.0')",
        "  x  2     failed: slow   [Safe()]",
        "  x  3     not proposed by Pinned('4.0')",
        "A version that is only unproven can be named, if that is good enough: Pinned('1').",
        (
            "A version that was marked by mistake, or is held, can be reinstated: "
            "registry = registry.reinstate('2', reason=...)"
        ),
        "A version that was not proposed can be named: Pinned('3').",
        "If nothing else helps, deploy a new version.",
    ]


def test_no_way_back_for_the_contents() -> None:
    """Contents that failed under the label that is left: the line leaves that label again."""
    registry = VersionRegistry().register("r12", digest="a").deploy("r12")
    registry = registry.register("r13", digest="a").deploy("r13").mark_failed("r13", reason="slow")
    with pytest.raises(NoRollbackTarget) as refusal:
        _ = Previous().plan(registry)
    assert str(refusal.value).splitlines()[2:] == [
        (
            "The contents failed as 'r13': if only its configuration failed, or the verdict was "
            "wrong: registry = registry.reinstate('r13', reason=...), then "
            "plan = strategy.plan(registry, leaving='r13'); or move by hand, then "
            "registry = registry.observe(...); and from now on give digests that cover the "
            "artifact and its configuration."
        ),
        "If nothing else helps, deploy a new version.",
    ]


def test_a_plan_for_which_nothing_was_considered_explains_its_target() -> None:
    """A plan that somebody wrote by hand, without candidates, names its target with the reason."""
    plan = RollbackPlan("2", "1", "by hand", "nobody", 3, "3-00000000", ())
    assert plan.explain().splitlines() == ["Roll back 2 -> 1    nobody", "  >  1   by hand"]


def test_a_semver_shows_how_it_was_read() -> None:
    """The `repr` names the strict reading where that is enough."""
    assert repr(SemVer.parse("1.0.0")) == "SemVer.parse('1.0.0')"
    assert repr(SemVer.from_label("v1.0")) == "SemVer.from_label('v1.0')"


def test_versions_are_spread_by_their_hashes() -> None:
    """Versions of different precedence have different hashes, except for rare accidents."""
    assert len({hash(SemVer.parse(f"1.{minor}.0")) for minor in range(1000)}) > 990


def test_strategies_are_spread_by_their_hashes() -> None:
    """Strategies that differ in a parameter or in their class have different hashes."""
    assert len({hash(Pinned(str(number))) for number in range(1000)}) > 990
    assert hash(LastStable()) != hash(Previous())


def test_metadata_are_spread_by_their_hashes() -> None:
    """Metadata with different values have different hashes, except for rare accidents."""
    kinds = (kept({"auc": number})["1"].metadata for number in range(1000))
    assert len({hash(metadata) for metadata in kinds}) > 990


def test_registries_are_spread_by_their_hashes() -> None:
    """Registries that differ in the latest event mostly have different hashes."""
    registry = deployed("1")
    others = (registry.mark_failed("1", reason=str(number)) for number in range(1000))
    assert len({hash(other) for other in others}) > 990


def test_the_smallest_int_is_kept() -> None:
    """Metadata keep what fits in 64 bits, to the last one."""
    assert kept({"a": -(2**63)})["1"].metadata == {"a": -(2**63)}


def test_a_step_that_is_passed_over_is_counted() -> None:
    """A version that would do, and is passed over as asked, says which step it was, of how many."""
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
