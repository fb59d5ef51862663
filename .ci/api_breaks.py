"""Compare the public face with that of the last release: ``python .ci/api_breaks.py <repository>``.

The last release is the highest tag such as ``v1.2.3`` that is below the version of the tree. What
breaks its users is allowed where the version says so: with a new major, and before 1.0 a new minor.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TypeAlias

import griffe

PACKAGE = "lastgood"

Release: TypeAlias = tuple[int, int, int]


def release_of(text: str) -> Release | None:
    """Return the three numbers of a version or a tag, or `None` where it is another text."""
    match = re.fullmatch(r"v?(\d+)\.(\d+)\.(\d+)", text)
    return None if match is None else (int(match[1]), int(match[2]), int(match[3]))


def version_of(repository: Path) -> Release:
    """Return the version that the tree has now."""
    project = tomllib.loads((repository / "pyproject.toml").read_text("utf-8"))["project"]
    return release_of(project["version"]) or sys.exit(f"{project['version']} is not like 1.2.3")


def last_release(repository: Path, version: Release) -> Release | None:
    """Return the highest version below this one that has a tag."""
    git = ["git", "-C", str(repository), "tag", "--list", "v*", "--merged", "HEAD"]
    tags = subprocess.run(git, check=True, capture_output=True, text=True).stdout.split()
    releases = [release for tag in tags if (release := release_of(tag)) and release < version]
    return max(releases, default=None)


def breaks(repository: Path, tag: str) -> list[str]:
    """Return what a user of the tagged release would trip over in the tree, one line each."""
    search = ["src"]
    old = griffe.load_git(
        PACKAGE, ref=tag, repo=repository, search_paths=search, resolve_aliases=True
    )
    new = griffe.load(
        PACKAGE, search_paths=[repository / path for path in search], resolve_aliases=True
    )
    return sorted({told(found) for found in griffe.find_breaking_changes(old, new)})


def told(found: griffe.Breakage) -> str:
    """Return a break in one line: where, what, and what there was."""
    lost = getattr(found.old_value, "name", found.old_value)
    return f"{found.obj.canonical_path}: {found.kind.value}: {found.details or lost}"


def may_break(old: Release, new: Release) -> bool:
    """Return whether the new version announces that something may break."""
    return new[0] > old[0] or (new[0] == 0 and new[1] > old[1])


def main(folder: str) -> None:
    """Say what breaks, and fail where the version does not announce it."""
    repository = Path(folder).resolve()
    version = version_of(repository)
    old = last_release(repository, version)
    if old is None:
        print("there was no release yet, so there is nobody to break anything for")
        return
    tag = "v" + ".".join(map(str, old))
    found = breaks(repository, tag)
    print(*found, f"{len(found)} breaks since {tag}", sep="\n")
    if found and not may_break(old, version):
        sys.exit(f"the version must announce them: it is still {'.'.join(map(str, version))}")


if __name__ == "__main__":
    main(*sys.argv[1:])
