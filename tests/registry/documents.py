"""Plain data that is right: a registry with everything in it, and an event of every kind."""

from typing import Any, Final

from hypothesis import strategies as st

from lastgood import VersionRegistry
from tests.registry.making import back, hour


def example() -> VersionRegistry:
    """Return a registry with an event of every kind, and every key."""
    registry = VersionRegistry().register(
        "1", metadata={"auc": 0.9, "note": None}, digest="sha256:aa", at=hour(0)
    )
    registry = registry.deploy("1", reason="nightly", by="pipeline 7", at=hour(1))
    registry = registry.mark_stable("1", reason="fine", by="ana", at=hour(2))
    registry = registry.register("2").deploy("2", replacing="1").mark_failed("2", reason="slow")
    registry = back(registry, "1", source="2", reason="paged", by="ben", at=hour(3))
    registry = registry.reinstate("2", reason="false alarm").retire("2", reason="licence")
    registry = registry.observe("2", reason="by hand", at=hour(4))
    return registry.annotate("2", {"migration": True, "note": "late"}, by="ana").undeploy("2")


def document() -> dict[str, Any]:
    """Return the example as plain data."""
    return example().to_dict()


_COMMON: Final = {
    "version": "1",
    "at": "2024-05-01T12:00:00+00:00",
    "reason": "because",
    "by": "ana",
}

#: What events of some kinds have besides the keys that all of them have.
_MORE: Final[dict[str, dict[str, Any]]] = {
    "registered": {"metadata": {"auc": 0.9}, "digest": "sha256:aa"},
    "annotated": {"metadata": {"migration": True}},
    "rolled_back": {"source": "2", "strategy": "LastStable()"},
}

#: One event of every kind, with every key that it may have.
EVENTS: Final[dict[str, dict[str, Any]]] = {
    kind: {"kind": kind, **_COMMON, **_MORE.get(kind, {})}
    for kind in (
        "registered",
        "annotated",
        "deployed",
        "undeployed",
        "marked_stable",
        "marked_failed",
        "retired",
        "reinstated",
        "rolled_back",
        "observed",
    )
}

#: The keys that an event must have.
REQUIRED: Final = {kind: {"kind", "version"} for kind in EVENTS} | {
    "annotated": {"kind", "version", "metadata"},
    "rolled_back": {"kind", "version", "source", "strategy"},
}

#: Every key that any event may have.
KEYS: Final = sorted({key for event in EVENTS.values() for key in event})

#: An event of any kind, about one of three versions.
some_event: Final = st.sampled_from(list(EVENTS.values())).flatmap(
    lambda event: st.sampled_from("123").map(lambda label: {**event, "version": label})
)
