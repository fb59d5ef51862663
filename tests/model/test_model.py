"""The library compared with the independent model of its contract (`tests.tools.model`)."""

import sys
from collections.abc import Iterator
from functools import partial
from itertools import product
from random import Random

import pytest

import lastgood
from lastgood import SemVer, VersionRegistry
from tests.rows import each_row
from tests.tools.model.answers import check_decisions, check_rules
from tests.tools.model.campaign import campaign
from tests.tools.model.compare import (
    History,
    agree_on_refusal,
    check_equality,
    check_facts,
    library_facts,
    model_facts,
    outcome,
)
from tests.tools.model.exhaustive import REGISTRATIONS, RULES, STRATEGIES, Search
from tests.tools.model.faults import broken, found_after
from tests.tools.model.refusals import Refused
from tests.tools.model.registry import VersionRegistry as Model
from tests.tools.model.semver import precedence, read
from tests.tools.model.slips import FAULTS, KINDS, Fault
from tests.tools.model.walks import LABELS
from tests.tools.model.worlds import in_library, in_model

#: The modules that know nothing of the library.
MODEL = ("advice", "decisions", "durations", "effects", "facts", "plans", "refusals", "registry",
         "retention", "rules", "semver", "strategies", "times")  # fmt: skip
VALUES = ("None", "True", "False", "1", "1.0", "0", "-0.0", "2**53", "2.0**53", "2**53 + 1", "'1'")
CODE = sorted({*STRATEGIES, *RULES})
#: Durations and times as text, and the text that their reprs have.
TEXTS = {
    "ServedWithin('90s')": "ServedWithin('90s')",
    "ServedWithin('2m')": "ServedWithin('2m')",
    "ServedWithin('60m')": "ServedWithin('1h')",
    "ServedWithin('1d')": "ServedWithin('24h')",
    "ServedAtLeast('36h')": "ServedAtLeast('1d12h')",
    "ServedAtLeast('1.5s')": "ServedAtLeast('1.5s')",
    "ServedAtLeast(timedelta(0))": "ServedAtLeast('0s')",
    "ServedAtLeast(timedelta(days=7, microseconds=1))": "ServedAtLeast('7d0.000001s')",
    "Budget(2, within=timedelta(minutes=90))": "Budget(2, within='1h30m')",
    "AsOf('2026-05-01T14:00:00+02:00')": "AsOf('2026-05-01T12:00:00+00:00')",
}


@pytest.mark.parametrize(
    ("labels", "depth"),
    [
        (("1.0.0", "main"), 4),
        (("1.0.0", "1.0.0+b", "2.0.0-rc.1"), 3),
        (tuple(REGISTRATIONS), 2),
        pytest.param(("1.0.0", "main"), 7, marks=pytest.mark.deep),
        pytest.param(("1.0.0", "1.0.0+b", "2.0.0-rc.1"), 5, marks=pytest.mark.deep),
        pytest.param(tuple(REGISTRATIONS), 4, marks=pytest.mark.deep),
    ],
)
def test_short_histories(labels: tuple[str, ...], depth: int) -> None:
    """In every state that few commands over few labels reach, all answers are the model's.

    Decisions are compared in every second state here; `python -m tests.tools.model.exhaustive` does
    it in every one.
    """
    counts = Search(labels, stride=2).run(depth)
    assert 0 < counts["refusals"] < counts["commands"]
    assert counts["decisions"] > 0


@pytest.mark.deep
def test_short_histories_with_every_continuation() -> None:
    """After every history of four commands over three labels, all answers are the model's."""
    counts = Search(tuple(REGISTRATIONS)[1:], every=True, stride=2).run(4)
    assert 0 < counts["refusals"] < counts["commands"]
    assert counts["decisions"] > 0


@pytest.mark.parametrize(
    ("seed", "events"),
    [
        (20240501, 150),
        pytest.param(20240501, 450, marks=pytest.mark.deep),
        pytest.param(20240502, 5_000, marks=pytest.mark.deep),
    ],
)
def test_long_random_histories(seed: int, events: int) -> None:
    """Along random histories with forks, times, and refusals, all answers are the model's."""
    counts = campaign(seed=seed, events=events)
    assert 0 < counts["refusals"] < counts["commands"]
    assert counts["decisions"] > 0


def test_a_fault_is_found() -> None:
    """If library and model differ, a random history tells, and soon."""
    found = found_after(FAULTS[0], seed=1, events=500)
    assert found is not None
    assert found < 500


@each_row("fault", FAULTS)
def test_a_fault_can_be_put_in(fault: Fault) -> None:
    """Each fault of `tests.tools.model.faults` is one that the model could have."""
    assert fault.wrong in broken(fault)
    _ = compile(broken(fault), fault.module, "exec")


def test_faults_of_every_kind() -> None:
    """There are faults of every kind that the contract was written against."""
    assert {fault.kind for fault in FAULTS} == set(KINDS)


@pytest.mark.parametrize("seed", range(2))
def test_the_order_by_precedence_while_it_grows(seed: int) -> None:
    """While many versions are registered and deployed, the order of old and new is the model's."""
    random, history = Random(seed), History()  # noqa: S311 (to repeat, not to hide)
    cores = [f"{n % 5}.{n // 5 % 4}.{n // 20}" for n in range(40)]
    labels = [core + suffix for core in cores for suffix in ("", "-rc.1", "+b")]
    for label in random.sample(labels, len(labels)):
        newest = len(history.pairs) - 1
        base = random.randint(0, newest) if random.random() < 0.05 else newest
        made = history.run(f"r{base}.register({label!r})")
        if random.random() < 0.3:
            known = random.choice(list(history.pairs[-1].model))
            made = history.run(f"r{len(history.pairs) - 1}.deploy({known!r})")
        for pair in (made, random.choice(history.pairs)):
            if pair is not None and random.random() < 0.3:
                check_facts(pair)


@each_row("value", VALUES)
@each_row("other", VALUES)
def test_every_two_values_of_metadata(value: str, other: str) -> None:
    """Rules and registries tell two values of metadata apart, or not, as in the model."""
    history = History()
    for line in (
        f"r0.register('1', metadata={{'key': {value}}})",
        f"r0.register('1', metadata={{'key': {other}}})",
        f"r1.register('2', metadata={{'key': {other}}}).mark_stable('1').deploy('2')",
    ):
        assert history.run(line) is not None
    _, one, same_label, both = history.pairs
    check_equality(one, same_label)
    rules = ("SameMetadata('key')", f"HasMetadata('key', {other})", "NotAcross('key')")
    assert check_rules(both, rules) > 0
    assert check_decisions(both, ("BestBy('key')", "BestBy('key', lowest=True)")) > 0


@each_row("code", CODE)
def test_the_repr_is_the_code(code: str) -> None:
    """A strategy or rule prints as the code that makes it, on both sides."""
    assert repr(in_library(code)) == code
    assert repr(in_model(code)) == code


@each_row(("code", "text"), TEXTS.items())
def test_the_repr_has_one_text_for_equal_durations(code: str, text: str) -> None:
    """Durations and times print as one text, on both sides, whatever they were made from."""
    assert repr(in_library(code)) == text
    assert repr(in_model(code)) == text


def small_tables() -> Iterator[dict[str, str]]:
    """Yield every table of up to three versions, good or not."""
    statuses = ("unproven", "stable", "failed", "retired", "rolled_back", "great")
    for length in range(4):
        for row in product(statuses, repeat=length):
            yield dict(zip("123", row, strict=False))


@each_row("current", [None, "1", "2", "3", "4"])
def test_every_small_table_of_statuses(current: str | None) -> None:
    """`from_statuses` reads every table of up to three versions as the model does."""
    for table in small_tables():
        library = outcome(partial(VersionRegistry.from_statuses, table, current=current))
        model = outcome(partial(Model.from_statuses, table, current=current))
        agree_on_refusal((f"from_statuses({table}, current={current!r})",), library, model)
        if not isinstance(model, Refused):
            theirs, ours = library_facts(library), model_facts(model)
            for question in ("versions", "current", "lineage", "deployments", "below", "clock"):
                assert theirs[question] == ours[question], (table, current, question)


def test_every_short_label() -> None:
    """Every label of up to six characters is read as SemVer, or not, as in the model."""
    for length in range(1, 7):
        for characters in product("v10.-+a", repeat=length):
            label = "".join(characters)
            theirs, ours = SemVer.from_label(label), read(label)
            assert (theirs is None) == (ours is None), label
            if theirs is not None and ours is not None:
                numbers = (int(ours.major), int(ours.minor), int(ours.patch))
                assert (theirs.major, theirs.minor, theirs.patch) == numbers, label
                assert (theirs.prerelease, theirs.build) == (ours.prerelease, ours.build), label
                assert str(theirs) == label


def versions_of_every_kind() -> Iterator[str]:
    """Yield texts that are hard to order, some of them longer than a label may be."""
    parts = ("0", "1", "10", "a", "A", "-", "a1", "1a", "0.a", "1.1", "a.0", "alpha.10", "alpha.9")
    yield from (f"{core}-{part}" for core in ("1.0.0", "1.0.10", "1.1.0") for part in parts)
    yield from ("0.0.0", "1.0.0+1", "1.0.0-a+1", "1.0.9", "9.0.0", "10.0.0")
    yield from (f"{digit * length}.0.0" for digit in "19" for length in (2, 9, 10, 11, 99, 100))
    yield from (f"1.0.0-{'9' * length}" for length in (2, 26, 27, 93, 94, 127, 128, 255, 256, 5000))
    yield from (label for label in LABELS if read(label) is not None)


def test_precedence_of_all_pairs() -> None:
    """Versions of every kind are ordered by precedence as in the model."""
    keys = {text: precedence(ours) for text in versions_of_every_kind() if (ours := read(text))}
    known = {text: found for text in keys if (found := SemVer.from_label(text)) is not None}
    assert keys.keys() == known.keys()
    for a, b in product(keys, repeat=2):
        one, other = known[a], known[b]
        theirs = (one < other, one <= other, one > other, one >= other, one == other)
        x, y = keys[a], keys[b]
        assert theirs == (x < y, x <= y, x > y, x >= y, x == y), (a, b)


def test_the_model_is_independent() -> None:
    """No module of the model itself reads the library."""
    for name in MODEL:
        values = list(vars(sys.modules[f"tests.tools.model.{name}"]).values())
        assert lastgood not in values
        modules = [getattr(value, "__module__", None) or "" for value in values]
        assert not any(module.startswith("lastgood") for module in modules)
