"""The commands that say what is known of a version: its facts, and verdicts on it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Self

from lastgood._basics import texts
from lastgood._registry.handle import Handle
from lastgood._values.event import lacking
from lastgood._values.metadata import NO_METADATA, MetadataValue, frozen_copy


class Knowledge(Handle):
    """The commands of a registry that say what is known of a version. What serves, serves on."""

    __slots__ = ()

    def register(  # noqa: PLR0913  # what an event can say
        self,
        version: str,
        *,
        metadata: Mapping[str, MetadataValue] | None = None,
        digest: str | None = None,
        reason: str = "",
        by: str = "",
        at: datetime | None = None,
    ) -> Self:
        """Add a version. It starts as unproven.

        Args:
            version: Its label.
            metadata: Plain values under `str` keys: `str`, `int` of 64 bits, finite `float`,
                `bool` or `None`. Copied and frozen.
            digest: The identity of its contents, such as ``"sha256:…"``. It must cover the artifact
                and its configuration, because contents that failed are failed under every label;
                leave it out if it covers only one of them.
            reason: Why; it stays in the event.
            by: Who or what says so: ``"ana"``, ``"monitor/p99"``.
            at: When, with a time zone; stored in UTC.

        Returns:
            The new registry. This one is unchanged. If it is registered already with
            the same metadata and digest, the same registry is returned.

        Raises:
            DuplicateVersion: The label is registered already, with other metadata or another
                digest.
            InvalidMetadata: A value is nested, too large or not finite.
            TypeError: An argument has the wrong type.
            InvalidLabel: The label is empty, too long, or has control characters.
            InvalidText: The reason or ``by`` has a lone surrogate.
            InvalidTime: ``at`` has no time zone, or is out of range in UTC.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry()
        >>> registry = registry.register("v1.0", metadata={"auc": 0.91}, digest="sha256:9f86d0")
        >>> registry["v1.0"].status.value
        'unproven'
        """
        facts = NO_METADATA if metadata is None else frozen_copy(metadata)
        known = None if digest is None else texts.digest(digest)
        return self._tell(self._row("registered", version, reason, by, at, facts, known))

    def annotate(
        self,
        version: str,
        metadata: Mapping[str, MetadataValue],
        *,
        reason: str = "",
        by: str = "",
        at: datetime | None = None,
    ) -> Self:
        """Record facts about a version that were learned later.

        They are laid over its metadata: a metric in production, that it is warm, a barrier that
        nobody knew of.

        Args:
            version: The label of a registered version.
            metadata: At least one plain value under a `str` key, as for `register`.
            reason: Why; it stays in the event.
            by: Who or what says so: ``"ana"``, ``"monitor/p99"``.
            at: When, with a time zone; stored in UTC.

        Returns:
            The new registry. This one is unchanged. If its metadata has these
            values already, the same registry is returned.

        Raises:
            UnknownVersion: The version is not registered.
            InvalidMetadata: A value is nested, too large or not finite.
            InvalidData: ``metadata`` is empty.
            TypeError: An argument has the wrong type.
            InvalidLabel: The label is empty, too long, or has control characters.
            InvalidText: The reason or ``by`` has a lone surrogate.
            InvalidTime: ``at`` has no time zone, or is out of range in UTC.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("v1.0", metadata={"auc": 0.91})
        >>> registry = registry.annotate("v1.0", {"p99_ms": 120})
        >>> dict(registry["v1.0"].metadata)
        {'auc': 0.91, 'p99_ms': 120}
        """
        facts = frozen_copy(metadata)
        if not facts:
            raise lacking("annotated", "metadata")
        return self._tell(self._row("annotated", version, reason, by, at, facts))

    def mark_stable(
        self,
        version: str,
        *,
        reason: str = "",
        by: str = "",
        at: datetime | None = None,
    ) -> Self:
        """Record that a version proved good, whether it is current or not.

        Args:
            version: The label of a registered version that is unproven or stable.
            reason: How it is known.
            by: Who or what says so: ``"ana"``, ``"monitor/p99"``.
            at: When, with a time zone; stored in UTC.

        Returns:
            The new registry. This one is unchanged. If it is stable already and
            there is no new reason, the same registry is returned.

        Raises:
            UnknownVersion: The version is not registered.
            IllegalTransition: It is failed, rolled back or retired: a late signal must not clear
                it. Or it is not current, and its contents failed under another label.
            TypeError: An argument has the wrong type.
            InvalidLabel: The label is empty, too long, or has control characters.
            InvalidText: The reason or ``by`` has a lone surrogate.
            InvalidTime: ``at`` has no time zone, or is out of range in UTC.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("v1.0")
        >>> registry = registry.mark_stable("v1.0", reason="24 h without an alarm")
        >>> registry["v1.0"].reason
        '24 h without an alarm'
        """
        return self._tell(self._row("marked_stable", version, reason, by, at))

    def mark_failed(
        self,
        version: str,
        *,
        reason: str = "",
        by: str = "",
        at: datetime | None = None,
    ) -> Self:
        """Record that a version proved bad, whether it is current or not. Never refused.

        Its contents failed with it, under every label that has its digest. A retired version stays
        retired.

        Name the version that the evidence is about. ``mark_failed(registry.current)`` run twice
        fails two versions.

        Args:
            version: The label of a registered version.
            reason: What failed.
            by: Who or what says so: ``"ana"``, ``"monitor/p99"``.
            at: When, with a time zone; stored in UTC.

        Returns:
            The new registry. This one is unchanged. If it is failed already and
            there is no new reason, the same registry is returned.

        Raises:
            UnknownVersion: The version is not registered.
            TypeError: An argument has the wrong type.
            InvalidLabel: The label is empty, too long, or has control characters.
            InvalidText: The reason or ``by`` has a lone surrogate.
            InvalidTime: ``at`` has no time zone, or is out of range in UTC.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("v1.1").deploy("v1.1")
        >>> registry = registry.mark_failed("v1.1", reason="tokenizer mismatch")
        >>> registry.needs_rollback
        True
        """
        return self._tell(self._row("marked_failed", version, reason, by, at))

    def retire(
        self,
        version: str,
        *,
        reason: str = "",
        by: str = "",
        at: datetime | None = None,
    ) -> Self:
        """Record that a version must not be used any more, for a reason other than its own failure.

        Args:
            version: The label of a registered version.
            reason: Why: its artifact was deleted, its licence ended, it has a security hole.
            by: Who or what says so: ``"ana"``, ``"monitor/p99"``.
            at: When, with a time zone; stored in UTC.

        Returns:
            The new registry. This one is unchanged. If it is retired already and
            there is no new reason, the same registry is returned.

        Raises:
            UnknownVersion: The version is not registered.
            TypeError: An argument has the wrong type.
            InvalidLabel: The label is empty, too long, or has control characters.
            InvalidText: The reason or ``by`` has a lone surrogate.
            InvalidTime: ``at`` has no time zone, or is out of range in UTC.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("v0.9")
        >>> registry = registry.retire("v0.9", reason="artifact deleted")
        >>> registry["v0.9"].status_text
        'retired: artifact deleted'
        """
        return self._tell(self._row("retired", version, reason, by, at))

    def reinstate(
        self,
        version: str,
        *,
        reason: str = "",
        by: str = "",
        at: datetime | None = None,
    ) -> Self:
        """Record that a failed, rolled-back or retired version gets another chance.

        A failed or retired version is unproven again, and its contents have not failed any more. A
        hold is lifted: a rolled-back version is again what it was. It puts nothing in service:
        deploy it then, and record that with `deploy`. Use it to undo a `mark_failed` by mistake.

        Args:
            version: The label of a registered version.
            reason: Why it may be used again.
            by: Who or what says so: ``"ana"``, ``"monitor/p99"``.
            at: When, with a time zone; stored in UTC.

        Returns:
            The new registry. This one is unchanged. If it is unproven or stable,
            the same registry is returned.

        Raises:
            UnknownVersion: The version is not registered.
            TypeError: An argument has the wrong type.
            InvalidLabel: The label is empty, too long, or has control characters.
            InvalidText: The reason or ``by`` has a lone surrogate.
            InvalidTime: ``at`` has no time zone, or is out of range in UTC.

        >>> from lastgood import VersionRegistry
        >>> registry = VersionRegistry().register("v1.1").mark_failed("v1.1")
        >>> registry = registry.reinstate("v1.1", reason="the alarm was about the network")
        >>> registry["v1.1"].status.value
        'unproven'
        """
        return self._tell(self._row("reinstated", version, reason, by, at))
