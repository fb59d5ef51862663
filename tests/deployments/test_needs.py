"""A missing program or package is reported loudly, and fails if everything must be there."""

import sys
from pathlib import Path

import pytest

from tests.tools.deployments.needs import missing, need_module, need_program

#: Where this very Python lies: a program that is certainly there.
PYTHON = Path(sys.executable)


def test_what_is_missing_is_skipped_with_the_command_that_brings_it() -> None:
    """A newcomer without a server sees which tests did not run, and what to type."""
    with pytest.raises(pytest.skip.Exception, match="no ice-server on PATH: apt-get install ice"):
        missing("no ice-server on PATH", "apt-get install ice", environ={})


def test_what_is_missing_fails_where_all_must_be_there() -> None:
    """With ``LASTGOOD_ALL=1`` no test is skipped."""
    with pytest.raises(pytest.fail.Exception, match="no ice-server on PATH: apt-get install ice"):
        missing("no ice-server on PATH", "apt-get install ice", environ={"LASTGOOD_ALL": "1"})


def test_a_program_is_found_or_named() -> None:
    """A program is found, in the folders first; one that is nowhere is missing."""
    assert need_program(PYTHON.name, "python3", folders=[PYTHON.parent]) == str(PYTHON)
    with pytest.raises((pytest.skip.Exception, pytest.fail.Exception), match="no-such-program"):
        _ = need_program("no-such-program", "nothing")


def test_a_module_is_found_or_named() -> None:
    """A module is found, or is missing; then the message names the group that brings it."""
    need_module("lastgood", "test")
    with pytest.raises((pytest.skip.Exception, pytest.fail.Exception), match="--group nothing"):
        need_module("no_such_module", "nothing")
