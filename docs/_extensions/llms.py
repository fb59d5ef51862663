"""Write ``llms.txt``, what the site has in one line a page, and ``llms-full.txt``, all of its text.

Both are made from the pages when the site is built, so that no page can be missing.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.text import TextBuilder
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.text import TextTranslator
from sphinx_design.tabs import sd_tab_input, sd_tab_label

#: At most this number of characters of its first paragraph says what a page is about.
_LONGEST: Final = 200


def setup(app: Sphinx) -> ExtensionMetadata:
    """Let Sphinx call `write` when it has written everything else."""
    _ = app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def write(app: Sphinx, error: Exception | None) -> None:
    """Write both files beside the pages, where pages were written."""
    if error is None and app.builder.format == "html":
        folder = Path(app.outdir)
        _ = (folder / "llms.txt").write_text("\n".join(_lines(app)) + "\n", "utf-8")
        _ = (folder / "llms-full.txt").write_text("\n\n".join(_texts(app)) + "\n", "utf-8")


def _lines(app: Sphinx) -> Iterator[str]:
    question, summary = _paragraphs(app, "index")[:2]
    yield f"# {app.config.project}\n\n> {question}\n\n{summary}"
    for part in _parts(app):
        yield f"\n## {part['caption']}\n"
        for page in _pages(app, part):
            address = app.builder.get_target_uri(page)
            title, first = app.env.titles[page].astext(), _paragraphs(app, page)[0]
            yield f"- [{title}]({address}): {_begun(first)}"
    yield "\n## Optional\n\n- [llms-full.txt](llms-full.txt): the text of all pages in one file."


def _texts(app: Sphinx) -> Iterator[str]:
    for page in ["index", *(page for part in _parts(app) for page in _pages(app, part))]:
        doctree = app.env.get_and_resolve_doctree(page, app.builder)
        _open_tabs(doctree)
        # It takes from the builder what every builder has.
        translator = TextTranslator(doctree, cast("TextBuilder", app.builder))
        _ = doctree.walkabout(translator)
        yield translator.body.strip()


def _open_tabs(doctree: nodes.document) -> None:
    """Show what is in tabs one below the other, each below its label."""
    for box in list(doctree.findall(nodes.container)):
        inside = [child for child in box.children if not isinstance(child, sd_tab_input)]
        box.children = [
            nodes.paragraph("", "", *child.children) if isinstance(child, sd_tab_label) else child
            for child in inside
        ]


def _parts(app: Sphinx) -> list[addnodes.toctree]:
    """Return the parts of the navigation, each with its caption and its pages."""
    return list(app.env.get_doctree("index").findall(addnodes.toctree))


def _pages(app: Sphinx, part: addnodes.toctree) -> Iterator[str]:
    """Yield the pages of a part, each followed by the pages below it."""
    for page in part["includefiles"]:
        yield page
        for below in app.env.get_doctree(page).findall(addnodes.toctree):
            yield from _pages(app, below)


def _paragraphs(app: Sphinx, page: str) -> list[str]:
    """Return the paragraphs of a page, each on one line."""
    found = app.env.get_doctree(page).findall(nodes.paragraph)
    return [" ".join(paragraph.astext().split()) for paragraph in found]


def _begun(paragraph: str) -> str:
    """Return the sentences with which a paragraph begins: one, and more while they are short."""
    first, *others = re.split(r"(?<=[.!?]) ", re.sub(":$", ".", paragraph))
    for sentence in others:
        if len(f"{first} {sentence}") > _LONGEST:
            break
        first = f"{first} {sentence}"
    return first
