"""The safety check."""

from typing import final

import attrs
from typing_extensions import override

from lastgood._basics.frozen import named
from lastgood._basics.messages import shown
from lastgood._registry.handle import opened
from lastgood._registry.record import Failure
from lastgood._registry.registry import VersionRegistry
from lastgood._values import reasons
from lastgood._values.version import Version
from lastgood.rules.base import CodedRule


@named("lastgood.rules")
@final
@attrs.frozen(eq=False, repr=False)
class Safe(CodedRule):
    """Rejects what must never be gone back to.

    A target must be registered, must not be the current version, must not be failed, rolled back
    or retired, and its contents must not have failed under another label
    (microsoft/react-native-code-push#600): it must not have the digest of a failed version.

    `RollbackStrategy.plan` and `RollbackStrategy.review` always apply it last, so that no strategy
    needs to, and no strategy can bypass it.

    >>> from lastgood import VersionRegistry
    >>> from lastgood.rules import Safe
    >>> registry = VersionRegistry.from_statuses({"1": "failed", "2": "stable"}, current="2")
    >>> Safe()(registry["1"], registry), Safe()(registry["2"], registry)
    ('failed', 'it is the current version')
    """

    @override
    def __call__(self, version: Version, registry: VersionRegistry, /) -> str | None:
        """Return the reason to reject the version, or `None`.

        Raises:
            TypeError: ``version`` is not a `Version`.
        """
        if not isinstance(version, Version):
            raise TypeError(
                f"a rule must be asked about a Version, not {shown(version)}: write registry[label]"
            )
        return why_unsafe(registry.get(version.label), registry)


def why_unsafe(known: Version | None, registry: VersionRegistry) -> str | None:
    """Return why a version must not be gone back to, or `None`.

    Args:
        known: What the registry knows of the version; `None` if it is not registered.
        registry: The registry.
    """
    if known is None:
        return reasons.NOT_REGISTERED
    if known.label == registry.current:
        return reasons.IS_CURRENT
    if known.status.is_bad:
        return known.status_text
    if known.digest is None:
        return None
    failure = failed_contents(known, registry)
    if failure is None:
        return None
    return reasons.same_contents(failure.label, failure.reason, known.digest)


def failed_contents(known: Version, registry: VersionRegistry) -> Failure | None:
    """Return the verdict that failed the contents of a version under another label, or `None`."""
    ledger, revision = opened(registry)
    return ledger.contents.failure(known.label, known.digest, revision)
