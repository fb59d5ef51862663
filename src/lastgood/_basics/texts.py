"""Texts that come from outside: what is a label, and what is a text that can be kept."""

from __future__ import annotations

from collections.abc import Collection

from lastgood._basics.errors import InvalidLabel, InvalidText
from lastgood._basics.messages import compiled, remedy_for_label, shown

#: The longest label, in characters.
LONGEST_LABEL = 256

_CONTROL = r"[\x00-\x1f\x7f-\x9f]"


def label(value: str) -> str:
    """Return ``value`` as a label, an exact `str`.

    Raises:
        TypeError: The value is not a `str`.
        InvalidLabel: It is empty, longer than 256 characters, has control characters, white space
            at an end, or a lone surrogate.
    """
    if (
        type(value) is str
        and value.isascii()
        and value.isprintable()
        and 0 < len(value) <= LONGEST_LABEL
        and value[0] != " " != value[-1]
    ):
        return value
    if not isinstance(value, str):
        raise TypeError(f"a label must be a str, not {shown(value)}: {remedy_for_label(value)}")
    exact = str.__str__(value)
    problem = _label_problem(exact)
    if problem is not None:
        raise InvalidLabel(exact, problem)
    return exact


def check_labels(values: Collection[str]) -> None:
    """Check texts as `label` does, and raise the same errors; nearly all are checked at once."""
    joined = "".join(values)
    is_usual = joined.isascii() and joined.isprintable() and " " not in joined
    if not values or not is_usual or not min(values) or max(map(len, values)) > LONGEST_LABEL:
        for value in values:
            _ = label(value)


def text(value: str, what: str) -> str:
    """Return ``value`` as a text, an exact `str`; ``what`` names it in the message.

    Raises:
        TypeError: The value is not a `str`.
        InvalidText: It has a lone surrogate.
    """
    if type(value) is str and value.isascii():
        return value
    if not isinstance(value, str):
        raise _not_a_text(value, what)
    exact = str.__str__(value)
    if not is_encodable(exact):
        raise InvalidText(exact, what, "has a lone surrogate, which no encoding can store")
    return exact


def _not_a_text(value: object, what: str) -> TypeError:
    hint = f": write str({what})" if isinstance(value, BaseException) else ""
    return TypeError(f"{what} must be a str, not {shown(value)}{hint}")


def digest(value: str) -> str:
    """Return ``value`` as a digest, a non-empty text.

    Raises:
        TypeError: The value is not a `str`.
        InvalidText: It is empty or has a lone surrogate.
    """
    kept = text(value, "digest")
    if not kept:
        raise InvalidText("", "digest", "is empty: leave it out if it is unknown")
    return kept


def reason(value: str) -> str:
    """Return ``value`` as a reason, which may be empty. Raises the same errors as `text`."""
    return text(value, "reason")


def by(value: str) -> str:
    """Return ``value`` as who or what says so, a text that may be empty.

    Raises the same errors as `text`.
    """
    return text(value, "by")


def key(value: str) -> str:
    """Return ``value`` as a key of metadata. Raises the same errors as `text`."""
    return text(value, "key")


def strategy(value: str) -> str:
    """Return ``value`` as the `repr` of a strategy. Raises the same errors as `text`."""
    return text(value, "strategy")


def fingerprint(value: str) -> str:
    """Return ``value`` as a fingerprint, a text. Raises the same errors as `text`."""
    return text(value, "fingerprint")


def is_encodable(value: str) -> bool:
    """Whether the text has no lone surrogate, so that it can be written as UTF-8."""
    try:
        _ = str.encode(value)
    except UnicodeEncodeError:
        return False
    return True


def _label_problem(value: str) -> str | None:
    if not value.strip():
        return "is nothing but white space" if value else "is empty"
    if len(value) > LONGEST_LABEL:
        return f"has {len(value):,} characters, more than {LONGEST_LABEL}"
    if value != value.strip():
        return "has white space at an end: write label.strip()"
    if compiled(_CONTROL).search(value):
        return "has a control character"
    if not is_encodable(value):
        return "has a lone surrogate, which no encoding can store"
    return None
