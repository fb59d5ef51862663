"""The faults of `faults`: slips that one might make when writing the contract again.

The first kinds are what went wrong before contract 2. Each fault replaces one piece of text in one
module of the model.
"""

from dataclasses import dataclass
from typing import Final

#: What each kind of fault would do to a user.
KINDS: Final = {
    1: "a retry steps back",
    2: "an observation condemns",
    3: "a barrier is forgotten, or an unknown fact passes",
    4: "a plan is carried out elsewhere, or too late, or refused for good news",
    5: "contents that failed come back, or good ones do not",
    6: "advice comes from words",
    7: "a wrong clock is believed, or a missing time",
    8: "what serves is taken away, and comes back",
}


@dataclass(frozen=True)
class Fault:
    """What is written wrong, and where."""

    kind: int
    name: str
    module: str
    right: str
    wrong: str


#: Without it, "found" would say nothing.
CONTROL: Final = Fault(0, "no fault", "facts.py", "class Facts(", "class Facts(")

FAULTS: Final = (
    Fault(
        1,
        "a plan that is carried out already is refused",
        "registry.py",
        "if carried_out(plan, self.events, self.facts):",
        "if False:",
    ),
    Fault(
        1,
        "an observation of the target carries a plan out",
        "plans.py",
        'since[0].kind == "rolled_back"\n        and events[since[0].began].source == plan.source',
        'since[0].kind != "deployed"',
    ),
    Fault(
        1,
        "a plan is made although nothing needs it",
        "decisions.py",
        "if leaving is None and not registry.needs_rollback:",
        "if False:",
    ),
    Fault(
        1,
        "what is so already is recorded again",
        "registry.py",
        "return self if made.course[-1] is made.course[-2] else made",
        "return made",
    ),
    Fault(
        1,
        "a late retry replaces a newer deployment",
        "registry.py",
        "replacing not in (None, self.current)",
        "replacing not in (None, self.current, *self)",
    ),
    Fault(
        2,
        "a version that is observed stays held",
        "effects.py",
        '"observed": ("unproven", "stable", "failed", WHAT_IT_WAS, "retired")',
        '"observed": ("unproven", "stable", "failed", "rolled_back", "retired")',
    ),
    Fault(
        2,
        "a lifted hold forgets what the version was",
        "effects.py",
        "status=version.was.status, reason=version.was.reason",
        'status="unproven", reason=""',
    ),
    Fault(
        2,
        "an observation holds what it leaves, in the lineage or not",
        "effects.py",
        '(event.kind == "rolled_back" or rewound)',
        '(event.kind != "deployed")',
    ),
    Fault(
        2,
        "an observation of another version never rewinds",
        "effects.py",
        'again or event.kind == "deployed"',
        'again or event.kind != "rolled_back"',
    ),
    Fault(
        3,
        "a barrier that was left is forgotten",
        "rules.py",
        "barrier.metadata.get(self.key) and barrier.times_deployed",
        "barrier.metadata.get(self.key) and barrier in registry.facts.lineage()",
    ),
    Fault(
        3,
        "a version that never served crosses a barrier",
        "rules.py",
        "return registry.facts.last_deployment(version.label) < max(firsts, default=-1)",
        "return 0 <= registry.facts.last_deployment(version.label) < max(firsts, default=-1)",
    ),
    Fault(
        3,
        "a barrier stands at its last deployment",
        "rules.py",
        "min(registry.facts.deployments_of(barrier.label))",
        "max(registry.facts.deployments_of(barrier.label))",
    ),
    Fault(
        3,
        "a barrier that becomes known later does not count",
        "rules.py",
        "barrier.metadata.get(self.key)",
        "barrier.registered.get(self.key)",
    ),
    Fault(
        3,
        "what is unknown on both sides is the same",
        "rules.py",
        "mine is None or not is_same(mine, theirs)",
        "not is_same(mine, theirs)",
    ),
    Fault(
        4,
        "a plan for another registry is carried out",
        "plans.py",
        "tuple(events[: plan.revision]) == plan.fingerprint",
        "True",
    ),
    Fault(
        4,
        "a plan is refused because its source failed too",
        "plans.py",
        "return event.version == plan.target or has_contents_of",
        "return event.version in (plan.source, plan.target) or has_contents_of",
    ),
    Fault(
        4,
        "a plan is carried out although its source proved good",
        "plans.py",
        "return event.version == plan.source and changed",
        "return False",
    ),
    Fault(
        4,
        "a plan is carried out although the contents of its target failed",
        "plans.py",
        "return event.version == plan.target or has_contents_of(plan.target, event.version, then)",
        "return event.version == plan.target",
    ),
    Fault(
        4,
        "a plan is carried out across a barrier that became known",
        "plans.py",
        "(involved and bool(changed)) or event.version in deployed_since",
        "involved and bool(changed)",
    ),
    Fault(
        5,
        "contents that failed are deployed under a new label",
        "refusals.py",
        'event.kind in ("deployed", "marked_stable", "rolled_back")',
        'event.kind in ("marked_stable", "rolled_back")',
    ),
    Fault(
        5,
        "a hold or a deleted artifact condemns contents",
        "facts.py",
        "other.failure is not None",
        "not other.is_good",
    ),
    Fault(
        5,
        "contents that failed after they were retired are forgotten",
        "effects.py",
        'elif event.kind == "marked_failed" and before.failure is None:',
        'elif event.kind == "never" and before.failure is None:',
    ),
    Fault(
        5,
        "a reinstated version still condemns its contents",
        "effects.py",
        "then = then._replace(failure=None)",
        "pass",
    ),
    Fault(
        5,
        "the current version cannot prove good because of its contents",
        "refusals.py",
        "is_good_news and version.label != facts.current",
        "is_good_news",
    ),
    Fault(
        6,
        "a version is advised to be reinstated because somebody said that it failed",
        "decisions.py",
        "ways_out({candidate.version for candidate in considered}, registry)",
        'ways_out({c.version for c in considered}, registry) | {"bad": '
        '{c.version for c in considered if "failed" in (c.reason or "")}}',
    ),
    Fault(
        6,
        "advice names versions that are not safe",
        "advice.py",
        "not Safe().rejects(version, registry)",
        "version.is_good",
    ),
    Fault(
        7,
        "the latest time on record is believed",
        "times.py",
        "return None if self.earliest_after is None else latest(self)",
        "return self.latest_before",
    ),
    Fault(
        7,
        "a time of another decade silences what is recent",
        "times.py",
        "return None if self.latest_before is None else earliest(self)",
        "return self.latest_before",
    ),
    Fault(
        7,
        "the time of an alarm is taken for the time of a deployment",
        "times.py",
        "None if event.kind in VERDICTS else event.at",
        "event.at",
    ),
    Fault(
        7,
        "a rollback without a time counts for ever",
        "rules.py",
        "happened_by = bounds(registry.events, rollback.began).no_later_than",
        "happened_by = rollback.at",
    ),
    Fault(
        7,
        "an observation of something new never resets a budget",
        "rules.py",
        'deployed or (found.kind == "observed" and found.version not in served)',
        "deployed",
    ),
    Fault(
        7,
        "a decision is made at the latest time on record",
        "decisions.py",
        "registry if at is None else registry.with_clock(at)",
        "registry if at is None else registry.with_clock(max(at, registry.clock or at))",
    ),
    Fault(
        7,
        "a number beyond 64 bits cannot be read",
        "facts.py",
        "return float(value)",
        "return value",
    ),
    Fault(
        8,
        "what serves again after an undeploy makes a step",
        "effects.py",
        "if event.version == facts.last:\n        return facts.path",
        "if event.version == facts.current:\n        return facts.path",
    ),
    Fault(
        8,
        "after an undeploy there is nothing to go back from",
        "decisions.py",
        "if registry.facts.last is None:\n        raise Refused",
        "if registry.facts.last is None or registry.current is None:\n        raise Refused",
    ),
    Fault(
        8,
        "an undeploy of the source makes a plan stale",
        "plans.py",
        "if event.kind in DEPLOYING:\n        return event.version != before.last",
        'if event.kind in (*DEPLOYING, "undeployed"):\n        return event.version != before.current or then.current is None',  # noqa: E501
    ),
)
