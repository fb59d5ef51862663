"""Diagrams whose labels and reasons mean something to Mermaid, and what each must say.

What is meant is worked out from the history and not from the diagram. White space does not count,
since texts are set in lines.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Final, TypeAlias

import attrs

from lastgood import LastStable, RollbackPlan, VersionRegistry
from lastgood.render import mermaid
from tests.render.stories import HOSTILE

#: A line or an arrow: from which node, to which one, and what stands on it. Nodes are their texts.
Edge: TypeAlias = tuple[str, str, str]

#: Words of flowcharts, in their grammar or before it, and of Markdown, HTML and Mermaid's memory.
KEYWORDS: Final = (
    *("flowchart", "flowchart TB", "graph", "graph TD;", "flowchart-elk", "subgraph", "end"),
    *("direction TB", "direction BT", "direction RL", "direction LR", "direction TD", "direction"),
    *("style", "style d1 fill:#f00;", "linkStyle", "linkStyle default", "classDef", "class d1 x"),
    *("click", "click d1 href", "call f()", "href", "interpolate", "default", "accTitle: x"),
    *("accDescr: x", "accDescr { x }", "_self", "_blank", "C4Context", "C4Container", "C4Dynamic"),
    *("sequenceDiagram", "gantt", "pie", "info", "erDiagram", "gitGraph", "mindmap", "timeline"),
    *("---", "--", "-->", "-.->", "==>", "===", "~~~", "<-->", "--x", "o--o", "&", "@{ shape: x }"),
    *(
        "%%",
        "%% comment",
        "%%{init: {'theme': 'dark'}}%%",
        "---\ntitle: x\n---",
        ":::",
        ":::failed",
    ),
    *("#", ";", "#;", "#35;", "#quot;", "#amp;", "&lt;", "&#35;", "&nbsp;", "<br/>", "<b>x</b>"),
    *("<script>x</script>", "<img src=x onerror=x>", "<!-- x -->", "<a href='x'>x</a>", "</div>"),
    *(
        '"',
        "'",
        "`",
        "``",
        "```",
        '"`x`"',
        "\\",
        "\\n",
        '\\"',
        "\\\\",
        "|",
        "||",
        "x|y",
        "$",
        "$$x$$",
    ),
    *("[", "]", "[x]", "[[x]]", "(", ")", "(x)", "((x))", "{", "}", "{x}", "{{x}}", "[/x/]", ">x]"),
    *("*", "**x**", "_x_", "__x__", "~~x~~", "# x", "## x", "> x", "- x", "+ x", "* x", "1. x"),
    *("1) x", "10. x", "[x](y)", "![x](y)", "<http://x.y>", "http://x.y", "www.x.y", "a@x.y"),
    *(
        "fa:fa-car",
        "fab:fa-x",
        "mdi:home",
        ":smile:",
        "\ufb02\xb0\xb035\xb6\xdf",
        "\ufb02\xb0x\xb6\xdf",
    ),
    *(
        "\N{ROCKET}",
        "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{ROCKET}",
        "\N{REGIONAL INDICATOR SYMBOL LETTER D}",
    ),
    *("\N{HEBREW LETTER ALEF}\N{HEBREW LETTER BET}", "\N{ARABIC LETTER SEEN}\N{ARABIC LETTER LAM}"),
    *(
        "\N{RIGHT-TO-LEFT OVERRIDE}x",
        "\N{ZERO WIDTH SPACE}x",
        "x\N{SOFT HYPHEN}y",
        "x\ny",
        "x\r\ny\tz",
    ),
    *(
        "undefined",
        "null",
        "constructor",
        "__proto__",
        "toString",
        "0",
        "1",
        "v1",
        "x:",
        "x;",
        "x,",
    ),
)
_SEPARATORS: Final = ("", " ", " ", ": ", "-", ", ", ". ", "/")
_CASES: Final[Sequence[Callable[[str], str]]] = (str, str.lower, str.upper, str.title)

#: How many characters of a reason, of who gave it, or of a strategy are shown.
_CUT: Final = 80
#: How many characters of the labels of failed tries are shown, or else the first label.
_NAMES: Final = 96


@attrs.frozen
class Case:
    """A diagram, with the texts of its nodes and its edges, each list sorted."""

    diagram: str
    nodes: Sequence[str]
    edges: Sequence[Edge]


def cases(seed: int, count: int) -> Iterator[Case]:
    """Yield cases with each word in every case of letters, and after these ones with random texts.

    Each word is the label of one version, and a reason or a name in another diagram.
    """
    words = [change(word) for word, change in product(KEYWORDS, _CASES)]
    texts = _distinct([*words, *HOSTILE])
    for place in range(0, min(4 * count, len(texts)), 4):
        yield course(_distinct([*texts[place : place + 4], *texts[place - 4 : place], *texts[:8]]))
    chance = random.Random(seed)  # noqa: S311  # it only has to be the same again
    for number in range(count - len(texts) // 4):
        texts = _distinct([_text(chance) for _ in range(20)])
        yield course(texts) if number % 2 else tries(texts)


def course(texts: Sequence[str]) -> Case:
    """Return a case in which one version failed and was left, and the next was undeployed."""
    good, fair, bad, new, words, who, why, strategy = (_label(text) for text in texts[:8])
    registry = VersionRegistry().register(good).deploy(good).mark_stable(good, reason=words)
    registry = registry.register(fair).deploy(fair)
    registry = registry.register(bad).deploy(bad).mark_failed(bad, reason=why)
    registry = registry.roll_back(LastStable().plan(registry), reason=words, by=who)
    registry = registry.register(new).deploy(new).undeploy(new, reason=why, by=who)
    at = registry.revision
    plan = RollbackPlan(new, good, "stable", strategy, at, registry.fingerprint, ())
    good, fair, new = (
        seen(good) + seen(f"stable: {words}", _CUT),
        seen(fair) + "unproven",
        seen(new) + "unprovenservedlast" + seen(f"undeployed by {cut(who)}: {cut(why)}"),
    )
    bad = seen(bad) + seen(f"failed: {why}", _CUT)
    edges = [
        *((good, fair, ""), (fair, bad, ""), (good, new, "")),
        (bad, good, seen(f"rolled back by {cut(who)}: {cut(words)}")),
        (new, good, seen(f"plan: {cut(strategy)}")),
    ]
    return Case(mermaid(registry, plan=plan), sorted([good, fair, bad, new]), sorted(edges))


def tries(texts: Sequence[str]) -> Case:
    """Return a case in which six failed tries are folded into one node."""
    good, *labels, why = (_label(text) for text in texts[:8])
    registry = VersionRegistry().register(good).deploy(good).mark_stable(good)
    for label in labels:
        registry = registry.register(label).deploy(label).mark_failed(label, reason=why)
        registry = registry.roll_back(LastStable().plan(registry))
    good = seen(good) + "stablecurrent"
    fit = next(
        most for most in (6, 5, 4, 3, 2, 1) if len(", ".join(labels[:most])) <= _NAMES or most == 1
    )
    named = ", ".join(labels[:fit]) + (f" and {6 - fit} more" if fit < len(labels) else "")
    bad = seen(f"6 failed tries: {named}") + seen(why, _CUT)
    edges = [(good, bad, ""), (bad, good, "rolledback6times")]
    return Case(mermaid(registry), sorted([good, bad]), sorted(edges))


def seen(text: str, longest: int | None = None) -> str:
    """Return what a reader must see of a text: without white space, and what cannot be printed."""
    shown = re.sub(r"\s+", "", cut(text, longest) if longest else text)
    shown = re.sub(
        r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", "\N{REPLACEMENT CHARACTER}", shown
    )
    return shown.replace("`", "\N{MODIFIER LETTER GRAVE ACCENT}")


def cut(text: str, longest: int = _CUT) -> str:
    """Return a text on one line, at most so long."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "\N{HORIZONTAL ELLIPSIS}"


def _text(chance: random.Random) -> str:
    """Return a few words with something between them, or one that is repeated to 120 characters."""
    words = [chance.choice(_CASES)(chance.choice(KEYWORDS)) for _ in range(chance.randint(1, 4))]
    words += ["".join(chance.choices("ab1 .:;#%-_\\\"'`|<>[](){}&*=+/@$~", k=chance.randint(0, 9)))]
    chance.shuffle(words)
    text = "".join(word + chance.choice(_SEPARATORS) for word in words)
    return (text * 120)[:120] if chance.random() < 0.1 else text  # one in ten


def _distinct(texts: Sequence[str]) -> list[str]:
    """Return the texts that differ as labels."""
    return [*{_label(text): text for text in texts if _label(text)}.values()]


def _label(text: str) -> str:
    """Return a text as a label, which is one line without control characters."""
    return " ".join(text.split())[:256].strip()
