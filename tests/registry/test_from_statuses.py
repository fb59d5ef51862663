"""Section 2.5: a registry from a plain table."""

import types
from collections.abc import Mapping

import pytest

from lastgood import (
    InvalidData,
    InvalidLabel,
    LastStable,
    NothingDeployed,
    Status,
    UnknownVersion,
    VersionRegistry,
)
from tests.registry.making import deployed, lineage, untyped
from tests.rows import each_row

TABLE = {"v1.0": "stable", "v1.1": "failed", "v1.2": "stable"}


def test_the_table_of_the_contract() -> None:
    """From the table with the failed `v1.1` current, last-stable goes to `v1.0`."""
    registry = VersionRegistry.from_statuses(TABLE, current="v1.1")
    assert registry.current == "v1.1"
    assert registry.needs_rollback
    assert LastStable().plan(registry).target == "v1.0"


def test_it_is_made_as_by_commands() -> None:
    """Every version up to the current one was deployed in that order; later ones were not."""
    registry = VersionRegistry.from_statuses(TABLE, current="v1.1")
    by_commands = VersionRegistry().register("v1.0").deploy("v1.0").mark_stable("v1.0")
    by_commands = by_commands.register("v1.1").deploy("v1.1").mark_failed("v1.1")
    by_commands = by_commands.register("v1.2").mark_stable("v1.2")
    assert [deployment.version for deployment in registry.deployments] == ["v1.0", "v1.1"]
    assert list(registry.values()) == list(by_commands.values())
    assert lineage(registry) == lineage(by_commands) == ["v1.0"]


@pytest.mark.parametrize(
    ("current", "before"), [("v1.0", []), ("v1.1", ["v1.0"]), ("v1.2", ["v1.1", "v1.0"])]
)
def test_what_lies_before_the_current_version(current: str, before: list[str]) -> None:
    """The lineage is the table up to the current version, nearest first."""
    registry = VersionRegistry.from_statuses(TABLE, current=current)
    assert registry.current == current
    assert lineage(registry) == before


def test_without_a_current_version_nothing_was_deployed() -> None:
    """Without a current version nothing serves, and nothing ever did."""
    registry = VersionRegistry.from_statuses(TABLE)
    assert registry.current is None
    assert len(registry.deployments) == 0
    assert [version.status.value for version in registry.values()] == ["stable", "failed", "stable"]
    with pytest.raises(NothingDeployed):
        _ = LastStable().plan(registry)


@each_row("status", [status for status in Status if status.value != "rolled_back"])
@each_row("current", [None, "1"])
def test_every_status_but_one(status: Status, current: str | None) -> None:
    """A status may be a `Status` or its value, for the current version too."""
    for given in (status, status.value):
        registry = VersionRegistry.from_statuses({"1": given}, current=current)
        assert registry["1"].status is status
        assert registry["1"].reason == ""
        assert registry.current == current


@each_row("given", [Status.ROLLED_BACK, "rolled_back"])
@each_row("current", [None, "1", "2"])
def test_rolled_back_is_refused(given: str | Status, current: str | None) -> None:
    """A table cannot say to where a version was rolled back; the message says what to write."""
    with pytest.raises(InvalidData, match="'failed'") as refusal:
        _ = VersionRegistry.from_statuses({"1": "stable", "2": given}, current=current)
    assert isinstance(refusal.value, ValueError)
    assert "replay" in str(refusal.value)
    assert refusal.value.place == "statuses['2']"


@each_row(
    "status",
    ["", "STABLE", "Stable", "stable ", "rolled back", "great", None, 7, True, [], {}, Status],
)
def test_an_invalid_status(status: object) -> None:
    """An invalid status is refused at its place, with the valid words."""
    with pytest.raises(InvalidData) as refusal:
        _ = VersionRegistry.from_statuses({"v1.0": "stable", "v1.1": untyped(status)})
    assert refusal.value.place == "statuses['v1.1']"
    for word in ("unproven", "stable", "failed", "retired"):
        assert f"'{word}'" in str(refusal.value)


@pytest.mark.parametrize("current", ["v1.3", "V1.0", "v1", "x" * 256])
def test_an_unknown_current_version(current: str) -> None:
    """A current version that is not in the table is `UnknownVersion`."""
    with pytest.raises(UnknownVersion) as refusal:
        _ = VersionRegistry.from_statuses(TABLE, current=current)
    assert refusal.value.version == current


def test_an_unknown_current_version_belongs_in_the_table() -> None:
    """There is no registry yet to register it in, so the message says where it belongs."""
    with pytest.raises(UnknownVersion, match="table") as refusal:
        _ = VersionRegistry.from_statuses(TABLE, current="b")
    assert "{'b': 'unproven'}" in str(refusal.value)
    assert "registry.register(" not in str(refusal.value)


@each_row("current", ["", " v1.0", "v1.0\n", "\ud800", "x" * 100_000])
def test_a_current_version_with_an_invalid_label(current: str) -> None:
    """An invalid label is refused, as invalid or as unknown."""
    with pytest.raises((UnknownVersion, InvalidLabel)):
        _ = VersionRegistry.from_statuses(TABLE, current=current)


def test_an_unknown_current_version_names_close_ones() -> None:
    """As in every look-up, labels that look like it are named."""
    with pytest.raises(UnknownVersion, match=r"'v1\.1'") as refusal:
        _ = VersionRegistry.from_statuses(TABLE, current="v11")
    assert "v1.1" in refusal.value.close


@each_row("current", [7, 1.1, True, ["v1.0"], b"v1.0"])
def test_a_current_version_of_another_type(current: object) -> None:
    """A current version must be a `str`; a float needs quotes where it was read from."""
    hint = "quotes" if isinstance(current, float) else r"str\(version\)"
    with pytest.raises((TypeError, UnknownVersion), match=hint):
        _ = VersionRegistry.from_statuses(TABLE, current=untyped(current))


@pytest.mark.parametrize("current", [None, "v1", 1])
def test_a_label_of_another_type(current: object) -> None:
    """A table with `int` labels, as a model registry hands them out, says what to write."""
    with pytest.raises(TypeError, match=r"str\(version\)"):
        _ = VersionRegistry.from_statuses(untyped({1: "stable"}), current=untyped(current))
    with pytest.raises(TypeError, match="quotes"):
        _ = VersionRegistry.from_statuses(untyped({1.1: "stable"}), current=untyped(current))


@each_row("statuses", [None, "v1.0", 7, [("v1.0", "stable")], {"v1.0"}])
def test_a_table_is_a_mapping(statuses: object) -> None:
    """A table of another type is a `TypeError`."""
    with pytest.raises(TypeError, match="mapping"):
        _ = VersionRegistry.from_statuses(untyped(statuses))


@pytest.mark.parametrize("kind", [dict, types.MappingProxyType])
def test_any_mapping_will_do(kind: type[Mapping[str, str]]) -> None:
    """The table may be any mapping, and is not kept."""
    table = dict(TABLE)
    registry = VersionRegistry.from_statuses(untyped(kind)(table), current="v1.0")
    table.clear()
    assert list(registry) == ["v1.0", "v1.1", "v1.2"]


def test_an_empty_table() -> None:
    """An empty table makes an empty registry."""
    assert VersionRegistry.from_statuses({}) == VersionRegistry()
    with pytest.raises(UnknownVersion):
        _ = VersionRegistry.from_statuses({}, current="1")


def test_unproven_and_deployed() -> None:
    """A table of unproven versions is what deploying them one after the other makes."""
    table = dict.fromkeys("123", "unproven")
    assert VersionRegistry.from_statuses(table, current="3") == deployed("1", "2", "3")


def test_a_table_has_no_times() -> None:
    """The events of a table have no time."""
    registry = VersionRegistry.from_statuses(TABLE, current="v1.2")
    assert registry.clock is None
    assert all(event.at is None for event in registry.events)
