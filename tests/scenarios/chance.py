"""Random stories: what may happen to four versions, as commands that print as one writes them."""

from typing import Any

from hypothesis import strategies as st

from tests.commands import Command

LABELS = ("1", "2", "3", "4")
#: Versions 1 and 3 have the same contents, and so have 2 and 4.
DIGESTS = {"1": "sha256:a", "2": "sha256:b", "3": "sha256:a", "4": "sha256:b"}

_labels = st.sampled_from(LABELS)
_migrations: st.SearchStrategy[dict[str, Any]] = st.sampled_from([{}, {"migration": True}])
_reasons: st.SearchStrategy[dict[str, Any]] = st.sampled_from([{}, {"reason": "errors"}])
_some = st.one_of(
    st.builds(Command, st.just("deploy"), _labels),
    st.builds(Command, st.just("deploy"), _labels, st.fixed_dictionaries({"replacing": _labels})),
    st.builds(Command, st.sampled_from(["observe", "undeploy"]), _labels),
    st.builds(Command, st.sampled_from(["mark_failed", "leave"]), _labels, _reasons),
    st.builds(Command, st.sampled_from(["mark_stable", "retire", "reinstate"]), _labels, _reasons),
    st.builds(
        Command,
        st.just("annotate"),
        _labels,
        st.sampled_from([{"metadata": {"migration": known}} for known in (False, True)]),
    ),
)


_beginning = st.tuples(
    *(
        st.builds(
            Command,
            st.just("register"),
            st.just(label),
            st.fixed_dictionaries({"digest": st.just(digest), "metadata": _migrations}),
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
    *(Command("register", label) for label in "124"),
    Command("register", "3", {"metadata": {"migration": True}}),
    *(Command("deploy", label) for label in ("1", "2", "3")),
]

#: A story of versions with contents of their own, the third of which has migrated; what then?
after_migration: st.SearchStrategy[list[Command]] = st.builds(
    _joined, st.just(_MIGRATED), st.lists(_some, min_size=2, max_size=10)
)
