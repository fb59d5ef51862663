"""What a check of a store ends in: a report, or a violation that shows everything."""

from collections.abc import Sequence
from textwrap import indent
from typing import Final, final

import attrs
from typing_extensions import override

from lastgood._basics.frozen import named
from lastgood.testing._stores.steps import Breach

_MARGIN: Final = "    "
#: Laws without which nothing else can be relied on.
_FIRST: Final = ("begins_empty", "answers", "exact", "fresh")


@final
@attrs.frozen
class StoreViolation:
    """One broken law of stores."""

    #: The name of the law, one of `STORE_LAWS`.
    law: str
    #: What it demands.
    demand: str
    #: Why that matters.
    why: str
    breach: Breach

    @override
    def __str__(self) -> str:
        return "\n".join(
            [
                f"{self.law}: {self.demand}",
                f"  Why it matters: {self.why}",
                "  The smallest steps that show it:",
                indent(self.breach.steps, _MARGIN),
                f"  The store: {self.breach.said}",
                f"  Expected: {self.breach.expected}",
            ]
        )


@named("lastgood.testing")
@final
@attrs.frozen
class StoreReport:
    """What was checked of a store."""

    #: The name of the class of the store.
    store: str
    #: The names of the laws that hold.
    laws: tuple[str, ...]
    #: The names of the laws that were not checked, because that needs ``damage``.
    unchecked: tuple[str, ...]
    #: How often the store was asked to load or to append.
    calls: int
    #: How many times several asked it at the same time.
    rounds: int

    @override
    def __str__(self) -> str:
        hold = "1 law holds" if len(self.laws) == 1 else f"{len(self.laws)} laws hold"
        unchecked = f"; not checked: {', '.join(self.unchecked)}" if self.unchecked else ""
        return (
            f"{self.store}: {hold} in {self.calls:,} calls, {self.rounds:,} times several at once"
            f"{unchecked}"
        )


@named("lastgood.testing")
@final
class StoreLawViolation(AssertionError):
    """The laws that a store breaks, all of them at once.

    Attributes:
        report: What was checked.
        violations: The broken laws, each with the smallest steps that show it.
    """

    def __init__(self, report: StoreReport, violations: Sequence[StoreViolation]) -> None:
        super().__init__(report, violations)
        self.report: StoreReport = report
        self.violations: tuple[StoreViolation, ...] = tuple(violations)

    @override
    def __str__(self) -> str:
        broken = [violation.law for violation in self.violations]
        heading = f"{self.report.store} breaks {', '.join(broken)}\n{self.report}"
        first = next((law for law in _FIRST if law in broken), None)
        if first is not None and len(broken) > 1:
            heading += f"\nFix {first} first; it may be the cause of the others."
        return "\n\n".join([heading, *map(str, self.violations)])
