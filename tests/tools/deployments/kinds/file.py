"""A JSON file for each registry: the server is a folder."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

from docs.examples.ci_rollback import FileStore
from tests.tools.deployments.kinds.kind import Kind
from tests.tools.deployments.records import Stores


@contextmanager
def _serving(folder: Path) -> Generator[str]:
    yield str(folder)


@contextmanager
def _opened(address: str) -> Generator[Stores]:
    yield partial(_store, address)


def _store(address: str, name: str) -> FileStore:
    return FileStore(_path(address, name))


def _path(address: str, name: str) -> Path:
    quoted = quote(name, safe="")
    if len(quoted) > 200:
        raise ValueError(f"a file cannot have a name of {len(quoted)} characters")
    return Path(address) / f"{quoted}.json"


def _damage(address: str, name: str) -> None:
    path = _path(address, name)
    entries = json.loads(path.read_text("utf-8"))
    del entries[1]
    _ = path.write_text(json.dumps(entries), "utf-8")


def _release(_: str) -> str:
    return "files"


KIND = Kind(_serving, _opened, _damage, _release)
