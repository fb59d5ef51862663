"""What is read from plain data: a right document of each kind, and how it may be damaged.

Damage is a value at a place of the document, the place that the error must name, and how its
message must begin. Where a JSON schema cannot see it, the reason is given.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final, TypeAlias

import attrs

from lastgood import (
    LastStable,
    Previous,
    RollbackPlan,
    VersionRegistry,
    strategy_from_dict,
)
from lastgood.rules import Except
from tests.damage.parts import GONE, Path, path_of
from tests.damage.values import STRANGE_VALUES
from tests.registry.documents import example
from tests.registry.making import NOON, deployed
from tests.times import said_by_python

Damage: TypeAlias = tuple[Path, object, str, str]

CALENDAR: Final = "a pattern knows no calendar"
RULES: Final = "the rules of the registry refuse it, not the form"
TEXT: Final = "JSON in UTF-8 cannot hold a lone surrogate"
FINITE: Final = "JSON has only finite numbers"
_FEBRUARY_30: Final = "2026-02-30T12:00:00Z"


def at(
    place: str, values: Sequence[object], *, named: str | None = None, words: str | None = None
) -> Iterator[Damage]:
    """Yield the damage of these values at a place; the error names it, or another one."""
    for value in values:
        said = _usual(value) if words is None else words
        yield path_of(place), value, place if named is None else named, said


def _usual(value: object) -> str:
    """Return how the message begins about what is not there."""
    return "the key is missing" if value is GONE else "must not be null" if value is None else ""


@attrs.frozen
class Document:
    """A kind of document: one that is right, how such are read, and the damage that is tried."""

    data: Any
    read: Callable[[object], Any]
    #: What a JSON schema sees, and what it cannot see, by the reason.
    seen: Sequence[Damage]
    unseen: Mapping[str, Sequence[Damage]]

    @property
    def damage(self) -> list[Damage]:
        """All of it."""
        return [*self.seen, *chain.from_iterable(self.unseen.values())]


# Registries

_AUC: Final = "events[0].metadata.auc"
_METADATA: Final = "events[0].metadata"

_REGISTRY: Final = Document(
    example().to_dict(),
    VersionRegistry.from_dict,
    [
        *at("format", [GONE, None, 0, 2, 2.0, -1, 10**5_000, True, 1.5, math.inf, "1"]),
        *at("events", [GONE, None, {}, "[]", ()]),
        *at("events[3]", [None, "registered", []], words="must be an object, not "),
        *at("events[3]", [{}], named="events[3].kind"),
        *at("events[3].kind", [GONE, None, "promoted", "Registered", 1, ["registered"], {}]),
        *at("events[3].version", [GONE, None, "", 2, "x" * 257, "2 ", "2\x002"]),
        *at("events[0].at", [None, 1714564800, "", "yesterday", "2024-05-01", "2024-05-01T12:00"]),
        *at("events[0].at", ["2024-05-01T25:00:00Z", "2024-05-01T12:00:00+24:00", "2" * 100_000]),
        *at("events[0].at", ["2024-05-01T12:00:00Z\n", "٢٠٢٤-05-01T12:00:00Z", NOON]),
        *at("events[0].at", ["2024-05-01\ud80012:00:00Z"]),
        *at("events[2].reason", [None, 7]),
        *at("events[1].by", [None, 7]),
        *at("events[0].digest", [None, "", 7]),
        *at(_METADATA, [None, [], "{}"]),
        *at(_AUC, [[1], 10**400, STRANGE_VALUES["a deep object"]], named=_METADATA),
        *at("events[10].metadata", [GONE, {}]),
        *at("events[6].source", [GONE, None, ""]),
        *at("events[6].strategy", [GONE, None, 1]),
        *at("events[1].digest", ["x"], named="events[1]"),
        *at("events[1].metadata", [{}], named="events[1]"),
        *at("events[1].source", ["1"], named="events[1]"),
        *at("events[10].digest", ["sha256:bb"], named="events[10]"),
        *at("events[4].who", ["me", None], named="events[4]", words="unknown key 'who'"),
        *at("events[4].\ud800", ["me"], named="events[4]"),
        *at(f"events[4].{'x' * 100_000}", ["me"], named="events[4]"),
    ],
    {
        CALENDAR: [
            *at("events[0].at", ["2024-02-30T12:00:00Z", "0000-05-01T12:00:00Z"]),
            *at("events[0].at", ["9999-12-31T23:59:00-01:00", "0001-01-01T00:00:00+01:00"]),
        ],
        TEXT: [
            *at("events[3].version", ["\ud800"]),
            *at("events[2].reason", ["x\udfff"]),
            *at("events[1].by", ["\udfff"]),
            *at("events[0].digest", ["\ud800"]),
            *at("events[6].strategy", ["\ud800"]),
            *at(_AUC, ["\ud800"], named=_METADATA),
            *at(f"{_METADATA}.\ud800", [1], named=_METADATA),
        ],
        FINITE: [*at(_AUC, [math.nan], named=_METADATA)],
        RULES: [
            *at("events[3].version", ["1"], named="events[3]"),
            *at("events[1].version", ["3"], named="events[1]"),
            *at("events[0].version", ["2"], named="events[1]"),
            *at("events[6].source", ["1"], named="events[6]"),
            *at("events[6].version", ["2", "3"], named="events[6]"),
            *at("events[6]", [{"kind": "deployed", "version": "2"}]),
            *at("events[7].version", ["3"], named="events[7]"),
            *at("events[10].version", ["3"], named="events[10]"),
            *at("events[11].version", ["3", "1"], named="events[11]"),
        ],
    },
)

# Plans


def example_plan() -> RollbackPlan:
    """Return a plan of a composite strategy that considered several versions."""
    registry = deployed("v1.0", "v1.1", "v1.2").mark_failed("v1.1", reason="slow")
    strategy = LastStable() | Previous().where(Except("v1.1"))
    return strategy.plan(registry, leaving="v1.2")


_PLAN: Final = Document(
    example_plan().to_dict(),
    RollbackPlan.from_dict,
    [
        *at("format", [GONE, None, 0, 2, 1.5, True, "1"]),
        *at("fingerprint", [GONE, None, 7]),
        *at("source", [GONE, None]),
        *at("target", [GONE, "", 1]),
        *at("reason", [GONE, None]),
        *at("strategy", [GONE, None, 7]),
        *at("revision", [GONE, -1, True, 1.5, "1", math.inf]),
        *at("considered", [GONE, None, {}, ()]),
        *at("considered[1]", [None, "v1.0"], words="must be an object, not "),
        *at("considered[1].version", [GONE, " "]),
        *at("considered[1].accepted", [GONE, None, 1, "true"]),
        *at("considered[1].reason", [GONE]),
        *at("considered[1].by", [GONE, []]),
    ],
    {
        TEXT: [
            *at("reason", ["\ud800"]),
            *at("fingerprint", ["\ud800"]),
            *at("considered[1].by", ["\ud800"]),
        ],
    },
)

# Policies

_NAMED: Final = "its name, or an object with its name"
_STRATEGY: Final = f"must be a strategy: {_NAMED}, not"
_ONE: Final = "expected an object with exactly one strategy name, got"
_VALUE: Final = "must be true or false or a whole number or a number or a text, not"
_WHOLE: Final = "must be a whole number, not"
_MISSING: Final = "the parameter is missing"

_PINNED: Final = "first_of[0].pinned"
_STEPS: Final = "first_of[1].last_stable"
_EXCEPT: Final = "first_of[1].where[1].except"
_HAS: Final = "first_of[1].where[2].has_metadata"
_BY: Final = "first_of[3].previous_by.key"
_WHEN: Final = "first_of[4].as_of"
_BUDGET: Final = "where[0].budget"

#: What is wrong with a policy, and how the message about it begins.
_SAID: Final[Sequence[tuple[str, object, str]]] = [
    ("first_of[0]", {"pined": {}}, "unknown strategy 'pined'; did you mean 'pinned'?"),
    ("first_of[0]", "last_stabel", "unknown strategy 'last_stabel'; did you mean 'last_stable'?"),
    ("first_of[0]", "LastStable", "unknown strategy 'LastStable'; did you mean 'last_stable'?"),
    (
        "first_of[0]",
        {"lastgood.Pinned": {}},
        "unknown strategy 'lastgood.Pinned'; expected one of '",
    ),
    ("first_of[0]", {1: {}}, "a name must be a text, not 1"),
    ("first_of[0]", {"stable": {}}, "'stable' is a rule; expected a strategy"),
    ("first_of[0]", [], f"{_STRATEGY} a list"),
    ("where[1]", "stabel", "unknown rule 'stabel'; did you mean 'stable', 'safe'?"),
    (
        "where[1]",
        "most_stable",
        "unknown rule 'most_stable'; did you mean 'stable', 'at_most_steps'?",
    ),
    ("where[1]", "previous", "'previous' is a strategy; expected a rule"),
    ("where[1]", "numbers", "'numbers' is a key function; expected a rule"),
    ("where[1]", None, f"must be a rule: {_NAMED}, not None"),
    ("where[1].stable", {"strictly": True}, "unknown parameter 'strictly'; expected no parameters"),
    ("where", None, "must be a list, not None"),
    ("where", {"stable": {}}, "must be a list, not a dict"),
    ("first_of", [], "FirstOf() has nothing to ask: write"),
    (
        "first_of",
        {"last_stable": {}},
        "unknown parameter 'last_stable'; expected one of 'strategies'",
    ),
    (f"{_PINNED}.version", GONE, _MISSING),
    (f"{_PINNED}.version", None, "must not be null"),
    (
        f"{_PINNED}.version",
        1.4,
        "must be a text, not 1.4: put quotes around it, since YAML reads 1.10 as 1.1",
    ),
    (f"{_PINNED}.version", " v1", "the label ' v1' has white space at an end"),
    (_PINNED, True, "must be a text, not True: put"),
    (_PINNED, [], "must be a text, not a list"),
    (_STEPS, {"step": 2}, "unknown parameter 'step'; did you mean 'steps'?"),
    (_STEPS, 2, "must be an object of parameters, not 2"),
    (f"{_STEPS}.steps", "2", f"{_WHOLE} '2'"),
    (f"{_STEPS}.steps", 0, "steps must be at least 1, not 0"),
    (f"{_EXCEPT}[1]", "", "the label '' is empty"),
    (f"{_EXCEPT}[1]", 1.2, "must be a text, not 1.2: put quotes around it"),
    (_EXCEPT, "v1.3", "must be a list, not 'v1.3'"),
    ("first_of[1].where[0].at_least.version", "latest", "'latest' is not "),
    (_HAS, "region", "must be an object of parameters, not 'region'"),
    (f"{_HAS}.value", [], f"{_VALUE} a list"),
    ("first_of[2].best_by.lowest", 1, "must be true or false, not 1"),
    (f"{_BUDGET}.rollbacks", True, f"{_WHOLE} True"),
    (f"{_BUDGET}.rollbacks", 2.5, f"{_WHOLE} 2.5"),
    (f"{_BUDGET}.rollbacks", math.inf, f"{_WHOLE} inf"),
    (f"{_BUDGET}.rollbacks", 2**63, "must fit in 64 bits"),
    (f"{_BUDGET}.rollbacks", 1e300, "must fit in 64 bits"),
    (
        f"{_BUDGET}.within",
        24,
        "within must be a timedelta or a text such as '24h' or '90s', not 24",
    ),
    (
        f"{_BUDGET}.within",
        "1 day",
        "within must be written like '90s', '24h', '7d' or '1d12h', not '1 day'",
    ),
    (
        f"{_WHEN}.when",
        "2026-05-01T12:00:00",
        "'2026-05-01T12:00:00' is not an ISO 8601 time with an offset, such as",
    ),
    (_WHEN, 2026, "when must be a datetime with a time zone or a text such as '20"),
    (_BY, "numbers_", "unknown key function 'numbers_'; did you mean 'numbers'?"),
    (
        _BY,
        "build",
        "unknown key function 'build'; expected one of 'numbers', or a name given in extra=",
    ),
    (_BY, "stable", "'stable' is a rule; expected a key function"),
    (_BY, 1, f"must be a key function: {_NAMED}, not 1"),
]

#: A policy with a parameter of every type.
_POLICY: Final = Document(
    {
        "first_of": [
            {"pinned": {"version": "v1.4"}},
            {
                "last_stable": {"steps": 2},
                "where": [
                    {"at_least": {"version": "1.2.0"}},
                    {"except": ["v1.3", "v1.2"]},
                    {"has_metadata": {"key": "region", "value": {"null": True}}},
                ],
            },
            {"best_by": {"key": "auc", "lowest": False}},
            {"previous_by": {"key": "numbers", "unproven": True}},
            {"as_of": {"when": "2026-05-01T12:00:00+00:00"}},
        ],
        "where": [{"budget": {"rollbacks": 2, "within": "24h"}}, {"stable": {}}],
    },
    strategy_from_dict,
    [
        *chain.from_iterable(at(place, [value], words=words) for place, value, words in _SAID),
        # The error names another place than the damaged one.
        *at("", [None], named="data", words=f"{_STRATEGY} None"),
        *at("", [[]], named="data", words=f"{_STRATEGY} a list"),
        *at("", [{}, {"where": []}], named="data", words=f"{_ONE} an empty object"),
        *at("previous", [{}], named="data", words=f"{_ONE} 'first_of', 'previous'"),
        *at("first_of", [None], named="first_of.strategies", words=_MISSING),
        *at(_PINNED, [None], named=f"{_PINNED}.version", words=_MISSING),
        *at(
            "where[1].where",
            [[]],
            named="where[1]",
            words="expected an object with exactly one rule name, got 'stable', 'where'",
        ),
        *at(
            f"{_STEPS}.where",
            [["stable"]],
            named=_STEPS,
            words="unknown parameter 'where'; write 'where' beside the name of the strategy",
        ),
        *at(f"{_HAS}.value.null", [1], named=f"{_HAS}.value", words="must be true or false or"),
        *at(f"{_HAS}.value.more", [1], named=f"{_HAS}.value", words="must be true or false or"),
        *at(
            _BY,
            [{"numbers": {"from": 1}}],
            named=f"{_BY}.numbers",
            words="a function takes no parameters: write {}",
        ),
    ],
    {
        CALENDAR: [
            *at(
                f"{_WHEN}.when",
                [_FEBRUARY_30],
                words=f"'{_FEBRUARY_30}' is not a time: {said_by_python(_FEBRUARY_30)}",
            )
        ],
        TEXT: [*at("first_of[2].best_by.key", ["\ud800"], words="has a lone surrogate")],
        FINITE: [*at(f"{_HAS}.value", [math.nan], words="must be finite, not nan")],
    },
)

DOCUMENTS: Final = {"registry": _REGISTRY, "plan": _PLAN, "policy": _POLICY}
