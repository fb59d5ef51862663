"""The safety check."""

from typing import final

import attrs

from lastgood._code import CodedRule
from lastgood._questions import opened
from lastgood._registry import VersionRegistry
from lastgood._show import brief, shown
from lastgood._version import Version


@final
@attrs.frozen(eq=False, repr=False)
class Safe(CodedRule):
    """Rejects what must never be gone back to.

    A target must be registered, must not be the current version, must not be failed, rolled back
    or retired, and must not have the contents, as told by the digest, of the current version or of
    any version that is failed, rolled back or retired (microsoft/react-native-code-push#600).

    `RollbackStrategy.plan` and `RollbackStrategy.review` always apply it last, so that no strategy
    needs to, and none can do without.

    >>> from lastgood import VersionRegistry
    >>> from lastgood.rules import Safe
    >>> registry = VersionRegistry.from_statuses({"1": "failed", "2": "stable"}, current="2")
    >>> Safe()(registry["1"], registry), Safe()(registry["2"], registry)
    ('failed', 'it is the current version')
    """

    def __call__(self, version: Version, registry: VersionRegistry, /) -> str | None:
        """Return the reason to reject the version, or `None`.

        Raises:
            TypeError: It is asked about something else than a `Version`, such as a label.
        """
        if not isinstance(version, Version):
            raise TypeError(
                f"a rule is asked about a Version, not about {shown(version)}: "
                "write registry[label]"
            )
        known = registry.get(version.label)
        if known is None:
            return "not registered"
        if known.label == registry.current:
            return "it is the current version"
        if known.status.is_bad:
            return known.verdict
        return None if known.digest is None else _twin(known.digest, registry)


def _twin(digest: str, registry: VersionRegistry) -> str | None:
    """Return the reason not to go back to contents with this digest, or `None`."""
    current = registry.get(registry.current)
    if current is not None and current.digest == digest:
        return f"it has the contents of the current version {current.label!r}, digest {digest}"
    ledger, revision = opened(registry)
    culprit = registry.get(ledger.culprit(digest, revision))
    if culprit is None:
        return None
    return f"it has the contents of {culprit.label!r} ({brief(culprit.verdict)}), digest {digest}"
