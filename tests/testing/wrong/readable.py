"""Strategies that do not show what they are."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import attrs
from typing_extensions import override

from lastgood import (
    Candidate,
    RollbackStrategy,
    VersionRegistry,
)
from tests.testing.wrong.common import accepted
from tests.testing.wrong.survives_copy import LosesItsSteps


class Plain(RollbackStrategy):
    """Shows itself as Python shows any object, and equals only itself."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())


@attrs.frozen(repr=False)
class ShowsItsAddress(RollbackStrategy):
    """Is a value, and shows itself as Python shows any object."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())


@attrs.frozen
class HidesItsSteps(RollbackStrategy):
    """Leaves its parameter out of its `repr`."""

    steps: int = attrs.field(repr=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return LosesItsSteps(self.steps).candidates(registry)


@attrs.frozen(repr=False)
class AlwaysShowsTheSame(RollbackStrategy):
    """Shows itself by a constant that has the digit of its parameter in it by chance."""

    steps: int

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return LosesItsSteps(self.steps).candidates(registry)

    @override
    def __repr__(self) -> str:
        return "Strategy2()"


class PlainHidden:
    """What the plain classes below have in common: they are values, and show a constant."""

    __slots__ = ()

    @override
    def __repr__(self) -> str:
        return "Hidden()"


class HidesAnAttribute(PlainHidden, RollbackStrategy):
    """A class without attrs, whose constant `repr` hides its parameter."""

    __slots__ = ("_steps",)

    def __init__(self, steps: int) -> None:
        self._steps = steps

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return LosesItsSteps(self._steps).candidates(registry)

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, HidesAnAttribute) and self._steps == other._steps

    @override
    def __hash__(self) -> int:
        return hash(self._steps)


class HidesARenamedAttribute(PlainHidden, RollbackStrategy):
    """Likewise, but its attribute has another name than what it is made from."""

    def __init__(self, steps: int) -> None:
        self.further = steps

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return LosesItsSteps(self.further).candidates(registry)

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, HidesARenamedAttribute) and self.further == other.further

    @override
    def __hash__(self) -> int:
        return hash(self.further)


@dataclass(frozen=True)
class HidesAField(RollbackStrategy):
    """A frozen data class that leaves its parameter out of its `repr`."""

    steps: int = field(repr=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return LosesItsSteps(self.steps).candidates(registry)


@attrs.frozen(repr=False)
class ShowsItsNumber(RollbackStrategy):
    """Shows a number that its copies do not have."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())

    @override
    def __repr__(self) -> str:
        return f"ShowsItsNumber({id(self)})"


@attrs.frozen(repr=False)
class ShowsSomethingElse(RollbackStrategy):
    """Shows itself differently every time."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())

    @override
    def __repr__(self) -> str:
        return f"ShowsSomethingElse({random.random()})"  # noqa: S311


@attrs.frozen(repr=False)
class ShowsNothing(RollbackStrategy):
    """Shows itself as nothing at all."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())

    @override
    def __repr__(self) -> str:
        return " "


@attrs.frozen(repr=False)
class RaisesWhenShown(RollbackStrategy):
    """Cannot be shown."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())

    @override
    def __repr__(self) -> str:
        raise RuntimeError("not now")


@attrs.frozen(eq=False)
class EqualToAll(RollbackStrategy):
    """Equals whatever it is compared with."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())

    @override
    def __eq__(self, other: object) -> bool:
        return True

    @override
    def __hash__(self) -> int:
        return 1


@attrs.frozen
class ShowsItsMemory(RollbackStrategy):
    """Shows what it was asked about, which its equality ignores."""

    seen: list[int] = attrs.field(factory=list[int], eq=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        self.seen[:] = [registry.revision]
        return accepted(registry.lineage())


@attrs.frozen
class ShownAndNotCompared(RollbackStrategy):
    """Shows a parameter that its equality ignores."""

    steps: int = attrs.field(default=1, eq=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())


@attrs.frozen(repr=False)
class ShowsAnotherNumber(RollbackStrategy):
    """Counts from another number than its reader."""

    steps: int

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return LosesItsSteps(self.steps).candidates(registry)

    @override
    def __repr__(self) -> str:
        return f"ShowsAnotherNumber(steps={self.steps + 1})"


@attrs.frozen(repr=False)
class HidesItsDefault(RollbackStrategy):
    """Shows the same whatever it is made from, which cannot be seen while that is the default."""

    lowest: bool = False

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        known = [*registry.lineage()]
        return accepted(reversed(known) if self.lowest else known)

    @override
    def __repr__(self) -> str:
        return "HidesItsDefault()"


@attrs.frozen(repr=False)
class HidesAStrategy(RollbackStrategy):
    """Does not show what it is made of."""

    inner: RollbackStrategy

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterable[Candidate]:
        return self.inner.candidates(registry)

    @override
    def __repr__(self) -> str:
        return "HidesAStrategy(...)"
