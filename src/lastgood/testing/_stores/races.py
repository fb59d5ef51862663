"""Laws that several handles break at the same time."""

from typing import Final

from lastgood._basics.errors import InvalidData
from lastgood._registry.registry import VersionRegistry
from lastgood.testing._stores.bench import Bench, counted
from lastgood.testing._stores.contents import (
    EMPTY,
    FIRST,
)
from lastgood.testing._stores.steps import Steps, append_line, appending, loading, steps

#: How many handles ask at the same time, and how often.
TOGETHER: Final = 4
ROUNDS: Final = 10


async def read_meanwhile(bench: Bench) -> None:
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


async def one_winner(bench: Bench) -> None:
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


async def side_by_side(bench: Bench) -> None:
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
