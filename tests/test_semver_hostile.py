"""`SemVer` and hostile input: it is refused or handled, in linear time."""

import gc
from collections.abc import Callable
from time import perf_counter_ns

import pytest

from lastgood import InvalidSemVer, SemVer
from tests.rows import each_row

LONG = 100_000

#: Texts of about so many characters that are strict versions.
VERSIONS: dict[str, Callable[[int], str]] = {
    "long major": lambda n: "9" * n + ".0.0",
    "long minor": lambda n: "0." + "9" * n + ".0",
    "long patch": lambda n: "0.0." + "9" * n,
    "long word": lambda n: "1.0.0-" + "a" * n,
    "long number": lambda n: "1.0.0-" + "9" * n,
    "long digits and a letter": lambda n: "1.0.0-" + "0" * n + "a",
    "hyphens": lambda n: "1.0.0-" + "-" * n,
    "many words": lambda n: "1.0.0-" + "a." * (n // 2) + "a",
    "many numbers": lambda n: "1.0.0-" + "0." * (n // 2) + "0",
    "long build": lambda n: "1.0.0+" + "0" * n,
    "many builds": lambda n: "1.0.0+" + "0." * (n // 2) + "0",
    "everything": lambda n: "1.0.0-" + "a.1-." * (n // 10) + "a+" + "0.b" * (n // 6),
}

#: Texts of about so many characters that only labels may be.
LABELS: dict[str, Callable[[int], str]] = {
    "zeros": lambda n: "0" * n,
    "leading zeros": lambda n: "v" + "0" * n + "1.2",
    "one long number": lambda n: "9" * n,
}

#: Texts of about so many characters that are no versions, though they begin as one.
REFUSED: dict[str, Callable[[int], str]] = {
    "trailing line end": lambda n: "9" * n + ".0.0\n",
    "trailing line end after a word": lambda n: "1.0.0-" + "a" * n + "\n",
    "trailing line end after words": lambda n: "1.0.0-" + "a." * (n // 2) + "a\n",
    "Arabic digits": lambda n: "1.0." + "\u0663" * n,
    "Arabic digits in a prerelease": lambda n: "1.0.0-" + "a" * n + "\u0663",
    "a lone surrogate": lambda n: "1.0.0-" + "a" * n + "\ud800",
    "lone surrogates": lambda n: "\udfff" * n,
    "many dots": lambda n: "1." * (n // 2),
    "only dots": lambda n: "." * n,
    "only hyphens": lambda n: "-" * n,
    "only letters v": lambda n: "v" * n,
    "an empty identifier": lambda n: "1.0.0-" + "a." * (n // 2),
    "an empty identifier among digits": lambda n: "1.0.0-" + "1" * n + "..1",
    "a leading zero at the end": lambda n: "1.0.0-" + "1." * (n // 2) + "01",
    "a second plus sign": lambda n: "1.0.0-" + "a" * (n // 2) + "+" + "b" * (n // 2) + "+",
    "spaces": lambda n: " " * n + "1.0.0",
    "null characters": lambda n: "1.0.0" + "\0" * n,
    "emoji": lambda n: "🚀" * n,
    "digits and a letter": lambda n: "1" * n + "a",
}

READABLE = VERSIONS | LABELS


@each_row("text", VERSIONS.values())
def test_a_long_version_is_read(text: Callable[[int], str]) -> None:
    """A version of a hundred thousand characters is one, in both readings."""
    long = text(LONG)
    assert str(SemVer.parse(long)) == long
    assert SemVer.from_label(long) == SemVer.parse(long)


@pytest.mark.parametrize("text", LABELS.values(), ids=LABELS)
def test_a_long_label_is_read(text: Callable[[int], str]) -> None:
    """A label of a hundred thousand characters may be a version, though no strict one."""
    long = text(LONG)
    assert str(SemVer.from_label(long)) == long
    with pytest.raises(InvalidSemVer):
        _ = SemVer.parse(long)


@each_row("text", REFUSED.values())
def test_a_long_text_that_is_no_version_is_refused(text: Callable[[int], str]) -> None:
    """What is no version is refused in both readings, and the message stays short."""
    long = text(LONG)
    assert SemVer.from_label(long) is None
    with pytest.raises(InvalidSemVer) as refusal:
        _ = SemVer.parse(long)
    assert len(str(refusal.value)) < 1000


@each_row("text", READABLE.values())
def test_long_versions_are_compared(text: Callable[[int], str]) -> None:
    """Long versions are ordered, hashed and shown as short ones are."""
    version, same = SemVer.from_label(text(LONG)), SemVer.from_label(text(LONG))
    assert version is not None
    assert same is not None
    assert version == same
    assert hash(version) == hash(same)
    assert version <= same
    assert not version < same
    assert (version < SemVer.parse("0.0.0-0")) is False
    assert repr(version)


#: Lengths around everything that could make a number special on its way through a machine.
LENGTHS = sorted(
    {
        length + offset
        for length in (1, 10, 100, 128, 256, 1000, 4300, 8192, 55_296, 57_344, 65_536, LONG)
        for offset in (-1, 0, 1)
        if length + offset > 0
    }
    | {9, 19, 20, 40, 80, 126, 129, 999, 4000, 4096, 10_000, 0xCFFF, 0xD000, 0xD001, 0xFFFE}
)


def shuffled(versions: list[SemVer]) -> list[SemVer]:
    """Return the versions in another order: every third one, from each of three beginnings."""
    return versions[2::3] + versions[1::3] + versions[::3]


@each_row("place", ["{}.0.0", "0.{}.0", "0.0.{}", "0.0.0-{}", "0.0.0-a.{}"])
def test_numbers_of_any_length_are_in_order(place: str) -> None:
    """The longer number is the greater one, and of equal length the digits decide."""
    ordered: list[SemVer] = []
    for length in LENGTHS:
        numbers = ("1" + "0" * (length - 1), "5" * length, "9" * length)
        ordered += [SemVer.parse(place.format(number)) for number in numbers]
    assert sorted(shuffled(ordered)) == ordered
    assert len(set(ordered)) == len(ordered)


def test_leading_zeros_of_any_length_mean_nothing() -> None:
    """A label may have any number of zeros before a number."""
    assert SemVer.from_label("0" * LONG + "7") == SemVer.parse("7.0.0")
    assert SemVer.from_label("0" * LONG) == SemVer.parse("0.0.0")


@each_row("digits", [4299, 4300, 4301, 8000, 8001, 20_000])
def test_parts_of_any_length_are_whole_numbers(digits: int) -> None:
    """Where `int` refuses to read so many digits, the parts are whole numbers all the same."""
    version = SemVer.parse(f"1.{'9' * digits}.{'1' + '0' * digits}")
    assert version.minor == 10**digits - 1
    assert version.patch == 10**digits


@pytest.mark.parametrize("count", [1000, 50_000])
def test_many_identifiers_are_compared(count: int) -> None:
    """The last of many identifiers decides, and the version with more of them is higher."""
    many = ".".join(["1"] * count)
    lower, higher = SemVer.parse(f"1.0.0-{many}.9"), SemVer.parse(f"1.0.0-{many}.10")
    assert lower < higher
    assert SemVer.parse(f"1.0.0-{many}") < lower


# Linear time: the work for a text and for one sixteen times as long, taken turn by turn in one
# process until it is in proportion. Linear is 16 and quadratic 256; the bound is in between, and
# the best of many turns is nowhere near it, however busy the machine.

SHORT, FACTOR, BOUND, TURNS = 4_000, 16, 64, 50


def in_proportion(texts: dict[int, str], read: Callable[[str], object]) -> bool:
    """Whether reading the longer text takes longer about in proportion to its length."""
    best = dict.fromkeys(texts, 2**62)
    gc.disable()
    try:
        for _ in range(TURNS):
            for length, text in texts.items():
                repetitions = 4 * max(texts) // length
                start = perf_counter_ns()
                for _ in range(repetitions):
                    _ = read(text)
                best[length] = min(best[length], (perf_counter_ns() - start) // repetitions)
            if best[SHORT * FACTOR] < BOUND * best[SHORT]:
                return True
    finally:
        gc.enable()
    return False


def parsed(text: str) -> SemVer | None:
    """Read a text strictly and, where it is a version, make use of its precedence."""
    try:
        version = SemVer.parse(text)
    except InvalidSemVer:
        return None
    _ = hash(version)
    return version


def labelled(text: str) -> SemVer | None:
    """Read a text as a label and, where it is a version, make use of its precedence."""
    version = SemVer.from_label(text)
    _ = hash(version)
    return version


@each_row("read", [parsed, labelled])
@each_row("text", (READABLE | REFUSED).values())
def test_time_is_linear(text: Callable[[int], str], read: Callable[[str], object]) -> None:
    """A text that is longer takes longer in proportion, whether it is a version or not."""
    texts = {length: text(length) for length in (SHORT, SHORT * FACTOR)}
    assert in_proportion(texts, read)


@each_row("text", VERSIONS.values())
def test_comparing_is_linear(text: Callable[[int], str]) -> None:
    """Versions that are longer take longer to compare in proportion."""
    pairs = {
        length: (SemVer.parse(text(length)), SemVer.parse(text(length)))
        for length in (SHORT, SHORT * FACTOR)
    }
    texts = {length: str(length) for length in pairs}
    assert in_proportion(texts, lambda length: pairs[int(length)][0] <= pairs[int(length)][1])


def test_reading_the_numbers_is_bounded() -> None:
    """To compare a version with a number of a million digits never makes an `int` of it."""
    huge, larger = SemVer.parse("9" * 10**6 + ".0.0"), SemVer.parse("1" + "0" * 10**6 + ".0.0")
    assert huge < larger
