"""Print the shell commands of a README, one a line: what ``.ci/run`` runs is what newcomers read.

A command is a line of a block tagged ``console`` that begins with a prompt, ``$``; in a block
without a prompt, every line is one. There are two: the main job, then the tests.
"""

import re
import sys
from pathlib import Path

CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def commands(readme: str) -> list[str]:
    """Return the commands of all blocks, in order."""
    found: list[str] = []
    for block in CONSOLE.findall(readme):
        lines = str(block).splitlines()
        prompted = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
        found += prompted or [line for line in lines if line.strip()]
    return found


def main(path: str) -> None:
    """Print the two commands, or say what is wrong with the README."""
    match commands(Path(path).read_text("utf-8")):
        case [job, tests] if "failed_update.py" in job and "pytest" in tests:
            print(job, tests, sep="\n")
        case found:
            sys.exit(f"{path} must show the command of the main job, then of the tests: {found}")


if __name__ == "__main__":
    main(*sys.argv[1:])
