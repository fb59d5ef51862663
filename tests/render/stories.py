"""Histories that are drawn: those of the documentation, and those that are hard to draw.

Whoever draws a plan names the label that it leaves; no story asks a registry for it.
"""

import re
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from operator import methodcaller
from typing import Any, Final

from lastgood import LastStable, Pinned, VersionRegistry

NOON: Final = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)

#: What a notebook asks a value for.
show: Final[Callable[[Any], str]] = methodcaller("_repr_html_")


def images(page: str) -> list[str]:
    """Return the drawings that a page has as images."""
    data = re.findall(r'src="data:image/svg\+xml;base64,([^"]*)"', page)
    return [b64decode(each, validate=True).decode() for each in data]


def unpacked(page: str) -> str:
    """Return a page with its drawings below it, in which a difference can be seen."""
    short = re.sub(r"(?<=;base64,)[^\"]*", "...", page)
    return "\n".join([short, *images(page)])


#: Labels and reasons that mean something to a terminal, Markdown, Mermaid, HTML or XML. Mermaid
#: looks for some words in a whole line without regard to quotes, such as `direction LR`.
HOSTILE: Final = (
    "<script>alert(1)</script>",
    "</text></svg><script>alert(1)</script>",
    "end",
    "subgraph",
    'say "hi" `x` #1; [a](b) {c} | d',
    "**bold** _it_ ~~s~~ $$x$$ fa:fa-car",
    "&amp; #35; &#60;",
    "1. list",
    "- item",
    "%%{init: {}}%%",
    "direction LR",
    "a redirection TD of traffic",
    "C4Container",
    "style of the form: (a) (b)",
    "www.example.com, a@example.com, http://example.com",
    "a|b | --- | ---",
    "\N{LATIN SMALL LIGATURE FL}\N{DEGREE SIGN}\N{DEGREE SIGN}35\N{PILCROW SIGN}\xdf",
    "\N{CJK UNIFIED IDEOGRAPH-65E5}\N{CJK UNIFIED IDEOGRAPH-672C}" * 30,
    "e\N{COMBINING ACUTE ACCENT}" * 100,
    "\N{RIGHT-TO-LEFT OVERRIDE}gnissim\N{ARABIC LETTER MARK}",
    "\N{HEBREW LETTER ALEF}\N{HEBREW LETTER BET} 1.0",
    "no XML: \ufffe\uffff",
    "two  spaces\N{LINE SEPARATOR}and a line",
    "\N{ZERO WIDTH SPACE}",
    "]]>--><!-- ',\\",
    "W" * 256,
)

#: The label that serves last in the story of hostile texts.
SERVED_LAST: Final = HOSTILE[-4]


def failed_update() -> VersionRegistry:
    """Return the registry of the README: a good version, one without a verdict, a failed one."""
    registry = VersionRegistry()
    registry = registry.register("v1.0").deploy("v1.0").mark_stable("v1.0")
    registry = registry.register("v1.1").deploy("v1.1")
    return registry.register("v1.2").deploy("v1.2").mark_failed("v1.2", reason="p99 900 ms")


def rolled_back() -> VersionRegistry:
    """Return the same registry after the rollback."""
    registry = failed_update()
    return registry.roll_back(LastStable().plan(registry))


def month() -> VersionRegistry:
    """Return the registry of one month with every kind of event, with times."""
    days = [NOON + timedelta(days=day) for day in range(12)]
    registry = VersionRegistry()
    for label, at in zip(("v1.0", "v1.1", "v1.2"), days, strict=False):
        registry = registry.register(label, at=at).deploy(label, at=at).mark_stable(label)
    registry = registry.mark_failed("v1.2", reason="tokenizer mismatch", at=days[3])
    registry = registry.roll_back(LastStable().plan(registry), at=days[3])
    registry = registry.undeploy("v1.1", reason="maintenance", by="ana", at=days[4])
    registry = registry.deploy("v1.1", by="ana").retire("v1.0", reason="licence")
    registry = registry.register("v1.3").deploy("v1.3").register("hotfix").mark_stable("hotfix")
    registry = registry.roll_back(
        Pinned("hotfix").plan(registry, leaving="v1.3"),
        reason="errors: 4 %",
        by="monitor/errors",
        at=days[6],
    )
    registry = registry.observe("v1.1", reason="switched by hand", at=days[7])
    registry = registry.annotate("hotfix", {"warm": True})
    registry = registry.register("v2.0", at=days[8]).deploy("v2.0", at=days[8])
    return registry.observe("hotfix").deploy("v2.0", at=days[9]).mark_failed("v2.0", reason="slow")


def undeployed() -> VersionRegistry:
    """Return a registry in which nothing serves: the service was taken down, with a time."""
    registry = VersionRegistry()
    registry = registry.register("v1.0").deploy("v1.0", at=NOON).mark_stable("v1.0")
    registry = registry.register("v1.1").deploy("v1.1", by="pipeline 7", at=NOON)
    at = NOON + timedelta(days=1)
    return registry.undeploy("v1.1", reason="end of the season", by="ana", at=at)


def in_a_row(number: int) -> VersionRegistry:
    """Return a number of good deployments, rollbacks one by one to the first, and a new one."""
    registry = VersionRegistry()
    for place in range(number):
        label = f"v{place}"
        registry = registry.register(label).deploy(label).mark_stable(label)
    for place in range(number - 1, 0, -1):
        registry = registry.roll_back(LastStable().plan(registry, leaving=f"v{place}"))
    return registry.register("new").deploy("new")


def again_and_again(number: int) -> VersionRegistry:
    """Return a good version, and a number of attempts to replace it that failed and were left."""
    registry = VersionRegistry().register("good").deploy("good").mark_stable("good")
    for place in range(number):
        label = f"v{place}"
        registry = registry.register(label).deploy(label).mark_failed(label, reason="probe red")
        registry = registry.roll_back(LastStable().plan(registry))
    return registry


def down(number: int) -> VersionRegistry:
    """Return a good version, and a number of versions after it that all failed."""
    registry = VersionRegistry().register("good").deploy("good").mark_stable("good")
    for place in range(number):
        label = f"v{place}"
        registry = registry.register(label).deploy(label).mark_failed(label, reason="probe red")
    return registry


def wordy() -> VersionRegistry:
    """Return a registry whose labels and reasons have no room, in letters of every width."""
    registry = VersionRegistry().register("ab").deploy("ab", at=NOON).mark_stable("ab")
    labels = ("il." * 30, "W" * 50, "\N{LATIN CAPITAL LETTER E WITH ACUTE}m-" * 18, "a" * 17)
    for label in (*labels, "\N{CJK UNIFIED IDEOGRAPH-65E5}" * 18, "a" * 18, "b" * 24):
        reason = f"{label} {'slow and WRONG, ' * 9}at 3:00"
        registry = registry.register(label, metadata={"a": 1, "b": label}, digest=label)
        registry = registry.deploy(label, at=NOON).mark_failed(label, reason=reason)
    return registry


def lengths() -> VersionRegistry:
    """Return a registry whose labels leave ever less room for what stands beside them."""
    registry = VersionRegistry()
    for number in range(10, 46):
        label = "a" * number
        registry = registry.register(label).deploy(label, at=NOON)
    return registry


def long_labels() -> list[VersionRegistry]:
    """Return registries of one version each, whose labels take ever more of the line."""
    words = "b " * 40 + "c" * 120
    labels = ["a" * number for number in range(20, 70)]
    return [
        VersionRegistry().register(label).deploy(label).mark_failed(label, reason=words)
        for label in labels
    ]


def around_the_limits() -> VersionRegistry:
    """Return a registry whose labels and reasons are as long as a node bears, or nearly."""
    registry = VersionRegistry()
    for number in range(30, 36):
        label, words = "a" * number, "b" * (number + 38)
        registry = registry.register(label).deploy(label).mark_failed(label, reason=words)

    return registry


def odd_widths() -> VersionRegistry:
    """Return a registry of labels that have other widths than numbers of characters."""
    registry = VersionRegistry()
    for label in (
        "plain",
        "no\u0378thing",  # not assigned
        "a\N{COMBINING ENCLOSING CIRCLE}b",
        "e\N{COMBINING ACUTE ACCENT}f",
        "\N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16}",
        "\N{CJK UNIFIED IDEOGRAPH-65E5}\N{FULLWIDTH LATIN CAPITAL LETTER A}",
    ):
        registry = registry.register(label).deploy(label)
    return registry


def wide() -> VersionRegistry:
    """Return a registry of labels that are too long for a column, the current one as well."""
    registry = VersionRegistry()
    for letter in "abc":
        label = letter * 46
        registry = registry.register(label).deploy(label)
    return registry


def redeployed() -> VersionRegistry:
    """Return a registry in which the version to go back to was deployed out of turn, and left."""
    registry = VersionRegistry()
    for label in ("v1", "v2", "v3"):
        registry = registry.register(label).deploy(label)
    registry = registry.deploy("v2")
    registry = registry.roll_back(Pinned("v3").plan(registry, leaving="v2"))
    return registry.reinstate("v2").mark_failed("v3", reason="slow")


def put_forward_again() -> VersionRegistry:
    """Return a registry that went back from a version that has been reinstated since."""
    registry = rolled_back().reinstate("v1.2").mark_failed("v1.0", reason="it was that one")
    return registry.register("v1.3").deploy("v1.3").mark_failed("v1.3")


def hostile() -> VersionRegistry:
    """Return a registry of labels, reasons and metadata that are meant to break a picture."""
    registry = VersionRegistry()
    for place, label in enumerate(HOSTILE):
        other = HOSTILE[-place]
        registry = registry.register(label, metadata={other: other}, digest=other)
        registry = registry.deploy(label, reason=other, by=other)
        if place % 3 == 1:
            registry = registry.mark_stable(label, reason=other)
        if place % 3 == 2:
            registry = registry.mark_failed(label, reason=other)
    plan = Pinned(SERVED_LAST).plan(registry, leaving=HOSTILE[-1])
    words = "".join(HOSTILE)
    registry = registry.roll_back(plan, reason=words, by=words)
    return registry.undeploy(SERVED_LAST, reason=words, by=words)
