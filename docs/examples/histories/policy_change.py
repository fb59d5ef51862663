"""Show in CI what a change of the policy would have changed.

``python policy_change.py RECORD OLD NEW`` reads a registry and two policies, all of them JSON, and
prints the incidents in which the policies differ, as Markdown for a pull request. The exit status
is 0 if no incident differs, 1 if some do, and 2 if something cannot be read.
"""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeVar

from lastgood import VersionRegistry, strategy_from_dict
from lastgood.backtest import backtest

T = TypeVar("T")

SAME, DIFFERENT, UNREADABLE = range(3)

_FENCE: Final = "```"


def read(name: str, parse: Callable[[object], T]) -> T:
    """Return what a file holds; `ValueError` with the name of the file if it cannot be read."""
    try:
        return parse(json.loads(Path(name).read_text("utf-8")))
    except (OSError, ValueError, RecursionError) as error:
        raise ValueError(f"{name}: {error}") from error


def main(arguments: Sequence[str]) -> int:
    """Print the incidents, and return the exit status."""
    if len(arguments) != 3:
        print("usage: policy_change.py RECORD OLD NEW", file=sys.stderr)
        return UNREADABLE
    try:
        registry = read(arguments[0], VersionRegistry.from_dict)
        old, new = (read(name, strategy_from_dict) for name in arguments[1:])
    except ValueError as error:
        print(error, file=sys.stderr)
        return UNREADABLE
    result = backtest(registry, old, new)
    differing = result.differing()
    print(f"The policies differ in {len(differing)} of {len(result)} incidents.")
    if not differing:
        return SAME
    print(f"\n{_FENCE}text\n{differing.explain()}\n{_FENCE}")
    return DIFFERENT


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
