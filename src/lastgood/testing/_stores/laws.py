"""The laws of stores: what each demands, why, and the steps that show a breach of it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeAlias

import attrs

from lastgood.testing._stores.appends import (
    all_or_nothing,
    answers,
    lost_answers,
    no_hole,
    no_overwrite,
    same_history,
)
from lastgood.testing._stores.bench import Bench
from lastgood.testing._stores.races import one_winner
from lastgood.testing._stores.reads import (
    apart,
    begins_empty,
    exact,
    format_kept,
    fresh,
    partial_load,
)

_Check: TypeAlias = Callable[[Bench], Awaitable[None]]


@attrs.frozen
class Law:
    """What every store keeps."""

    demand: str
    why: str
    check: _Check


#: The laws by their names, in the order in which they are reported.
TABLE: Final[Mapping[str, Law]] = {
    "begins_empty": Law(
        "a name under which nothing was recorded has no events",
        "a registry needs no preparation before its first event.",
        begins_empty,
    ),
    "answers": Law(
        "append answers True if it recorded the events and False if not; load answers with events",
        "whoever gets the answer True moves the world.",
        answers,
    ),
    "exact": Law(
        "what is recorded is read exactly, and in the order in which it was recorded",
        "a number that lost a digit makes another fingerprint, and the record cannot be read.",
        exact,
    ),
    "fresh": Law(
        "a handle sees what another one recorded, at once",
        "a decision that rests on an old copy is refused, again and again.",
        fresh,
    ),
    "no_hole": Law(
        "an append behind the end of the record is refused",
        "after a restored backup the record is shorter, and a hole would swallow later news.",
        no_hole,
    ),
    "no_overwrite": Law(
        "an append before the end of the record is refused, as a whole",
        "somebody else was quicker, and what they recorded must not be lost.",
        no_overwrite,
    ),
    "same_history": Law(
        "an append to as many events, which are others, is refused",
        "after a failover others may have recorded as many: compare the fingerprint, not a count.",
        same_history,
    ),
    "all_or_nothing": Law(
        "an append records all of its events or none, also if it is interrupted or read meanwhile",
        "a version that is deployed without its verdict is another history.",
        all_or_nothing,
    ),
    "one_winner": Law(
        "of writers that append at the same time one wins, and it alone gets the answer True",
        "two winners move the world twice; none, and nobody does.",
        one_winner,
    ),
    "lost_answers": Law(
        "a writer that got no answer finds its events, once, or none of them",
        "connections break between the commit and the answer; a retry must not record twice.",
        lost_answers,
    ),
    "partial_load": Law(
        "load answers with the events after the revision; with all, if the history is another one; "
        "with an error, if the record is gone",
        "whoever keeps a registry extends it by the answer.",
        partial_load,
    ),
    "apart": Law(
        "registries under different names do not mix, and one that cannot be read harms no other",
        "prod and staging are two names; one bad registry must not stop ten thousand.",
        apart,
    ),
    "format_kept": Law(
        "an event of a later format is refused when it is read, by an error that names its place",
        "during a rolling upgrade an older release must not read what it does not understand.",
        format_kept,
    ),
}

#: The law that only the caller's own functions can try, and its demand.
DAMAGED: Final = "damaged"
DEMAND: Final = (
    "a record that is damaged is refused when it is read, by an error that names the place"
)
WHY: Final = "a torn file or a missing row must not pass as a shorter history."
