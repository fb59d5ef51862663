"""Sections 2.1, 2.2 and 6 again: what is refused, and by which error.

The order is: arguments that are malformed, labels that are unknown, what the status or the contents
of the version forbid, and what is not current.
"""

import math
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any, Self

from tests.tools.model.effects import TABLE
from tests.tools.model.facts import STATUSES, Event, Facts, MetadataValue, Version, is_same


class OneOf(tuple[object, ...]):
    """Stands for an answer that the contract leaves open among these."""

    __slots__ = ()


class Refused(Exception):
    """What is refused: every error that would be right, its place, and the facts it carries."""

    #: Where in the data it stands (section 2.5).
    place = ""

    def __init__(self, *names: str, **facts: object) -> None:
        super().__init__(*names)
        self.names = frozenset(names)
        self.facts = facts

    def at(self, place: str) -> Self:
        """The same, at this place."""
        self.place = place
        return self


def malformed(event: Event) -> Refused | None:
    """Section 6: what is wrong with the arguments themselves."""
    wrong = {
        "InvalidLabel": not is_label(event.version),
        "InvalidText": not all(map(is_text, (event.reason, event.by, event.digest or ""))),
        "InvalidMetadata": not is_metadata(event.metadata),
        "InvalidTime": event.at is not None and event.at.tzinfo is None,
        "InvalidData": event.kind == "annotated" and not event.metadata,
    }
    wrong["InvalidText"] |= event.digest == ""
    names = [name for name, is_wrong in wrong.items() if is_wrong]
    return Refused(*names) if names else None


def refusal(facts: Facts, event: Event) -> Refused | None:
    """Why these facts do not allow this event."""
    version = facts.versions.get(event.version)
    if event.kind == "registered":
        return Refused("DuplicateVersion") if version and differs(version, event) else None
    is_astray = event.kind == "rolled_back" and event.source != facts.last
    if version is None:
        return Refused("UnknownVersion", *["NotCurrent"] * is_astray)
    if event.kind == "undeployed" and facts.current not in (None, event.version):
        return Refused("NotCurrent", version=event.version, current=facts.current)
    if is_astray:
        return Refused("NotCurrent", version=event.source, current=facts.current)
    return forbidden(facts, version, event)


def differs(version: Version, event: Event) -> bool:
    """Section 2.1, `register`: whether it was registered with anything else."""
    known, again = version.registered, event.metadata
    same = known.keys() == again.keys() and all(is_same(known[key], again[key]) for key in known)
    return not same or version.digest != event.digest


def forbidden(facts: Facts, version: Version, event: Event) -> Refused | None:
    """Section 2.2: good news about a version that is bad, or whose contents failed."""
    said: dict[str, Any] = {"version": version.label, "status": version.status}
    said["reason"] = version.reason
    to_itself = event.kind == "rolled_back" and event.version == facts.last
    row = TABLE.get(event.kind)
    if to_itself or (row is not None and row[STATUSES.index(version.status)] is None):
        return Refused("IllegalTransition", **said)
    failed_as = facts.failed_as(version.label)
    is_good_news = event.kind in ("deployed", "marked_stable", "rolled_back")
    if failed_as and is_good_news and version.label != facts.current:
        said["failed_as"] = OneOf(other.label for other in failed_as)
        said["failed_reason"] = OneOf(other.failure for other in failed_as)
        return Refused("IllegalTransition", **said, digest=version.digest)
    return None


# Arguments (section 6)


@cache
def is_label(label: str) -> bool:
    """1 to 256 characters, no control characters, no white space at the ends."""
    controls = any(unicodedata.category(character) == "Cc" for character in label)
    return 0 < len(label) <= 256 and label == label.strip() and not controls and is_text(label)


@cache
def is_text(text: str) -> bool:
    """No lone surrogates."""
    return not any(unicodedata.category(character) == "Cs" for character in text)


def is_metadata(metadata: Mapping[str, MetadataValue]) -> bool:
    """Section 2.1: ints of 64 bits, finite floats, and texts."""
    return all(is_text(key) and is_value(value) for key, value in metadata.items())


def is_value(value: MetadataValue) -> bool:
    """One value of metadata."""
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    return value is None or is_text(value)
