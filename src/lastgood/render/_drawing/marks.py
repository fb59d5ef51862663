"""The marks of statuses: a shape for each, so that a status is not known by its colour alone."""

from collections.abc import Mapping
from typing import Final

from lastgood._basics.status import Status
from lastgood.render._drawing.ink import number, path

#: The outline of each mark around the origin, and the sign on it.
_SHAPES: Final[Mapping[Status, tuple[str, str]]] = {
    Status.UNPROVEN: ("M-6 0A6 6 0 1 0 6 0A6 6 0 1 0 -6 0Z", ""),
    Status.STABLE: ("M-7 0A7 7 0 1 0 7 0A7 7 0 1 0 -7 0Z", "M-3.2 0.2L-0.8 2.6L3.4 -2.2"),
    Status.FAILED: ("M-6.3 -6.3H6.3V6.3H-6.3Z", "M-2.8 -2.8L2.8 2.8M2.8 -2.8L-2.8 2.8"),
    Status.ROLLED_BACK: ("M-8 0L5.5 -7.5V7.5Z", ""),
    Status.RETIRED: ("M-8.5 0L0 -8.5L8.5 0L0 8.5Z", "M-3.2 0H3.2"),
}


def mark(status: Status, x: float, y: float) -> str:
    """Return the mark of a status."""
    outline, sign = _SHAPES[status]
    drawn = path(f"mark {status.value}", outline)
    drawn += path("sign", sign) if sign else ""
    return f'<g transform="translate({number(x)} {number(y)})">{drawn}</g>'


def ring(x: float, y: float, *, is_serving: bool) -> str:
    """Return the ring around the mark of the version that serves, or served last."""
    name = "ring" if is_serving else "ring ended"
    return f'<circle class="{name}" cx="{number(x)}" cy="{number(y)}" r="12"/>'


def cross(name: str, x: float, y: float) -> str:
    """Return a small cross."""
    return path(name, "M", x - 3, y - 3, "l 6 6 m 0 -6 l -6 6")


def arrow_head(name: str, x: float, y: float, *, to: tuple[int, int]) -> str:
    """Return the head of an arrow, the tip of it at the place, that points to one of four sides."""
    along, across = to
    return path(
        name,
        *("M", x - 5 * along - 4 * across, y - 5 * across - 4 * along),
        *("L", x, y),
        *("L", x - 5 * along + 4 * across, y - 5 * across + 4 * along),
    )
