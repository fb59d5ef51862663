"""The library asks nothing of the world: no file, socket, process, clock or chance."""

import json
import os
import subprocess
import sys

import pytest

from tests.package.discovery import ROOT

#: Events that stay inside the process: `repr` and `copy` guard a recursion, `pickle` looks up a
#: class, and `inspect` reads the code of a function to see how it can be called.
HARMLESS = {"builtins.id", "object.__getattr__", "pickle.find_class"}


def _python(*arguments: str, **settings: str) -> str:
    """Return what a new interpreter prints that nobody measures or watches."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    answer = subprocess.run(
        [sys.executable, *arguments],
        check=True,
        capture_output=True,
        cwd=ROOT,
        env=kept | settings,
        text=True,
    )
    return answer.stdout


def _heard(job: str) -> set[str]:
    return set(json.loads(_python("-m", "tests.package.audited", job)))


def test_a_session_touches_nothing() -> None:
    """A full use of the library raises no audit event but those that stay inside the process."""
    assert _heard("session") <= HARMLESS


@pytest.mark.parametrize(
    ("job", "event"),
    [
        ("open", "open"),
        ("socket", "socket.__new__"),
        ("process", "subprocess.Popen"),
        ("import", "import"),
    ],
)
def test_a_touch_is_heard(job: str, event: str) -> None:
    """The check above does hear a file, a socket, a process and a late import."""
    assert event in _heard(job) - HARMLESS


def test_chance_decides_nothing() -> None:
    """The same session says the same, however Python seeds its hashes in this process."""
    program = "from tests.package.session import session; print(session())"
    first, second = (_python("-c", program, PYTHONHASHSEED=seed) for seed in ("0", "1"))
    assert first == second
    assert "Roll back v3.0 -> " in first


def test_a_seed_is_seen() -> None:
    """The check above does see the order of a set."""
    program = "print({*'lastgood'})"
    assert len({_python("-c", program, PYTHONHASHSEED=str(seed)) for seed in range(4)}) > 1
