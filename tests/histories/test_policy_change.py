"""A job shows what a change of the policy would have changed, and says so in its exit status."""

import json
from pathlib import Path
from typing import Any

import pytest

from docs.examples.histories import helm
from docs.examples.histories.policy_change import DIFFERENT, SAME, UNREADABLE, main
from lastgood import LastStable, Previous, RollbackStrategy
from lastgood.rules import Budget
from tests.histories.printed import printed


@pytest.fixture
def files(tmp_path: Path) -> Any:
    """Write the record and two policies, and return the names of the files."""

    def written(old: RollbackStrategy, new: RollbackStrategy) -> list[str]:
        record = helm.read(printed("helm")).to_dict()
        names = [str(tmp_path / name) for name in ("record", "old", "new")]
        for name, data in zip(names, (record, old.to_dict(), new.to_dict()), strict=True):
            _ = Path(name).write_text(json.dumps(data), "utf-8")
        return names

    return written


def test_a_change_is_shown(files: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """The incidents in which the policies differ are counted, and printed as a block of text."""
    assert main(files(Previous(), LastStable())) == DIFFERENT
    printed_text = capsys.readouterr().out
    begin = "The policies differ in 3 of 3 incidents.\n\n```text\n3 incidents on record\n"
    assert printed_text.startswith(f"{begin}  S1  Previous()\n")
    assert printed_text.endswith("\n```\n")


def test_some_are_the_same(files: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """The incidents in which the policies choose the same are counted, and not printed."""
    assert main(files(Previous(), Previous().where(Budget(1)))) == DIFFERENT
    first, _, _, heading, *_ = capsys.readouterr().out.splitlines()
    assert first == "The policies differ in 1 of 3 incidents."
    assert heading == "1 incident on record"


def test_no_change_is_said(files: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """A policy that chooses the same passes."""
    assert main(files(Previous(), Previous())) == SAME
    assert capsys.readouterr().out.splitlines() == ["The policies differ in 0 of 3 incidents."]


def test_what_cannot_be_read(
    files: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is missing or wrong is neither of both, and the message names the file."""
    names = files(Previous(), Previous())
    nothing = str(tmp_path / "nothing")
    assert main(names[:2]) == UNREADABLE
    assert main([*names[:2], nothing]) == UNREADABLE
    deep = "[" * 100_000 + "]" * 100_000
    for wrong in ("{", deep, '{"lastest": {}}'):
        _ = Path(names[2]).write_text(wrong, "utf-8")
        assert main(names) == UNREADABLE
    assert main([names[2], names[1], names[1]]) == UNREADABLE
    usage, first, *others = capsys.readouterr().err.splitlines()
    assert usage.startswith("usage: ")
    assert first.startswith(f"{nothing}: ")
    assert [each.partition(": ")[0] for each in others] == [names[2]] * 4
    assert "lastest" in others[2]
