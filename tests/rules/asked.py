"""Asking one rule about one version."""

from datetime import UTC, datetime, timedelta

from lastgood import Rule, VersionRegistry

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def day(number: float) -> datetime:
    """Return the time that lies this number of days after the first one."""
    return datetime(2026, 5, 1, tzinfo=UTC) + number * DAY


def asked(rule: Rule, registry: VersionRegistry, label: str) -> str | None:
    """Return what the rule says about the version of this label."""
    return rule(registry[label], registry)


def rejects(rule: Rule, registry: VersionRegistry, label: str) -> str:
    """Return the reason for which the rule rejects the version; fail if it does not."""
    reason = asked(rule, registry, label)
    assert reason, f"{rule!r} lets {label!r} pass"
    return reason


def passed(rule: Rule, registry: VersionRegistry) -> list[str]:
    """Return the labels that the rule lets pass, in the order of registration."""
    return [label for label in registry if asked(rule, registry, label) is None]
