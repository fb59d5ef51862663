"""Back-testing is loaded when it is named, and never by a decision."""

import subprocess
import sys


def test_a_decision_does_not_load_it() -> None:
    """A registry is built, explained and rolled back without it."""
    program = (
        "import sys\n"
        "from lastgood import LastStable, VersionRegistry\n"
        "table = {'1': 'stable', '2': 'failed'}\n"
        "registry = VersionRegistry.from_statuses(table, current='2')\n"
        "plan = LastStable().plan(registry)\n"
        "print(registry.roll_back(plan).current, plan.explain())\n"
        "print([name for name in sys.modules if name.startswith('lastgood.backtest')])\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert answer.stdout.splitlines()[-1] == "[]"
