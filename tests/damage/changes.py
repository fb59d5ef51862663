"""Random data, and random changes of data that are right."""

import copy
from collections.abc import Sequence
from typing import Any, Final, cast

from hypothesis import strategies as st

from tests.damage.documents import DOCUMENTS
from tests.damage.parts import GONE, damaged, part_at, paths
from tests.policies.compositions import policies
from tests.registry.documents import EVENTS, KEYS, some_event


def plain(keys: Sequence[str], texts: Sequence[str] = ()) -> st.SearchStrategy[Any]:
    """Draw plain data, with these keys and among others these texts."""
    simple = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4)
    return st.recursive(
        simple | st.sampled_from([*texts, "\ud800"]),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(keys), inner, max_size=3)
        ),
        max_leaves=4,
    )


@st.composite
def mutated(
    draw: st.DrawFn,
    documents: st.SearchStrategy[Any],
    values: st.SearchStrategy[Any],
    keys: Sequence[str],
) -> Any:  # any data at all
    """Draw one of these documents, which are right, with a few random changes."""
    data: Any = copy.deepcopy(draw(documents))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(list(paths(data))))
        part = part_at(data, path)
        match draw(st.sampled_from(["replace", "remove", "add", "swap"])):
            case "replace":
                data = damaged(data, path, draw(values))
            case "remove" if path:
                data = damaged(data, path, GONE)
            case "add" if isinstance(part, dict):
                data = damaged(data, (*path, draw(st.sampled_from(keys))), draw(values))
            case "add" if isinstance(part, list):
                listed = cast("list[object]", part)
                more = draw(values | st.sampled_from(listed) if listed else values)
                listed.insert(draw(st.integers(0, len(listed))), copy.deepcopy(more))
            case "swap" if isinstance(part, list) and part:
                several = cast("list[object]", part)
                one, other = (draw(st.integers(0, len(several) - 1)) for _ in range(2))
                several[one], several[other] = several[other], several[one]
            case _:
                pass
    return data


#: The keys of policies, and some others.
PARAMETERS: Final = ["first_of", "last_stable", "where", "version", "null", "x"]

changed_registries: Final = mutated(
    st.just(DOCUMENTS["registry"].data),
    plain(KEYS, ["1", "2", "3", *EVENTS, "2024-05-01T12:00:00Z"]) | some_event,
    [*KEYS, "more"],
)
changed_plans: Final = mutated(
    st.just(DOCUMENTS["plan"].data), plain(["version", "by"]), ["by", "more"]
)
changed_policies: Final = mutated(
    policies.map(lambda policy: policy.to_dict()), plain(PARAMETERS), ["where", "x"]
)
