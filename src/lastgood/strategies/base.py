"""What a strategy is, how it is asked, and how strategies are combined.

The rules of this module:

1. A strategy is only ever asked for candidates; what is made of them is the same for all.
2. The safety check comes last, in `_vetted`, and nothing goes round it.
"""

import abc
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, ClassVar, Final, NoReturn, cast, final

import attrs
from typing_extensions import override

from lastgood._candidate import Candidate, signed
from lastgood._code import Coded
from lastgood._errors import NotCurrent, NothingDeployed
from lastgood._frozen import fill
from lastgood._plan import NoRollbackTarget, RollbackPlan
from lastgood._registry import VersionRegistry
from lastgood._show import shown
from lastgood._status import Status
from lastgood._text import label
from lastgood._time import later, utc
from lastgood._version import Version
from lastgood._written import WHERE, Writes, written
from lastgood.rules._rule import Rule, Veto, answer, checked, name_of, noted, over
from lastgood.rules.safe import Safe

_SAFE: Final = Safe()


class RollbackStrategy(Writes):
    """The policy that proposes where to go back to.

    A strategy of your own has one method to write, `candidates`. Make it a frozen attrs class, so
    that it is equal by value, can be hashed, and has a `repr` that tells its parameters.

    >>> import attrs
    >>> from lastgood import Candidate, RollbackStrategy, VersionRegistry
    >>> @attrs.frozen
    ... class NewestRegistered(RollbackStrategy):
    ...     def candidates(self, registry, /):
    ...         for version in reversed(list(registry.values())):
    ...             yield Candidate.accept(version)
    >>> registry = VersionRegistry.from_statuses({"1": "stable", "2": "failed"}, current="2")
    >>> print(NewestRegistered().plan(registry).explain())
    Roll back 2 -> 1    NewestRegistered()
      x  2   it is the current version   [Safe()]
      >  1   stable
    """

    __slots__ = ()

    #: What belongs to the library, and the safety check with it.
    _FINAL: ClassVar[tuple[str, ...]] = (
        "plan",
        "review",
        "recover",
        "where",
        "to_dict",
        "__or__",
        "__bool__",
    )

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        for name in RollbackStrategy._FINAL:
            if getattr(cls, name) is not getattr(RollbackStrategy, name):
                raise TypeError(f"{cls.__qualname__} redefines {name}(): write candidates() only")

    @abc.abstractmethod
    def candidates(self, registry: VersionRegistry, /) -> Iterable[Candidate]:
        """Yield candidates, the best first, and only what the order of the strategy reaches.

        Args:
            registry: A registry in which something is deployed.

        Returns:
            Accepted and rejected candidates. Whether an accepted one is safe is not the
            strategy's business.
        """

    @final
    def plan(self, registry: VersionRegistry, /, *, leaving: str | None = None) -> RollbackPlan:
        """Return the plan to go back to the first candidate that is accepted and safe.

        Args:
            registry: What is known. It is not changed; `VersionRegistry.roll_back` carries the
                plan out.
            leaving: The label of the version that the caller believes is current.

        Raises:
            NothingDeployed: There is nothing to leave.
            NotCurrent: Another version than ``leaving`` is current.
            NoRollbackTarget: No candidate is left; the error says why each was rejected.
            TypeError: The strategy yields something else than candidates.
            Exception: What the strategy or a rule raises, with a note that names it.

        >>> from lastgood import LastStable, VersionRegistry
        >>> registry = VersionRegistry.from_statuses({"1": "stable", "2": "failed"}, current="2")
        >>> LastStable().plan(registry, leaving="2").target
        '1'
        """
        source = _current(registry)
        if leaving is not None and label(leaving) != source:
            raise NotCurrent(leaving, source)
        by = repr(self)
        considered: list[Candidate] = []
        for candidate in _vetted(self, registry, by):
            considered.append(candidate)
            if candidate.accepted:
                return RollbackPlan(
                    source,
                    candidate.version,
                    candidate.reason,
                    by,
                    registry.revision,
                    considered,
                )
        mentioned = {candidate.version for candidate in considered}
        considered += _never_mentioned(self, registry, mentioned)
        raise NoRollbackTarget(source, by, registry.revision, tuple(considered))

    @final
    def review(self, registry: VersionRegistry, /) -> tuple[Candidate, ...]:
        """Return what the strategy and the safety check say of every version, before an incident.

        Every registered version except the current one comes exactly once, in the order of the
        strategy; what it never mentions comes last. The first accepted one is what `plan` chooses.

        Raises:
            NothingDeployed: There is nothing to leave.
            TypeError: The strategy yields something else than candidates.
            Exception: What the strategy or a rule raises, with a note that names it.

        >>> from lastgood import LastStable, VersionRegistry
        >>> table = {"1": "stable", "2": "unproven", "3": "stable", "4": "stable"}
        >>> registry = VersionRegistry.from_statuses(table, current="3")
        >>> for candidate in LastStable().review(registry):
        ...     print(candidate.version, candidate.accepted, candidate.reason)
        2 False unproven
        1 True stable
        4 False never deployed
        """
        current = _current(registry)
        places: dict[str, tuple[int, Candidate]] = {}
        for place, candidate in enumerate(_vetted(self, registry, repr(self))):
            held = places.get(candidate.version)
            if held is None or (candidate.accepted and not held[1].accepted):
                places[candidate.version] = place, candidate
        ranked = sorted(places.values(), key=lambda held: held[0])
        return (
            *(said for _, said in ranked if said.version in registry and said.version != current),
            *_never_mentioned(self, registry, places.keys()),
        )

    @final
    def recover(
        self, registry: VersionRegistry, /, *, at: datetime | None = None
    ) -> VersionRegistry:
        """Plan and roll back where the current version needs it; for tests and simulations.

        Args:
            registry: What is known.
            at: When, with a time zone.

        Returns:
            The registry after the rollback; where none is needed, the very registry it was given.

        Raises:
            InvalidTime: The time is naive, or no time in UTC.
            NoRollbackTarget: A rollback is needed, and there is no version to go back to.
            Exception: Whatever else `plan` raises.

        >>> from lastgood import LastStable, VersionRegistry
        >>> registry = VersionRegistry.from_statuses({"1": "stable", "2": "failed"}, current="2")
        >>> registry = LastStable().recover(registry)
        >>> registry.current
        '1'
        """
        told = None if at is None else utc(at)
        if not checked_registry(registry).needs_rollback:
            return registry
        then = later(registry.clock, told)
        known = registry if then is None else registry.with_clock(then)
        return registry.roll_back(self.plan(known), at=at)

    @final
    def where(self, *rules: Rule) -> "RollbackStrategy":
        """Return this strategy with rules that can veto what it accepts, asked in this order.

        Raises:
            TypeError: One of them is a class or cannot be called.

        >>> from lastgood import Previous
        >>> from lastgood.rules import Except, Stable
        >>> Previous().where(Stable()).where(Except("v1"))
        Previous().where(Stable(), Except('v1'))
        """
        asked = checked(rules)
        if not isinstance(self, RollbackStrategy):  # The class was asked, and this is a rule.
            raise TypeError(f"{shown(self)} is no strategy: write LastStable().where(rule, ...)")
        return Where(self, asked) if asked else self

    @final
    @override
    def to_dict(self) -> dict[str, Any]:
        """Return the strategy as plain JSON types without nulls; `strategy_from_dict` reads them.

        Raises:
            TypeError: It, or a rule of it, cannot be written: a lambda, a class whose parameters
                are not plain. The message says what to write instead.

        >>> from lastgood import LastStable, Pinned
        >>> from lastgood.rules import AtLeast
        >>> (Pinned("v1.4") | LastStable().where(AtLeast("1.2"))).to_dict()["first_of"][1]
        {'last_stable': {}, 'where': [{'at_least': {'version': '1.2'}}]}
        """
        if isinstance(self, Where):
            return {**self.strategy.to_dict(), WHERE: [written(rule) for rule in self.rules]}
        return written(self)

    @final
    def __or__(self, other: "RollbackStrategy") -> "FirstOf":
        """Return the strategy that asks the other one where this one finds nothing."""
        if isinstance(other, RollbackStrategy):
            return FirstOf(self, other)
        return NotImplemented

    @final
    def __bool__(self) -> NoReturn:
        raise TypeError(
            f"{self!r} is neither true nor false: write a | b for `a or b`, "
            "and `strategy is not None` to ask whether there is one"
        )


@final
@attrs.frozen(eq=False, init=False, repr=False)
class FirstOf(Coded, RollbackStrategy):
    """Asks one strategy after the other: what `|` makes.

    It follows the orders of its strategies, one after the other, and accepts what they accept.

    Args:
        strategies: At least one. A `FirstOf` among them stands for its own strategies.

    Raises:
        TypeError: There is none, or one of them is no strategy.

    >>> from lastgood import FirstOf, LastStable, Pinned
    >>> LastStable() | Pinned("v1.0")
    FirstOf(LastStable(), Pinned('v1.0'))
    """

    strategies: tuple[RollbackStrategy, ...]

    def __init__(self, *strategies: RollbackStrategy) -> None:
        if not strategies:
            raise TypeError("FirstOf() has nothing to ask: write FirstOf(LastStable())")
        fill(self, "strategies", tuple(_flat(strategies)))

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for strategy in self.strategies:
            yield from _asked(strategy, registry, repr(strategy))


@final
@attrs.frozen(eq=False, init=False, repr=False)
class Where(Coded, RollbackStrategy):
    """A strategy with rules: what `RollbackStrategy.where` makes. Rules upon rules are one list."""

    strategy: RollbackStrategy
    rules: tuple[Rule, ...]

    def __init__(self, strategy: RollbackStrategy, rules: tuple[Rule, ...]) -> None:
        inner = strategy if isinstance(strategy, Where) else None
        fill(self, "strategy", strategy if inner is None else inner.strategy)
        fill(self, "rules", rules if inner is None else inner.rules + rules)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        vetoes = [(rule, over(rule, registry)) for rule in self.rules]
        for candidate in _asked(self.strategy, registry, repr(self.strategy)):
            version = registry.get(candidate.version)
            if version is None:  # The safety check says so.
                yield candidate
            else:
                yield _ruled(candidate, version, vetoes)

    @override
    def __repr__(self) -> str:
        return f"{self.strategy!r}.where({', '.join(map(name_of, self.rules))})"


def _flat(strategies: Iterable[object]) -> Iterator[RollbackStrategy]:
    """Yield the strategies, those of a `FirstOf` for itself; `TypeError` for what is none."""
    for strategy in strategies:
        if isinstance(strategy, FirstOf):
            yield from strategy.strategies
        elif isinstance(strategy, RollbackStrategy):
            yield strategy
        else:
            kind = f"{strategy.__name__}(...)" if isinstance(strategy, type) else ""
            hint = kind or "FirstOf(strategy, ...)"
            raise TypeError(f"expected a strategy, not {shown(strategy)}: write {hint}")


def checked_registry(registry: VersionRegistry) -> VersionRegistry:
    """Return the registry; `TypeError` where it is something else."""
    if not isinstance(registry, VersionRegistry):
        raise TypeError(
            f"expected a VersionRegistry, not {shown(registry)}: "
            "write VersionRegistry.from_statuses(statuses, current=...), "
            "or VersionRegistry.from_dict(data)"
        )
    return registry


def _current(registry: VersionRegistry) -> str:
    current = checked_registry(registry).current
    if current is None:
        raise NothingDeployed
    return current


def _asked(strategy: RollbackStrategy, registry: VersionRegistry, by: str) -> Iterator[Candidate]:
    """Yield what the strategy says, signed with its `repr`; blame it for whatever goes wrong."""
    try:
        for said in _said(strategy.candidates(registry), by):
            yield said if said.by else signed(said, by)
    except StopIteration as error:  # A generator would turn it into an error that blames nobody.
        stopped = RuntimeError(f"{by} raised StopIteration")
        raise noted(stopped, "while it was asked for candidates") from error
    except Exception as error:
        _ = noted(error, f"while {by} was asked for candidates")
        raise


def _said(answer: object, by: str) -> Iterator[Candidate]:
    """Yield what a strategy answered; `TypeError` where that is something else than candidates."""
    if not isinstance(answer, Iterable):
        raise TypeError(f"{by} answered {shown(answer)}: candidates() yields candidates")
    for candidate in cast("Iterable[object]", answer):
        if not isinstance(candidate, Candidate):
            raise TypeError(
                f"{by} yielded {shown(candidate)}, which is no candidate: "
                "write yield Candidate.accept(version)"
            )
        yield candidate


def _vetted(strategy: RollbackStrategy, registry: VersionRegistry, by: str) -> Iterator[Candidate]:
    """Yield what the strategy says after the safety check."""
    vetoes = [(_SAFE, over(_SAFE, registry))]
    for candidate in _asked(strategy, registry, by):
        version = registry.get(candidate.version) or Version(candidate.version)
        yield _ruled(candidate, version, vetoes)


def _ruled(
    candidate: Candidate, version: Version, vetoes: Iterable[tuple[Rule, Veto]]
) -> Candidate:
    """Return the candidate, rejected where it was accepted and a rule rejects its version."""
    if candidate.accepted:
        for rule, veto in vetoes:
            reason = answer(rule, veto, version)
            if reason is not None:
                return signed(Candidate.reject(version, reason), name_of(rule))
    return candidate


def _never_mentioned(
    strategy: RollbackStrategy, registry: VersionRegistry, mentioned: Iterable[str]
) -> Iterator[Candidate]:
    """Yield a rejection of every other version but the current one, with what the facts say."""
    left_out = {*mentioned, registry.current}
    for version in registry.values():
        if version.label not in left_out:
            unsafe = _SAFE(version, registry)
            by = repr(strategy) if unsafe is None else repr(_SAFE)
            reason = "; ".join(_facts(strategy, version, unsafe))
            yield signed(Candidate.reject(version, reason), by)


def _facts(strategy: RollbackStrategy, version: Version, unsafe: str | None) -> Iterator[str]:
    """Yield what speaks against a version that the strategy did not mention."""
    if unsafe is not None:
        yield unsafe
    elif version.status is not Status.STABLE:
        yield version.verdict
    if not version.times_deployed:
        yield "never deployed"
    elif unsafe is None:
        yield f"not proposed by {strategy!r}"
