"""Fuzzing with atheris: `python -m tests.tools.fuzz SemVer.parse --runs 1000000 --seed 1`.

What fails is kept: the last lines name the file, which `--again FILE` runs once more.
"""

import argparse
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

NAMES = (
    "SemVer.parse",
    "SemVer.from_label",
    "Event.from_dict",
    "VersionRegistry.from_dict",
    "RollbackPlan.from_dict",
    "strategy_from_dict",
)


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("target", choices=NAMES)
    _ = parser.add_argument("--runs", type=int, default=1_000_000)
    _ = parser.add_argument("--seed", type=int, default=1)
    _ = parser.add_argument("--again", type=Path, help="run the bytes of this file, and end")
    given = parser.parse_args()
    if given.again is not None:
        import_module("tests.tools.fuzz.targets").TARGETS[given.target](given.again.read_bytes())
        return
    atheris: Any = import_module("atheris")  # It has no types.
    with atheris.instrument_imports(include=["lastgood"]):
        target = import_module("tests.tools.fuzz.targets").TARGETS[given.target]
    kept = tempfile.mkdtemp(prefix="lastgood-fuzz-")
    options = (f"-runs={given.runs}", f"-seed={given.seed}", "-max_len=512", "-timeout=20")
    print(f"{given.target}, seed {given.seed}, {given.runs} runs", flush=True)
    _ = atheris.Setup(
        [sys.argv[0], *options, "-print_final_stats=1", f"-artifact_prefix={kept}/", kept], target
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
