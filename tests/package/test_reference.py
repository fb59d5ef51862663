"""The lists of the reference are complete, and agree with what the library does and says."""

import ast
import re
import typing
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from lastgood import (
    AsOf,
    BestBy,
    Candidate,
    Event,
    IllegalTransition,
    InvalidData,
    LastStable,
    NoRollbackTarget,
    Pinned,
    PreviousBy,
    PreviousBySemver,
    RollbackStrategy,
    Status,
    Version,
    VersionRegistry,
    errors,
    rules,
)
from lastgood.keys import numbers
from tests.package.discovery import ROOT, exported, fences, public_modules, trees
from tests.registry.making import back, deployed, idle
from tests.registry.status_table import ROWS
from tests.rows import each_row

REFERENCE = ROOT / "docs" / "reference"
ERROR_PAGES = ("errors.md", "refusals.md")
DAY = datetime(2026, 5, 1, tzinfo=UTC)


def rows(page: str) -> list[list[str]]:
    """Return the rows of the tables of a page, each as its cells; headings are rows as well."""
    lines = re.findall(r"^\|(.*)\|$", (REFERENCE / page).read_text("utf-8"), re.MULTILINE)
    cells = [re.split(r"(?<!\\)\|", line) for line in lines]
    return [[cell.strip().replace("\\|", "|") for cell in row] for row in cells]


def directives() -> set[str]:
    """Return the names whose docstrings are drawn into the pages of the reference."""
    pages = [page.read_text("utf-8") for page in sorted(REFERENCE.glob("*.md"))]
    drawn = re.compile(r"^\.\. auto\w+:: ([\w.]+)", re.MULTILINE)
    return {name for page in pages for name in drawn.findall(page)}


@each_row("module", public_modules())
def test_every_public_name_is_in_the_reference(module: typing.Any) -> None:
    """Every exported name is explained on a page of the reference, from its own docstring."""
    drawn = {name.rpartition(".")[2] for name in directives() if name.startswith("lastgood")}
    modules = {"control", "errors", "keys", "render", "rules", "strategies", "testing"}
    assert {name for name, _ in exported(module)} - modules <= drawn


# The table of transitions


def _after(row: str, before: Status) -> str:
    """Return the cell of the table for what really happens."""
    how = ROWS[row]
    if before is not Status.ROLLED_BACK:
        return _outcome(row, how.start(before))
    if how.start is not idle:
        return "-"  # No current version is ever rolled back.
    were = (Status.UNPROVEN, Status.STABLE)
    outcomes = [_outcome(row, idle(before, was=was)) for was in were]
    return "what it was" if outcomes == [was.words for was in were] else outcomes[0]


def _outcome(row: str, registry: VersionRegistry) -> str:
    try:
        return ROWS[row].command(registry)["it"].status.words
    except IllegalTransition:
        return "refused"


def test_the_table_of_transitions_is_that_of_the_library() -> None:
    """The page shows, cell by cell, what the commands do."""
    (_, *columns), _, *lines = rows("statuses.md")
    assert columns == [status.words for status in Status]
    shown = {re.sub("`", "", name): cells for name, *cells in lines}
    both = shown.pop("left by roll_back, or by an observe that rewinds")
    shown |= {"left by roll_back": both, "left by an observe that rewinds": both}
    assert shown == {row: [_after(row, status) for status in Status] for row in ROWS}


# The errors


@each_row("name", sorted({*errors.__all__} - {"LastgoodError"}))
def test_every_error_is_shown_as_it_is_printed(name: str) -> None:
    """The section of an error ends with a message of that very error, printed by the page."""
    page = "".join((REFERENCE / name).read_text("utf-8") for name in ERROR_PAGES)
    section = page.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    assert f".. autoexception:: lastgood.errors.{name}\n" in section
    assert re.search(r"^```text\n.+", section, re.MULTILINE)


# The plain data

KINDS: tuple[str, ...] = typing.get_args(typing.get_type_hints(Event.__init__)["kind"])
NEEDED: dict[str, dict[str, typing.Any]] = {
    "annotated": {"metadata": {"auc": 0.9}},
    "rolled_back": {"source": "2", "strategy": "by hand"},
}
#: The keys that every kind of event has, and those that only some have.
ALWAYS = {"at": DAY, "reason": "why", "by": "ana"}
KEYS = {
    "metadata": {"auc": 0.9},
    "digest": "sha256:aa",
    "source": "2",
    "strategy": "by hand",
}


def _takes(kind: typing.Any, key: str) -> bool:
    keys: dict[str, typing.Any] = {**NEEDED.get(kind, {}), key: (ALWAYS | KEYS)[key]}
    try:
        _ = Event(kind, "1", **keys)
    except InvalidData:
        return False
    return True


def test_the_table_of_events_is_that_of_the_library() -> None:
    """The page lists every kind of event, with the keys that only some kinds have."""
    shown = {
        name.strip("`"): set(re.findall(r"`(\w+)`", keys.partition("; `version`")[0]))
        for name, *_, keys in rows("data.md")
        if name.strip("`") in KINDS
    }
    assert shown == {kind: {key for key in KEYS if _takes(kind, key)} for kind in KINDS}


@each_row("kind", KINDS)
def test_every_kind_of_event_has_these_keys(kind: str) -> None:
    """When, why, and who says so: any event may say it."""
    assert all(_takes(kind, key) for key in ALWAYS)


# The reasons


def listed() -> list[str]:
    """Return the reasons that the page lists."""
    return [line[0].strip("`") for line in rows("reasons.md") if line[0].startswith("`")]


def _templates() -> dict[str, str]:
    """Return every sentence that the source makes reasons of, as a pattern under its name."""
    (tree,) = (tree for path, tree in trees() if path == "_values/reasons.py")
    found = dict[str, str]()
    for node in tree.body:
        match node:
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=str(text))):
                found[name] = re.escape(text)
            case ast.FunctionDef(name=name) if not name.startswith("_"):
                returns = [each for each in ast.walk(node) if isinstance(each, ast.Return)]
                found |= {
                    f"{name}, line {each.lineno}": pattern
                    for each in returns
                    for pattern in _patterns(each.value)
                }
            case _:
                pass
    return found


def _patterns(sentence: ast.expr | None) -> Iterator[str]:
    match sentence:
        case ast.IfExp(body=body, orelse=orelse):
            yield from _patterns(body)
            yield from _patterns(orelse)
        case ast.Constant(value=str(text)):
            yield re.escape(text)
        case ast.JoinedStr(values=values):
            parts = [part.value if isinstance(part, ast.Constant) else None for part in values]
            yield "".join(".*" if part is None else re.escape(str(part)) for part in parts)
        case _:
            pass


def test_every_sentence_is_found_in_a_reason_that_is_said() -> None:
    """The histories below bring about every sentence of the source."""
    said = [reason for reason in _answers() if reason]
    assert len(_templates()) > 40
    unsaid = {
        name: pattern
        for name, pattern in _templates().items()
        if not any(re.search(pattern, reason) for reason in said)
    }
    assert unsaid == {}


def test_every_sentence_is_listed() -> None:
    """A reason that lastgood can give has a row of its own on the page."""
    unlisted = {
        name: pattern
        for name, pattern in _templates().items()
        if not any(re.search(pattern, row) for row in listed())
    }
    assert unlisted == {}


def test_every_listed_reason_is_said() -> None:
    """Each row of the page is a reason that the library gives, to the letter."""
    said = {*_answers()}
    assert [reason for reason in listed() if reason not in said] == []


def test_the_pages_are_read() -> None:
    """The tables that the tests above read are found, and so are the sentences of the source."""
    assert len(listed()) > 30
    assert len(directives()) > 40
    tags = [tag for name in ERROR_PAGES for tag, _ in fences(REFERENCE / name)]
    assert tags.count("text") >= len(errors.__all__) - 1


def _answers() -> Iterator[str | None]:
    """Yield what is said of many versions in many histories: every reason of lastgood."""
    yield from _of_statuses()
    yield from _of_contents()
    yield from _of_strategies()
    yield from _of_moments()
    yield from _of_orders()
    yield from _of_rules()
    yield from _of_times()
    yield from _of_barriers()
    yield from _of_budgets()


def _said(strategy: RollbackStrategy, registry: VersionRegistry) -> list[str]:
    """Return the reasons of a review, and those of the strategy itself."""
    candidates: list[Candidate] = [*strategy.review(registry), *strategy.candidates(registry)]
    return [candidate.reason for candidate in candidates]


def _of_no_target(
    strategy: RollbackStrategy, registry: VersionRegistry, *, leaving: str
) -> list[str]:
    with pytest.raises(NoRollbackTarget) as refusal:
        _ = strategy.plan(registry, leaving=leaving)
    return [candidate.reason for candidate in refusal.value.considered]


def _history() -> VersionRegistry:
    """Return a registry of stable versions, of which v1.3 is current, each served for a day."""
    registry = VersionRegistry()
    for number, label in enumerate(["v1.0", "v1.1", "v1.2", "v1.3"]):
        registry = registry.register(
            label,
            metadata={"schema": "AAAB"[number], "migration": label == "v1.2", "region": "us"},
            digest=f"sha256:{'abcd'[number]}{number}",
            at=DAY + timedelta(days=number),
        )
        registry = registry.deploy(label, at=DAY + timedelta(days=number)).mark_stable(label)
    return registry


def _of_statuses() -> Iterator[str]:
    registry = VersionRegistry()
    for label in ["v1.0", "v1.1", "v1.2", "v1.3", "v1.4", "v1.5"]:
        registry = registry.register(label).deploy(label)
    registry = back(registry, "v1.4", source="v1.5", reason="error rate 4 %")
    registry = registry.mark_failed("v1.3", reason="p99 900 ms")
    registry = registry.retire("v1.2", reason="licence ended").mark_stable("v1.1")
    yield from _said(LastStable(), registry.mark_failed("v1.0").retire("v1.0"))
    registry = back(registry, "v1.0", source="v1.4")
    yield from _said(LastStable(), registry)
    yield from _said(Pinned("v1.0"), registry.register("v1.6"))


def _of_contents() -> Iterator[str]:
    registry = _history().mark_failed("v1.1", reason="p99 900 ms")
    twins = registry.register("v1.5", digest="sha256:b1")
    yield from _of_no_target(Pinned("v1.5"), twins, leaving="v1.3")


def _of_strategies() -> Iterator[str]:
    registry = _history()
    yield from _said(LastStable(steps=2), registry)
    yield from _said(BestBy("auc"), registry.annotate("v1.1", {"auc": 0.91}))
    yield from _said(Pinned("v9"), registry.register("v0.9").mark_stable("v0.9"))
    yield from _of_no_target(Pinned("v1.3"), registry, leaving="v1.3")
    yield from _of_no_target(Pinned("v9"), registry, leaving="v1.3")


def _of_moments() -> Iterator[str]:
    registry = _history()
    yield from _said(AsOf(DAY + timedelta(days=1)), registry)
    yield from _said(AsOf(DAY + timedelta(days=3)), registry)
    yield from _said(AsOf(DAY - timedelta(days=1)), registry)
    untimed = registry.register("v1.4").deploy("v1.4")
    yield from _said(AsOf(DAY + timedelta(days=4)), untimed)


def _place(version: Version, /) -> int | None:
    """Return the place of a version in an order in which some have none."""
    return version.times_deployed or None


def _of_orders() -> Iterator[str]:
    release = VersionRegistry.from_statuses({"1.0-rc.1": "stable", "1.0": "failed"}, current="1.0")
    yield from _said(PreviousBySemver(), release)
    higher = release.register("1.1").mark_stable("1.1").register("v1.0").mark_stable("v1.0")
    yield from _said(PreviousBySemver(), higher.register("main-7").mark_stable("main-7"))
    branch = VersionRegistry().register("main").deploy("main").register("main-7")
    yield from _said(PreviousBySemver(), branch)
    yield from _said(PreviousBy(numbers), branch)
    yield from _said(PreviousBy(_place), branch)


def _of_rules() -> Iterator[str | None]:
    registry = _history()
    first, nothing = registry["v1.0"], VersionRegistry()
    branch = registry.register("main-7").register("v2.0")
    bare = VersionRegistry().register("v1.3").deploy("v1.3")
    yield rules.Except("v1.0")(first, registry)
    yield rules.AtLeast("1.3.0")(first, registry)
    yield rules.AtLeast("1.3.0")(branch["main-7"], branch)
    yield rules.SameMajor()(branch["v2.0"], registry)
    yield rules.SameMinor()(first, registry)
    yield rules.SameMajor()(branch["main-7"], registry)
    yield rules.SameMinor()(branch["main-7"], registry)
    yield rules.SameMajor()(first, nothing)
    yield rules.SameMetadata("schema")(first, registry)
    yield rules.SameMetadata("schema")(branch["main-7"], registry)
    yield rules.SameMetadata("schema")(first, bare)
    yield rules.HasMetadata("region", "eu")(first, registry)
    yield rules.HasMetadata("region", "eu")(branch["main-7"], registry)
    yield rules.Served()(branch["v2.0"], branch)
    yield rules.AtMostSteps(1)(first, registry)
    yield rules.AtMostSteps(2)(first, registry)
    yield rules.Safe()(registry["v1.3"], registry)


def _of_times() -> Iterator[str | None]:
    registry = _history()
    later = registry.with_clock(DAY + timedelta(days=4))
    branch = registry.register("v1.4").register("main-7").deploy("main-7").deploy("v1.4")
    untimed = branch.with_clock(DAY + timedelta(days=4))
    never = deployed("main-7", "v1.4").with_clock(DAY)
    yield rules.ServedWithin("24h")(registry["v1.0"], registry)
    yield rules.ServedWithin("24h")(registry.register("v2.0")["v2.0"], registry)
    yield rules.ServedWithin("24h")(never["main-7"], never)
    yield rules.ServedWithin("24h")(VersionRegistry().register("v1.0")["v1.0"], VersionRegistry())
    yield rules.ServedAtLeast("7d")(registry["v1.0"], later)
    yield rules.ServedAtLeast("7d")(untimed["main-7"], untimed)


def _of_barriers() -> Iterator[str | None]:
    registry = _history().register("spare").mark_stable("spare")
    yield rules.NotAcross("migration")(registry["v1.0"], registry)
    yield rules.NotAcross("migration")(registry["spare"], registry)


def _of_budgets() -> Iterator[str | None]:
    registry = _history().mark_failed("v1.3")
    first = registry["v1.0"]
    once = LastStable().recover(registry, at=DAY + timedelta(days=4))
    twice = once.mark_failed("v1.2")
    twice = LastStable().recover(twice, at=DAY + timedelta(days=4, minutes=10))
    untimed = back(back(registry, "v1.1", source="v1.3"), "v1.0", source="v1.1")
    yield rules.Budget(0)(first, registry)
    yield rules.Budget(1)(first, once)
    yield rules.Budget(2)(first, twice)
    yield rules.Budget(1, within="1h")(first, once)
    yield rules.Budget(2, within="1h")(first, twice)
    yield rules.Budget(2, within="1h")(first, untimed)
    yield rules.Budget(2, within="1h")(first, VersionRegistry())
