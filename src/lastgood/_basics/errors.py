"""The root of all errors, and those of input that is not valid; `lastgood.errors` shows all."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import override

from lastgood._basics.frozen import named
from lastgood._basics.messages import shown


@named("lastgood")
class LastgoodError(Exception):
    """Base class of all errors that lastgood raises on purpose.

    An argument that could never be right, such as a value of the wrong type or ``steps=0``, raises
    a plain `TypeError` or `ValueError`.
    """


@named("lastgood")
class InvalidLabel(LastgoodError, ValueError):
    """A text that cannot be the label of a version.

    Attributes:
        label: The text.
        problem: What is wrong with it, as a predicate: ``"is empty"``.
    """

    def __init__(self, label: str, problem: str) -> None:
        super().__init__(label, problem)
        self.label = label
        self.problem = problem

    @override
    def __str__(self) -> str:
        return f"the label {shown(self.label)} {self.problem}"


@named("lastgood")
class InvalidText(LastgoodError, ValueError):
    """A reason, a digest or another text that cannot be kept.

    Attributes:
        text: The text.
        what: What it was given as: ``"reason"``.
        problem: What is wrong with it, as a predicate.
    """

    def __init__(self, text: str, what: str, problem: str) -> None:
        super().__init__(text, what, problem)
        self.text = text
        self.what = what
        self.problem = problem

    @override
    def __str__(self) -> str:
        return f"the {self.what} {shown(self.text)} {self.problem}"


@named("lastgood")
class InvalidSemVer(LastgoodError, ValueError):
    """A text that is not a version of Semantic Versioning 2.0.0.

    Attributes:
        text: The text.
        expected: What it should have been, with an article: ``"a strict SemVer version"``.
    """

    def __init__(self, text: str, expected: str) -> None:
        super().__init__(text, expected)
        self.text = text
        self.expected = expected

    @override
    def __str__(self) -> str:
        return f"{shown(self.text)} is not {self.expected}"


@named("lastgood")
class InvalidMetadata(LastgoodError, ValueError):
    """Metadata that is more than a flat table of plain values.

    Attributes:
        key: The key of the value concerned.
        problem: What is wrong, as a predicate.
    """

    def __init__(self, key: object, problem: str) -> None:
        super().__init__(key, problem)
        self.key = key
        self.problem = problem

    @override
    def __str__(self) -> str:
        return f"metadata[{shown(self.key)}] {self.problem}"


@named("lastgood")
class InvalidTime(LastgoodError, ValueError):
    """A time that cannot be stored, or a question about a time that the records do not answer.

    Attributes:
        when: The time.
        problem: What is wrong with it, as a predicate.
    """

    def __init__(self, when: datetime, problem: str) -> None:
        super().__init__(when, problem)
        self.when = when
        self.problem = problem

    @override
    def __str__(self) -> str:
        return f"the time {self.when} {self.problem}"


@named("lastgood")
class InvalidData(LastgoodError, ValueError):
    """Plain data that cannot be read as a registry, an event, a plan or a policy.

    Attributes:
        place: Where in the data: ``"events[3].at"``.
        problem: What is wrong there.
    """

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(place, problem)
        self.place = place
        self.problem = problem

    @override
    def __str__(self) -> str:
        return f"{self.place}: {self.problem}"
