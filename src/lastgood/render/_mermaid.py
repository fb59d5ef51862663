"""The lineage as a Mermaid diagram."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from lastgood._basics.columns import wrapped
from lastgood._basics.frozen import named
from lastgood._basics.messages import one_line, shortened
from lastgood._basics.status import Status
from lastgood._registry.registry import VersionRegistry
from lastgood._values.plan import RollbackPlan
from lastgood.render._layout import LAST, Picture, Stop, checked_plan, counted, picture_of, said
from lastgood.render._tries import Tries, tries_of

#: The shape of a node, so that a status is not known by its colour alone.
_SHAPES: Final[Mapping[Status, tuple[str, str]]] = {
    Status.UNPROVEN: ("[", "]"),
    Status.STABLE: ("([", "])"),
    Status.FAILED: ("{{", "}}"),
    Status.ROLLED_BACK: ("[/", "\\]"),
    Status.RETIRED: ("[[", "]]"),
}

#: Dark text on light ground, which can be read on a dark page as well.
_STYLES: Final[Mapping[str, str]] = {
    "unproven": "fill:#f0f2f5,stroke:#5b6570,color:#1b1f24",
    "stable": "fill:#d5f0e6,stroke:#007a58,color:#1b1f24",
    "failed": "fill:#fbe0d1,stroke:#b84a00,color:#1b1f24",
    "rolled_back": "fill:#faeccb,stroke:#8a6100,color:#1b1f24",
    "retired": "fill:#e3e5e8,stroke:#5b6570,color:#1b1f24,stroke-dasharray:4 3",
    "current": "stroke-width:4px",
    "served_last": "stroke-width:4px,stroke-dasharray:10 5",
    "earlier": "fill:none,stroke:none",
}

#: At most this many columns in a line of a node or an edge, and characters in a reason.
_WIDEST: Final = 32
_REASON: Final = 80
#: At most this many labels of failed tries, and characters of them, unless the first is longer.
_NAMED: Final = 9
_LABELS: Final = 96

#: What may mean something to Mermaid, to Markdown or to HTML inside of a quoted label. In this
#: order: everything but letters, digits, spaces and a few marks; those marks where they could begin
#: or end something (a list, a link, a comment, an icon); and a letter of each word that Mermaid
#: looks for in the whole line without regard to quotes: ``direction LR`` would be a statement, and
#: ``C4Container`` another kind of diagram.
_SPECIAL: Final = re.compile(
    r"[^\w ,.:/+=%-]|_|\ufb02"
    r"|^\d(?=\d*[.)](?: |$))|(?i:(?<=www))\.|:(?! |$)|%(?=%)|^[-+.:/=%]+"
    r"|d(?=irection )|C(?=4[A-Z])"
)
#: What Mermaid or its reader of Markdown looks for again in the text that comes out of entities:
#: emphasis, links, lists, tables, tags, formulas in dollars, icons named behind a colon, the
#: ligature and the pilcrow by which it remembers entities. Spaces of no width part them from what
#: stands beside them.
_PARTED: Final = frozenset("#$*:<>@[\\]_|~.+-=0123456789\ufb02\xb6")
_SPACE: Final = "#65279;"
#: Mermaid 11.0 to 11.9 reads code between backticks, whatever parts them, and then shows none of
#: it. So they are shown by the mark that looks like them.
_BACKTICK: Final = "#715;"


@named("lastgood.render")
def mermaid(
    registry: VersionRegistry, *, plan: RollbackPlan | None = None, last: int = LAST
) -> str:
    """Return the lineage as a Mermaid diagram, for a README, a wiki or a pull request.

    It follows the order of deployments. A version stands upon the one before it; a dotted arrow
    goes from what a rollback left to what it went back to, and a thick one along the way of a plan.
    Three or more failed tries on top of one version are one node. Put the text into a block tagged
    ``mermaid``. Whatever a label or a reason contains is shown and means nothing to Mermaid.

    Args:
        registry: The registry to draw.
        plan: A plan that was made for it. Whether it is stale by now is not checked.
        last: How many deployments are drawn at most. The picture says how many came before.

    Raises:
        TypeError: ``registry`` is not a `VersionRegistry`, or ``plan`` is not a `RollbackPlan`.
        TypeError: ``last`` is not an `int`.
        ValueError: ``last`` is less than 1.

    >>> from lastgood import VersionRegistry
    >>> from lastgood.render import mermaid
    >>> registry = VersionRegistry.from_statuses({"1": "stable", "2": "failed"}, current="2")
    >>> print(mermaid(registry))  # and the styles
    flowchart TB
        d1(["1<br/>stable"]):::stable
        d2{{"2<br/>failed<br/>current"}}:::failed
        d1 --> d2
    ...
    """
    lines = _lines(registry, picture_of(registry, last), checked_plan(plan))
    return "\n    ".join(["flowchart TB", *lines])


def _lines(registry: VersionRegistry, picture: Picture, plan: RollbackPlan | None) -> Iterator[str]:
    if not picture.stops:
        yield f"nothing[{_text(picture.heading)}]"
        return
    stops = picture.stops
    folded = tries_of(picture)
    hidden = {place for tries in folded for place in tries.places}
    if picture.earlier:
        yield f"earlier[{_text(counted(picture.earlier, 'earlier deployment'))}]"
    for place, stop in enumerate(stops):
        if stop.rung == place and place not in hidden:
            yield _node(picture, place)
    yield from (_folded(picture, tries) for tries in folded)
    edges = [edge for place in range(len(stops)) for edge in _edges(picture, place, hidden)]
    edges += [edge for tries in folded for edge in _folded_edges(picture, tries)]
    yield from edges
    if plan is not None:
        names = {place: _name(stops[each.places[0]]) for each in folded for place in each.places}
        yield from _way(registry, picture, plan, names, len(edges))
    yield from _styles(picture)


def _node(picture: Picture, place: int) -> str:
    """Return the node of the rung that begins at a place."""
    stop, last = picture.stops[place], picture.stops[-1]
    opening, closing = _SHAPES[stop.version.status]
    words = [stop.version.label, shortened(one_line(stop.version.status_text), _REASON)]
    words += [picture.last_is, *_undeployed(last)] if last.rung == place else []
    name = stop.version.status.value
    return f"{_name(stop)}{opening}{_text(*words)}{closing}:::{name}"


def _folded(picture: Picture, tries: Tries) -> str:
    """Return the node of failed tries on top of one version, with the reason of the latest."""
    stops = [picture.stops[place] for place in tries.places]
    labels = [stop.version.label for stop in stops[:_NAMED]]
    while len(labels) > 1 and len(", ".join(labels)) > _LABELS:
        _ = labels.pop()
    more = f" and {len(stops) - len(labels):,} more" if len(stops) > len(labels) else ""
    heading = f"{len(stops):,} failed tries: {', '.join(labels)}{more}"
    words = [heading, shortened(one_line(stops[-1].version.reason), _REASON)]
    opening, closing = _SHAPES[Status.FAILED]
    return f"{_name(stops[0])}{opening}{_text(*filter(None, words))}{closing}:::failed"


def _folded_edges(picture: Picture, tries: Tries) -> Iterator[str]:
    """Yield the line that leads to the node of failed tries, and the arrow of the rollbacks."""
    base, node = (_name(picture.stops[place]) for place in (tries.base, tries.places[0]))
    yield f"{base} --> {node}"
    yield f"{node} -.->|{_text(f'rolled back {len(tries.places):,} times')}| {base}"


def _way(
    registry: VersionRegistry,
    picture: Picture,
    plan: RollbackPlan,
    names: Mapping[int, str],
    edges: int,
) -> Iterator[str]:
    """Yield the arrow of a plan; its target is a node of its own if it is not among the stops."""

    def node(label: str) -> str | None:
        place, stops = picture.place_of(label), picture.stops
        return None if place is None else names.get(place) or _name(stops[stops[place].rung])

    source, end = node(plan.source), node(plan.target) or "target"
    if source is None or source == end:
        return
    if end == "target":
        version = registry.get(plan.target)
        words = [plan.target, "not registered" if version is None else version.status_text]
        yield f"target[{_text(words[0], shortened(one_line(words[1]), _REASON))}]:::target"
        yield "classDef target fill:#f0f2f5,stroke:#0067ab,color:#1b1f24,stroke-width:2px"
    because = f"plan: {shortened(one_line(plan.strategy), _REASON)}"
    yield f"{source} ==>|{_text(because)}| {end}"
    yield f"linkStyle {edges} stroke:#0067ab"


def _edges(picture: Picture, place: int, hidden: Collection[int]) -> Iterator[str]:
    """Yield the line that leads to a stop, and the arrow of a rollback to it."""
    stops = picture.stops
    stop, before = stops[place], stops[place - 1] if place else None
    if place in hidden or place - 1 in hidden:
        return
    node = _name(stops[stop.rung])
    if stop.rung == place:
        if stop.onto is not None:
            words = [] if before is None or stop.left is not None else [*_undeployed(before)]
            between = f"|{_text(*words)}|" if words else ""
            yield f"{_name(stops[stops[stop.onto].rung])} -->{between} {node}"
        elif picture.earlier:
            yield f"earlier --> {node}"
    if stop.left is not None and before is not None:
        deployment = stop.deployment
        how = "observed" if deployment.kind == "observed" else "rolled back"
        because = said(how, deployment.by, deployment.reason, _REASON)
        yield f"{_name(stops[before.rung])} -.->|{_text(because)}| {node}"


def _undeployed(stop: Stop) -> Iterator[str]:
    """Yield that a stop was undeployed, by whom and why, if it was."""
    if stop.undeployed is not None:
        yield said("undeployed", stop.undeployed.by, stop.undeployed.reason, _REASON)


def _styles(picture: Picture) -> Iterator[str]:
    last = picture.last_is.replace(" ", "_")
    names = {stop.version.status.value for stop in picture.stops}
    names |= {last} | ({"earlier"} if picture.earlier else set[str]())
    for name, style in _STYLES.items():
        if name in names:
            yield f"classDef {name} {style}"
    yield f"class {_name(picture.stops[picture.stops[-1].rung])} {last}"
    if picture.earlier:
        yield "class earlier earlier"


def _name(stop: Stop) -> str:
    """Return the name of a node, which nobody outside can choose."""
    return f"d{stop.number}"


def _text(*texts: str) -> str:
    """Return texts as the quoted label of a node or an edge, each on lines of its own."""
    lines = [line for text in texts for line in wrapped(one_line(text), _WIDEST)]
    return '"' + "<br/>".join(map(_escaped, lines)) + '"'


def _escaped(line: str) -> str:
    """Return a line that means nothing to Mermaid.

    After ``style x:`` Mermaid drops the last semicolon, unless a space comes after the colon.
    """
    return _SPECIAL.sub(_entities, line) + (" " if line.endswith(":") else "")


def _entities(found: re.Match[str]) -> str:
    return "".join(map(_entity, found[0]))


def _entity(character: str) -> str:
    if character == "`":
        return _BACKTICK
    code = f"#{ord(character)};"
    return f"{_SPACE}{code}{_SPACE}" if character in _PARTED else code
