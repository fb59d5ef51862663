"""One controller for ten thousand models: registries are kept, and many are read at once.

A conversation is a value that says what it wants. So a controller can have thousands of them, see
what all of them want, and ask once: for the news of five hundred records, for what serves.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol, TypeAlias

import attrs

from lastgood import Event, InvalidData, LastgoodError, RollbackStrategy, VersionRegistry
from lastgood.control import (
    Answer,
    Append,
    Conversation,
    Done,
    Load,
    Look,
    Seen,
    Serve,
    Wait,
    keep,
)

#: After these errors it is not known whether something was done. Add those of your client.
NOT_KNOWN: Final[tuple[type[Exception], ...]] = (OSError,)

#: The answers to many loads: the events of each record, or what is wrong with it.
News: TypeAlias = Mapping[str, Sequence[Event] | InvalidData]


class Stores(Protocol):
    """The records of all models."""

    def load(self, wanted: Mapping[str, Load], /) -> News:
        """Answer many loads. One record that cannot be read is the answer for its name alone."""
        ...

    def append(self, name: str, wanted: Append, /) -> bool:
        """Record the events if the record ends with this fingerprint; otherwise nothing."""
        ...


class Worlds(Protocol):
    """What serves, for all models: a list call of your platform, and a patch."""

    def look(self, names: Sequence[str], /) -> Mapping[str, Seen]:
        """Return what serves, and for which revision. A name without an answer may be missing."""
        ...

    def serve(self, name: str, wanted: Serve, /) -> bool:
        """Ask for this version; return false if a later revision was asked for."""
        ...


@attrs.define
class Fleet:
    """A controller of many models.

    Args:
        policy: Where to go back to.
        stores: The records of all models.
        worlds: What serves, for all models.
        batch: How many models are read at once.
        not_known: The errors after which it is not known whether something was done.
        clock: Tells the time.
    """

    policy: RollbackStrategy
    stores: Stores
    worlds: Worlds
    batch: int = 500
    not_known: tuple[type[Exception], ...] = NOT_KNOWN
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    #: The registries, as far as they are known, so that only news are read.
    kept: dict[str, VersionRegistry] = attrs.field(factory=dict[str, VersionRegistry])
    #: The conversations that wait, and until when.
    waiting: dict[str, tuple[datetime, Conversation]] = attrs.field(
        factory=dict[str, tuple[datetime, Conversation]]
    )

    def turn(self, names: Sequence[str]) -> Iterator[tuple[str, Done]]:
        """Have a conversation with each model, or go on with the one that waits, if it is due.

        Call it every minute with all names, on every machine, and every second with ``waiting``.

        Yields:
            Each name whose conversation ended, and how. Nothing is waited for.
        """
        for start in range(0, len(names), self.batch):
            talks = dict(self._due(names[start : start + self.batch]))
            while talks:
                answers, now = self._answers(talks), self.clock()
                for name, talk in talks.items():
                    talks[name] = talk.told(answers.get(name), now=now)
                yield from self._put_aside(talks, now)

    def _due(self, names: Sequence[str]) -> Iterator[tuple[str, Conversation]]:
        """Yield the conversations to have now."""
        now = self.clock()
        for name in names:
            if name not in self.waiting:
                yield name, keep(self.policy, self.kept.get(name, VersionRegistry()))
            elif self.waiting[name][0] <= now:
                _, talk = self.waiting.pop(name)
                yield name, talk.told(None, now=now)

    def _put_aside(
        self, talks: dict[str, Conversation], now: datetime
    ) -> Iterator[tuple[str, Done]]:
        """Take away the conversations that wait, and those that are over; yield the latter."""
        for name, talk in [*talks.items()]:
            if isinstance(talk.wants, Wait):
                self.waiting[name] = now + timedelta(seconds=talk.wants.seconds), talks.pop(name)
            elif isinstance(talk.wants, Done):
                self.kept[name] = talks.pop(name).registry
                yield name, talk.wants

    def _answers(self, talks: Mapping[str, Conversation]) -> dict[str, Answer]:
        """Do what all of them want: loads and looks at once, the rest one by one."""
        loads = {name: talk.wants for name, talk in talks.items() if isinstance(talk.wants, Load)}
        looks = [name for name, talk in talks.items() if isinstance(talk.wants, Look)]
        answers: dict[str, Answer] = {}
        with suppress(*self.not_known):  # who has no answer is told `None`
            answers.update(self.stores.load(loads) if loads else {})
        with suppress(*self.not_known):
            answers.update(self.worlds.look(looks) if looks else {})
        for name, talk in talks.items():
            if isinstance(talk.wants, Append | Serve):
                answers[name] = self._answer(name, talk.wants)
        return answers

    def _answer(self, name: str, wants: Append | Serve) -> Answer:
        """Do what one of them wants."""
        try:
            if isinstance(wants, Append):
                return self.stores.append(name, wants)
            return self.worlds.serve(name, wants)
        except LastgoodError as error:
            return error
        except self.not_known:
            return None
