"""Controllers in trouble on real stores, for seconds; and the judge, who must see each breach."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import attrs
import pytest

from lastgood import LastStable, VersionRegistry
from tests.tools.chaos.course import Fate, Kind, Model, Update, faults, models
from tests.tools.chaos.judge import Bad, Line, judged
from tests.tools.chaos.stores import STORES
from tests.tools.deployments.kinds.kind import need

#: Small enough for a test, and with every kind of fate.
SMALL: Final = ["--seed", "1", "--minutes", "1", "--deployments", "24", "--models", "8"]
AT: Final = datetime(2026, 5, 1, tzinfo=UTC)


def chaos(*options: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a person does."""
    return subprocess.run(
        [sys.executable, "-m", "tests.tools.chaos", *SMALL, *options],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.deep
@pytest.mark.parametrize("store", STORES)
def test_controllers_in_trouble(store: str) -> None:
    """Nothing happens that must not, and updates that really fail are rolled back."""
    need(store)
    done = chaos("--store", store)
    assert done.returncode == 0, done.stdout + done.stderr
    printed = dict(line.rsplit(maxsplit=1) for line in done.stdout.splitlines() if line)

    assert {printed[bad.value] for bad in Bad} == {"0"}
    assert int(printed["rollbacks"]) > 0
    assert int(printed["controllers killed"]) > 0
    assert int(printed["answers dropped"]) > 0
    assert done.stdout.splitlines()[-1] == "nothing that must not be"


@pytest.mark.deep
def test_a_world_without_a_fence_is_found_out() -> None:
    """An older decision moves the world: the command says which, with the history, and fails."""
    done = chaos("--store", "sqlite", "--without", "fence", "--deployments", "64", "--models", "16")

    assert done.returncode == 1, done.stdout + done.stderr
    assert "stale moves: model-" in done.stdout
    assert "  world  " in done.stdout
    assert done.stderr.splitlines()[-1].endswith("findings: --store sqlite --seed 1")


@pytest.mark.deep
def test_one_look_is_found_out() -> None:
    """A verdict at the first look meets versions that are healthy, and were coming up."""
    done = chaos("--store", "sqlite", "--without", "looks")

    assert done.returncode == 1, done.stdout + done.stderr
    assert "false verdicts: model-" in done.stdout


@pytest.mark.parametrize("store", STORES)
def test_the_course_depends_on_the_seed_alone(store: str) -> None:
    """The same seed gives the same deployments and faults, and another seed gives others."""
    assert models(1, 100, 10) == models(1, 100, 10) != models(2, 100, 10)
    assert faults(1, store, 600) == faults(1, store, 600) != faults(2, store, 600)


def test_all_kinds_of_faults_come_to_a_cluster() -> None:
    """In ten minutes each of them comes several times; without a cluster there is no leader."""
    assert {fault.kind for fault in faults(1, "etcd", 600)} == {*Kind}
    assert Kind.KILL_LEADER not in {fault.kind for fault in faults(1, "redis", 600)}
    assert sum(len(model.updates) for model in models(1, 1000, 20)) == 1000


def update(label: str, fate: Fate) -> Update:
    """Return an update that becomes what is said."""
    return Update(label, fate, 0.1, 0.1, gone=False, by="ci")


MODEL: Final = Model(
    "m",
    follow=False,
    updates=(update("v0", Fate.HEALTHY), update("v1", Fate.FAILS_LATER)),
)
BEGUN: Final = VersionRegistry().register("v0", at=AT).deploy("v0", at=AT).mark_stable("v0", at=AT)
FAILED: Final = (
    BEGUN.register("v1", at=AT).deploy("v1", at=AT).mark_failed("v1", at=AT, by="monitor")
)
RIGHT: Final = FAILED.observe("v0", at=AT)


@attrs.frozen
class Account:
    """What the judge reads, of a course in which all went well unless something is changed."""

    record: VersionRegistry = RIGHT
    ledger: tuple[Line, ...] = ()
    moves: tuple[Line, ...] = ()

    def breaches(self) -> set[Bad]:
        """Return what the judge finds."""
        ledger = [{"model": "m", "by": "a controller", "at": 1.0, **line} for line in self.ledger]
        moves = [{"model": "m", "do": "serve", "moved": True, **line} for line in self.moves]
        verdict, _ = judged([MODEL], {"m": self.record}, ledger, moves)
        return {finding.bad for finding in verdict.findings}


def move(version: str, revision: int, at: float = 2.0) -> Line:
    """Return a line of the log of the world."""
    return {"version": version, "revision": revision, "at": at}


def acknowledged(registry: VersionRegistry, since: int) -> Line:
    """Return a line of the ledger: what was acknowledged after a revision."""
    return {"before": since, "events": [event.to_dict() for event in registry.events[since:]]}


def again(registry: VersionRegistry) -> VersionRegistry:
    """Return the registry with v1 left a second time."""
    return registry.reinstate("v1", at=AT).deploy("v1", at=AT).mark_failed("v1", at=AT, by="x")


def left(registry: VersionRegistry) -> VersionRegistry:
    """Return the registry after the rollback that its current version needs."""
    return LastStable().recover(registry, at=AT)


BREACHES: Final[dict[Bad, Callable[[], Account]]] = {
    Bad.DUPLICATES: lambda: Account(left(again(left(FAILED)))),
    Bad.LOST: lambda: Account(ledger=(acknowledged(BEGUN.register("v9", at=AT), 3),)),
    Bad.FALSE_VERDICTS: lambda: Account(BEGUN.mark_failed("v0", at=AT)),
    Bad.STALE_MOVES: lambda: Account(moves=(move("v1", 5), move("v0", 2))),
    Bad.KNOWN_BAD: lambda: Account(ledger=(acknowledged(FAILED, 5),), moves=(move("v1", 5),)),
    Bad.LATE: lambda: Account(ledger=({"late": "v1", "what": "it still serves"},)),
    Bad.WRONG_REPORTS: lambda: Account(ledger=({"outcome": "record_behind", "detail": ""},)),
    Bad.CRASHES: lambda: Account(ledger=({"crashed": "ZeroDivisionError"},)),
}


@pytest.mark.parametrize("bad", Bad)
def test_the_judge_sees_each_breach(bad: Bad) -> None:
    """Each column counts what it is named for, and no other does."""
    assert BREACHES[bad]().breaches() == {bad}


def test_the_judge_finds_nothing_where_all_is_well() -> None:
    """One rollback of what really failed, acknowledged, with moves in order; also after a hand."""
    record = left(FAILED)
    moves = (
        move("v0", 2, 1.0),
        move("v1", 5, 1.0),
        {**move("v0", 0, 1.5), "do": "hand", "revision": None},
        move("v1", 5, 2.0),  # put back by the same decision, though it failed meanwhile
        move("v0", 7, 3.0),
        {**move("v1", 5, 4.0), "moved": False},
    )
    whole = acknowledged(record, 0)
    settled = {"outcome": "settled", "detail": ""}

    assert Account(record, (whole, settled), moves).breaches() == set()
