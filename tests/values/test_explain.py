"""Section 7: a decision in a few lines that a tired person can read."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood import (
    Candidate,
    LastStable,
    NoRollbackTarget,
    Pinned,
    Previous,
    RollbackPlan,
    RollbackStrategy,
    VersionRegistry,
)
from lastgood.rules import Except
from tests.registry.making import deployed
from tests.rows import each_row


def no_target(
    strategy: RollbackStrategy, registry: VersionRegistry, *, leaving: str
) -> NoRollbackTarget:
    """Return the refusal of a strategy that finds no target."""
    with pytest.raises(NoRollbackTarget) as refusal:
        _ = strategy.plan(registry, leaving=leaving)
    return refusal.value


def a_plan(*considered: Candidate) -> RollbackPlan:
    """Return a plan that considered these candidates."""
    return RollbackPlan("2", "1", "stable", "me", 7, "7-0", considered)


def many(number: int) -> VersionRegistry:
    """Return a registry with ``number`` failed versions between "good" and "bad", which serves."""
    labels = [f"v{place}" for place in range(number)]
    registry = deployed("good", *labels, "bad").mark_stable("good").mark_failed("bad")
    for label in labels:
        registry = registry.mark_failed(label, reason=f"alarm {label}")
    return registry


def marked(text: str) -> list[str]:
    """Return the lines of the candidates that an explanation shows."""
    return [line for line in text.splitlines() if re.match(r"  [x>]  \S", line)]


# The layout


def test_the_example_of_the_contract() -> None:
    """The heading has the two versions and the strategy; each line a mark, a label, a reason."""
    registry = deployed("v1.0", "v1.1", "v1.2", "v1.3").mark_stable("v1.0")
    registry = registry.mark_failed("v1.2", reason="tokenizer mismatch")
    assert LastStable().plan(registry, leaving="v1.3").explain() == (
        "Roll back v1.3 -> v1.0    LastStable()\n"
        "  x  v1.2   failed: tokenizer mismatch\n"
        "  x  v1.1   unproven\n"
        "  >  v1.0   stable"
    )


def test_reasons_stand_in_one_column() -> None:
    """Labels of different lengths are followed by reasons in one column."""
    registry = deployed("1", "long-label", "22", "3").mark_stable("1")
    lines = LastStable().plan(registry, leaving="3").explain().splitlines()
    assert lines[1:] == [
        "  x  22           unproven",
        "  x  long-label   unproven",
        "  >  1            stable",
    ]


def test_who_said_so_is_left_out_if_there_is_only_one() -> None:
    """The explanation of one strategy alone names it once."""
    text = LastStable().plan(deployed("1", "2").mark_stable("1"), leaving="2").explain()
    assert text.count("LastStable()") == 1


def test_each_line_of_a_composite_says_by_whom() -> None:
    """In a composite, each line names the strategy or the rule that said so."""
    registry = deployed("1", "2", "3")
    strategy = LastStable() | Previous().where(Except("2"))
    text = strategy.plan(registry, leaving="3").explain()
    assert repr(strategy) in text
    lines = marked(text)
    assert len(lines) == 4
    assert all("LastStable()" in line for line in lines[:2])
    assert "Except('2')" in lines[2]
    assert "Previous()" in lines[3]
    assert lines[3].strip().startswith(">")


def test_the_same_reason_is_said_once() -> None:
    """A version that two strategies reject with the same reason stands on one line."""
    registry = deployed("0", "1", "2").mark_failed("1", reason="slow")
    text = (LastStable() | Previous()).plan(registry, leaving="2").explain()
    assert text.count("failed: slow") == 1
    assert [line.split()[1] for line in marked(text)] == ["1", "0", "0"]


def test_each_line_of_a_composite_without_a_target_says_by_whom() -> None:
    """The same holds without a target: each version with the same reason once."""
    registry = deployed("1", "2").register("spare").mark_failed("1")
    refusal = no_target(
        LastStable() | Pinned("spare").where(Except("spare")), registry, leaving="2"
    )
    text = refusal.explain()
    assert text.count("failed") == 1
    assert any("LastStable()" in line for line in marked(text))
    assert any("Except('spare')" in line for line in marked(text))


def test_no_way_back() -> None:
    """Without a target the heading says so, with the source and the strategy, then the reasons."""
    registry = deployed("v1.0", "v1.1").mark_failed("v1.0", reason="slow")
    heading, line = no_target(LastStable(), registry, leaving="v1.1").explain().splitlines()
    assert "v1.1" in heading
    assert "LastStable()" in heading
    assert re.fullmatch(r"  x  v1\.0   failed: slow", line)


def test_no_way_back_and_nothing_to_consider() -> None:
    """If there is no other version, the explanation says that, and is not empty."""
    heading, line = no_target(LastStable(), deployed("1"), leaving="1").explain().splitlines()
    assert "1" in heading
    assert "no other version" in line


# Many candidates


@each_row("number", [18, 19, 20, 21, 22, 50, 500])
def test_many_candidates_are_counted(number: int) -> None:
    """At most about twenty candidates are shown, with the target; the rest is counted."""
    lines = LastStable().plan(many(number)).explain().splitlines()
    shown = marked("\n".join(lines))
    assert len(shown) <= 22
    assert lines[-1].split() == [">", "good", "stable"]
    hidden = number + 1 - len(shown)
    counted = [line for line in lines if "more" in line]
    if hidden:
        assert len(counted) == 1
        assert str(hidden) in counted[0].split()
    else:
        assert counted == []
    assert len(lines) == 1 + len(shown) + len(counted)


@pytest.mark.parametrize("number", [21, 500])
def test_many_candidates_without_a_target_are_counted(number: int) -> None:
    """A refusal is as short as a plan."""
    refusal = no_target(LastStable(), many(number).retire("good"), leaving="bad")
    lines = refusal.explain().splitlines()
    shown = marked("\n".join(lines))
    assert len(refusal.considered) == number + 1
    assert len(lines) <= 25
    (counted,) = [line for line in lines if "more" in line]
    assert str(number + 1 - len(shown)) in counted.split()


def test_nothing_that_was_considered_is_lost() -> None:
    """Candidates that the explanation only counts are still in `considered`."""
    plan = LastStable().plan(many(100))
    assert len(plan.considered) == 101


# Wild texts


@each_row(
    "wild",
    ["a\nb", "a\r\nb", "a\tb", "a\x0bb", "a\x1cb", "a\x85b", "a\u2028b", "a\u2029b", "\n\n", "a\n"],
)
def test_a_reason_stays_on_its_line(wild: str) -> None:
    """A reason with newlines of any kind takes one line."""
    plan = a_plan(Candidate.reject("3", wild), Candidate.accept("1", wild))
    lines = plan.explain().splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("  x  3")
    assert lines[2].startswith("  >  1")


@each_row("wild", ["\x00", "\x1b[31m", "\x7f", "\x9b31m", "\u202e", "\u2066"])
def test_a_reason_cannot_command_a_terminal(wild: str) -> None:
    """Control characters, and those that turn the direction of a line, are not shown."""
    text = a_plan(Candidate.reject("3", f"a{wild}b"), Candidate.accept("1", "fine")).explain()
    assert wild[0] not in text
    assert "a" in text
    assert "b" in text


def test_a_long_reason_is_cut() -> None:
    """A reason of any length leaves the explanation narrow and short."""
    text = a_plan(Candidate.accept("1", "x" * 100_000)).explain()
    assert len(text) < 1_000
    assert "xxx" in text
    assert max(map(len, text.splitlines())) <= 80


def test_a_long_strategy_stands_on_a_line_of_its_own() -> None:
    """A strategy that does not fit beside the heading stands below it."""
    registry = deployed("v1.0", "v1.1").mark_stable("v1.0").mark_failed("v1.1")
    strategy = LastStable().where(Except("a-long-label"), Except("b-long-label")) | Previous()
    heading, *rest = strategy.plan(registry).explain().splitlines()
    assert heading == "Roll back v1.1 -> v1.0"
    assert repr(strategy) in " ".join(" ".join(rest).split())
    assert max(map(len, rest)) <= 80


def test_a_strategy_of_any_length_leaves_the_explanation_readable() -> None:
    """A very long strategy is cut."""
    plan = RollbackPlan("2", "1", "", "x" * 100_000, 7, "7-0", (Candidate.accept("1", "fine"),))
    text = plan.explain()
    assert text.splitlines()[0].startswith("Roll back 2 -> 1")
    assert "xxx" in text
    assert len(text) < 1_000
    assert max(map(len, text.splitlines())) <= 80


@each_row("label", ["x" * 256, "a\u2028b", "a\u202eb", "版本一", "🙂"])
def test_any_label_is_shown(label: str) -> None:
    """A label of any length is shown whole, on one line; all other lines fit 80 columns."""
    registry = deployed("1", label, "3").mark_stable("1").mark_failed("3")
    text = LastStable().plan(registry).explain()
    first, second = marked(text)
    assert max(len(line) for line in text.splitlines() if line != first) <= 80
    assert len(first) <= 80 or first == f"  x  {label}"
    assert second.split() == [">", "1", "stable"]
    assert "\u202e" not in first
    if label.isprintable():
        assert label in first


@given(
    texts=st.lists(st.tuples(st.text(max_size=30), st.booleans()), min_size=1, max_size=60),
    strategy=st.text(st.characters(codec="utf-8"), max_size=40),
)
def test_an_explanation_is_always_short_and_plain(
    texts: list[tuple[str, bool]], strategy: str
) -> None:
    """Whatever the texts, the explanation is short, narrow and plain."""
    candidates: list[Candidate] = []
    for number, (text, accepted) in enumerate(texts):
        reason = text.encode(errors="replace").decode()
        say = Candidate.accept if accepted else Candidate.reject
        candidates.append(say(str(number), reason))
    explained = RollbackPlan("2", "1", "", strategy, 7, "7-0", candidates).explain()
    lines = explained.split("\n")
    assert lines == explained.splitlines()
    assert lines[0].startswith("Roll back 2 -> 1")
    assert len(marked(explained)) == min(len(candidates), 20)
    assert len(lines) <= 50
    assert all(
        character.isprintable() for line in lines for character in line if character < "\xa0"
    )
