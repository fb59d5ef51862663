"""Two worlds with the same names: in one they are the library's, in the other the model's.

So one line of Python can be evaluated in both, and a history prints as the code that repeats it.
"""

import copy
import json
import math
import pickle
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from types import CodeType
from typing import Any

import lastgood
import lastgood.keys
import lastgood.rules
from lastgood import Candidate, RollbackStrategy, Version, VersionRegistry
from tests.tools.model import facts as model_facts
from tests.tools.model import plans as model_plans
from tests.tools.model import registry as model_registry
from tests.tools.model import retention as model_retention
from tests.tools.model import rules as model_rules
from tests.tools.model import strategies as model_strategies
from tests.tools.model.decisions import FirstOf
from tests.tools.model.strategies import MISLEADING


def t(minutes: int) -> datetime:
    """A time in UTC."""
    return datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)


def u(minutes: int) -> datetime:
    """The same time in another zone."""
    return t(minutes).astimezone(timezone(timedelta(hours=2)))


def naive(minutes: int) -> datetime:
    """A time without a zone, which is refused."""
    return t(minutes).replace(tzinfo=None)


def javascript(data: object) -> object:
    """Plain data after a round trip through JavaScript, which writes 1.0 as 1."""
    return json.loads(json.dumps(data), parse_float=as_in_javascript)


def as_in_javascript(text: str) -> float:
    """A number as JavaScript writes it and Python reads it."""
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < 1e21 else number


# What users write themselves, for the library; for the model it stands in `strategies`


class WholeLineage(RollbackStrategy):
    """Proposes the whole lineage."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "WholeLineage()"

    def candidates(self, registry: VersionRegistry, /) -> Iterable[Candidate]:
        """Everything in the lineage, accepted."""
        return map(Candidate.accept, registry.lineage())


class RegisteredBefore(RollbackStrategy):
    """Asks for the current version, which stands in even where nothing serves."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "RegisteredBefore()"

    def candidates(self, registry: VersionRegistry, /) -> Iterable[Candidate]:
        """What was registered before the current version, newest first."""
        labels = list(registry)
        for label in reversed(labels[: labels.index(registry.current_version.label)]):
            yield Candidate.accept(registry[label])


class Careless(RollbackStrategy):
    """Names what is unknown, and everything else twice."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Careless()"

    def candidates(self, registry: VersionRegistry, /) -> Iterable[Candidate]:
        """A ghost, a rejection of every second version, then all accepted, newest first."""
        yield Candidate.accept("ghost", "seen in a dream")
        for label in list(registry)[::2]:
            yield Candidate.reject(label, "on second thoughts")
        for label in reversed(list(registry)):
            yield Candidate.accept(label, "why not")


class Overheard(RollbackStrategy):
    """Rejects everything in words that sound like a status."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Overheard()"

    def candidates(self, registry: VersionRegistry, /) -> Iterable[Candidate]:
        """The lineage, rejected."""
        for version in registry.lineage():
            yield Candidate.reject(version, MISLEADING)


def failed_over(version: Version, registry: VersionRegistry, /) -> str | None:  # noqa: ARG001
    """A rule in such words."""
    return MISLEADING if version.status == "unproven" else None


# The names


SHARED: Mapping[str, Any] = {
    "t": t,
    "u": u,
    "naive": naive,
    "javascript": javascript,
    "copy": copy,
    "json": json,
    "pickle": pickle,
    "timedelta": timedelta,
    "nan": math.nan,
    "inf": math.inf,
}
LIBRARY: dict[str, Any] = {
    **SHARED,
    **{name: getattr(lastgood.rules, name) for name in lastgood.rules.__all__},
    **{name: getattr(lastgood, name) for name in lastgood.__all__},
    "numbers": lastgood.keys.numbers,
    "WholeLineage": WholeLineage,
    "RegisteredBefore": RegisteredBefore,
    "Careless": Careless,
    "Overheard": Overheard,
    "failed_over": failed_over,
}
MODEL: dict[str, Any] = {
    **vars(model_facts),
    **vars(model_plans),
    **vars(model_registry),
    **vars(model_rules),
    **vars(model_retention),
    **vars(model_strategies),
    **SHARED,
    "FirstOf": FirstOf,
}


@cache
def compiled(line: str) -> CodeType:
    """The code of one line."""
    return compile(line, line, "eval")


def in_library(line: str, names: Mapping[str, object] | None = None) -> Any:
    """What a line says among the library's names."""
    return eval(compiled(line), LIBRARY, names)  # noqa: S307 (our own lines)


def in_model(line: str, names: Mapping[str, object] | None = None) -> Any:
    """What the same line says among the model's names."""
    return eval(compiled(line), MODEL, names)  # noqa: S307 (our own lines)


@cache
def library_value(code: str) -> Any:
    """A strategy or a rule of the library, which is a frozen value."""
    return in_library(code)


@cache
def model_value(code: str) -> Any:
    """The model's counterpart."""
    return in_model(code)
