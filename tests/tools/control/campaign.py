"""Random courses of events, longer than the search goes: many controllers, and much trouble.

``python -m tests.tools.control.campaign --seed 1 --steps 30000``
"""

import argparse
import random
import sys
import time
from typing import Final

import attrs

from lastgood.control import Annotate, Deploy, MarkFailed, Reinstate
from tests.tools.control.guarantees import Breach
from tests.tools.control.interleavings import Interleavings
from tests.tools.control.scenes import SCENES, Scene, Trouble
from tests.tools.control.variants import FAULTS, Caller

#: After so many steps a new course begins.
LONGEST: Final = 120


@attrs.frozen
class Course:
    """The figures of a campaign.

    Args:
        steps: How many steps were made.
        courses: How many courses of events.
        breach: The guarantee that does not hold, and the way there.
    """

    steps: int
    courses: int
    breach: tuple[Breach, tuple[str, ...]] | None = None


def crowded(scene: Scene, chance: random.Random) -> Scene:
    """Return a scene with more of everything."""
    jobs = (
        Annotate("v1", {"warm": True}, by="canary"),
        Reinstate("v0", by="bob"),
        MarkFailed("v3", reason="p99", by="monitor"),
        Deploy("v1", by="eve"),
    )
    there = {change.by for change in scene.changes}
    few = tuple(job for job in jobs if chance.random() < 0.3 and job.by not in there)
    if "v3" not in scene.failing:
        few = tuple(job for job in few if not isinstance(job, MarkFailed))
    restores = chance.randrange(2) if scene.trouble.restores else 0
    hands = chance.randrange(3) if scene.trouble.hands else 0
    trouble = Trouble(
        chance.randrange(6), chance.randrange(4), restores, hands, 3, scene.trouble.repairs
    )
    return attrs.evolve(
        scene,
        keepers=chance.randrange(1, 6),
        changes=(*scene.changes, *few),
        trouble=trouble,
        looks=chance.randrange(2, 4),
    )


def campaign(seed: int, steps: int, caller: Caller, scenes: tuple[str, ...] = ()) -> Course:
    """Make random steps in random scenes, all of them checked."""
    chance = random.Random(seed)  # noqa: S311  # chance, and no secret
    made = courses = 0
    while made < steps:
        courses += 1
        name = chance.choice(scenes or [*SCENES])
        scene = crowded(SCENES[name](chance.random() < 0.5), chance)
        way = [f"{name}: {scene}"]
        try:
            ways = Interleavings(scene, caller)
            state = ways.first()
            for _ in range(LONGEST):
                ahead = [*ways.after(state)]
                if not ahead:
                    break
                made += 1
                what, state = chance.choice(ahead)
                way.append(what)
        except Breach as breach:
            return Course(made, courses, (breach, tuple(way)))
    return Course(made, courses)


def main() -> None:
    """Run with the arguments of the command line; the last line has the sums."""
    parser = argparse.ArgumentParser("python -m tests.tools.control.campaign", description=__doc__)
    _ = parser.add_argument("--seed", type=int, default=1)
    _ = parser.add_argument("--steps", type=int, default=100_000)
    _ = parser.add_argument("--fault", choices=[*FAULTS])
    arguments = parser.parse_args()
    caller = FAULTS[arguments.fault] if arguments.fault else Caller()
    started = time.monotonic()
    course = campaign(arguments.seed, arguments.steps, caller)
    seconds = time.monotonic() - started
    print(f"{course.steps:,} steps in {course.courses:,} courses, {seconds:.0f} s")
    if course.breach:
        breach, way = course.breach
        sys.exit("\n".join([*way, str(breach)]))
    print("no breach of a guarantee")


if __name__ == "__main__":
    main()
