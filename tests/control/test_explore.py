"""The guarantees of the loop, on all interleavings up to a depth, and the faults that are found.

The depth of the ordinary run is small; the long search is a test that `.ci/run` makes. Deeper still
goes the command: ``python -m tests.tools.control.explore --depth 16``.
"""

from collections.abc import Mapping
from functools import cache

import pytest

from tests.control.table import table
from tests.rows import each_row
from tests.tools.control.explore import Found, explore
from tests.tools.control.scenes import SCENES
from tests.tools.control.variants import FAULTS, Caller

each_scene = pytest.mark.parametrize("scene", SCENES)
each_world = pytest.mark.parametrize("compares", [True, False], ids=["compares", "cannot compare"])


def _breach(found: Found) -> str:
    if found.breach is None:
        return ""
    breach, way = found.breach
    return "\n".join([*way, str(breach)])


@each_world
@each_scene
def test_every_guarantee_holds(scene: str, compares: bool) -> None:  # parametrised
    """No course of events that is a few steps long breaks a guarantee."""
    assert _breach(explore(SCENES[scene](compares), Caller(), depth=6)) == ""


@pytest.mark.deep
@each_world
@each_scene
def test_every_guarantee_holds_further_on(scene: str, compares: bool) -> None:  # as above
    """No course of events breaks a guarantee, in the depth at which most conversations are over."""
    assert _breach(_far(scene, compares)) == ""


@cache
def _far(scene: str, compares: bool) -> Found:
    return explore(SCENES[scene](compares), Caller(), depth=12)


#: What no scene brings about; `test_keep.py` and `test_record.py` do.
ELSEWHERE = {
    ("Load", "unreadable"),
    ("Append", "Append"),
    ("Append", "clock_ahead"),
    ("Serve", "record_behind"),
}


@pytest.mark.deep
def test_what_happens_is_in_the_table() -> None:
    """The explorer meets each way of the table, and no other, except that attempts end."""
    made = {way for scene in SCENES for each in (True, False) for way in _far(scene, each).made}
    ways = {(state, to) for state, _, to in table()}
    assert {way for way in made - ways if way[1] != "gave_up"} == set()
    assert ways - made <= ELSEWHERE


#: A scene in which each fault shows, the guarantees that it breaks, and the depth.
WHERE: Mapping[str, tuple[str, set[int], int]] = {
    "no fence": ("an update that does not come up", {3}, 12),
    "one look": ("a healthy update", {2, 4}, 8),
    "no stop": ("a target that does not come up", {1}, 12),
    "no recognition": ("a healthy update", {1}, 6),
    "a fence on the registry's revision": ("a failed update", {2, 3}, 6),
    "unbounded attempts": ("a failed update", {5}, 1),
}


@each_row("fault", FAULTS)
def test_a_fault_of_the_caller_is_found(fault: str) -> None:
    """The search is not blind: it finds each way in which a caller can spoil a guarantee."""
    scene, guarantees, depth = WHERE[fault]
    found = explore(SCENES[scene](True), FAULTS[fault], depth)  # it compares
    assert found.breach is not None
    assert found.breach[0].guarantee in guarantees


def test_a_small_scene_is_explored_to_its_end() -> None:
    """A search ends by itself where nothing more can happen."""
    found = explore(SCENES["a clock that is ahead"](True), Caller(), depth=99)  # as above
    assert found.whole
    assert found.breach is None
    assert ("Load", "clock_ahead") in found.made
