"""Section 3 again: what could help where no candidate is left, as facts and never as words."""

from collections.abc import Collection, Mapping

from tests.tools.model.registry import VersionRegistry
from tests.tools.model.rules import Safe


def ways_out(
    mentioned: Collection[str], registry: VersionRegistry
) -> Mapping[str, Collection[str]]:
    """The labels that each piece of advice may name; which of them it names is left open.

    It is about versions that the strategy looked at, or that served.
    """
    facts = registry.facts
    versions = [
        version
        for version in facts.versions.values()
        if version.label != facts.current and (version.times_deployed or version.label in mentioned)
    ]
    safe = {version.label for version in versions if not Safe().rejects(version, registry)}
    return {
        "unproven": {
            version.label
            for version in versions
            if version.status == "unproven" and version.label in safe
        },
        "not_proposed": {
            version.label
            for version in versions
            if version.status == "stable" and version.label in safe.difference(mentioned)
        },
        "bad": {
            version.label
            for version in versions
            if not version.is_good and not facts.failed_as(version.label)
        },
        "failed_as": {
            failed.label for version in versions for failed in facts.failed_as(version.label)
        },
    }
