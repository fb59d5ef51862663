"""The steps of a random history, each a line of Python about `r0`, `r1`, ...

Most are likely to be allowed; some are refused for each reason that there is, and some are no news.
"""

import re
from collections.abc import Callable, Mapping

from tests.tools.model.choices import likely_strategy, strategy
from tests.tools.model.walks import DIGESTS, REASONS, Walk

# What happens


def register(walk: Walk) -> str:
    """Mostly what is not registered yet."""
    unknown = [label for label in walk.labels if label not in walk.facts.versions]
    label = repr(walk.random.choice(unknown)) if unknown else walk.label()
    line = f"r{walk.base}.register({label}, metadata={{{walk.metadata(0)}}}"
    digest = walk.random.choice(DIGESTS) if walk.is_likely(walk.digested) else "None"
    return f"{line}, digest={digest}{walk.more()})"


def annotate(walk: Walk) -> str:
    """Any, often with values that are known already."""
    label = walk.last(0.3)
    return f"r{walk.base}.annotate({label}, {{{walk.metadata(1)}}}{walk.more()})"


def deploy(walk: Walk) -> str:
    """Mostly what may be deployed, by callers who say what they replace, or do not."""
    label = walk.label_with("unproven", "stable")
    replacing = f", replacing={walk.last(0.8)}" if walk.is_likely(0.3) else ""
    return f"r{walk.base}.deploy({label}{replacing}{walk.more()})"


def undeploy(walk: Walk) -> str:
    """Mostly what serves."""
    return f"r{walk.base}.undeploy({walk.last(0.8)}{walk.more()})"


def mark_stable(walk: Walk) -> str:
    """Mostly what may be stable, often the current one."""
    label = walk.last(0.8) if walk.is_likely(0.6) else walk.label_with("unproven")
    return f"r{walk.base}.mark_stable({label}{walk.more()})"


def mark_failed(walk: Walk) -> str:
    """Any, often the current one."""
    return f"r{walk.base}.mark_failed({walk.last(0.5)}{walk.more()})"


def retire(walk: Walk) -> str:
    """Any."""
    return f"r{walk.base}.retire({walk.label()}{walk.more()})"


def reinstate(walk: Walk) -> str:
    """Mostly what needs it."""
    label = walk.label_with("failed", "rolled_back", "retired")
    return f"r{walk.base}.reinstate({label}{walk.more()})"


def observe(walk: Walk) -> str:
    """Any, often one that is held."""
    label = walk.label_with("rolled_back") if walk.is_likely(0.4) else walk.label()
    return f"r{walk.base}.observe({label}{walk.more()})"


# Plans


def plan(walk: Walk, base: int) -> str:
    """A plan of this registry, now and then through plain data."""
    made = f"{likely_strategy(walk)}.plan(r{base}{walk.leaving(base)})"
    return f"RollbackPlan.from_dict({made}.to_dict())" if walk.is_likely(0.1) else made


def roll_back(walk: Walk) -> str:
    """By a plan just made, now and then carried out twice."""
    made = plan(walk, walk.base)
    line = f"r{walk.base}.roll_back({made}{walk.more()})"
    return f"{line}.roll_back({made}{walk.more()})" if walk.is_likely(0.1) else line


def old_plan(walk: Walk) -> str:
    """By a plan made of a recent or of any other registry."""
    return f"r{walk.base}.roll_back({plan(walk, walk.any_base())}{walk.more()})"


def overtaken_plan(walk: Walk) -> str:
    """By a plan that was made right before something else happened."""
    later = walk.random.choice(NEWS)(walk)
    return f"{later}.roll_back({plan(walk, walk.base)}{walk.more()})"


def forged_plan(walk: Walk) -> str:
    """By a plan that no strategy made, for this registry or an older one."""
    target = walk.label()
    made_for = f"r{walk.base if walk.is_likely(0.7) else walk.any_base()}"
    return (
        f"r{walk.base}.roll_back(RollbackPlan(source={walk.last(0.8)}, target={target}, "
        f"reason='forged', strategy='Forged()', revision={made_for}.revision, "
        f"fingerprint={made_for}.fingerprint, considered=(Candidate.accept({target}, 'forged'),))"
        f"{walk.more()})"
    )


def recover(walk: Walk) -> str:
    """If it is needed."""
    at = f", at={walk.time()}" if walk.is_likely(walk.timed) else ""
    return f"{likely_strategy(walk)}.recover(r{walk.base}{at})"


# Late retries


def retry(walk: Walk) -> str:
    """A command of long ago, or of just now, comes again."""
    lines = [line.partition(" = ")[2] for line in walk.history.lines]
    commands = [line for line in lines if re.match(r"r\d+\.", line)]
    if not commands:
        return register(walk)
    line = walk.random.choice(commands[-4:] if walk.is_likely(0.6) else commands)
    return re.sub(r"^r\d+", f"r{walk.base}", line)


# In and out, and points of view


def with_clock(walk: Walk) -> str:
    """Forwards, backwards, or without a zone."""
    minutes = max(0, walk.now + walk.random.randint(-60, 120))
    make = walk.random.choice(("t", "t", "t", "t", "u", "naive"))
    return f"r{walk.base}.with_clock({make}({minutes}))"


def at_revision(walk: Walk) -> str:
    """In range, mostly near."""
    revision = walk.pair.model.revision
    return f"r{walk.base}.at_revision({walk.random.randint(max(0, revision - 6), revision)})"


def remake(walk: Walk) -> str:
    """The same registry made in another way."""
    ways = (
        "pickle.loads(pickle.dumps(r{0}))",
        "copy.deepcopy(r{0})",
        "VersionRegistry.replay(r{0}.events)",
        "VersionRegistry.from_dict(r{0}.to_dict())",
        "VersionRegistry.from_dict(json.loads(json.dumps(r{0}.to_dict())))",
        "VersionRegistry.from_dict(javascript(r{0}.to_dict()))",
        "r{0}.at_revision(r{0}.revision)",
        "r{0}.at_revision(r{0}.revision // 2).extend(r{0}.events[r{0}.revision // 2:])",
    )
    return walk.random.choice(ways).format(walk.base)


def replay(walk: Walk) -> str:
    """The events with one left out, twice, or two swapped: what the rules make of it."""
    place = walk.random.randint(0, walk.pair.model.revision)
    ways = (
        "[*{0}[:{1}], *{0}[{2}:]]",
        "[*{0}[:{2}], *{0}[{1}:]]",
        "[*{0}[:{1}], *{0}[{2}:{3}], *{0}[{1}:{2}], *{0}[{3}:]]",
    )
    way = walk.random.choice(ways)
    if walk.is_likely(0.5):
        data = way.format(f"r{walk.base}.to_dict()['events']", place, place + 1, place + 2)
        return f"VersionRegistry.from_dict({{'format': 1, 'events': {data}}})"
    events = way.format(f"r{walk.base}.events", place, place + 1, place + 2)
    return f"VersionRegistry.replay({events})"


def extend(walk: Walk) -> str:
    """Events as data, which are kept where the command would be no news."""
    events = ", ".join(event(walk) for _ in range(walk.random.randint(1, 3)))
    return f"r{walk.base}.extend([{events}])"


def event(walk: Walk) -> str:
    """An event as data, often one that changes nothing."""
    kind = walk.random.choice(
        ("annotated", "deployed", "undeployed", "observed", "rolled_back", "registered",
         "marked_stable", "marked_failed", "retired", "reinstated")
    )  # fmt: skip
    more = walk.more()
    if kind == "annotated":
        more += f", metadata={{{walk.metadata(1)}}}"
    if kind == "rolled_back":
        more += f", source={walk.last(0.9)}, strategy='Unknown()'"
    return f"Event({kind!r}, {walk.last(0.4)}{more})"


def malformed(walk: Walk) -> str:
    """With arguments that no registry takes."""
    known, base = walk.label(), f"r{walk.base}"
    return walk.random.choice(
        (
            f"{base}.deploy('')",
            f"{base}.deploy({known}, replacing='')",
            f"{base}.undeploy(' 1.0.0')",
            f"{base}.mark_failed(' 1.0.0')",
            f"{base}.retire('1.0.0\\n')",
            f"{base}.observe('\\x00')",
            f"{base}.register('\\ud800')",
            f"{base}.register('x' * 257)",
            f"{base}.register('new', digest='')",
            f"{base}.register('new', digest='\\ud800')",
            f"{base}.register('new', metadata={{'auc': nan}})",
            f"{base}.register('new', metadata={{'auc': -inf}})",
            f"{base}.register('new', metadata={{'auc': 2**63}})",
            f"{base}.register('new', metadata={{'auc': '\\ud800'}})",
            f"{base}.register('new', at=naive({walk.now}))",
            f"{base}.annotate({known}, {{}})",
            f"{base}.annotate({known}, {{'auc': nan}})",
            f"{base}.deploy({known}, at=naive({walk.now}))",
            f"{base}.observe({known}, at=naive({walk.now}))",
            f"{base}.mark_failed({known}, reason='\\ud800')",
            f"{base}.mark_stable({known}, by='\\ud800')",
            f"{strategy(walk)}.recover({base}, at=naive({walk.now}))",
            f"{base}.at_revision({walk.pair.model.revision + 1})",
            f"{base}.at_revision(-1)",
            f"{base}.deploy('no such version')",
            f"{base}.deploy('no such version', replacing={known})",
            f"{base}.undeploy('no such version')",
            f"{base}.annotate('no such version', {{'auc': {walk.random.choice(REASONS)}}})",
        )
    )


#: What may come between a plan and its being carried out.
NEWS: tuple[Callable[[Walk], str], ...] = (
    annotate, annotate, deploy, mark_failed, mark_failed, mark_stable, observe, register, reinstate,
    retire, roll_back, undeploy,
)  # fmt: skip

#: How often each step is tried.
WEIGHTS: Mapping[Callable[[Walk], str], int] = {
    register: 8,
    annotate: 6,
    deploy: 26,
    undeploy: 4,
    mark_stable: 16,
    mark_failed: 9,
    retire: 2,
    reinstate: 10,
    observe: 8,
    roll_back: 14,
    old_plan: 6,
    overtaken_plan: 8,
    forged_plan: 3,
    recover: 3,
    retry: 8,
    with_clock: 2,
    at_revision: 1,
    remake: 2,
    replay: 4,
    extend: 5,
    malformed: 3,
}
