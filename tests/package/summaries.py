"""What a forge shows, which draws no docstrings: ``python -m tests.package.summaries``.

1. Above each directive stands a line with the signature and the first sentence of the docstring.
   The site leaves that line out: there the docstring says it.
2. The overview has every public name once, with a link to its place.
3. Both are written by this program, and a test compares them with the code.
"""

import importlib
import inspect
import re
from collections.abc import Iterator
from enum import EnumType
from pathlib import Path
from types import ModuleType
from typing import Final

from lastgood import LastgoodError, RollbackStrategy, VersionRegistry
from tests.package.discovery import ROOT, exported, public_modules

REFERENCE: Final = ROOT / "docs" / "reference"
OVERVIEW: Final = REFERENCE / "overview.md"

#: A directive with its options, alone in its block, and the line above it.
DRAWN: Final = re.compile(
    r"(?:^`[^`\n][^\n]*\n(?:[^\n]+\n)*\n)?"
    r"(?P<block>^```\{eval-rst\}\n\.\. auto\w+:: (?P<name>[\w.]+)(?:\(.*\))?\n(?:[^`]*\n)?^```$)",
    re.MULTILINE,
)

#: What has no docstring.
_COMMENTS: Final = {
    "lastgood.MetadataValue": "A value in metadata: `str | int | float | bool | None`.",
    "lastgood.rules.Rule": "A function or object that returns the reason to reject, or `None`.",
    "lastgood.keys.Key": "A function from a `Version` to its place in an order, or `None`.",
    "lastgood.testing.LAWS": "The names of the laws.",
    "lastgood.testing.STORE_LAWS": "The names of the laws of stores.",
    "lastgood.control.Answer": "What a caller may answer.",
    "lastgood.control.Request": "What a conversation may want.",
}

_COMMANDS: Final = (
    *("register", "annotate", "deploy", "undeploy", "observe", "roll_back"),
    *("mark_stable", "mark_failed", "retire", "reinstate"),
)
_DATA: Final = ("from_statuses", "replay", "extend", "to_dict", "from_dict")

#: Modules whose names are all exported by another one, or stand under a heading of their own.
_ELSEWHERE: Final = ("lastgood", "lastgood.errors", "lastgood.rules", "lastgood.strategies")

#: What the library makes, and users do not call.
_MADE: Final = {
    "AsyncStore",
    "Store",
    "StoreReport",
    "Conversation",
    "Version",
    "Deployment",
    "RollbackPlan",
    "Review",
    "LawReport",
    "Backtest",
    "Choice",
    "Counts",
    "Incident",
}

_WIDEST: Final = 103
#: A bar in a cell of a table.
BAR: Final = r"\|"


def line_of(name: str) -> str:
    """Return the signature of a name and the first sentence about it, as Markdown."""
    return f"`{_signature(name)}`: {summary_of(name)}"


def summary_of(name: str) -> str:
    """Return the first sentence about a name."""
    if name in _COMMENTS:
        return _COMMENTS[name]
    paragraph = " ".join((inspect.getdoc(found(name)) or "").partition("\n\n")[0].split())
    sentence = re.split(r"(?<=[.:])\s+(?=[A-Z])", paragraph)[0]
    return re.sub(r"``([^`]+)``", r"`\1`", sentence)


def found(name: str) -> object:
    """Return what a dotted name names."""
    module, thing = "lastgood", name.removeprefix("lastgood.")
    while "." in thing and _is_module(f"{module}.{thing.partition('.')[0]}"):
        first, _, thing = thing.partition(".")
        module = f"{module}.{first}"
    if _is_module(f"{module}.{thing}"):
        return importlib.import_module(f"{module}.{thing}")
    value: object = importlib.import_module(module)
    for part in thing.split("."):
        value = (
            inspect.getattr_static(value, part) if inspect.isclass(value) else getattr(value, part)
        )
    return value


def with_lines(page: str) -> str:
    """Return the text of a page, with the right line above each directive."""
    return DRAWN.sub(lambda each: f"{_wrapped(line_of(each['name']))}\n\n{each['block']}", page)


def overview() -> str:
    """Return the text of the page with every name."""
    parts = [_HEAD, *(_table(title, rows) for title, rows in _tables())]
    return "\n".join(parts)


def places() -> dict[str, str]:
    """Return where the reference explains each name: its page, with the heading if it has one."""
    found_at = dict[str, str]()
    for page in sorted(REFERENCE.glob("*.md")):
        heading = ""
        for line in page.read_text("utf-8").splitlines():
            if line.startswith("#"):
                heading = line.lstrip("# ")
            drawn = re.match(r"\.\. auto(?!module)\w+:: ([\w.]+)", line)
            if drawn is not None:
                own = heading == drawn[1].rpartition(".")[2]
                found_at[drawn[1]] = f"{page.name}#{heading.lower()}" if own else page.name
    return found_at


def _is_module(name: str) -> bool:
    return any(module.__name__ == name for module in public_modules())


def _signature(name: str) -> str:
    thing, last = found(name), name.rpartition(".")[2]
    thing = getattr(thing, "__func__", thing)  # a class method
    if inspect.isclass(thing) and issubclass(thing, BaseException):
        bases = [base.__name__ for base in thing.__bases__ if base is not LastgoodError]
        return f"{last}({', '.join(bases)})"
    if not callable(thing) or name in _COMMENTS or last in _MADE or isinstance(thing, EnumType):
        return last
    parameters = [
        each.replace(annotation=inspect.Parameter.empty)
        for each in inspect.signature(thing).parameters.values()
        if each.name not in {"self", "cls", "misplaced"}
    ]
    return f"{last}{inspect.Signature(parameters)}".replace(", /", "").replace("/, ", "")


def _wrapped(text: str) -> str:
    """Return a line in lines of at most a hundred columns; code is not broken."""
    words = re.findall(r"`[^`]+`\S*|\S+", text)
    lines = [""]
    for word in words:
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) <= _WIDEST or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    return "\n".join(lines)


_HEAD: Final = """\
# Overview

Every public name in one line, with a link to its place in the reference.
"""


def _tables() -> Iterator[tuple[str, list[str]]]:
    registry = "lastgood.VersionRegistry"
    members = [
        name
        for cls in reversed(VersionRegistry.__mro__)
        if cls.__module__.startswith("lastgood")
        for name in vars(cls)
        if not name.startswith("_")
    ]
    names = dict.fromkeys(members)
    yield "Commands of the registry", [f"{registry}.{name}" for name in _COMMANDS]
    asked = [name for name in names if name not in {*_COMMANDS, *_DATA}]
    yield "Questions to the registry", [f"{registry}.{name}" for name in asked]
    yield "In and out as plain data", [f"{registry}.{name}" for name in _DATA]
    yield "Strategies", _of("lastgood.strategies")
    methods = [name for name in vars(RollbackStrategy) if name in _METHODS]
    yield "What every strategy can do", [f"lastgood.RollbackStrategy.{name}" for name in methods]
    yield "Rules", _of("lastgood.rules")
    errors = set(_of("lastgood.errors"))
    yield "Errors", sorted(errors)
    others = {each.rpartition(".")[2] for module in _ELSEWHERE[1:] for each in _of(module)}
    rest = [each for each in _of("lastgood") if each.rpartition(".")[2] not in others]
    yield "Values and functions", rest
    for module in public_modules():
        if module.__name__ not in _ELSEWHERE:
            yield module.__name__, _of(module.__name__)


_METHODS: Final = ("candidates", "plan", "review", "recover", "where", "__or__", "to_dict")


def _of(module: str) -> list[str]:
    """Return the names that a module exports, but for modules."""
    (of,) = (each for each in public_modules() if each.__name__ == module)
    home = "lastgood" if module == "lastgood.strategies" else module
    return [f"{home}.{name}" for name, thing in exported(of) if not isinstance(thing, ModuleType)]


def _table(title: str, names: list[str]) -> str:
    at = places()
    said = [(_link(name, at), summary_of(name).replace("|", BAR)) for name in names]
    rows = "\n".join(f"| {link} | {words} |" for link, words in said)
    return f"## {title}\n\n| name | what it is or does |\n|---|---|\n{rows}\n"


def _link(name: str, at: dict[str, str]) -> str:
    last = name.rpartition(".")[2]
    return f"[`{_shown(name)}`]({at[name]})" if name in at else f"`{last}`"


def _shown(name: str) -> str:
    last = name.rpartition(".")[2]
    return f"a {BAR} b" if last == "__or__" else last


def pages() -> list[Path]:
    """Return the pages of the reference with directives."""
    return [page for page in sorted(REFERENCE.glob("*.md")) if page != OVERVIEW]


def main() -> None:
    """Write the lines and the overview."""
    for page in pages():
        _ = page.write_text(with_lines(page.read_text("utf-8")), "utf-8", newline="\n")
    _ = OVERVIEW.write_text(overview(), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
