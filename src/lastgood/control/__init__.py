"""The loop around a decision, without I/O: a conversation that says what it wants.

The caller does it, in whatever world it lives, and gives the answer back. Several controllers may
do so at the same time: one failed update is rolled back once.

>>> from datetime import UTC, datetime
>>> from lastgood import LastStable, VersionRegistry
>>> from lastgood.control import Append, Done, Load, Look, Seen, Serve, keep
>>> record = VersionRegistry.from_statuses({"v1": "stable", "v2": "failed"}, current="v2")
>>> world = Seen("v2", 4)
>>> talk = keep(LastStable(), VersionRegistry())
>>> while not isinstance(talk.wants, Done):
...     match talk.wants:
...         case Load(since):
...             answer = record.events[since:]
...         case Append(_, _, events):
...             record, answer = record.extend(events), True
...         case Look():
...             answer = world
...         case Serve(version, revision):
...             world, answer = Seen(version, revision), True
...     talk = talk.told(answer, now=datetime(2026, 5, 1, tzinfo=UTC))
>>> talk.wants.outcome.value, world, record.current
('settled', Seen(version='v1', revision=7), 'v1')
"""

from lastgood.control._changes import (
    Annotate,
    Change,
    Deploy,
    MarkFailed,
    MarkStable,
    Observe,
    Register,
    Reinstate,
    Retire,
    RollBack,
    Undeploy,
)
from lastgood.control._conversation import Conversation, keep, record
from lastgood.control._requests import (
    Answer,
    Append,
    Done,
    Load,
    Look,
    Outcome,
    Request,
    Seen,
    Serve,
    Wait,
)

__all__ = [
    "Annotate",
    "Answer",
    "Append",
    "Change",
    "Conversation",
    "Deploy",
    "Done",
    "Load",
    "Look",
    "MarkFailed",
    "MarkStable",
    "Observe",
    "Outcome",
    "Register",
    "Reinstate",
    "Request",
    "Retire",
    "RollBack",
    "Seen",
    "Serve",
    "Undeploy",
    "Wait",
    "keep",
    "record",
]
