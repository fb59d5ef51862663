"""What a store answers to a load, and what it must not read."""

from collections.abc import Sequence
from typing import Final

from lastgood._basics.errors import InvalidData
from lastgood.testing._stores.bench import Bench, Said
from lastgood.testing._stores.contents import (
    EMPTY,
    FIRST,
    LATER,
    MANY_LINES,
    ODD,
    OTHER,
    SECOND,
    SIXTH,
    THIRD,
    UNKNOWN,
    USUAL,
    LaterEvent,
    UnknownEvent,
    many,
)
from lastgood.testing._stores.protocols import Damage
from lastgood.testing._stores.races import side_by_side
from lastgood.testing._stores.steps import Steps, steps


async def begins_empty(bench: Bench) -> None:
    async with steps(bench, "begins_empty") as each:
        store = await each.open()
        why = "because nothing was ever recorded under this name; each run needs fresh names"
        await each.must_load(store, EMPTY, (), why)
        await each.append(store, EMPTY, FIRST)


async def exact(bench: Bench) -> None:
    for registry, shown in ((USUAL, ""), (ODD, ""), (many(), MANY_LINES)):
        async with steps(bench, "exact") as each:
            await each.append(await each.open(), EMPTY, registry, shown=shown)
            await each.must_hold(each.name, registry)
    async with steps(bench, "exact") as each:
        store, record = await each.open(), EMPTY
        for number in range(1, 13):  # Written as text, "10" comes before "9".
            longer = record.register(str(number))
            longer = longer.deploy(str(number)) if number % 2 else longer
            await each.append(store, record, longer)
            record = longer
        await each.must_hold(each.name, record)


async def fresh(bench: Bench) -> None:
    why = "because another handle recorded them"
    async with steps(bench, "fresh") as each:
        store, other = await each.open(), await each.open("other")
        await each.must_load(store, EMPTY, (), "because nothing was recorded")
        await each.append(other, EMPTY, FIRST)
        await each.must_load(store, EMPTY, FIRST.events, why)
        await each.append(store, FIRST, SECOND)
        await each.must_load(other, FIRST, SECOND.events[1:], why)


async def partial_load(bench: Bench) -> None:
    async with steps(bench, "partial_load") as each:
        store = await each.open()
        await each.append(store, EMPTY, SECOND)
        why = "which are those after the revision"
        await each.must_load(store, FIRST, SECOND.events[1:], why)
        await each.must_load(store, SECOND, (), "because the record ends at the revision")
        await each.append(store, SECOND, SIXTH)
        for revision in range(SIXTH.revision + 1):
            known = SIXTH.at_revision(revision)
            await each.must_load(store, known, SIXTH.events[revision:], why)
    for stranger in (OTHER, OTHER.mark_stable("1")):
        async with steps(bench, "partial_load") as each:
            store = await each.open()
            await each.append(store, EMPTY, SECOND)
            why = "all of them, because the record has another fingerprint there"
            await each.must_load(store, stranger, SECOND.events, why)
    async with steps(bench, "partial_load") as each:
        said = await each.load(await each.open(), SECOND)
        _refused(each, said, "gone, and no events would mean that there is no news")


#: What another name may look like, beside the name of a registry.
_NAMES: Final = (
    "{}/b", "{}/0000000000000000000", "{}%2Fb", "{}:1", "{} ", "{}_", "{}%", "{}'b", '{}"b',
    "{{{}}}", "É{}", "E\u0301{}", "模型{}",
)  # fmt: skip
#: How long two names may be that differ in their last character.
_LONG: Final = 200


async def apart(bench: Bench) -> None:
    for form in _NAMES:
        async with steps(bench, "apart") as each:
            await _two_names(each, each.name, form.format(each.name))
    async with steps(bench, "apart") as each:
        await _two_names(each, each.name, each.name.upper())
    async with steps(bench, "apart") as each:
        long = each.name.ljust(_LONG, "0")
        await _two_names(each, f"{long}1", f"{long}2")
    await side_by_side(bench)
    await _failing_beside(bench)


async def _two_names(each: Steps, name: str, another: str) -> None:
    try:
        other = await each.open("other", another)
        store = await each.open("store", name)
    except ValueError:  # The store refuses such a name: nothing can be mixed up.
        return
    one, two = EMPTY.register("1"), EMPTY.register("2")
    await each.append(store, EMPTY, one)
    await each.append(other, EMPTY, two)
    await each.append(store, one, one.deploy("1"))
    await each.must_hold(name, one.deploy("1"))
    await each.must_hold(another, two)


async def _failing_beside(bench: Bench) -> None:
    """Read and append beside a record that this release cannot read."""
    async with steps(bench, "apart") as each:
        good, bad = f"{each.name}-good", f"{each.name}-bad"
        store, spoiled = await each.open("good", good), await each.open("bad", bad)
        await each.append(store, EMPTY, FIRST)
        later = LaterEvent("registered", "1")
        _ = await each.ask_with(spoiled, EMPTY, (later,), *_AS_LATER)
        _ = await each.load(spoiled, EMPTY)
        await each.append(store, FIRST, SECOND)
        await each.must_hold(good, SECOND)


_AS_LATER: Final = ("(Event('registered', '1'),)", f"with format {LATER}, by a later release: ")


async def format_kept(bench: Bench) -> None:
    later, unknown = LaterEvent("deployed", "1"), UnknownEvent("deployed", "1")
    for event, text, how in (
        (later, "(Event('deployed', '1'),)", f"with format {LATER}"),
        (unknown, f"(Event('{UNKNOWN}', '1'),)", f"with format {LATER} and an unknown kind"),
    ):
        async with steps(bench, "format_kept") as each:
            store = await each.open()
            await each.append(store, EMPTY, FIRST)
            said = await each.ask_with(store, FIRST, (event,), text, f"{how}: ")
            if not event.was_written:
                continue
            reader = await each.open("reader")
            for known in (EMPTY, FIRST):
                found = await each.load(reader, known)
                if said.value is True or found.events != tuple(FIRST.events[known.revision :]):
                    _refused(each, found, "of a later format")


async def damaged(bench: Bench, damages: Sequence[Damage]) -> None:
    """Read records that are damaged, beside one that is not."""
    for number, damage in enumerate(damages):
        async with steps(bench, "damaged") as each:
            intact = f"{each.name}-intact"
            await each.append(await each.open("intact", intact), EMPTY, THIRD)
            store = await each.open()
            await each.append(store, EMPTY, SECOND)
            await each.append(store, SECOND, THIRD)
            await each.append(store, THIRD, SIXTH)
            each.note(f"damage[{number}]({each.name!r})")
            _ = await bench.settled(damage(each.name))
            _refused(each, await each.found(each.name), "damaged")
            await each.must_hold(intact, THIRD)


def _refused(each: Steps, said: Said, why: str) -> None:
    """Make sure that the record was not read as if nothing were wrong."""
    named = isinstance(said.error, InvalidData) and said.error.place
    each.expect(named, said, f"InvalidData that names the place, because the record is {why}")
