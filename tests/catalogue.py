"""One example of each strategy and each rule of the library, by the name of its class.

Whoever needs all of them takes them from here, and adds what it needs besides. The labels are those
of the registries that `lastgood.testing` makes.
"""

from collections.abc import Mapping
from typing import Final

from lastgood import (
    AsOf,
    BestBy,
    LastStable,
    Pinned,
    Previous,
    PreviousBy,
    PreviousBySemver,
    RollbackStrategy,
    Rule,
)
from lastgood.keys import numbers
from lastgood.rules import (
    AtLeast,
    AtMostSteps,
    Budget,
    Except,
    HasMetadata,
    NotAcross,
    Safe,
    SameMajor,
    SameMetadata,
    SameMinor,
    Served,
    ServedAtLeast,
    ServedWithin,
    Stable,
)

#: The strategies that are not made of others.
SIMPLE: Final[Mapping[str, RollbackStrategy]] = {
    "AsOf": AsOf("2026-03-01T00:00:00+00:00"),
    "BestBy": BestBy("score"),
    "LastStable": LastStable(),
    "Pinned": Pinned("1.10.0"),
    "Previous": Previous(),
    "PreviousBy": PreviousBy(numbers),
    "PreviousBySemver": PreviousBySemver(),
}

STRATEGIES: Final[Mapping[str, RollbackStrategy]] = {
    **SIMPLE,
    "FirstOf": Pinned("1.10.0") | LastStable(),
}

RULES: Final[Mapping[str, Rule]] = {
    "AtLeast": AtLeast("1.9.1"),
    "AtMostSteps": AtMostSteps(2),
    "Budget": Budget(1),
    "Except": Except("1.9.0"),
    "HasMetadata": HasMetadata("region", "eu"),
    "NotAcross": NotAcross("migration"),
    "Safe": Safe(),
    "SameMajor": SameMajor(),
    "SameMetadata": SameMetadata("region"),
    "SameMinor": SameMinor(),
    "Served": Served(),
    "ServedAtLeast": ServedAtLeast("1h"),
    "ServedWithin": ServedWithin("365d"),
    "Stable": Stable(),
}
