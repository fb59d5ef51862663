"""The machine, as far as it matters: no names, no paths."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def described(packages: tuple[str, ...]) -> str:
    """Return one line on the machine, the day, and the releases that were measured."""
    parts = [
        f"{platform.python_implementation()} {platform.python_version()}",
        f"{_system()} on {platform.machine()}, {os.cpu_count()} cores, {_processor()}",
        _load(),
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


def _load() -> str:
    """Return how many programs wanted to run at once in the last minute, where that is known."""
    try:
        busy, *_ = os.getloadavg()
    except (AttributeError, OSError):
        return "load not known"
    return f"load {busy:.1f}"


def _system() -> str:
    """Return the name of the operating system, of the distribution where it has one."""
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.system()


def _processor() -> str:
    """Return what the processor calls itself, where it says so."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()
