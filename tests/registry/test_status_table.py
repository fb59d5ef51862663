"""Section 2.2: how statuses change, cell by cell."""

import pytest

from lastgood import Event, IllegalTransition, InvalidData, Status, VersionRegistry
from tests.registry.making import answers, deployed, idle, serving
from tests.registry.status_table import ALLOWED, CELLS, FORBIDDEN, ROWS, TABLE, VERDICTS

each_allowed_cell = pytest.mark.parametrize(("row", "before", "after"), ALLOWED)
each_forbidden_cell = pytest.mark.parametrize(("row", "before"), FORBIDDEN)

allowed_verdicts = [cell for cell in ALLOWED if cell[0] in VERDICTS]
forbidden_verdicts = [cell for cell in FORBIDDEN if cell[0] in VERDICTS]


def test_the_table_is_complete() -> None:
    """Every row says something of every status."""
    assert set(ROWS) == set(TABLE)
    assert len(CELLS) == len(ROWS) * len(Status)


def test_the_five_statuses() -> None:
    """The values of `Status` are the words of plain data."""
    assert [status.value for status in Status] == [
        "unproven",
        "stable",
        "failed",
        "rolled_back",
        "retired",
    ]


@pytest.mark.parametrize("status", Status)
def test_every_status_is_reached(status: Status) -> None:
    """The registries from which the tests below start have the status they are there for."""
    assert idle(status)["it"].status is status
    assert idle(status).current == "base"
    assert serving(status)["it"].status is status
    assert serving(status).current == "it"


@each_allowed_cell
def test_what_the_table_allows(row: str, before: str, after: str) -> None:
    """The status after an event is what the table says."""
    how = ROWS[row]
    registry = how.command(how.start(Status(before)))
    assert registry["it"].status is Status(after)


@each_forbidden_cell
def test_what_the_table_refuses(row: str, before: str) -> None:
    """What the table refuses is an `IllegalTransition` with the facts, and changes nothing."""
    how = ROWS[row]
    registry = how.start(Status(before))
    facts = answers(registry)
    with pytest.raises(IllegalTransition) as refusal:
        _ = how.command(registry)
    assert refusal.value.version == "it"
    assert refusal.value.status is Status(before)
    assert refusal.value.reason == registry["it"].reason
    assert answers(registry) == facts


@pytest.mark.parametrize(("row", "before", "after"), allowed_verdicts)
def test_what_the_table_allows_of_the_current_version(row: str, before: str, after: str) -> None:
    """A verdict means the same for the version that serves."""
    registry = ROWS[row].command(serving(Status(before)))
    assert registry["it"].status is Status(after)
    assert registry.current == "it"


@pytest.mark.parametrize(("row", "before"), forbidden_verdicts)
def test_what_the_table_refuses_of_the_current_version(row: str, before: str) -> None:
    """A refusal does not depend on whether the version serves."""
    with pytest.raises(IllegalTransition):
        _ = ROWS[row].command(serving(Status(before)))


@each_allowed_cell
def test_an_event_does_what_its_command_does(row: str, before: str, after: str) -> None:
    """An allowed event that is replayed makes the registry that the command makes."""
    how = ROWS[row]
    registry = how.start(Status(before))
    replayed = VersionRegistry.replay([*registry.events, how.event])
    assert replayed["it"].status is Status(after)
    assert replayed == how.command(registry)


@each_forbidden_cell
def test_an_event_is_refused_as_its_command_is(row: str, before: str) -> None:
    """What the table refuses is refused when it is replayed, and when it is read from data."""
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
    if row != "reinstate":
        assert "reinstate it first" in message
        assert "registry.reinstate('it'" in message


@pytest.mark.parametrize(("row", "tried"), [
    ("deploy", "deploy"),
    ("mark_stable", "mark 'it' stable"),
    ("target of roll_back", "roll.back"),
])  # fmt: skip
def test_a_refusal_names_what_was_tried(row: str, tried: str) -> None:
    """The message says what was tried."""
    with pytest.raises(IllegalTransition, match=tried):
        _ = ROWS[row].command(idle(Status.FAILED))


def test_reinstating_what_is_good_is_refused_with_a_word_why() -> None:
    """Where there is nothing to reinstate, the message says that."""
    with pytest.raises(IllegalTransition, match="reinstate"):
        _ = deployed("1").reinstate("1")


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


def test_what_was_just_rolled_back_is_not_deployed_again() -> None:
    """Automation cannot promote again in silence what was left; `reinstate` is on record."""
    registry = serving(Status.UNPROVEN).observe("base")
    with pytest.raises(IllegalTransition):
        _ = registry.deploy("it")
    registry = registry.reinstate("it", reason="false alarm").deploy("it")
    assert registry.current == "it"
    assert Event("reinstated", "it", reason="false alarm") in registry.events
