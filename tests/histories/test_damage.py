"""Whatever is wrong with what a tool printed is `InvalidData`, and nothing else."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from docs.examples.histories import argo_cd, github, helm, kubernetes, mlflow, nomad, tags
from lastgood import InvalidData, VersionRegistry
from tests.damage.parts import GONE, damaged
from tests.histories.printed import printed, statuses
from tests.rows import each_row

#: What may stand where something else is expected.
ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 10**30, 1.5, float("nan"), "", "x", "\ud800", "a" * 300, "9" * 5000),
    *([], [1], [[]], {}, {"x": 1}, "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"),
)

#: For each tool what it prints, and how that is read.
READERS: dict[str, tuple[Any, Callable[[Any], VersionRegistry]]] = {
    "helm": (printed("helm"), helm.read),
    "kubernetes": (
        [printed("kubernetes"), printed("kubernetes_deployment")],
        lambda data: kubernetes.read(*data),
    ),
    "controller revisions": (
        {
            "items": [
                {
                    "metadata": {"name": "a", "creationTimestamp": "2026-03-02T09:12:44Z"},
                    "data": {"spec": {"template": {"spec": {"containers": [{"image": "b"}]}}}},
                    "revision": 1,
                }
            ]
        },
        kubernetes.read_controller_revisions,
    ),
    "argo_cd": (printed("argo_cd"), argo_cd.read),
    "nomad": (
        [printed("nomad"), printed("nomad_deployments")],
        lambda data: nomad.read(*data),
    ),
    "github": (
        [printed("github")["deployments"], statuses(printed("github"))],
        lambda data: github.read(*data),
    ),
    "tags": (
        [printed("etcd")["tags"], printed("etcd")["statements"]],
        lambda data: tags.read(*data),
    ),
    "mlflow": (
        [printed("mlflow"), printed("mlflow_model"), printed("mlflow_webhooks")],
        lambda data: mlflow.read(*data),
    ),
}


def places(data: Any, *path: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value inside."""
    keys: list[Any] = [*data] if hasattr(data, "keys") else [*range(len(data))]
    for key in keys:
        yield (*path, key)
        if isinstance(data[key], dict | list):
            yield from places(data[key], *path, key)


def refusal(read: Callable[[Any], VersionRegistry], data: Any) -> str | None:
    """Return the place that an error names; `None` if the data can be read."""
    try:
        _ = read(data)
    except InvalidData as error:
        return error.place
    return None


def inside(name: str) -> list[tuple[Any, ...]]:
    """Return the paths of all values of a tool; GitHub's two parts are arguments of their own."""
    found = places(READERS[name][0])
    return [path for path in found if name != "github" or len(path) > 1]


@each_row("name", READERS)
def test_damage_is_invalid_data(name: str) -> None:
    """Any value may be replaced by any other: it is read, or it is an error with a place."""
    data, read = READERS[name]
    refused = [refusal(read, damaged(data, path, odd)) for path in inside(name) for odd in ODD]
    assert len(refused) > 100
    assert refused.count(None) < len(refused)
    assert "" not in refused


@each_row("name", READERS)
def test_a_missing_key_is_invalid_data(name: str) -> None:
    """Any key may be missing."""
    data, read = READERS[name]
    keys = [path for path in inside(name) if isinstance(path[-1], str)]
    assert "" not in [refusal(read, damaged(data, path, GONE)) for path in keys]


@each_row("name", READERS)
def test_reading_changes_nothing(name: str) -> None:
    """The data stays as it is, and gives the same registry again."""
    data, read = READERS[name]
    before = json.dumps(data)
    assert read(data) == read(data)
    assert json.dumps(data) == before
    assert VersionRegistry.from_dict(read(data).to_dict()).events == read(data).events
