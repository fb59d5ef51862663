"""Keys for `PreviousBy`: functions that give a version its place in an order."""

from collections.abc import Callable
from typing import Any, TypeAlias

from lastgood._basics.frozen import named
from lastgood._basics.messages import compiled
from lastgood._values.version import Version

#: Returns the place of a version in an order, as anything that can be compared with the others, or
#: `None` if the version has no place in it.
Key: TypeAlias = Callable[[Version], Any]


@named("lastgood.keys")
def numbers(version: Version, /) -> tuple[int, ...] | None:
    """Return all groups of digits in the label, as numbers; `None` if it has no digit.

    It reads labels that SemVer does not: ``v1.2.3.4``, ``2026-01-30-10``, ``model_v10``.

    >>> from lastgood import Version
    >>> from lastgood.keys import numbers
    >>> numbers(Version("2026-01-30-10")) > numbers(Version("2026-01-30-9"))
    True
    """
    groups = compiled("[0-9]+").findall(version.label)
    return tuple(map(int, groups)) or None
