"""The deployments as plain text."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood import LastStable, VersionRegistry
from lastgood.render import timeline
from tests.registry.making import back, deployed, hour, lineage, untyped
from tests.render.histories import hostile_registries, plain_registries
from tests.render.stories import (
    HOSTILE,
    NOON,
    again_and_again,
    down,
    failed_update,
    hostile,
    in_a_row,
    rolled_back,
    undeployed,
)
from tests.rows import each_row


def columns(line: str) -> int:
    """Return how many columns a terminal needs for a line."""
    wide = [2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line]
    return sum(0 if unicodedata.combining(each) else w for each, w in zip(line, wide, strict=True))


def rows(text: str, total: int) -> list[tuple[str, int]]:
    """Return the mark and the number of every row, given the number of deployments."""
    digits = len(str(total))
    found = re.findall(rf"^(=> |-- |   )(?=[ \d]{{{digits}}}  ) *(\d+)  ", text, re.MULTILINE)
    return [(mark, int(number)) for mark, number in found]


def lineage_rows(text: str) -> list[tuple[str, str]]:
    """Return the numbers and the labels of the rows whose marks are the leftmost."""
    return re.findall(r"^(?:=> |-- |   ) *(\d+)  (?:[\d: -]{16}  )?o *  (\S+)", text, re.MULTILINE)


# What is shown


def test_a_rollback() -> None:
    """What led to the current version stands to the left; what was left, further out."""
    assert timeline(rolled_back()).splitlines() == [
        "4 deployments, oldest first; => is current",
        "   1  o    v1.0  stable",
        "   2  | o  v1.1  unproven",
        "   3  | o  v1.2  failed: p99 900 ms",
        "=> 4  o    v1.0  stable; back from v1.2",
    ]


def test_nothing_deployed() -> None:
    """Where nothing was deployed it says so, and how many versions there are."""
    registry = VersionRegistry().register("1").register("2")
    assert timeline(registry) == "Nothing was deployed; 2 versions registered"


def test_how_a_deployment_came_about() -> None:
    """A rollback says from where and why, an observation and a second deployment say what they are.

    The status is the one known now: a hold is lifted by an observation.
    """
    registry = deployed("1", "2", "2").mark_stable("1").register("3")
    registry = registry.roll_back(LastStable().plan(registry, leaving="2"), reason="slow")
    registry = registry.observe("3", reason="by hand").observe("1")
    registry = registry.observe("2")
    assert [line[3:] for line in timeline(registry).splitlines()[1:]] == [
        "1  o    1  stable",
        "2  | o  2  unproven; undeployed",
        "3  | o  2  unproven; deployed again",
        "4  o    1  stable; back from 2: slow",
        "5  | o  3  rolled back to 1; observed: by hand",
        "6  o    1  stable; observed, back from 3",
        "7  o    2  unproven; observed",
    ]


def test_who_and_why() -> None:
    """Whatever brought a version into service or took it out: who said so, and why."""
    registry = VersionRegistry().register("1").deploy("1", by="ci", reason="train 7").register("2")
    registry = registry.mark_stable("1").deploy("2", reason="hotfix")
    registry = back(registry, "1", source="2", by="monitor/p99", reason="900 ms")
    registry = registry.observe("2", by="ana").undeploy("2", by="ana", reason="moved")
    registry = registry.observe("2", reason="moved back")
    assert [line[3:] for line in timeline(registry).splitlines()[1:]] == [
        "1  o    1  stable; deployed by ci: train 7",
        "2  | o  2  unproven; deployed: hotfix",
        "3  o    1  stable; back from 2 by monitor/p99: 900 ms",
        "4  o    2  unproven; observed by ana; undeployed by ana: moved",
        "5  o    2  unproven; observed again: moved back",
    ]


def test_nothing_serves() -> None:
    """After an undeploy the version that served last is marked as such, and nothing as current."""
    assert timeline(undeployed()).splitlines() == [
        "2 deployments, oldest first; times in UTC; -- served last, nothing serves now",
        "   1  2026-05-01 12:00  o  v1.0  stable",
        "-- 2  2026-05-01 12:00  o  v1.1  unproven; deployed by pipeline 7; undeployed",
        "                                 2026-05-02 12:00 by ana: end of the season",
    ]


def test_a_rollback_after_an_undeploy() -> None:
    """It goes back from what served last, and its target serves."""
    plan = LastStable().plan(undeployed(), leaving="v1.1")
    heading, _, *shown = timeline(undeployed().roll_back(plan)).splitlines()
    assert heading.endswith("; => is current")
    assert shown[-1] == "=> 3                    o    v1.0  stable; back from v1.1"


def test_a_time_of_an_undeploy_alone() -> None:
    """It is shown in UTC as well, without a column of times."""
    registry = deployed("1").undeploy("1", at=NOON)
    assert timeline(registry).splitlines() == [
        "1 deployment, oldest first; times in UTC; -- served last, nothing serves now",
        "-- 1  o  1  unproven; undeployed 2026-05-01 12:00",
    ]


def test_an_undeploy_among_many_other_events() -> None:
    """It is found among any number of events between two deployments, whatever they are."""
    for before, after in ((0, 0), (0, 9), (9, 0), (5, 8)):
        registry = deployed("1").register("2")
        for place in range(before):
            registry = registry.annotate("2", {"count": place})
        registry = registry.undeploy("1", reason="moved")
        for place in range(after):
            registry = registry.annotate("1", {"count": place})
        for known in (registry, registry.deploy("2")):
            assert timeline(known).splitlines()[1][6:] == "o  1  unproven; undeployed: moved"


def test_a_hold_that_was_lifted() -> None:
    """The status is the one known now, and the rollback stays in the history."""
    registry = deployed("1", "2").mark_stable("2")
    registry = back(registry, "1", source="2", reason="a rehearsal")
    assert "2  | o  2  rolled back: a rehearsal" in timeline(registry)
    shown = timeline(registry.reinstate("2"))
    assert "2  | o  2  stable" in shown
    assert "back from 2: a rehearsal" in shown


def test_an_annotation_draws_nothing() -> None:
    """Facts about versions are no deployments."""
    assert timeline(undeployed().annotate("v1.0", {"auc": 0.9})) == timeline(undeployed())


def test_times_where_recorded() -> None:
    """A deployment has its time in UTC; without one the column is empty or missing."""
    registry = deployed("1").register("2").deploy("2", at=hour(0))
    heading, first, second = timeline(registry).splitlines()
    assert "times in UTC" in heading
    assert first == "   1                    o  1  unproven"
    assert second == "=> 2  2024-05-01 12:00  o  2  unproven"
    assert "UTC" not in timeline(deployed("1"))


def test_the_last_of_many() -> None:
    """Of many the last ones are shown, and how many came before."""
    heading, before, *shown = timeline(deployed(*map(str, range(3000))), last=3).splitlines()
    assert heading == "The last 3 of 3,000 deployments, oldest first; => is current"
    assert before == "         :  2,997 came before"
    assert rows("\n".join(shown), 3000) == [("   ", 2998), ("   ", 2999), ("=> ", 3000)]


def test_twenty_are_shown() -> None:
    """Unless another number is given, twenty are."""
    assert len(rows(timeline(down(30)), 31)) == 20


def test_what_is_gone_back_to_may_have_come_before() -> None:
    """A rollback to a version that is not shown stands to the left of what it left."""
    registry = again_and_again(2)
    assert [line[6:] for line in timeline(registry, last=2).splitlines()[2:]] == [
        "| o  v1    failed: probe red",
        "o    good  stable; back from v1",
    ]
    assert timeline(registry, last=1).splitlines()[-1] == "=> 5  o  good  stable; back from v1"


def test_a_target_beside_the_lineage_takes_the_place_of_what_is_left() -> None:
    """What it left lies further out, and nothing passes it where nothing came before."""
    registry = deployed("1").register("other")
    registry = back(registry, "other", source="1")
    assert [line[6:] for line in timeline(registry).splitlines()[1:]] == [
        "  o  1      rolled back to other",
        "o    other  unproven; back from 1",
    ]


def test_many_rollbacks_in_a_row() -> None:
    """Lanes end at the sixth, so that there is room for the words."""
    text = timeline(in_a_row(30), last=60)
    assert max(line.count("| ") for line in text.splitlines()) == 5
    assert len(rows(text, 60)) == 60


def test_long_labels_are_shown_whole() -> None:
    """A label is an identity and never cut; a reason is."""
    label, reason = "x" * 256, "y" * 256
    text = timeline(deployed("1", label).mark_failed(label, reason=reason))
    assert text.count("x") == 256
    assert 100 < text.count("y") < 200


def test_hostile_texts_stay_on_their_lines() -> None:
    """No label or reason adds a line, turns one round, or makes one wider than 80 columns."""
    text = timeline(hostile(), last=100)
    assert max(map(columns, text.splitlines())) == 80
    total = len(HOSTILE) + 1
    assert [number for _, number in rows(text, total)] == [*range(1, total + 1)]


@each_row(
    ("character", "taken"),
    [
        ("a", 1),
        ("\N{LATIN SMALL LETTER E WITH ACUTE}", 1),
        ("\N{CJK UNIFIED IDEOGRAPH-65E5}", 2),
        ("\N{ROCKET}", 2),
        ("\N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16}", 2),
        ("e\N{COMBINING ACUTE ACCENT}", 1),
        ("\N{ARABIC NUMBER SIGN}", 1),
        ("\uffff", 2),
    ],
)
def test_columns(character: str, taken: int) -> None:
    """Columns stay in line under wide and combining characters, as terminals show them."""
    first, second = timeline(deployed(character * 4, "x" * 20)).splitlines()[1:]
    assert first.index("unproven") + 4 * (taken - len(character)) == second.index("unproven")


def test_a_heading_is_broken_too() -> None:
    """The heading keeps to 80 columns as well, however many there are."""
    registry = VersionRegistry().register("1")
    for place in range(2001):
        registry = registry.deploy("1", at=hour(place)).undeploy("1")
    lines = timeline(registry, last=2000).splitlines()
    assert max(map(columns, lines)) <= 80


# What holds for every registry


@given(registry=hostile_registries, last=st.integers(1, 30))
def test_no_line_is_wider_than_80_columns(registry: VersionRegistry, last: int) -> None:
    """Nor has it a character that moves the cursor, or white space at its end."""
    for line in timeline(registry, last=last).splitlines():
        assert columns(line) <= 80
        assert line == line.rstrip()
        assert not any(unicodedata.category(character) == "Cc" for character in line)


@given(registry=hostile_registries, last=st.integers(1, 30))
def test_the_last_are_shown(registry: VersionRegistry, last: int) -> None:
    """At most ``last`` deployments are shown, in order; the last one is marked, and no other."""
    total = len(registry.deployments)
    found = rows(timeline(registry, last=last), total)
    assert [number for _, number in found] == [*range(1, total + 1)][-last:]
    mark = "-- " if registry.current is None else "=> "
    assert [each for each, _ in found if each != "   "] == [mark][:total]


@given(registry=plain_registries)
def test_the_leftmost_marks_are_the_lineage(registry: VersionRegistry) -> None:
    """From the bottom up they are what served last, and what `lineage` answers."""
    found = [label for _, label in reversed(lineage_rows(timeline(registry, last=100)))]
    labels = [*dict.fromkeys(found)]
    served_last = [each.version for each in registry.deployments[-1:]]
    assert labels == [*served_last, *lineage(registry)]


@given(registry=plain_registries, last=st.integers(1, 10))
def test_what_is_not_shown_changes_nothing(registry: VersionRegistry, last: int) -> None:
    """The lineage among the last few is what it is among all, wherever they begin."""
    total = len(registry.deployments)
    whole = [
        row for row in lineage_rows(timeline(registry, last=100)) if int(row[0]) > total - last
    ]
    assert lineage_rows(timeline(registry, last=last)) == whole


@given(registry=hostile_registries)
def test_an_equal_registry_is_drawn_alike(registry: VersionRegistry) -> None:
    """The same text comes from a registry and from its replay."""
    assert timeline(registry) == timeline(VersionRegistry.replay(registry.events))


# What is refused


@pytest.mark.parametrize("wrong", [{}, None, "v1.0", VersionRegistry])
def test_only_registries_are_drawn(wrong: object) -> None:
    """Anything else is a `TypeError` that names what it is."""
    with pytest.raises(TypeError, match="a picture is drawn of a VersionRegistry, not of "):
        _ = timeline(untyped(wrong))


@pytest.mark.parametrize(("wrong", "error"), [(0, ValueError), (True, TypeError), ("3", TypeError)])
def test_at_least_one_is_shown(wrong: object, error: type[Exception]) -> None:
    """`last` is a whole number, 1 at the least."""
    with pytest.raises(error, match="last must be"):
        _ = timeline(deployed("1"), last=untyped(wrong))


# A plan


def test_a_plan_is_marked_and_explained() -> None:
    """The target and what was passed over have a mark each, and the explanation stands below."""
    registry = failed_update()
    plan = LastStable().plan(registry)
    assert timeline(registry, plan=plan).splitlines() == [
        "3 deployments, oldest first; => is current; -> the plan goes back to; x it",
        "passes over",
        "-> 1  o  v1.0  stable",
        "x  2  o  v1.1  unproven",
        "=> 3  o  v1.2  failed: p99 900 ms",
        "",
        *plan.explain().splitlines(),
    ]


def test_a_plan_for_what_is_not_shown() -> None:
    """Marks are explained if they occur; the explanation names the target all the same."""
    registry = down(5)
    text = timeline(registry, plan=LastStable().plan(registry), last=2)
    assert "->" not in text.splitlines()[0]
    assert "x  " in text
    assert "Roll back v4 -> good" in text


def test_a_plan_that_is_carried_out() -> None:
    """The last line keeps its own mark, also if the plan went there."""
    plan = LastStable().plan(failed_update())
    assert "=> 4  o    v1.0  stable; back from v1.2" in timeline(rolled_back(), plan=plan)


def test_a_plan_without_deployments() -> None:
    """Below the heading that nothing was deployed, the plan is explained."""
    plan = LastStable().plan(failed_update())
    assert timeline(VersionRegistry(), plan=plan).endswith("\n\n" + plan.explain())


def test_only_plans_are_drawn() -> None:
    """Anything else is a `TypeError` that says what to write."""
    with pytest.raises(TypeError, match="must be what"):
        _ = timeline(failed_update(), plan=untyped("v1.0"))
