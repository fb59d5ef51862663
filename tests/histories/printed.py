"""What tools print, as the examples have it, to be changed by tests."""

import json
from collections.abc import Mapping
from typing import Any

from lastgood import VersionRegistry
from tests.package.discovery import ROOT

FOLDER = ROOT / "docs" / "examples" / "histories"


def printed(name: str) -> Any:
    """Return what a tool prints, parsed."""
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def statuses(data: Mapping[str, Any]) -> dict[int, Any]:
    """Return the statuses of GitHub's deployments by the number of their deployment."""
    return {int(number): found for number, found in data["statuses"].items()}


def served(registry: VersionRegistry) -> list[tuple[str, str]]:
    """Return what served, in order, and how it came about."""
    return [(each.version, each.kind) for each in registry.deployments]


def known(registry: VersionRegistry) -> dict[str, str]:
    """Return the status of every version, with its reason."""
    return {label: version.status_text for label, version in registry.items()}
