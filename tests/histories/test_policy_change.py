"""A job shows what a change of the policy would have changed, and says so in its exit status."""

import json
from pathlib import Path
from typing import Any

import pytest

from docs.examples.histories import helm
from docs.examples.histories.policy_change import DIFFERENT, SAME, UNREADABLE, main
from lastgood import LastStable, Previous, RollbackStrategy
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
    """The incidents in which the policies differ are printed as a block of text."""
    assert main(files(Previous(), LastStable())) == DIFFERENT
    printed_text = capsys.readouterr().out
    assert printed_text.startswith("```text\n3 incidents on record\n  S1  Previous()\n")
    assert printed_text.endswith("\n```\n")


def test_no_change_is_said(files: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """A policy that chooses the same passes."""
    assert main(files(Previous(), Previous())) == SAME
    assert capsys.readouterr().out.startswith("The new policy changes nothing")


def test_what_cannot_be_read(
    files: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is missing or wrong is neither of both, and the message names the place."""
    names = files(Previous(), Previous())
    assert main(names[:2]) == UNREADABLE
    assert main([*names[:2], str(tmp_path / "nothing")]) == UNREADABLE
    _ = Path(names[2]).write_text("{", "utf-8")
    assert main(names) == UNREADABLE
    _ = Path(names[2]).write_text('{"lastest": {}}', "utf-8")
    assert main(names) == UNREADABLE
    _, _, _, last = capsys.readouterr().err.splitlines()
    assert "lastest" in last
