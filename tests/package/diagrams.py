"""The diagrams of the pages, as SVG: ``python -m tests.package.diagrams`` writes them.

1. What changes a status is asked of the library. The diagram of statuses draws those changes, and
   no others: it fails to be made if an arrow is missing, or is one too many.
2. Each diagram is light or dark as the reader prefers, and says in words what it shows.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

from lastgood import IllegalTransition, Status
from tests.package.discovery import ROOT
from tests.registry.making import idle, serving
from tests.registry.status_table import ROWS

FOLDER: Final = ROOT / "docs" / "pictures"

_STYLE: Final = """\
.ground{fill:#fff;stroke:#d0d7de}.box{fill:#f6f8fa;stroke:#57606a;stroke-width:1.5}
.group{fill:none;stroke:#868e96;stroke-width:1.5;stroke-dasharray:5 4}
.good{fill:#d5f0e6;stroke:#007a58}.bad{fill:#fbe0d1;stroke:#b84a00}
.held{fill:#faeccb;stroke:#8a6100}.gone{fill:#e3e5e8;stroke:#5b6570;stroke-dasharray:4 3}
.arrow{fill:none;stroke:#57606a;stroke-width:1.6}.head{fill:#57606a}.life{stroke:#d0d7de}
.title{font:600 14px system-ui,sans-serif;fill:#1b1f24}
.words{font:13px system-ui,sans-serif;fill:#57606a}
.on{fill:#1b1f24}.code{font:12px ui-monospace,Menlo,Consolas,monospace;fill:#1b1f24}
.end{text-anchor:end}.middle{text-anchor:middle}
@media (prefers-color-scheme:dark){.ground{fill:#0d1117;stroke:#30363d}
.box{fill:#161b22;stroke:#9aa4af}.group{stroke:#6e7681}.good{fill:#0f3d30;stroke:#33c295}
.bad{fill:#4a2412;stroke:#ff8a4c}.held{fill:#3f310b;stroke:#e3b341}.gone{fill:#22272e;stroke:#8b949e}
.arrow{stroke:#9aa4af}.head{fill:#9aa4af}.life{stroke:#30363d}.words{fill:#9aa4af}
.title,.code,.on{fill:#e6edf3}}"""

#: The head of every arrow.
_HEAD: Final = (
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
    'orient="auto-start-reverse"><path class="head" d="M0 0L8 4L0 8Z"/></marker></defs>'
)


def picture(width: int, height: int, title: str, description: str, parts: Sequence[str]) -> str:
    """Return a diagram of these parts."""
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    ground = f'x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="10"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size}>',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(description)}</desc>",
        f"<style>{_STYLE}</style>",
        _HEAD,
        f'<rect class="ground" {ground}/>',
        *parts,
        "</svg>\n",
    ]
    return "\n".join(lines)


def box(x: int, y: int, wide: int, high: int, kind: str = "") -> str:
    """Return a box with round corners."""
    name = kind if kind == "group" else f"box {kind}".strip()
    return f'<rect class="{name}" x="{x}" y="{y}" width="{wide}" height="{high}" rx="8"/>'


def text(x: int, y: int, content: str, kind: str = "words") -> str:
    """Return a line of text; ``kind`` is its classes."""
    return f'<text class="{kind}" x="{x}" y="{y}">{escape(content)}</text>'


def arrow(steps: str) -> str:
    """Return an arrow along a path."""
    return f'<path class="arrow" marker-end="url(#head)" d="{steps}"/>'


# The statuses

#: A change of status: the words of the status before, what happens, and the words after.
Change = tuple[str, str, str]


def changes() -> set[Change]:
    """Return what changes a status, as the library answers."""
    found = set[Change]()
    for row, how in ROWS.items():
        for before in Status:
            if before is Status.ROLLED_BACK and how.start is serving:
                continue  # No current version is ever rolled back.
            for was in (Status.UNPROVEN, Status.STABLE):
                registry = idle(before, was=was) if how.start is idle else how.start(before)
                try:
                    after = how.command(registry)["it"].status
                except IllegalTransition:
                    continue
                if after is not before:
                    back = before is Status.ROLLED_BACK and after is was
                    found.add((before.words, row, "what it was" if back else after.words))
    return found


@dataclass(frozen=True)
class Arrow:
    """One arrow of the diagram of statuses, and the changes that it stands for."""

    before: tuple[str, ...]
    rows: tuple[str, ...]
    after: str
    path: str
    labels: tuple[tuple[int, int, str, str], ...]


_BOTH: Final = ("unproven", "stable")
_LEFT: Final = ("left by roll_back", "left by an observe that rewinds")

ARROWS: Final = (
    Arrow(
        ("unproven",),
        ("mark_stable",),
        "stable",
        "M310 95H418",
        ((364, 87, "mark_stable", "code middle"),),
    ),
    Arrow(
        _BOTH,
        _LEFT,
        "rolled back",
        "M335 145V228",
        ((327, 180, "left by roll_back", "code end"), (327, 197, "or by observe", "code end")),
    ),
    Arrow(
        ("rolled back",),
        ("reinstate", "observed"),
        "what it was",
        "M395 230V147",
        ((403, 180, "reinstate, observe:", "code"), (403, 197, "it is what it was", "words")),
    ),
    Arrow(_BOTH, ("mark_failed",), "failed", "M160 145V378", ((168, 300, "mark_failed", "code"),)),
    Arrow(_BOTH, ("retire",), "retired", "M570 145V378", ((562, 300, "retire", "code end"),)),
    Arrow(
        ("rolled back",),
        ("mark_failed",),
        "failed",
        "M305 280L182 392",
        ((262, 345, "mark_failed", "code"),),
    ),
    Arrow(
        ("rolled back",),
        ("retire",),
        "retired",
        "M425 280L548 392",
        ((470, 345, "retire", "code end"),),
    ),
    Arrow(
        ("failed",), ("retire",), "retired", "M180 405H548", ((365, 397, "retire", "code middle"),)
    ),
    Arrow(
        ("failed",),
        ("reinstate",),
        "unproven",
        "M55 380V112H168",
        ((63, 250, "reinstate", "code"),),
    ),
    Arrow(
        ("retired",),
        ("reinstate",),
        "unproven",
        "M645 380V14H240V68",
        ((653, 250, "reinstate", "code"),),
    ),
)

_BOXES: Final = (
    (170, 70, "unproven", "not judged yet", ""),
    (420, 70, "stable", "it proved good", "good"),
    (295, 230, "rolled back", "held, not judged", "held"),
    (40, 380, "failed", "it proved bad", "bad"),
    (550, 380, "retired", "not to be used", "gone"),
)


def statuses() -> str:
    """Return the diagram of statuses.

    Raises:
        ValueError: It would draw something else than what the library does.
    """
    drawn = {
        (before, row, each.after) for each in ARROWS for before in each.before for row in each.rows
    }
    if drawn != changes():
        raise ValueError(f"the arrows differ from the library: {drawn ^ changes()}")
    parts = [box(150, 30, 430, 115, "group"), text(330, 50, "may be deployed and gone back to")]
    parts += [
        '<circle class="head" cx="72" cy="84" r="5"/>',
        arrow("M77 84H168"),
        text(80, 76, "register", "code"),
    ]
    for each in ARROWS:
        parts.append(arrow(each.path))
        parts += [text(*label) for label in each.labels]
    for x, y, name, words, kind in _BOXES:
        parts += [
            box(x, y, 140, 50, kind),
            text(x + 70, y + 21, name, "title middle"),
            text(x + 70, y + 39, words, "words on middle"),
        ]
    sentences = (f"{before}, {row}: {after}." for before, row, after in sorted(changes()))
    return picture(740, 450, "What changes the status of a version", " ".join(sentences), parts)


# How it is built


def architecture() -> str:
    """Return the diagram of what asks what."""
    parts = [
        box(10, 95, 125, 105),
        text(72, 122, "Your code", "title middle"),
        *(text(72, 146 + 18 * n, line, "words middle") for n, line in enumerate(_CALLERS)),
        box(205, 20, 405, 240, "group"),
        text(222, 44, "lastgood: values, no I/O", "title"),
        box(222, 62, 160, 180),
        text(302, 88, "VersionRegistry", "title middle"),
        *(text(302, 116 + 22 * n, line, "words middle") for n, line in enumerate(_KNOWS)),
        arrow("M135 147H220"),
        text(170, 138, "facts", "words middle"),
    ]
    for place, (name, words) in enumerate(_ASKED):
        y = 62 + 65 * place
        parts += [
            box(440, y, 155, 50),
            text(517, y + 21, name, "title middle"),
            text(517, y + 39, words, "words middle"),
            arrow(f"M438 {y + 25}H384"),
        ]
    parts += [
        arrow("M517 112V125"),
        arrow("M517 177V190"),
        box(655, 95, 125, 105),
        text(717, 122, "RollbackPlan", "title middle"),
        *(text(717, 146 + 18 * n, line, "words middle") for n, line in enumerate(_PLAN)),
        arrow("M595 217H635V147H653"),
        arrow("M717 200V290H72V202"),
        text(395, 283, "your code serves plan.target, and records roll_back(plan)", "words middle"),
    ]
    return picture(790, 305, "How lastgood is built", _BUILT, parts)


_CALLERS: Final = ("CI job, monitor,", "operator, person")
_KNOWS: Final = (
    "events, in their order",
    "statuses, with reasons",
    "the lineage",
    "times",
    "metadata, contents",
)
_ASKED: Final = (
    ("Strategy", "proposes, best first"),
    ("Rules", "can veto"),
    ("Safe()", "always last"),
)
_PLAN: Final = ("target, reason,", "all considered")
_BUILT: Final = (
    "Your code records facts with commands. A strategy asks the registry and proposes versions, "
    "rules can veto them, and the safety check comes last. A plan comes out; your code serves its "
    "target and records it."
)


# Who says what to whom

#: Who speaks, who listens, and what is said. A note has no listener.
Said = tuple[str, str, str]

_PEOPLE: Final = ("store", "your job", "lastgood", "world")

RECORD_FIRST: Final[Sequence[Said]] = (
    ("store", "your job", "events"),
    ("your job", "lastgood", "plan, then roll_back"),
    ("lastgood", "your job", "the new registry"),
    ("your job", "store", "append, if unchanged"),
    ("", "", "If the job dies here, the next one reads the record and moves the world."),
    ("your job", "world", "serve registry.current"),
)
ACT_FIRST: Final[Sequence[Said]] = (
    ("store", "your job", "events"),
    ("your job", "lastgood", "plan"),
    ("lastgood", "your job", "the plan"),
    ("your job", "world", "serve plan.target"),
    ("world", "your job", "it serves"),
    ("", "", "If the job dies here, the next one sees what serves and records it: observe."),
    ("your job", "lastgood", "roll_back(plan)"),
    ("your job", "store", "append, if unchanged"),
)


def sequence(title: str, said: Sequence[Said]) -> str:
    """Return a diagram of who says what to whom, from top to bottom."""
    at = {name: 75 + 190 * place for place, name in enumerate(_PEOPLE)}
    high = 76 + 40 * len(said)
    parts = [f'<path class="arrow life" d="M{x} 50V{high - 16}"/>' for x in at.values()]
    for name, x in at.items():
        parts += [box(x - 60, 16, 120, 34), text(x, 38, name, "title middle")]
    for place, (speaker, listener, words) in enumerate(said):
        y = 88 + 40 * place
        if not listener:
            parts += [box(95, y - 18, 530, 30, "held"), text(360, y + 2, words, "words on middle")]
            continue
        start, end = at[speaker], at[listener]
        step = 3 if start < end else -3
        parts.append(arrow(f"M{start} {y}H{end - step}"))
        parts.append(text(min(start, end) + 95, y - 7, words, "words on middle"))
    words = " ".join(f"{a} to {b}: {what}." if b else what for a, b, what in said)
    return picture(720, high, title, words, parts)


DIAGRAMS: Final[Mapping[Path, Callable[[], str]]] = {
    FOLDER / "statuses.svg": statuses,
    FOLDER / "architecture.svg": architecture,
    FOLDER / "record_first.svg": lambda: sequence("Record first", RECORD_FIRST),
    FOLDER / "act_first.svg": lambda: sequence("Act first", ACT_FIRST),
}


def texts() -> Iterator[tuple[Path, str]]:
    """Yield each file with what belongs into it."""
    for path, make in DIAGRAMS.items():
        yield path, make()


def main() -> None:
    """Write all files."""
    for path, content in texts():
        _ = path.write_text(content, "utf-8", newline="\n")


if __name__ == "__main__":
    main()
