"""How a registry and a plan show themselves in a notebook: as a picture, and a table below it."""

from collections.abc import Iterable
from itertools import islice
from typing import Final

from lastgood._basics.messages import brief
from lastgood._registry.registry import VersionRegistry
from lastgood._values.plan import RollbackPlan
from lastgood._values.version import Version
from lastgood.render._drawing.card import card_of, card_of_plan
from lastgood.render._html import escaped, table
from lastgood.render._layout import LAST, counted

#: The columns of the table of versions.
_HEAD: Final = ("version", "status", "deployed", "metadata", "digest")


def page(registry: VersionRegistry) -> str:
    """Return the drawing of the latest deployments, and a table of the latest versions, as HTML."""
    versions = f"\n{_versions(registry)}" if len(registry) else ""
    return f"<div>\n{card_of(registry, None, LAST).image()}{versions}\n</div>"


def page_of_plan(plan: RollbackPlan, rows: Iterable[tuple[str, str, str]]) -> str:
    """Return the way from source to target, and the rows of its candidates as a table, as HTML."""
    heading = f"Roll back {plan.source} \N{RIGHTWARDS ARROW} {plan.target}"
    listed = table(heading, ("", "version", "reason"), rows, code=brief(plan.strategy))
    return f"<div>\n{card_of_plan(plan).image()}\n{_opened('The same as a table', listed)}</div>"


def _versions(registry: VersionRegistry) -> str:
    """Return a table that is opened with a click, the version registered last on top."""
    known, earlier = counted(len(registry), "version"), max(0, len(registry) - LAST)
    labels = [*islice(registry, earlier, None)]
    caption = f"The last {LAST} of {known}" if earlier else known
    rows = (_cells(registry[label]) for label in reversed(labels))
    shown = table("Registered last on top", _HEAD, rows)
    return _opened(caption, shown)


def _opened(caption: str, shown: str) -> str:
    """Return what is opened with a click."""
    return f"<details><summary>{escaped(caption)}</summary>{shown}</details>"


def _cells(version: Version) -> tuple[str, ...]:
    metadata = ", ".join(f"{key}={value!r}" for key, value in version.metadata.items())
    times = counted(version.times_deployed, "time") if version.times_deployed else "never"
    return (
        version.label,
        brief(version.status_text),
        times,
        brief(metadata),
        brief(version.digest or ""),
    )
