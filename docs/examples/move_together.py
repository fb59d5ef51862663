"""Several things that move together: a model, its tokenizer and its features, as one release.

The registry is one of releases, not of parts: each release names its parts in its metadata. For the
loop the parts together are one world, in which a release serves.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

import attrs

from lastgood import VersionRegistry
from lastgood.control import Seen


class World(Protocol):
    """What serves one part."""

    def look(self) -> Seen | None:
        """Return what serves, and for which revision: 0 if it was never asked, `None` by a hand."""
        ...

    def serve(self, version: str | None, revision: int, /) -> bool | None:
        """Ask for this version. Return false if something later was asked for."""
        ...


@attrs.frozen
class Together:
    """The world of a release: it serves if all of its parts do.

    Args:
        releases: Reads the registry of releases, as it is now.
        parts: What serves each part, under the key that names the part in the metadata.
    """

    releases: Callable[[], VersionRegistry]
    parts: Mapping[str, World]

    def look(self) -> Seen | None:
        """Return the release whose parts all serve, or no release if they are of several.

        The revision is the oldest that a part follows: a part that is behind is asked again.
        """
        registry, revisions = self.releases(), list[int | None]()
        there = dict[str, str | None]()
        for part, world in self.parts.items():
            if (seen := world.look()) is None:
                return None
            there[part] = seen.version
            revisions.append(seen.revision)
        known = [revision for revision in revisions if revision is not None]
        revision = min(known) if len(known) == len(self.parts) else None
        # Of several releases with the same parts, the current one is meant.
        for label in sorted(registry, key=lambda each: each != registry.current):
            if all(registry[label].metadata.get(part) == there[part] for part in there):
                return Seen(label, revision)
        return Seen(None, revision)

    def serve(self, release: str | None, revision: int, /) -> bool | None:
        """Ask for all parts of this release, one after the other, until one of them refuses."""
        registry = self.releases()
        for part, world in self.parts.items():
            version = None if release is None else str(registry[release].metadata[part])
            taken = world.serve(version, revision)
            if not taken:
                return taken
        return True
