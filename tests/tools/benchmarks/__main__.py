"""`python -m tests.tools.benchmarks`: measure, and print tables of ratios in Markdown.

With `--into docs/benchmarks.md` they also replace the tables of that page.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter

from tests.tools.benchmarks import aims, costs, importing, loading, many, memory, precedence, versus
from tests.tools.benchmarks.machine import described
from tests.tools.benchmarks.tables import Options, Section
from tests.tools.benchmarks.timing import METHOD

SECTIONS: dict[str, tuple[str, Section]] = {
    "aims": ("What was aimed at", aims.tables),
    "costs": ("What it costs as registries grow", costs.tables),
    "versus": ("Against what people would use instead", versus.tables),
    "semver": ("Versions: reading and sorting", precedence.tables),
    "import": ("Importing", importing.tables),
    "memory": ("Memory", memory.tables),
    "loading": ("Reading: from cold, the news alone, plain data", loading.tables),
    "many": ("Many registries", many.tables),
}

#: Everything below this line of a page is replaced.
PRINTED = "<!-- What follows was printed by `python -m tests.tools.benchmarks`. -->"

QUICK = Options(sizes=(100, 1_000), turns=21, registries=100, counting=False)

#: The packages that are measured, or compared with; their releases are printed.
PACKAGES = (
    "attrs",
    *sorted({*versus.NEEDED.values(), "packaging", "semantic-version", "semver"}),
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the chosen sections, and print each table as soon as it is there."""
    chosen = _parser().parse_args(arguments)
    default = QUICK if chosen.quick else Options()
    options = Options(
        chosen.sizes or default.sizes,
        chosen.turns or default.turns,
        chosen.registries or default.registries,
        default.counting,
    )
    printed: list[str] = []
    for paragraph in _paragraphs(chosen.sections or list(SECTIONS), options):
        printed.append(paragraph)
        _ = sys.stdout.write(f"{paragraph}\n\n")
        _ = sys.stdout.flush()
    if chosen.into is not None:
        _put(printed, chosen.into)


def _paragraphs(sections: Sequence[str], options: Options) -> Iterator[str]:
    start = perf_counter()
    yield described(PACKAGES)
    yield METHOD
    for title, tables in map(SECTIONS.__getitem__, sections):
        yield f"## {title}"
        for table in tables(options):
            yield table.markdown()
    yield f"All of this took {(perf_counter() - start) / 60:.1f} minutes."


def _put(paragraphs: Sequence[str], page: Path) -> None:
    """Put the paragraphs into the page, in place of everything below the line for them."""
    above, line, _ = page.read_text("utf-8").partition(PRINTED)
    _ = page.write_text(above + "\n\n".join((line or PRINTED, *paragraphs)) + "\n", "utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    _ = add("sections", nargs="*", type=_section, metavar="section", help=", ".join(SECTIONS))
    _ = add("--sizes", type=_sizes, help="the numbers of versions, such as 100,1000")
    _ = add("--turns", type=int, help="how many turns fast things have")
    _ = add("--registries", type=int, help="how many small registries are kept")
    _ = add("--into", type=Path, metavar="page", help="put the tables into this page as well")
    _ = add("--quick", action="store_true", help="small sizes and few turns")
    return parser


def _section(name: str) -> str:
    if name not in SECTIONS:
        expected = ", ".join(SECTIONS)
        raise argparse.ArgumentTypeError(f"unknown section {name!r}; expected one of {expected}")
    return name


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(sorted(map(int, text.split(","))))


if __name__ == "__main__":
    main()
