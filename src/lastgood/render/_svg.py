"""The deployments as a drawing."""

import re
from typing import Final

from lastgood._basics.frozen import named
from lastgood._basics.messages import shown
from lastgood._basics.texts import text
from lastgood._registry.registry import VersionRegistry
from lastgood._values.plan import RollbackPlan
from lastgood.render._drawing.card import card_of
from lastgood.render._layout import LAST, checked_plan

#: What can stand in an id, a class and a selector unchanged.
_SCOPE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


@named("lastgood.render")
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
    colour for each status. The last one has a ring: the current version, or the version that served
    last if nothing serves. With a plan there is an arrow, the way back, and a list of what the plan
    passed over and why.

    The drawing is one ``svg`` element that needs nothing else: no script, no font, no other file.
    It can be a file, or stand in a page as it is. It is light or dark as the reader prefers, has a
    title and a description in words, and its styles hold for nothing but itself.

    Args:
        registry: The registry to draw.
        plan: A plan that was made for it. Whether it is stale by now is not checked.
        last: How many deployments are drawn at most. The picture says how many came before.
        scope: What its ids begin with, and its class: a letter, then letters, digits, ``_``, ``-``.
            By default it is derived from the drawing, so equal drawings share it. Set it when a
            page shows the same drawing twice.

    Raises:
        TypeError: ``registry`` is not a `VersionRegistry`, or ``plan`` is not a `RollbackPlan`.
        TypeError: ``last`` is not an `int`, or ``scope`` is not a `str`.
        ValueError: ``last`` is less than 1, or ``scope`` has other characters.

    >>> from lastgood import LastStable, VersionRegistry
    >>> from lastgood.render import svg
    >>> registry = VersionRegistry.from_statuses({"1": "stable", "2": "failed"}, current="2")
    >>> picture = svg(registry, plan=LastStable().plan(registry))
    >>> picture.splitlines()[1].partition(">")[2]
    '2 is current: failed</title>'
    """
    if scope is not None and _SCOPE.fullmatch(text(scope, "scope")) is None:
        raise ValueError(
            "scope must be a letter followed by letters, digits, '_' or '-', not " + shown(scope)
        )
    return card_of(registry, checked_plan(plan), last).svg(scope)
