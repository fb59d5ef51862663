"""Tests for your own strategies and stores: laws, oracles, and registries to check them against.

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
from lastgood.testing._stores.check import STORE_LAWS, check_store
from lastgood.testing._stores.protocols import AsyncStore, Store
from lastgood.testing._stores.report import StoreLawViolation, StoreReport

__all__ = [  # noqa: RUF022  # in plain order, as everywhere
    "AsyncStore",
    "LAWS",
    "LawReport",
    "STORE_LAWS",
    "Store",
    "StoreLawViolation",
    "StoreReport",
    "StrategyLawViolation",
    "check_choice",
    "check_store",
    "check_strategy",
    "registries",
    "small_registries",
    "source_of",
]
