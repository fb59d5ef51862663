"""One run: everything is started, troubled, left alone, and judged."""

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import Final

import attrs

from lastgood import Status, VersionRegistry
from tests.tools.chaos import controller, proxy, world
from tests.tools.chaos.course import faults, models
from tests.tools.chaos.jobs import MINUTE, Job, serves
from tests.tools.chaos.judge import Case, Verdict, judged, lines
from tests.tools.chaos.ledger import Ledger
from tests.tools.chaos.stores import Reopened, Service, begun, prepare
from tests.tools.chaos.trouble import Running, Team, Trouble
from tests.tools.deployments.kinds.server import PATIENCE, free_port, own_folder

#: The odds of a request through the proxy: it is lost, its answer is, it is late, its answer is.
_ODDS: Final = (0.02, 0.03, 0.03, 0.03)
#: A connection to a database has many requests.
_ODDS_OF_MANY: Final = (0.002, 0.003, 0.003, 0.003)
#: How likely all requests of a connection are repeated.
_REPEATS: Final = 0.1


@attrs.frozen
class Trial:
    """What is tried.

    Args:
        store: The kind of store.
        seed: What the course is made from.
        deployments: How many.
        minutes: After how many minutes it ends in any case.
        controllers: How many controllers there are.
        width: On how many models the deployments are made, side by side.
        fence: Whether the world compares revisions.
        looks: How many looks it takes for a verdict.
    """

    store: str
    seed: int
    deployments: int
    minutes: float
    controllers: int = 3
    width: int = 20
    fence: bool = True
    looks: int = 3


@attrs.frozen
class Result:
    """What came of it."""

    verdict: Verdict
    cases: dict[str, Case]
    counts: Counter[str]
    seconds: float


def run(trial: Trial) -> Result:
    """Run a trial to its end."""
    with own_folder(f"chaos-{trial.store}") as folder:
        service = begun(trial.store, folder)
        try:
            _until(lambda: prepare(service.place))
            return _troubled(trial, folder, service)
        finally:
            for server in service.servers:
                server.kill()
                server.disk.unmount()


def _troubled(trial: Trial, folder: Path, service: Service) -> Result:
    """Have all deployments made under trouble, and judge."""
    course = models(trial.seed, trial.deployments, trial.width)
    ledger, log, counts = (folder / name for name in ("ledger", "moves", "counts"))
    direct, through = free_port(), free_port()
    routes = [proxy.Route(through, direct, _ODDS, _REPEATS)]
    single = trial.store == "etcd"  # each request has a connection of its own
    for port in service.place.ports:
        odds = _ODDS if single else _ODDS_OF_MANY
        routes.append(proxy.Route(free_port(), port, odds, _REPEATS))
    place = attrs.evolve(service.place, ports=tuple(route.listen for route in routes[1:]))
    clocks = [folder / f"clock-{number}" for number in range(trial.controllers)]
    starts = Counter[int]()

    def start(number: int) -> Running:
        starts[number] += 1
        return _process(
            controller.run,
            controller.Settings(
                models=course,
                place=place,
                world=through,
                ledger=Ledger(ledger, f"controller-{number}"),
                clock=clocks[number],
                looks=trial.looks,
                seed=f"{trial.seed} {number} {starts[number]}",
            ),
        )

    over, jobs_over = Flag(), Flag()
    jobs = [
        Job(model, place, world.Remote(direct, model.name), Ledger(ledger, "jobs"), jobs_over)
        for model in course
    ]
    team = Team(start, clocks)
    started = time.monotonic()
    with (
        _beside(world.run, course, fence=trial.fence, port=direct, log=log) as moved,
        _beside(proxy.run, tuple(routes), seed=trial.seed, counts=counts) as between,
    ):
        _until(jobs[0].world.look)
        for clock in clocks:
            _ = clock.write_text("0", "utf-8")
        try:
            team.running.extend(map(start, range(trial.controllers)))
            trouble = Trouble(
                faults(trial.seed, trial.store, trial.minutes * 60),
                team,
                service,
                moved,
                lambda target: _by_hand(jobs[target % len(jobs)], target),
                Ledger(ledger, "the trouble"),
            )
            troubling = Thread(target=trouble.work, args=[over], daemon=True)
            working = [Thread(target=job.work, daemon=True) for job in jobs]
            for thread in (troubling, *working):
                thread.start()
            until = started + trial.minutes * 60
            for thread in working:
                thread.join(max(0.0, until - time.monotonic()))
            jobs_over.set()
            for thread in working:
                thread.join()
            os.kill(between.pid, signal.SIGUSR1)
            over.set()
            troubling.join()
            seconds = time.monotonic() - started
            records = _settled(service, jobs, Ledger(ledger, "the end"))
        finally:
            over.set()
            jobs_over.set()
            for running in team.running:
                if running is not None:
                    running.kill()
    with suppress(FileNotFoundError):
        trouble.counts.update(json.loads(counts.read_text("utf-8")))
    verdict, cases = judged(course, records, lines(ledger), lines(log))
    return Result(verdict, cases, trouble.counts, seconds)


def _by_hand(job: Job, target: int) -> bool:
    """Move the world of a model to a version that proved good; return whether there is one."""
    registry = job.registry
    good = [version.label for version in registry.values() if version.status is Status.STABLE]
    if not good:
        return False
    try:
        job.world.hand(good[target // 7 % len(good)])
    except OSError:
        return False
    return True


def _settled(service: Service, jobs: list[Job], ledger: Ledger) -> dict[str, VersionRegistry]:
    """Wait until the world serves what the record says; return the records."""
    stores = Reopened(service.place)
    records: dict[str, VersionRegistry] = {}
    until = time.monotonic() + MINUTE
    for job in jobs:
        while True:
            name = job.model.name
            record, current = VersionRegistry(), None
            with suppress(*service.place.not_known):
                record = VersionRegistry.replay(stores.load(name, 0, record.fingerprint))
                records[name], current = record, job.world.look()
            if (
                current is not None
                and serves(job.model, record, current)
                and not record.needs_rollback
            ):
                break
            if time.monotonic() > until:
                ledger.late(name, str(record.current), "the world does not settle in the end")
                _ = records.setdefault(name, record)
                break
            time.sleep(0.2)
    stores.close()
    return records


def _process(work: Callable[..., None], *arguments: object, **keywords: object) -> Running:
    """Run something in a process of its own."""
    process = get_context("spawn").Process(
        target=work, args=arguments, kwargs=keywords, daemon=True
    )
    process.start()
    assert process.pid is not None

    def kill() -> None:
        process.kill()
        process.join(PATIENCE)

    return Running(process.pid, process.is_alive, kill)


@contextmanager
def _beside(
    work: Callable[..., None], *arguments: object, **keywords: object
) -> Generator[Running]:
    """Run something in a process of its own, and kill it in the end."""
    running = _process(work, *arguments, **keywords)
    try:
        yield running
    finally:
        running.kill()


def _until(ready: Callable[[], object]) -> None:
    """Wait until something answers."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            _ = ready()
        except Exception:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return
