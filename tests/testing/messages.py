"""Reading the message of a violation as its reader does: line by line."""

import re
from collections.abc import Sequence
from textwrap import dedent

import attrs
import pytest

from lastgood import RollbackStrategy, VersionRegistry
from lastgood.testing import StrategyLawViolation, check_strategy


@attrs.frozen
class Section:
    """What the message says of one law."""

    law: str
    demand: str
    lines: Sequence[str]

    def after(self, heading: str) -> str:
        """Return the text on the line with that heading."""
        (found,) = [line for line in self.lines if line.startswith(f"  {heading}: ")]
        return found.removeprefix(f"  {heading}: ")

    def code(self) -> list[str]:
        """Return the blocks of Python in it."""
        text = "\n".join(self.lines)
        return [dedent(block) for block in re.findall(r"(?:^    .*\n)+", text + "\n", re.MULTILINE)]

    def registries(self) -> list[VersionRegistry]:
        """Return the registries that the blocks build, one after the other, as a reader would."""
        names: dict[str, object] = {}
        built: list[VersionRegistry] = []
        for block in self.code():
            exec(block, names)  # noqa: S102  # that it can be executed is what is tested
            registry = names["registry"]
            assert isinstance(registry, VersionRegistry)
            built.append(registry)
        return built


def violation(strategy: RollbackStrategy, **options: object) -> StrategyLawViolation:
    """Return how the strategy breaks laws."""
    with pytest.raises(StrategyLawViolation) as caught:
        _ = check_strategy(strategy, **options)  # type: ignore[arg-type]  # options of any kind
    return caught.value


def sections(error: StrategyLawViolation) -> dict[str, Section]:
    """Return what its message says of each law, by the name of the law."""
    _, *paragraphs = str(error).split("\n\n")
    found: dict[str, Section] = {}
    for paragraph in paragraphs:
        first, *lines = paragraph.split("\n")
        law, _, demand = first.partition(": ")
        found[law] = Section(law, demand, lines)
    return found


def section(error: StrategyLawViolation) -> Section:
    """Return what its message says of the one law that it is about."""
    (found,) = sections(error).values()
    return found
