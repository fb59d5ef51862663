"""Packages that lastgood is only compared with, and that may be missing."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any


def installed(module: str) -> bool:
    """Whether the package of a module is installed; nothing is imported."""
    return find_spec(module.partition(".")[0]) is not None


def optional(module: str) -> Any:
    """Return a module, or `None` if its package is not installed."""
    return import_module(module) if installed(module) else None


def missing(names: dict[str, str]) -> str:
    """Return a note that names the packages that are not installed, from names by module."""
    absent = [package for module, package in names.items() if not installed(module)]
    return f"**Not installed, so not measured: {', '.join(absent)}.**" if absent else ""
