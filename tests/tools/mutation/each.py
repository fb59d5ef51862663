"""Run the mutants that mutmut made, each in a fork of one pytest that has collected already.

A plug-in: `python -m pytest -p tests.tools.mutation.each` in mutmut's folder `mutants`, once mutmut
has made the mutants and found out which test reaches which function. Collecting thousands of tests
again for each mutant would take longer than running the few that can kill it. The tests that killed
other mutants of the same function are tried first, then unlike tests before more cases of the same
test.

Environment variables are options. `ONLY`: the beginnings of the names to try, separated by spaces,
in this order. `LIMIT`: for how many seconds the tests of a mutant may run, as mutmut measured them.
`WORKING`: after how many seconds of processor time a mutant counts as endless. `AGAIN`: try the
mutants that survived once more, with more time or after tests were added, the quickest test first.
The results are appended to `results.txt`: the verdict, how many tests were run, the mutant. The
last verdict on a mutant counts.
"""

import gc
import json
import os
import resource
import signal
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, chain, takewhile, zip_longest
from pathlib import Path
from typing import Any, Final

import pytest

from tests.tools.mutation.clone import RUN_ON_IMPORT

RESULTS: Final = Path("results.txt")
CHILDREN: Final = 2
#: A mutant that never ends is stopped after this many seconds of processor time, or of waiting.
WORKING: Final = int(os.environ.get("WORKING", "300"))
WAITING: Final = 600
#: The status that `wait` returns for a process, by its exit code.
SURVIVED: Final = 0
KILLED: Final = 1 << 8
UNREACHED: Final = 3 << 8
#: At most this many of the tests that killed mutants of the same function come first.
FIRST: Final = 20


def pytest_runtestloop(session: pytest.Session) -> bool:
    """Try the mutants instead of running the tests."""
    stats = read(Path("mutmut-stats.json"))
    reached, seconds = stats["tests_by_mangled_function_name"], stats["duration_by_test"]
    items = {item.nodeid: item for item in session.items}
    killers = defaultdict[str, list[str]](list)
    running: dict[int, tuple[str, int]] = {}
    _ = gc.collect()
    gc.freeze()
    for mutant in left():
        if len(running) == CHILDREN:
            settle(running, killers)
        function = function_of(mutant)
        ordered = quickest if os.environ.get("AGAIN") else unlike
        nearest = within_limit(ordered(reached.get(function, ()), seconds), seconds)
        known = [*dict.fromkeys(reversed(killers[function]))][:FIRST]
        chosen = [items[test] for test in dict.fromkeys([*known, *nearest]) if test in items]
        child, answer = fork(session, mutant, chosen)
        running[child] = mutant, answer
    while running:
        settle(running, killers)
    return True


def read(path: Path) -> Any:
    """Return the contents of a file that mutmut wrote."""
    return json.loads(path.read_text(encoding="utf-8"))


def function_of(mutant: str) -> str:
    """Return the name that mutmut gives to the function of a mutant."""
    return mutant.partition("__mutmut_")[0]


def qualified(function: str) -> str:
    """Return the qualified name of a function, from the one that mutmut gives to it."""
    return function.rpartition(".x")[2][1:].replace("\N{LATIN LETTER LATERAL CLICK}", ".")


def left() -> Iterator[str]:
    """Yield the chosen mutants that have no result yet; with `AGAIN` those that survived."""
    lines = RESULTS.read_text(encoding="utf-8").splitlines() if RESULTS.exists() else []
    verdicts = {line.split()[-1]: line.split()[0] for line in lines}
    again = "SURVIVED" if os.environ.get("AGAIN") else None
    done = {mutant for mutant, verdict in verdicts.items() if verdict != again}
    metas = sorted(Path("src").rglob("*.meta"))
    names = [name for meta in metas for name in read(meta)["exit_code_by_key"]]
    names = [name for name in names if name not in done and not runs_on_import(name)]
    for only in os.environ.get("ONLY", "lastgood.").split():
        yield from (name for name in names if name.startswith(only))


def runs_on_import(mutant: str) -> bool:
    """Whether a mutant must be left to cosmic-ray, because its function runs on import only."""
    return qualified(function_of(mutant)) in RUN_ON_IMPORT


def quickest(reached: Sequence[str], seconds: Mapping[str, float]) -> list[str]:
    """Return the tests, the quickest first."""
    return sorted(reached, key=lambda test: (seconds[test], test))


def unlike(reached: Sequence[str], seconds: Mapping[str, float]) -> list[str]:
    """Return the quickest case of each test, then the second of each: unlike tests come first."""
    cases = defaultdict[str, list[str]](list)
    for test in quickest(reached, seconds):
        cases[test.partition("[")[0]].append(test)
    return [test for test in chain(*zip_longest(*cases.values())) if test]


def within_limit(tests: Sequence[str], seconds: Mapping[str, float]) -> list[str]:
    """Return the first tests that together take no longer than `LIMIT`."""
    limit = float(os.environ.get("LIMIT", "inf"))
    taken = accumulate(seconds[test] for test in tests)
    pairs = zip(tests, taken, strict=True)
    return [test for test, _ in takewhile(lambda pair: pair[1] <= limit, pairs)]


def fork(session: pytest.Session, mutant: str, items: Sequence[pytest.Item]) -> tuple[int, int]:
    """Start a process that tries one mutant; return its number, and the pipe that it answers to."""
    answer, result = os.pipe()
    child = os.fork()
    if child:
        os.close(result)
        return child, answer
    nothing = os.open(os.devnull, os.O_WRONLY)
    _ = os.dup2(nothing, 1), os.dup2(nothing, 2)
    os.environ["MUTANT_UNDER_TEST"] = mutant
    resource.setrlimit(resource.RLIMIT_CPU, (WORKING, WORKING))
    _ = signal.alarm(WAITING)
    for place, item in enumerate(items, 1):
        _ = item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        if session.testsfailed:
            _ = os.write(result, f"{place} {item.nodeid}".encode())
            os._exit(KILLED >> 8)
    _ = os.write(result, f"{len(items)} -".encode())
    os._exit(SURVIVED if items else UNREACHED >> 8)


def settle(running: dict[int, tuple[str, int]], killers: Mapping[str, list[str]]) -> None:
    """Wait for one of the processes, and write down what it found."""
    child, status = os.wait()
    mutant, answer = running.pop(child)
    with os.fdopen(answer, encoding="utf-8") as result:
        count, _, killer = result.read().partition(" ")
    if status == KILLED:
        killers[function_of(mutant)].append(killer)
    words = {SURVIVED: "SURVIVED", KILLED: "killed", UNREACHED: "UNREACHED"}
    with RESULTS.open("a", encoding="utf-8") as results:
        _ = results.write(f"{words.get(status, 'timeout')} {count or '?'} {mutant}\n")
