"""Turn a public name in inline code into a link to its place in the reference.

So a page says `LastStable` or `VersionRegistry.observe` as it would on a forge, without a role.
"""

import re
from typing import Final

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.nodes import make_refnode
from sphinx.util.typing import ExtensionMetadata

#: A name that begins with a capital, perhaps one of its members, perhaps with arguments.
_NAME: Final = re.compile(r"((?:\w+\.)*[A-Z]\w+(?:\.\w+)?)(?:\(.*\))?")
_HOMES: Final = (
    "lastgood",
    "lastgood.rules",
    "lastgood.errors",
    "lastgood.backtest",
    "lastgood.testing",
)
#: What has a link already, or cannot have one.
_OUT_OF_BOUNDS: Final = (nodes.reference, nodes.title, addnodes.desc_signature)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Let Sphinx call `rename` for each page when it is read, and `link` when it is written."""
    _ = app.connect("doctree-read", rename)
    _ = app.connect("doctree-resolved", link)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def rename(_: Sphinx, page: nodes.document) -> None:
    """Call what is listed under ``Attributes:`` by that name, as the docstrings do."""
    for name in page.findall(nodes.field_name):
        if name.astext() == "Variables":
            name.children = [nodes.Text("Attributes")]


def link(app: Sphinx, page: nodes.document, name: str) -> None:
    """Make links of the names in a page."""
    for code in list(page.findall(nodes.literal)):
        target = _target(app, code)
        if target is not None:
            home, anchor = target
            code.replace_self(make_refnode(app.builder, name, home, anchor, code.deepcopy()))


def _target(app: Sphinx, code: nodes.literal) -> tuple[str, str] | None:
    """Return the page and the anchor of what the code names, or `None`."""
    match = _NAME.fullmatch(code.astext())
    if match is None or any(isinstance(above, _OUT_OF_BOUNDS) for above in _ancestors(code)):
        return None
    objects = app.env.domains.python_domain.objects
    for full_name in [match[1], *(f"{home}.{match[1]}" for home in _HOMES)]:
        if full_name in objects:
            return objects[full_name].docname, objects[full_name].node_id
    return None


def _ancestors(node: nodes.Node) -> list[nodes.Node]:
    above = node.parent
    return [] if above is None else [above, *_ancestors(above)]
