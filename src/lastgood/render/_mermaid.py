"""The lineage as a Mermaid diagram."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from lastgood._columns import wrapped
from lastgood._picture import LAST, Picture, Stop, counted, picture_of
from lastgood._registry import VersionRegistry
from lastgood._show import one_line, shortened
from lastgood._status import Status

#: The shape of a node, so that its status is not told by colour alone.
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
    "earlier": "fill:none,stroke:none",
}

#: A line of a node or an edge has so many columns, and a reason so many characters.
_WIDEST: Final = 32
_REASON: Final = 80

#: What may mean something to Mermaid, to Markdown or to HTML inside of a quoted label: everything
#: but letters, digits, spaces and marks that are harmless where they stand.
_SPECIAL: Final = re.compile(r"[^\w ,.:/+=%-]|_|\ufb02|(?<=\d)\.(?!\S)|:(?!\s|$)|^[-+.:/=%]+")
#: What Mermaid looks for again in the text that comes out of entities: formulas in dollars, icons
#: named behind a colon, the ligature and the pilcrow by which it remembers entities. A space of no
#: width parts them from what follows.
_PARTED: Final = "$:\ufb02\xb6"


def mermaid(registry: VersionRegistry, *, last: int = LAST) -> str:
    """Return the lineage as a Mermaid diagram, for a README, a wiki or a pull request.

    It follows the order of deployments. A version stands upon the one before it; a dotted arrow
    goes from what a rollback left to what it went back to. Put the text into a block tagged
    ``mermaid``. Whatever a label or a reason contains is shown and means nothing to Mermaid.

    Args:
        registry: What is drawn.
        last: How many deployments are drawn at most. How many came before them is said.

    Raises:
        TypeError: It is no registry, or ``last`` is no `int`.
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
    return "\n    ".join(["flowchart TB", *_lines(picture_of(registry, last))])


def _lines(picture: Picture) -> Iterator[str]:
    if not picture.stops:
        yield f"nothing[{_text(picture.heading)}]"
        return
    stops = picture.stops
    if picture.earlier:
        yield f"earlier[{_text(counted(picture.earlier, 'earlier deployment'))}]"
    current = stops[-1].rung
    for place, stop in enumerate(stops):
        if stop.rung == place:
            yield _node(stop, is_current=place == current)
    for place, stop in enumerate(stops):
        yield from _edges(picture, place, stop)
    yield from _styles(picture)


def _node(stop: Stop, *, is_current: bool) -> str:
    opening, closing = _SHAPES[stop.version.status]
    verdict = shortened(one_line(stop.version.verdict), _REASON)
    told = [stop.version.label, verdict, *(["current"] if is_current else [])]
    name = stop.version.status.value
    return f"{_name(stop)}{opening}{_text(*told)}{closing}:::{name}"


def _edges(picture: Picture, place: int, stop: Stop) -> Iterator[str]:
    """Yield what leads to a stop: the line that it continues, and the way back."""
    stops = picture.stops
    node = _name(stops[stop.rung])
    if stop.rung == place:
        if stop.onto is not None:
            yield f"{_name(stops[stops[stop.onto].rung])} --> {node}"
        elif picture.earlier:
            yield f"earlier --> {node}"
    if stop.left is not None and place:
        told = "observed" if stop.deployment.kind == "observed" else "rolled back"
        reason = stop.deployment.reason
        because = f"{told}: {shortened(one_line(reason), _REASON)}" if reason else told
        yield f"{_name(stops[stops[place - 1].rung])} -.->|{_text(because)}| {node}"


def _styles(picture: Picture) -> Iterator[str]:
    names = {stop.version.status.value for stop in picture.stops}
    names |= {"current"} | ({"earlier"} if picture.earlier else set[str]())
    for name, style in _STYLES.items():
        if name in names:
            yield f"classDef {name} {style}"
    yield f"class {_name(picture.stops[picture.stops[-1].rung])} current"
    if picture.earlier:
        yield "class earlier earlier"


def _name(stop: Stop) -> str:
    """Return the name of a node, which nobody outside can choose."""
    return f"d{stop.number}"


def _text(*told: str) -> str:
    """Return texts as the quoted label of a node or an edge, each on lines of its own."""
    lines = [line for text in told for line in wrapped(one_line(text), _WIDEST)]
    return '"' + "<br/>".join(_SPECIAL.sub(_entity, line) for line in lines) + '"'


def _entity(found: re.Match[str]) -> str:
    return "".join(
        f"#{ord(character)};#8203;" if character in _PARTED else f"#{ord(character)};"
        for character in found[0]
    )
