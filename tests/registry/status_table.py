"""The table of section 2.2, written down once more by hand, with what makes each row happen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from lastgood import Event, Status, VersionRegistry
from tests.registry.making import back, idle, serving

REFUSED: Final = None
WHAT_IT_WAS: Final = "what it was"

#: Row by row; the columns are the statuses before. No current version is ever rolled back.
TABLE: Final[Mapping[str, Mapping[str, str | None]]] = {
    "deploy": {
        "unproven": "unproven",
        "stable": "stable",
        "failed": REFUSED,
        "rolled_back": REFUSED,
        "retired": REFUSED,
    },
    "mark_stable": {
        "unproven": "stable",
        "stable": "stable",
        "failed": REFUSED,
        "rolled_back": REFUSED,
        "retired": REFUSED,
    },
    "mark_failed": {
        "unproven": "failed",
        "stable": "failed",
        "failed": "failed",
        "rolled_back": "failed",
        "retired": "retired",
    },
    "retire": {
        "unproven": "retired",
        "stable": "retired",
        "failed": "retired",
        "rolled_back": "retired",
        "retired": "retired",
    },
    "reinstate": {
        "unproven": "unproven",
        "stable": "stable",
        "failed": "unproven",
        "rolled_back": WHAT_IT_WAS,
        "retired": "unproven",
    },
    "target of roll_back": {
        "unproven": "unproven",
        "stable": "stable",
        "failed": REFUSED,
        "rolled_back": REFUSED,
        "retired": REFUSED,
    },
    "left by roll_back": {
        "unproven": "rolled_back",
        "stable": "rolled_back",
        "failed": "failed",
        "retired": "retired",
    },
    "left by an observe that rewinds": {
        "unproven": "rolled_back",
        "stable": "rolled_back",
        "failed": "failed",
        "retired": "retired",
    },
    "observed": {
        "unproven": "unproven",
        "stable": "stable",
        "failed": "failed",
        "rolled_back": WHAT_IT_WAS,
        "retired": "retired",
    },
}


@dataclass(frozen=True)
class Row:
    """How a row of the table happens to the version "it" of a registry."""

    #: Makes the registry in which "it" has the status before.
    start: Callable[[Status], VersionRegistry]
    command: Callable[[VersionRegistry], VersionRegistry]
    #: What the command records.
    event: Event


def _back(target: str, source: str) -> Event:
    return Event("rolled_back", target, source=source, strategy="by hand")


ROWS: Final[Mapping[str, Row]] = {
    "deploy": Row(idle, lambda registry: registry.deploy("it"), Event("deployed", "it")),
    "mark_stable": Row(
        idle, lambda registry: registry.mark_stable("it"), Event("marked_stable", "it")
    ),
    "mark_failed": Row(
        idle, lambda registry: registry.mark_failed("it"), Event("marked_failed", "it")
    ),
    "retire": Row(idle, lambda registry: registry.retire("it"), Event("retired", "it")),
    "reinstate": Row(idle, lambda registry: registry.reinstate("it"), Event("reinstated", "it")),
    "target of roll_back": Row(
        idle,
        lambda registry: back(registry, "it", source="base"),
        _back("it", source="base"),
    ),
    "left by roll_back": Row(
        serving,
        lambda registry: back(registry, "base", source="it"),
        _back("base", source="it"),
    ),
    "left by an observe that rewinds": Row(
        serving, lambda registry: registry.observe("base"), Event("observed", "base")
    ),
    "observed": Row(idle, lambda registry: registry.observe("it"), Event("observed", "it")),
}

#: The rows of the verdicts, which a version may get while it serves.
VERDICTS: Final = ("mark_stable", "mark_failed", "retire", "reinstate")

CELLS: Final = [
    (row, before, after) for row, cells in TABLE.items() for before, after in cells.items()
]
#: The cells that refuse nothing. A rolled-back version of these tests was unproven when left.
ALLOWED: Final = [
    (row, before, "unproven" if after == WHAT_IT_WAS else after)
    for row, before, after in CELLS
    if after is not REFUSED
]
FORBIDDEN: Final = [(row, before) for row, before, after in CELLS if after is REFUSED]
