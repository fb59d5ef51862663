"""The machine, as far as it matters: no names, no paths."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version


def described(packages: tuple[str, ...]) -> str:
    """Return one line on the machine, the day, and the releases that were measured."""
    parts = [
        f"{platform.python_implementation()} {platform.python_version()}",
        f"{platform.system()} on {platform.machine()}, {os.cpu_count()} cores",
        f"{datetime.now(UTC):%Y-%m-%d}",
        *(f"{package} {release_of(package)}" for package in packages),
    ]
    return " · ".join(parts)


def release_of(package: str) -> str:
    """Return the release of an installed package, or that it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
