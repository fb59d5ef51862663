"""Steps on a store, kept as the Python lines that make them again."""

from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final, NoReturn, final

import attrs

from lastgood._registry.registry import VersionRegistry
from lastgood._values.event import Event
from lastgood.testing._source import event_source
from lastgood.testing._stores.bench import Bench, Call, Said, counted
from lastgood.testing._stores.contents import EMPTY

#: What the lines need, by the words that need it.
_IMPORTS: Final = {
    "datetime.": "from datetime import datetime",
    "Event(": "from lastgood import Event",
}


@final
@attrs.frozen
class Breach:
    """How a store breaks a law: the steps, what it did at the last one, and what is right."""

    #: Python lines, the last of which shows the fault.
    steps: str
    #: What the store did.
    said: str
    #: What would have been right.
    expected: str


class Broken(Exception):
    """A law is broken."""

    def __init__(self, breach: Breach) -> None:
        super().__init__(breach)
        self.breach = breach


@final
@attrs.frozen
class Handle:
    """One open handle on the record of a name, and the name that it has in the lines."""

    store: Any
    name: str
    variable: str


@final
class Steps:
    """Steps on some records, with the lines that show them."""

    def __init__(self, bench: Bench, stack: AsyncExitStack, name: str) -> None:
        self._bench = bench
        self._stack = stack
        self._await = "await " if bench.waits else ""
        self._lines: list[str] = []
        #: The name of the record, if there is only one.
        self.name = name

    async def open(self, variable: str = "store", name: str | None = None) -> Handle:
        """Open a handle on the record of the name."""
        name = self.name if name is None else name
        store = await self._stack.enter_async_context(self._bench.opened(name))
        self._lines.append(f"{variable} = open_store({name!r})")
        return Handle(store, name, variable)

    async def append(
        self, handle: Handle, before: VersionRegistry, after: VersionRegistry, *, shown: str = ""
    ) -> None:
        """Append what ``after`` has in addition, which must be answered with `True`."""
        said = await self.ask_to_append(handle, before, after, shown=shown)
        self.expect(said.value is True, said, "True, because the record ends there")

    async def refuse(
        self,
        handle: Handle,
        before: VersionRegistry,
        after: VersionRegistry,
        *,
        record: VersionRegistry,
    ) -> None:
        """Append to a record that is another one: that must be refused, and change nothing."""
        said = await self.ask_to_append(handle, before, after)
        expected = f"False, because the record {_ends(record)}"
        if said.value is True and await self._holds(handle.name, record):
            self.fail("answers True, and recorded nothing", expected)
        self.expect(said.value is False, said, expected)
        await self.must_hold(handle.name, record)

    async def ask_to_append(
        self, handle: Handle, before: VersionRegistry, after: VersionRegistry, *, shown: str = ""
    ) -> Said:
        """Append, and return the answer."""
        events = tuple(after.events[before.revision :])
        return await self.ask_with(handle, before, events, shown or _tuple(events))

    async def ask_with(
        self,
        handle: Handle,
        before: VersionRegistry,
        events: tuple[Event, ...],
        shown: str,
        note: str = "",
    ) -> Said:
        """Append these very events, and return the answer."""
        line = f"{handle.variable}.append({_end(before)}, {shown})"
        said = await self._bench.ask(handle.store, appending(before, events))
        self._lines.append(f"{self._await}{line}  # {note}{_briefly(said)}")
        return said

    async def load(self, handle: Handle, known: VersionRegistry) -> Said:
        """Load what is missing in a registry, and return the answer."""
        self._lines.append(f"{self._await}{handle.variable}.load({_end(known)})")
        return await self._bench.ask(handle.store, loading(known))

    async def must_load(
        self, handle: Handle, known: VersionRegistry, events: Sequence[Event], why: str
    ) -> None:
        """Load what is missing in a registry, which must be these events."""
        said = await self.load(handle, known)
        right = tuple(events)
        expected = f"{counted(len(right), 'event')}, {why}" if right else f"no events, {why}"
        if said.events is None or len(said.events) != len(right):
            self.fail(str(said), expected)
        for place, (found, one) in enumerate(zip(said.events, right, strict=True)):
            for what, value, kept in differences(found, one):
                self.fail(f"answers with event {place} in which {what} is {value}", kept)

    async def must_hold(self, name: str, record: VersionRegistry) -> None:
        """Load the whole record through another handle: it must be this one."""
        reader = await self.open("reader", name)
        await self.must_load(reader, EMPTY, record.events, f"because the record {_ends(record)}")

    async def found(self, name: str) -> Said:
        """Load the whole record through another handle, and return the answer."""
        return await self.load(await self.open("reader", name), EMPTY)

    async def together(self, calls: Sequence[tuple[str, str, Call]]) -> list[Said]:
        """Make calls at once, each on a record, given as its name, a line, and the call itself."""
        said = await self._bench.ask_together([(name, call) for name, _, call in calls])
        self._lines.append("together([")
        for (name, line, _), answer in zip(calls, said, strict=True):
            self._lines.append(f"    lambda: open_store({name!r}).{line},  # {_briefly(answer)}")
        self._lines.append("])")
        return said

    def note(self, line: str) -> None:
        """Add a line that something else than the store does."""
        self._lines.append(line)

    def expect(self, holds: object, said: object, expected: str) -> None:
        """End the law as broken unless it holds."""
        if not holds:
            self.fail(str(said), expected)

    def fail(self, said: str, expected: str) -> NoReturn:
        """End the law as broken."""
        lines = "\n".join(self._lines)
        imports = [line for word, line in _IMPORTS.items() if word in lines]
        raise Broken(Breach("\n".join([*imports, lines]), said, expected))

    async def _holds(self, name: str, record: VersionRegistry) -> bool:
        async with self._bench.opened(name) as store:
            said = await self._bench.ask(store, loading(EMPTY))
        return said.events == tuple(record.events)


@asynccontextmanager
async def steps(bench: Bench, law: str) -> AsyncGenerator[Steps]:
    """Return the steps on a record that is new; what they open is closed in the end."""
    async with AsyncExitStack() as stack:
        yield Steps(bench, stack, bench.new_name(law))


def loading(known: VersionRegistry) -> Call:
    """Return the call that loads what is missing in a registry."""
    return lambda store: store.load(known.revision, known.fingerprint)


def appending(before: VersionRegistry, events: tuple[Event, ...]) -> Call:
    """Return the call that appends events to a registry."""
    return lambda store: store.append(before.revision, before.fingerprint, events)


def append_line(before: VersionRegistry, after: VersionRegistry) -> str:
    """Return the line of the call that appends what ``after`` has in addition."""
    return f"append({_end(before)}, {_tuple(tuple(after.events[before.revision :]))})"


def differences(event: Event, right: Event) -> Iterator[tuple[str, str, str]]:
    """Yield what is not the same to the last sign and digit: its name, and the two values."""
    here, there = _facts(event), _facts(right)
    for name in there | here:
        if here.get(name) != there.get(name):
            yield name, here.get(name, "missing"), there.get(name, "nothing there")


def _facts(event: Event) -> dict[str, str]:
    """Return all that an event says, in words that tell 1 from 1.0 and True."""
    data = event.to_dict()
    metadata = data.pop("metadata", {})
    facts = {name: repr(value) for name, value in data.items()}
    return facts | {f"metadata {key!r}": repr(value) for key, value in metadata.items()}


def _end(registry: VersionRegistry) -> str:
    return f"{registry.revision}, {registry.fingerprint!r}"


def _ends(registry: VersionRegistry) -> str:
    """Return how a record ends, in words."""
    if not registry.revision:
        return "is empty"
    return f"has {counted(registry.revision, 'event')} and ends with {registry.fingerprint}"


def _tuple(events: tuple[Event, ...]) -> str:
    inner = ", ".join(map(event_source, events))
    return f"({inner},)" if len(events) == 1 else f"({inner})"


def _briefly(said: Said) -> str:
    return str(said).removeprefix("answers ")
