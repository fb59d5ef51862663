"""Show in CI what a change of the policy would have changed.

``python policy_change.py RECORD OLD NEW`` reads a registry and two policies, all of them JSON, and
prints the incidents in which the policies differ, as Markdown for a pull request. The exit status
is 0 if there is none, 1 if there are some, and 2 if something cannot be read.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from lastgood import InvalidData, VersionRegistry, strategy_from_dict
from lastgood.backtest import Backtest, backtest

SAME, DIFFERENT, UNREADABLE = range(3)

_FENCE: Final = "```"


def compared(record: object, old: object, new: object) -> Backtest:
    """Return the incidents in which two policies differ, all three given as plain data."""
    registry = VersionRegistry.from_dict(record)
    return backtest(registry, strategy_from_dict(old), strategy_from_dict(new)).differing()


def main(arguments: Sequence[str]) -> int:
    """Print the incidents, and return the exit status."""
    if len(arguments) != 3:
        print("usage: policy_change.py RECORD OLD NEW", file=sys.stderr)
        return UNREADABLE
    try:
        files = [json.loads(Path(name).read_text("utf-8")) for name in arguments]
        result = compared(*files)
    except (InvalidData, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return UNREADABLE
    if not result:
        print("The new policy changes nothing in the incidents on record.")
        return SAME
    print(f"{_FENCE}text\n{result.explain()}\n{_FENCE}")
    return DIFFERENT


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
