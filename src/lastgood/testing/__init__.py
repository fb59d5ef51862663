"""Tests for your own strategies: laws, oracles, and registries to check them against.

For any test runner. It needs nothing but lastgood itself, and raises `AssertionError`. The laws are
explained in the reference, ``docs/reference/testing.md``.

>>> import attrs
>>> from lastgood import Candidate, RollbackStrategy
>>> from lastgood.testing import check_strategy
>>> @attrs.frozen
... class WholeLineage(RollbackStrategy):
...     def candidates(self, registry, /):
...         return map(Candidate.accept, registry.lineage())
>>> print(check_strategy(WholeLineage(), labels=["1", "2", "3"]))
WholeLineage(): 16 laws hold on ... registries, ... of them with a target, in ... decisions
"""

from lastgood.testing._check import LAWS, check_choice, check_strategy
from lastgood.testing._hypothesis import registries
from lastgood.testing._registries import small_registries
from lastgood.testing._report import LawReport, StrategyLawViolation
from lastgood.testing._source import source_of

__all__ = [
    "LAWS",
    "LawReport",
    "StrategyLawViolation",
    "check_choice",
    "check_strategy",
    "registries",
    "small_registries",
    "source_of",
]
