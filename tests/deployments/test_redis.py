"""What the page says of a Redis that loses what it has acknowledged."""

from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pytest

from docs.examples.controller import reconcile, step_back
from lastgood import LastStable, StalePlan
from tests.deployments.kinds.kind import kind_of, need
from tests.deployments.kinds.server import own_folder
from tests.deployments.racing import Alias, failed_update

need("redis")

from redis import Redis

from docs.examples.redis_store import RedisStore


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


def test_a_lost_rollback_is_decided_again(client: Redis, name: str, tmp_path: Path) -> None:
    """The world is there already, and a plan that was made on what was lost is refused."""
    store, world = RedisStore(client), Alias(tmp_path / "alias")
    assert store.append(name, 0, failed_update().events)
    world.serve("v3")
    assert step_back(store, world, name)
    plan = LastStable().plan(store.load(name))

    lost = client.rpop(f"lastgood:{name}")  # as a replica does that had not received it

    assert lost is not None
    with pytest.raises(StalePlan):
        _ = store.load(name).roll_back(plan)
    assert step_back(store, world, name)
    assert not reconcile(store, world, name)
    assert store.load(name).current == "v2"
    assert world.served == ["v3", "v2"]
