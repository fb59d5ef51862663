"""What a strategy is, how it is asked, and how strategies are combined.

The rules of this module:

1. A strategy is only ever asked for candidates; what is made of them is the same for all.
2. The safety check comes last, in `vetted`, and nothing bypasses it.
"""

import abc
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from itertools import chain
from operator import itemgetter
from typing import Any, ClassVar, NoReturn, final

import attrs
from typing_extensions import override

from lastgood._basics.code import Coded
from lastgood._basics.frozen import fill, named
from lastgood._basics.messages import shown
from lastgood._basics.refusals import NotCurrent, NothingDeployed, RollbackNotNeeded
from lastgood._basics.texts import by as by_of
from lastgood._basics.texts import label
from lastgood._basics.times import utc
from lastgood._registry.handle import serving_again
from lastgood._registry.registry import VersionRegistry
from lastgood._values.candidate import Candidate
from lastgood._values.plan import RollbackPlan, plan_of
from lastgood._values.review import NoRollbackTarget, Review
from lastgood._values.version import Version
from lastgood.rules.base import Rule, answer, checked, is_async, name_of, over
from lastgood.strategies.asking import Asked, never_mentioned, ruled, vetted, ways_out


@named("lastgood")
class RollbackStrategy(abc.ABC):
    """The policy that proposes where to go back to.

    A strategy of your own has one method to write, `candidates`. Make it a frozen attrs class, so
    that it is equal by value, can be hashed, and has a `repr` that shows its parameters.

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
        if is_async(cls.candidates):
            raise TypeError(
                f"{cls.__qualname__}.candidates() is async, and a decision waits for nothing: "
                "write def candidates(self, registry, /)"
            )

    @abc.abstractmethod
    def candidates(self, registry: VersionRegistry, /) -> Iterable[Candidate]:
        """Yield candidates, the best first, and only what the order of the strategy reaches.

        Args:
            registry: A registry in which something serves. After `VersionRegistry.undeploy`, what
                served last serves again in it.

        Returns:
            Accepted and rejected candidates. Whether an accepted one is safe is not the
            strategy's business.
        """

    def _said(self, registry: VersionRegistry, by: str, /) -> Iterable[Candidate]:
        """Return what the strategy, whose `repr` is ``by``, says, signed by who said it."""
        return Asked(self.candidates, registry, by)

    def _why_not_mentioned(self, version: Version, registry: VersionRegistry, /) -> str | None:
        """Return why the order of the strategy does not reach a version, if it is known."""
        return None

    def _vetoes(self, version: Version, registry: VersionRegistry, /) -> bool:
        """Whether rules that were put on the strategy reject a version."""
        return False

    @final
    def plan(self, registry: VersionRegistry, /, *, leaving: str | None = None) -> RollbackPlan:
        """Return the plan to go back to the first candidate that is accepted and safe.

        It plans only a rollback that is needed or asked for.

        Args:
            registry: What is known. It is not changed; `VersionRegistry.roll_back` carries the
                plan out.
            leaving: The label of the version to leave even if it does not need a rollback. It
                comes from the alarm or the person, so that a retry does not leave another version.

        Raises:
            NothingDeployed: Nothing was ever deployed.
            RollbackNotNeeded: The current version is neither failed nor retired, or nothing
                serves, and ``leaving`` is not given.
            NotCurrent: Another version than ``leaving`` serves.
            NoRollbackTarget: No candidate is left; the error says why each was rejected.
            TypeError: The strategy yields something other than candidates, or an argument has the
                wrong type.
            Exception: Whatever the strategy or a rule raises, with a note that names it.

        >>> from lastgood import LastStable, VersionRegistry
        >>> registry = VersionRegistry.from_statuses({"1": "stable", "2": "failed"}, current="2")
        >>> LastStable().plan(registry).target
        '1'
        """
        serving = serving_again(checked_registry(registry))
        source, by = _to_leave(registry, serving.current, leaving), repr(self)
        considered = vetted(self._said(serving, by), serving, to_target=True)
        if considered and considered[-1].accepted:
            return plan_of(source, by, registry.revision, registry.fingerprint, considered)
        mentioned = [candidate.version for candidate in considered]
        considered += never_mentioned(self._why_not_mentioned, serving, by, mentioned)
        advice = ways_out(self._vetoes, serving, mentioned)
        raise NoRollbackTarget(source, by, registry.revision, tuple(considered), advice)

    @final
    def review(self, registry: VersionRegistry, /) -> Review:
        """Return what the strategy and the safety check say of every version, before an incident.

        Every registered version except the current one comes exactly once, in the order of the
        strategy; what it never mentions comes last. The first accepted one is what `plan` would
        choose if the current version had to be left.

        Raises:
            NothingDeployed: Nothing was ever deployed.
            TypeError: The strategy yields something other than candidates, or ``registry`` is not
                a `VersionRegistry`.
            Exception: Whatever the strategy or a rule raises, with a note that names it.

        >>> from lastgood import LastStable, VersionRegistry
        >>> table = {"1": "stable", "2": "unproven", "3": "stable", "4": "stable"}
        >>> registry = VersionRegistry.from_statuses(table, current="3")
        >>> for candidate in LastStable().review(registry):
        ...     print(candidate.version, candidate.accepted, candidate.reason)
        2 False unproven
        1 True stable
        4 False never deployed
        """
        serving = serving_again(checked_registry(registry))
        source, by = serving.current, repr(self)
        if source is None:
            raise NothingDeployed
        considered = vetted(self._said(serving, by), serving, to_target=False)
        places: dict[str, tuple[int, Candidate]] = {}
        for place, candidate in enumerate(considered):
            held = places.get(candidate.version)
            if held is None or (candidate.accepted and not held[1].accepted):
                places[candidate.version] = place, candidate
        ranked = [candidate for _, candidate in sorted(places.values(), key=itemgetter(0))]
        known = [each for each in ranked if each.version in registry and each.version != source]
        others = never_mentioned(self._why_not_mentioned, serving, by, places)
        return Review(source, by, (*known, *others))

    @final
    def recover(
        self, registry: VersionRegistry, /, *, at: datetime | None = None, by: str = ""
    ) -> VersionRegistry:
        """Plan and roll back if the current version needs it.

        It is the one call for jobs that record first, for tests and for simulations.

        Args:
            registry: What is known.
            at: The time of the decision, with a time zone. Rules see it as the clock, even if a
                later time was recorded.
            by: Who or what decides.

        Returns:
            The registry after the rollback. If none is needed, the same registry is returned.

        Raises:
            InvalidTime: ``at`` has no time zone, or is out of range in UTC.
            NoRollbackTarget: A rollback is needed, and there is no version to go back to.
            Exception: Whatever else `plan` raises.

        >>> from lastgood import LastStable, VersionRegistry
        >>> registry = VersionRegistry.from_statuses({"1": "stable", "2": "failed"}, current="2")
        >>> registry = LastStable().recover(registry)
        >>> registry.current
        '1'
        """
        now, by = None if at is None else utc(at), by_of(by)
        if not checked_registry(registry).needs_rollback:
            return registry
        known = registry if now is None else registry.with_clock(now)
        return registry.roll_back(self.plan(known), by=by, at=now)

    @final
    def where(self, *rules: Rule) -> "RollbackStrategy":
        """Return this strategy with rules that can veto what it accepts, asked in this order.

        Raises:
            TypeError: One of them is a class, cannot be called, or cannot take two arguments.

        >>> from lastgood import Previous
        >>> from lastgood.rules import Except, Stable
        >>> Previous().where(Stable()).where(Except("v1"))
        Previous().where(Stable(), Except('v1'))
        """
        asked = checked(rules)
        if not isinstance(self, RollbackStrategy):  # The class was asked, and this is a rule.
            raise TypeError(
                "where() must be called on a strategy, not on a class: "
                "write LastStable().where(rule, ...)"
            )
        return Where(self, asked) if asked else self

    @final
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
        from lastgood._policies.writing import written_strategy  # noqa: PLC0415  # paid for here

        return written_strategy(self)

    def _repr_html_(self) -> str:
        """Return it as a funnel of HTML, from order to rules to `Safe`: what a notebook shows."""
        from lastgood.render._funnel import funnel  # noqa: PLC0415  # paid for where it is shown

        return funnel(self._drawn())

    def _drawn(self) -> str:
        """Return its part of the funnel."""
        from lastgood.render._funnel import order  # noqa: PLC0415  # as above

        return order(repr(self), type(self).__doc__ or "")

    @final
    def __or__(self, other: "RollbackStrategy") -> "FirstOf":
        """Return the strategy that asks the other one where this one finds nothing."""
        if isinstance(other, RollbackStrategy):
            return FirstOf(self, other)
        return NotImplemented

    @final
    def __bool__(self) -> NoReturn:
        raise TypeError(
            f"{self!r} has no truth value: write a | b instead of `a or b`, "
            "and `strategy is not None` to ask whether there is one"
        )


def considered_to_target(
    strategy: RollbackStrategy, serving: VersionRegistry, by: str
) -> list[Candidate]:
    """Return what a plan of the strategy, whose `repr` is ``by``, would consider."""
    return vetted(_said(serving, strategy, by), serving, to_target=True)


def _said(
    registry: VersionRegistry, strategy: RollbackStrategy, by: str | None = None
) -> Iterable[Candidate]:
    """Return what a strategy says, signed by who said it."""
    by = repr(strategy) if by is None else by
    return strategy._said(registry, by)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


@named("lastgood")
@final
@attrs.frozen(eq=False, init=False, repr=False)
class FirstOf(RollbackStrategy, Coded):
    """Asks one strategy after the other: what `|` makes.

    It follows the orders of its strategies, one after the other, and accepts what they accept.

    Args:
        strategies: At least one. A `FirstOf` among them stands for its own strategies.

    Raises:
        TypeError: No strategy is given, or an argument is not a strategy.

    >>> from lastgood import FirstOf, LastStable, Pinned
    >>> FirstOf(LastStable(), Pinned("v1.0"))
    LastStable() | Pinned('v1.0')
    """

    strategies: tuple[RollbackStrategy, ...]

    def __init__(self, *strategies: RollbackStrategy) -> None:
        if not strategies:
            raise TypeError("FirstOf() has nothing to ask: write FirstOf(LastStable())")
        fill(self, "strategies", tuple(_flat(strategies)))

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return chain.from_iterable(map(partial(_said, registry), self.strategies))

    @override
    def _said(self, registry: VersionRegistry, by: str, /) -> Iterable[Candidate]:
        return self.candidates(registry)  # Each part signs what it says.

    @override
    def _why_not_mentioned(self, version: Version, registry: VersionRegistry, /) -> str | None:
        reasons = (each._why_not_mentioned(version, registry) for each in self.strategies)  # noqa: SLF001
        return next(filter(None, reasons), None)

    @override
    def _vetoes(self, version: Version, registry: VersionRegistry, /) -> bool:
        return any(each._vetoes(version, registry) for each in self.strategies)  # noqa: SLF001

    @override
    def _drawn(self) -> str:
        from lastgood.render._funnel import first_of  # noqa: PLC0415  # as above

        return first_of(each._drawn() for each in self.strategies)  # noqa: SLF001

    @override
    def __repr__(self) -> str:
        of = " | ".join(map(repr, self.strategies))
        return of if len(self.strategies) > 1 else f"FirstOf({of})"


@final
@attrs.frozen(eq=False, init=False, repr=False)
class Where(RollbackStrategy, Coded):
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
        return map(partial(ruled, registry, vetoes), _said(registry, self.strategy))

    @override
    def _said(self, registry: VersionRegistry, by: str, /) -> Iterable[Candidate]:
        return self.candidates(registry)  # The strategy and each rule sign what they say.

    @override
    def _why_not_mentioned(self, version: Version, registry: VersionRegistry, /) -> str | None:
        return self.strategy._why_not_mentioned(version, registry)  # noqa: SLF001

    @override
    def _vetoes(self, version: Version, registry: VersionRegistry, /) -> bool:
        if self.strategy._vetoes(version, registry):  # noqa: SLF001
            return True
        try:
            asked = (answer(rule, over(rule, registry), version) for rule in self.rules)
            return any(reason is not None for reason in asked)
        except Exception:  # noqa: BLE001  # nobody asked about this version: it is not advised
            return True

    @override
    def _drawn(self) -> str:
        from lastgood.render._funnel import where  # noqa: PLC0415  # as above

        return where(self.strategy._drawn(), map(name_of, self.rules))  # noqa: SLF001

    @override
    def __repr__(self) -> str:
        several = isinstance(self.strategy, FirstOf) and len(self.strategy.strategies) > 1
        of = f"({self.strategy!r})" if several else repr(self.strategy)
        return f"{of}.where({', '.join(map(name_of, self.rules))})"


def _flat(strategies: Iterable[RollbackStrategy]) -> Iterator[RollbackStrategy]:
    """Yield the strategies, flattening nested `FirstOf`; raise TypeError for anything else."""
    for strategy in strategies:
        if isinstance(strategy, FirstOf):
            yield from strategy.strategies
        else:
            yield checked_strategy(strategy)


def checked_strategy(strategy: object) -> RollbackStrategy:
    """Return the strategy; raise TypeError for anything else."""
    if isinstance(strategy, RollbackStrategy):
        return strategy
    hint = f"{strategy.__name__}(...)" if isinstance(strategy, type) else "LastStable()"
    raise TypeError(f"expected a strategy, not {shown(strategy)}: write {hint}")


def checked_registry(registry: VersionRegistry) -> VersionRegistry:
    """Return the registry; raise TypeError for anything else."""
    if not isinstance(registry, VersionRegistry):
        raise TypeError(
            f"registry must be a VersionRegistry, not {shown(registry)}: "
            "write VersionRegistry.from_statuses(statuses, current=...), "
            "or VersionRegistry.from_dict(data)"
        )
    return registry


def _to_leave(registry: VersionRegistry, last: str | None, leaving: str | None) -> str:
    """Return the label of the version that a plan leaves; refuse what nobody needs or asked for.

    Args:
        registry: The registry.
        last: The label of what serves in it, or else served last.
        leaving: The label of the version to leave in any case.
    """
    if last is None:
        raise NothingDeployed
    if leaving is not None:
        if label(leaving) != last:
            raise NotCurrent(leaving, registry.current)
    elif not registry.needs_rollback:
        known, serves = registry[last], registry.current is not None
        raise RollbackNotNeeded(last, known.status, known.reason, serves)
    return last
