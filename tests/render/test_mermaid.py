"""The lineage as a Mermaid diagram."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood import LastStable, Status, VersionRegistry
from lastgood.render import mermaid
from tests.registry.making import back, by_hand, deployed, idle, untyped
from tests.render.histories import hostile_registries
from tests.render.stories import (
    HOSTILE,
    again_and_again,
    down,
    failed_update,
    hostile,
    rolled_back,
    undeployed,
)
from tests.rows import each_row

#: Every line that a diagram can have. What stands between quotes means nothing to Mermaid.
_QUOTED = r'"[^"`<>\[\]{}()|;#&$*_~\\]*"'
_NODE = (
    rf"d\d+(\[{_QUOTED}\]|\(\[{_QUOTED}\]\)|\{{\{{{_QUOTED}\}}\}}|\[/{_QUOTED}\\\]|"
    rf"\[\[{_QUOTED}\]\]):::(unproven|stable|failed|rolled_back|retired)"
)
_EDGE = (
    rf"(earlier|d\d+) (-->|-->\|{_QUOTED}\||-\.->\|{_QUOTED}\|) d\d+|"
    rf"d\d+ ==>\|{_QUOTED}\| (d\d+|target)|target\[{_QUOTED}\]:::target"
)
_STYLE = (
    r"linkStyle \d+ stroke:#0067ab|classDef [a-z_]+ [a-z0-9#:, -]+|"
    r"class (d\d+ (current|served_last)|earlier earlier)"
)
_LINE = re.compile(rf"    ({_NODE}|(earlier|nothing)\[{_QUOTED}\]|{_EDGE}|{_STYLE})")

#: What Mermaid looks for in a whole line without regard to quotes, as its lexer, its detectors and
#: its memory of entities write it (11.17). A space of no width is white space to JavaScript.
_SEEN_ANYWHERE = re.compile(
    r"direction[\s\ufeff]+(TB|BT|RL|LR|TD)"
    r"|C4(Context|Container|Component|Dynamic|Deployment)"
    r"|(style|classDef).*:\S*#.*;"
    r"|%%"
)


def plain(line: str) -> str:
    """Return a line without what is escaped."""
    return re.sub(r"#\d+;|<br/>", "", line)


def texts(diagram: str) -> list[str]:
    """Return the texts that Mermaid shows in nodes and on edges, without spaces of any width."""
    quoted = re.findall(r'"([^"]*)"', diagram)
    shown = [
        re.sub(r"#(\d+);", lambda code: chr(int(code[1])), text.replace("<br/>", ""))
        for text in quoted
    ]
    return ["".join(text.replace("\ufeff", "").split()) for text in shown]


def edges(diagram: str) -> list[str]:
    """Return the lines and the arrows."""
    return [line.strip() for line in diagram.splitlines() if re.search(r" -->|-\.->", line)]


def served(status: Status) -> VersionRegistry:
    """Return a registry in which "it" has the status and served: now, or before the current one."""
    return idle(status) if status is Status.ROLLED_BACK else idle(status).observe("it")


def test_a_rollback() -> None:
    """A version stands upon the one before it; a dotted arrow goes back over what was left."""
    assert mermaid(rolled_back()).splitlines()[:7] == [
        "flowchart TB",
        '    d1(["v1.0<br/>stable<br/>current"]):::stable',
        '    d2["v1.1<br/>unproven"]:::unproven',
        '    d3{{"v1.2<br/>failed: p99 900 ms"}}:::failed',
        "    d1 --> d2",
        "    d2 --> d3",
        '    d3 -.->|"rolled back"| d1',
    ]


def test_nothing_deployed() -> None:
    """Where nothing was deployed the diagram says so."""
    assert "Nothingwasdeployed;0versionsregistered" in texts(mermaid(VersionRegistry()))


def test_what_came_before() -> None:
    """Of many the last ones are drawn, upon one node that says how many came before."""
    diagram = mermaid(again_and_again(3), last=3)
    assert texts(diagram)[0] == "4earlierdeployments"
    assert edges(diagram) == ["earlier --> d5", "d5 --> d6", 'd6 -.->|"rolled back"| d5']


def test_going_back_to_what_came_before() -> None:
    """What a rollback went back to is drawn, though it is not the deployment that it went to."""
    diagram = mermaid(again_and_again(3), last=2)
    assert edges(diagram) == ["earlier --> d6", "earlier --> d7", 'd6 -.->|"rolled back"| d7']
    assert edges(mermaid(again_and_again(3), last=1)) == ["earlier --> d7"]


def test_a_target_beside_the_lineage() -> None:
    """It stands where what it took the place of stood."""
    registry = back(deployed("1", "2").register("other"), "other", source="2", reason="slow")
    assert edges(mermaid(registry)) == [
        "d1 --> d2",
        "d1 --> d3",
        'd2 -.->|"rolled back: slow"| d3',
    ]


def test_an_observed_rollback() -> None:
    """An arrow of the world's own says that it was observed, by whom and why."""
    registry = deployed("1", "2").observe("1", reason="by hand", by="ana")
    assert edges(mermaid(registry))[-1] == 'd2 -.->|"observed by ana: by hand"| d1'


def test_deploying_again_draws_nothing_new() -> None:
    """A version that serves again after an undeploy stays the same node, and is current."""
    assert edges(mermaid(deployed("1", "2", "2"))) == ["d1 --> d2"]
    assert 'd2["2<br/>unproven<br/>current"]' in mermaid(deployed("1", "2", "2"))


def test_nothing_serves() -> None:
    """After an undeploy no node is current: one served last, and says why it does not serve."""
    lines = mermaid(undeployed()).splitlines()
    last = "unproven<br/>served last<br/>undeployed by ana: end of the<br/>season"
    assert f'    d2["v1.1<br/>{last}"]:::unproven' in lines
    assert "    class d2 served_last" in lines
    assert not any("current" in line for line in lines)


def test_after_an_undeploy() -> None:
    """The line to the next version says that nothing served in between; a rollback needs not."""
    registry = undeployed().register("v2")
    (line,) = edges(mermaid(registry.deploy("v2")))[1:]
    assert line == 'd2 -->|"undeployed by ana: end of the<br/>season"| d3'
    plan = LastStable().plan(registry, leaving="v1.1")
    assert edges(mermaid(registry.roll_back(plan)))[1:] == ['d2 -.->|"rolled back"| d1']
    beside = back(registry, "v2", source="v1.1")
    assert edges(mermaid(beside)) == ["d1 --> d2", "d1 --> d3", 'd2 -.->|"rolled back"| d3']


def test_a_hold_that_was_lifted() -> None:
    """The node has the status known now, and the arrow of the rollback stays."""
    registry = back(deployed("1", "2"), "1", source="2", reason="a rehearsal")
    assert "rolled back: a rehearsal" in mermaid(registry.reinstate("2"))
    assert 'd2["2<br/>unproven"]:::unproven' in mermaid(registry.reinstate("2"))


def test_an_annotation_draws_nothing() -> None:
    """Facts about versions are no deployments."""
    assert mermaid(undeployed().annotate("v1.0", {"auc": 0.9})) == mermaid(undeployed())


def test_each_status_has_a_shape() -> None:
    """No status is known by its colour alone: each has words, a shape and a style of its own."""
    drawn = [
        line
        for status in Status
        for line in mermaid(served(status)).splitlines()
        if "it<br/>" in line and f"<br/>{status.words}" in line
    ]
    assert {line.partition(":::")[2] for line in drawn} == {status.value for status in Status}
    shapes = {re.sub(r'd\d+|".*"|:::.*', "", line).strip() for line in drawn}
    assert len(shapes) == len(Status)


def test_reasons_are_cut() -> None:
    """A label is shown whole, a reason in a few lines."""
    registry = deployed("1", "x" * 256).mark_stable("1").mark_failed("x" * 256, reason="w" * 256)
    plan = LastStable().plan(registry)
    diagram = mermaid(registry.roll_back(plan, reason="w" * 256, by="z" * 256))
    assert "x" * 256 in "".join(texts(diagram))
    assert max(text.count("w") for text in texts(diagram)) == 79
    assert max(text.count("z") for text in texts(diagram)) == 79


def test_what_mermaid_would_look_for_again() -> None:
    """Formulas, icons, emphasis and remembered entities are parted from what is beside them."""
    diagram = mermaid(deployed("$x fa:fa-car _a_"))
    assert "#65279;#36;#65279;x" in diagram
    assert "fa#65279;#58;#65279;fa-car" in diagram
    assert "#65279;#95;#65279;a#65279;#95;#65279;" in diagram


def test_a_list_is_no_list() -> None:
    """What Markdown would read as a list or a link is shown as it is."""
    assert "#65279;#49;#65279;0. one" in mermaid(deployed("10. one"))
    assert "#65279;#49;#65279;#41; one" in mermaid(deployed("1) one"))
    assert "#65279;#45;#65279; one" in mermaid(deployed("- one"))
    assert "www#65279;#46;#65279;one.com" in mermaid(deployed("www.one.com"))


def test_code_is_no_code() -> None:
    """A backtick is shown by the mark that looks like it: no parting keeps it from meaning code."""
    assert "#715;x#715;" in mermaid(deployed("`x`"))


@each_row(
    ("words", "shown"),
    [
        ("direction LR", "#100;irection LR"),
        ("a redirection TD", "a re#100;irection TD"),
        ("C4Container", "#67;4Container"),
        ("C4Context", "#67;4Context"),
        ("100 %%", "100 #37;%"),
    ],
)
def test_a_word_is_no_statement(words: str, shown: str) -> None:
    """Mermaid takes some words as statements, or as another diagram, between quotes as well."""
    assert shown in mermaid(deployed(words))
    assert shown in mermaid(deployed("1", "2").mark_failed("2", reason=f"slow, {words}"))
    assert shown in mermaid(deployed("1", "2").observe("1", reason=f"slow, {words}"))
    assert shown in mermaid(deployed("1").undeploy("1", by=f"x {words}"))


def test_a_word_is_an_entity_of_its_own() -> None:
    """A colon at the end of a line would be the last one of a style, and cut an entity after it."""
    diagram = mermaid(deployed("style of a form that is long, as: (b)"))
    assert "style of a form that is long,<br/>as: #40;b#41;" in diagram
    assert "as: <br/>#40;b#41;" in mermaid(deployed(f"style {'x' * 22} as: (b)"))


def test_usual_texts_are_left_alone() -> None:
    """Versions and words can be read in the text of the diagram as well."""
    usual = "v1.10.0-rc.1+b2, 24/main: 4 %"
    assert "in the right direction" in mermaid(deployed("in the right direction"))
    assert usual in mermaid(deployed(usual))


# Failed tries


def test_failed_tries_are_one_node() -> None:
    """Three or more tries on top of one version that failed and were left are folded together."""
    diagram = mermaid(again_and_again(3))
    assert "3failedtries:v0,v1,v2probered" in texts(diagram)
    assert edges(diagram) == ["d1 --> d2", 'd2 -.->|"rolled back 3 times"| d1']
    assert "d4" not in diagram


def test_two_tries_are_no_pattern() -> None:
    """Fewer tries are drawn one by one, each with its reason."""
    assert edges(mermaid(again_and_again(2))) == [
        "d1 --> d2",
        'd2 -.->|"rolled back"| d1',
        "d1 --> d4",
        'd4 -.->|"rolled back"| d1',
    ]


def test_many_tries_are_named_and_counted() -> None:
    """Of many tries the first nine are named; the reason is that of the latest."""
    registry = again_and_again(12).mark_failed("v11", reason="out of memory")
    diagram = mermaid(registry, last=30)
    said = "12failedtries:v0,v1,v2,v3,v4,v5,v6,v7,v8and3moreoutofmemory"
    assert said in texts(diagram)


def test_long_labels_of_tries_are_counted() -> None:
    """Labels that would fill the picture are counted, all but the first ones."""
    registry = VersionRegistry().register("good").deploy("good").mark_stable("good")
    for letter in "abc":
        label = letter * 60
        registry = registry.register(label).deploy(label).mark_failed(label)
        registry = registry.roll_back(LastStable().plan(registry))
    assert f"3failedtries:{'a' * 60}and2more" in texts(mermaid(registry))


def test_the_current_try_stands_alone() -> None:
    """A version that failed and still serves was not left: it is no part of the tries."""
    registry = again_and_again(3).register("v3").deploy("v3").mark_failed("v3")
    diagram = mermaid(registry, plan=LastStable().plan(registry))
    assert edges(diagram)[:3] == ["d1 --> d8", "d1 --> d2", 'd2 -.->|"rolled back 3 times"| d1']
    assert 'd8 ==>|"plan: LastStable#40;#41;"| d1' in diagram


def test_what_was_left_without_a_verdict_is_no_failed_try() -> None:
    """A held or reinstated version is drawn by itself: nobody said that it failed."""
    registry = again_and_again(3).reinstate("v1")
    assert "failed tries" not in mermaid(registry)


# A plan


def test_a_plan() -> None:
    """A thick arrow goes from the version that is left to the target, and names the strategy."""
    registry = failed_update()
    lines = mermaid(registry, plan=LastStable().plan(registry)).splitlines()
    assert '    d3 ==>|"plan: LastStable#40;#41;"| d1' in lines
    assert "    linkStyle 2 stroke:#0067ab" in lines


@pytest.mark.parametrize(("target", "said"), [("good", "goodstable"), ("x", "xnotregistered")])
def test_a_target_that_is_not_shown(target: str, said: str) -> None:
    """It is a node of its own, with what is known of it."""
    registry = down(5)
    diagram = mermaid(registry, plan=by_hand(registry, target, source="v4"), last=2)
    assert said in texts(diagram)
    assert re.search(r"d6 ==>\|.*\| target", diagram)


def test_a_plan_that_is_carried_out() -> None:
    """Its source may be among failed tries, and its target may be current; nothing else appears."""
    registry = again_and_again(3)
    diagram = mermaid(registry, plan=by_hand(registry, "good", source="v2"))
    assert re.search(r"d2 ==>\|.*\| d1", diagram)
    inside = mermaid(registry, plan=by_hand(registry, "v1", source="v2"))
    assert "==>" not in inside
    assert "==>" not in mermaid(registry, plan=by_hand(registry, "good", source="nowhere"))


def test_only_plans_are_drawn() -> None:
    """Anything else is a `TypeError` that says what to write."""
    with pytest.raises(TypeError, match="must be what"):
        _ = mermaid(failed_update(), plan=untyped("v1.0"))


# What holds for every registry


@given(registry=hostile_registries, last=st.integers(1, 30))
def test_nothing_means_anything(registry: VersionRegistry, last: int) -> None:
    """Every line is one of those that a diagram consists of, whatever the labels say."""
    labels = [*registry, "nowhere"]
    plan = by_hand(registry, labels[0], source=registry.current or labels[-1])
    first, *lines = mermaid(registry, plan=plan, last=last).splitlines()
    assert first == "flowchart TB"
    assert [line for line in lines if _SEEN_ANYWHERE.search(line)] == []
    assert [line for line in lines if not _LINE.fullmatch(plain(line))] == []


@given(registry=hostile_registries)
def test_what_served_last_is_marked_once(registry: VersionRegistry) -> None:
    """One node says that it is current or served last, and that one is drawn so."""
    diagram = mermaid(registry)
    marked = re.findall(r'(d\d+)\S{1,2}"[^"]*<br/>(current|served last)["<]', diagram)
    styled = re.findall(r"class (d\d+) (current|served_last)", diagram)
    assert [(node, word.replace(" ", "_")) for node, word in marked] == styled
    words = ["served_last" if registry.current is None else "current"]
    assert [word for _, word in styled] == words[: len(registry.deployments)]


@given(registry=hostile_registries)
def test_an_equal_registry_is_drawn_alike(registry: VersionRegistry) -> None:
    """The same text comes from a registry and from its replay."""
    assert mermaid(registry) == mermaid(VersionRegistry.replay(registry.events))


@each_row("label", HOSTILE)
def test_a_label_is_shown_as_it_is(label: str) -> None:
    """What Mermaid makes of the entities is the label again, except what cannot be printed."""
    printable = re.sub(r"[\u202e\u061c]", "\N{REPLACEMENT CHARACTER}", "".join(label.split()))
    printable = printable.replace("`", "\N{MODIFIER LETTER GRAVE ACCENT}")
    (shown,) = (text for text in texts(mermaid(deployed(label))) if text.endswith("current"))
    assert shown == f"{printable}unprovencurrent"


def test_hostile_labels_are_all_there() -> None:
    """A registry of them is drawn with a node for each."""
    diagram = mermaid(hostile(), last=100)
    assert len(re.findall(r":::\w+$", diagram, re.MULTILINE)) == len(HOSTILE)
    assert "<script" not in diagram


def test_only_registries_are_drawn() -> None:
    """Anything else is a `TypeError`, and fewer than one a `ValueError`."""
    with pytest.raises(TypeError, match="VersionRegistry"):
        _ = mermaid(untyped({}))
    with pytest.raises(ValueError, match="last"):
        _ = mermaid(VersionRegistry(), last=0)
