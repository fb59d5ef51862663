"""Strategies that are not values: they cannot be copied, hashed or compared."""

from collections.abc import Callable, Iterator
from threading import Lock
from typing import Any, NoReturn

import attrs
from typing_extensions import override

from lastgood import (
    Candidate,
    LastStable,
    Pinned,
    RollbackStrategy,
    Version,
    VersionRegistry,
)
from tests.testing.wrong.common import accepted, rotated, usable


@attrs.frozen
class ByIdOfItself(RollbackStrategy):
    """Depends on where in memory it is itself."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return rotated(usable(registry), id(self) >> 4)


@attrs.frozen
class HoldsALambda(RollbackStrategy):
    """Is made with a function that cannot be pickled."""

    key: Callable[[Version], Any] = attrs.field(repr=lambda _: "…")

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(sorted(usable(registry), key=self.key))


@attrs.frozen
class HoldsALock(RollbackStrategy):
    """Holds what cannot be copied."""

    lock: Any = attrs.field(factory=Lock, eq=False, repr=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        with self.lock:
            return accepted(registry.lineage())


@attrs.frozen
class LosesItsSteps(RollbackStrategy):
    """Is pickled without its parameter."""

    steps: int = 1

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        for place, version in enumerate(usable(registry), 1):
            if place < self.steps:
                yield Candidate.reject(version, "passed over")
            else:
                yield Candidate.accept(version)

    @override
    def __reduce__(self) -> Any:
        return LosesItsSteps, ()


@attrs.frozen
class LosesItsStepsUnseen(RollbackStrategy):
    """Is pickled without its parameter, which its equality ignores."""

    steps: int = attrs.field(default=1, eq=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return LosesItsSteps(self.steps).candidates(registry)

    @override
    def __reduce__(self) -> Any:
        return LosesItsStepsUnseen, ()


@attrs.frozen
class BecomesAnother(RollbackStrategy):
    """Is another strategy once it is unpickled."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())

    @override
    def __reduce__(self) -> Any:
        return LastStable, ()


@attrs.frozen
class BecomesNothing(RollbackStrategy):
    """Is no longer a strategy once it is unpickled."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())

    @override
    def __reduce__(self) -> Any:
        return dict, ()


@attrs.frozen
class FailsToUnpickle(RollbackStrategy):
    """Is pickled, and raises when it is unpickled."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())

    @override
    def __reduce__(self) -> Any:
        return Pinned, ()


@attrs.define
class Unhashable(RollbackStrategy):
    """Can be changed, and so has no hash."""

    steps: int = 1

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())


@attrs.frozen
class HoldsAList(RollbackStrategy):
    """Is made with a list, and so has no hash."""

    labels: list[str]

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())


@attrs.frozen(eq=False)
class EqualToItself(RollbackStrategy):
    """Equals nothing but itself."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())


@attrs.frozen(eq=False)
class NeverEqual(RollbackStrategy):
    """Equals nothing, not even itself."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())

    @override
    def __eq__(self, other: object) -> bool:
        return False

    @override
    def __hash__(self) -> int:
        return 1


@attrs.frozen(eq=False)
class HashById(RollbackStrategy):
    """Equals its copies, which have another hash."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, HashById)

    @override
    def __hash__(self) -> int:
        return id(self)


@attrs.frozen(eq=False)
class RaisesWhenCompared(RollbackStrategy):
    """Cannot be compared."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())

    @override
    def __eq__(self, other: object) -> NoReturn:
        raise ValueError("the truth of an array is ambiguous")

    @override
    def __hash__(self) -> int:
        return 1


@attrs.frozen
class ChangesWhenAsked(RollbackStrategy):
    """Notes what it was asked about in a field by which it is compared."""

    seen: list[int] = attrs.field(factory=list[int], repr=False, hash=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        self.seen.append(registry.revision)
        return accepted(registry.lineage())


@attrs.frozen
class CannotBeCopiedOnceAsked(RollbackStrategy):
    """Keeps something that cannot be copied as soon as it was asked."""

    kept: list[object] = attrs.field(factory=list[object], eq=False, repr=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        self.kept[:] = [accepted(registry.lineage()), Lock()]
        return accepted(registry.lineage())


@attrs.frozen
class SharesItsState(RollbackStrategy):
    """Has a list in common with its copies, and forgets it when it is pickled."""

    turns: list[int] = attrs.field(factory=list[int], eq=False, repr=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        self.turns.append(1)
        return rotated(usable(registry), len(self.turns))

    def __deepcopy__(self, memo: object) -> "SharesItsState":
        return self


def made_in_a_function() -> RollbackStrategy:
    """Return a strategy of a class that only this function knows."""

    @attrs.frozen
    class Local(RollbackStrategy):
        @override
        def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
            return accepted(registry.lineage())

    return Local()


def ruled_by_a_lambda() -> RollbackStrategy:
    """Return a strategy with a rule that cannot be pickled."""
    return LastStable().where(lambda version, registry: None)  # noqa: ARG005


class ReadsWhatStrangersLack(RollbackStrategy):
    """Takes whatever it is compared with for one of its kind."""

    def __init__(self, steps: int = 1) -> None:
        self.steps = steps

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())

    @override
    def __eq__(self, other: object) -> bool:
        return hash(self.steps) == hash(vars(other)["steps"])

    @override
    def __hash__(self) -> int:
        return hash(self.steps)

    @override
    def __repr__(self) -> str:
        return f"ReadsWhatStrangersLack(steps={self.steps})"


class EqualWhateverItsSteps(RollbackStrategy):
    """Equals all of its kind and looks like them, whatever it was made from."""

    def __init__(self, steps: int) -> None:
        self.steps = steps

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return LosesItsSteps(self.steps).candidates(registry)

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, EqualWhateverItsSteps)

    @override
    def __hash__(self) -> int:
        return 1

    @override
    def __repr__(self) -> str:
        return "EqualWhateverItsSteps(2)"


@attrs.frozen(eq=False)
class RaisesAmongItsKind(RollbackStrategy):
    """Cannot be compared with its copies."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())

    @override
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RaisesAmongItsKind):
            return NotImplemented
        raise ValueError("the truth of an array is ambiguous")

    @override
    def __hash__(self) -> int:
        return 1


@attrs.frozen
class CopiedOnlyOnce(RollbackStrategy):
    """Can be copied, and its copy cannot."""

    is_copy: bool = attrs.field(default=False, eq=False, repr=False)

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return accepted(registry.lineage())

    def __deepcopy__(self, memo: object) -> "CopiedOnlyOnce":
        if self.is_copy:
            raise TypeError("there is one copy only")
        return CopiedOnlyOnce(is_copy=True)
