"""Several things that move together: a model, its tokenizer and its features, as one release.

The registry is one of releases, not of parts: each release names its parts in its metadata. For the
controller of ``controller.py`` the parts together are one world, in which a release serves.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

import attrs

from lastgood import VersionRegistry


class World(Protocol):
    """What serves one part."""

    def serving(self) -> str | None:
        """Return the version that serves now."""
        ...

    def serve(self, version: str, /) -> None:
        """Let this version serve. Return when it has settled. Calling it twice does no harm."""
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

    def serving(self) -> str | None:
        """Return the release whose parts all serve; `None` if they are of several releases."""
        registry = self.releases()
        there = {part: world.serving() for part, world in self.parts.items()}
        # Of several releases with the same parts, the current one is meant.
        for label in sorted(registry, key=lambda each: each != registry.current):
            if all(registry[label].metadata.get(part) == there[part] for part in there):
                return label
        return None

    def serve(self, release: str, /) -> None:
        """Let all parts of this release serve. Another call goes on where one was interrupted."""
        wanted = self.releases()[release].metadata
        for part, world in self.parts.items():
            if world.serving() != wanted[part]:
                world.serve(str(wanted[part]))
