"""Section 2.2: how statuses change, cell by cell."""

import pytest

from lastgood import Event, IllegalTransition, InvalidData, Status, VersionRegistry
from tests.registry.making import answers, deployed, idle, serving
from tests.registry.status_table import (
    ALLOWED,
    CELLS,
    FORBIDDEN,
    REFUSED,
    ROWS,
    TABLE,
    VERDICTS,
    WHAT_IT_WAS,
)
from tests.rows import each_row

each_allowed_cell = each_row(("row", "before", "after"), ALLOWED)
each_forbidden_cell = each_row(("row", "before"), FORBIDDEN)

#: A current version is never rolled back.
verdicts = [cell for cell in CELLS if cell[0] in VERDICTS and cell[1] != "rolled_back"]


def test_the_table_is_complete() -> None:
    """Every row says something about every status; only a held version cannot be left."""
    assert set(ROWS) == set(TABLE)
    without = {row for row, cells in TABLE.items() if len(cells) < len(Status)}
    assert without == {"left by roll_back", "left by an observe that rewinds"}
    assert all({*cells} >= {*Status} - {"rolled_back"} for cells in TABLE.values())


def test_the_five_statuses() -> None:
    """The values of `Status` are the words of plain data."""
    words = ["unproven", "stable", "failed", "rolled_back", "retired"]
    assert [status.value for status in Status] == words
    assert list(Status) == words


@each_row("status", Status)
def test_every_status_is_reached(status: Status) -> None:
    """The registries from which the tests below start have the statuses that they are for."""
    assert idle(status)["it"].status is status
    assert idle(status).current == "base"
    assert serving(status).current == "it"
    served = Status.UNPROVEN if status is Status.ROLLED_BACK else status
    assert serving(status)["it"].status is served


@each_allowed_cell
def test_what_the_table_allows(row: str, before: str, after: str) -> None:
    """The status after an event is the one of the table."""
    how = ROWS[row]
    registry = how.command(how.start(Status(before)))
    assert registry["it"].status is Status(after)


@each_forbidden_cell
def test_what_the_table_refuses(row: str, before: str) -> None:
    """A refusal is an `IllegalTransition` with the facts, and changes nothing."""
    how = ROWS[row]
    registry = how.start(Status(before))
    facts = answers(registry)
    with pytest.raises(IllegalTransition) as refusal:
        _ = how.command(registry)
    assert refusal.value.version == "it"
    assert refusal.value.status is Status(before)
    assert refusal.value.reason == registry["it"].reason
    assert refusal.value.failed_as is None
    assert answers(registry) == facts


@each_row(("row", "before", "after"), verdicts)
def test_a_verdict_on_the_current_version(row: str, before: str, after: str | None) -> None:
    """A verdict means the same for the version that serves, and so does its refusal."""
    registry = serving(Status(before))
    if after is REFUSED:
        with pytest.raises(IllegalTransition):
            _ = ROWS[row].command(registry)
        return
    registry = ROWS[row].command(registry)
    assert registry["it"].status is Status(after)
    assert registry.current == "it"


@each_allowed_cell
def test_an_event_does_what_its_command_does(row: str, before: str, after: str) -> None:
    """An allowed event that is replayed makes the registry that the command makes."""
    how = ROWS[row]
    registry = how.start(Status(before))
    replayed = VersionRegistry.replay([*registry.events, how.event])
    assert replayed["it"].status is Status(after)
    by_command = how.command(registry)
    assert replayed == by_command or by_command is registry
    assert list(replayed.values()) == list(by_command.values())


@each_forbidden_cell
def test_an_event_is_refused_as_its_command_is(row: str, before: str) -> None:
    """A refused event is refused when it is replayed, and when it is read from data."""
    how = ROWS[row]
    registry = how.start(Status(before))
    with pytest.raises(IllegalTransition):
        _ = VersionRegistry.replay([*registry.events, how.event])
    data = registry.to_dict()
    data["events"].append(how.event.to_dict())
    with pytest.raises(InvalidData) as refusal:
        _ = VersionRegistry.from_dict(data)
    assert refusal.value.place == f"events[{registry.revision}]"


@each_forbidden_cell
def test_a_refusal_names_the_command_that_helps(row: str, before: str) -> None:
    """The message names the version, its status in words with the reason, and what to do."""
    how = ROWS[row]
    registry = how.start(Status(before))
    with pytest.raises(IllegalTransition) as refusal:
        _ = how.command(registry)
    message = str(refusal.value)
    assert "'it'" in message
    assert Status(before).value.replace("_", " ") in message
    assert registry["it"].reason in message
    assert "registry = registry.reinstate('it'" in message


@pytest.mark.parametrize(("row", "attempted", "words"), [
    ("deploy", "deploy", "deploy 'it'"),
    ("mark_stable", "mark_stable", "mark 'it' stable"),
    ("target of roll_back", "roll_back", "roll back to 'it'"),
])  # fmt: skip
def test_a_refusal_names_what_was_tried(row: str, attempted: str, words: str) -> None:
    """The error and its message say what was tried."""
    with pytest.raises(IllegalTransition, match=words) as refusal:
        _ = ROWS[row].command(idle(Status.FAILED))
    assert refusal.value.attempted == attempted


def test_bad_news_about_many() -> None:
    """Bad news is accepted of any version, deployed or not, as often as it comes."""
    registry = deployed("1", "2").register("3")
    for label in ("1", "2", "3", "1"):
        registry = registry.mark_failed(label)
    assert {version.status for version in registry.values()} == {Status.FAILED}


def test_a_verdict_touches_one_version() -> None:
    """A change of one version leaves all others as they are."""
    registry = deployed("1", "2", "3")
    after = registry.mark_failed("2", reason="slow").retire("1").mark_stable("3")
    assert after["2"].status is Status.FAILED
    assert after["1"].status is Status.RETIRED
    assert after["3"].status is Status.STABLE


def test_a_held_version_is_not_promoted_by_a_late_signal() -> None:
    """Automation cannot promote in silence what was just left; `reinstate` is on record."""
    registry = serving(Status.UNPROVEN).observe("base")
    for command in (registry.deploy, registry.mark_stable):
        with pytest.raises(IllegalTransition):
            _ = command("it")
    registry = registry.reinstate("it", reason="false alarm").deploy("it")
    assert registry.current == "it"
    assert Event("reinstated", "it", reason="false alarm") in registry.events


def test_the_cells_of_a_hold() -> None:
    """The two cells that depend on the time before are tested in `test_holds`."""
    assert [cell for cell in CELLS if cell[2] == WHAT_IT_WAS] == [
        ("reinstate", "rolled_back", WHAT_IT_WAS),
        ("observed", "rolled_back", WHAT_IT_WAS),
    ]
