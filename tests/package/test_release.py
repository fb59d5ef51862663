"""What a release says about itself, it says everywhere in the same way."""

import re
import tomllib
from importlib.metadata import metadata

from tests.package.discovery import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_the_installed_version_is_that_of_the_tree() -> None:
    """The package that is tested is the one that the tree describes."""
    assert metadata("lastgood")["Version"] == PROJECT["version"]


def test_the_citation_names_the_version() -> None:
    """Whoever cites lastgood cites the release that they have."""
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    assert re.findall(r"^version: (.*)$", citation, re.MULTILINE) == [PROJECT["version"]]


def test_the_changelog_begins_with_the_version() -> None:
    """The first heading of the changelog is this version, dated or still to come."""
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    first, *_ = re.findall(
        r"^## \[(.*)\] - (?:unreleased|\d{4}-\d\d-\d\d)$", changelog, re.MULTILINE
    )
    assert first == PROJECT["version"]


def test_every_promised_python_has_a_classifier() -> None:
    """The classifiers name the Pythons from the lowest that is required on, without a gap."""
    named = [
        int(minor)
        for line in PROJECT["classifiers"]
        for minor in re.findall(r"^Programming Language :: Python :: 3\.(\d+)$", line)
    ]
    assert PROJECT["requires-python"] == f">=3.{named[0]}"
    assert named == list(range(named[0], named[-1] + 1))
