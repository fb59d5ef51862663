"""What a rule is, and how it is asked."""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from lastgood._registry import VersionRegistry
from lastgood._show import shown
from lastgood._text import reason
from lastgood._version import Version

#: A condition that can veto a version: it answers the reason to reject it, or `None`.
Rule: TypeAlias = Callable[[Version, VersionRegistry], str | None]


def checked(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return the rules.

    Raises:
        TypeError: One of them is a class or cannot be called.
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
    return rules


def name_of(rule: Rule) -> str:
    """Return the qualified name of a plain function, and the `repr` of any other rule."""
    name = getattr(rule, "__qualname__", None)
    return name if isinstance(name, str) else repr(rule)


def veto(rule: Rule, version: Version, registry: VersionRegistry) -> str | None:
    """Return the reason for which the rule rejects the version, or `None`.

    Raises:
        TypeError: The rule answers something else.
        Exception: What the rule raises, with a note that names the rule and the version.
    """
    try:
        return _answer(rule, rule(version, registry))
    except StopIteration as error:  # It would end the candidates without a word.
        stopped = RuntimeError(f"the rule {name_of(rule)} raised StopIteration")
        stopped.add_note(f"while it was asked about {version.label!r}")
        raise stopped from error
    except Exception as error:
        error.add_note(f"while the rule {name_of(rule)} was asked about {version.label!r}")
        raise


def _answer(rule: Rule, answer: object) -> str | None:
    if answer is None:
        return None
    if isinstance(answer, str) and answer:
        return reason(answer)
    raise TypeError(
        f"a rule answers None or the reason to reject, and {name_of(rule)} "
        f"answered {shown(answer)}: it is a veto, not a predicate"
    )
