"""Key functions as users write them, for `PreviousBy`."""

from lastgood import Version


def by_build(version: Version) -> int | None:
    """Return the number of the build that CI gave the version."""
    build = version.metadata.get("build")
    return build if isinstance(build, int) else None


def by_date(version: Version) -> str | None:
    """Return what stands after the last ``@`` of the label."""
    _, at, date = version.label.rpartition("@")
    return date if at else None
