"""Every kind of store keeps the laws of stores, on the real thing."""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from docs.examples.driver import Store
from lastgood.testing import STORE_LAWS, check_store
from tests.deployments.conftest import Served
from tests.tools.deployments.kinds.kind import kind_of


def test_it_keeps_the_laws_of_stores(served: Served, name: str) -> None:
    """On the real server: nothing is lost, doubled, torn or mixed up, whoever writes with it."""
    kind = kind_of(served.kind)

    @contextmanager
    def opened(suffix: str) -> Generator[Store]:
        with kind.opened(served.address) as stores:
            yield stores(f"{name}-{suffix}")

    def damage(suffix: str) -> None:
        _ = kind.damage(served.address, f"{name}-{suffix}")

    report = check_store(opened, together=together, damage=[damage])

    assert report.laws == STORE_LAWS


def together(calls: list[Callable[[], None]]) -> None:
    """Make the calls at once, in a thread each."""
    with ThreadPoolExecutor(len(calls)) as pool:
        for running in [pool.submit(call) for call in calls]:
            running.result()
