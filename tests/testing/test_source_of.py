"""A registry as the Python lines that build it: executed, they build an equal one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given

from lastgood import Event, LastStable, Pinned, VersionRegistry
from lastgood.testing import registries, small_registries, source_of

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def built(lines: str) -> VersionRegistry:
    """Return the registry that the lines build, without any name that they do not import."""
    names: dict[str, Any] = {}
    exec(lines, names)  # noqa: S102  # that it can be executed is what is tested
    registry = names["registry"]
    assert isinstance(registry, VersionRegistry)
    return registry


def test_small_registries() -> None:
    """The lines build an equal registry, for every small one."""
    for registry in small_registries(labels=["1.10.0", "1.9.0", "main"]):
        assert built(source_of(registry)) == registry


@pytest.mark.parametrize(
    "options",
    [
        {
            "metadata": [
                {"auc": 0.9, "eu": True, "note": 'it\'s "it"', "none": None},
                {"n": -(2**63)},
            ]
        },
        {"digests": ["sha256:it's", None]},
        {"labels": ["it's", "a 'b' \"c\"", "日本", "\\n"]},
    ],
    ids=["metadata", "digests", "labels"],
)
def test_whatever_is_registered(options: Any) -> None:
    """So do they whatever versions are called, and whatever is known about them."""
    given: dict[str, Any] = {"labels": ["1", "2"], **options}
    for registry in [*small_registries(**given)][::15]:
        assert built(source_of(registry)) == registry


METADATA: Any = [{}, {"auc": 0.1, "region": "eu", "beta": True}, {"notes": "a\nb"}]


@given(registries(metadata=METADATA, digests=[None, "sha256:a", "sha256:b"]))
def test_larger_registries(registry: VersionRegistry) -> None:
    """So do they for larger ones, with times, reasons, metadata, digests and clocks."""
    assert built(source_of(registry)) == registry


@pytest.mark.parametrize(
    "now", [NOON, NOON - timedelta(days=400), NOON + timedelta(microseconds=1)]
)
def test_clocks(now: datetime) -> None:
    """A clock that was set, forwards or backwards, is set by the last line."""
    registry = VersionRegistry().register("1", at=NOON - timedelta(days=1)).with_clock(now)
    assert built(source_of(registry)) == registry
    assert source_of(registry).splitlines()[-1].startswith("registry = registry.with_clock(")


def test_a_clock_that_the_times_tell() -> None:
    """A clock that follows from the times is not set."""
    registry = VersionRegistry().register("1", at=NOON)
    assert "with_clock" not in source_of(registry)
    assert "with_clock" not in source_of(registry.with_clock(NOON))


def test_a_clock_without_times() -> None:
    """A clock of a registry without times is set."""
    registry = VersionRegistry().with_clock(NOON)
    assert built(source_of(registry)) == registry


def test_what_is_no_news_is_written_as_data() -> None:
    """An event that says what is so already is written with `extend`: no command records it."""
    registry = VersionRegistry().register("1", metadata={"warm": True}).deploy("1")
    again = [
        Event("deployed", "1", by="ana"),
        Event("annotated", "1", metadata={"warm": True}),
        Event("registered", "1", metadata={"warm": True}, at=NOON),
    ]
    registry = registry.extend(again)
    assert built(source_of(registry)) == registry
    assert source_of(registry).splitlines()[1:] == [
        "from lastgood import Event, VersionRegistry",
        "registry = VersionRegistry()",
        "registry = registry.register('1', metadata={'warm': True}).deploy('1')",
        "registry = registry.extend([Event('deployed', '1', by='ana')])",
        "registry = registry.extend([Event('annotated', '1', metadata={'warm': True})])",
        (
            "registry = registry.extend([Event('registered', '1', metadata={'warm': True}, "
            "at=datetime.fromisoformat('2026-05-01T12:00:00+00:00'))])"
        ),
    ]


def test_every_command_is_written() -> None:
    """Each command is written with all that it recorded."""
    said: Any = {"reason": "a reason", "by": "ana", "at": NOON}
    registry = VersionRegistry().register("1", digest="sha256:a", **said).deploy("1", **said)
    registry = registry.annotate("1", {"auc": 0.9}, **said).mark_stable("1", **said)
    registry = registry.register("2", **said).observe("2", **said).mark_failed("2", **said)
    registry = registry.retire("2", **said).reinstate("2", **said).undeploy("2", **said)
    registry = registry.roll_back(Pinned("1").plan(registry, leaving="2"), **said)
    assert built(source_of(registry)) == registry
    assert ".plan(registry, leaving='2'), reason='a reason', by='ana', at=" in source_of(registry)


def test_the_empty_registry() -> None:
    """The empty registry is one line, and the import."""
    assert source_of(VersionRegistry()) == (
        "from lastgood import VersionRegistry\nregistry = VersionRegistry()"
    )


def test_what_happens_to_one_version_is_one_line() -> None:
    """What happens to the same version, one after the other, stands on one line."""
    registry = VersionRegistry().register("1").deploy("1").register("2").mark_failed("2")
    registry = registry.mark_stable("1", reason="24 h")
    assert source_of(registry).splitlines()[2:] == [
        "registry = registry.register('1').deploy('1')",
        "registry = registry.register('2').mark_failed('2')",
        "registry = registry.mark_stable('1', reason='24 h')",
    ]


def test_long_lines_are_broken() -> None:
    """A line that would grow too long is ended, and another one goes on about the version."""
    registry = VersionRegistry().register("1", digest="sha256:" + "0" * 64).mark_stable("1")
    registry = registry.mark_failed("1", reason="p99 latency 900 ms since the deployment")
    lines = source_of(registry).splitlines()[2:]
    assert len(lines) == 3
    assert built(source_of(registry)) == registry


def test_imports_are_those_that_are_needed() -> None:
    """A rollback needs one more name, and so does a time; nothing else is imported."""
    registry = VersionRegistry().register("1").deploy("1").register("2").deploy("2")
    assert source_of(registry).splitlines()[0] == "from lastgood import VersionRegistry"
    plan = Pinned("1").plan(registry, leaving="2")
    registry = registry.roll_back(plan, reason="memory", by="ana", at=NOON)
    assert source_of(registry).splitlines()[:2] == [
        "from datetime import datetime",
        "from lastgood import Pinned, VersionRegistry",
    ]
    assert built(source_of(registry)) == registry


def test_a_rollback_is_written_as_pinned() -> None:
    """A rollback that another strategy chose differs in its name only."""
    registry = VersionRegistry.from_statuses({"1": "stable", "2": "failed"}, current="2")
    registry = LastStable().recover(registry)
    other = built(source_of(registry))
    assert [*other.values()] == [*registry.values()]
    assert [*other.deployments] == [*registry.deployments]
    assert other.events[-1].strategy == "Pinned('1')"


def test_only_registries_are_shown() -> None:
    """Anything else is a `TypeError`."""
    wrong: Any = {}
    with pytest.raises(TypeError, match="registry must be a VersionRegistry, not a dict"):
        _ = source_of(wrong)
