"""Labels, metadata and digests are given in the same way to every function of the kit."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from lastgood import InvalidLabel, InvalidMetadata, InvalidText, LastStable
from lastgood.testing import check_choice, check_strategy, registries, small_registries


def yielded(**options: Any) -> object:
    """Return the first of the small registries."""
    return next(small_registries(**options))


def checked(**options: Any) -> object:
    """Check a strategy."""
    return check_strategy(LastStable(), **options)


def compared(**options: Any) -> object:
    """Compare a strategy with an oracle."""
    return check_choice(LastStable(), lambda registry: None, **options)  # noqa: ARG005


each_function: Final = pytest.mark.parametrize(
    "function", [yielded, checked, compared, registries], ids=lambda one: one.__name__
)


@each_function
@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        (
            {"labels": "v1"},
            TypeError,
            "labels must be a list of labels, not 'v1': write labels=['v1']",
        ),
        (
            {"labels": ["v1", "v2", "v1"]},
            ValueError,
            "labels must be distinct, not repeated: 'v1'",
        ),
        (
            {"metadata": {"auc": 1}},
            TypeError,
            "metadata must be a list of alternatives, not a mapping: write metadata=[{...}, ...]",
        ),
        (
            {"digests": "sha256:a"},
            TypeError,
            "digests must be a list of digests, not 'sha256:a': write digests=['sha256:a']",
        ),
    ],
    ids=["labels", "twice", "metadata", "digests"],
)
def test_alternatives_are_lists(
    function: Callable[..., object], options: Any, error: type[Exception], words: str
) -> None:
    """A single alternative, and a label that is repeated, are refused, with what to write."""
    with pytest.raises(error) as refusal:
        _ = function(**options)
    assert str(refusal.value) == words


@each_function
@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"labels": [""]}, InvalidLabel),
        ({"labels": [7]}, TypeError),
        ({"metadata": [{"auc": float("nan")}]}, InvalidMetadata),
        ({"digests": [""]}, InvalidText),
    ],
    ids=["empty label", "number", "metadata", "digest"],
)
def test_alternatives_are_those_of_a_registry(
    function: Callable[..., object], options: Any, error: type[Exception]
) -> None:
    """What no version can be called or registered with is refused as by `register`."""
    with pytest.raises(error):
        _ = function(**options)
