"""What strategies would have done in the incidents on record, with what was known then.

It is loaded when it is named: ``import lastgood`` alone does not load it.

>>> from lastgood import LastStable, Previous, VersionRegistry
>>> from lastgood.backtest import backtest
>>> table = {"v1.0": "stable", "v1.1": "unproven", "v1.2": "failed"}
>>> registry = VersionRegistry.from_statuses(table, current="v1.2")
>>> registry = registry.roll_back(Previous().plan(registry)).mark_failed("v1.1", reason="OOM")
>>> result = backtest(registry, LastStable(), Previous())
>>> [choice.target for choice in result[0].choices]
['v1.0', 'v1.1']
"""

from lastgood.backtest._asking import backtest
from lastgood.backtest._incidents import Choice, Counts, Incident
from lastgood.backtest._report import Backtest

__all__ = ["Backtest", "Choice", "Counts", "Incident", "backtest"]
