"""Controllers in trouble: `python -m tests.tools.chaos --store etcd --seed 1 --minutes 15`.

It prints what was deployed, what was done to whom, and what must not be. If one of those figures is
not zero, it says what happened, and ends with status 1.
"""

import argparse
import signal
import sys
from types import FrameType

from tests.tools.chaos.judge import Bad
from tests.tools.chaos.running import Result, Trial, run
from tests.tools.chaos.stores import STORES

#: How many findings are shown with their history.
_SHOWN = 3


def main() -> None:
    """Run with the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("--store", choices=STORES, required=True)
    _ = parser.add_argument("--seed", type=int, default=1)
    _ = parser.add_argument("--minutes", type=float, default=15, help="when it ends at the latest")
    _ = parser.add_argument("--deployments", type=int, default=1000)
    _ = parser.add_argument("--controllers", type=int, default=3)
    _ = parser.add_argument("--models", type=int, default=20, help="side by side")
    _ = parser.add_argument("--without", choices=["fence", "looks"], help="a fault to be found")
    given = parser.parse_args()
    _ = signal.signal(signal.SIGTERM, _end)
    trial = Trial(
        given.store,
        given.seed,
        given.deployments,
        given.minutes,
        given.controllers,
        given.models,
        fence=given.without != "fence",
        looks=1 if given.without == "looks" else 3,
    )
    result = run(trial)
    print(f"store {trial.store}, seed {trial.seed}, {result.seconds:.0f} s")
    for line in table(result):
        print(line)
    findings = result.verdict.findings
    for finding in findings:
        print(f"{finding.bad}: {finding.model}: {finding.what}")
    for name in sorted({finding.model for finding in findings} & {*result.cases})[:_SHOWN]:
        print(name)
        for line in result.cases[name].history():
            print(line)
    if findings:
        sys.exit(f"{len(findings)} findings: --store {trial.store} --seed {trial.seed}")
    print("nothing that must not be")


def _end(_number: int, _frame: FrameType | None) -> None:
    """End as by Ctrl-C, so that everything that was started is ended as well."""
    sys.exit("ended from outside")


def table(result: Result) -> list[str]:
    """Return the figures, a line each."""
    verdict = result.verdict
    figures = {
        "deployments": verdict.deployments,
        "really failing": verdict.failing,
        "rollbacks": verdict.rollbacks,
        **{bad.value: verdict.count(bad) for bad in Bad},
        "": "",
        "moves that the world refused": verdict.refused,
        "failed versions put back after a hand": verdict.put_back,
        **{f"conversations {name}": n for name, n in sorted(verdict.outcomes.items())},
        " ": "",
        **dict(sorted(result.counts.items())),
    }
    return [f"{name:40} {figure:>8}" if name.strip() else "" for name, figure in figures.items()]


if __name__ == "__main__":
    main()
