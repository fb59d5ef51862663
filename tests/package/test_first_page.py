"""The first screen of the README and that of the site tell the same story, and it is true."""

import re
from typing import Final

from lastgood import LastStable, Previous, VersionRegistry
from tests.package.discovery import ROOT, fences

README: Final = ROOT / "README.md"
INDEX: Final = ROOT / "docs" / "index.md"


def said(text: str) -> str:
    """Return a text on one line, without what only sets it off."""
    return " ".join(re.sub(r"[*]", "", text).split())


def test_both_begin_with_the_same_words() -> None:
    """The claim and the paragraph after it are the same, to the letter."""
    readme, index = (said(page.read_text("utf-8")) for page in (README, INDEX))
    claim = "The update failed. Where do we go back to, and why there?"
    story = readme.partition(claim)[2].partition("![")[0]
    assert len(story) > 200
    assert f"{claim}{story.rstrip()}" in index


def test_both_have_the_same_example() -> None:
    """The first program, and what it prints, are the same."""
    first = [
        [body for tag, body in fences(page) if tag in {"python", "text"}][:2]
        for page in (README, INDEX)
    ]
    assert first[0] == first[1]


def test_what_is_copied_has_no_prompts() -> None:
    """Programs on both pages can be pasted as they are."""
    assert ">>>" not in README.read_text("utf-8") + INDEX.read_text("utf-8")


def test_the_histories_of_the_table() -> None:
    """The column of lastgood is what lastgood answers."""
    rows = INDEX.read_text("utf-8").partition("| what happened")[2].partition("\n\n")[0]
    ours = [line.split("|")[2].strip() for line in rows.splitlines()[2:]]

    twice = {"1": "stable", "2": "failed", "3": "failed"}
    unjudged = {"1": "stable", "2": "unproven", "3": "failed"}
    first, second = (VersionRegistry.from_statuses(each, current="3") for each in (twice, unjudged))
    undone = VersionRegistry.from_statuses(dict.fromkeys(("8", "9", "10"), "stable"), current="10")
    once = undone.roll_back(Previous().plan(undone, leaving="10"))
    again = once.roll_back(Previous().plan(once, leaving="9"))

    other = Previous().plan(second).target
    assert ours == [
        f"**{LastStable().plan(first).target}**",
        f"**{LastStable().plan(second).target}**; or {other}, if you ask for `Previous()`",
        f"**{once.current}, then {again.current}**",
    ]
