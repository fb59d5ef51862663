"""A short storm of each kind; `python -m tests.tools.threads` runs them for longer."""

import sys
from collections import Counter
from collections.abc import Callable

import pytest

from tests.tools.threads.storm import STORMS
from tests.tools.threads.together import hasty, together


@pytest.mark.parametrize("storm", STORMS, ids=lambda storm: storm.__name__)
def test_threads_get_what_one_thread_gets(storm: Callable[[int], Counter[str]]) -> None:
    """Whatever threads do with shared registries, each result is that of one thread alone."""
    counts = storm(20240501)
    assert all(count > 0 for count in counts.values())


def fail() -> None:
    """Raise an error."""
    raise ZeroDivisionError


def test_haste_ends() -> None:
    """The interval at which threads are switched is as before, also after an error."""
    intervals = [sys.getswitchinterval()]
    with hasty():
        intervals.append(sys.getswitchinterval())
    with pytest.raises(ZeroDivisionError):
        together([fail])
    assert intervals[1] < intervals[0] == sys.getswitchinterval()


def test_an_error_in_a_thread_is_seen() -> None:
    """An error in a thread fails the test that started it."""
    with pytest.raises(ZeroDivisionError):
        together([lambda: None, fail])
