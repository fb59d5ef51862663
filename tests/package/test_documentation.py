"""The promises of the documentation about itself."""

import inspect
import re
from collections.abc import Callable
from pathlib import Path

import lastgood
from lastgood import VersionRegistry, strategies
from tests.package.discovery import (
    PAGES,
    ROOT,
    docstrings,
    fences,
    headings,
    home,
    links,
    rule_names,
    strategy_names,
    trees,
)
from tests.rows import each_row

#: The tags of the blocks that `conftest.py` runs.
RUN = {"python", "pycon"}
#: The tags of the blocks that it does not. `.ci/run` runs the `console` blocks of the README.
SHOWN = {"console", "json", "mermaid", "text", "toml", "yaml"}

COMMANDS = [
    VersionRegistry.register,
    VersionRegistry.annotate,
    VersionRegistry.deploy,
    VersionRegistry.undeploy,
    VersionRegistry.mark_stable,
    VersionRegistry.mark_failed,
    VersionRegistry.retire,
    VersionRegistry.reinstate,
    VersionRegistry.roll_back,
    VersionRegistry.observe,
]

each_page = each_row("page", PAGES)
each_strategy = each_row("name", strategy_names())
each_rule = each_row("name", rule_names())


def _prose(text: str | None) -> str:
    return " ".join((text or "").split())


@each_page
def test_blocks_are_tagged(page: Path) -> None:
    """A fenced block says what it is: one of the tags that run, or of those that are only shown."""
    tags = {tag for tag, _ in fences(page)}
    directives = {tag for tag in tags if re.fullmatch(r"\{(?!code|doctest|test)[\w-]+\}.*", tag)}
    assert tags - directives <= RUN | SHOWN


@each_page
def test_no_fence_is_left_over(page: Path) -> None:
    """Every fence belongs to a block that this test module sees, so no block escapes it."""
    lines = re.findall(r"^[ \t>*-]*(?:`{3,}|~{3,})", page.read_text("utf-8"), re.MULTILINE)
    assert len(lines) == 2 * len(fences(page))


@each_page
def test_sessions_have_prompts(page: Path) -> None:
    """A block tagged `pycon` shows what was typed: without a prompt nothing of it would run."""
    silent = [body for tag, body in fences(page) if tag == "pycon" and ">>> " not in body]
    assert silent == []


@each_page
def test_prompts_run(page: Path) -> None:
    """A Python prompt stands in a block that runs."""
    idle = [body for tag, body in fences(page) if tag not in RUN and ">>> " in body]
    assert idle == []


@each_page
def test_nothing_is_left_to_fill_in(page: Path) -> None:
    """No page holds a place for something that was to come, such as a figure not yet measured."""
    assert re.findall(r"\b(?:([A-Z])\1\1+|TODO|TBD)\b", page.read_text("utf-8")) == []


def test_nothing_is_skipped() -> None:
    """No example is marked to be skipped, in a page or in a docstring."""
    texts = [page.read_text("utf-8") for page in PAGES]
    texts += [doc for _, tree in trees() for doc in docstrings(tree)]
    assert [text for text in texts if re.search(r"doctest:|<!--+ *skip|^% *skip", text)] == []


@each_row(
    "command",
    [method for method in vars(VersionRegistry).values() if inspect.isfunction(method)],
)
def test_commands_are_all_here(command: Callable[..., object]) -> None:
    """Every method that takes a time, a reason and who says so is a command."""
    takes = {"reason", "by", "at"} <= set(inspect.signature(command).parameters)
    assert takes is (command in COMMANDS)


@each_row("command", COMMANDS)
def test_commands_say_that_they_return(command: Callable[..., object]) -> None:
    """The price of an immutable registry is the forgotten rebinding: every command warns of it."""
    assert "The new registry. This one is unchanged." in _prose(command.__doc__)


def test_observe_warns_of_a_roll_out() -> None:
    """`observe` is for a settled world, and its docstring says that a roll-out under way is not."""
    assert re.search("roll-?out", _prose(VersionRegistry.observe.__doc__))


@each_strategy
def test_a_strategy_names_its_order(name: str) -> None:
    """Three orders agree until the first rollback, so a strategy says which of them it follows."""
    assert re.search(r"\b[Ff]ollows ", _prose(getattr(strategies, name).__doc__))


@each_strategy
def test_a_strategy_has_a_test_module(name: str) -> None:
    """The tests of a strategy are in the file that is called as its module."""
    module = home(name, "strategies")
    assert (ROOT / "tests" / "strategies" / f"test_{module}.py").is_file()


@each_strategy
def test_a_strategy_has_a_heading(name: str) -> None:
    """A strategy is explained in the documentation, under a heading with its name."""
    assert name in headings()


@each_rule
def test_a_rule_has_a_test_module(name: str) -> None:
    """The tests of a rule are in the file that is called as its module."""
    assert (ROOT / "tests" / "rules" / f"test_{home(name, 'rules')}.py").is_file()


@each_rule
def test_a_rule_has_a_heading(name: str) -> None:
    """A rule is explained in the documentation, under a heading with its name."""
    assert name in headings()


def test_strategies_and_rules_are_found() -> None:
    """What the tests above go through is not empty, and holds what a user meets first."""
    assert "LastStable" in strategy_names()
    assert "Safe" in rule_names()
    assert set(strategy_names()) <= set(lastgood.__all__)


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    """A link to a file of the project leads to a file that is there."""
    assert [link for link in links(page) if not link.exists()] == []


def test_every_page_can_be_reached() -> None:
    """Each page but the two that people begin with is linked from another one."""
    begin = {ROOT / "README.md", ROOT / "docs" / "index.md"}
    linked = {link for page in PAGES for link in links(page)}
    assert set(PAGES) - begin - linked == set()
