"""Random stories: what may happen to four versions, as commands that print as one writes them.

A command may be refused: then nothing changes, and the story goes on. So whatever the order of the
commands, every registry on the way is one that a user can have.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from hypothesis import strategies as st
from typing_extensions import override

from lastgood import LastgoodError, LastStable, Previous, VersionRegistry

LABELS = ("1", "2", "3", "4")
#: Versions 1 and 3 have the same contents, and so have 2 and 4.
DIGESTS = {"1": "sha256:a", "2": "sha256:b", "3": "sha256:a", "4": "sha256:b"}


@dataclass(frozen=True)
class Command:
    """One command; `roll_back` plans as well, and its version is the one to leave."""

    name: str
    version: str
    reason: str = ""
    replacing: str | None = None
    digest: str | None = None
    migration: bool = False

    def on(self, registry: VersionRegistry) -> VersionRegistry:
        """Return the registry after the command; what refuses it raises."""
        given = {"reason": self.reason} if self.reason else {}
        match self.name:
            case "register":
                metadata = {"migration": True} if self.migration else None
                return registry.register(self.version, digest=self.digest, metadata=metadata)
            case "annotate":
                return registry.annotate(self.version, {"migration": self.migration})
            case "deploy":
                return registry.deploy(self.version, replacing=self.replacing)
            case "roll_back":
                plan = (LastStable() | Previous()).plan(registry, leaving=self.version)
                return registry.roll_back(plan, reason=self.reason)
            case _:
                command = getattr(registry, self.name)
                after: VersionRegistry = command(self.version, **given)
                return after

    @override
    def __repr__(self) -> str:
        more = f", replacing={self.replacing!r}" if self.replacing else ""
        more += f", reason={self.reason!r}" if self.reason else ""
        more += f", digest={self.digest!r}" if self.digest else ""
        more += f", migration={self.migration}" if self.name in ("register", "annotate") else ""
        return f".{self.name}({self.version!r}{more})"


_labels = st.sampled_from(LABELS)
_reasons = st.sampled_from(["", "errors"])
_some = st.one_of(
    st.builds(Command, st.just("deploy"), _labels),
    st.builds(Command, st.just("deploy"), _labels, replacing=_labels),
    st.builds(Command, st.sampled_from(["observe", "undeploy"]), _labels),
    st.builds(Command, st.sampled_from(["mark_failed", "roll_back"]), _labels, _reasons),
    st.builds(Command, st.sampled_from(["mark_stable", "retire", "reinstate"]), _labels, _reasons),
    st.builds(Command, st.just("annotate"), _labels, migration=st.booleans()),
)


_beginning = st.tuples(
    *(
        st.builds(
            Command,
            st.just("register"),
            st.just(label),
            digest=st.just(digest),
            migration=st.booleans(),
        )
        for label, digest in DIGESTS.items()
    )
).flatmap(lambda known: st.permutations(list(known)))


def _joined(known: list[Command], more: list[Command]) -> list[Command]:
    return [*known, *more]


#: A story: the versions become known, then something happens to them.
commands: st.SearchStrategy[list[Command]] = st.builds(
    _joined, _beginning, st.lists(_some, min_size=2, max_size=16)
)

_MIGRATED = [
    *(Command("register", label, migration=label == "3") for label in LABELS),
    *(Command("deploy", label) for label in ("1", "2", "3")),
]

#: A story of versions with contents of their own, the third of which has migrated; what then?
after_migration: st.SearchStrategy[list[Command]] = st.builds(
    _joined, st.just(_MIGRATED), st.lists(_some, min_size=2, max_size=10)
)


def along(
    story: Iterable[Command], since: VersionRegistry | None = None
) -> Iterator[VersionRegistry]:
    """Yield the registry before the story and after each command, refused ones included."""
    registry = VersionRegistry() if since is None else since
    yield registry
    for command in story:
        with suppress(LastgoodError):  # What is refused changes nothing.
            registry = command.on(registry)
        yield registry
