"""The deployments of a GitHub repository become a registry."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from docs.examples.histories import github
from lastgood import InvalidData, LastStable, VersionRegistry
from lastgood.backtest import backtest
from tests.histories.printed import known, printed, served, statuses
from tests.registry.making import untyped
from tests.rows import each_row


def read(**options: Any) -> VersionRegistry:
    """Return the registry of the example."""
    data = printed("github")
    return github.read(data["deployments"], statuses(data), **options)


def told(*states: tuple[str, str]) -> VersionRegistry:
    """Return the registry of these states of commits, each of a deployment of its own."""
    return of([sha for sha, _ in states], *enumerate(state for _, state in states))


def of(commits: Sequence[str], *states: tuple[int, str]) -> VersionRegistry:
    """Return the registry of deployments of these commits, with states one hour after another."""
    deployments = [
        {"id": number, "sha": sha, "created_at": "2026-03-01T00:00:00Z"}
        for number, sha in enumerate(commits)
    ]
    found: dict[int, list[object]] = {}
    for hour, (number, state) in enumerate(states, 1):
        at = f"2026-03-01T{hour:02}:00:00Z"
        found.setdefault(number, []).append({"id": hour, "state": state, "created_at": at})
    return github.read(deployments, found)


def test_a_history() -> None:
    """What reached `success` last serves; a commit that comes again is observed."""
    assert [(label[:4], kind) for label, kind in served(read())] == [
        ("9f1c", "deployed"),
        ("1b2c", "deployed"),
        ("c0ff", "deployed"),
        ("1b2c", "observed"),
    ]


def test_an_incident() -> None:
    """`failure` after `success` fails the commit that serves."""
    (incident,) = backtest(read(soak=timedelta(days=3)), LastStable())
    assert incident.status_text == "failed: p99 latency 900 ms"
    assert incident.verdict is not None
    assert incident.verdict.by == "monitor[bot]"
    assert incident.choices[0].kind == "as_recorded"


def test_nothing_is_known_before_it_was_there() -> None:
    """A commit is registered when its first deployment was made."""
    assert [event.kind for event in told(("a", "success"), ("b", "success")).events][:2] == [
        "registered",
        "registered",
    ]
    first, second, *_ = [event.version[:4] for event in read().events]
    assert (first, second) == ("9f1c", "9f1c")


def test_success_proves_nothing() -> None:
    """Nothing is stable unless you say how long is enough."""
    assert "stable" not in {each.status.value for each in read().values()}


def test_a_failure_before_success() -> None:
    """A commit that never served failed, and what serves stays."""
    registry = told(("a", "success"), ("b", "failure"))
    assert (registry.current, known(registry)["b"]) == ("a", "failed")
    assert not backtest(registry, LastStable())


def test_success_after_failure() -> None:
    """A later deployment of the same commit gives it another chance."""
    registry = told(("a", "success"), ("b", "failure"), ("b", "success"))
    assert (registry.current, known(registry)["b"]) == (
        "b",
        "unproven: a later deployment succeeded",
    )


@each_row("state", sorted(github.NO_NEWS))
def test_what_is_no_news(state: str) -> None:
    """What is on the way changes nothing, and neither does trouble around the deployment."""
    assert told(("a", "success"), ("a", state), ("b", state)).current == "a"


def test_inactive() -> None:
    """It counts only for the deployment that serves."""
    moved = [(0, "success"), (1, "success")]
    assert of("ab", *moved, (0, "inactive")).current == "b"
    assert of("ab", *moved, (0, "inactive"), (1, "inactive")).current is None
    assert of("a", (0, "success"), (0, "inactive"), (0, "inactive")).current is None
    assert of("a", (0, "success"), (0, "inactive"), (0, "success")).current == "a"


def test_the_same_commit_again() -> None:
    """GitHub makes the deployment before inactive, and the commit serves all the same."""
    assert of("aa", (0, "success"), (1, "success"), (0, "inactive")).current == "a"


def test_a_key_of_text() -> None:
    """JSON has only keys of text: they are an error, and not a history without statuses."""
    data = printed("github")
    with pytest.raises(InvalidData, match=r"^statuses\['1004'\]: the key must be a whole number"):
        _ = github.read(data["deployments"], data["statuses"])
    with pytest.raises(InvalidData, match=r"^statuses: must be an object, not list"):
        _ = github.read(data["deployments"], untyped([]))


def test_a_deployment_without_a_status() -> None:
    """Nobody said what became of it: it is registered only."""
    data = printed("github")
    registry = github.read(data["deployments"], {})
    assert (registry.current, len(registry)) == (None, 3)


def test_nothing() -> None:
    """An environment without deployments is an empty registry."""
    assert github.read([], {}) == VersionRegistry()


DEPLOYMENT = {"id": 1, "sha": "a", "created_at": "2026-03-01T00:00:00Z", "environment": "prod"}
STATUS = {"id": 1, "state": "success", "created_at": "2026-03-01T00:00:00Z"}


@each_row(
    ("deployments", "found", "message"),
    [
        ([DEPLOYMENT], [STATUS | {"state": "ok"}], "statuses[1][0].state: unknown state 'ok'"),
        ([DEPLOYMENT], [STATUS | {"created_at": None}], "statuses[1][0].created_at: is missing"),
        ([DEPLOYMENT], [STATUS | {"created_at": "2026-02-01T00:00:00Z"}], "statuses[1][0]: "),
        ([DEPLOYMENT | {"sha": ""}], [], "deployments[0].sha: must be a text"),
        (
            [DEPLOYMENT, DEPLOYMENT | {"id": 2, "environment": "staging"}],
            [],
            "deployments[1].environment: there are several: prod, staging",
        ),
    ],
)
def test_what_cannot_be_read(deployments: object, found: object, message: str) -> None:
    """It is an error that begins with the place."""
    with pytest.raises(InvalidData, match=f"^{re.escape(message)}"):
        _ = github.read(deployments, {1: found})
