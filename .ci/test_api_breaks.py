"""The check for breaks of the public face, held against throw-away repositories."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

GIT = shutil.which("git") or "git"
CHECK = Path(__file__).with_name("api_breaks.py")
FACE = 'from lastgood._thing import Thing\n\n__all__ = ["Thing"]\n'
THING = "class Thing:\n    def do(self, what: str, *, how: str = '') -> None: ...\n"
LESS = "class Thing:\n    def do(self, what: str) -> None: ...\n"
MORE = "class Thing:\n    def do(self, what: str, *, how: str = '', why: str = '') -> None: ...\n"


def git(repository: Path, *command: str) -> None:
    """Run git as a person without a name."""
    who = ["-c", "user.name=nobody", "-c", "user.email=nobody@localhost"]
    subprocess.run([GIT, "-C", repository, *who, *command], check=True, capture_output=True)


def commit(repository: Path, version: str, thing: str) -> None:
    """Commit a package of this version, with this class behind its face."""
    package = repository / "src" / "lastgood"
    package.mkdir(parents=True, exist_ok=True)
    (repository / "pyproject.toml").write_text(f'[project]\nversion = "{version}"\n')
    (package / "__init__.py").write_text(FACE)
    (package / "_thing.py").write_text(thing)
    git(repository, "add", ".")
    git(repository, "commit", "-m", version)


@pytest.fixture
def released(tmp_path: Path) -> Path:
    """Return a repository in which 1.0.0 was released."""
    git(tmp_path, "init")
    commit(tmp_path, "1.0.0", THING)
    git(tmp_path, "tag", "v1.0.0")
    return tmp_path


def checked(repository: Path) -> tuple[int, str]:
    """Return how the check ended, and what it said."""
    command = [sys.executable, CHECK, repository]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_a_removed_parameter_is_found(released: Path) -> None:
    """A patch release that takes a parameter away is refused, and the parameter is named."""
    commit(released, "1.0.1", LESS)
    code, said = checked(released)
    assert code == 1
    assert "lastgood._thing.Thing.do: Parameter was removed: how" in said
    assert "must announce" in said


def test_a_new_major_may_break(released: Path) -> None:
    """What breaks is said, and allowed where the version announces it."""
    commit(released, "2.0.0", LESS)
    code, said = checked(released)
    assert code == 0
    assert "1 breaks since v1.0.0" in said


def test_a_new_parameter_breaks_nothing(released: Path) -> None:
    """A minor release may add an optional parameter."""
    commit(released, "1.1.0", MORE)
    assert checked(released) == (0, "0 breaks since v1.0.0\n")


def test_before_the_first_release_nothing_breaks(tmp_path: Path) -> None:
    """Without a tag there is nothing to compare with, and that is said."""
    git(tmp_path, "init")
    commit(tmp_path, "0.1.0", THING)
    code, said = checked(tmp_path)
    assert code == 0
    assert "no release yet" in said


def test_a_release_is_compared_with_the_one_before(released: Path) -> None:
    """The tag of the tree's own version does not count: a release is not compared with itself."""
    commit(released, "1.0.1", LESS)
    git(released, "tag", "v1.0.1")
    assert checked(released)[0] == 1
