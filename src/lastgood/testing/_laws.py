"""The laws of strategies: what each demands, why, and how a breach of it is looked for."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

import attrs

from lastgood.testing._decisions import (
    carried_out,
    deterministic,
    known,
    never_raises,
    time_shift,
    yields_candidates,
)
from lastgood.testing._news import (
    better_evidence,
    drop_unchosen,
    no_news,
    order_of_news,
    undeployed,
    unknown_keys,
    worse_evidence,
)
from lastgood.testing._report import Breach
from lastgood.testing._trial import Trial
from lastgood.testing._values import readable, survives_copy

_Check: TypeAlias = Callable[[Trial], Breach | None]


@attrs.frozen
class Law:
    """What every strategy keeps."""

    demand: str
    why: str
    check: _Check


def _finds_a_target(trial: Trial) -> Breach | None:
    if trial.with_target:
        return None
    return Breach(
        f"found no version to go back to on any of {trial.registries:,} registries",
        _WHAT_TO_GIVE if trial.raised is None and trial.malformed is None else _WHAT_TO_FIX,
    )


_WHAT_TO_GIVE: Final = (
    "a target on some; give what it looks for: metadata=[{'auc': 1}, {'auc': 2}], labels=[...]"
)
_WHAT_TO_FIX: Final = "a target on some, once it answers with candidates"


#: The laws by their names, in the order in which they are reported.
TABLE: Final[Mapping[str, Law]] = {
    "yields_candidates": Law(
        "it yields only candidates, and comes to an end",
        "the library can make a plan of nothing else, and review() reads to the end.",
        yields_candidates,
    ),
    "never_raises": Law(
        "it raises nothing on a registry in which something was deployed",
        "an exception during an incident leaves nobody with a way back.",
        never_raises,
    ),
    "deterministic": Law(
        "it gives the same answer when asked again, later, and about an equal registry",
        "a job that is retried, and a person who asks why, must see the same decision.",
        deterministic,
    ),
    "time_shift": Law(
        "the same history, four hundred years later, gives the same choice",
        "the time is registry.clock; the clock of the machine says something else tomorrow.",
        time_shift,
    ),
    "known": Law(
        "it accepts only registered versions",
        "nothing is known about any other, not even whether it exists.",
        known,
    ),
    "order_of_news": Law(
        "verdicts on different versions, recorded in another order, give the same choice",
        "late and reordered reports are the rule; which one came last says nothing.",
        order_of_news,
    ),
    "no_news": Law(
        "an event that says what is so already does not change the choice",
        "jobs are retried, and reports arrive twice; a repeated event is not a second fact.",
        no_news,
    ),
    "unknown_keys": Law(
        "metadata under a key that it does not look for does not change the choice",
        "teams note facts for reasons of their own; a note must not send a rollback elsewhere.",
        unknown_keys,
    ),
    "undeployed": Law(
        "undeploying the current version does not change the choice",
        "some stop a bad version first and decide then; the way back is the same.",
        undeployed,
    ),
    "drop_unchosen": Law(
        "registering a version that it then does not choose does not change the choice",
        "a canary that somebody registers must not send a rollback elsewhere.",
        drop_unchosen,
    ),
    "worse_evidence": Law(
        "bad news about a version that it ranks after its choice, or never mentions, changes "
        "nothing; about one that it ranks before, never moves the choice to one ranked before",
        "bad news about one version is not good news about another.",
        worse_evidence,
    ),
    "better_evidence": Law(
        "good news about its choice, and bad news about the version that is left, keep the choice",
        "such news comes while people approve a plan, and does not make the plan stale.",
        better_evidence,
    ),
    "carried_out": Law(
        "its plan can be carried out, also from data, and a second time changes nothing",
        "a plan that fails halfway, or works twice, is worse than none.",
        carried_out,
    ),
    "survives_copy": Law(
        "it can be hashed, and equals and answers like its copies and its unpickled pickle",
        "strategies travel between processes, and are keys of caches and tables.",
        survives_copy,
    ),
    "readable": Law(
        "its repr shows its parameters, and is the same for equal strategies",
        "the repr is what the audit trail says about who decided.",
        readable,
    ),
    "finds_a_target": Law(
        "it finds a version to go back to on some registry",
        "a check in which nothing was ever chosen has checked nothing.",
        _finds_a_target,
    ),
}
