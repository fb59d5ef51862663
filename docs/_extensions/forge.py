"""Leave out what stands in a page for a forge, which draws no docstrings.

Above each docstring a line has the signature and the first sentence of it. On the site, the
docstring right below says both.
"""

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Let Sphinx call `leave_out` for each page when it is read."""
    _ = app.connect("doctree-read", leave_out)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def leave_out(_: Sphinx, page: nodes.document) -> None:
    """Remove each paragraph that begins with the signature of what is described right below it."""
    for paragraph in list(page.findall(nodes.paragraph)):
        name = _described_below(paragraph)
        begins = paragraph.astext().partition("(")[0].partition(":")[0]
        if name is not None and isinstance(paragraph[0], nodes.literal) and begins == name:
            paragraph.replace_self([])


def _described_below(paragraph: nodes.paragraph) -> str | None:
    """Return the last part of the name that is described right below, or `None`."""
    below = paragraph.next_node(descend=False, siblings=True)
    while isinstance(below, addnodes.index):
        below = below.next_node(descend=False, siblings=True)
    if not isinstance(below, addnodes.desc) or below["domain"] != "py":
        return None
    signature = below.next_node(addnodes.desc_signature)
    return None if signature is None else str(signature["fullname"]).rpartition(".")[2]
