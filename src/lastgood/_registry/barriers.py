"""Which deployed versions have a truthy value in their metadata, by key: they can be barriers.

The rules of this module:

1. A barrier stands at the first deployment of its version, whenever the value became known.
2. It is one as long as the value is truthy. Nothing is ever taken out: readers look again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping


class Barriers:
    """The places of first deployments, under every key with a truthy value."""

    __slots__ = ("_late", "_places")

    #: Those that had the value when they were first deployed, in the order of their places.
    _places: dict[str, list[int]]
    #: Those that got it later, with the revision of the annotation.
    _late: dict[str, list[tuple[int, int]]]

    def __init__(self) -> None:
        self._places = {}
        self._late = {}

    def deployed(self, metadata: Mapping[str, object], place: int) -> None:
        """Record the first deployment of a version with this metadata."""
        for key, value in metadata.items():
            if value:
                places = self._places.get(key)
                if places is None:
                    self._places[key] = [place]
                else:
                    places.append(place)

    def annotated(self, metadata: Mapping[str, object], place: int, revision: int) -> None:
        """Record new metadata of a version that was first deployed at the place."""
        for key, value in metadata.items():
            if value:
                self._late.setdefault(key, []).append((revision, place))

    def latest(
        self, key: str, places: int, revision: int, is_one: Callable[[int], bool]
    ) -> int | None:
        """Return the place of the latest barrier under the key, or `None`.

        Args:
            key: The key of the metadata.
            places: How many places there were by the revision.
            revision: The revision.
            is_one: Whether the version that was deployed at a place has a truthy value then.
        """
        known = self._places.get(key, [])
        before = (known[at] for at in range(bisect_left(known, places) - 1, -1, -1))
        found = next(filter(is_one, before), None)
        late = [place for place in self._late_places(key, revision) if is_one(place)]
        return max([*late, *([] if found is None else [found])], default=None)

    def _late_places(self, key: str, revision: int) -> Iterator[int]:
        late = self._late.get(key, [])
        return (place for _, place in late[: bisect_left(late, (revision + 1, 0))])

    def until(self, places: int, revision: int) -> Barriers:
        """Return a copy of it as it was at the revision."""
        copy = Barriers()
        for key, known in self._places.copy().items():
            copy._places[key] = known[: bisect_left(known, places)]
        for key, late in self._late.copy().items():
            copy._late[key] = late[: bisect_left(late, (revision + 1, 0))]
        return copy
