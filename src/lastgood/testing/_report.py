"""What a check of a strategy ends in: a report, or a violation that shows everything."""

from collections.abc import Iterator, Mapping, Sequence
from textwrap import indent
from typing import Final, cast, final

import attrs
from typing_extensions import override

from lastgood._basics.frozen import named
from lastgood._basics.messages import brief
from lastgood._registry.registry import VersionRegistry
from lastgood._values.metadata import frozen_copy
from lastgood.render._html import table
from lastgood.testing._source import source_of, source_since

_MARGIN: Final = "    "
#: Laws without which nothing else can be relied on.
_FIRST: Final = ("yields_candidates", "never_raises", "deterministic")


def _frozen(reasons: Mapping[str, str]) -> Mapping[str, str]:
    return cast("Mapping[str, str]", frozen_copy(reasons))


@final
@attrs.frozen
class Breach:
    """How a law is broken, on the smallest registry on which it is."""

    #: What the strategy said or did.
    said: str
    #: What would have been right.
    expected: str
    #: The registry that it was asked about; `None` if it was not about one.
    registry: VersionRegistry | None = None
    #: What it was asked next, what it said then, and about which other registry, if any.
    relation: str = ""
    said_then: str = ""
    other: VersionRegistry | None = None

    @property
    def size(self) -> int:
        """How large the registry is."""
        return 0 if self.registry is None else self.registry.revision

    def lines(self) -> Iterator[str]:
        """Yield what a message shows of it."""
        if self.registry is not None:
            yield "  The smallest registry on which it is broken:"
            yield indent(source_of(self.registry), _MARGIN)
        yield f"  The strategy: {self.said}"
        if self.other is not None:
            goes_on = self.other.revision > self.size
            lines = source_since(self.other, self.size) if goes_on else source_of(self.other)
            yield f"  {self.relation}:"
            yield indent(lines, _MARGIN)
            yield f"  The strategy then: {self.said_then}"
        elif self.relation:
            yield f"  {self.relation}: {self.said_then}"
        yield f"  Expected: {self.expected}"


@final
@attrs.frozen
class Violation:
    """One broken law."""

    #: The name of the law, one of `LAWS`.
    law: str
    #: What it demands.
    demand: str
    #: Why that matters.
    why: str
    breach: Breach
    #: What to do if it is meant so.
    hint: str

    @override
    def __str__(self) -> str:
        heading = f"{self.law}: {self.demand}"
        why = f"  Why it matters: {self.why}"
        return "\n".join([heading, why, *self.breach.lines(), f"  {self.hint}"])


@named("lastgood.testing")
@final
@attrs.frozen
class LawReport:
    """What was checked. A check that found no target anywhere does not end in a report.

    >>> from lastgood import LastStable
    >>> from lastgood.testing import check_strategy
    >>> report = check_strategy(LastStable())
    >>> report.registries > 1000
    True
    """

    #: The `repr` of the strategy.
    strategy: str
    #: The names of the laws that hold.
    laws: tuple[str, ...]
    #: The number of registries that it was asked about.
    registries: int
    #: The number of answers that it gave.
    decisions: int
    #: The number of registries on which it found a version to go back to.
    targets: int
    #: The reasons of the laws that were waived.
    waived: Mapping[str, str] = attrs.field(converter=_frozen)

    def _repr_html_(self) -> str:
        """Return what was checked as a table of HTML, which is what a notebook shows."""
        facts = [
            ("laws that hold", ", ".join(self.laws)),
            ("registries", f"{self.registries:,}"),
            ("of them with a target", f"{self.targets:,}"),
            ("decisions", f"{self.decisions:,}"),
            *((f"waived: {law}", reason) for law, reason in self.waived.items()),
        ]
        return table("The laws of strategies", ("", ""), facts, code=brief(self.strategy))

    @override
    def __str__(self) -> str:
        hold = "1 law holds" if len(self.laws) == 1 else f"{len(self.laws)} laws hold"
        waived = f"; waived: {', '.join(self.waived)}" if self.waived else ""
        return (
            f"{self.strategy}: {hold} on {self.registries:,} registries, "
            f"{self.targets:,} of them with a target, in {self.decisions:,} decisions{waived}"
        )


@named("lastgood.testing")
@final
class StrategyLawViolation(AssertionError):
    """The laws that a strategy breaks, all of them at once.

    Attributes:
        report: What was checked.
        violations: The broken laws, each with its smallest registry.
        needless: The names of waived laws that hold after all.
    """

    def __init__(
        self, report: LawReport, violations: Sequence[Violation], needless: Sequence[str] = ()
    ) -> None:
        super().__init__(report, violations, needless)
        self.report: LawReport = report
        self.violations: tuple[Violation, ...] = tuple(violations)
        self.needless: tuple[str, ...] = tuple(needless)

    @override
    def __str__(self) -> str:
        broken = ", ".join(violation.law for violation in self.violations)
        broken = broken or "no law, not even the waived ones"
        waived = [
            f"{law}: it is waived ({self.report.waived[law]}), but it holds: "
            "remove it from expected_failures"
            for law in self.needless
        ]
        heading = f"{self.report.strategy} breaks {broken}\n{self.report}{self._first()}"
        return "\n\n".join([heading, *map(str, self.violations), *waived])

    def _first(self) -> str:
        """Return which law to see to first, if it may be the cause of the others."""
        broken = [violation.law for violation in self.violations]
        first = next((law for law in _FIRST if law in broken), None)
        if first is None or len(broken) == 1:
            return ""
        return f"\nFix {first} first; it may be the cause of the others."
