"""What a store is: two operations on the record of one registry."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Any, Protocol, TypeAlias

from lastgood._basics.frozen import named
from lastgood._values.event import Event


@named("lastgood.testing")
class Store(Protocol):
    """A handle on the record of one registry, wherever that is kept.

    An operation that raises has not answered: whether an append was carried out is then not known.
    """

    def load(self, since: int, fingerprint: str, /) -> Sequence[Event] | None:
        """Return the events that the caller lacks.

        Args:
            since: The revision that the caller knows.
            fingerprint: The fingerprint of the first ``since`` events that the caller knows.

        Returns:
            The events after ``since``, oldest first. All events, if the record has another
            fingerprint there or is shorter. `None` if the record cannot be reached.

        Raises:
            InvalidData: The record is damaged, or has a format of a later release. Or it has no
                events, and the caller knows some: an empty answer would mean that there is no news.
        """
        ...

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool | None:
        """Record events, all or none, if the record ends where the caller believes.

        Args:
            before: The number of events in the record, as the caller believes.
            fingerprint: The fingerprint of those events.
            events: The events to add, oldest first; at least one.

        Returns:
            Whether they are recorded: `False` if the record ends elsewhere. `None` if that is not
            known.
        """
        ...


@named("lastgood.testing")
class AsyncStore(Protocol):
    """A store whose two operations are coroutines; otherwise as `Store`."""

    def load(self, since: int, fingerprint: str, /) -> Awaitable[Sequence[Event] | None]:
        """Return the events that the caller lacks, as `Store.load` does."""
        ...

    def append(
        self, before: int, fingerprint: str, events: tuple[Event, ...], /
    ) -> Awaitable[bool | None]:
        """Record events if the record ends where the caller believes, as `Store.append` does."""
        ...


#: What opens a handle on the record of a name.
Open: TypeAlias = Callable[[str], Store | AbstractContextManager[Store]]
AsyncOpen: TypeAlias = Callable[
    [str], AsyncStore | Awaitable[AsyncStore] | AbstractAsyncContextManager[AsyncStore]
]

#: What makes calls at the same time.
Together: TypeAlias = Callable[[list[Callable[[], None]]], object]
AsyncTogether: TypeAlias = Callable[[list[Callable[[], Coroutine[Any, Any, None]]]], object]

#: What runs a coroutine to its end.
Run: TypeAlias = Callable[[Coroutine[Any, Any, None]], object]

#: What damages the record of a name.
Damage: TypeAlias = Callable[[str], object]
