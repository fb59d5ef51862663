"""Failed tries: deployments on top of one version that failed and were left for it again.

The rules of this module:

1. A try is a deployment of a failed version, on which nothing stands, and after which the version
   below it came back.
2. Fewer than three are no pattern: they are drawn one by one.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import attrs

from lastgood._basics.status import Status
from lastgood.render._layout import Picture

#: This many tries, at least, are drawn as one.
_FEWEST: Final = 3


@attrs.frozen(weakref_slot=False)
class Tries:
    """Tries that are drawn as one node."""

    #: The place of the stop at which the rung below them begins.
    base: int
    #: The places of the tries, each followed by its rollback.
    places: Sequence[int]


def tries_of(picture: Picture) -> list[Tries]:
    """Return the tries of a picture that are drawn as one, those on each version together."""
    found = defaultdict[int, list[int]](list)
    for place in range(len(picture.stops) - 1):
        base = _base(picture, place)
        if base is not None:
            found[base].append(place)
    return [Tries(base, places) for base, places in found.items() if len(places) >= _FEWEST]


def _base(picture: Picture, place: int) -> int | None:
    """Return where the rung begins to which a try went back, or `None` if it is not a try."""
    stops = picture.stops
    stop, then = stops[place], stops[place + 1]
    if stop.rung != place or stop.onto is None or stop.undeployed is not None:
        return None
    base = stops[stop.onto].rung
    went_back = then.left is not None and then.rung == base
    return base if went_back and stop.version.status is Status.FAILED else None
