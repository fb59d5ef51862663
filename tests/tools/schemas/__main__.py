"""Do schemas and readers agree? `python -m tests.tools.schemas --documents 50000 --seed 1`."""

import argparse

from tests.tools.schemas.mutated import documents


def main() -> None:
    """Try as many mutated documents as the command line asks for, and print what they were."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("--documents", type=int, default=50_000)
    _ = parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    kinds = documents(given.seed, given.documents)
    for kind, count in sorted(kinds.items()):
        print(f"{count:7,}  {kind}")
    print(f"{kinds.total():,} documents, seed {given.seed}: no disagreement")


if __name__ == "__main__":
    main()
