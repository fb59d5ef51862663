"""A controller of many models on real stores: what it reads at once is what it would read alone."""

import re
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Final

import attrs
import pytest
from typing_extensions import override

from docs.examples.driver import run as have
from docs.examples.fleet import Fleet
from lastgood import Event, InvalidData, LastStable, VersionRegistry
from lastgood.control import Load, MarkFailed, Outcome, Seen, Serve, record
from tests.deployments.test_commands import run
from tests.tools.deployments.kinds.kind import kind_of, need
from tests.tools.deployments.kinds.server import own_folder
from tests.tools.deployments.records import Stores

need("postgresql")

from tests.tools.deployments.fleet import Settled, fleet_of

NOTHING: Final = VersionRegistry()
BEGUN: Final = NOTHING.register("v1").deploy("v1").mark_stable("v1").register("v2").deploy("v2")


@attrs.frozen
class Many:
    """Many models on a real server, and a controller of all."""

    stores: Stores
    fleet: Fleet
    world: Settled
    damage: Callable[[str], object]

    def append(self, name: str, after: VersionRegistry, before: VersionRegistry = NOTHING) -> None:
        """Record the news of a registry."""
        news = tuple(after.events[before.revision :])
        assert self.stores(name).append(before.revision, before.fingerprint, news)
        _ = self.world.seen.setdefault(name, Seen("v2", 5))

    def turn(self, *names: str) -> dict[str, Outcome]:
        """Have one turn, and return how each conversation ended."""
        return {name: done.outcome for name, done in self.fleet.turn(names)}


@pytest.fixture(scope="module", params=["postgresql", "etcd"])
def many(request: pytest.FixtureRequest) -> Generator[Many]:
    """A controller of many models on each kind of store that can be read at once."""
    name: str = request.param
    need(name)
    kind, world = kind_of(name), Settled({})
    with (
        own_folder(name) as folder,
        kind.serving(folder) as address,
        kind.opened(address) as stores,
        ExitStack() as stack,
    ):
        fleet = fleet_of(name, address, stores, world, stack)
        yield Many(stores, fleet, world, lambda which: kind.damage(address, which))


def told(news: Mapping[str, Sequence[Event] | InvalidData]) -> dict[str, Sequence[Event]]:
    """Return the answers, each of which must be events."""
    assert not [answer for answer in news.values() if isinstance(answer, InvalidData)]
    return {name: answer for name, answer in news.items() if not isinstance(answer, InvalidData)}


def test_one_turn_for_all(many: Many) -> None:
    """What failed is left, what is in order stays, and each is kept as its record says."""
    names = [f"turn-{number}" for number in range(150)]
    for name in names:
        many.append(name, BEGUN)
    alarm = record(MarkFailed("v2"), NOTHING)
    assert have(alarm, many.stores(names[7])).registry.needs_rollback

    assert many.turn(*names) == dict.fromkeys(names, Outcome.SETTLED)

    assert many.world.seen[names[7]] == Seen("v1", 7)
    assert many.world.seen[names[8]] == Seen("v2", 5)
    for name in names[6:9]:
        events = many.stores(name).load(0, NOTHING.fingerprint)
        assert many.fleet.kept[name] == VersionRegistry.replay(events)


def test_only_news_are_read(many: Many) -> None:
    """The answer to a load that knows the record is what came after, for each name its own."""
    longer = BEGUN.mark_stable("v2").register("v3")
    known, nothing = (Load(each.revision, each.fingerprint) for each in (BEGUN, NOTHING))
    many.append("news-a", longer)
    many.append("news-b", BEGUN)
    wanted = {"news-a": known, "news-b": known, "news-c": nothing, "news-a ": nothing}

    answers = many.fleet.stores.load({**wanted, "news-a": known})

    assert {name: len(events) for name, events in told(answers).items()} == {
        "news-a": 2,
        "news-b": 0,
        "news-c": 0,
        "news-a ": 0,
    }
    assert [*told(answers)["news-a"]] == [*longer.events[5:]]


def test_another_record_is_read_as_a_whole(many: Many) -> None:
    """After a restore the fingerprint is another one: all events are the answer."""
    other = NOTHING.register("w1").deploy("w1").register("w2").deploy("w2").register("w3")
    many.append("other", other)

    answers = many.fleet.stores.load({"other": Load(BEGUN.revision, BEGUN.fingerprint)})

    assert [*told(answers)["other"]] == [*other.events]


def test_a_bad_record_is_nobody_elses_trouble(many: Many) -> None:
    """Damaged or gone, it is reported under its name, and the others go on."""
    for name in ("good-a", "good-b"):
        many.append(name, BEGUN)
    many.fleet.kept["gone"] = BEGUN
    steps = NOTHING.register("v1").deploy("v1")
    many.append("damaged", steps)
    step = steps.mark_stable("v1")
    many.append("damaged", step, steps)
    longest = step.register("v2")
    many.append("damaged", longest, step)
    _ = many.damage("damaged")

    ends = many.turn("good-a", "damaged", "gone", "good-b")

    assert ends == {
        "good-a": Outcome.SETTLED,
        "damaged": Outcome.UNREADABLE,
        "gone": Outcome.UNREADABLE,
        "good-b": Outcome.SETTLED,
    }


@attrs.define
class Down:
    """A world in which nothing new comes up: v1 goes on serving."""

    now: datetime = datetime(2026, 5, 1, tzinfo=UTC)
    revision: int = 2

    def look(self, names: Sequence[str], /) -> dict[str, Seen]:
        """Return what serves."""
        return dict.fromkeys(names, Seen("v1", self.revision))

    def serve(self, _name: str, wanted: Serve, /) -> bool:
        """Take the request."""
        self.revision = wanted.revision
        return True


def test_nothing_is_waited_for(many: Many) -> None:
    """A conversation that waits is put aside, and goes on when it is due: after three looks the
    update that does not come up is left.
    """
    many.append("slow", BEGUN)
    world = Down()
    fleet = Fleet(LastStable(), many.fleet.stores, world, clock=lambda: world.now)

    ends = list[Outcome]()
    for seconds in (0, 1, 30, 1, 60):  # looks after 0, 30 and 90 seconds
        assert not ends
        world.now += timedelta(seconds=seconds)
        ends += [done.outcome for _, done in fleet.turn(["slow"])]

    assert ends == [Outcome.SETTLED]
    assert fleet.kept["slow"].current == "v1"
    assert fleet.kept["slow"]["v2"].status_text.startswith("failed")
    assert not fleet.waiting


class Silent(Down):
    """Stores or worlds that do not answer."""

    @override
    def look(self, names: Sequence[str], /) -> dict[str, Seen]:
        raise ConnectionResetError(len(names))


def test_no_answer_is_no_evidence(many: Many) -> None:
    """If the world does not answer, each conversation waits, and nothing is recorded."""
    many.append("silent", BEGUN)
    fleet = Fleet(LastStable(), many.fleet.stores, Silent())

    assert [*fleet.turn(["silent"])] == []

    assert [*fleet.waiting] == ["silent"]
    assert many.stores("silent").load(5, BEGUN.fingerprint) == ()


@pytest.mark.parametrize("kind", ["postgresql", "etcd"])
def test_what_it_sustains_is_measured(kind: str) -> None:
    """The command prints how many models a second each way keeps, and the weight of a registry."""
    need(kind)
    printed = run("tests.tools.deployments.fleet", kind, "--models", "200", "--events", "60")
    rows = dict(re.findall(r"^(whole histories|news of \w+) +([\d,]+) ", printed, re.MULTILINE))
    assert [*rows] == ["whole histories", "news of each", "news of many"], printed
    assert "a kept registry takes" in printed
