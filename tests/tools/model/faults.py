"""Is the campaign blind? Faults put into a copy of the model: `python -m tests.tools.model.faults`.

Each is a slip that one might make, of a kind that the contract was written against. Library and
model then disagree, and the campaign has to say so. What it does not find, it is blind to: then it
needs other histories, or has to compare more.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import lastgood
from tests.tools.model.slips import CONTROL, FAULTS, KINDS, Fault

HERE: Final = Path(__file__).parent
#: Where the library is that is tested.
LIBRARY: Final = Path(lastgood.__file__).parents[1]
#: Prints after how many events the campaign disagrees; nothing if it does not.
PROGRAM: Final = """\
import sys
from collections import Counter
from tests.tools.model.campaign import campaign
counts = Counter()
try:
    campaign(int(sys.argv[1]), events=int(sys.argv[2]), stride=20, counts=counts)
except AssertionError:
    print(counts["events"])
"""


def broken(fault: Fault) -> str:
    """The text of the module with the fault in it."""
    text = (HERE / fault.module).read_text(encoding="utf-8")
    assert text.count(fault.right) == 1, f"{fault.name}: not once in {fault.module}"
    return text.replace(fault.right, fault.wrong)


def found_after(fault: Fault, *, seed: int, events: int) -> int | None:
    """Return after how many events the campaign finds the fault; `None` if it does not."""
    with TemporaryDirectory() as folder:
        model = Path(folder) / "tests" / "tools" / "model"
        _ = shutil.copytree(HERE, model, ignore=shutil.ignore_patterns("__pycache__"))
        _ = (model / fault.module).write_text(broken(fault), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(seed), str(events)],
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join((folder, str(LIBRARY))),
                "COVERAGE_PROCESS_START": "",
            },
            cwd=folder,
            capture_output=True,
            check=True,
            text=True,
        )
        return int(done.stdout) if done.stdout else None


def main(arguments: Sequence[str]) -> None:
    """Run as the command line says; the exit status is the number of wrong answers.

    At last the campaign runs as far without a fault, and must not find any.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("--seed", type=int, default=1)
    _ = parser.add_argument("--events", type=int, default=20_000, help="when to give up")
    _ = parser.add_argument("--kind", type=int, choices=KINDS, help="only these faults")
    given = parser.parse_args(arguments)
    print(f"seed {given.seed}")
    faults = [fault for fault in FAULTS if given.kind in (None, fault.kind)]
    found = [report(fault, seed=given.seed, events=given.events) for fault in faults]
    last = max((events for events in found if events is not None), default=given.events)
    control = report(CONTROL, seed=given.seed, events=last)
    sys.exit(found.count(None) + (control is not None))


def report(fault: Fault, *, seed: int, events: int) -> int | None:
    """Look for one fault, and say after how many events it was found."""
    found = found_after(fault, seed=seed, events=events)
    said = "not found" if found is None else f"{found:,}"
    print(f"{said:>9}  {fault.kind} {fault.name}", flush=True)
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
