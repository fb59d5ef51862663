"""All small registries, to check a strategy on every one of them."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import cycle
from typing import TypeAlias

from lastgood._basics.frozen import named
from lastgood._registry.registry import VersionRegistry
from lastgood._values.metadata import Metadata, MetadataValue
from lastgood.testing._contents import (
    ANY_METADATA,
    LABELS,
    all_contents,
    checked_contents,
    checked_labels,
    later_facts,
)
from lastgood.testing._families import (
    CALM,
    LONG,
    MIXED,
    RIGHT,
    TIMED,
    VARIED,
    WILD,
    WRONG,
    Alternatives,
    Family,
)


@named("lastgood.testing")
def small_registries(
    *,
    labels: Sequence[str] = LABELS,
    metadata: Sequence[Mapping[str, MetadataValue]] = (),
    digests: Sequence[str | None] = (),
) -> Iterator[VersionRegistry]:
    """Yield every registry within a size limit, with the fewest events first.

    Registries that no strategy could tell apart come once. Common events are tried in every
    combination, rare ones only one or two at a time: lineages have up to four versions, with
    rollbacks, redeployments, observations, undeployments, annotations and reinstatements. Some
    registries have times, some of them wrong ones; in some an event is on record twice.

    Args:
        labels: The labels, in the order of registration.
        metadata: The metadata to try on each version, when it is registered and as an annotation.
            By default a version has none, or some without meaning.
        digests: The digests to try on each version; `None` stands for no digest. By default a
            version has none, or one that it shares with others.

    Raises:
        TypeError: An argument is a single `str` or mapping instead of a list.
        ValueError: A label is given twice.
        Exception: Raises the same errors as `VersionRegistry.register` for a label, metadata or
            digest that is not valid.

    >>> from lastgood.testing import small_registries
    >>> first = next(registry for registry in small_registries() if registry.needs_rollback)
    >>> [event.kind for event in first.events]
    ['registered', 'deployed', 'marked_failed']
    """
    called, (known, contents) = checked_labels(labels), checked_contents(metadata, digests)
    yield from _found(called, tuple(map(_exactly, known)), contents)


#: Metadata as a key of a cache. `Metadata` itself will not do: it is equal with 1.0 instead of 1.
_Exact: TypeAlias = tuple[tuple[str, type, MetadataValue], ...]


def _exactly(metadata: Mapping[str, MetadataValue]) -> _Exact:
    return tuple((key, type(value), value) for key, value in metadata.items())


@lru_cache(maxsize=8)  # Registries are values, so runs can share them.
def _found(
    labels: tuple[str, ...], exact: tuple[_Exact, ...], digests: tuple[str | None, ...]
) -> Sequence[VersionRegistry]:
    metadata = tuple(Metadata({key: value for key, _, value in items}) for items in exact)
    seen: set[object] = set()
    found: list[VersionRegistry] = []
    for family in _families(labels, metadata, digests):
        for askable, registry in family.members():
            times = tuple(deployment.at for deployment in registry.deployments)
            asked = askable, times, registry.clock is None
            if asked not in seen:
                seen.add(asked)
                found.append(registry)
    return sorted(found, key=lambda registry: registry.revision)


def _families(
    labels: tuple[str, ...],
    metadata: tuple[Metadata, ...],
    digests: tuple[str | None, ...],
) -> Iterator[Family]:
    contents, facts = _alternatives(metadata, digests), later_facts(metadata)
    # Labels take turns: a version with the digest of one that failed is not a target.
    turns = cycle([one for _, one in contents if one[1] is None] or [one for _, one in contents])
    quiet = [[(0, one)] for one, _ in zip(turns, labels, strict=False)]
    yield Family(labels, quiet, CALM, bound=13)
    yield Family(labels[:5], quiet, LONG, bound=10)
    yield Family(labels, quiet, WILD, bound=9, facts=facts)
    yield Family(labels, [contents] * len(labels), VARIED, bound=9, facts=facts)
    if not metadata:
        odd = [[(0, (ANY_METADATA, one[1])), (1, one)] for ((_, one),) in quiet]
        yield Family(labels, odd, VARIED, bound=7, facts=facts)
    yield Family(labels, quiet, TIMED, bound=9, skews=RIGHT)
    yield Family(labels, quiet, MIXED, bound=8, skews=WRONG)


def _alternatives(metadata: tuple[Metadata, ...], digests: tuple[str | None, ...]) -> Alternatives:
    """Return the contents that a version may have, with their prices."""
    prices = [
        place.bit_length() + other.bit_length()
        for place in range(len(metadata) or 1)
        for other in range(len(digests) or 2)
    ]
    return list(zip(prices, all_contents(metadata, digests), strict=True))
