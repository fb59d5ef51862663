"""Semantic Versioning 2.0.0: reading versions, and their precedence as one comparable string."""

from typing import Final, Self, TypeAlias, final

from typing_extensions import override

from lastgood._basics.errors import InvalidSemVer
from lastgood._basics.frozen import Frozen, named, setters
from lastgood._basics.messages import compiled, shown

# Every group is possessive or atomic, so that no input is ever read twice: time is linear.
_NUMBER: Final = r"0|[1-9][0-9]*+"
_DOTTED: Final = r"(?>{part})(?:\.(?>{part}))*+"
_PRERELEASE: Final = _DOTTED.format(part=r"[0-9]*+[a-zA-Z-][0-9a-zA-Z-]*+|" + _NUMBER)
_BUILD: Final = _DOTTED.format(part=r"[0-9a-zA-Z-]++")
_SUFFIX: Final = rf"(?:-({_PRERELEASE}))?(?:\+({_BUILD}))?"

#: Clauses 2, 9 and 10 of the specification, with ASCII digits only.
_STRICT: Final = rf"({_NUMBER})\.({_NUMBER})\.({_NUMBER}){_SUFFIX}"
#: What people put on labels. It admits all that the strict form admits, with the same meaning.
_LENIENT: Final = rf"[vV]?([0-9]++)(?:\.([0-9]++)(?:\.([0-9]++))?{_SUFFIX})?"

#: What both forms are made of: one to three numbers, the pre-release, the build.
_Parts: TypeAlias = tuple[list[str], str, str]

# How precedence becomes one string. A number is its length as one character, then its digits;
# of two numbers the longer is the greater, and of equal length the digits decide. The marks
# below stand before each identifier and at the end, and sort as clause 11 demands: a
# pre-release that ends is below one that goes on, a number is below a word, and all of them are
# below the release. A word ends with a character below all that a word can have in it.
_END, _NUMERIC, _WORD, _RELEASE = "\0", "\1", "\2", "\3"

#: A zero, as a number that stands in the string.
_ZERO: Final = "\0010"

#: Numbers of this many digits or more have their length written as a number itself.
_LONG: Final = 0xD000
#: `int` refuses to read more digits than 4300 at once, so longer numbers are read in pieces.
_PIECE: Final = 4000


@named("lastgood")
@final
class SemVer(Frozen):
    """A version of Semantic Versioning 2.0.0; its order and equality are those of precedence.

    Build metadata is ignored in comparisons (clause 10). Comparing with anything else is
    `NotImplemented`. Numbers may be of any length.

    >>> from lastgood import SemVer
    >>> SemVer.parse("1.0.0-rc.9") < SemVer.parse("1.0.0-rc.10") < SemVer.parse("1.0.0")
    True
    >>> SemVer.parse("1.0.0+gpu") == SemVer.parse("1.0.0+cpu")
    True
    """

    __slots__ = ("_key", "_text")

    _text: str
    #: Sorts as the precedence does; made by `_precedence` when it is first needed.
    _key: str

    def __init__(self, *_: object) -> None:
        raise TypeError("a SemVer is read from a text: write SemVer.parse(text)")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a strict version, such as ``"1.2.3-rc.1+build.5"``.

        Args:
            text: The version, without a leading ``v`` and with all three numbers.

        Raises:
            InvalidSemVer: The text is not a strict version.
            TypeError: The text is not a `str`.

        >>> from lastgood import SemVer
        >>> SemVer.parse("2.1.0-rc.1").prerelease
        ('rc', '1')
        """
        try:
            match = compiled(_STRICT).fullmatch(text)
        except TypeError:
            raise _no_text(text) from None
        if match is None:
            raise InvalidSemVer(text, "a strict SemVer 2.0.0 version, such as '1.2.3-rc.1'")
        made = cls.__new__(cls)
        _set_text(made, match[0])
        return made

    @classmethod
    def from_label(cls, text: str) -> Self | None:
        """Read a label as a version where it is meant as one, else return `None`.

        Besides the strict form it takes one leading ``v`` or ``V``, one or two numbers for three,
        and leading zeros in them. Pre-release and build are strict and need two numbers at least.
        It never guesses beyond that: a git sha, a date with hyphens or ``1.2.3rc1`` is `None`.

        Args:
            text: The label.

        Raises:
            TypeError: The text is not a `str`.

        >>> from lastgood import SemVer
        >>> SemVer.from_label("v1.10") > SemVer.from_label("v1.9.2")
        True
        >>> SemVer.from_label("2024-05-01") is None
        True
        """
        try:
            match = compiled(_LENIENT).fullmatch(text)
        except TypeError:
            raise _no_text(text) from None
        if match is None:
            return None
        made = cls.__new__(cls)
        _set_text(made, match[0])
        return made

    @property
    def major(self) -> int:
        """The first number."""
        return self._number(0)

    @property
    def minor(self) -> int:
        """The second number; 0 where the label had none."""
        return self._number(1)

    @property
    def patch(self) -> int:
        """The third number; 0 where the label had none."""
        return self._number(2)

    def _number(self, place: int) -> int:
        numbers, _, _ = _parts(self._text)
        return _whole(numbers[place]) if place < len(numbers) else 0

    @property
    def prerelease(self) -> tuple[str, ...]:
        """The identifiers after the hyphen; empty for a release."""
        version, _, _ = self._text.partition("+")
        _, _, prerelease = version.partition("-")
        return _identifiers(prerelease)

    @property
    def build(self) -> tuple[str, ...]:
        """The identifiers after the plus sign."""
        _, _, build = _parts(self._text)
        return _identifiers(build)

    @property
    def precedence(self) -> str:
        """A string that sorts among others of its kind as the versions do (clause 11)."""
        try:
            return self._key
        except AttributeError:
            _set_key(self, _precedence(self._text))
            return self._key

    @override
    def __str__(self) -> str:
        return self._text

    @override
    def __repr__(self) -> str:
        strict = compiled(_STRICT).fullmatch(self._text)
        return f"SemVer.{'parse' if strict else 'from_label'}({self._text!r})"

    @override
    def __reduce__(self) -> tuple[object, ...]:
        return SemVer.from_label, (self._text,)

    @override
    def __eq__(self, other: object) -> bool:
        if isinstance(other, SemVer):
            try:
                return self._key == other._key
            except AttributeError:
                return self.precedence == other.precedence
        return NotImplemented

    @override
    def __hash__(self) -> int:
        return hash(self.precedence)

    def __lt__(self, other: "SemVer") -> bool:
        if isinstance(other, SemVer):
            try:
                return self._key < other._key
            except AttributeError:
                return self.precedence < other.precedence
        return NotImplemented

    def __le__(self, other: "SemVer") -> bool:
        if isinstance(other, SemVer):
            try:
                return self._key <= other._key
            except AttributeError:
                return self.precedence <= other.precedence
        return NotImplemented

    def __gt__(self, other: "SemVer") -> bool:
        if isinstance(other, SemVer):
            try:
                return self._key > other._key
            except AttributeError:
                return self.precedence > other.precedence
        return NotImplemented

    def __ge__(self, other: "SemVer") -> bool:
        if isinstance(other, SemVer):
            try:
                return self._key >= other._key
            except AttributeError:
                return self.precedence >= other.precedence
        return NotImplemented


_set_key, _set_text = setters(SemVer)


def precedence_of(label: str) -> str | None:
    """Return the `precedence` of the `SemVer` that a label is read as, or `None`."""
    match = compiled(_LENIENT).fullmatch(label)
    return None if match is None else _precedence(label)


def _no_text(value: object) -> TypeError:
    return TypeError(f"text must be a str, not {shown(value)}: write str(version)")


def _parts(text: str) -> _Parts:
    """Return what a text is made of that is known to be a version."""
    version, _, build = text.partition("+")
    core, _, prerelease = version.partition("-")
    return core.lstrip("vV").split("."), prerelease, build


def _identifiers(dotted: str) -> tuple[str, ...]:
    return tuple(dotted.split(".")) if dotted else ()


def _precedence(text: str) -> str:
    numbers, prerelease, _ = _parts(text)
    core = "".join(map(_ranked, numbers)) + _ZERO * (3 - len(numbers))
    if not prerelease:
        return core + _RELEASE
    return core + "".join(map(_identifier, prerelease.split("."))) + _END


def _ranked(digits: str) -> str:
    if digits[0] == "0":
        digits = digits.lstrip("0") or "0"
    length = len(digits)
    if length < _LONG:
        return chr(length) + digits
    return chr(_LONG) + _ranked(str(length)) + digits


def _identifier(part: str) -> str:
    return _NUMERIC + _ranked(part) if part.isdecimal() else _WORD + part + _END


def _whole(digits: str) -> int:
    if len(digits) <= _PIECE:
        return int(digits)
    middle = len(digits) // 2
    head, tail = digits[:middle], digits[middle:]
    return _whole(head) * int(10 ** len(tail)) + _whole(tail)
