"""Links to Markdown files that are no page of the site lead to the files themselves.

On a forge such a link opens ``tests/cases/README.md``, say; MyST takes it for a missing page.
"""

from os.path import relpath
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Let Sphinx call `hand_out` for each page, before it collects the files that it must copy."""
    _ = app.connect("doctree-read", hand_out, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def hand_out(app: Sphinx, page: nodes.document) -> None:
    """Make links to files of the links that lead out of the folder of the pages."""
    here = Path(app.env.doc2path(app.env.docname)).parent
    for link in list(page.findall(addnodes.pending_xref)):
        target = Path(f"{link['reftarget']}.md")
        if link["refdomain"] == "doc" and target.is_absolute():
            address = relpath(target, here)
            file = addnodes.download_reference("", "", *link.children, reftarget=address)
            link.replace_self(file)
