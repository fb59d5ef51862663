"""The whole drawing, on one card: a heading, the graph, the plan and the legend; or a plan."""

from collections.abc import Iterator
from typing import Final
from zlib import crc32

import attrs

from lastgood._basics.messages import brief, one_line
from lastgood._registry.registry import VersionRegistry
from lastgood._values.plan import RollbackPlan
from lastgood.render._drawing.block import Block, stacked
from lastgood.render._drawing.considered import considered, sentences, way
from lastgood.render._drawing.graph import Graph
from lastgood.render._drawing.ink import HEADING, PAD, SMALL, WIDTH, number, style_sheet, text
from lastgood.render._drawing.legend import legend
from lastgood.render._html import escaped, image
from lastgood.render._layout import Picture, picture_of

#: Above the heading, below the legend, and between the parts.
_SPACE: Final = Block(14, ())


@attrs.frozen(weakref_slot=False)
class Card:
    """A drawing on its card, and what it shows in words."""

    title: str
    description: str
    block: Block

    def svg(self, scope: str | None = None) -> str:
        """Return it as one element, all of whose names begin with the scope."""
        return "\n".join(_svg(self, scope))

    def image(self) -> str:
        """Return it as an image of HTML.

        A notebook that somebody else has run shows images, and no elements of SVG.
        """
        return image(self.svg(), f"{self.title}. {self.description}")


def card_of(registry: VersionRegistry, plan: RollbackPlan | None, last: int) -> Card:
    """Return the drawing of a registry; see `lastgood.render.svg`."""
    picture = picture_of(registry, last)
    blocks = [_SPACE, _heading(picture), *_parts(registry, picture, plan), _SPACE]
    return Card(_title(picture), " ".join(_sentences(picture, plan)), stacked(blocks))


def card_of_plan(plan: RollbackPlan) -> Card:
    """Return the drawing of a plan by itself."""
    title = f"Roll back {one_line(plan.source)} to {one_line(plan.target)}"
    return Card(title, " ".join(sentences(plan)), stacked([_SPACE, way(plan), _SPACE]))


def _parts(
    registry: VersionRegistry, picture: Picture, plan: RollbackPlan | None
) -> Iterator[Block]:
    graph = Graph(registry, picture, plan)
    if picture.stops:
        yield graph.block
    if plan is not None:
        yield from (considered(plan), _SPACE)
    if picture.stops:
        yield legend(picture, graph.statuses, has_plan=plan is not None)


def _heading(picture: Picture) -> Block:
    heading = text(PAD, 10, HEADING, picture.heading)
    if not picture.stops:
        return Block(24, (heading,))
    notes = f"{picture.notes}; statuses as known now"
    notes += "" if picture.is_serving else "; nothing serves now"
    return Block(48, (heading, text(PAD, 28, SMALL, notes)))


def _svg(card: Card, scope: str | None) -> Iterator[str]:
    known = repr((card.title, card.description, card.block))
    name = scope or f"lastgood-{crc32(known.encode()):08x}"
    high = number(card.block.height)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{name}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" '
        f'width="{WIDTH}" height="{high}" viewBox="0 0 {WIDTH} {high}">'
    )
    yield f'<title id="{name}-title">{escaped(card.title)}</title>'
    yield f'<desc id="{name}-desc">{escaped(card.description)}</desc>'
    yield f"<style>{style_sheet(name)}</style>"
    yield (
        f'<rect class="ground" x="0.5" y="0.5" width="{WIDTH - 1}" '
        f'height="{number(card.block.height - 1)}" rx="10"/>'
    )
    yield from card.block.elements
    yield "</svg>"


def _title(picture: Picture) -> str:
    if not picture.stops:
        return picture.heading
    last = picture.stops[-1].version
    status = brief(last.status_text)
    if picture.is_serving:
        return f"{one_line(last.label)} is current: {status}"
    return f"Nothing serves; {one_line(last.label)} served last: {status}"


def _sentences(picture: Picture, plan: RollbackPlan | None) -> Iterator[str]:
    """Yield a description of the drawing, sentence by sentence."""
    yield f"{picture.heading}, {picture.notes}."
    for stop in picture.stops:
        yield f"{stop.number}: {one_line(stop.version.label)}, {stop.words}."
    if plan is not None:
        yield from sentences(plan)
