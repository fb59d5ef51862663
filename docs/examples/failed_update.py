"""A model update failed: which version do we go back to, and why that one?"""

from lastgood import LastStable, VersionRegistry


def main() -> None:
    """Leave the failed v1.1 for the last version that proved good."""
    registry = VersionRegistry.from_statuses(
        {"v1.0": "stable", "v1.1": "failed", "v1.2": "stable"},
        current="v1.1",  # v1.2 waits for its turn: it never served, so it is no way back
    )

    if registry.needs_rollback:
        plan = LastStable().plan(registry)
        print(plan.explain())
        # Here your own code lets plan.target serve.
        registry = registry.roll_back(plan)

    print(f"Deployed model version: {registry.current}")


if __name__ == "__main__":
    main()
