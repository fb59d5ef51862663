"""Callers that use a conversation wrongly, each in one way that the explorer has to find.

Each stands for a fault that the conversation is made to exclude. None of them is a switch of the
library: the fault is in what is done around it.
"""

from collections.abc import Mapping
from typing import Final

import attrs
from typing_extensions import override

from lastgood import VersionRegistry
from lastgood.control import (
    Append,
    Conversation,
    Done,
    Look,
    Outcome,
    Request,
    Seen,
    Serve,
    Wait,
)
from tests.tools.control.scenes import Scene
from tests.tools.control.worlds import NOW, Said


class Caller:
    """A right caller: it does what is wanted, and gives the answer back. Time does not matter."""

    def begun(self, scene: Scene) -> Scene:
        """Return the scene as the caller sets it up."""
        return scene

    def wants(self, talk: Conversation) -> Request:
        """Return what the caller does."""
        return talk.wants

    def told(self, talk: Conversation, answer: Said, again: Conversation) -> Conversation:
        """Return the conversation after the answer; ``again`` is how it began."""
        del again
        talk = talk.told(answer, now=NOW)
        while isinstance(talk.wants, Wait):
            talk = talk.told(None, now=NOW)
        return talk

    def ended(self, talk: Conversation, record: VersionRegistry) -> VersionRegistry:
        """Return the record after the caller read how the conversation ended."""
        del talk
        return record


class NoFence(Caller):
    """The world takes every request, older ones too."""

    @override
    def begun(self, scene: Scene) -> Scene:
        return attrs.evolve(scene, world=attrs.evolve(scene.world, compares=False))


class OneLook(Caller):
    """One look is enough for a verdict."""

    @override
    def begun(self, scene: Scene) -> Scene:
        return attrs.evolve(scene, looks=1)


class NoStop(Caller):
    """A rollback target that does not come up is marked failed, to try the next one."""

    @override
    def ended(self, talk: Conversation, record: VersionRegistry) -> VersionRegistry:
        down = isinstance(talk.wants, Done) and talk.wants.outcome is Outcome.TARGET_DOWN
        target = record.current
        return record.mark_failed(target) if down and target is not None else record


class NoRecognition(Caller):
    """After an append that was not acknowledged, the change is made anew."""

    @override
    def told(self, talk: Conversation, answer: Said, again: Conversation) -> Conversation:
        if isinstance(talk.wants, Append) and not answer:
            return again
        return super().told(talk, answer, again)


class RegistryFence(Caller):
    """The fence is the revision of the registry, which any event moves on."""

    @override
    def wants(self, talk: Conversation) -> Request:
        wants = super().wants(talk)
        if isinstance(wants, Serve):
            return attrs.evolve(wants, revision=talk.registry.revision)
        return wants

    @override
    def told(self, talk: Conversation, answer: Said, again: Conversation) -> Conversation:
        if isinstance(talk.wants, Look) and isinstance(answer, Seen) and answer.revision:
            ahead = answer.revision - talk.registry.revision
            answer = attrs.evolve(answer, revision=_moved(talk.registry) + ahead)
        return super().told(talk, answer, again)


class Unbounded(Caller):
    """A conversation that gave up is begun again at once."""

    @override
    def told(self, talk: Conversation, answer: Said, again: Conversation) -> Conversation:
        talk = super().told(talk, answer, again)
        gave_up = isinstance(talk.wants, Done) and talk.wants.outcome is Outcome.GAVE_UP
        return again if gave_up else talk


def _moved(registry: VersionRegistry) -> int:
    return registry.deployments[-1].revision if registry.deployments else 0


#: The faults by their names.
FAULTS: Final[Mapping[str, Caller]] = {
    "no fence": NoFence(),
    "one look": OneLook(),
    "no stop": NoStop(),
    "no recognition": NoRecognition(),
    "a fence on the registry's revision": RegistryFence(),
    "unbounded attempts": Unbounded(),
}
