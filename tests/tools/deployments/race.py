"""Races in a store, counted: `python -m tests.tools.deployments.race postgresql --rounds 500`."""

import argparse
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.tools.deployments.kinds.kind import NEEDED, kind_of
from tests.tools.deployments.kinds.server import own_folder
from tests.tools.deployments.racing import CANARIES, CONTROLLERS, REGISTRARS, race


def main() -> None:
    """Run with the arguments of the command line; the last line has the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("kind", choices=[*NEEDED, "careless"])
    _ = parser.add_argument("--rounds", type=int, default=500)
    arguments = parser.parse_args()
    kind = kind_of(arguments.kind)
    with (
        own_folder(arguments.kind) as folder,
        kind.serving(folder) as address,
        TemporaryDirectory() as world,
    ):
        print(f"{kind.release(address)}; Python {sys.version.split()[0]}")
        print(
            f"{CONTROLLERS} controllers, {REGISTRARS} registrars with {CANARIES} canaries each",
            flush=True,
        )
        started = time.monotonic()
        figures = race(arguments.kind, address, Path(world), arguments.rounds)
        print(f"{figures} in {time.monotonic() - started:.0f} s")
    sys.exit(0 if figures.right else "the store is not right")


if __name__ == "__main__":
    main()
