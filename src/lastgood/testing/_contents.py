"""What the versions of generated registries are called, and what is registered with them."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Final, TypeAlias

from lastgood._basics import texts
from lastgood._basics.messages import listed, shown
from lastgood._values.metadata import Metadata, MetadataValue, frozen_copy

#: The versions of small registries, in the order of registration. They are chosen for the mistakes
#: that they find: as text, 1.10 sorts below 1.9; an older release is registered after a newer one;
#: two have equal precedence; a pre-release lies between releases; and one is not SemVer at all.
LABELS: Final = ("1.10.0", "1.9.0", "1.10.1-rc.1", "v1.10.0", "1.10.1", "main")

#: The metadata and the digest of a version.
Contents: TypeAlias = tuple[Mapping[str, MetadataValue] | None, str | None]

#: Metadata with a value of each type. No strategy is meant to look for these keys.
ANY_METADATA: Final[Mapping[str, MetadataValue]] = {
    "text": "a",
    "number": 0.5,
    "whole": 3,
    "flag": True,
    "nothing": None,
}

#: What is annotated later, unless the caller gives metadata.
_ANY_FACTS: Final[Mapping[str, MetadataValue]] = {"text": "b", "warm": True}


def all_contents(
    metadata: Sequence[Mapping[str, MetadataValue]], digests: Sequence[str | None]
) -> tuple[Contents, ...]:
    """Return every combination; without digests, a version has none or a shared one."""
    return tuple(product(metadata or (None,), digests or (None, "sha256:shared")))


def later_facts(
    metadata: Sequence[Mapping[str, MetadataValue]],
) -> tuple[Mapping[str, MetadataValue], ...]:
    """Return what a version can be annotated with: the given metadata, or facts of no meaning."""
    return tuple(facts for facts in metadata if facts) if metadata else (_ANY_FACTS,)


def checked_labels(labels: Sequence[str]) -> tuple[str, ...]:
    """Return the labels. Raises the same errors as `register`, and if a label is repeated."""
    if isinstance(labels, str):
        raise TypeError(
            f"labels must be a list of labels, not {shown(labels)}: write labels=[{shown(labels)}]"
        )
    exact = tuple(map(texts.label, labels))
    twice = [label for place, label in enumerate(exact) if label in exact[:place]]
    if twice:
        raise ValueError(f"labels must be distinct, not repeated: {listed(twice)}")
    return exact


def checked_contents(
    metadata: Sequence[Mapping[str, MetadataValue]], digests: Sequence[str | None]
) -> tuple[tuple[Metadata, ...], tuple[str | None, ...]]:
    """Return the metadata and the digests to try. Raises the same errors as `register`.

    Raises:
        TypeError: Also if a single one is given instead of a list.
    """
    if isinstance(metadata, Mapping):
        raise TypeError(
            "metadata must be a list of alternatives, not a mapping: write metadata=[{...}, ...]"
        )
    if isinstance(digests, str):
        raise TypeError(
            f"digests must be a list of digests, not {shown(digests)}: "
            f"write digests=[{shown(digests)}]"
        )
    known = (None if digest is None else texts.digest(digest) for digest in digests)
    return tuple(map(frozen_copy, metadata)), tuple(known)
