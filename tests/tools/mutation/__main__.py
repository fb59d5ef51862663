"""Mutation testing in a copy of the tree: `python -m tests.tools.mutation functions FOLDER`."""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from tests.tools.mutation.clone import OPTIONS, TESTS, clone, killers, run
from tests.tools.mutation.tables import campaign


def functions(tree: Path) -> None:
    """Mutate the bodies of functions, with mutmut; the verdicts are in `mutants/results.txt`.

    mutmut makes the mutants, finds out which test reaches which function, and tries a few.
    """
    run(tree, "mutmut", "run", "--max-children", "1", "lastgood._basics.frozen.*")
    if not (tree / "mutants" / "mutmut-stats.json").exists():
        sys.exit("mutmut found no test for any function: its output says which test failed")
    plugin = ("-p", "tests.tools.mutation.each")
    run(tree / "mutants", "python", "-m", "pytest", "-s", "-q", *plugin, *OPTIONS, *TESTS)


def decorated(tree: Path) -> None:
    """Mutate the rest of the code with cosmic-ray, and show what survived."""
    if not (tree / "session.sqlite").exists():
        run(tree, "cosmic-ray", "init", "cosmic-ray.toml", "session.sqlite")
        run(tree, "cr-filter-lines", "session.sqlite", "--config", "cosmic-ray.toml")
        run(tree, "cr-filter-operators", "session.sqlite", "cosmic-ray.toml")
    run(tree, "cosmic-ray", "exec", "cosmic-ray.toml", "session.sqlite")
    run(tree, "cr-report", "session.sqlite", "--surviving-only", "--show-diff")


def tables(tree: Path) -> None:
    """Mutate texts, tables and fields, if the tests pass in the copy as it is."""
    if killers(tree, TESTS) is not None:
        sys.exit("tests fail in the copy as it is")
    counts = campaign(tree)
    print(f"{counts[True]} killed, {counts[False]} survived")


CAMPAIGNS: Final[Mapping[str, Callable[[Path], None]]] = {
    "functions": functions,
    "decorated": decorated,
    "tables": tables,
}


def main() -> None:
    """Run the campaign that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("campaign", choices=CAMPAIGNS)
    _ = parser.add_argument("folder", type=Path, help="a new folder, or one of an earlier run")
    chosen = parser.parse_args()
    tree: Path = chosen.folder.absolute()
    clone(tree)
    CAMPAIGNS[chosen.campaign](tree)


if __name__ == "__main__":
    main()
