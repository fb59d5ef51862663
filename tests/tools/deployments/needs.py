"""Servers and packages that the tests of real deployments need, and the message if one is missing.

1. If a server or a package is missing, the tests that need it are skipped, and say loudly how to
   get it.
2. With ``LASTGOOD_ALL=1`` in the environment, as in CI, it is a failure: no test is skipped.
"""

import os
import shutil
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import pytest


def missing(what: str, remedy: str, *, environ: Mapping[str, str] = os.environ) -> NoReturn:
    """Skip the test, or the module of tests, that needs it; fail it if everything must be there.

    Args:
        what: What is missing, such as ``"no redis-server on PATH"``.
        remedy: The command that brings it.
        environ: The environment that says whether all must be there.
    """
    said = f"{what}: {remedy}"
    if environ.get("LASTGOOD_ALL") == "1":
        pytest.fail(f"LASTGOOD_ALL=1, and there is {said}", pytrace=False)
    pytest.skip(said, allow_module_level=True)


def need_program(name: str, package: str, *, folders: Iterable[str | Path] = ()) -> str:
    """Return the path of a program of Debian's ``package``; ``missing`` if it is not found.

    Args:
        name: The name of the program, such as ``"redis-server"``.
        package: The name of the package, such as ``"redis-server"``.
        folders: Where to look first, before ``PATH``.
    """
    found = shutil.which(name, path=os.pathsep.join([*map(str, folders), os.environ["PATH"]]))
    if found is None:
        missing(f"no {name} on PATH", f"apt-get install {package}")
    return found


def need_module(name: str, group: str) -> None:
    """Make sure that a module can be imported that a group of dependencies brings.

    Args:
        name: The name of the module, such as ``"psycopg"``.
        group: The name of the group in ``pyproject.toml``, such as ``"deployments"``.
    """
    if find_spec(name) is None:
        missing(f"no module {name}", f"uv sync --group {group}")
