"""Where the explorer begins: a record, a world, who is there, and what may go wrong."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

import attrs

from lastgood import LastStable, VersionRegistry
from lastgood.control import Change, Conversation, Deploy, MarkFailed, Observe, keep, record
from tests.tools.control.worlds import NOW, World


@attrs.frozen
class Trouble:
    """What may still go wrong, and how often."""

    lost: int = 0
    crashes: int = 0
    restores: int = 0
    hands: int = 0
    notes: int = 0
    repairs: int = 0


@attrs.frozen
class Scene:
    """Where the explorer begins.

    Args:
        record: What is on record.
        world: The world.
        keepers: How many controllers there are.
        changes: What people and jobs want to record, each once.
        trouble: What may go wrong.
        failing: The versions that may be marked failed, or that failed: each is left once.
        hand: The version that a hand may put in service.
        keeps: Whether the hand keeps the revision, as if it had been asked for that version.
        follow: Whether the record follows a hand.
        looks: How many looks count against a version.
        crowd: How many steps less a search goes, since there are more of them at each.
    """

    record: VersionRegistry
    world: World
    keepers: int = 2
    changes: tuple[Change, ...] = ()
    trouble: Trouble = Trouble()
    failing: frozenset[str] = frozenset()
    hand: str = "v0"
    keeps: bool = False
    follow: bool = False
    looks: int = 2
    crowd: int = 0

    def keeper(self) -> Conversation:
        """Return a controller that knows nothing."""
        return keep(LastStable(), VersionRegistry(), self.looks, self.follow, attempts=4)

    def recorder(self, place: int) -> Conversation:
        """Return who records the change at this place."""
        return record(self.changes[place], VersionRegistry(), attempts=4)


def _world(serves: str, revision: int, *, compares: bool = True, broken: str = "") -> World:
    named = frozenset({broken} - {""})
    told = revision if compares else None
    fence = (revision, serves) if compares else (0, None)
    return World(serves, serves, told, fence, 0, compares, compares, named)


def _new(serves: str, *, compares: bool = True) -> World:
    """Return a world that was never asked for anything with a revision."""
    told = 0 if compares else None
    return World(serves, serves, told, (0, None), 0, compares, compares)


def _stable() -> VersionRegistry:
    """Return the record of v0, v1 and v2, all of them stable: v2 serves since revision 8."""
    registry = VersionRegistry()
    for label in ("v0", "v1", "v2"):
        registry = registry.register(label).deploy(label).mark_stable(label)
    return registry


def _updated() -> VersionRegistry:
    """Return the record after an update to v3, at revision 11."""
    return _stable().register("v3").deploy("v3")


def _failed() -> VersionRegistry:
    """Return the record after v3 was marked failed, at revision 12."""
    return _updated().mark_failed("v3", reason="p99 900 ms")


_V3: Final = frozenset({"v3"})

#: Every scene, by its name.
SCENES: Final[Mapping[str, Callable[[bool], Scene]]] = {
    "a failed update": lambda compares: Scene(
        _failed(),
        _world("v3", 11, compares=compares),
        trouble=Trouble(lost=2, crashes=1, notes=1),
        failing=_V3,
    ),
    "three controllers": lambda compares: Scene(
        _failed(),
        _world("v3", 11, compares=compares),
        keepers=3,
        trouble=Trouble(lost=1, crashes=1),
        failing=_V3,
    ),
    "an update that does not come up": lambda compares: Scene(
        _updated(),
        _world("v2", 8, compares=compares, broken="v3"),
        trouble=Trouble(lost=1, crashes=1, notes=1),
        failing=_V3,
    ),
    "a healthy update": lambda compares: Scene(
        _stable().register("v3"),
        _world("v2", 8, compares=compares),
        changes=(Deploy("v3", replacing="v2", by="ci"),),
        trouble=Trouble(lost=2, crashes=1),
    ),
    "a target that does not come up": lambda compares: Scene(
        _failed(),
        _world("v3", 11, compares=compares, broken="v2"),
        trouble=Trouble(lost=1, crashes=1),
        failing=_V3,
    ),
    "a person deploys at the same time": lambda compares: Scene(
        _failed().register("v4"),
        _world("v3", 11, compares=compares),
        changes=(Deploy("v4", by="ana"),),
        trouble=Trouble(lost=1, crashes=1),
        failing=_V3,
    ),
    "an alarm and a second opinion": lambda compares: Scene(
        _updated(),
        _world("v3", 11, compares=compares),
        keepers=1,
        changes=(MarkFailed("v3", reason="p99", by="monitor"), Observe("v1", by="ana")),
        trouble=Trouble(lost=2),
        failing=_V3,
    ),
    "a hand, and the record leads": lambda compares: Scene(
        _failed(),
        _world("v3", 11, compares=compares),
        trouble=Trouble(lost=1, hands=1, crashes=1),
        failing=_V3,
    ),
    "a hand, and the record follows": lambda _: Scene(
        _failed(),
        _world("v3", 11),
        trouble=Trouble(lost=1, hands=1, crashes=1),
        failing=_V3,
        follow=True,
    ),
    "a hand that keeps the revision": lambda compares: Scene(
        _updated(),
        _world("v2", 8, compares=compares),
        trouble=Trouble(lost=1, hands=1, crashes=1),
        hand="hotfix",
        keeps=True,
    ),
    "a world that was never asked": lambda compares: Scene(
        _updated(),
        _new("v2", compares=compares),
        trouble=Trouble(lost=1, crashes=1),
    ),
    "a world that was never asked, and the record follows": lambda _: Scene(
        _updated(),
        _new("v2"),
        trouble=Trouble(lost=1, crashes=1),
        follow=True,
    ),
    "a stable version that is deployed again": lambda compares: Scene(
        _updated().deploy("v1"),
        _world("v3", 11, compares=compares, broken="v1"),
        trouble=Trouble(lost=1, crashes=1),
    ),
    "an update that comes up late": lambda compares: Scene(
        _updated(),
        _world("v2", 8, compares=compares, broken="v3"),
        trouble=Trouble(lost=2, repairs=1),
        failing=_V3,
    ),
    "a restored record": lambda compares: Scene(
        _failed().register("v4"),
        _world("v3", 11, compares=compares),
        changes=(Deploy("v4", by="ana"),),
        trouble=Trouble(lost=1, restores=1),
        failing=_V3,
    ),
    "a restored record that follows": lambda _: Scene(
        _failed(),
        _world("v3", 11),
        trouble=Trouble(lost=1, restores=1, hands=1),
        failing=_V3,
        follow=True,
    ),
    "everything at once": lambda compares: Scene(
        _failed().register("v4"),
        _world("v3", 11, compares=compares),
        keepers=3,
        changes=(Deploy("v4", by="ana"),),
        trouble=Trouble(lost=1, crashes=1, restores=1, hands=1, notes=1),
        failing=_V3,
        crowd=4,
    ),
    "an update that does not come up, and a restored record": lambda compares: Scene(
        _stable().register("v4").register("v3").deploy("v3"),
        _world("v2", 8, compares=compares, broken="v3"),
        keepers=1,
        changes=(Deploy("v4", by="ana"),),
        trouble=Trouble(restores=1, lost=1),
        failing=_V3,
    ),
    "no way back": lambda compares: Scene(
        VersionRegistry().register("v0").register("v3").deploy("v3"),
        _world("v0", 0, compares=compares, broken="v3"),
        trouble=Trouble(lost=1, crashes=1),
        failing=_V3,
    ),
    "a clock that is ahead": lambda compares: Scene(
        _failed().register("v4", at=NOW + timedelta(hours=1)),
        _world("v3", 11, compares=compares),
        trouble=Trouble(lost=1, crashes=1),
        failing=_V3,
    ),
}
