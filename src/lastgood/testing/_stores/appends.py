"""What a store answers to an append, and what it must not record."""

from lastgood.testing._stores.bench import Bench
from lastgood.testing._stores.contents import (
    EMPTY,
    FIRST,
    OTHER,
    SECOND,
    THIRD,
    Interrupted,
    Torn,
)
from lastgood.testing._stores.races import read_meanwhile
from lastgood.testing._stores.steps import steps


async def answers(bench: Bench) -> None:
    async with steps(bench, "answers") as each:
        store = await each.open()
        await each.append(store, EMPTY, FIRST)
        await each.must_hold(each.name, FIRST)
        await each.refuse(store, EMPTY, FIRST, record=FIRST)
        await each.append(store, FIRST, SECOND)
        await each.must_hold(each.name, SECOND)


async def no_hole(bench: Bench) -> None:
    for record in (EMPTY, FIRST):
        async with steps(bench, "no_hole") as each:
            store = await each.open()
            if record.revision:
                await each.append(store, EMPTY, record)
            await each.refuse(store, SECOND, THIRD, record=record)


async def no_overwrite(bench: Bench) -> None:
    for before, late in (
        (EMPTY, EMPTY.register("2")),
        (FIRST, FIRST.register("2")),
        (FIRST, FIRST.register("2").deploy("2").mark_stable("2")),
    ):
        async with steps(bench, "no_overwrite") as each:
            store = await each.open()
            await each.append(store, EMPTY, SECOND)
            await each.refuse(store, before, late, record=SECOND)


async def same_history(bench: Bench) -> None:
    async with steps(bench, "same_history") as each:
        store = await each.open()
        await each.append(store, EMPTY, SECOND)
        await each.refuse(store, OTHER, OTHER.mark_stable("1"), record=SECOND)


async def all_or_nothing(bench: Bench) -> None:
    await _interrupted(bench)
    await read_meanwhile(bench)


async def _interrupted(bench: Bench) -> None:
    """Break off an append in the middle of its events, as if the process died there."""
    longer = FIRST.deploy("1").mark_stable("1").register("2")
    events = tuple(longer.events[1:])
    for after in (1, 2):
        async with steps(bench, "all_or_nothing") as each:
            store = await each.open()
            await each.append(store, EMPTY, FIRST)
            torn, note = (
                Torn.of(events, after),
                f"interrupted after {after} of {len(events)} events: ",
            )
            said = await each.ask_with(store, FIRST, torn, "events", note)
            record = longer if said.value is True else FIRST
            if said.error is not None and not isinstance(said.error, Interrupted):
                found = await each.found(each.name)  # It may have been written in spite of that.
                record = longer if found.events == tuple(longer.events) else FIRST
            await each.must_hold(each.name, record)
            other = await each.open("other")
            await each.append(other, record, record.register("3"))


async def lost_answers(bench: Bench) -> None:
    why = "by which the writer that got no answer knows its own events"
    async with steps(bench, "lost_answers") as each:
        store = await each.open()
        await each.append(store, EMPTY, FIRST)
        each.note("# Written, and the answer is lost:")
        await each.append(store, FIRST, THIRD)
        again = await each.open("again")
        await each.must_load(again, FIRST, THIRD.events[1:], why)
        await each.refuse(again, FIRST, THIRD, record=THIRD)
        longer = THIRD.register("2")
        await each.append(again, THIRD, longer)
        await each.must_load(store, FIRST, longer.events[1:], "among which those of the writer are")
    async with steps(bench, "lost_answers") as each:
        store = await each.open()
        await each.append(store, EMPTY, FIRST)
        each.note("# An append that did not arrive:")
        again = await each.open("again")
        await each.must_load(again, FIRST, (), "so the writer knows that it must append again")
        await each.append(again, FIRST, THIRD)
        await each.must_hold(each.name, THIRD)
