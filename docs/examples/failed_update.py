"""A model update failed: which version do we go back to, and why that one?"""

from lastgood import LastStable, VersionRegistry


def leave_failed_version(registry: VersionRegistry) -> VersionRegistry:
    """Plan a rollback and carry it out, if the current version failed."""
    if registry.needs_rollback:
        plan = LastStable().plan(registry)
        print(plan.explain())
        # Here your own code lets plan.target serve.
        registry = registry.roll_back(plan, by="rollback job")
    return registry


def main() -> None:
    """Leave the failed v1.1 for the last version that proved good, in a job that runs twice."""
    registry = VersionRegistry.from_statuses(
        {"v1.0": "stable", "v1.1": "failed", "v1.2": "stable"},
        current="v1.1",  # v1.2 waits for its turn: it never served, so LastStable() ignores it
    )

    registry = leave_failed_version(registry)
    registry = leave_failed_version(registry)  # the retry finds nothing to do

    print(f"Deployed model version: {registry.current}")


if __name__ == "__main__":
    main()
