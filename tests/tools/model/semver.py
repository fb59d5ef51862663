"""Section 5 again: reading labels as SemVer, and the precedence of SemVer 2.0.0 as plain tuples."""

from dataclasses import dataclass
from functools import cache

DIGITS = frozenset("0123456789")
LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")

#: One identifier: kind (0 for a number, 1 for text), length of a number, its characters.
IdentifierKey = tuple[int, int, str]
#: Three numbers, whether it is a release, the identifiers of the pre-release.
Precedence = tuple[IdentifierKey, IdentifierKey, IdentifierKey, bool, tuple[IdentifierKey, ...]]


@dataclass(frozen=True)
class SemVer:
    """What a label says when it is read as SemVer (section 5)."""

    text: str
    major: str
    minor: str
    patch: str
    prerelease: tuple[str, ...]
    build: tuple[str, ...]


@cache
def read(label: str) -> SemVer | None:
    """Section 5, `SemVer.from_label`: at most one `v`, one to three numbers, strict suffixes."""
    bare = label[1:] if label.startswith(("v", "V")) else label
    front, plus, build = bare.partition("+")
    core, dash, prerelease = front.partition("-")
    numbers = core.split(".")
    if len(numbers) > 3 or not all(is_number(number) for number in numbers):
        return None
    if (dash or plus) and len(numbers) < 2:
        return None
    if dash and not all(is_prerelease(part) for part in prerelease.split(".")):
        return None
    if plus and not all(is_identifier(part) for part in build.split(".")):
        return None
    major, minor, patch = (*map(canonical, numbers), "0", "0")[:3]
    return SemVer(
        text=label,
        major=major,
        minor=minor,
        patch=patch,
        prerelease=tuple(prerelease.split(".")) if dash else (),
        build=tuple(build.split(".")) if plus else (),
    )


def precedence(version: SemVer) -> Precedence:
    """SemVer 2.0.0, item 11: what to compare; the build is not part of it."""
    return (
        identifier_key(version.major),
        identifier_key(version.minor),
        identifier_key(version.patch),
        not version.prerelease,
        tuple(identifier_key(part) for part in version.prerelease),
    )


def identifier_key(part: str) -> IdentifierKey:
    """SemVer 2.0.0, item 11.4: numbers by value and below text, text in ASCII order."""
    return (0, len(part), part) if is_number(part) else (1, 0, part)


def canonical(number: str) -> str:
    """A number without leading zeros; its value is its length, then its digits."""
    return number.lstrip("0") or "0"


def is_number(part: str) -> bool:
    """ASCII digits and nothing else."""
    return part != "" and DIGITS.issuperset(part)


def is_identifier(part: str) -> bool:
    """SemVer 2.0.0, item 10: ASCII letters, digits and hyphens, not empty."""
    return part != "" and (DIGITS | LETTERS | {"-"}).issuperset(part)


def is_prerelease(part: str) -> bool:
    """SemVer 2.0.0, item 9: an identifier; a number has no leading zeros."""
    return is_identifier(part) and not (is_number(part) and part != canonical(part))
