"""The English of docstrings, messages and pages.

1. Every sentence that a user reads says what a thing is or must be. The patterns below stand for
   kinds of sentences that had to be read twice.
2. No message and no example judges or leaves *the current version* by asking a registry for its
   label: a retry would then judge or leave the next one. The label comes from the alarm.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from tests.package.discovery import FENCE, PAGES, ROOT, SOURCE, docstrings, fences, trees
from tests.rows import each_row

#: The kinds of sentences that are hard to read, and what to write instead. "There is no", "is no
#: longer" and "is no better" are understood at once; `None` is code.
PATTERNS = {
    r"(?<![Tt]here )\bis no (?!longer\b|better\b)\w": "say what it is, or what it must be",
    r"\b(?:is|are) none\b": "say what it must be",
    r"\b[Ww]hat is no (?!longer\b)": "name the thing: 'a value that is not an object'",
    r"\b[Ee]rrors as of\b": "write 'Raises the same errors as'",
    r"\b[Ss]o (?:many|few)\b": "give the number a name: 'at most n'",
    r"\bwas told\b": "write 'recorded', 'given' or 'reported'",
}

#: Sentences in which a pattern is right, each with the reason.
EXCEPTIONS: dict[str, str] = {}

#: A line that judges or leaves whatever serves when it runs.
ASKING = re.compile(
    r"(?:leaving=|replacing=|(?:mark_failed|mark_stable|retire|undeploy)\()\s*\w+\.current\b"
)

#: Where such a line stands as a warning.
WARNINGS = {
    "docs/explanation/good.md": "the page says why it is a trap",
    "src/lastgood/_registry/knowledge.py": "the docstring of mark_failed warns of it",
}

EXAMPLES = sorted((ROOT / "docs" / "examples").rglob("*.py"))


def _name(path: Path) -> str:
    if path.is_relative_to(SOURCE):  # It may be installed elsewhere.
        return f"src/lastgood/{path.relative_to(SOURCE).as_posix()}"
    return path.relative_to(ROOT).as_posix()


def _messages(tree: ast.Module) -> Iterator[str]:
    """Yield the texts of a module that are no docstrings, those in f-strings as well."""
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        match node:
            case ast.JoinedStr(values=values):
                yield "".join(
                    str(part.value) if isinstance(part, ast.Constant) else "…" for part in values
                )
            case ast.Constant(value=str(text)) if id(node) not in documented:
                yield text
            case _:
                pass


def _prose() -> Iterator[tuple[str, str]]:
    """Yield every text that a user reads, with the file where it stands."""
    for path, tree in trees():
        name = _name(SOURCE / path)
        yield from ((name, text) for text in docstrings(tree))
        yield from ((name, text) for text in _messages(tree))
    for page in PAGES:
        yield _name(page), FENCE.sub("", page.read_text("utf-8"))


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.:;!?])\s+(?=\S)|\n\s*\n", text)


@cache
def _texts() -> dict[str, list[str]]:
    """Return the texts of each file."""
    texts = defaultdict[str, list[str]](list)
    for name, text in _prose():
        texts[name].append(text)
    return texts


def _hard_to_read(name: str) -> list[str]:
    sentences = [
        " ".join(sentence.split()) for text in _texts()[name] for sentence in _sentences(text)
    ]
    return [
        f"{sentence!r}: {remedy}"
        for sentence in sentences
        for pattern, remedy in PATTERNS.items()
        if re.search(pattern, sentence) and sentence not in EXCEPTIONS
    ]


@each_row("name", _texts)
def test_sentences_are_understood_at_once(name: str) -> None:
    """No sentence of the file is of a kind that has to be read twice."""
    assert _hard_to_read(name) == []


@each_row(
    "sentence",
    [
        "'7' is no label.",
        "A value is none.",
        "the others are none",
        "What is no object stands for itself.",
        "A text; errors as of `text`.",
        "At most so many are kept.",
        "No time was told.",
    ],
)
def test_a_hard_sentence_is_seen(sentence: str) -> None:
    """The patterns find the kinds of sentences that they stand for, and no good ones."""
    assert any(re.search(pattern, sentence) for pattern in PATTERNS)
    good = "There is no limit. It is not a label, and is no longer one. At most n are kept."
    assert not any(re.search(pattern, good) for pattern in PATTERNS)


def test_the_exceptions_are_needed() -> None:
    """An exception stands in a file, and says why."""
    texts = chain.from_iterable(_texts().values())
    sentences = {" ".join(each.split()) for text in texts for each in _sentences(text)}
    assert set(EXCEPTIONS) <= sentences
    assert all(EXCEPTIONS.values())


# The label comes from the alarm


def _code() -> Iterator[tuple[str, str]]:
    """Yield every text and every example that somebody may follow to the letter."""
    yield from ((name, text) for name, texts in _texts().items() for text in texts)
    for page in PAGES:
        yield from ((_name(page), body) for _, body in fences(page))
    for path in EXAMPLES:
        yield _name(path), path.read_text("utf-8")


def test_nobody_asks_for_the_label() -> None:
    """No line of a message, an example or a page judges or leaves `registry.current`.

    Only a warning shows such a line, once.
    """
    asking = [name for name, text in _code() for _ in ASKING.findall(text)]
    assert sorted(asking) == sorted(WARNINGS)


@pytest.mark.parametrize(
    "line",
    [
        "registry = registry.mark_failed(registry.current, reason='slow')",
        "plan = strategy.plan(registry, leaving=registry.current)",
        "registry.undeploy( known.current )",
    ],
)
def test_a_line_that_asks_is_seen(line: str) -> None:
    """The pattern finds such lines, whatever the registry is called."""
    assert ASKING.search(line)
    assert not ASKING.search("registry.deploy('v1.1', replacing='v1.0')")
