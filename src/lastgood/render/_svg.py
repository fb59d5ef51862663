"""The deployments as a drawing."""

import re
from typing import Final

from lastgood._drawing.svg import drawing
from lastgood._picture import LAST
from lastgood._plan import RollbackPlan
from lastgood._registry import VersionRegistry
from lastgood._show import shown
from lastgood._text import text

#: What may be part of an id, a class and a selector as it is.
_SCOPE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def svg(
    registry: VersionRegistry,
    *,
    plan: RollbackPlan | None = None,
    last: int = LAST,
    scope: str | None = None,
) -> str:
    """Return the latest deployments as a drawing, and what a plan would do, as SVG.

    It follows the order of deployments, oldest first: a line that branches where a rollback left
    it. Each deployment has a mark for the status of its version as it is known now, a shape and a
    colour for each status; the current one has a ring. With a plan there is an arrow, the way back,
    and a list of what the plan passed over and why.

    The drawing is one ``svg`` element that needs nothing else: no script, no font, no other file.
    It can be a file, or stand in a page as it is. It is light or dark as the reader prefers, has a
    title and a description in words, and its styles hold for nothing but itself.

    Args:
        registry: What is drawn.
        plan: A plan that was made for it. Whether it is stale by now is not asked.
        last: How many deployments are drawn at most. How many came before them is said.
        scope: What its ids begin with, and its class: a letter, then letters, digits, ``_``, ``-``.
            Different drawings have different ones of themselves, and equal ones the same. Give it
            where a page shows the same drawing twice.

    Raises:
        TypeError: It is no registry, the plan is no plan, ``last`` no `int` or ``scope`` no `str`.
        ValueError: ``last`` is less than 1, or ``scope`` has other characters.

    >>> from lastgood import LastStable, VersionRegistry
    >>> from lastgood.render import svg
    >>> registry = VersionRegistry.from_statuses({"1": "stable", "2": "failed"}, current="2")
    >>> picture = svg(registry, plan=LastStable().plan(registry))
    >>> picture.splitlines()[1].partition(">")[2]
    '2 is current: failed</title>'
    """
    if plan is not None and not isinstance(plan, RollbackPlan):
        raise TypeError(f"a plan is what strategy.plan(registry) returns, not {shown(plan)}")
    if scope is not None and _SCOPE.fullmatch(text(scope, "scope")) is None:
        raise ValueError(f"{shown(scope)} is no scope: begin with a letter, then a-z, 0-9, _ or -")
    return drawing(registry, plan, last, scope)
