"""What the reference promises to list is listed, and is what the library does and says."""

import ast
import re
import typing
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from lastgood import (
    BestBy,
    Event,
    IllegalTransition,
    InvalidData,
    LastStable,
    Pinned,
    PreviousBySemver,
    RollbackStrategy,
    Status,
    VersionRegistry,
    errors,
    rules,
)
from tests.package.discovery import ROOT, exported, fences, public_modules, trees
from tests.registry.status_table import ROWS

REFERENCE = ROOT / "docs" / "reference"
DAY = datetime(2026, 5, 1, tzinfo=UTC)


def rows(page: str) -> list[list[str]]:
    """Return the rows of the tables of a page, each as its cells; headings are rows as well."""
    lines = re.findall(r"^\| (.*) \|$", (REFERENCE / page).read_text("utf-8"), re.MULTILINE)
    return [[cell.strip() for cell in line.split(" | ")] for line in lines]


def directives() -> set[str]:
    """Return what the pages of the reference draw from docstrings."""
    pages = [page.read_text("utf-8") for page in sorted(REFERENCE.glob("*.md"))]
    drawn = re.compile(r"^\.\. auto\w+:: ([\w.]+)", re.MULTILINE)
    return {name for page in pages for name in drawn.findall(page)}


@pytest.mark.parametrize("module", public_modules(), ids=lambda module: module.__name__)
def test_every_public_name_is_in_the_reference(module: typing.Any) -> None:
    """What users import is explained on a page of the reference, from its own docstring."""
    drawn = {name.rpartition(".")[2] for name in directives() if name.startswith("lastgood")}
    modules = {"errors", "rules", "strategies", "testing", "render"}
    assert {name for name, _ in exported(module)} - modules <= drawn


# The table of transitions


def _after(row: str, before: Status) -> str:
    """Return the cell of the table for what really happens."""
    how = ROWS[row]
    try:
        return how.command(how.start(before))["it"].status.words
    except IllegalTransition:
        return "refused"


def test_the_table_of_transitions_is_that_of_the_library() -> None:
    """The page shows, cell by cell, what the commands do."""
    (_, *columns), *lines = rows("statuses.md")
    assert columns == [status.words for status in Status]
    shown = {re.sub("`", "", name): cells for name, *cells in lines}
    both = shown.pop("left by roll_back, or by an observe that rewinds")
    shown |= {"left by roll_back": both, "left by an observe that rewinds": both}
    assert shown == {row: [_after(row, status) for status in Status] for row in ROWS}


# The errors


@pytest.mark.parametrize("name", sorted({*errors.__all__} - {"LastgoodError"}))
def test_every_error_is_shown_as_it_is_printed(name: str) -> None:
    """The section of an error ends with a message of that very error, printed by the page."""
    page = (REFERENCE / "errors.md").read_text("utf-8")
    section = page.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    assert f".. autoexception:: lastgood.errors.{name}\n" in section
    assert re.search(r"^```text\n.+", section, re.MULTILINE)


# The plain data

KINDS: tuple[str, ...] = typing.get_args(typing.get_type_hints(Event.__init__)["event"])
NEEDED = {"rolled_back": {"source": "2", "strategy": "by hand"}}
KEYS = {
    "at": DAY,
    "reason": "why",
    "metadata": {"auc": 0.9},
    "digest": "sha256:aa",
    "source": "2",
    "strategy": "by hand",
}


def _takes(kind: typing.Any, key: str) -> bool:
    told: dict[str, typing.Any] = {**NEEDED.get(kind, {}), key: KEYS[key]}
    try:
        _ = Event(kind, "1", **told)
    except InvalidData:
        return False
    return True


def test_the_table_of_events_is_that_of_the_library() -> None:
    """The page lists every kind of event, with exactly the keys that such an event takes."""
    shown = {
        name.strip("`"): set(re.findall(r"`(\w+)`", keys.partition("; `version`")[0]))
        for name, _, keys in rows("data.md")[1 : 1 + len(KINDS)]
    }
    assert shown == {kind: {key for key in KEYS if _takes(kind, key)} for kind in KINDS}


# The reasons


def listed() -> list[str]:
    """Return the reasons that the page lists."""
    return [line[0].strip("`") for line in rows("reasons.md") if line[0].startswith("`")]


def _templates() -> Iterator[str]:
    """Yield every reason that the source of a strategy or a rule can give, as a pattern."""
    modules = [tree for path, tree in trees() if path.startswith(("rules/", "strategies/"))]
    constants = {
        target.id: node.value
        for tree in modules
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for tree in modules:
        for said in _said(tree):
            yield from _patterns(
                constants.get(said.id, said) if isinstance(said, ast.Name) else said
            )


def _said(tree: ast.Module) -> Iterator[ast.expr]:
    """Yield what is given as a reason: answers of rules, rejections, and facts."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.returns is not None:
            kind = ast.unparse(node.returns)
            for inner in ast.walk(node):
                if isinstance(inner, ast.Return) and kind == "str | None" and inner.value:
                    yield inner.value
                if isinstance(inner, ast.Yield) and kind == "Iterator[str]" and inner.value:
                    yield inner.value
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Candidate.reject":
            yield from node.args[1:]


def _patterns(said: ast.expr) -> Iterator[str]:
    if isinstance(said, ast.IfExp):
        yield from _patterns(said.body)
        yield from _patterns(said.orelse)
    elif isinstance(said, ast.Constant) and isinstance(said.value, str):
        yield re.escape(said.value)
    elif isinstance(said, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else None for part in said.values]
        yield "".join(".+" if part is None else re.escape(str(part)) for part in parts)


def test_every_reason_of_the_source_is_listed() -> None:
    """A reason that a strategy or a rule can give has a row of its own on the page."""
    patterns = sorted(set(_templates()))
    assert len(patterns) > 25
    unlisted = [
        pattern for pattern in patterns if not any(re.fullmatch(pattern, row) for row in listed())
    ]
    assert unlisted == []


def _history() -> VersionRegistry:
    """Return a registry in which there is a reason against everything."""
    registry = VersionRegistry()
    for number, label in enumerate(["v1.0", "v1.1", "v1.2", "v1.3"]):
        registry = registry.register(
            label,
            metadata={"schema": "AAAB"[number], "migration": label == "v1.2", "region": "us"},
            digest=f"sha256:{'abcd'[number]}{number}",
            at=DAY,
        )
        registry = registry.deploy(label, at=DAY + timedelta(days=number)).mark_stable(label)
    return registry


def _answers() -> Iterator[str | None]:
    """Yield what is said of many versions in many histories: everything that the page lists."""
    yield from _of_strategies()
    yield from _of_rules()
    yield from _of_statuses()


def _rejections(strategy: RollbackStrategy, registry: VersionRegistry) -> list[str]:
    return [found.reason for found in strategy.review(registry) if not found.accepted]


def _of_statuses() -> Iterator[str]:
    registry = VersionRegistry()
    for label in ["v1.0", "v1.1", "v1.2", "v1.3", "v1.4", "v1.5"]:
        registry = registry.register(label).deploy(label)
    registry = registry.roll_back(Pinned("v1.4").plan(registry), reason="error rate 4 %")
    registry = registry.mark_failed("v1.3", reason="p99 900 ms")
    registry = registry.retire("v1.2", reason="licence ended")
    yield from _rejections(LastStable(), registry)
    registry = registry.roll_back(Pinned("v1.0").plan(registry))
    yield from _rejections(LastStable(), registry)


def _of_strategies() -> Iterator[str]:
    registry = _history()
    yield from _rejections(LastStable(steps=2), registry)
    yield from _rejections(BestBy("auc"), registry)
    yield from _rejections(Pinned("v9"), registry.register("v0.9").mark_stable("v0.9"))
    release = VersionRegistry.from_statuses({"1.0-rc.1": "stable", "1.0": "failed"}, current="1.0")
    yield from _rejections(PreviousBySemver(), release)
    branch = VersionRegistry().register("main-7").deploy("main-7")
    yield from _of_no_target(PreviousBySemver(), branch)
    yield from _of_no_target(Pinned("v9"), registry)
    twins = registry.register("v1.4", digest="sha256:d3").mark_failed("v1.1", reason="p99 900 ms")
    twins = twins.register("v1.5", digest="sha256:b1")
    yield from _of_no_target(Pinned("v1.3") | Pinned("v1.4") | Pinned("v1.5"), twins)


def _of_no_target(strategy: RollbackStrategy, registry: VersionRegistry) -> list[str]:
    with pytest.raises(errors.NoRollbackTarget) as refusal:
        _ = strategy.plan(registry)
    return [candidate.reason for candidate in refusal.value.considered]


def _of_rules() -> Iterator[str | None]:
    registry = _history()
    first, nothing = registry["v1.0"], VersionRegistry()
    later = registry.with_clock(DAY + timedelta(days=4))
    branch = registry.register("main-7").register("v2.0").register("v1.4").deploy("v1.4")
    untimed = branch.deploy("main-7").deploy("v2.0")
    back = LastStable().recover(registry.mark_failed("v1.3"), at=DAY + timedelta(days=4))
    twice = LastStable().recover(back.mark_failed("v1.2"), at=DAY + timedelta(days=4, minutes=10))
    yield rules.Except("v1.0")(first, registry)
    yield rules.AtLeast("1.3.0")(first, registry)
    yield rules.AtLeast("1.3.0")(branch["main-7"], branch)
    yield rules.SameMajor()(branch["v2.0"], registry)
    yield rules.SameMinor()(first, registry)
    yield rules.SameMajor()(branch["main-7"], registry)
    yield rules.SameMajor()(first, nothing)
    yield rules.SameMetadata("schema")(first, registry)
    yield rules.SameMetadata("schema")(branch["main-7"], registry)
    bare = VersionRegistry().register("v1.3").deploy("v1.3")
    yield rules.SameMetadata("schema")(first, bare)
    yield rules.HasMetadata("region", "eu")(first, registry)
    yield rules.HasMetadata("region", "eu")(branch["main-7"], registry)
    yield rules.ServedWithin(timedelta(days=1))(registry["v1.0"], registry)
    yield rules.ServedWithin(timedelta(days=1))(branch["main-7"], registry)
    yield rules.ServedWithin(timedelta(days=1))(untimed["main-7"], untimed)
    yield rules.ServedAtLeast(timedelta(days=7))(first, later)
    yield rules.ServedAtLeast(timedelta(days=7))(first, nothing)
    yield rules.WithinLast(1)(first, registry)
    yield rules.NotPast("migration")(first, registry)
    yield rules.Budget(1)(first, back)
    yield rules.Budget(2, within=timedelta(hours=1))(first, twice)


def test_every_listed_reason_is_said() -> None:
    """No row of the page is out of date: each is a reason that the library gives, to the letter."""
    said = {*_answers()}
    assert [reason for reason in listed() if reason not in said] == []


def test_the_pages_are_read() -> None:
    """The tests above look at something: the tables are found, and so is what fills them."""
    assert len(listed()) > 30
    assert len(directives()) > 40
    assert [tag for tag, _ in fences(REFERENCE / "errors.md")].count("text") == len(
        errors.__all__
    ) - 1
