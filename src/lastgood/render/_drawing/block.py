"""Parts of a drawing that stand one below the other."""

from collections.abc import Iterable, Iterator

import attrs

from lastgood.render._drawing.ink import number


@attrs.frozen(weakref_slot=False)
class Block:
    """A part of a drawing, from its own top down to its height."""

    height: float
    elements: tuple[str, ...]


def stacked(blocks: Iterable[Block]) -> Block:
    """Return the blocks as one, each below the one before it."""
    top, elements = 0.0, list[str]()
    for block in blocks:
        elements += _moved(block, top)
        top += block.height
    return Block(top, tuple(elements))


def _moved(block: Block, top: float) -> Iterator[str]:
    yield f'<g transform="translate(0 {number(top)})">'
    yield from block.elements
    yield "</g>"
