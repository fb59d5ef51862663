"""Is the campaign blind? Faults put into a copy of the library: `python -m tests.model.faults`.

Each is a slip that one might make. What the campaign does not find in so many events, it is blind
to: then it needs other histories, or has to compare more.
"""

import argparse
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PROGRAM: Final = """\
import sys
from collections import Counter
from tests.model.campaign import campaign
counts = Counter()
try:
    campaign(int(sys.argv[1]), events=int(sys.argv[2]), stride=20, counts=counts)
except Exception:
    print(counts["events"])
"""


@dataclass(frozen=True)
class Fault:
    """What is written wrong, and where."""

    name: str
    module: str
    right: str
    wrong: str


FAULTS: Final = (
    Fault(
        "a retired version that fails is failed",
        "_status.py",
        "        _ROLLED_BACK: _FAILED,\n        _RETIRED: _RETIRED,",
        "        _ROLLED_BACK: _FAILED,\n        _RETIRED: _FAILED,",
    ),
    Fault(
        "leaving a version overwrites why it failed",
        "_effects.py",
        "told_again = reason and OWN_STATUS[action] is after",
        "told_again = reason",
    ),
    Fault(
        "the nearest deployment is the latest one, or none",
        "_lineage.py",
        "while not self._is_below(place, tip):\n            place = self._steps[place].same",
        "if not self._is_below(place, tip):\n            place = ROOT",
    ),
    Fault(
        "what was gone back to counts as new",
        "_lineage.py",
        "target.same, target.origin, rewound=True",
        "target.same, tip + 1, rewound=True",
    ),
    Fault(
        "deploying the current version again adds a step",
        "_lineage.py",
        "if current.version == label:",
        "if not current:",
    ),
    Fault(
        "a reinstated version still condemns its contents",
        "_ledger.py",
        "            culprits = culprits.below\n",
        "            break\n",
    ),
    Fault(
        "a copied ledger forgets what has bad contents",
        "_ledger.py",
        "self._culprits[digest].until(revision)",
        "History()",
    ),
    Fault(
        "a copied ledger knows of the future",
        "_ledger.py",
        "self._culprits[digest].until(revision)",
        "self._culprits[digest]",
    ),
    Fault(
        "the first change of a status since a plan is overlooked",
        "_ledger.py",
        "max(0, history.count(since) - 1)",
        "history.count(since)",
    ),
    Fault(
        "news of equal contents leaves a plan as it is",
        "_stale.py",
        "if digest is not None and ledger.contents_changed(digest, then, now):",
        "if then > now:",
    ),
    Fault(
        "an early time told late counts",
        "_ledger.py",
        "event.at if latest is None else max(latest, event.at)",
        "event.at",
    ),
    Fault(
        "a deployment ends a revision late",
        "_ledger.py",
        "self.times.revision(place) - 1",
        "self.times.revision(place)",
    ),
    Fault(
        "equal precedence goes by registration alone",
        "_ledger.py",
        "return self.lineage.last(self.labels[place], revision), place",
        "return 0, place",
    ),
    Fault(
        "every observation costs a rollback",
        "rules/budget.py",
        'went_back = deployment.kind == "rolled_back" or deployment.rewound',
        'went_back = deployment.kind != "deployed"',
    ),
    Fault(
        "a negative span shortens the soak",
        "rules/served_at_least.py",
        "max(ended - began, timedelta())",
        "ended - began",
    ),
    Fault(
        "the barrier itself is past the barrier",
        "rules/not_past.py",
        ".origin <= last",
        ".origin < last",
    ),
)


def found_after(fault: Fault, *, seed: int, events: int) -> int | None:
    """Return after how many events the campaign finds the fault; `None` where it does not."""
    with TemporaryDirectory() as folder:
        library = Path(folder) / "lastgood"
        _ = shutil.copytree(ROOT / "src" / "lastgood", library)
        module = library / fault.module
        text = module.read_text(encoding="utf-8")
        assert text.count(fault.right) == 1, f"{fault.name}: not to be had in {fault.module}"
        _ = module.write_text(text.replace(fault.right, fault.wrong), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(seed), str(events)],
            env={
                **os.environ,
                "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}",
                "COVERAGE_PROCESS_START": "",  # the copy is not what coverage is asked about
            },
            cwd=folder,
            capture_output=True,
            check=True,
            text=True,
        )
        return int(done.stdout) if done.stdout else None


def main() -> None:
    """Run as told on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("--seed", type=int, default=1)
    _ = parser.add_argument("--events", type=int, default=20_000, help="give up after so many")
    told = parser.parse_args()
    print(f"seed {told.seed}")  # noqa: T201 (its report)
    for fault in FAULTS:
        found = found_after(fault, seed=told.seed, events=told.events)
        print(f"{'NOT FOUND' if found is None else found:>9}  {fault.name}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
