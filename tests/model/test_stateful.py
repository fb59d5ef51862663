"""Hypothesis tells one story to the library and to the model, and shrinks what they differ in.

Every registry of a story stays in play, so stories fork; each step is a line of Python, so that a
story that fails reads as the code that repeats it.
"""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    multiple,
    rule,
    run_state_machine_as_test,  # pyright: ignore[reportUnknownVariableType]  # half typed
)

from tests.tools.model.answers import check_decisions, check_rules
from tests.tools.model.compare import (
    History,
    check_equality,
    check_facts,
    check_prefix,
    check_value,
)
from tests.tools.model.exhaustive import REGISTRATIONS, RULES, STRATEGIES
from tests.tools.model.worlds import t

LABELS = st.sampled_from([*REGISTRATIONS])
PLACES = st.integers(0, 30)
TIMES = st.sampled_from(["", "", ", at=t(1)", ", at=t(5)", ", at=u(9)", ", at=t(20_000_000)"])
REASONS = st.sampled_from(["", ", reason='slow'", ", reason='errors: 3 %', by='ana'"])
REPLACING = st.sampled_from(["", "", *(f", replacing={label!r}" for label in REGISTRATIONS)])
LEAVING = st.sampled_from(["", *(f", leaving={label!r}" for label in REGISTRATIONS)])
MORE = st.builds("{}{}".format, REASONS, TIMES)
METADATA = st.sampled_from(["'schema': 'B'", "'migration': True", "'auc': 1, 'migration': None"])
NEWS = st.sampled_from(["mark_stable", "mark_failed", "retire", "reinstate", "observe", "undeploy"])
CHOICES = st.sampled_from(
    [
        *STRATEGIES,
        *(f"Pinned({label!r})" for label in REGISTRATIONS),
        "AsOf(t(3))",
        "Previous().where(ServedWithin('2m'), Budget(1, within='5m'))",
        "LastStable().where(ServedAtLeast('1m'))",
    ]
)
COPIES = st.sampled_from(
    [
        "VersionRegistry.replay(r{0}.events)",
        "VersionRegistry.from_dict(r{0}.to_dict())",
        "VersionRegistry().extend(r{0}.events)",
        "pickle.loads(pickle.dumps(r{0}))",
        "copy.deepcopy(r{0})",
    ]
)


class Story(RuleBasedStateMachine):
    """Registries of both sides, each made of an earlier one; after each step they agree."""

    known: Bundle[int] = Bundle("known")

    def __init__(self) -> None:
        super().__init__()
        self.history = History()

    def tell(self, line: str) -> MultipleResults[int]:
        """Tell a line to both sides, and compare what it makes; nothing if both refuse it."""
        made = self.history.run(line)
        if made is None:
            return multiple()
        check_facts(made, [t(minutes) for minutes in (0, 3, 7)])
        return multiple(len(self.history.pairs) - 1)

    @initialize(target=known, labels=st.lists(LABELS, unique=True))
    def begin(self, labels: list[str]) -> MultipleResults[int]:
        """Begin with some versions, or with none."""
        for place, label in enumerate(labels):
            _ = self.tell(f"r{place}.register({label!r}, {REGISTRATIONS[label]})")
        return multiple(len(labels))

    # What happens

    @rule(target=known, base=known, label=LABELS, at=TIMES)
    def register(self, base: int, label: str, at: str) -> MultipleResults[int]:
        """A version becomes known."""
        return self.tell(f"r{base}.register({label!r}, {REGISTRATIONS[label]}{at})")

    @rule(target=known, base=known, label=LABELS, metadata=METADATA, at=TIMES)
    def annotate(self, base: int, label: str, metadata: str, at: str) -> MultipleResults[int]:
        """More becomes known of a version."""
        return self.tell(f"r{base}.annotate({label!r}, {{{metadata}}}{at})")

    @rule(target=known, base=known, label=LABELS, replacing=REPLACING, at=TIMES)
    def deploy(self, base: int, label: str, replacing: str, at: str) -> MultipleResults[int]:
        """A version becomes current."""
        return self.tell(f"r{base}.deploy({label!r}{replacing}{at})")

    @rule(target=known, base=known, news=NEWS, label=LABELS, reason=REASONS, at=TIMES)
    def news(self, base: int, news: str, label: str, reason: str, at: str) -> MultipleResults[int]:
        """There is news of a version."""
        return self.tell(f"r{base}.{news}({label!r}{reason}{at})")

    @rule(target=known, base=known, then=known, choice=CHOICES, leaving=LEAVING, more=MORE)
    def roll_back(
        self, base: int, then: int, choice: str, leaving: str, more: str
    ) -> MultipleResults[int]:
        """A plan is carried out that was made of any registry; then one of this registry, twice."""
        _ = self.tell(f"r{base}.roll_back(({choice}).plan(r{then}{leaving}){more})")
        plan = f"({choice}).plan(r{base}{leaving})"
        _ = self.tell(f"r{base}.roll_back({plan}).roll_back({plan}{more})")
        return self.tell(f"r{base}.roll_back({plan}{more})")

    @rule(target=known, base=known, choice=CHOICES, at=TIMES)
    def recover(self, base: int, choice: str, at: str) -> MultipleResults[int]:
        """What needs it is recovered."""
        return self.tell(f"({choice}).recover(r{base}{at})")

    # What changes nothing, or only the point of view

    @rule(target=known, base=known, place=PLACES)
    def travel(self, base: int, place: int) -> MultipleResults[int]:
        """One goes back in time; if there is no such revision, that is refused."""
        return self.tell(f"r{base}.at_revision({place})")

    @rule(target=known, base=known, minutes=st.integers(0, 10))
    def clock(self, base: int, minutes: int) -> MultipleResults[int]:
        """The clock is set."""
        return self.tell(f"r{base}.with_clock(t({minutes}))")

    @rule(target=known, base=known, way=COPIES)
    def copy(self, base: int, way: str) -> MultipleResults[int]:
        """The registry is made anew."""
        return self.tell(way.format(base))

    # What is asked

    @rule(base=known, choice=CHOICES, condition=st.sampled_from(RULES))
    def decide(self, base: int, choice: str, condition: str) -> None:
        """A strategy answers, alone and under a rule, and so does the rule."""
        pair = self.history.pairs[base]
        _ = check_decisions(pair, [choice, f"({choice}).where({condition})"])
        _ = check_rules(pair, [condition])

    @rule(base=known, other=known, place=PLACES)
    def look(self, base: int, other: int, place: int) -> None:
        """A registry is what it was, what it was at first, and what its copies are."""
        pair = self.history.pairs[base]
        check_facts(pair)
        check_value(pair)
        check_prefix(pair, min(place, pair.model.revision))
        check_equality(pair, self.history.pairs[other])


def test_a_story_is_the_same_on_both_sides() -> None:
    """Whatever happens, and whatever is asked, the library answers as the model does."""
    run_state_machine_as_test(
        Story, settings=settings(max_examples=40, stateful_step_count=30, deadline=None)
    )
