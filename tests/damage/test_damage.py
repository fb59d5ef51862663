"""Whatever is wrong with a document is `InvalidData`, whose message begins with the place.

So it is for registries, plans and policies alike; what only one of them has stands in its own room.
"""

from typing import Any

import pytest
from hypothesis import given

from lastgood import InvalidData
from tests.damage.changes import (
    PARAMETERS,
    changed_plans,
    changed_policies,
    changed_registries,
    plain,
)
from tests.damage.documents import DOCUMENTS
from tests.damage.parts import GONE, damaged, paths
from tests.damage.reading import read_or_refused
from tests.damage.values import VALUES
from tests.rows import each_row

each_document = each_row("name", DOCUMENTS)


@each_document
def test_the_undamaged_data_are_read(name: str) -> None:
    """The documents that the tests below damage are right."""
    assert not isinstance(read_or_refused(name, DOCUMENTS[name].data), InvalidData)


@each_row(
    ("name", "damage"),
    [(name, damage) for name, document in DOCUMENTS.items() for damage in document.damage],
)
def test_damage_is_refused_with_its_place(name: str, damage: Any) -> None:
    """Each kind of damage is named with its place, in words that help."""
    path, value, place, words = damage
    with pytest.raises(InvalidData) as refusal:
        _ = DOCUMENTS[name].read(damaged(DOCUMENTS[name].data, path, value))
    assert refusal.value.place == place
    assert str(refusal.value).startswith(f"{place}: {words}")
    assert isinstance(refusal.value, ValueError)


@each_row(
    "data",
    [
        None,
        [],
        "",
        0,
        (),
        {"more": 1},
        *(document.data | {"more": 1} for document in DOCUMENTS.values()),
    ],
)
@each_document
def test_what_is_another_thing_is_refused(name: str, data: object) -> None:
    """Data that are not such a document at all, or have a key too many, are refused as well."""
    assert isinstance(read_or_refused(name, data), InvalidData)


@each_document
def test_no_document_is_read_as_one_of_another_kind(name: str) -> None:
    """Each reader refuses the documents of the others."""
    for other, document in DOCUMENTS.items():
        refused = isinstance(read_or_refused(name, document.data), InvalidData)
        assert refused is (other != name)


@each_row(
    ("name", "path"),
    [(name, path) for name, document in DOCUMENTS.items() for path in paths(document.data)],
)
def test_nothing_else_escapes(name: str, path: Any) -> None:
    """Any value anywhere in the data, or none, is read and comes back, or is `InvalidData`."""
    for value in (*VALUES, *([GONE] if path else [])):
        _ = read_or_refused(name, damaged(DOCUMENTS[name].data, path, value))


@given(data=changed_registries)
def test_random_damage_of_a_registry(data: object) -> None:
    """Random damage is read and comes back, or is `InvalidData`; nothing else escapes."""
    _ = read_or_refused("registry", data)


@given(data=changed_plans)
def test_random_damage_of_a_plan(data: object) -> None:
    """So it is for a plan."""
    _ = read_or_refused("plan", data)


@given(data=changed_policies)
def test_random_damage_of_a_policy(data: object) -> None:
    """So it is for a policy, whatever it is composed of."""
    _ = read_or_refused("policy", data)


@given(data=plain(PARAMETERS))
def test_random_data(data: object) -> None:
    """Data that were never a document are refused; a policy may be as short as a name."""
    _ = read_or_refused("policy", data)
    assert isinstance(read_or_refused("plan", data), InvalidData)
    assert isinstance(read_or_refused("registry", data), InvalidData)
