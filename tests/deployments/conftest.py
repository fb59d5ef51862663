"""Servers that run as long as the tests that need them."""

from collections.abc import Generator, Iterator
from uuid import uuid4

import attrs
import pytest

from tests.tools.deployments.kinds.kind import NEEDED, kind_of, may_be_tried, need
from tests.tools.deployments.kinds.server import own_folder
from tests.tools.deployments.records import Stores


@attrs.frozen
class Served:
    """A kind of store, and where it is served."""

    kind: str
    address: str


@pytest.fixture(scope="session", params=[*filter(may_be_tried, NEEDED)])
def served(request: pytest.FixtureRequest) -> Generator[Served]:
    """Each kind of store in turn, served for all the tests that ask for it.

    That a kind is left out because something is missing, `test_kinds.py` says once.
    """
    name: str = request.param
    need(name)
    kind = kind_of(name)
    with own_folder(name) as folder, kind.serving(folder) as address:
        yield Served(name, address)


@pytest.fixture
def store(served: Served) -> Iterator[Stores]:
    """A store of each kind, on a connection of its own."""
    with kind_of(served.kind).opened(served.address) as opened:
        yield opened


@pytest.fixture
def name() -> str:
    """The name of a registry that is in no store yet."""
    return f"prod-{uuid4().hex}"
