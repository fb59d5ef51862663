"""The deployments as a drawing."""

import re
from collections.abc import Iterator
from contextlib import suppress
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood import (
    Candidate,
    LastgoodError,
    LastStable,
    Pinned,
    Previous,
    RollbackPlan,
    Status,
    VersionRegistry,
)
from lastgood.render import svg
from lastgood.rules import Except
from tests.registry.making import back, by_hand, deployed, hour, idle, untyped
from tests.render.histories import hostile_registries
from tests.render.stories import (
    HOSTILE,
    again_and_again,
    down,
    failed_update,
    hostile,
    in_a_row,
    month,
    rolled_back,
    undeployed,
)
from tests.rows import each_row

#: The elements of a drawing: nothing that runs, links, loads or moves.
ELEMENTS = {"svg", "title", "desc", "style", "rect", "g", "path", "circle", "text"}
ATTRIBUTES = {
    "aria-labelledby", "class", "cx", "cy", "d", "height", "id", "r", "role", "rx", "transform",
    "viewBox", "width", "x", "y",
}  # fmt: skip

#: How wide characters are in DejaVu Sans, of the usual fonts the widest, in 2048ths of its size; an
#: ideograph is as wide as high.
WIDTHS = {
    563: "'", 569: "ijl", 604: "IJ", 651: ",.", 690: "/:;\\|", 721: "f", 739: "-", 799: "()[]",
    803: "t", 821: "!", 842: "r", 942: '"', 1024: "*_`", 1067: "s", 1075: "z", 1087: "?", 1126: "c",
    1141: "L", 1178: "F", 1186: "k", 1212: "vxy", 1235: "P", 1251: "TY", 1253: "o", 1255: "a",
    1260: "e", 1294: "E\N{LATIN CAPITAL LETTER E WITH ACUTE}", 1298: "hnu", 1300: "Sbdgpq",
    1303: "$0123456789{}", 1343: "K", 1401: "AV", 1403: "XZ", 1405: "B", 1423: "R", 1430: "C",
    1499: "U", 1532: "N", 1540: "H", 1577: "D", 1587: "G", 1597: "&", 1612: "OQ", 1675: "w",
    1716: "#+<=>^~", 1767: "M", 1946: "%", 1995: "m", 2025: "W",
    2048: "@\N{CJK UNIFIED IDEOGRAPH-65E5}",
}  # fmt: skip


def drawn(picture: str) -> list[ET.Element]:
    """Return the elements of a drawing, which is XML, in the order in which they are drawn."""
    return [*ET.fromstring(picture).iter()]  # noqa: S314  # it is our own


def named(picture: str, name: str) -> list[ET.Element]:
    """Return the elements of a class."""
    return [each for each in drawn(picture) if name in each.get("class", "").split()]


def written(picture: str, name: str) -> list[str]:
    """Return the lines of text of a class."""
    return [each.text or "" for each in named(picture, name) if each.tag.endswith("text")]


def without_spaces(text: str) -> str:
    """Return a text without what depends on how it was broken into lines."""
    return "".join(text.split())


def content(picture: str, tag: str) -> str:
    """Return the title or the description."""
    (element,) = (each for each in drawn(picture) if each.tag.endswith(tag))
    return element.text or ""


def ids(*pictures: str) -> list[str]:
    """Return all ids of some drawings."""
    return [each.attrib["id"] for one in pictures for each in drawn(one) if "id" in each.attrib]


# What is drawn


def test_a_rollback() -> None:
    """Each deployment has a label, what is known of it, a number and a mark."""
    picture = svg(rolled_back())
    assert written(picture, "label") == ["v1.0", "v1.1", "v1.2", "v1.0"]
    assert written(picture, "words") == [
        "stable",
        "unproven",
        "failed: p99 900 ms",
        "stable; back from v1.2",
    ]
    assert written(picture, "end") == ["#1", "#2", "#3", "#4"]
    assert len(named(picture, "mark")) == 4 + 3  # and those of the legend


def test_a_line_and_its_branches() -> None:
    """The lineage is drawn in one way, what was left in another, and a rollback in a third."""
    picture = svg(rolled_back())
    in_the_legend = 1
    assert len(named(picture, "lineage")) == 1 + in_the_legend
    assert len(named(picture, "aside")) == 2 + in_the_legend
    assert len(named(picture, "dashed")) == 1 + in_the_legend


def test_nothing_deployed() -> None:
    """If nothing was deployed the drawing says so, and nothing else."""
    picture = svg(VersionRegistry().register("1"))
    assert written(picture, "heading") == ["Nothing was deployed; 1 version registered"]
    assert content(picture, "title") == "Nothing was deployed; 1 version registered"
    assert named(picture, "mark") == []


def test_the_last_of_many() -> None:
    """Of many the last ones are drawn, and how many came before is said."""
    picture = svg(down(29), last=10)
    assert written(picture, "heading") == ["The last 10 of 30 deployments"]
    assert written(picture, "words")[0] == "20 earlier deployments"
    assert written(picture, "end") == [f"#{number}" for number in range(21, 31)]


def test_times() -> None:
    """A deployment has its time if that was recorded, and the drawing says that it is UTC."""
    registry = deployed("1").register("2").deploy("2", at=hour(0))
    assert written(svg(registry), "end") == ["#1", "2024-05-01 12:00 \N{MIDDLE DOT} #2"]
    assert "times in UTC" in written(svg(registry), "small")[0]


def test_long_labels_are_shown_whole() -> None:
    """A label is broken into lines and never cut; its number is then below."""
    picture = svg(deployed("x" * 256, "1"))
    assert "".join(written(picture, "label")) == "x" * 256 + "1"
    assert written(picture, "end") == ["#2"]
    assert "#1" in written(picture, "small")


def test_the_number_stands_beside_a_label_that_leaves_room() -> None:
    """A label of 29 characters leaves just enough room for a time; one of 30 does not."""
    time = "2024-05-01 12:00 \N{MIDDLE DOT} #1"
    for length, place in ((29, "end"), (30, "small")):
        registry = VersionRegistry().register("x" * length).register("1")
        picture = svg(registry.deploy("x" * length, at=hour(0)).deploy("1"))
        assert time in written(picture, place)
        assert (time in written(picture, "end")) is (place == "end")


def test_a_rollback_within_a_lane() -> None:
    """A target outside of the lineage that was left itself lies in the lane of what it replaced."""
    registry = deployed("1", "2").register("3").register("4").mark_stable("1")
    registry = back(registry, "3", source="2")
    registry = back(registry, "4", source="3")
    dashed = [each.get("d", "") for each in named(svg(registry), "back")]
    assert any(re.fullmatch(r"M \S+ \S+ V \S+", path) for path in dashed)


def test_going_back_to_what_came_before() -> None:
    """A line comes from above where it comes from a deployment that is not drawn."""
    picture = svg(again_and_again(3), last=2)
    assert len(named(picture, "aside")) == 1 + 1
    assert written(picture, "label") == ["v2", "good"]
    assert written(svg(again_and_again(3), last=1), "label") == ["good"]


def test_nothing_serves() -> None:
    """After an undeploy the version that served last has a broken ring, and a tag that says so."""
    picture = svg(undeployed())
    assert written(picture, "on-tag") == ["served last"]
    assert written(picture, "small")[0].endswith("; nothing serves now")
    assert len(named(picture, "ring")) == len(named(picture, "ended")) == 1
    assert written(picture, "words")[1:] == [
        "unproven; deployed by pipeline 7; undeployed",
        "2026-05-02 12:00 by ana: end of the season",
    ]
    assert content(picture, "title") == "Nothing serves; v1.1 served last: unproven"
    assert named(svg(rolled_back()), "ended") == []


def test_a_plan_after_an_undeploy() -> None:
    """The arrow begins where the version is that served last."""
    plan = LastStable().plan(undeployed(), leaving="v1.1")
    assert len(arrows(svg(undeployed(), plan=plan))) == 1


def test_deployed_again() -> None:
    """A version that serves again after an undeploy stays in its lane, on one line."""
    picture = svg(deployed("1", "2", "2"))
    assert written(picture, "words")[1:] == ["unproven; undeployed", "unproven; deployed again"]
    assert named(picture, "aside") == named(picture, "back") == []


def test_an_annotation_draws_nothing() -> None:
    """Facts about versions are no deployments."""
    assert svg(undeployed().annotate("v1.0", {"auc": 0.9})) == svg(undeployed())


def test_statuses_have_shapes() -> None:
    """No status is known by its colour alone: each mark has a shape of its own, and a word."""
    shapes = set[str]()
    for status in Status:
        held = status is Status.ROLLED_BACK
        picture = svg(idle(status) if held else idle(status).observe("it"))
        shapes |= {each.get("d", "") for each in named(picture, status.value)}
        assert status.words in written(picture, "small")
    assert len(shapes) == len(Status)


def test_the_legend_explains_what_is_there() -> None:
    """The signs that occur are explained, and no others."""
    assert written(svg(deployed("1")), "small")[-2:] == ["unproven", "lineage"]
    picture = svg(month(), plan=LastStable().plan(month()))
    for word in ("stable", "failed", "retired", "left by a rollback", "rollback", "way back"):
        assert word in written(picture, "small")


# A plan


def test_a_plan() -> None:
    """With a plan there is an arrow, and what the plan says of each candidate."""
    registry = failed_update()
    picture = svg(registry, plan=LastStable().plan(registry))
    assert written(picture, "heading")[1] == "Roll back v1.2 \N{RIGHTWARDS ARROW} v1.0"
    assert written(picture, "code") == ["LastStable()"]
    assert written(picture, "label")[3:] == ["v1.1", "v1.0"]
    assert written(picture, "words")[3:] == ["unproven", "stable"]
    assert "The plan goes back from v1.2 to v1.0, stable. Not v1.1: unproven." in content(
        picture, "desc"
    )


def arrows(picture: str) -> list[ET.Element]:
    """Return the long arrows that show a way back."""
    return [each for each in named(picture, "way") if "Q" in each.get("d", "")]


def crosses(picture: str) -> int:
    """Return how many versions the arrow passes over."""
    return len(named(picture, "bare"))


def test_the_arrow_passes_over_what_was_rejected() -> None:
    """There is a cross for each version that the plan passed over and that is drawn."""
    picture = svg(down(5), plan=LastStable().plan(down(5)))
    assert len(arrows(picture)) == 1
    assert crosses(picture) == 4


def test_a_target_that_came_before() -> None:
    """A target that is not among the deployments that are drawn has a row of its own, on top."""
    registry = down(30)
    picture = svg(registry, plan=LastStable().plan(registry))
    assert written(picture, "label")[0] == "good"
    assert written(picture, "words")[:2] == ["stable; deployed earlier", "11 earlier deployments"]
    assert len(arrows(picture)) == 1
    assert crosses(picture) == 19
    assert "stable" in written(picture, "small")


def test_a_target_that_never_served() -> None:
    """A target that never served has such a row as well, which says so."""
    registry = deployed("1", "2").register("canary")
    picture = svg(registry, plan=Pinned("canary").plan(registry, leaving="2"))
    assert written(picture, "words")[0] == "unproven; never deployed"


def test_many_candidates_are_counted() -> None:
    """Of many candidates the first are listed, and the target; the rest is counted."""
    registry = down(30)
    picture = svg(registry, plan=LastStable().plan(registry))
    assert written(picture, "words")[-2:] == ["and 18 more", "stable"]
    assert content(picture, "desc").endswith("Not v18: failed: probe red. And 18 more.")


def test_who_rejected() -> None:
    """If a rule rejected, and not the strategy itself, the drawing says which."""
    registry = deployed("1", "2", "3")
    plan = Previous().where(Except("2")).plan(registry, leaving="3")
    said = without_spaces("".join(written(svg(registry, plan=plan), "words")))
    assert "[Except('2')]" in said


def test_a_candidate_is_listed_once() -> None:
    """A version that is rejected again for the same reason is listed once, with each reason."""
    reasons = ("slow", "slow", "late", "slow")
    said = [Candidate.reject("2", reason) for reason in reasons]
    plan = plan_of("3", "1", *said, Candidate.accept("1", "stable"))
    picture = svg(deployed("1", "2", "3"), plan=plan)
    assert written(picture, "words")[3:] == ["slow", "late", "stable"]


def test_long_candidates() -> None:
    """Their labels are shown whole, above the reason."""
    label = "x" * 256
    registry = deployed("1", label, "3").mark_stable("1")
    picture = svg(registry, plan=LastStable().plan(registry, leaving="3"))
    assert "".join(written(picture, "label")).count("x") == 2 * 256


def plan_of(source: str, target: str, *considered: Candidate) -> RollbackPlan:
    """Return a plan that no strategy made."""
    return RollbackPlan(source, target, "by hand", "by hand", 1, "1-00000000", considered)


def test_a_plan_that_was_carried_out() -> None:
    """The arrow goes from where the source was to where the target is now."""
    registry = failed_update()
    plan = LastStable().plan(registry)
    assert len(arrows(svg(registry.roll_back(plan), plan=plan))) == 1


@pytest.mark.parametrize(("source", "target"), [("3", "3"), ("unknown", "1")])
def test_a_plan_without_a_way(source: str, target: str) -> None:
    """Without a way to draw there is no arrow; the words of the plan are there."""
    picture = svg(deployed("1", "2", "3"), plan=plan_of(source, target))
    assert arrows(picture) == []
    assert written(picture, "words")[-1] == "by hand"


def test_a_plan_for_another_registry() -> None:
    """A target that is not registered is drawn as such, and nothing deployed stays nothing."""
    picture = svg(deployed("1"), plan=plan_of("1", "9", Candidate.reject("8", "unknown")))
    assert written(picture, "words")[0] == "not registered"
    assert len(arrows(picture)) == 1
    empty = svg(VersionRegistry(), plan=plan_of("1", "9"))
    assert written(empty, "label") == ["9"]
    assert arrows(empty) == []


# Who reads it


def test_it_can_be_read_aloud() -> None:
    """It is an image with a title and a description that say in words what is drawn."""
    root, title, description, *_ = drawn(svg(rolled_back()))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text == "v1.0 is current: stable"
    assert description.text == (
        "4 deployments, oldest first. 1: v1.0, stable. 2: v1.1, unproven. "
        "3: v1.2, failed: p99 900 ms. 4: v1.0, stable; back from v1.2."
    )


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2)."""
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def colours() -> Iterator[tuple[str, dict[str, dict[str, str]]]]:
    """Yield the colours in the light and in the dark: for each class, of each property."""
    style = content(svg(month()), "style")
    light, dark = style.split("@media (prefers-color-scheme:dark)")
    for name, sheet in (("light", light), ("dark", dark)):
        rules = re.findall(r"\.([a-z_-]+)\{([^}]*)\}", sheet)
        yield (
            name,
            {
                each: dict(re.findall(r"(fill|stroke):(#[0-9a-f]{6})", rule))
                for each, rule in rules
                if "#" in rule
            },
        )


TEXTS = ("heading", "label", "words", "small", "code")
LINES = ("lineage", "aside", "back", "way", "no", "ring")


@pytest.mark.parametrize(("name", "sheet"), [*colours()])
def test_contrast(name: str, sheet: dict[str, dict[str, str]]) -> None:
    """Texts have a contrast of 4.5 against what is below them, marks and lines one of 3."""
    ground = sheet["ground"]["fill"]
    assert (luminance(ground) > 0.5) == (name == "light")
    assert min(contrast(sheet[each]["fill"], ground) for each in TEXTS) >= 4.5
    assert contrast(sheet["on-tag"]["fill"], sheet["tag"]["fill"]) >= 4.5
    assert min(contrast(sheet[each]["stroke"], ground) for each in LINES) >= 3
    for status in Status:
        assert contrast(sheet[status.value]["stroke"], ground) >= 3
        if status in {Status.STABLE, Status.FAILED, Status.RETIRED}:
            assert contrast(sheet[status.value]["fill"], sheet["sign"]["stroke"]) >= 3


def test_styles_hold_for_nothing_else() -> None:
    """In a page with others each rule begins with the class of the drawing."""
    root, *_ = drawn(svg(month()))
    style = content(svg(month()), "style").replace("@media (prefers-color-scheme:dark){", "")
    selectors = re.findall(r"([^{}]+)\{[^{}]*\}", style)
    assert len(selectors) > 30
    assert {selector.split()[0] for selector in selectors} == {f".{root.get('class')}"}


def test_ids_of_several_drawings() -> None:
    """Different drawings in one page have different ids; equal ones are told apart by a scope."""
    registry = failed_update()
    plan = LastStable().plan(registry)
    pictures = [svg(registry), svg(registry, plan=plan), svg(registry, last=1), svg(rolled_back())]
    pictures += [svg(registry, scope="one"), svg(registry, scope="two")]
    assert len(set(ids(*pictures))) == 2 * len(pictures)


def test_a_scope() -> None:
    """The ids and the class begin with it, and nothing else changes."""
    picture = svg(failed_update(), scope="incident-7")
    assert ids(picture) == ["incident-7-title", "incident-7-desc"]
    found = named(svg(failed_update()), "ground")
    (root, *_) = drawn(svg(failed_update()))
    assert len(found) == 1
    assert picture.replace("incident-7", root.attrib["class"]) == svg(failed_update())


# What holds for every registry


def decisions(registry: VersionRegistry) -> Iterator[RollbackPlan]:
    """Yield the plans of some strategies, whatever version is to be left."""
    for strategy in (LastStable(), Previous()):
        for label in registry:
            with suppress(LastgoodError):
                yield strategy.plan(registry, leaving=label)


@given(registry=hostile_registries, last=st.integers(1, 30), data=st.data())
def test_it_is_safe(registry: VersionRegistry, last: int, data: st.DataObject) -> None:
    """It is XML of known elements and attributes, whatever is recorded, with a plan or without."""
    source, target = (data.draw(st.sampled_from([*registry, "v9"])) for _ in range(2))
    by_nobody = by_hand(registry, target, source=source)
    plan = data.draw(st.sampled_from([None, by_nobody, *decisions(registry)]))
    picture = svg(registry, plan=plan, last=last)
    elements = drawn(picture)
    assert {each.tag.removeprefix("{http://www.w3.org/2000/svg}") for each in elements} <= ELEMENTS
    assert {name for each in elements for name in each.attrib} <= ATTRIBUTES
    assert "<script" not in picture
    assert picture == svg(VersionRegistry.replay(registry.events), plan=plan, last=last)


@given(registry=hostile_registries, last=st.integers(1, 30))
def test_the_last_are_drawn(registry: VersionRegistry, last: int) -> None:
    """At most ``last`` deployments are drawn, in order, and the last one has a ring and a tag."""
    picture = svg(registry, last=last)
    numbers = [re.fullmatch(r"(?:\S+ \S+ . )?#(\d+)", text) for text in written(picture, "small")]
    total = len(registry.deployments)
    assert [int(found[1]) for found in numbers if found] == [*range(1, total + 1)][-last:]
    assert len(named(picture, "ring")) == len(named(picture, "tag")) == min(1, total)


@each_row("label", HOSTILE)
def test_a_label_is_shown_as_it_is(label: str) -> None:
    """The label is drawn as it is, except what cannot be printed."""
    printable = re.sub(r"[\u202e\u061c\ufffe\uffff]", "\N{REPLACEMENT CHARACTER}", label)
    shown = "".join(written(svg(deployed(label)), "label"))
    assert without_spaces(shown) == without_spaces(printable)


@each_row("last", [1, 7, 100])
@each_row("registry", [hostile(), month(), in_a_row(30), again_and_again(30), down(30)])
def test_it_stays_inside(registry: VersionRegistry, last: int) -> None:
    """Everything begins within the card, whose size is among its attributes."""
    root, *elements = drawn(svg(registry, last=last))
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    assert root.attrib["viewBox"] == f"0 0 {width:g} {height:g}"
    across = [float(each.attrib["x"]) for each in elements if "x" in each.attrib]
    assert 0 <= min(across) <= max(across) <= width
    assert max(float(each.get("y", "0")) for each in elements) < height


# What is refused


def test_only_registries_and_plans_are_drawn() -> None:
    """Anything else is a `TypeError` that names what it is."""
    with pytest.raises(TypeError, match="VersionRegistry, not of a dict"):
        _ = svg(untyped({}))
    with pytest.raises(TypeError, match=r"strategy\.plan\(registry\) returns, not the class"):
        _ = svg(deployed("1"), plan=untyped(LastStable))
    with pytest.raises(ValueError, match="last"):
        _ = svg(deployed("1"), last=0)
    with pytest.raises(TypeError, match="scope must be a str, not 7"):
        _ = svg(deployed("1"), scope=untyped(7))


@each_row("scope", ["", "1", "a b", "a{}", "é", "x\n", '"'])
def test_a_scope_is_a_name(scope: str) -> None:
    """A scope that would break a selector or an attribute is refused."""
    with pytest.raises(ValueError, match="scope must be a letter followed by"):
        _ = svg(deployed("1"), scope=scope)


@each_row("width", WIDTHS)
def test_a_line_has_room_in_the_widest_usual_font(width: int) -> None:
    """A line is no longer than its room, whatever it is made of, and not very much shorter."""
    for character in WIDTHS[width]:
        registry = deployed("1").mark_failed("1", reason=character * 120)
        line = next(
            each for each in named(svg(registry), "words") if {*str(each.text)} == {character}
        )
        room = 480 - 20 - float(line.attrib["x"])
        wide = len(line.text or "") * 13 * width / 2048
        assert room / 1.7 < wide <= room
