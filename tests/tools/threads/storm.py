"""Three storms on shared registries; each result must be the one that a thread alone gets.

1. A seed fixes what the threads do; only the moments at which they are interrupted differ.
2. While a storm goes on nothing is compared: every answer is kept with the question.
3. Afterwards each registry is made anew, by one thread, from the commands that led to it, and each
   question is asked again. Some of the registries are checked against the independent model.
"""

import pickle
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice, pairwise
from random import Random
from typing import Final

from lastgood import (
    BestBy,
    LastgoodError,
    LastStable,
    Pinned,
    Previous,
    PreviousBySemver,
    RollbackStrategy,
    VersionRegistry,
)
from lastgood.rules import Budget, NotAcross
from tests.tools.model.compare import agree, library_facts, model_facts
from tests.tools.model.facts import Event
from tests.tools.model.registry import VersionRegistry as Model
from tests.tools.model.semver import Precedence, precedence, read
from tests.tools.threads.together import together

THREADS: Final = 6
LABELS: Final = ("1.0.0", "1.0.0+b", "v1.1", "1.2.0-rc.1", "1.2.0", "2.0.0", "main", "9f86d08")
DIGESTS: Final = ("sha256:a", "sha256:b", None)
STRATEGIES: Final[tuple[RollbackStrategy, ...]] = (
    LastStable(),
    LastStable(steps=2).where(Budget(2)),
    Previous() | Pinned("main"),
    PreviousBySemver(prereleases=True, unproven=True),
    BestBy("auc"),
    Previous().where(NotAcross("migration")),
)

Answer = Callable[[VersionRegistry], object]


# What threads do


def register(label: str, number: int, registry: VersionRegistry) -> VersionRegistry:
    """Register a version, with contents and metadata that follow from the number."""
    metadata = {"auc": number % 5 / 10, "migration": number % 7 == 0}
    return registry.register(label, metadata=metadata, digest=DIGESTS[number % 3])


def annotate(label: str, number: int, registry: VersionRegistry) -> VersionRegistry:
    """Annotate it."""
    return registry.annotate(label, {"auc": number % 4 / 10, "migration": number % 9 == 0})


def deploy(label: str, _: int, registry: VersionRegistry) -> VersionRegistry:
    """Deploy it."""
    return registry.deploy(label)


def undeploy(label: str, number: int, registry: VersionRegistry) -> VersionRegistry:
    """Deploy it, and take it out of service, perhaps to put it back."""
    stopped = registry.observe(label).undeploy(label)
    return stopped.observe(label) if number % 2 else stopped


def judge(label: str, number: int, registry: VersionRegistry) -> VersionRegistry:
    """Record a verdict on it."""
    verdicts = (
        registry.mark_stable,
        registry.mark_failed,
        registry.retire,
        registry.reinstate,
        registry.mark_stable,
        registry.reinstate,
    )
    return verdicts[number % len(verdicts)](label, reason=f"reason {number % 3}")


def observe(label: str, _: int, registry: VersionRegistry) -> VersionRegistry:
    """Observe that it serves."""
    return registry.observe(label)


def roll_back(label: str, number: int, registry: VersionRegistry) -> VersionRegistry:
    """Put it in service, and leave it for the target of a strategy; twice, as retried jobs do."""
    registry = registry.observe(label)
    plan = STRATEGIES[number % len(STRATEGIES)].plan(registry, leaving=label)
    return registry.roll_back(plan).roll_back(plan)


def recover(_: str, number: int, registry: VersionRegistry) -> VersionRegistry:
    """Go back if that is needed, to the target of a strategy."""
    return STRATEGIES[number % len(STRATEGIES)].recover(registry)


COMMANDS: Final = (
    register,
    annotate,
    deploy,
    deploy,
    undeploy,
    judge,
    judge,
    observe,
    roll_back,
    recover,
)


@dataclass(frozen=True)
class Command:
    """A command with its arguments."""

    do: Callable[[str, int, VersionRegistry], VersionRegistry]
    label: str
    number: int

    def on(self, registry: VersionRegistry) -> VersionRegistry | str:
        """Return the new registry, or the name of its refusal."""
        try:
            return self.do(self.label, self.number, registry)
        except LastgoodError as error:
            return type(error).__name__


def facts(registry: VersionRegistry) -> object:
    """Return the answers of the registry to all questions."""
    return library_facts(registry)


def reviews(registry: VersionRegistry) -> object:
    """Return what all strategies say about every version."""
    if len(registry.deployments) == 0:
        return None
    return [strategy.review(registry) for strategy in STRATEGIES]


def past(registry: VersionRegistry) -> object:
    """Return the answers of a registry of its past."""
    before = registry.at_revision(registry.revision // 2)
    return library_facts(before), before.fingerprint, hash(before)


def value(registry: VersionRegistry) -> object:
    """Return facts about it as a value."""
    twin = pickle.loads(pickle.dumps(registry))
    same = (twin == registry, hash(twin) == hash(registry), twin.fingerprint)
    return same, registry.fingerprint, repr(registry), len(registry.events)


def document(registry: VersionRegistry) -> object:
    """Return it as plain data, read and written again."""
    return VersionRegistry.from_dict(registry.to_dict()).to_dict()


def catching_up(registry: VersionRegistry) -> object:
    """Return the facts of an earlier registry that takes in the events since."""
    early = registry.at_revision(registry.revision * 2 // 3)
    return facts(early.extend(registry.events[early.revision :]))


QUESTIONS: Final[tuple[Answer, ...]] = (facts, reviews, past, value, document, catching_up)


# Trees: every thread extends, forks and reads what any of them made


@dataclass(frozen=True)
class Node:
    """A registry, and the command that made it of another one."""

    registry: VersionRegistry
    parent: "Node | None" = None
    command: Command | None = None

    def path(self) -> list[Command]:
        """Return the commands that lead to it from the empty registry."""
        commands: list[Command] = []
        node = self
        while node.parent is not None and node.command is not None:
            commands.append(node.command)
            node = node.parent
        return commands[::-1]


@dataclass
class Log:
    """What one thread did, to be done again."""

    random: Random
    made: list[Node] = field(default_factory=list[Node])
    refused: list[tuple[Node, Command, str]] = field(
        default_factory=list[tuple[Node, Command, str]]
    )
    answers: list[tuple[Node, Answer, object]] = field(
        default_factory=list[tuple[Node, Answer, object]]
    )


def work(log: Log, pool: list[Node], steps: int) -> None:
    """Take this number of steps on registries of the pool, mostly on the newest ones."""
    random = log.random
    for _ in range(steps):
        newest = len(pool) - 1
        oldest = max(0, newest - 8) if random.random() < 0.8 else 0
        node = pool[random.randint(oldest, newest)]
        if random.random() < 0.3:
            question = random.choice(QUESTIONS)
            log.answers.append((node, question, question(node.registry)))
            continue
        command = Command(random.choice(COMMANDS), random.choice(LABELS), random.randrange(210))
        result = command.on(node.registry)
        if isinstance(result, str):
            log.refused.append((node, command, result))
        else:
            made = Node(result, node, command)
            log.made.append(made)
            pool.append(made)


def tree(seed: int, *, steps: int = 120) -> Counter[str]:
    """Let threads extend, fork and read the registries of each other; then check all of it."""
    pool = [Node(VersionRegistry())]
    for label, number in zip(LABELS[:5], range(5), strict=True):
        for do in (register, deploy):
            command = Command(do, label, number)
            pool.append(Node(command.do(label, number, pool[-1].registry), pool[-1], command))
    logs = [Log(Random(f"{seed} {thread}")) for thread in range(THREADS)]  # noqa: S311
    together([partial(work, log, pool, steps) for log in logs])
    for log in logs:
        check(log)
    return Counter(
        registries=sum(len(log.made) for log in logs),
        refusals=sum(len(log.refused) for log in logs),
        answers=sum(len(log.answers) for log in logs),
    )


def check(log: Log) -> None:
    """Repeat in one thread what several did."""
    for place, node in enumerate(log.made):
        again = alone(node)
        assert node.registry == again
        assert hash(node.registry) == hash(again)
        same(node, facts(node.registry), facts(again))
        if place % 16 == 0:
            check_model(node)
    for node, command, name in log.refused:
        same(node, name, command.on(alone(node)))
    for node, question, answer in log.answers:
        same(node, answer, question(alone(node)))


def alone(node: Node) -> VersionRegistry:
    """Return the registry that the same commands make in one thread."""
    registry = VersionRegistry()
    for command in node.path():
        registry = command.do(command.label, command.number, registry)
    return registry


def check_model(node: Node) -> None:
    """Check a registry against the model of the same events."""
    events = [Event.from_dict(event.to_dict()) for event in node.registry.events]
    lines = [repr(event) for event in events]
    agree(lines, library_facts(node.registry), model_facts(Model.replay(events)))


def same(node: Node, answer: object, again: object) -> None:
    """Fail if one thread alone gets another answer."""
    assert answer == again, f"after {node.path()}:\n  together {answer}\n  alone    {again}"


# Duels: all threads extend the same registry at the same moment


def duel(seed: int, *, rounds: int = 25) -> Counter[str]:
    """Let all threads extend one registry at once, several times; each gets its own."""
    random = Random(seed)  # noqa: S311
    registry = VersionRegistry().register("0").deploy("0")
    for number in range(rounds):
        made: dict[str, list[VersionRegistry]] = {f"{number}.{n}": [] for n in range(THREADS)}
        together([partial(extend, registry, label, into) for label, into in made.items()])
        for label, steps in made.items():
            for before, after in pairwise((registry, *steps)):
                assert after.events[:-1] == before.events
                assert after.at_revision(before.revision) == before
            assert steps[-1] == VersionRegistry.replay(steps[-1].events)
            assert list(steps[-1])[len(registry) :] == [label, f"{label}-next"]
            assert steps[-1].current == label
        registry = random.choice(random.choice([*made.values()]))
    return Counter(registries=rounds * THREADS * 3, duels=rounds)


def extend(registry: VersionRegistry, label: str, into: list[VersionRegistry]) -> None:
    """Extend a registry three times, and keep each of the three."""
    for command in (
        partial(VersionRegistry.register, version=label),
        partial(VersionRegistry.deploy, version=label),
        partial(VersionRegistry.register, version=f"{label}-next"),
    ):
        registry = command(registry)
        into.append(registry)


# Orders: readers bring the SemVer order up to date while writers register


@dataclass(frozen=True)
class Seen:
    """The versions that a reader saw below another one, and how many were asked for."""

    registry: VersionRegistry
    label: str
    most: int | None
    below: list[str]


def order(seed: int, *, versions: int = 300) -> Counter[str]:
    """Let readers ask for lower versions while writers register; then check all answers."""
    random = Random(seed)  # noqa: S311
    numbers = random.sample(range(1, 8 * versions), versions)
    labels = [f"{number // 100}.{number // 10 % 10}.{number % 10}" for number in numbers]
    shared = [VersionRegistry().register("0.0.0").deploy("0.0.0").mark_stable("0.0.0")]
    seen: list[list[Seen]] = [[] for _ in range(THREADS - 2)]

    def write(labels: Sequence[str]) -> None:
        for label in labels:
            shared.append(shared[-1].register(label))

    def look(into: list[Seen], chance: Random) -> None:
        while len(shared) <= versions or len(into) < 20:
            registry = shared[-1] if chance.random() < 0.7 else chance.choice(shared)
            label = chance.choice(list(registry))
            most = chance.choice((1, 1, 1, 20, None))
            found = islice(registry.below_in_semver(label), most)
            into.append(Seen(registry, label, most, [version.label for version in found]))

    writers = [partial(write, labels[writer::2]) for writer in range(2)]
    readers = [
        partial(look, into, Random(f"{seed} {reader}"))  # noqa: S311
        for reader, into in enumerate(seen)
    ]
    together([*writers, *readers])
    for answers in seen:
        for answer in answers:
            assert answer.below == below(answer.registry, answer.label, answer.most), answer
    for registry in shared[:: versions // 10]:
        known = [event.version for event in registry.events if event.kind == "registered"]
        assert list(registry) == known
        newest = registry.register("9999").deploy("9999")
        chosen = PreviousBySemver(unproven=True).plan(newest, leaving="9999")
        assert [chosen.target] == below(registry, None, 1)
    return Counter(registries=versions, answers=sum(map(len, seen)))


def below(registry: VersionRegistry, label: str | None, most: int | None) -> list[str]:
    """Return the versions below another one, or all of them, by looking at every version."""
    known = [(key_of(other), place, other) for place, other in enumerate(registry)]
    lower = known if label is None else [each for each in known if each[0] < key_of(label)]
    return [other for _, _, other in sorted(lower, reverse=True)[:most]]


def key_of(label: str) -> Precedence:
    """Return the precedence of a label as the model has it."""
    semver = read(label)
    assert semver is not None, "these labels are versions"
    return precedence(semver)


STORMS: Final[Sequence[Callable[[int], Counter[str]]]] = (tree, duel, order)
