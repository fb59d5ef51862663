"""Every value shows itself in a notebook."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from typing_extensions import override

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
from lastgood.render import svg
from lastgood.rules import Except, Stable
from lastgood.testing import LawReport
from tests.registry.making import deployed
from tests.render.histories import hostile_registries
from tests.render.stories import (
    HOSTILE,
    NOON,
    SERVED_LAST,
    down,
    failed_update,
    hostile,
    images,
    rolled_back,
    show,
    undeployed,
)
from tests.rows import each_row


class Page(HTMLParser):
    """What a browser makes of a page: its tags, and the texts inside of one kind of them."""

    def __init__(self, page: str, inside: str = "td") -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []
        self._inside = inside
        self.feed(page)
        self.close()

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == self._inside:
            self.texts.append("")

    @override
    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] == self._inside:
            self.texts[-1] += data


def elements(picture: str) -> list[ET.Element]:
    """Return the elements of a drawing."""
    return [*ET.fromstring(picture).iter()]  # noqa: S314  # it is our own


def test_a_registry() -> None:
    """It shows its drawing, and below it a table of its versions, the last one on top."""
    registry = failed_update().register("v1.3", digest="sha256:9f86d0")
    registry = registry.annotate("v1.3", {"auc": 0.91})
    page = show(registry)
    assert images(page) == [svg(registry)]
    assert Page(page, "summary").texts == ["4 versions"]
    cells = Page(page).texts
    assert cells[:5] == ["v1.3", "unproven", "never", "auc=0.91", "sha256:9f86d0"]
    assert cells[5:10] == ["v1.2", "failed: p99 900 ms", "1 time", "", ""]


def test_a_registry_in_which_nothing_serves() -> None:
    """It says so, and which version served last."""
    page = show(undeployed())
    assert 'alt="Nothing serves; v1.1 served last: unproven. 2 deployments' in page
    (picture,) = images(page)
    assert ">served last</text>" in picture


def test_an_empty_registry() -> None:
    """It says that nothing was deployed, and has no table."""
    assert "Nothing was deployed; 0 versions registered" in show(VersionRegistry())
    assert "table" not in Page(show(VersionRegistry())).tags


def test_many_versions() -> None:
    """Of many versions the last twenty are in the table, and it says of how many."""
    page = Page(show(down(30)), "summary")
    assert page.texts == ["The last 20 of 31 versions"]
    assert page.tags.count("tr") == 1 + 20


def test_a_plan() -> None:
    """It shows the way as a picture, and its explanation as a table that is opened with a click."""
    page = show(LastStable().plan(failed_update()))
    assert Page(page, "b").texts == ["Roll back v1.2 \N{RIGHTWARDS ARROW} v1.0"]
    assert Page(page, "code").texts == ["LastStable()"]
    assert Page(page).texts == ["rejected", "v1.1", "unproven", "accepted", "v1.0", "stable"]
    assert 'alt="Roll back v1.2 to v1.0. The plan goes back from v1.2 to v1.0, stable.' in page
    (picture,) = images(page)
    labels = [each.text for each in elements(picture) if each.get("class") == "label"]
    assert labels == ["v1.2", "v1.1", "v1.0"]
    assert picture.count('class="no"') == 1


def test_a_plan_that_says_little() -> None:
    """The target is there, also where the plan has no candidates."""
    page = show(RollbackPlan("2", "1", "by hand", "me", 1, "1-00000000", ()))
    assert Page(page).texts == ["accepted", "1", "by hand"]
    assert 'class="no"' not in images(page)[0]


def test_a_plan_by_hand_with_two_that_would_do() -> None:
    """Only what was rejected has a cross."""
    considered = (Candidate.accept("1", "fine"), Candidate.accept("0", "better"))
    page = show(RollbackPlan("2", "0", "better", "me", 1, "1-00000000", considered))
    assert 'class="no"' not in images(page)[0]


def test_a_plan_says_who_rejected() -> None:
    """As in the explanation, where that was not the strategy itself."""
    plan = Previous().where(Except("2")).plan(deployed("1", "2", "3"), leaving="3")
    assert "[Except('2')]" in Page(show(plan)).texts[2]


def test_a_review() -> None:
    """It shows where the way back is, and every candidate with its reason."""
    page = show(LastStable().review(failed_update()))
    assert Page(page, "b").texts == ["From v1.2 the way back is v1.0"]
    assert Page(page, "code").texts == ["LastStable()"]
    assert Page(page).texts == ["rejected", "v1.1", "unproven", "accepted", "v1.0", "stable"]
    nowhere = show(LastStable().review(deployed("1", "2")))
    assert Page(nowhere, "b").texts == ["From 2 there is no way back"]
    assert Page(show(LastStable().review(deployed("1")))).texts == []


def test_a_plan_with_many_candidates() -> None:
    """As in the explanation the first are shown, and the target; the rest is counted."""
    cells = Page(show(LastStable().plan(down(30)))).texts
    assert len(cells) == 3 * (19 + 1 + 1)
    assert cells[-6:] == ["", "and 10 more", "", "accepted", "good", "stable"]


@given(registry=hostile_registries)
def test_nothing_is_markup(registry: VersionRegistry) -> None:
    """Labels, reasons, metadata and digests are texts, whatever they say."""
    tags = set(Page(show(registry)).tags)
    assert tags <= {
        *("div", "img", "details", "summary", "table", "caption", "b", "br", "code"),
        *("thead", "tbody", "tr", "th", "td"),
    }
    assert show(registry) == show(VersionRegistry.replay(registry.events))


@each_row("text", HOSTILE)
def test_metadata_is_escaped(text: str) -> None:
    """A version may be called `<script>`, and so may everything that is recorded of it."""
    registry = VersionRegistry().register(text, metadata={text: text}, digest=text)
    page = show(registry.deploy(text).mark_failed(text, reason=text))
    assert "<script" not in page
    assert Page(page).tags.count("td") == 5


@each_row("text", HOSTILE)
def test_a_plan_is_escaped(text: str) -> None:
    """The labels, the reasons and the strategy of a plan or a review are texts as well."""
    page = show(RollbackPlan(text, text, text, text, 1, "1-00000000", ()))
    assert Page(page).tags.count("td") == 3
    assert "<script" not in page
    review = show(Pinned(text).review(deployed(text, "other")))
    assert Page(review).tags.count("td") == 3
    assert "<script" not in review


def test_hostile_plans() -> None:
    """A plan with many such candidates is a table with a row for each, and a picture of them."""
    plan = Previous().plan(hostile(), leaving=SERVED_LAST)
    page = show(plan)
    assert Page(page).tags.count("tr") == 1 + len(plan.considered)
    (picture,) = images(page)
    drawn = {each.tag.rpartition("}")[2] for each in elements(picture)}
    assert drawn <= {"svg", "title", "desc", "style", "rect", "g", "path", "circle", "text"}


def test_it_is_paid_for_where_it_is_shown() -> None:
    """Importing the library loads nothing that draws: a job that only decides does not pay."""
    program = (
        "import sys, lastgood\n"
        "before = {name for name in sys.modules if name.startswith('lastgood')}\n"
        "registry = lastgood.VersionRegistry().register('1').deploy('1')\n"
        "_ = registry._repr_html_()\n"
        "after = {name for name in sys.modules if name.startswith('lastgood')} - before\n"
        "print(*sorted(after))\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    loaded = answer.stdout.split()
    drawing = {"lastgood.render", "lastgood.render._notebook", "lastgood.render._html"}
    assert drawing <= set(loaded)


# Other values


def test_a_version() -> None:
    """It shows each fact that is known of it in a row of its own."""
    registry = VersionRegistry().register("v1", metadata={"auc": 0.9}, digest="sha256:aa", at=NOON)
    registry = registry.deploy("v1").mark_failed("v1", reason="p99 900 ms")
    page = show(registry["v1"])
    assert Page(page, "b").texts == ["v1"]
    assert Page(page).texts == [
        *("status", "failed: p99 900 ms", "digest", "sha256:aa", "metadata", "auc=0.9"),
        *("registered (UTC)", "2026-05-01 12:00", "deployed", "1 time"),
    ]


def test_events() -> None:
    """They stand one below the other, with the keys that one of them has."""
    registry = VersionRegistry().register("v1", metadata={"auc": 0.9}).deploy("v1", by="ana")
    page = show(registry.events)
    assert Page(page, "b").texts == ["2 on record"]
    assert Page(page, "th").texts == ["", "kind", "version", "metadata", "by"]
    assert Page(page).texts == [
        "1",
        "registered",
        "v1",
        "auc=0.9",
        "",
        *("2", "deployed", "v1"),
        "",
        "ana",
    ]


def test_an_event() -> None:
    """It shows each fact that it states in a row of its own."""
    registry = VersionRegistry().register("v1").deploy("v1", by="ana", at=NOON, reason="release")
    page = show(registry.events[-1])
    assert Page(page, "b").texts == ["deployed: v1"]
    assert Page(page).texts == ["at (UTC)", "2026-05-01 12:00", "reason", "release", "by", "ana"]


def test_a_deployment() -> None:
    """As an event, with its revision and whether it rewound."""
    page = show(rolled_back().deployments[-1])
    assert Page(page, "b").texts == ["rolled back: v1.0"]
    assert Page(page).texts == ["revision", "9", "rewound", "yes"]


def test_a_short_text_is_not_broken() -> None:
    """A time or a word stays on one line in a narrow table; what has no room breaks anywhere."""
    page = show(VersionRegistry().register("v1", digest="sha256:" + "9f86d0" * 9, at=NOON)["v1"])
    nowrap = [style for style in re.findall(r'<td style="([^"]*)"', page) if "nowrap" in style]
    assert len(nowrap) == len(Page(page).texts) - 1


def test_deployments() -> None:
    """They show how each came about; of many the last twenty are shown."""
    registry = rolled_back()
    page = show(registry.deployments)
    assert Page(page).texts[-5:] == ["4", "9", "v1.0", "rolled back", "yes"]
    many = Page(show(down(30).deployments), "b")
    assert many.texts == ["The last 20 of 31"]
    assert Page(show(down(30).deployments)).tags.count("tr") == 1 + 20


def test_no_way_back() -> None:
    """The error shows every version with the reason, and below that what can be done."""
    registry = deployed("1", "2").mark_failed("2")
    with pytest.raises(NoRollbackTarget) as refusal:
        _ = LastStable().plan(registry)
    page = show(refusal.value)
    assert Page(page, "b").texts == ["No way back from 2"]
    assert Page(page).texts == ["rejected", "1", "unproven"]
    assert "Pinned(&#x27;1&#x27;)" in page
    assert page.endswith("deploy a new version.</div>")


def test_a_report() -> None:
    """It shows the laws, and how much was checked."""
    report = LawReport("LastStable()", ("deterministic",), 1990, 22346, 475, {"replays": "random"})
    assert Page(show(report), "code").texts == ["LastStable()"]
    assert Page(show(report)).texts == [
        *("laws that hold", "deterministic", "registries", "1,990"),
        *("of them with a target", "475", "decisions", "22,346", "waived: replays", "random"),
    ]


def test_a_strategy_is_a_funnel() -> None:
    """From the order through the rules to the safety check, which is always last."""
    page = show(LastStable().where(Except("2"), Stable()))
    assert Page(page, "code").texts == ["LastStable()", "Except('2')", "Stable()", "Safe()"]
    assert "Go back to the nearest version that served and was marked stable." in page


def test_several_strategies_are_asked_in_turn() -> None:
    """Each has a box, and rules on all of them stand below the frame."""
    strategy = (Pinned("1").where(Stable()) | LastStable()).where(Except("2"))
    page = show(strategy)
    codes = ["Pinned('1')", "Stable()", "LastStable()", "Except('2')", "Safe()"]
    assert Page(page, "code").texts == codes
    assert page.count("or else") == 1


def test_a_strategy_of_ones_own_is_a_funnel() -> None:
    """It needs no docstring, and what it says of itself is text."""
    assert Page(show(Undocumented()), "code").texts == ["<Undocumented>", "Safe()"]


class Undocumented(RollbackStrategy):  # noqa: D101  # that is what is tried
    __slots__ = ()

    @override
    def candidates(self, registry: VersionRegistry, /) -> list[Candidate]:
        return []

    @override
    def __repr__(self) -> str:
        return "<Undocumented>"


@each_row("text", HOSTILE)
def test_other_values_are_escaped(text: str) -> None:
    """Nothing that is recorded, and no parameter, is markup."""
    registry = VersionRegistry().register(text, metadata={text: text}, digest=text)
    registry = registry.deploy(text, by=text).mark_failed(text, reason=text)
    strategy = Pinned(text).where(Except(text)) | LastStable()
    with pytest.raises(NoRollbackTarget) as refusal:
        _ = strategy.plan(registry)
    for value in (
        *(registry[text], registry.events, registry.deployments, strategy, refusal.value),
        *(registry.events[-1], registry.deployments[-1]),
    ):
        assert "<script" not in show(value)
