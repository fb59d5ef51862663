"""Kinds of stores, and which of them can be tried here."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import Final

import attrs
import pytest

from tests.tools.deployments.needs import need_module, need_program
from tests.tools.deployments.records import Stores

#: What each kind of store needs: the module of its client, a program, and the package with it.
NEEDED: Final = {
    "file": ("yaml", None, None),
    "sqlite": ("sqlite3", None, None),
    "postgresql": ("psycopg", "initdb", "postgresql"),
    "postgresql_row": ("psycopg", "initdb", "postgresql"),
    "redis": ("redis", "redis-server", "redis-server"),
    "etcd": ("http.client", "etcd", "etcd-server"),
    "dynamodb": ("moto", None, None),
}

#: Where Debian keeps the programs of PostgreSQL.
FOLDERS: Final = [*Path("/usr/lib/postgresql").glob("*/bin")]


@attrs.frozen
class Kind:
    """How a kind of store is tried.

    Args:
        serving: Starts the server, with its data in this folder, which is empty; gives its address.
        opened: Opens stores at this address, with a connection of their own.
        damage: Damages the record of a name at this address: an event in the middle is lost.
        release: Tells what runs there, such as ``"PostgreSQL 15.1, psycopg 3.3.9"``.
    """

    serving: Callable[[Path], AbstractContextManager[str]]
    opened: Callable[[str], AbstractContextManager[Stores]]
    damage: Callable[[str, str], object]
    release: Callable[[str], str]


def kind_of(name: str) -> Kind:
    """Return the kind of this name."""
    found: object = import_module(f"tests.tools.deployments.kinds.{name}").KIND
    assert isinstance(found, Kind)
    return found


def need(name: str) -> None:
    """Make sure that a kind of store can be tried here; `missing` if it cannot."""
    module, program, package = NEEDED[name]
    need_module(module, "deployments")
    if program is not None and package is not None:
        _ = need_program(program, package, folders=FOLDERS)


def may_be_tried(name: str) -> bool:
    """Whether a kind of store can be tried here, or must be."""
    try:
        need(name)
    except pytest.skip.Exception:
        return False
    except pytest.fail.Exception:
        return True
    return True
