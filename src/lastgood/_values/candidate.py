"""Candidates: what a strategy or a rule says of one version."""

from typing import Any, final, overload

import attrs

from lastgood._basics import texts
from lastgood._basics.frozen import Value, named, setters
from lastgood._basics.messages import shown
from lastgood._basics.numbers import flag
from lastgood._basics.pydantic import Output
from lastgood._values import reasons
from lastgood._values.version import Version


def signature(value: str) -> str:
    """Return what a candidate is signed with. Raises the same errors as `text`."""
    return texts.text(value, "signature")


def acceptance(value: bool) -> bool:  # noqa: FBT001  # a fact
    """Return whether a candidate is accepted. Raises the same errors as `flag`."""
    return flag(value, "accepted")


@named("lastgood")
@final
@attrs.frozen(eq=False, repr=False, weakref_slot=False)
class Candidate(Value, Output):
    """One version that a strategy looked at: accepted or rejected, with the reason.

    Made with `accept` and `reject`.

    >>> from lastgood import Candidate
    >>> Candidate.reject("v1.1", "trained on last year's features")
    Candidate(version='v1.1', accepted=False, reason="trained on last year's features")
    """

    #: The label.
    version: str = attrs.field(converter=texts.label)
    #: Whether it may be gone back to.
    accepted: bool = attrs.field(converter=acceptance)
    #: Why, or why not.
    reason: str = attrs.field(converter=texts.reason)
    #: What said so: the `repr` of the strategy or rule, filled in by the library.
    by: str = attrs.field(default="", converter=signature, eq=False, repr=False, kw_only=True)

    @overload
    @classmethod
    def accept(cls, version: Version, reason: str = ...) -> "Candidate": ...
    @overload
    @classmethod
    def accept(cls, version: str, reason: str) -> "Candidate": ...
    @classmethod
    def accept(cls, version: Version | str, reason: str | None = None) -> "Candidate":
        """Return a candidate to go back to.

        Args:
            version: The version, or its label.
            reason: Why. For a `Version` it may be left out, and is then its status in words.

        Raises:
            TypeError: A label is given without a reason, or an argument has the wrong type.
            InvalidLabel: The label is empty, too long, or has control characters.
            InvalidText: The reason has a lone surrogate.

        >>> from lastgood import Candidate, Status, Version
        >>> Candidate.accept(Version("v1.0", Status.STABLE)).reason
        'stable'
        """
        return _made(version, reason, accepted=True)

    @overload
    @classmethod
    def reject(cls, version: Version, reason: str = ...) -> "Candidate": ...
    @overload
    @classmethod
    def reject(cls, version: str, reason: str) -> "Candidate": ...
    @classmethod
    def reject(cls, version: Version | str, reason: str | None = None) -> "Candidate":
        """Return a rejected candidate. Same arguments and errors as `accept`.

        >>> from lastgood import Candidate, Status, Version
        >>> Candidate.reject(Version("v1.1", Status.FAILED, "tokenizer mismatch")).reason
        'failed: tokenizer mismatch'
        """
        return _made(version, reason, accepted=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the candidate as plain JSON types, with every key.

        >>> from lastgood import Candidate
        >>> Candidate.reject("v1.1", "unproven").to_dict()
        {'version': 'v1.1', 'accepted': False, 'reason': 'unproven', 'by': ''}
        """
        return {
            "version": self.version,
            "accepted": self.accepted,
            "reason": self.reason,
            "by": self.by,
        }


_set_version, _set_accepted, _set_reason, _set_by = setters(Candidate)


def candidate_of(version: str, reason: str, by: str, *, accepted: bool) -> Candidate:
    """Return a candidate of texts that were checked."""
    made = Candidate.__new__(Candidate)
    _set_version(made, version)
    _set_accepted(made, accepted)
    _set_reason(made, reason)
    _set_by(made, by)
    return made


def _made(version: Version | str, reason: str | None, *, accepted: bool) -> Candidate:
    if isinstance(version, Version):
        label = version.label
        reason = reasons.status(version.status, version.reason) if reason is None else reason
    elif reason is None:
        name = "accept" if accepted else "reject"
        known = shown(texts.label(version))
        raise TypeError(f"the reason is missing: write Candidate.{name}({known}, reason)")
    else:
        label = version
    return candidate_of(texts.label(label), texts.text(reason, "reason"), "", accepted=accepted)
