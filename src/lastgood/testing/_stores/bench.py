"""Opening and calling a store on trial, synchronous or not, and noting what it answers.

The rules of this module:

1. All laws are coroutines. With a synchronous store they never wait, and run without a loop.
2. An exception of the store is an answer; what the caller's own functions raise is the caller's.
3. Each of several calls at once opens a handle of its own, in its own thread or task.
"""

from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager
from functools import partial
from typing import Any, Final, TypeVar, cast, final

import attrs
from typing_extensions import override

from lastgood._basics.messages import shown
from lastgood._values.event import Event
from lastgood.testing._answers import in_words

T = TypeVar("T")

_NOT_AWAITED: Final = "the store is asynchronous: write check_store(..., run=asyncio.run)"


@final
@attrs.frozen
class Said:
    """What a store answered to one call: a value, or an exception."""

    value: object = None
    error: Exception | None = None

    @property
    def events(self) -> tuple[Event, ...] | None:
        """The events, if it answered with events."""
        value: object = self.value
        if not isinstance(value, Sequence) or isinstance(value, str | bytes):
            return None
        answered = tuple(cast("Sequence[object]", value))
        if all(isinstance(one, Event) for one in answered):
            return cast("tuple[Event, ...]", answered)
        return None

    @override
    def __str__(self) -> str:
        if self.error is not None:
            return f"raises {in_words(self.error)}"
        if self.events is None:
            return f"answers {shown(self.value)}"
        return f"answers with {counted(len(self.events), 'event')}"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"


#: One call of a store.
Call = Callable[[Any], object]


@final
class Bench:
    """The store on trial, and what was asked of it."""

    def __init__(
        self,
        open_store: Callable[[str], object],
        together: Callable[[Any], object],
        *,
        waits: bool,
    ) -> None:
        self._open = open_store
        self._together = together
        #: Whether the store is asynchronous.
        self.waits = waits
        #: The class of its handles, once one was opened.
        self.name = ""
        #: How often it was asked, and how many times several asked at once.
        self.calls = 0
        self.rounds = 0
        self._names = Counter[str]()

    def new_name(self, law: str) -> str:
        """Return the name of a record that this check has not used."""
        self._names[law] += 1
        return f"{law.replace('_', '-')}-{self._names[law]}"

    @asynccontextmanager
    async def opened(self, name: str) -> AsyncGenerator[Any]:
        """Open a handle on the record of that name, and close it if it can be closed."""
        store = await self.settled(self._open(name))
        if isinstance(store, AbstractAsyncContextManager):
            if not self.waits:
                raise TypeError(_NOT_AWAITED)
            async with cast("AbstractAsyncContextManager[object]", store) as entered:
                yield self._named(entered)
        elif isinstance(store, AbstractContextManager):
            with cast("AbstractContextManager[object]", store) as entered:
                yield self._named(entered)
        else:
            yield self._named(store)

    async def ask(self, store: object, call: Call) -> Said:
        """Return what the store answers to the call."""
        self.calls += 1
        return await self._said(store, call)

    async def ask_together(self, calls: Sequence[tuple[str, Call]]) -> list[Said]:
        """Return what handles on the records of these names answer, all asked at the same time."""
        self.calls += len(calls)
        self.rounds += 1
        answers: list[Said | None] = [None] * len(calls)

        async def asked(place: int, name: str, call: Call) -> None:
            async with self.opened(name) as store:
                answers[place] = await self._said(store, call)

        tasks = [partial(asked, place, name, call) for place, (name, call) in enumerate(calls)]
        made = tasks if self.waits else [partial(_run_at_once, task) for task in tasks]
        _ = await self.settled(self._together(made))
        answered = [one for one in answers if one is not None]
        if len(answered) < len(calls):
            raise TypeError(
                f"together must make all calls and wait for them; of {len(calls)} calls "
                f"{len(answered)} were made"
            )
        return answered

    async def settled(self, answer: object) -> object:
        """Return what the caller's own function returned, awaited if it must be."""
        if not isinstance(answer, Awaitable):
            return answer
        if not self.waits:
            if isinstance(answer, Coroutine):
                answer.close()
            raise TypeError(_NOT_AWAITED)
        return await cast("Awaitable[object]", answer)

    def _named(self, store: object) -> object:
        self.name = self.name or type(store).__name__
        return store

    async def _said(self, store: object, call: Call) -> Said:
        try:
            answer = call(store)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is the store's
            return Said(error=error)
        if self.waits and isinstance(answer, Awaitable):
            try:
                return Said(await cast("Awaitable[object]", answer))
            except Exception as error:  # noqa: BLE001  # as above
                return Said(error=error)
        return Said(await self.settled(answer))


def _run_at_once(task: Callable[[], Coroutine[Any, Any, T]]) -> T:
    return at_once(task())


def at_once(coroutine: Coroutine[Any, Any, T]) -> T:
    """Return what a coroutine returns that never waits."""
    try:
        while True:
            _ = coroutine.send(None)
    except StopIteration as done:
        return cast("T", done.value)
