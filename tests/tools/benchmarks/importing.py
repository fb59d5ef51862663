"""What `import lastgood` takes after importing attrs and typing-extensions."""

from collections.abc import Iterator
from tempfile import TemporaryDirectory

from tests.tools.benchmarks.processes import Program, instructions, started
from tests.tools.benchmarks.tables import Options, Table, count, duration, ratio
from tests.tools.benchmarks.timing import Time

_FLOOR = "import attrs, typing_extensions"
_PROGRAM = f"""
from time import perf_counter_ns as wall, process_time_ns as processor
start = wall(), processor()
{_FLOOR}
between = wall(), processor()
import lastgood
end = wall(), processor()
print(*(b - a for a, b in zip(start + between, between + end)))
"""
#: What instructions are counted of: each does what the one before it does, and one thing more.
_STEPS = ("", _FLOOR, f"{_FLOOR}\nimport lastgood")


def tables(options: Options) -> Iterator[Table]:
    """Measure importing lastgood after the packages that it needs."""
    floor, ours = taken(options)
    counted = _counted() if options.counting else ("-", "-")
    rows = [
        [name, duration(time.processor), duration(time.wall), ratio(time.processor, base), steps]
        for base in [floor.processor]
        for name, time, steps in (
            ("`import attrs, typing_extensions`", floor, counted[0]),
            ("then `import lastgood`", ours, counted[1]),
        )
    ]
    columns = ["Import", "processor time", "wall clock", "to the first", "instructions"]
    yield Table("Importing", columns, rows, f"{_NOTE} {_WITH if counted[0] != '-' else _WITHOUT}")


_NOTE = "Each in a new process; the compiled files are in a folder of their own, made before."
_WITH = "Instructions are counted by valgrind."
_WITHOUT = "**Instructions are not counted**: it needs valgrind, and a run without `--quick`."


def taken(options: Options) -> tuple[Time, Time]:
    """Return the median times of importing what lastgood needs, and then lastgood.

    Each time in a new process, with compiled files as after the first import.
    """
    with TemporaryDirectory() as folder:
        [times] = started({"": Program(_PROGRAM)}, folder, 2 * options.few).values()
    floor_wall, floor, ours_wall, ours, _ = times
    return Time(floor, floor_wall), Time(ours, ours_wall)


def _counted() -> tuple[str, str]:
    """Return the instructions of the two imports, or a dash if they cannot be counted."""
    with TemporaryDirectory() as folder:
        programs = {text: Program(f"{text}\nprint()") for text in _STEPS}
        _ = started(programs, folder, 0)  # makes the compiled files
        counts = [instructions(program, folder) for program in programs.values()]
    nothing, floor, ours = (0 if number is None else number for number in counts)
    if None in counts:
        return "-", "-"
    return count(floor - nothing), count(ours - floor)
