"""Running jobs at the same time, so that they get into each other's way as often as can be."""

import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from threading import Barrier, Thread
from typing import Final

#: Seconds after which another thread may go on. The default of Python is 5 ms, in which an
#: operation of ours is over a thousand times.
SWITCH: Final = 1e-6


@contextmanager
def hasty() -> Generator[None, None, None]:
    """Let threads interrupt each other all the time; afterwards all is as before."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def together(jobs: Sequence[Callable[[], None]]) -> None:
    """Run the jobs at the same time, each in a thread, and raise what any of them raised."""
    errors: list[BaseException] = []
    start = Barrier(len(jobs))

    def run(job: Callable[[], None]) -> None:
        try:
            _ = start.wait()
            job()
        except BaseException as error:  # noqa: BLE001  # it is raised again, by who waits below
            errors.append(error)

    with hasty():
        threads = [Thread(target=run, args=(job,)) for job in jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if errors:
        raise errors[0]
