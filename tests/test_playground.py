"""What a page asks Python in the browser, docs/_static/playground/answers.py, without a browser."""

import json

import pytest

from docs._static.playground.answers import judge, read_history, run
from lastgood import LastStable, VersionRegistry
from lastgood.backtest import backtest
from lastgood.render import svg

FAILED = """\
from lastgood import LastStable, VersionRegistry
registry = VersionRegistry.from_statuses({"1": "stable", "2": "failed"}, current="2")
"""
REGISTRY = VersionRegistry.from_statuses({"1": "stable", "2": "failed"}, current="2")


def test_a_block_is_run_after_those_above_it() -> None:
    """The blocks share one module, and only what the last one printed is shown."""
    answer = run(["print('above')\nnumber = 6", "print(number * 7)"], "run")
    assert answer == {"text": "42\n", "picture": None, "failed": False}


def test_each_run_begins_anew() -> None:
    """A name of an earlier run is not known."""
    _ = run(["number = 6"], "run")
    assert run(["number"], "run")["text"].endswith("NameError: name 'number' is not defined\n")


def test_the_value_at_the_end_is_shown() -> None:
    """As in a notebook: text as its repr, a drawing and what can draw itself as a picture."""
    assert run(["'a' * 3"], "run")["text"] == "'aaa'\n"
    drawn = run([FAILED + "from lastgood.render import svg\nsvg(registry, scope='mine')"], "run")
    assert drawn["text"] == ""
    assert drawn["picture"] == svg(REGISTRY, scope="mine")
    table = run([FAILED + "registry.lineage"], "run")
    assert table["text"].startswith("<bound method")
    shown = run([FAILED + "LastStable().plan(registry)"], "run")["picture"]
    assert shown is not None
    assert "<img" in shown


def test_the_picture_is_that_of_the_registry() -> None:
    """It has the way back of the variable `plan`, while that is a plan for this registry."""
    assert run([FAILED], "run")["picture"] == svg(REGISTRY, scope="run")
    plan = LastStable().plan(REGISTRY)
    planned = f"{FAILED}plan = LastStable().plan(registry)\n"
    assert run([planned], "run")["picture"] == svg(REGISTRY, plan=plan, scope="run")
    done = run([f"{planned}registry = registry.roll_back(plan)\n"], "run")["picture"]
    assert done == svg(REGISTRY.roll_back(plan), scope="run")
    assert run(["from lastgood import VersionRegistry\nregistry = VersionRegistry()"], "run") == {
        "text": "",
        "picture": None,
        "failed": False,
    }


def test_an_error_is_shown_as_python_shows_it() -> None:
    """It has the lines of the reader and the message, whole, after what was printed so far."""
    answer = run([FAILED, "print('before')\nregistry.mark_stable('2')\n"], "run")
    assert answer["failed"]
    assert answer["text"].startswith("before\nTraceback (most recent call last):\n")
    assert (
        "File \"<block 2>\", line 2, in <module>\n    registry.mark_stable('2')" in answer["text"]
    )
    with pytest.raises(ValueError, match="cannot mark '2' stable") as refusal:
        _ = REGISTRY.mark_stable("2")
    assert answer["text"].endswith(f"IllegalTransition: {refusal.value}\n")
    assert "answers.py" not in answer["text"]
    assert answer["picture"] == svg(REGISTRY, scope="run")


def test_a_syntax_error_is_shown() -> None:
    """The line that cannot be read is shown."""
    assert "SyntaxError: invalid syntax\n" in run(["a b"], "run")["text"]


def test_a_block_may_end_python() -> None:
    """`exit` in a block is an error like any other."""
    assert run(["raise SystemExit(3)"], "run")["text"].endswith("SystemExit: 3\n")


def test_a_text_without_an_end_is_cut() -> None:
    """What is printed is bounded."""
    assert run(["print('a' * 30_000)"], "run")["text"] == f"{'a' * 20_000}\n... and more\n"


@pytest.mark.parametrize(
    "history",
    [
        "1 stable\n2 failed\n",
        "\n 1, Stable\n\n2; failed",
        "1: stable\n2 : failed",
        "| 1 | stable |\n| 2 | failed |",
        '{"1": "stable", "2": "failed"}',
        json.dumps(REGISTRY.to_dict()),
    ],
)
def test_histories_that_are_read(history: str) -> None:
    """A table, an object of statuses and a registry are read; the last version is current."""
    assert read_history(history) == REGISTRY


def test_a_version_alone_is_unproven() -> None:
    """In a table the status can be left out."""
    assert read_history("1\n") == VersionRegistry.from_statuses({"1": "unproven"}, current="1")


@pytest.mark.parametrize("strategy", ["LastStable()", " LastStable() ", '{"last_stable": {}}'])
def test_a_history_is_judged(strategy: str) -> None:
    """The answer is the plan, then the back-test, and a picture of both."""
    plan = LastStable().plan(REGISTRY)
    assert judge("1 stable\n2 failed", strategy, "run") == {
        "text": f"{plan.explain()}\n\n{backtest(REGISTRY, LastStable()).explain().rstrip()}\n",
        "picture": svg(REGISTRY, plan=plan, scope="run"),
        "failed": False,
    }


def test_a_history_without_a_way_back() -> None:
    """Then the answer is why there is none, and the back-test."""
    text = judge("1 unproven\n2 failed", "LastStable()", "run")["text"]
    assert text.startswith("No way back from 2    LastStable()\n  x  1   unproven\n")
    assert "\n1 incident on record\n" in text


@pytest.mark.parametrize("status", ["stable", "unproven"])
def test_a_history_in_which_all_is_well(status: str) -> None:
    """Nothing is planned if no rollback is needed, and the answer says so."""
    answer = judge(f"1 stable\n2 {status}", "LastStable()", "run")
    begin, _, rest = answer["text"].partition("\n\n")
    assert begin == f"2 serves and is {status}: no rollback is needed."
    assert rest == "No incident on record\n  S1  LastStable()\n"
    assert answer["picture"] is not None


def test_a_history_in_which_nothing_serves() -> None:
    """The answer says that nothing serves."""
    registered = VersionRegistry().register("1")
    answer = judge(json.dumps(registered.to_dict()), "LastStable()", "run")
    assert answer["text"].startswith("Nothing serves: no rollback is needed.\n\n")
    assert answer["picture"] is None


@pytest.mark.parametrize(
    ("history", "strategy", "message"),
    [
        ("1 good", "LastStable()", "InvalidData: statuses['1']: unknown status 'good'"),
        ("1 stable 2 failed", "LastStable()", "ValueError: expected a version and its status"),
        ("[]", "LastStable()", "InvalidData: data: must be an object, not a list"),
        ("{", "LastStable()", "JSONDecodeError: "),
        ('{"format": 99, "events": []}', "LastStable()", "InvalidData: format: "),
        ("1", "Stable()", "TypeError: expected a strategy, such as LastStable(), not Stable"),
        ("1", "LastStable", "TypeError: expected a strategy, such as LastStable(), not "),
        ("1", "Oldest()", "NameError: name 'Oldest' is not defined"),
        ("1", "", "SyntaxError: "),
        ("1", '{"oldest": {}}', "InvalidData: "),
    ],
)
def test_what_cannot_be_read_is_said(history: str, strategy: str, message: str) -> None:
    """The errors of lastgood and of Python are shown as they are."""
    answer = judge(history, strategy, "run")
    assert answer["failed"]
    assert message in answer["text"]
    assert "answers.py" not in answer["text"]


@pytest.mark.parametrize("history", ["", " \n", "{}"])
def test_an_empty_history(history: str) -> None:
    """Nothing is an empty registry: the answer says so, and there is no picture."""
    assert judge(history, "LastStable()", "run") == {
        "text": "Nothing was pasted.\n",
        "picture": None,
        "failed": False,
    }
