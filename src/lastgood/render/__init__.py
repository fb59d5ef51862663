"""Pictures of a registry, for those who would rather look than read. Text comes out, nothing else.

`lastgood` does not import it: write ``from lastgood.render import svg``.
"""

from lastgood.render._mermaid import mermaid
from lastgood.render._svg import svg
from lastgood.render._timeline import timeline

__all__ = [
    "mermaid",
    "svg",
    "timeline",
]
