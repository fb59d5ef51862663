"""The claims of the page about a Redis that loses acknowledged appends."""

from collections.abc import Generator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from docs.examples.driver import run
from lastgood import VersionRegistry
from lastgood.control import Outcome, keep
from tests.tools.deployments.alias import Alias
from tests.tools.deployments.kinds.kind import kind_of, need
from tests.tools.deployments.kinds.server import own_folder
from tests.tools.deployments.racing import failed_update
from tests.tools.deployments.records import NOTHING, POLICY, append, load, outcome

need("redis")

from redis import Redis

from docs.examples.redis_store import RedisStore, key


@pytest.fixture(scope="module")
def client() -> Generator[Redis]:
    """A client of a Redis."""
    kind = kind_of("redis")
    with (
        own_folder("redis") as folder,
        kind.serving(folder) as port,
        closing(Redis(host="127.0.0.1", port=int(port))) as connected,
    ):
        yield connected


def fail_over(client: Redis, name: str, kept: VersionRegistry) -> None:
    """Lose the appends after this one, as a replica does that had not received them."""
    _ = client.ltrim(key(name), 0, kept.revision - 1)


def test_a_lost_rollback_is_decided_again(client: Redis, name: str, tmp_path: Path) -> None:
    """It goes to the same target, and the world is there already."""
    store, world = partial(RedisStore, client), Alias(tmp_path / "alias")
    begun = failed_update()
    assert append(store, name, NOTHING, begun)
    world.put("v3", begun.deployments[-1].revision)
    assert outcome(run(keep(POLICY, NOTHING), store(name), world)) is Outcome.SETTLED

    fail_over(client, name, begun)

    assert outcome(run(keep(POLICY, NOTHING), store(name), world)) is Outcome.SETTLED
    assert load(store, name).current == "v2"
    assert world.served == ["v3", "v2"]


def test_what_rests_on_lost_events_is_refused(client: Redis, name: str) -> None:
    """The record has as many events again after the failover, and yet it is another record."""
    store, begun = partial(RedisStore, client), failed_update()
    lost, instead = begun.register("v4"), begun.register("v5")
    assert append(store, name, NOTHING, begun)
    assert append(store, name, begun, lost)
    fail_over(client, name, begun)
    assert append(store, name, begun, instead)
    assert lost.revision == load(store, name).revision

    assert not append(store, name, lost, lost.deploy("v4"))

    assert load(store, name) == instead
