"""What is known of a kind of store."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import Final

import attrs

from docs.examples.controller import Store
from tests.deployments.needs import need_module

#: The module that each kind of store needs besides the group ``test``.
NEEDED: Final = {
    "sqlite": "sqlite3",
    "postgresql": "psycopg",
    "postgresql_row": "psycopg",
    "redis": "redis",
    "etcd": "http.client",
    "dynamodb": "boto3",
}


@attrs.frozen
class Kind:
    """How a kind of store is tried.

    Args:
        serving: Starts the server, with its data in this folder, which is empty; gives its address.
        opened: Opens the store at this address, with a connection of its own.
        release: Tells what runs there, such as ``"PostgreSQL 15.1, psycopg 3.3.9"``.
    """

    serving: Callable[[Path], AbstractContextManager[str]]
    opened: Callable[[str], AbstractContextManager[Store]]
    release: Callable[[str], str]


def kind_of(name: str) -> Kind:
    """Return the kind of this name; `missing` where it cannot be imported here."""
    if name in NEEDED:
        need_module(NEEDED[name], "deployments")
    found: object = import_module(f"tests.deployments.kinds.{name}").KIND
    assert isinstance(found, Kind)
    return found
