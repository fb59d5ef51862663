"""How large a registry grows in a store: `python -m tests.tools.deployments.growth redis`."""

import argparse
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from lastgood import VersionRegistry
from tests.tools.deployments.kinds.kind import NEEDED, kind_of
from tests.tools.deployments.kinds.server import own_folder
from tests.tools.deployments.records import append, load

#: How many events are appended at once.
PORTION: Final = 100


def history(events: int) -> VersionRegistry:
    """Return a history with times, digests and reasons, of three events for each version."""
    registry, at = VersionRegistry(), datetime(2026, 5, 1, tzinfo=UTC)
    while registry.revision < events:
        at += timedelta(hours=1)
        label = f"v1.{registry.revision}"
        registry = registry.register(label, digest=f"sha256:{registry.revision:064x}", at=at)
        registry = registry.deploy(label, at=at)
        registry = registry.mark_stable(label, reason="24 h without an alarm", at=at)
    return registry.at_revision(events)


def best_of(times: int, work: Callable[[], object]) -> float:
    """Return the milliseconds that this process worked in the fastest of some attempts."""

    def attempt() -> float:
        started = time.process_time()
        _ = work()
        return 1000 * (time.process_time() - started)

    return min(attempt() for _ in range(times))


def main() -> None:
    """Measure with the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("kind", choices=NEEDED)
    _ = parser.add_argument("--events", type=int, default=10_000)
    arguments = parser.parse_args()
    kind = kind_of(arguments.kind)
    registry = history(arguments.events)
    size = len(json.dumps(registry.to_dict()))
    replay = best_of(5, lambda: VersionRegistry.from_dict(registry.to_dict()))
    with (
        own_folder(arguments.kind) as folder,
        kind.serving(folder) as address,
        kind.opened(address) as store,
    ):
        known = VersionRegistry()
        while known.revision < registry.revision:
            longer = registry.at_revision(min(known.revision + PORTION, registry.revision))
            assert append(store, "prod", known, longer)
            known = longer
        loading = best_of(5, lambda: load(store, "prod"))
        each = size / arguments.events
        print(f"{kind.release(address)}: {arguments.events} events, {each:.0f} bytes each")
        print(f"work to load: {loading:.0f} ms; from plain data alone: {replay:.0f} ms")


if __name__ == "__main__":
    main()
