"""The tags of a repository and the statements of its maintainers as a registry.

It is the history of somebody who deployed every release on the day of its tag. The tags with their
times are what ``git for-each-ref --format='%(refname:short) %(creatordate:iso-strict)' refs/tags``
prints; the statements are written by hand, from change logs, post-mortems and yanked packages.

What tags do not record:

* **What you deployed, and when.** Leave out the tags that you skipped, and write your own times.
* **Whether a release was good.** Nothing is stable unless you say how long it must have served.
* **Which statements there are.** Those that you do not find are missing.
"""

from datetime import datetime, timedelta
from typing import cast

from docs.examples.histories.reading import Row, placed, rows, serves, soaked
from lastgood import MetadataValue, VersionRegistry


def read(tags: object, statements: object, *, soak: timedelta | None = None) -> VersionRegistry:
    """Return the registry of somebody who deployed every tag at its time.

    Odd rows:

    * Tags and statements come in any order; their times count. At one time a statement comes before
      a tag: a release that fixes something comes with the word that it was broken.
    * A statement about a tag that was not deployed is an error, and so is a tag that stands twice.
    * A statement made before the tag it is about is an error.

    Args:
        tags: Objects with ``tag`` and ``at``, and maybe ``metadata``.
        statements: Objects with ``at``, ``tags`` and ``reason``.
        soak: A tag that served this long before something else happened is marked stable.

    Raises:
        InvalidData: A row cannot be read; the message begins with the place.
    """
    moments = [(_at(each), 0, each) for each in rows(statements, "statements")]
    moments += [(_at(each), 1, each) for each in rows(tags, "tags")]
    registry = VersionRegistry()
    for at, is_tag, each in sorted(moments, key=lambda moment: moment[:2]):
        with placed(each):
            registry = soaked(registry, soak, at)
            if is_tag:
                registry = _deployed(registry, each, at)
            else:
                for tag in each.texts("tags"):
                    registry = registry.mark_failed(tag, at=at, reason=each.text("reason"))
    return registry


def _at(each: Row) -> datetime:
    at = each.time("at")
    if at is None:
        raise each.wrong("at", "is missing")
    return at


def _deployed(registry: VersionRegistry, each: Row, at: datetime) -> VersionRegistry:
    tag = each.text("tag")
    if tag in registry:
        raise each.wrong("tag", f"{tag} stands there twice")
    metadata = cast("dict[str, MetadataValue]", each.part("metadata").values)
    return serves(registry.register(tag, metadata=metadata, at=at), tag, at=at)
