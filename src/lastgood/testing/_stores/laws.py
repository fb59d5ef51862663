"""The laws of stores: what each demands, why, and the steps that show a breach of it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, TypeAlias

import attrs

from lastgood._basics.errors import InvalidData
from lastgood._registry.registry import VersionRegistry
from lastgood.testing._stores.bench import Bench, Said, counted
from lastgood.testing._stores.contents import (
    EMPTY,
    FIRST,
    LATER,
    MANY_LINES,
    ODD,
    OTHER,
    SECOND,
    THIRD,
    UNKNOWN,
    USUAL,
    Interrupted,
    LaterEvent,
    Torn,
    UnknownEvent,
    many,
)
from lastgood.testing._stores.protocols import Damage
from lastgood.testing._stores.steps import Steps, append_line, appending, loading, steps

_Check: TypeAlias = Callable[[Bench], Awaitable[None]]

#: How many handles ask at the same time, and how often.
TOGETHER: Final = 4
ROUNDS: Final = 10


@attrs.frozen
class Law:
    """What every store keeps."""

    demand: str
    why: str
    check: _Check


async def _begins_empty(bench: Bench) -> None:
    async with steps(bench, "begins_empty") as each:
        store = await each.open()
        why = "because nothing was ever recorded under this name; each run needs fresh names"
        await each.must_load(store, EMPTY, (), why)
        await each.append(store, EMPTY, FIRST)


async def _answers(bench: Bench) -> None:
    async with steps(bench, "answers") as each:
        store = await each.open()
        await each.append(store, EMPTY, FIRST)
        await each.must_hold(each.name, FIRST)
        await each.refuse(store, EMPTY, FIRST, record=FIRST)
        await each.append(store, FIRST, SECOND)
        await each.must_hold(each.name, SECOND)


async def _exact(bench: Bench) -> None:
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


async def _fresh(bench: Bench) -> None:
    why = "because another handle recorded them"
    async with steps(bench, "fresh") as each:
        store, other = await each.open(), await each.open("other")
        await each.must_load(store, EMPTY, (), "because nothing was recorded")
        await each.append(other, EMPTY, FIRST)
        await each.must_load(store, EMPTY, FIRST.events, why)
        await each.append(store, FIRST, SECOND)
        await each.must_load(other, FIRST, SECOND.events[1:], why)


async def _no_hole(bench: Bench) -> None:
    for record in (EMPTY, FIRST):
        async with steps(bench, "no_hole") as each:
            store = await each.open()
            if record.revision:
                await each.append(store, EMPTY, record)
            await each.refuse(store, SECOND, THIRD, record=record)


async def _no_overwrite(bench: Bench) -> None:
    for before, late in (
        (EMPTY, EMPTY.register("2")),
        (FIRST, FIRST.register("2")),
        (FIRST, FIRST.register("2").deploy("2").mark_stable("2")),
    ):
        async with steps(bench, "no_overwrite") as each:
            store = await each.open()
            await each.append(store, EMPTY, SECOND)
            await each.refuse(store, before, late, record=SECOND)


async def _same_history(bench: Bench) -> None:
    async with steps(bench, "same_history") as each:
        store = await each.open()
        await each.append(store, EMPTY, SECOND)
        await each.refuse(store, OTHER, OTHER.mark_stable("1"), record=SECOND)


async def _all_or_nothing(bench: Bench) -> None:
    await _interrupted(bench)
    await _read_meanwhile(bench)


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


async def _read_meanwhile(bench: Bench) -> None:
    """Read while somebody appends: no reader may see some of the events only."""
    longer = FIRST.register("2").deploy("2").mark_stable("2")
    news = tuple(longer.events[1:])
    for _ in range(ROUNDS):
        async with steps(bench, "all_or_nothing") as each:
            await each.append(await each.open(), EMPTY, FIRST)
            write = (each.name, append_line(FIRST, longer), appending(FIRST, news))
            read = (each.name, f"load(0, {EMPTY.fingerprint!r})", loading(EMPTY))
            _, *answers = await each.together([write] + [read] * (TOGETHER - 1))
            for said in answers:
                torn = said.events not in {tuple(FIRST.events), tuple(longer.events), None}
                if torn or isinstance(said.error, InvalidData):
                    each.fail(f"{said} to a reader", "1 event before the append, or 4 after it")
            await each.must_hold(each.name, longer)


async def _one_winner(bench: Bench) -> None:
    won = 0
    for number in range(ROUNDS):
        before = EMPTY if number % 2 else FIRST
        async with steps(bench, "one_winner") as each:
            if before.revision:
                await each.append(await each.open(), EMPTY, before)
            won += await _raced(each, before)
    if not won:
        async with steps(bench, "one_winner") as each:
            each.note(f"# {ROUNDS} races as these, each on a new record:")
            _ = await _raced(each, EMPTY)
            each.fail("lets nobody win in any of them", "one winner in each, and that it says so")


async def _raced(each: Steps, before: VersionRegistry) -> bool:
    """Let several append at the same time, each something else; return whether one of them won."""
    ends = [_written_by(before, number) for number in range(TOGETHER)]
    said = await each.together(
        [
            (
                each.name,
                append_line(before, end),
                appending(before, tuple(end.events[before.revision :])),
            )
            for end in ends
        ]
    )
    winners = [end for end, one in zip(ends, said, strict=True) if one.value is True]
    if len(winners) > 1:
        each.fail(f"answers True to {len(winners)} of {TOGETHER} writers", "True to one of them")
    found = (await each.found(each.name)).events
    recorded = next((end for end in ends if found == tuple(end.events)), None)
    if recorded is None and found != tuple(before.events):
        shown = "no answer" if found is None else counted(len(found), "event")
        each.fail(f"has {shown} then", "the events of one writer after those before, and no others")
    if winners and recorded is not winners[0]:
        each.fail("answers True to a writer whose events are not recorded", "False to this writer")
    for end, one in zip(ends, said, strict=True):
        each.expect(
            end is not recorded or one.value is not False,
            "answers False to the writer whose events are recorded",
            "True to this writer, or an exception if the answer is not known",
        )
    nobody = recorded is None and all(one.value is False for one in said)
    each.expect(not nobody, "answers False to all of them", "True to one of them")
    return recorded is not None


def _written_by(before: VersionRegistry, number: int) -> VersionRegistry:
    """Return what this writer records: one event, or two."""
    label = f"by-{number}"
    registry = before.register(label)
    return registry.mark_stable(label) if number % 2 else registry


async def _lost_answers(bench: Bench) -> None:
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


async def _partial_load(bench: Bench) -> None:
    async with steps(bench, "partial_load") as each:
        store = await each.open()
        await each.append(store, EMPTY, SECOND)
        why = "which are those after the revision"
        await each.must_load(store, FIRST, SECOND.events[1:], why)
        await each.must_load(store, SECOND, (), "because the record ends at the revision")
        await each.append(store, SECOND, USUAL_AFTER_SECOND)
        for revision in range(USUAL_AFTER_SECOND.revision + 1):
            known = USUAL_AFTER_SECOND.at_revision(revision)
            await each.must_load(store, known, USUAL_AFTER_SECOND.events[revision:], why)
    for stranger in (OTHER, OTHER.mark_stable("1")):
        async with steps(bench, "partial_load") as each:
            store = await each.open()
            await each.append(store, EMPTY, SECOND)
            why = "all of them, because the record has another fingerprint there"
            await each.must_load(store, stranger, SECOND.events, why)
    async with steps(bench, "partial_load") as each:
        said = await each.load(await each.open(), SECOND)
        _refused(each, said, "gone, and no events would mean that there is no news")


#: A record that was written in two portions.
USUAL_AFTER_SECOND: Final = THIRD.register("2").deploy("2").mark_failed("2")

#: What another name may look like, beside the name of a registry.
_NAMES: Final = (
    "{}/b", "{}/0000000000000000000", "{}%2Fb", "{}:1", "{} ", "{}_", "{}%", "{}'b", '{}"b',
    "{{{}}}", "É{}", "E\u0301{}", "模型{}",
)  # fmt: skip


#: How long two names may be that differ in their last character.
_LONG: Final = 200


async def _apart(bench: Bench) -> None:
    for form in _NAMES:
        async with steps(bench, "apart") as each:
            await _two_names(each, each.name, form.format(each.name))
    async with steps(bench, "apart") as each:
        await _two_names(each, each.name, each.name.upper())
    async with steps(bench, "apart") as each:
        long = each.name.ljust(_LONG, "0")
        await _two_names(each, f"{long}1", f"{long}2")
    await _side_by_side(bench)
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


async def _side_by_side(bench: Bench) -> None:
    """Append to many records at the same time: nobody is late."""
    async with steps(bench, "apart") as each:
        ends = {f"{each.name}-{on}": EMPTY.register(f"on-{on}") for on in range(TOGETHER)}
        said = await each.together(
            [
                (name, append_line(EMPTY, end), appending(EMPTY, tuple(end.events)))
                for name, end in ends.items()
            ]
        )
        for one in said:
            each.expect(one.value is True, one, "True for each, because the records are others")
        for name, end in ends.items():
            await each.must_hold(name, end)


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


async def _format_kept(bench: Bench) -> None:
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
            await each.append(store, THIRD, USUAL_AFTER_SECOND)
            each.note(f"damage[{number}]({each.name!r})")
            _ = await bench.settled(damage(each.name))
            _refused(each, await each.found(each.name), "damaged")
            await each.must_hold(intact, THIRD)


def _refused(each: Steps, said: Said, why: str) -> None:
    """Make sure that the record was not read as if nothing were wrong."""
    named = isinstance(said.error, InvalidData) and said.error.place
    each.expect(named, said, f"InvalidData that names the place, because the record is {why}")


#: The laws by their names, in the order in which they are reported.
TABLE: Final[Mapping[str, Law]] = {
    "begins_empty": Law(
        "a name under which nothing was recorded has no events",
        "a registry needs no preparation before its first event.",
        _begins_empty,
    ),
    "answers": Law(
        "append answers True if it recorded the events and False if not; load answers with events",
        "whoever gets the answer True moves the world.",
        _answers,
    ),
    "exact": Law(
        "what is recorded is read exactly, and in the order in which it was recorded",
        "a number that lost a digit makes another fingerprint, and the record cannot be read.",
        _exact,
    ),
    "fresh": Law(
        "a handle sees what another one recorded, at once",
        "a decision that rests on an old copy is refused, again and again.",
        _fresh,
    ),
    "no_hole": Law(
        "an append behind the end of the record is refused",
        "after a restored backup the record is shorter, and a hole would swallow later news.",
        _no_hole,
    ),
    "no_overwrite": Law(
        "an append before the end of the record is refused, as a whole",
        "somebody else was quicker, and what they recorded must not be lost.",
        _no_overwrite,
    ),
    "same_history": Law(
        "an append to as many events, which are others, is refused",
        "after a failover others may have recorded as many: compare the fingerprint, not a count.",
        _same_history,
    ),
    "all_or_nothing": Law(
        "an append records all of its events or none, also if it is interrupted or read meanwhile",
        "a version that is deployed without its verdict is another history.",
        _all_or_nothing,
    ),
    "one_winner": Law(
        "of writers that append at the same time one wins, and it alone gets the answer True",
        "two winners move the world twice; none, and nobody does.",
        _one_winner,
    ),
    "lost_answers": Law(
        "a writer that got no answer finds its events, once, or none of them",
        "connections break between the commit and the answer; a retry must not record twice.",
        _lost_answers,
    ),
    "partial_load": Law(
        "load answers with the events after the revision; with all, if the history is another one; "
        "with an error, if the record is gone",
        "whoever keeps a registry extends it by the answer.",
        _partial_load,
    ),
    "apart": Law(
        "registries under different names do not mix, and one that cannot be read harms no other",
        "prod and staging are two names; one bad registry must not stop ten thousand.",
        _apart,
    ),
    "format_kept": Law(
        "an event of a later format is refused when it is read, by an error that names its place",
        "during a rolling upgrade an older release must not read what it does not understand.",
        _format_kept,
    ),
}

#: The law that only the caller's own functions can try, and its demand.
DAMAGED: Final = "damaged"
DEMAND: Final = (
    "a record that is damaged is refused when it is read, by an error that names the place"
)
WHY: Final = "a torn file or a missing row must not pass as a shorter history."
