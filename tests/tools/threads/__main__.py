"""Storms until the time is over: `python -m tests.tools.threads --seconds 60 --seed 1`."""

import argparse
import sys
import time
from collections import Counter

from tests.tools.threads.storm import STORMS, THREADS


def main() -> None:
    """Run with the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("--seconds", type=float, default=60.0, help="stop after this time")
    _ = parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    python = ".".join(map(str, sys.version_info[:3]))
    print(f"Python {python}, {THREADS} threads, first seed {given.seed}", flush=True)
    counts = Counter[str]()
    started, seed = time.monotonic(), given.seed
    while time.monotonic() < started + given.seconds:
        for storm in STORMS:
            try:
                counts += storm(seed)
            except BaseException:
                print(f"in {storm.__name__}({seed})", flush=True)
                raise
            counts["storms"] += 1
        seed += 1
    seconds = time.monotonic() - started
    print(f"every result is the one of a single thread: {dict(counts)} in {seconds:.0f} s")


if __name__ == "__main__":
    main()
