"""What a rule is, and how it is asked."""

from __future__ import annotations

import abc
from collections.abc import Callable, Iterable
from contextlib import suppress
from inspect import isasyncgenfunction, iscoroutinefunction, signature
from typing import NoReturn, TypeAlias, TypeVar

from typing_extensions import override

from lastgood._basics.code import Coded
from lastgood._basics.messages import shown
from lastgood._basics.texts import reason
from lastgood._registry.registry import VersionRegistry
from lastgood._values.version import Version

#: A condition that can veto a version: it returns the reason to reject it, or `None`.
Rule: TypeAlias = Callable[[Version, VersionRegistry], str | None]


#: A rule that is asked of one registry.
Veto: TypeAlias = Callable[[Version], str | None]

E = TypeVar("E", bound=Exception)


class CodedRule(Coded, abc.ABC):
    """The base of rules of our own."""

    __slots__ = ()

    @abc.abstractmethod
    def __call__(self, version: Version, registry: VersionRegistry, /) -> str | None:
        """Return the reason to reject the version, or `None`."""

    def __bool__(self) -> NoReturn:
        raise TypeError(f"{self!r} has no truth value: write where(a, b) instead of `a and b`")


class Survey(CodedRule):
    """A rule that looks at more of the registry than the version and the current one.

    What it saw for one version of a decision serves for the next.
    """

    __slots__ = ()

    @abc.abstractmethod
    def _over(self, registry: VersionRegistry, /) -> Veto:
        """Return what answers for the versions of the registry, for one decision."""

    @override
    def __call__(self, version: Version, registry: VersionRegistry, /) -> str | None:
        """Return the reason to reject the version, or `None`."""
        return self._over(registry)(version)


def checked(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return the rules.

    Raises:
        TypeError: One of them is a class, cannot be called, or cannot take two arguments.
    """
    rules = tuple(rules)
    for rule in rules:
        if isinstance(rule, type):
            raise TypeError(f"{rule.__name__} is a class, not a rule: write {rule.__name__}(...)")
        if not callable(rule):
            raise TypeError(
                f"expected rules, not {shown(rule)}: write where(rule, ...); "
                "strategies are combined with a | b"
            )
        if is_async(rule):
            raise TypeError(
                f"{name_of(rule)} is async, and a decision waits for nothing: "
                "write a rule as def rule(version, registry), returning None or the reason"
            )
        if not takes(rule, 2):
            raise TypeError(
                f"{name_of(rule)} cannot take two arguments: "
                "write a rule as def rule(version, registry), returning None or the reason"
            )
    return rules


def is_async(function: Callable[..., object]) -> bool:
    """Whether calling a function, or an object with ``__call__``, returns something to wait for."""
    called: tuple[object, ...] = (function, type(function).__call__)
    return any(iscoroutinefunction(each) or isasyncgenfunction(each) for each in called)


def takes(function: Callable[..., object], arguments: int) -> bool:
    """Whether a function can be called with this many positional arguments."""
    try:
        _ = signature(function).bind(*(None,) * arguments)
    except TypeError:
        return False
    except ValueError:  # It has no signature that can be read.
        return True
    return True


def name_of(rule: Rule) -> str:
    """Return the qualified name of a plain function, and the `repr` of any other rule."""
    name = getattr(rule, "__qualname__", None)
    return name if isinstance(name, str) else repr(rule)


def over(rule: Rule, registry: VersionRegistry) -> Veto:
    """Return the rule, to be asked about versions of one registry for one decision."""
    if isinstance(rule, Survey):
        return rule._over(registry)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    return lambda version: rule(version, registry)


def answer(rule: Rule, veto: Veto, version: Version) -> str | None:
    """Return the reason for which the rule rejects the version, or `None`.

    Raises:
        TypeError: The rule answers something else.
        Exception: What the rule raises, with a note that names the rule and the version.
    """
    try:
        return _checked_answer(rule, veto(version))
    except StopIteration as error:  # It would end the candidates without a word.
        stopped = RuntimeError(f"the rule {name_of(rule)} raised StopIteration")
        raise noted(stopped, f"while it was asked about {version.label!r}") from error
    except Exception as error:
        _ = noted(error, f"while the rule {name_of(rule)} was asked about {version.label!r}")
        raise


def noted(error: E, note: str) -> E:
    """Return the error with a note, unless it is one that takes none, such as a frozen one."""
    with suppress(Exception):
        error.add_note(note)
    return error


def _checked_answer(rule: Rule, answer: object) -> str | None:
    if answer is None:
        return None
    if isinstance(answer, str) and answer:
        return reason(answer)
    raise TypeError(
        f"the rule {name_of(rule)} must return None or the reason to reject, a non-empty str, "
        f"not {shown(answer)}: it is a veto, not a predicate"
    )
