"""What random histories are made of: labels, values, times, and how likely each is."""

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from tests.tools.model.compare import History, Pair
from tests.tools.model.facts import Facts
from tests.tools.model.worlds import t

LABELS = (
    "1.0.0", "1.0.0+b", "v1.0.0", "1", "1.0", "1.0.1", "1.2.0-rc.1", "1.2.0-rc.9", "1.2.0-rc.10",
    "1.2.0-alpha", "1.2.0", "v1.10.0", "1.9.0", "2.0.0-rc.1", "2.0.0", "2.0.0+x.1", "010.1", "V7",
    "2024.05.01", "main", "9f86d081", "1.2.3.4", "release-1.2.3", "1.2.3rc1", "é", "canary 2",
    "99999999999999999999.0.0", "99999999999999999998.0.0",
)  # fmt: skip
METADATA = {
    "auc": (
        "0.5", "0.7", "0.9", "1", "1.0", "-3", "2**53", "2.0**53", "2**53 + 1", "3.1e20", "1e300",
        "True", "'0.9'",
    ),
    "schema": ("'A'", "'A'", "'B'", "None", "3"),
    "migration": ("True", "True", "False", "'yes'", "0", "None"),
}  # fmt: skip
DIGESTS = ("'sha256:a'", "'sha256:b'", "'sha256:c'")
REASONS = ("''", "'slow'", "'p99 latency 900 ms'", "'errors: 3 %'")
PEOPLE = ("''", "'ana'", "'monitor/p99'")

#: A clock that is wrong: a time in the year 2062.
FAR = 20_000_000


@dataclass
class Walk:
    """One random history, and what is likely in it."""

    random: Random
    history: History = field(default_factory=History)
    labels: list[str] = field(default_factory=list[str])
    #: Probabilities of a digest, of a time, of an out of order one, and of continuing an older
    #: registry.
    digested: float = 0.0
    timed: float = 0.0
    disordered: float = 0.0
    forking: float = 0.0
    #: How many times are still to be wrong, by decades.
    wrong: int = 0
    now: int = 0
    base: int = 0

    def __post_init__(self) -> None:
        self.labels = self.random.sample(LABELS, self.random.randint(3, 12))
        self.digested = self.random.choice((0.0, 0.2, 0.7, 1.0))
        self.timed = self.random.choice((0.0, 0.5, 0.9, 1.0))
        self.disordered = self.random.choice((0.0, 0.0, 0.2))
        self.forking = self.random.choice((0.0, 0.1, 0.3))
        self.wrong = self.random.choice((0, 0, 0, 1))

    # The registry to continue

    def choose(self) -> None:
        """Choose which registry to continue: mostly the newest, else a recent one, seldom any."""
        self.base = len(self.history.pairs) - 1
        if self.is_likely(self.forking):
            oldest = 0 if self.is_likely(0.1) else max(0, self.base - 5)
            self.base = self.random.randint(oldest, self.base)

    @property
    def pair(self) -> Pair:
        """The registry to continue."""
        return self.history.pairs[self.base]

    @property
    def facts(self) -> Facts:
        """What the model knows of it."""
        return self.pair.model.facts

    def any_base(self) -> int:
        """Which registry an old plan was made of: mostly a recent one."""
        if self.is_likely(0.7):
            return self.random.randint(max(0, self.base - 4), self.base)
        return self.random.randint(0, len(self.history.pairs) - 1)

    # Arguments

    def is_likely(self, probability: float) -> bool:
        """Decide by chance."""
        return self.random.random() < probability

    def label(self) -> str:
        """A label, mostly a registered one."""
        known = list(self.facts.versions)
        return repr(self.random.choice(known if known and self.is_likely(0.98) else self.labels))

    def label_with(self, *statuses: str) -> str:
        """A label, mostly one with such a status."""
        found = [v.label for v in self.facts.versions.values() if v.status in statuses]
        return repr(self.random.choice(found)) if found and self.is_likely(0.8) else self.label()

    def last(self, likely: float) -> str:
        """What serves or served last; any label with the other probability."""
        last = self.facts.last
        return repr(last) if last is not None and self.is_likely(likely) else self.label()

    def leaving(self, base: int) -> str:
        """The argument of `plan` that names what is to be left, mostly rightly."""
        last = self.history.pairs[base].model.facts.last
        if last is None or self.is_likely(0.1):
            return self.random.choice(("", f", leaving={self.label()}"))
        return f", leaving={last!r}"

    def metadata(self, least: int) -> str:
        """Some metadata, as code."""
        keys = [key for key in METADATA if self.is_likely(0.5)]
        keys = keys if len(keys) >= least else [self.random.choice(list(METADATA))]
        return ", ".join(f"{key!r}: {self.random.choice(METADATA[key])}" for key in keys)

    def more(self) -> str:
        """The arguments that every command has: a reason, who says so, and a time."""
        given = f", reason={self.random.choice(REASONS)}" if self.is_likely(0.6) else ""
        given += f", by={self.random.choice(PEOPLE)}" if self.is_likely(0.2) else ""
        return given + (f", at={self.time()}" if self.is_likely(self.timed) else "")

    def time(self) -> str:
        """A later time, in some zone; now and then an earlier one, or one of another decade."""
        self.now += self.random.choice((0, 1, 7, 40))
        minutes = self.now
        if self.is_likely(self.disordered):
            minutes -= self.random.randint(0, 90)
        if self.wrong and self.is_likely(0.1):
            self.wrong -= 1
            minutes += FAR
        return f"{self.random.choice('ttu')}({minutes})"

    def some_time(self) -> int:
        """A time to ask about: one that was recorded, or any."""
        told = [event.at for event in self.pair.model.events if event.at is not None]
        if told and self.is_likely(0.5):
            since = self.random.choice(told) - t(0)
            return since // timedelta(minutes=1) + self.random.choice((-1, 0, 0, 1))
        return self.random.randint(-5, self.now + 5)
