"""The parts of plain data: where each stands, and the data with another one there."""

import copy
import re
from collections.abc import Iterator
from typing import Any, Final, TypeAlias, cast

Path: TypeAlias = tuple[str | int, ...]

#: Stands for a value whose key is removed.
GONE: Final = object()


def inside(data: object) -> list[tuple[str | int, object]]:
    """Return the values in an object or a list, with their keys or places."""
    if isinstance(data, dict):
        return list(cast("dict[str | int, object]", data).items())
    if isinstance(data, list):
        return list(enumerate(cast("list[object]", data)))
    return []


def paths(data: object, path: Path = ()) -> Iterator[Path]:
    """Yield the path to every part of the data, the whole first."""
    yield path
    for step, value in inside(data):
        yield from paths(value, (*path, step))


def part_at(data: Any, path: Path) -> object:  # any data at all
    """Return what stands at the end of the path."""
    for step in path:
        data = data[step]
    return data


def damaged(data: Any, path: Path, value: object) -> Any:  # any data at all
    """Return a copy of the data with something else at the end of the path.

    What does not lie on the path is the same object: nobody changes data that is read.
    """
    if not path:
        return value
    step, *rest = path
    copied = copy.copy(data)
    if not rest and value is GONE:
        del copied[step]
    else:
        copied[step] = damaged(copied[step], tuple(rest), value) if rest else value
    return copied


def place_of(path: Path) -> str:
    """Return the place as a message names it: ``events[3].at``."""
    place = ""
    for step in path:
        place += f"[{step}]" if isinstance(step, int) else f".{step}"
    return place.removeprefix(".")


def path_of(place: str) -> Path:
    """Return the place of a message as the path to it."""
    steps = re.findall(r"\[(\d+)\]|([^.\[\]]+)", place)
    return tuple(name or int(index) for index, name in steps)
