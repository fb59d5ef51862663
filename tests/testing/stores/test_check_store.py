"""What `check_store` takes, what it returns, and what its violations show."""

import asyncio
import pickle
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest

from lastgood import Event
from lastgood.testing import STORE_LAWS, StoreLawViolation, check_store
from tests.rows import each_row
from tests.testing.stores import wrong
from tests.testing.stores.right import (
    AsyncMemory,
    Counted,
    Memory,
    Objects,
    Server,
    gathered,
    together,
)


def violation(store: Callable[[str], Any], **options: Any) -> StoreLawViolation:
    """Return how a store breaks laws."""
    check: Any = check_store
    with pytest.raises(StoreLawViolation) as caught:
        check(store, **{"together": together, **options})
    return caught.value


def test_a_right_store_keeps_all_laws() -> None:
    """The report has the laws and the counts; what needs `damage` is named as not checked."""
    report = check_store(partial(Memory, Server()), together=together)

    assert report.laws == STORE_LAWS[:-1]
    assert report.unchecked == ("damaged",)
    assert report.calls > 200
    assert report.rounds == 21
    assert str(report) == (
        f"Memory: 13 laws hold in {report.calls} calls, 21 times several at once; "
        "not checked: damaged"
    )


def test_damage_is_checked_if_it_can_be_done() -> None:
    """Each damage is done to a record of six events in three appends, which is then refused."""
    server, seen = Server(), list[int]()

    def lose_a_line(name: str) -> None:
        seen.append(len(server.lines[name]))
        del server.lines[name][1]

    def tear(name: str) -> None:
        server.lines[name][-1] = server.lines[name][-1][:20]

    report = check_store(partial(Memory, server), together=together, damage=[lose_a_line, tear])

    assert report.laws == STORE_LAWS
    assert report.unchecked == ()
    assert seen == [6]
    assert str(report).endswith("21 times several at once")


def test_a_fake_without_data_is_right_as_well() -> None:
    """A store for tests may keep the events themselves: their format is kept in them."""
    assert "format_kept" in check_store(partial(Objects, {}), together=one_by_one).laws


def one_by_one(calls: list[Callable[[], None]]) -> None:
    """Make the calls one after the other, for a store that cannot be shared between threads."""
    for call in calls:
        call()


def test_a_store_may_refuse_what_a_later_release_writes() -> None:
    """Whether it is refused when it is written or when it is read, it does not pass."""
    assert "format_kept" in check_store(partial(wrong.Picky, Server()), together=together).laws


def test_an_interrupted_append_may_have_been_carried_out() -> None:
    """After an exception all or nothing is recorded: both are right."""
    report = check_store(partial(wrong.Unsure, Server()), together=together)
    assert "all_or_nothing" in report.laws


def test_an_asynchronous_store_keeps_the_same_laws() -> None:
    """All of it runs in one call of `run`, so that a pool of connections stays in its loop."""
    server, runs = Server(), list[object]()

    def run(main: Coroutine[Any, Any, None]) -> None:
        runs.append(main)
        asyncio.run(main)

    async def lose_a_line(name: str) -> None:
        await asyncio.sleep(0)
        del server.lines[name][1]

    opened = partial(AsyncMemory, server)
    report = check_store(opened, together=gathered, run=run, damage=[lose_a_line])

    assert report.laws == STORE_LAWS
    assert report.store == "AsyncMemory"
    assert len(runs) == 1


def test_a_handle_may_be_opened_by_a_coroutine() -> None:
    """A connection may have to be awaited."""
    server = Server()

    async def opened(name: str) -> AsyncMemory:
        await asyncio.sleep(0)
        return AsyncMemory(server, name)

    assert check_store(opened, together=gathered, run=asyncio.run).laws == STORE_LAWS[:-1]


def test_handles_are_closed() -> None:
    """A context manager is left again, so that no server runs out of connections."""
    counted = Counted()
    assert check_store(counted, together=together).laws == STORE_LAWS[:-1]
    assert counted.opened == counted.closed > 50


def test_asynchronous_handles_are_closed() -> None:
    """So is an asynchronous context manager."""
    server, opened, closed = Server(), list[str](), list[str]()

    @asynccontextmanager
    async def handle(name: str) -> AsyncGenerator[AsyncMemory]:
        opened.append(name)
        yield AsyncMemory(server, name)
        closed.append(name)

    assert check_store(handle, together=gathered, run=asyncio.run).laws == STORE_LAWS[:-1]
    assert sorted(opened) == sorted(closed)


def test_the_names_are_the_same_in_each_run() -> None:
    """Whoever checks a store twice puts something new before the names, or is told so."""
    server = Server()
    assert check_store(partial(Memory, server), together=together).laws

    again = violation(partial(Memory, server))

    assert again.violations[0].law == "begins_empty"
    assert "each run needs fresh names" in str(again)
    assert check_store(lambda name: Memory(server, f"2/{name}"), together=together).laws


def test_a_name_may_be_refused() -> None:
    """A store that cannot keep a name raises `ValueError`, and mixes nothing up."""
    server = Server()

    def opened(name: str) -> Memory:
        if not name.replace("-", "").isalnum() or name.upper() == name or len(name) > 40:
            raise ValueError(name)
        return Memory(server, name)

    assert "apart" in check_store(opened, together=together).laws


def test_the_message_shows_the_smallest_steps() -> None:
    """Each law has its steps as Python lines, with what the store did and what is right."""
    error = violation(partial(wrong.Numbered, Server()))

    assert str(error).split("\n\n")[1] + "\n" == SECTION


#: What the message of a store that compares the number of events says of the law.
SECTION = """\
same_history: an append to as many events, which are others, is refused
  Why it matters: after a failover others may have recorded as many: compare the fingerprint, \
not a count.
  The smallest steps that show it:
    from lastgood import Event
    store = open_store('same-history-1')
    store.append(0, '0-00000000', (Event('registered', '1'), Event('deployed', '1')))  # True
    store.append(2, '2-f3df0e83', (Event('marked_stable', '1'),))  # True
  The store: answers True
  Expected: False, because the record has 2 events and ends with 2-ee78d102
"""


@each_row(
    "store", [wrong.Numbered, wrong.OneByOne, wrong.CheckedBefore, wrong.LastWins, wrong.Whole]
)
def test_the_steps_can_be_run(store: type[Memory]) -> None:
    """The lines of a message are Python: given `open_store`, they do the same again."""
    server = Server()
    for each in violation(partial(store, Server())).violations:
        names: dict[str, Any] = {
            "open_store": partial(store, server),
            "together": together,
            "events": (Event("registered", "9"),),
        }
        exec(each.breach.steps, names)  # noqa: S102  # that it can be executed is what is tested


def test_the_steps_of_an_asynchronous_store_await() -> None:
    """The lines of an asynchronous store await what must be awaited."""
    opened = partial(wrong.AsyncFailing, Server())
    error = violation(opened, together=gathered, run=asyncio.run)
    assert "    await store.load(0, '0-00000000')\n" in str(error)
    assert "raises ConnectionResetError: reset by peer" in str(error)


def test_one_difference_is_shown() -> None:
    """Of an event with many values the message shows the one that was not kept."""
    (found,) = violation(partial(wrong.WholeFloats, Server())).violations
    assert found.breach.said == "answers with event 0 in which metadata 'whole float' is 1"
    assert found.breach.expected == "1.0"
    assert "from datetime import datetime\nfrom lastgood import Event\n" in found.breach.steps


def test_a_violation_may_be_pickled() -> None:
    """It passes between the processes of a test runner."""
    error = violation(partial(wrong.AlwaysTrue, Server()))
    assert "Fix answers first; it may be the cause of the others." in str(error)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_a_store_that_never_answers_breaks_all_laws() -> None:
    """An exception is no answer, and passes as nothing else."""
    error = violation(partial(wrong.Broken, Server()))
    assert [each.law for each in error.violations] == [*STORE_LAWS[:-1]]
    assert "Broken: 0 laws hold" in str(error)


def test_an_asynchronous_store_needs_run() -> None:
    """Without it the coroutines of the store would never run; the message says what to write."""
    expected = r"the store is asynchronous: write check_store\(\.\.\., run=asyncio\.run\)"
    wrongly: Any = check_store
    opened: Any = partial(AsyncMemory, Server())
    managed: Any = asynccontextmanager(opened)
    for one in (opened, managed, Waiting):
        with pytest.raises(TypeError, match=expected):
            _ = wrongly(one, together=together)


class Waiting:
    """A store that answers with something that is awaited, and not a coroutine."""

    def __init__(self, _name: str) -> None:
        pass

    def load(self, _since: int, _fingerprint: str, /) -> Any:
        """Return something to wait for."""
        return self

    append = load

    def __await__(self) -> Iterator[None]:
        """Wait."""
        yield


def test_together_must_make_the_calls() -> None:
    """A `together` that forgets to call, or to wait, has tried nothing."""
    with pytest.raises(TypeError, match="of 4 calls 0 were made"):
        _ = check_store(partial(Memory, Server()), together=len)


def test_together_is_awaited_only_with_run() -> None:
    """An asynchronous `together` is for an asynchronous store."""
    together: Any = gathered
    with pytest.raises(TypeError, match="the store is asynchronous"):
        _ = check_store(partial(Memory, Server()), together=together)


def test_run_must_run() -> None:
    """A `run` that returns before the end has checked nothing."""
    with pytest.raises(TypeError, match="run must run the coroutine to its end"):
        _ = check_store(partial(AsyncMemory, Server()), together=gathered, run=bool)


def test_damage_is_a_list() -> None:
    """One function alone is refused with the line to write."""
    damage: Any = one_by_one
    with pytest.raises(TypeError, match=r"write damage=\[one_by_one\]"):
        _ = check_store(partial(Memory, Server()), together=together, damage=damage)


def test_what_the_caller_raises_is_the_callers() -> None:
    """An exception of `open_store` is not a fault of the store."""

    def opened(_name: str) -> Memory:
        raise ConnectionRefusedError

    with pytest.raises(ConnectionRefusedError):
        _ = check_store(opened, together=together)
