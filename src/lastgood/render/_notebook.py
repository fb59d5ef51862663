"""How a registry shows itself in a notebook."""

from itertools import islice
from typing import Final

from lastgood._basics.messages import brief
from lastgood._registry.registry import VersionRegistry
from lastgood._values.version import Version
from lastgood.render._drawing.card import drawing
from lastgood.render._html import escaped, table
from lastgood.render._layout import LAST, counted

#: The columns of the table of versions.
_HEAD: Final = ("version", "status", "deployed", "metadata", "digest")


def page(registry: VersionRegistry) -> str:
    """Return the drawing of the latest deployments, and a table of the latest versions, as HTML."""
    versions = f"\n{_versions(registry)}" if len(registry) else ""
    return f"<div>\n{drawing(registry, None, LAST, None)}{versions}\n</div>"


def _versions(registry: VersionRegistry) -> str:
    """Return a table that is opened with a click, the version registered last on top."""
    known, earlier = counted(len(registry), "version"), max(0, len(registry) - LAST)
    labels = [*islice(registry, earlier, None)]
    caption = f"The last {LAST} of {known}" if earlier else known
    rows = (_cells(registry[label]) for label in reversed(labels))
    shown = table("Registered last on top", _HEAD, rows)
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
