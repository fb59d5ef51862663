"""All interleavings up to a depth: `python -m tests.tools.control.explore --depth 12`.

The depth is the number of steps from the beginning of a scene. Every state is met once, by a
shortest way; at the first breach of a guarantee, that way is printed.
"""

import argparse
import sys
import time
from collections import deque

import attrs

from tests.tools.control.guarantees import Breach
from tests.tools.control.interleavings import Interleavings, State
from tests.tools.control.scenes import SCENES, Scene
from tests.tools.control.variants import FAULTS, Caller


@attrs.frozen
class Found:
    """What a search found.

    Args:
        states: How many states it met.
        steps: How many steps it tried.
        whole: Whether there was nothing beyond the depth.
        made: Which request, or outcome, followed which.
        breach: The guarantee that does not hold, and the way there.
    """

    states: int
    steps: int
    whole: bool
    made: frozenset[tuple[str, str]]
    breach: tuple[Breach, tuple[str, ...]] | None = None


def explore(scene: Scene, caller: Caller, depth: int, most: int = sys.maxsize) -> Found:
    """Try all interleavings of a scene, breadth first.

    Args:
        scene: Where to begin.
        caller: How the conversations are used.
        depth: How many steps from there, less in a crowd.
        most: How many states at most.
    """
    ways = Interleavings(scene, caller)
    before: dict[State, tuple[str, State] | None] = {}
    steps, whole = 0, True
    state = None
    try:
        state = ways.first()
        before[state] = None
        todo = deque([(state, 0)])
        while todo:
            state, at = todo.popleft()
            if at >= depth - scene.crowd or len(before) >= most:
                whole = False
                continue
            for what, after in ways.after(state):
                steps += 1
                if after not in before:
                    before[after] = (what, state)
                    todo.append((after, at + 1))
    except Breach as breach:
        found = (breach, () if state is None else _way(before, state))
        return Found(len(before), steps, whole, frozenset(ways.made), found)
    return Found(len(before), steps, whole, frozenset(ways.made))


def _way(before: dict[State, tuple[str, State] | None], state: State) -> tuple[str, ...]:
    way: list[str] = []
    link = before.get(state)
    while link is not None:
        way.append(link[0])
        link = before[link[1]]
    return tuple(reversed(way))


def main() -> None:
    """Run with the arguments of the command line; the last line has the sums."""
    parser = argparse.ArgumentParser("python -m tests.tools.control.explore", description=__doc__)
    _ = parser.add_argument("--depth", type=int, default=12)
    _ = parser.add_argument("--scene", choices=[*SCENES], action="append")
    _ = parser.add_argument("--fault", choices=[*FAULTS])
    arguments = parser.parse_args()
    caller = FAULTS[arguments.fault] if arguments.fault else Caller()
    states = steps = 0
    for name in arguments.scene or SCENES:
        for compares in (True, False):
            started = time.monotonic()
            found = explore(SCENES[name](compares), caller, arguments.depth)
            states, steps = states + found.states, steps + found.steps
            kind = "compares" if compares else "cannot compare"
            whole = "all" if found.whole else "to the depth"
            seconds = time.monotonic() - started
            print(
                f"{name}, the world {kind}: {found.states:,} states ({whole}), "
                f"{found.steps:,} steps, {seconds:.1f} s",
                flush=True,
            )
            if found.breach:
                breach, way = found.breach
                sys.exit("\n".join([*way, str(breach)]))
    print(f"{states:,} states, {steps:,} steps, no breach of a guarantee")


if __name__ == "__main__":
    main()
