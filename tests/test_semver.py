"""`SemVer`: the specification of Semantic Versioning 2.0.0, and what labels are read as."""

import copy
import operator
import pickle
from collections.abc import Callable
from functools import total_ordering
from itertools import combinations, pairwise, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from lastgood import InvalidSemVer, LastgoodError, SemVer
from tests.rows import each_row

parse = SemVer.parse

VALID = [
    # The smallest, and ordinary ones.
    "0.0.0",
    "0.0.1",
    "1.2.3",
    "10.20.30",
    "999.999.999",
    # Numbers of any length.
    "1.2.18446744073709551616",
    f"{'9' * 30}.{'8' * 30}.{'7' * 30}",
    # Pre-releases: numbers, words, and both.
    "1.0.0-0",
    "1.0.0-1",
    "1.0.0-a",
    "1.0.0-Z",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.1.0.beta",
    "1.0.0-0.0.0",
    "1.0.0-rc1",
    "1.0.0-1rc",
    "1.0.0-0a",
    "1.0.0-00a",
    "1.0.0-01-02",
    "1.0.0-x.7.z.92",
    # Hyphens are letters in identifiers.
    "1.0.0--",
    "1.0.0---",
    "1.0.0--1",
    "1.0.0-0-0",
    "1.0.0-a-b.c-d",
    "1.0.0-x-y-z.--",
    "1.0.0-1-",
    # Build metadata, where leading zeros mean nothing.
    "1.0.0+0",
    "1.0.0+00",
    "1.0.0+001.002",
    "1.0.0+20130313144700",
    "1.0.0+a.B.c",
    "1.0.0+-",
    "1.0.0+21AF26D3---117B344092BD",
    # Both: the first plus sign ends the pre-release, and a hyphen after it begins none.
    "1.0.0-alpha+001",
    "1.0.0-rc.1+build.5",
    "1.0.0-0+0",
    "1.0.0+a-b",
    "1.0.0--+-",
]

INVALID = [
    # Not three numbers.
    "",
    "1",
    "1.2",
    "1.2.",
    ".1.2",
    "1..2",
    "1.2.3.4",
    "1.2.3.",
    "1,2,3",
    "1.2-3",
    "1.2-alpha",
    "1.2+build",
    "alpha",
    "alpha.1.2",
    # Not numbers.
    "a.b.c",
    "1.x.0",
    "1.2.*",
    "-1.0.0",
    "1.-2.0",
    "+1.0.0",
    "1.2.0x3",
    "1.2.3e4",
    "1_0.0.0",
    # Leading zeros.
    "01.0.0",
    "1.01.0",
    "1.0.01",
    "00.0.0",
    "1.0.0-00",
    "1.0.0-01",
    "1.0.0-alpha.007",
    "1.0.0-0.01.0",
    # Empty identifiers.
    "1.0.0-",
    "1.0.0+",
    "1.0.0-+",
    "1.0.0-+build",
    "1.0.0-alpha+",
    "1.0.0-.",
    "1.0.0-alpha.",
    "1.0.0-.alpha",
    "1.0.0-alpha..1",
    "1.0.0+.",
    "1.0.0+build.",
    "1.0.0+build..1",
    "1.0.0+.build",
    # Letters that are none here.
    "1.0.0-alpha_1",
    "1.0.0-a b",
    "1.0.0-ä",
    "1.0.0+ä",
    "1.0.0+a_b",
    "1.0.0+a+b",
    "1.0.0-a+b+c",
    "1.0.0-!",
    "1.0.0/1",
    # Something before or after.
    "v1.2.3",
    "V1.2.3",
    "=1.2.3",
    " 1.2.3",
    "1.2.3 ",
    "1. 2.3",
    "1.2.3\n",
    "\n1.2.3",
    "1.2.3\x00",
    "1.2.3\r\n",
    "1.2.3-rc.1\n",
    "1.2.3+b\n",
    "1.2.3rc1",
    "1.2.3alpha",
    # Digits of other scripts.
    "\u0661.\u0662.\u0663",
    "1.2.\u0663",
    "\uff11.\uff12.\uff13",
    "1.0.0-rc.\uff11",
    "1.0.0-\xb2",
    "1.0.0+\u0661",
    # Lone surrogates.
    "1.0.0-\ud800",
    "\udfff1.0.0",
]

#: Clause 11 of the specification, and what follows from it, from the lowest to the highest.
PRECEDENCE = [
    "0.0.0-0",
    "0.0.0",
    "0.0.1",
    "0.0.10",
    "0.1.0",
    "0.10.0",
    "1.0.0--",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.1-0",
    "1.0.1-0.0",
    "1.0.1-0.a",
    "1.0.1-1",
    "1.0.1-2",
    "1.0.1-9",
    "1.0.1-10",
    "1.0.1-99",
    "1.0.1-100",
    "1.0.1-18446744073709551616",
    "1.0.1--",
    "1.0.1---",
    "1.0.1--a",
    "1.0.1-0a",
    "1.0.1-1-",
    "1.0.1-10a",
    "1.0.1-1a",
    "1.0.1-9a",
    "1.0.1-A",
    "1.0.1-A.z",
    "1.0.1-A-",
    "1.0.1-AA",
    "1.0.1-B",
    "1.0.1-Z",
    "1.0.1-a",
    "1.0.1-a.0",
    "1.0.1-a.0.0",
    "1.0.1-a.1",
    "1.0.1-a.1.0",
    "1.0.1-a.10",
    "1.0.1-a.-",
    "1.0.1-a.a",
    "1.0.1-a-",
    "1.0.1-a-.0",
    "1.0.1-a-b",
    "1.0.1-a0",
    "1.0.1-a10",
    "1.0.1-a9",
    "1.0.1-aa",
    "1.0.1-rc.9",
    "1.0.1-rc.10",
    "1.0.1-rc10",
    "1.0.1-rc9",
    "1.0.1",
    "1.2.0",
    "1.10.0",
    "2.0.0",
    "2.0.255",
    "2.0.256",
    "10.0.0",
    "10.0.18446744073709551616",
    "18446744073709551616.0.0",
]

LENIENT = {
    "v1.2.3": "1.2.3",
    "V1.2.3": "1.2.3",
    "1": "1.0.0",
    "v1": "1.0.0",
    "7": "7.0.0",
    "0": "0.0.0",
    "1.2": "1.2.0",
    "v1.2": "1.2.0",
    "01.2.3": "1.2.3",
    "1.002.0003": "1.2.3",
    "000": "0.0.0",
    "2024.05.01": "2024.5.1",
    "20240501": "20240501.0.0",
    "v0010": "10.0.0",
    "1.2-rc.1": "1.2.0-rc.1",
    "1.2+build.5": "1.2.0+build.5",
    "1.2-rc.1+build.5": "1.2.0-rc.1+build.5",
    "v1.2.3-rc.1+build.5": "1.2.3-rc.1+build.5",
    "01.02-0+00": "1.2.0-0+00",
    "9086718": "9086718.0.0",
}

NO_VERSION = [
    # Not how labels of versions begin.
    "vv1.0.0",
    "v",
    "v.1",
    "v 1.0",
    "v-1.0",
    "ver1.0",
    "version1.0",
    "r1.0",
    "=1.0",
    "release-1.2.3",
    "model-v1.2.3",
    # Four numbers, or other things than numbers.
    "1.2.3.4",
    "1.2.3.4-rc.1",
    "1.2.x",
    "1.2.",
    "1.",
    ".1",
    # One number takes no pre-release and no build.
    "1-rc.1",
    "1+build",
    "v1-alpha",
    "2024-05-01",
    "20240501-1",
    # Pre-release and build stay strict.
    "1.2-01",
    "1.2.3-01",
    "1.2.3-",
    "1.2.3+",
    "1.2-rc..1",
    "1.2.3rc1",
    "1.2rc1",
    "1.2.3.rc1",
    "1.2.3_1",
    "1.2.3-a_b",
    # Names, and hashes with letters.
    "latest",
    "nightly",
    "9f86d08",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "sha256:9f86d0",
    "deadbeef",
    "1e10",
    # White space, line ends, and digits of other scripts.
    " 1.0",
    "1.0 ",
    "1.0\n",
    "v1\n",
    "1 .0",
    "",
    "\u0661",
    "v\uff11.2",
    "v1.\xb2",
    "v1.0-\ud800",
    "🚀1.0",
]


# Reading strictly


@each_row("text", VALID)
def test_a_strict_version_is_read(text: str) -> None:
    """What the grammar of the specification generates is read, and given back as it was."""
    assert str(parse(text)) == text


@each_row("text", INVALID)
def test_what_is_no_strict_version_is_refused(text: str) -> None:
    """What the grammar does not generate is refused."""
    with pytest.raises(InvalidSemVer):
        _ = parse(text)


def test_a_refusal_is_a_value_error_that_quotes() -> None:
    """The error is one of the library and a `ValueError`, and shows the text as Python does."""
    with pytest.raises(ValueError, match=r"'1\.2\\n'") as refusal:
        _ = parse("1.2\n")
    assert isinstance(refusal.value, LastgoodError)


@each_row("wrong", [1, 1.2, None, b"1.2.3", (1, 2, 3), parse("1.2.3")])
def test_a_version_is_read_from_a_str(wrong: Any) -> None:
    """Something else than a `str` is a `TypeError` in both readings."""
    with pytest.raises(TypeError):
        _ = parse(wrong)
    with pytest.raises(TypeError):
        _ = SemVer.from_label(wrong)


def test_a_text_of_ones_own_type_is_read_as_what_it_says() -> None:
    """A subclass of `str` is read by its characters, and nothing else of it is kept."""

    class Loud(str):
        __slots__ = ()

        @override
        def __str__(self) -> str:
            return "LOUD"

    assert type(str(parse(Loud("1.2.3")))) is str
    assert str(parse(Loud("1.2.3"))) == "1.2.3"


def test_a_version_is_not_made_by_calling() -> None:
    """A version is read, so that it is always a valid one."""
    make: Any = SemVer
    for arguments in ((), ("1.2.3",), (1, 2, 3)):
        with pytest.raises(TypeError):
            _ = make(*arguments)


# Reading labels


@each_row("text", VALID)
def test_a_strict_version_is_read_from_a_label(text: str) -> None:
    """What is a strict version is that version as a label."""
    read = SemVer.from_label(text)
    assert read == parse(text)
    assert str(read) == text


@each_row(("label", "meant"), LENIENT.items())
def test_a_label_is_read_leniently(label: str, meant: str) -> None:
    """One leading v, one to three numbers, and leading zeros in them, are read."""
    read, strict = SemVer.from_label(label), parse(meant)
    assert read is not None
    assert read == strict
    assert (read.major, read.minor, read.patch) == (strict.major, strict.minor, strict.patch)
    assert (read.prerelease, read.build) == (strict.prerelease, strict.build)


@each_row("label", LENIENT)
def test_a_lenient_label_is_given_back(label: str) -> None:
    """The text of a label is given back as it was, not in the strict form."""
    assert str(SemVer.from_label(label)) == label


@each_row("label", LENIENT)
def test_a_lenient_label_is_no_strict_version(label: str) -> None:
    """What only labels may be is refused where a strict version is wanted."""
    with pytest.raises(InvalidSemVer):
        _ = parse(label)


@each_row("label", NO_VERSION)
def test_a_label_that_is_no_version(label: str) -> None:
    """Beyond that nothing is guessed: such a label is no version."""
    assert SemVer.from_label(label) is None


# Parts


def test_the_parts_of_a_version() -> None:
    """The numbers are whole numbers, the identifiers texts, in order."""
    version = parse("1.20.300-rc.1.x-y+build.007")
    assert (version.major, version.minor, version.patch) == (1, 20, 300)
    assert version.prerelease == ("rc", "1", "x-y")
    assert version.build == ("build", "007")


def test_a_release_has_no_other_parts() -> None:
    """Without pre-release and build the tuples are empty."""
    assert parse("1.2.3").prerelease == ()
    assert parse("1.2.3").build == ()


def test_a_hyphen_in_the_build_begins_no_prerelease() -> None:
    """What comes after the plus sign is build metadata."""
    assert parse("1.2.3+a-b").prerelease == ()
    assert parse("1.2.3+a-b").build == ("a-b",)


def test_long_numbers_are_whole() -> None:
    """Numbers are not cut to what a machine word holds."""
    assert parse("1.2.18446744073709551616").patch == 2**64


# Order


def test_precedence() -> None:
    """Clause 11: all four comparisons agree with the order of the list, in both directions."""
    for low, high in combinations(map(parse, PRECEDENCE), 2):
        assert low < high
        assert low <= high
        assert high > low
        assert high >= low
        assert low != high
        assert not low > high
        assert not low >= high
        assert not high < low
        assert not high <= low


@each_row(
    ("compare", "below", "same", "above"),
    [
        (operator.lt, True, False, False),
        (operator.le, True, True, False),
        (operator.gt, False, False, True),
        (operator.ge, False, True, True),
        (operator.eq, False, True, False),
        (operator.ne, True, False, True),
    ],
)
def test_the_first_comparison(
    *, compare: Callable[[object, object], bool], below: bool, same: bool, above: bool
) -> None:
    """A version that was never compared before compares as any other one, either side."""
    low, high = "1.0.0-rc.9", "1.0.0-rc.10"
    assert compare(parse(low), parse(high)) is below
    assert compare(parse(low), parse(low)) is same
    assert compare(parse(high), parse(low)) is above
    used = parse(low)
    assert used == parse(low)
    assert compare(used, parse(high)) is below
    assert compare(used, parse(low)) is same
    assert compare(parse(high), used) is above


def test_sorting() -> None:
    """Sorting puts versions in the order of precedence."""
    shuffled = sorted(PRECEDENCE, key=lambda text: text[::-1])
    assert [str(version) for version in sorted(map(parse, shuffled))] == PRECEDENCE


@pytest.mark.parametrize("text", ["1.0.0", "1.0.0-rc.1", "0.0.0-0"])
def test_build_metadata_is_ignored(text: str) -> None:
    """Clause 10: versions that differ only in build metadata have the same precedence."""
    plain, built, other = parse(text), parse(f"{text}+1"), parse(f"{text}+z.9")
    for one, two in product((plain, built, other), repeat=2):
        assert one == two
        assert hash(one) == hash(two)
        assert one <= two
        assert one >= two
        assert not one < two
        assert not one > two


@each_row(("label", "meant"), LENIENT.items())
def test_equal_readings_are_one_value(label: str, meant: str) -> None:
    """A version read from a label and the strict one find each other in a set."""
    assert len({SemVer.from_label(label), parse(meant)}) == 1


def test_labels_are_ordered_by_what_they_mean() -> None:
    """Lenient and strict versions stand in one order."""
    labels = ["v0.9", "1.0-rc.1", "01", "1.0.1", "v1.9", "1.10", "2", "v10"]
    for low, high in pairwise(SemVer.from_label(label) for label in labels):
        assert low is not None
        assert high is not None
        assert low < high


@each_row("stranger", ["1.2.3", b"1.2.3", 1, 1.2, None, (1, 2, 3), SemVer])
def test_comparing_with_a_stranger(stranger: Any) -> None:
    """A version is not equal to anything else, has no order with it, and does not parse it."""
    version: Any = parse("1.2.3")
    assert version != stranger
    assert not version == stranger  # noqa: SIM201  # both operators are asked
    for name in ("__eq__", "__lt__", "__le__", "__gt__", "__ge__"):
        assert getattr(version, name)(stranger) is NotImplemented
    for compare in (operator.lt, operator.le, operator.gt, operator.ge):
        with pytest.raises(TypeError):
            _ = compare(version, stranger)


def test_a_stranger_may_know_better() -> None:
    """Another type may define how it compares with a version."""

    @total_ordering
    class Everything:
        @override
        def __eq__(self, other: object) -> bool:
            return True

        @override
        def __hash__(self) -> int:
            return 0

        def __lt__(self, other: object) -> bool:
            return True

    everything: Any = Everything()
    assert parse("1.2.3") == everything
    assert parse("1.2.3") > everything


# As a value


@pytest.mark.parametrize("text", ["1.2.3", "1.2.3-rc.1+b", "v1.2", "007"])
def test_a_version_prints_as_the_code_that_reads_it(text: str) -> None:
    """The repr of a version reads the same text again."""
    version = SemVer.from_label(text)
    again = eval(repr(version), {"SemVer": SemVer})  # noqa: S307  # our own repr
    assert (again, str(again)) == (version, text)


@pytest.mark.parametrize("text", ["1.2.3", "1.2.3-rc.1+b", "v1.2", "007"])
def test_a_version_survives_copies(text: str) -> None:
    """Copies and pickles are equal, and keep the text, also before anything was compared."""
    version = SemVer.from_label(text)
    copies: list[Any] = [copy.copy(version), copy.deepcopy(version)]
    copies += [pickle.loads(pickle.dumps(version, protocol)) for protocol in range(2, 6)]
    for copied in copies:
        assert type(copied) is SemVer
        assert str(copied) == text
        assert copied == version
        assert hash(copied) == hash(version)


@pytest.mark.parametrize("name", ["major", "prerelease", "another"])
def test_a_version_is_frozen(name: str) -> None:
    """No attribute of a version can be set, deleted, or added."""
    version = parse("1.2.3")
    with pytest.raises(AttributeError):
        setattr(version, name, 2)
    with pytest.raises(AttributeError):
        delattr(version, name)
    assert str(version) == "1.2.3"


# Laws

NUMBERS = st.one_of(st.integers(0, 12), st.integers(0, 10**25)).map(str)
WORDS = st.text("019aAzZ-", min_size=1, max_size=3).filter(lambda word: not word.isdecimal())
PRERELEASES = st.lists(NUMBERS | WORDS, min_size=1, max_size=4).map(".".join)
BUILDS = st.lists(st.text("019aZ-", min_size=1, max_size=3), min_size=1, max_size=3).map(".".join)
CORES = st.tuples(NUMBERS, NUMBERS, NUMBERS).map(".".join)
NEAR = st.sampled_from(["0.0.0", "1.0.0", "1.0.1", "1.0.10", "1.0.9"])


@st.composite
def strict_texts(draw: st.DrawFn) -> str:
    """Return a strict version; many of them differ in their pre-release only."""
    text = draw(NEAR | CORES)
    if draw(st.booleans()):
        text += "-" + draw(PRERELEASES)
    if draw(st.booleans()):
        text += "+" + draw(BUILDS)
    return text


def naive(text: str) -> tuple[object, ...]:
    """Return the precedence of a strict version as clause 11 tells it, with tuples and `int`."""
    version, _, _ = text.partition("+")
    core, hyphen, prerelease = version.partition("-")
    numbers = tuple(int(number) for number in core.split("."))
    if not hyphen:
        return (numbers, 1)
    identifiers = tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, part) for part in prerelease.split(".")
    )
    return (numbers, 0, identifiers)


@given(strict_texts(), strict_texts())
def test_order_agrees_with_a_naive_one(one: str, other: str) -> None:
    """Any two versions compare as the naive tuples of clause 11 do."""
    a, b = parse(one), parse(other)
    naive_a, naive_b = naive(one), naive(other)
    assert (a < b) == (naive_a < naive_b)
    assert (a <= b) == (naive_a <= naive_b)
    assert (a > b) == (naive_a > naive_b)
    assert (a >= b) == (naive_a >= naive_b)
    assert (a == b) == (naive_a == naive_b)
    assert (a != b) == (naive_a != naive_b)


@given(strict_texts(), strict_texts())
def test_equal_versions_have_equal_hashes(one: str, other: str) -> None:
    """The hash agrees with equality."""
    a, b = parse(one), parse(other)
    assert (a != b) or (hash(a) == hash(b))


@given(st.lists(strict_texts(), max_size=12))
def test_sorting_agrees_with_a_naive_one(texts: list[str]) -> None:
    """Sorting is stable, and agrees with the naive one."""
    assert [str(version) for version in sorted(map(parse, texts))] == sorted(texts, key=naive)


@given(strict_texts(), strict_texts(), strict_texts())
def test_the_order_is_total(one: str, other: str, third: str) -> None:
    """Exactly one of less, equal and greater holds, and the order is transitive."""
    a, b, c = sorted((parse(one), parse(other), parse(third)))
    assert [a < b, a == b, a > b].count(True) == 1
    assert a <= b <= c
    assert a <= c


@given(strict_texts())
def test_the_text_is_given_back(text: str) -> None:
    """Reading the text of a version gives the version with the same text again."""
    version = parse(text)
    assert str(version) == text
    assert parse(str(version)) == version


@given(strict_texts())
def test_the_lenient_reading_of_a_strict_text_is_the_strict_one(text: str) -> None:
    """As a label a strict version means what it means everywhere."""
    read, version = SemVer.from_label(text), parse(text)
    assert read == version
    assert read is not None
    assert (read.major, read.minor, read.patch) == (version.major, version.minor, version.patch)
    assert (read.prerelease, read.build) == (version.prerelease, version.build)


@given(strict_texts())
def test_the_parts_make_the_text(text: str) -> None:
    """Nothing of a strict version is lost in its parts."""
    version = parse(text)
    again = f"{version.major}.{version.minor}.{version.patch}"
    again += "-" + ".".join(version.prerelease) if version.prerelease else ""
    again += "+" + ".".join(version.build) if version.build else ""
    assert again == text


@given(st.text("v01.-+a \n\u0661", max_size=12) | st.text(max_size=12))
def test_both_readings_answer_any_text(text: str) -> None:
    """Any text is a version or is not: no other error, and no strict version that is no label."""
    read = SemVer.from_label(text)
    try:
        version = parse(text)
    except InvalidSemVer:
        version = None
    assert read is None or str(read) == text
    assert version is None or version == read


def test_a_capital_v_is_left_out() -> None:
    """The `V` before a version is no part of its numbers, and so not of its precedence."""
    capital, small = SemVer.from_label("V1.2"), SemVer.from_label("v1.2")
    assert capital is not None
    assert (capital.major, capital.minor, capital.patch) == (1, 2, 0)
    assert capital == small == SemVer.parse("1.2.0")
