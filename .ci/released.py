"""Say whether the tree is ready to be released as a tag: ``python .ci/released.py v1.2.3``."""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def missing(tag: str) -> list[str]:
    """Return what does not say yet what the tag says."""
    version = tag.removeprefix("v")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wrong = []
    if project["version"] != version:
        wrong.append(f"pyproject.toml has the version {project['version']}")
    if f"\nversion: {version}\n" not in (ROOT / "CITATION.cff").read_text("utf-8"):
        wrong.append("CITATION.cff has another version")
    dated = rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d$"
    if not re.search(dated, (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE):
        wrong.append("CHANGELOG.md has no heading with this version and a date")
    return wrong


def main(tag: str) -> None:
    """End with what is missing, if anything is."""
    if wrong := missing(tag):
        sys.exit(f"{tag} cannot be released: {'; '.join(wrong)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
