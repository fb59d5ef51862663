"""What the numbers depend on: the machine, the day, the releases and the commit. No paths."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from shutil import which

_ROOT = Path(__file__).parents[3]


def described(packages: tuple[str, ...]) -> str:
    """Return one line on the machine, the day, the commit and the releases that were measured."""
    parts = [
        f"{platform.python_implementation()} {platform.python_version()}",
        f"{_system()} on {platform.machine()}, {os.cpu_count()} cores, {_processor()}",
        _load(),
        f"{datetime.now(UTC):%Y-%m-%d}",
        f"lastgood at {commit()}",
        *(f"{package} {release_of(package)}" for package in packages),
    ]
    return " · ".join(parts)


def release_of(package: str) -> str:
    """Return the release of an installed package, or that it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def commit() -> str:
    """Return the last commit that changed the library, and whether it was changed since."""
    last = _git("log", "-1", "--format=%h", "--", "src")
    if not last:
        return "an unknown commit"
    return f"{last} with changes" if _git("status", "--short", "--", "src") else last


def _git(*arguments: str) -> str:
    """Return what git prints about the tree; nothing if git or the repository is missing."""
    git = which("git")
    if git is None:
        return ""
    command = [git, "-C", str(_ROOT), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def _load() -> str:
    """Return how many programs wanted to run at once in the last minute, if that is known."""
    try:
        busy, *_ = os.getloadavg()
    except (AttributeError, OSError):
        return "load not known"
    return f"load {busy:.1f}"


def _system() -> str:
    """Return the name of the distribution, or else of the operating system."""
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.system()


def _processor() -> str:
    """Return the name of the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()
