"""Section 7 again: which artifacts may be deleted."""

from collections.abc import Iterable, Iterator

from tests.tools.model.decisions import RollbackStrategy
from tests.tools.model.facts import Facts, Version
from tests.tools.model.registry import VersionRegistry
from tests.tools.model.rules import Safe


def prunable(
    registry: VersionRegistry, *, keep: int = 5, strategy: RollbackStrategy | None = None
) -> tuple[str, ...]:
    """The versions whose artifacts may be deleted, in the order to delete them.

    Failed, held and retired ones come first, then the oldest.
    """
    registry = registry.serving_again()
    facts = registry.facts
    if facts.current is None:
        return ()
    needed = {facts.current, *stable_ones(registry, facts.current, keep), *after_current(facts)}
    if strategy is not None:
        accepted = [found.version for found in strategy.review(registry) if found.accepted]
        needed |= set(accepted[:keep])
    digests = {facts.versions[label].digest for label in needed} - {None}
    spare = [
        version
        for version in facts.versions.values()
        if version.label not in needed and version.digest not in digests
    ]
    return tuple(version.label for version in sorted(spare, key=lambda found: found.is_good))


def stable_ones(registry: VersionRegistry, current: str, keep: int) -> Iterator[str]:
    """The nearest stable versions of the lineage, until enough different contents are safe.

    Equal contents fail together, so those of the current version do not count.
    """
    mine = contents_of(registry.facts.versions[current])
    contents: set[str] = set()
    for version in registry.facts.lineage():
        if len(contents) == keep:
            return
        if version.status == "stable":
            yield version.label
            if not Safe().rejects(version, registry) and contents_of(version) != mine:
                contents.add(contents_of(version))


def contents_of(version: Version) -> str:
    """What tells contents apart: the digest, or else the label."""
    return version.label if version.digest is None else f"digest {version.digest}"


def after_current(facts: Facts) -> Iterable[str]:
    """What was registered after the current version."""
    labels = list(facts.versions)
    return labels[labels.index(facts.current or "") + 1 :]
