"""Random strategies and rules, each as the code that makes it."""

from tests.tools.model.walks import METADATA, Walk

DURATIONS = ("'60s'", "'10m'", "timedelta(hours=1)", "'1h'")


def likely_strategy(walk: Walk) -> str:
    """One of any kind, mostly one that finds a target."""
    good = walk.label_with("stable", "unproven")
    return walk.random.choice(
        ("LastStable()", "Previous()", "WholeLineage()", f"Pinned({good})", strategy(walk))
    )


def strategy(walk: Walk) -> str:
    """One of any kind, perhaps under rules, perhaps with alternatives."""
    one, other = simple_strategy(walk), simple_strategy(walk)
    return walk.random.choice(
        (
            one,
            one,
            f"{one}.where({rule(walk)})",
            f"{one}.where({rule(walk)}, {rule(walk)})",
            f"{one}.where({rule(walk)}).where({rule(walk)})",
            f"({one} | {other})",
            f"FirstOf({one}.where({rule(walk)}), {other}).where({rule(walk)})",
        )
    )


def simple_strategy(walk: Walk) -> str:
    """One that is not composed."""
    return walk.random.choice(
        (
            "LastStable()",
            "LastStable()",
            "LastStable(steps=2)",
            "LastStable(steps=3)",
            "Previous()",
            "Previous(steps=2)",
            f"Pinned({walk.label()})",
            f"AsOf({walk.random.choice('tu')}({walk.some_time()}))",
            f"AsOf({walk.random.choice('tu')}({walk.some_time()}))",
            "PreviousBySemver()",
            "PreviousBySemver(prereleases=True)",
            "PreviousBySemver(unproven=True)",
            "PreviousBySemver(prereleases=True, unproven=True)",
            "PreviousBy(numbers)",
            "PreviousBy(numbers, unproven=True)",
            "BestBy('auc')",
            "BestBy('auc', lowest=True)",
            "WholeLineage()",
            "RegisteredBefore()",
            "Careless()",
            "Overheard()",
        )
    )


def rule(walk: Walk) -> str:
    """Any rule."""
    key = walk.random.choice(list(METADATA))
    return walk.random.choice(
        (
            timed_rule(walk),
            timed_rule(walk),
            timed_rule(walk),
            "Safe()",
            "Stable()",
            "Served()",
            f"Except({walk.label()})",
            f"Except({walk.label()}, {walk.label()})",
            f"AtLeast({walk.random.choice(('1', '1.2.0-rc.9', 'v2.0.0'))!r})",
            "SameMajor()",
            "SameMinor()",
            f"SameMetadata({key!r})",
            "SameMetadata('auc', 'schema')",
            f"HasMetadata({key!r}, {walk.random.choice(METADATA[key])})",
            f"AtMostSteps({walk.random.randint(1, 4)})",
            "NotAcross('migration')",
            "NotAcross('migration')",
            f"Budget({walk.random.randint(1, 3)})",
            f"Budget({walk.random.randint(1, 3)})",
            "failed_over",
        )
    )


def timed_rule(walk: Walk) -> str:
    """A rule that needs the clock."""
    length = walk.random.choice(DURATIONS)
    return walk.random.choice(
        (
            f"ServedWithin({length})",
            f"ServedAtLeast({length})",
            f"Budget({walk.random.randint(1, 3)}, within={length})",
        )
    )
