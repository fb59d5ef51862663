"""Mutated documents, on which the schemas and the readers must agree.

1. A document that a schema refuses is not read.
2. A document that a schema accepts is read, unless a schema cannot see what is wrong: the rules of
   the registry refuse an event, or a time is not in the calendar.
"""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import Final

from lastgood import (
    DuplicateVersion,
    Event,
    IllegalTransition,
    InvalidData,
    NotCurrent,
    NothingDeployed,
    RollbackPlan,
    UnknownVersion,
    VersionRegistry,
    strategy_from_dict,
)
from tests.damage.parts import part_at, path_of
from tests.tools.fuzz.source import Source
from tests.tools.schemas.validating import accepts, is_json

#: The documents, with their readers and their makers.
DOCUMENTS: Final[dict[str, tuple[Callable[[object], object], Callable[[Source], object]]]] = {
    "event": (Event.from_dict, Source.event),
    "plan": (RollbackPlan.from_dict, Source.plan),
    "policy": (strategy_from_dict, Source.policy),
    "registry": (VersionRegistry.from_dict, Source.document),
}

#: The errors of an event that the rules of the registry refuse.
_RULES: Final = (
    DuplicateVersion,
    IllegalTransition,
    NotCurrent,
    NothingDeployed,
    UnknownVersion,
)


def documents(seed: int, count: int) -> Counter[str]:
    """Try random documents, and return how many were of each kind.

    Raises:
        AssertionError: The schema and the reader of a document disagree.
    """
    random = Random(seed)  # noqa: S311
    kinds = Counter[str]()
    while sum(kinds.values()) < count:
        name = random.choice([*DOCUMENTS])
        source = Source(random.randbytes(random.randrange(800)))
        data = source.damage(DOCUMENTS[name][1](source))
        if is_json(data):
            kinds[f"{name}: {agreed(name, data, DOCUMENTS[name][0])}"] += 1
    return kinds


def agreed(name: str, data: object, reader: Callable[[object], object]) -> str:
    """Return what the schema of this name and the reader agree on.

    Raises:
        AssertionError: They disagree.
    """
    refusal = refused(reader, data)
    if refusal is None:
        assert accepts(name, data), f"only the schema refuses {data!r}"
        return "read"
    if not accepts(name, data):
        return "refused"
    if isinstance(refusal.__cause__, _RULES):
        return "refused by the rules of the registry"
    assert _is_no_date(data, refusal.place), f"only the reader refuses {data!r}: {refusal}"
    return "refused because of the calendar"


def refused(reader: Callable[[object], object], data: object) -> InvalidData | None:
    """Return how the reader refuses the data, or `None` if it reads them."""
    try:
        _ = reader(data)
    except InvalidData as refusal:
        return refusal
    return None


def _is_no_date(data: object, place: str) -> bool:
    """Whether the value at the place of a time is not in the years 1 to 9999 of the calendar."""
    path = path_of(place)
    if path[-1] not in {"at", "when", "as_of"}:
        return False
    text = part_at(data, path)
    assert isinstance(text, str)
    try:
        _ = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return True
    return False
