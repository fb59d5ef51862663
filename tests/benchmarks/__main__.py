"""`python -m tests.benchmarks`: measure, and print tables of ratios in Markdown."""

import argparse
import sys
from collections.abc import Sequence

from tests.benchmarks import aims, costs, data, importing, many, memory, precedence, versus
from tests.benchmarks.machine import described
from tests.benchmarks.tables import Options, Section
from tests.benchmarks.timing import METHOD

SECTIONS: dict[str, tuple[str, Section]] = {
    "aims": ("What was aimed at", aims.tables),
    "costs": ("What it costs as registries grow", costs.tables),
    "versus": ("Against what people would use instead", versus.tables),
    "semver": ("Versions: reading, comparing, sorting", precedence.tables),
    "import": ("Importing", importing.tables),
    "memory": ("Memory", memory.tables),
    "many": ("Many small registries", many.tables),
    "data": ("Plain data", data.tables),
}

QUICK = Options(sizes=(100, 1_000), turns=21)

#: What is measured, or measured against; its releases are printed.
PACKAGES = (
    "attrs",
    "mlflow-skinny",
    "packaging",
    "semantic-version",
    "semver",
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the sections that are asked for, and print each table as soon as it is there."""
    chosen = _parser().parse_args(arguments)
    default = QUICK if chosen.quick else Options()
    options = Options(chosen.sizes or default.sizes, chosen.turns or default.turns)
    _say(described(PACKAGES), METHOD)
    for name in chosen.sections or SECTIONS:
        title, tables = SECTIONS[name]
        _say(f"## {title}")
        for table in tables(options):
            _say(table.markdown())


def _say(*paragraphs: str) -> None:
    for paragraph in paragraphs:
        _ = sys.stdout.write(f"{paragraph}\n\n")
    _ = sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m tests.benchmarks", description=__doc__)
    add = parser.add_argument
    _ = add("sections", nargs="*", type=_section, metavar="section", help=", ".join(SECTIONS))
    _ = add("--sizes", type=_sizes, help="how many versions, such as 100,1000")
    _ = add("--turns", type=int, help="how many turns what is fast has")
    _ = add("--quick", action="store_true", help="small sizes and few turns")
    return parser


def _section(name: str) -> str:
    if name not in SECTIONS:
        raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(SECTIONS)}")
    return name


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(sorted(map(int, text.split(","))))


if __name__ == "__main__":
    main()
