"""Two threads that interrupt each other exactly at the given pauses.

Every pause of the library with pauses is counted. At the pause at which it shall be interrupted a
thread hands over to the other one, and waits. So every interleaving of two operations can be
tried, and tried again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Semaphore, Thread, get_ident

from tests.tools.threads.paused import CALLS


@dataclass
class Part:
    """What one of the two threads does, and at which pause it is interrupted."""

    operation: Callable[[], object]
    #: `None`: at none.
    stop: int | None
    answer: object = None
    error: BaseException | None = None
    pauses: int = 0
    done: bool = False
    turn: Semaphore = field(default_factory=lambda: Semaphore(0))
    other: "Part | None" = None

    def run(self) -> None:
        """Wait for the turn, do it all, and let the other one finish."""
        _ = self.turn.acquire()
        CALLS[get_ident()] = self.count
        try:
            self.answer = self.operation()
        except BaseException as error:  # noqa: BLE001  # it is raised again, by who waits for it
            self.error = error
        del CALLS[get_ident()]
        self.done = True
        if self.other is not None:
            self.other.turn.release()

    def count(self) -> None:
        """Count a pause; if it is the one to stop at, let the other thread go on."""
        self.pauses += 1
        if self.pauses == self.stop and self.other is not None and not self.other.done:
            self.other.turn.release()
            _ = self.turn.acquire()


def duet(
    first: Callable[[], object],
    second: Callable[[], object],
    *,
    stop_first: int | None,
    stop_second: int | None = None,
) -> tuple[Part, Part]:
    """Run both: the first until its stop, the second until its stop, the first, the second."""
    one, two = Part(first, stop_first), Part(second, stop_second)
    one.other, two.other = two, one
    threads = [Thread(target=part.run) for part in (one, two)]
    for thread in threads:
        thread.start()
    one.turn.release()
    for thread in threads:
        thread.join()
    for part in (one, two):
        if part.error is not None:
            raise part.error
    return one, two
