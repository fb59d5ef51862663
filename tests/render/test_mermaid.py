"""The lineage as a Mermaid diagram."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood import LastStable, Pinned, Status, VersionRegistry
from lastgood.render import mermaid
from tests.registry.making import deployed, serving, untyped
from tests.render.histories import hostile_registries
from tests.render.stories import HOSTILE, again_and_again, hostile, rolled_back

#: All that a diagram consists of. Between quotes there is nothing that means anything.
_QUOTED = r'"[^"`<>\[\]{}()|;#&$*_~\\]*"'
_NODE = (
    rf"d\d+(\[{_QUOTED}\]|\(\[{_QUOTED}\]\)|\{{\{{{_QUOTED}\}}\}}|\[/{_QUOTED}\\\]|"
    rf"\[\[{_QUOTED}\]\]):::(unproven|stable|failed|rolled_back|retired)"
)
_EDGE = rf"(earlier|d\d+) (-->|-\.->\|{_QUOTED}\|) d\d+"
_STYLE = r"classDef [a-z_]+ [a-z0-9#:, -]+|class (d\d+ current|earlier earlier)"
_LINE = re.compile(rf"    ({_NODE}|(earlier|nothing)\[{_QUOTED}\]|{_EDGE}|{_STYLE})")


def plain(line: str) -> str:
    """Return a line without what is escaped."""
    return re.sub(r"#\d+;|<br/>", "", line)


def texts(diagram: str) -> list[str]:
    """Return what Mermaid shows in nodes and on edges, without spaces."""
    quoted = re.findall(r'"([^"]*)"', diagram)
    shown = [
        re.sub(r"#(\d+);", lambda code: chr(int(code[1])), text.replace("<br/>", ""))
        for text in quoted
    ]
    return ["".join(text.split()) for text in shown]


def edges(diagram: str) -> list[str]:
    """Return the lines and the arrows."""
    return [line.strip() for line in diagram.splitlines() if re.search(r" -->|-\.->", line)]


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
    registry = deployed("1", "2").register("other")
    registry = registry.roll_back(Pinned("other").plan(registry), reason="slow")
    assert edges(mermaid(registry)) == [
        "d1 --> d2",
        "d1 --> d3",
        'd2 -.->|"rolled back: slow"| d3',
    ]


def test_an_observed_rollback() -> None:
    """An arrow of the world's own says that it was observed."""
    registry = deployed("1", "2").observe("1", reason="by hand")
    assert edges(mermaid(registry))[-1] == 'd2 -.->|"observed: by hand"| d1'


def test_deploying_again_draws_nothing_new() -> None:
    """A version that served already stays the same node."""
    assert edges(mermaid(deployed("1", "2", "2"))) == ["d1 --> d2"]


def test_each_status_has_a_shape() -> None:
    """No status is told by its colour alone: each has words, a shape and a style of its own."""
    drawn = [
        line
        for status in Status
        for line in mermaid(serving(status)).splitlines()
        if "it<br/>" in line and f"<br/>{status.words}" in line
    ]
    assert {line.partition(":::")[2] for line in drawn} == {status.value for status in Status}
    shapes = {re.sub(r'd\d+|".*"|:::.*', "", line).strip() for line in drawn}
    assert len(shapes) == len(Status)


def test_reasons_are_cut() -> None:
    """A label is shown whole, a reason in a few lines."""
    registry = deployed("1", "x" * 256).mark_stable("1").mark_failed("x" * 256, reason="y" * 256)
    diagram = mermaid(registry.roll_back(LastStable().plan(registry), reason="y" * 256))
    assert "x" * 256 in "".join(texts(diagram))
    assert max(text.count("y") for text in texts(diagram)) < 100


def test_what_mermaid_would_look_for_again() -> None:
    """Formulas, icons and remembered entities are parted, so that they are shown as they are."""
    diagram = mermaid(deployed("$$x$$ fa:fa-car"))
    assert "#36;#8203;#36;#8203;x" in diagram
    assert "fa#58;#8203;fa-car" in diagram


def test_a_list_is_no_list() -> None:
    """What Markdown would read as a list is shown as it is."""
    assert "1#46; one" in mermaid(deployed("1. one"))
    assert "#45; one" in mermaid(deployed("- one"))


def test_usual_texts_are_left_alone() -> None:
    """Versions and words can be read in the text of the diagram as well."""
    usual = "v1.10.0-rc.1+b2, 24/main: 4 %"
    assert usual in mermaid(deployed(usual))


# What holds for every registry


@given(registry=hostile_registries, last=st.integers(1, 30))
def test_nothing_means_anything(registry: VersionRegistry, last: int) -> None:
    """Every line is one of those that a diagram consists of, whatever the labels say."""
    first, *lines = mermaid(registry, last=last).splitlines()
    assert first == "flowchart TB"
    assert [line for line in lines if not _LINE.fullmatch(plain(line))] == []


@given(registry=hostile_registries)
def test_the_current_version_is_marked_once(registry: VersionRegistry) -> None:
    """One node says that it is current, and that one is drawn so."""
    diagram = mermaid(registry)
    marked = re.findall(r'(d\d+)\S{1,2}"[^"]*<br/>current"', diagram)
    assert marked == re.findall(r"class (d\d+) current", diagram)
    assert len(marked) == (registry.current is not None)


@given(registry=hostile_registries)
def test_an_equal_registry_is_drawn_alike(registry: VersionRegistry) -> None:
    """The same text comes from a registry and from its replay."""
    assert mermaid(registry) == mermaid(VersionRegistry.replay(registry.events))


@pytest.mark.parametrize("label", HOSTILE)
def test_a_label_is_shown_as_it_is(label: str) -> None:
    """What Mermaid makes of the entities is the label again, but for what cannot be printed."""
    printable = re.sub(r"[\u202e\u061c]", "\N{REPLACEMENT CHARACTER}", "".join(label.split()))
    (shown,) = (text for text in texts(mermaid(deployed(label))) if text.endswith("current"))
    assert shown.replace("\u200b", "") == f"{printable}unprovencurrent".replace("\u200b", "")


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
