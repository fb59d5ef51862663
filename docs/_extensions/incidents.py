"""Show the incidents of ``tests/cases``, step by step, without any script.

1. Words, code, what it prints and pictures come from the data, and from running it.
2. A step is chosen with a radio button, so a browser needs nothing but the page and its style.
3. Without the style, and in print, all steps stand one below the other.
"""

import re
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata
from typing_extensions import override

from tests.cases.replay import Step, origin, policies, replayed, sources, whole
from tests.cases.telling import CAUSES, FOLDER, Case, every_case

#: Where the pictures are, below the folder of the site.
PICTURES = "_images/incidents"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the directive: ``incidents`` with a cause, or without one for the list of all."""
    app.add_directive("incidents", Incidents)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class Incidents(SphinxDirective):
    """All incidents of one cause; without a cause, a card for each incident, to be filtered.

    What stands in it is for a forge, which shows no cards.
    """

    optional_arguments = 1
    has_content = True

    @override
    def run(self) -> list[nodes.Node]:
        cases = every_case()
        for path in FOLDER.iterdir():  # a change there makes the page anew
            self.env.note_dependency(str(path))
        if self.arguments:
            return [self._incident(case) for case in cases if case.cause == self.arguments[0]]
        return [*_filter(cases), *(self._cards(cause, cases) for cause in CAUSES)]

    # The list of all

    def _cards(self, cause: str, cases: Iterable[Case]) -> nodes.Node:
        here = self.env.docname
        page = self.env.app.builder.get_relative_uri(here, f"incidents/{cause}")
        cards = nodes.bullet_list(classes=["incident-cards"])
        for case in cases:
            if case.cause == cause:
                title = nodes.reference("", case.title, refuri=f"{page}#{anchor(case)}")
                whose = nodes.paragraph("", origin(case), classes=["incident-source"])
                words = nodes.paragraph("", _begun(case.what_happened))
                cards += nodes.list_item("", nodes.paragraph("", "", title), whose, words)
        more = nodes.reference("", "All of them, step by step", refuri=page)
        section = nodes.section("", nodes.title("", CAUSES[cause]), ids=[cause], names=[cause])
        section.extend([cards, nodes.paragraph("", "", more)])
        return section

    # One incident

    def _incident(self, case: Case) -> nodes.section:
        heading = nodes.title("", f"{case.title} ")
        heading += nodes.inline("", f"({origin(case)})", classes=["incident-origin"])
        section = nodes.section("", heading, ids=[anchor(case)])
        section += [_source(case), nodes.paragraph("", case.what_happened)]
        section += nodes.paragraph(
            "", "", nodes.strong("", "The right answer. "), *_text(case.answer)
        )
        section += _policies(case)
        steps = replayed(case)
        section += self._steps(case, steps)
        script = nodes.literal_block(whole(case), whole(case), language="python")
        section += [
            _raw('<details class="incident-script"><summary>The same in Python</summary>'),
            script,
        ]
        if printed := "".join(step.printed for step in steps):
            section += nodes.literal_block(printed, printed, language="text")
        section += _raw("</details>")
        return section

    def _steps(self, case: Case, steps: list[Step]) -> Iterator[nodes.Node]:
        name, kept = anchor(case), dict[str, str]()
        yield _raw(f'<div class="incident-steps" role="group" aria-label="{escape(case.title)}">')
        for place, step in enumerate(steps, start=1):
            checked = " checked" if place == 1 else ""
            yield _raw(
                f'<input type="radio" name="{name}" id="{name}-{place}" autocomplete="off"'
                f' aria-label="Step {place} of {len(steps)}"{checked}>'
                f'<label for="{name}-{place}">{place}</label><div class="incident-step">'
                f'<p class="incident-turn">{_turn(name, place, len(steps))}</p>'
            )
            yield nodes.paragraph("", "", *_text(step.words.heading), classes=["incident-heading"])
            if step.words.lines:
                lines = (nodes.paragraph("", "", *_text(line)) for line in step.words.lines)
                yield nodes.bullet_list("", *(nodes.list_item("", line) for line in lines))
            if step.words.wrong:
                yield _wrong(step.words.wrong)
            if step.picture not in kept:
                kept[step.picture] = f"{name}-{place}.svg"
                self._write(kept[step.picture], step.picture)
            yield _raw(self._image(step, kept[step.picture]))
            if step.printed and step.plan is None:
                yield nodes.literal_block(step.printed, step.printed, language="text")
            yield _raw("</div>")
        yield _raw("</div>")

    def _write(self, name: str, picture: str) -> None:
        if self.env.app.builder.format == "html":
            folder = Path(self.env.app.outdir) / PICTURES
            folder.mkdir(parents=True, exist_ok=True)
            _ = (folder / name).write_text(picture, "utf-8")

    def _image(self, step: Step, name: str) -> str:
        up = "../" * self.env.docname.count("/")
        size = re.search(r'width="\d+" height="\d+"', step.picture)
        return (
            f'<img src="{up}{PICTURES}/{name}" alt="{escape(step.description)}"'
            f' loading="lazy" {size[0] if size else ""}>'
        )


def anchor(case: Case) -> str:
    """Return the anchor of a case on the page of its cause."""
    return case.name.replace("_", "-")


# Parts of what is shown


def _filter(cases: list[Case]) -> Iterator[nodes.Node]:
    """Yield the buttons that choose a cause, and the style that hides the other ones."""
    inputs = ['<input type="radio" name="cause" id="every-cause" autocomplete="off" checked>']
    labels = [f'<label for="every-cause">All {len(cases)}</label>']
    style: list[str] = []
    for cause, title in CAUSES.items():
        number = sum(case.cause == cause for case in cases)
        inputs.append(f'<input type="radio" name="cause" id="only-{cause}" autocomplete="off">')
        labels.append(f'<label for="only-{cause}">{title} <small>{number}</small></label>')
        style.append(f"#only-{cause}:checked ~ section:not(#{cause}) {{ display: none; }}")
    chosen = ", ".join(
        f'#{name}:checked ~ .incident-causes label[for="{name}"]'
        for name in ["every-cause", *(f"only-{cause}" for cause in CAUSES)]
    )
    style.append(f"{chosen} {{ background: #007a58; border-color: #007a58; color: #fff; }}")
    inside = "\n".join([f"<style>{' '.join(style)}</style>", *inputs])
    yield _raw(f'{inside}\n<div class="incident-causes">{"".join(labels)}</div>')


def _source(case: Case) -> nodes.paragraph:
    paragraph = nodes.paragraph(classes=["incident-source"])
    for place, (title, address) in enumerate(sources(case)):
        paragraph += [nodes.Text(" and ")] if place else []
        paragraph += nodes.reference("", title, refuri=address)
    if "date" in case.source:
        paragraph += nodes.inline("", f", {case.source['date']}", classes=["incident-date"])
    return paragraph


def _policies(case: Case) -> nodes.paragraph:
    asked = policies(case)
    paragraph = nodes.paragraph(
        "", "", nodes.strong("", "Policy. " if len(asked) == 1 else "Policies. ")
    )
    for place, policy in enumerate(asked):
        paragraph += [nodes.Text(", ")] if place else []
        paragraph += nodes.literal("", policy)
    return paragraph


def _wrong(why: str) -> nodes.paragraph:
    """Return the mark of a step in which a policy does not give the right answer."""
    mark = nodes.strong("", "Not the right answer. ")
    return nodes.paragraph("", "", mark, *_text(why), classes=["incident-wrong"])


def _turn(name: str, place: int, number: int) -> str:
    """Return the labels that lead to the step before and to the next one."""
    before = _to("← Previous", f"{name}-{place - 1}" if place > 1 else "")
    after = _to("Next →", f"{name}-{place + 1}" if place < number else "")
    return f"{before}{after}<span>Step {place} of {number}</span>"


def _to(words: str, step: str) -> str:
    return f'<label for="{step}">{words}</label>' if step else f"<b aria-hidden>{words}</b>"


def _text(text: str) -> Iterator[nodes.Node]:
    """Yield the nodes of a text in which names stand in backticks."""
    for place, part in enumerate(text.split("`")):
        if part:
            yield nodes.literal("", part) if place % 2 else nodes.Text(part)


def _begun(text: str) -> str:
    """Return the first sentence."""
    return re.split(r"(?<=[.!?]) ", text, maxsplit=1)[0]


def _raw(html: str) -> nodes.raw:
    return nodes.raw("", html, format="html")
