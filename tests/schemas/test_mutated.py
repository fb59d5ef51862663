"""The schemas and the readers agree on mutated documents."""

import subprocess
import sys

import pytest

from lastgood import VersionRegistry
from tests.package.discovery import ROOT
from tests.tools.schemas.mutated import DOCUMENTS, agreed, documents


def test_they_agree_on_mutated_documents() -> None:
    """No mutated document is read by only one of them, and many of each are read or refused."""
    kinds = documents(seed=1, count=600)
    for name in DOCUMENTS:
        assert kinds[f"{name}: read"] > 5, kinds
        assert kinds[f"{name}: refused"] > 20, kinds


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"format": 1, "events": []}, "read"),
        ({"format": 2, "events": []}, "refused"),
        (
            {"format": 1, "events": [{"kind": "deployed", "version": "1"}]},
            "refused by the rules of the registry",
        ),
        (
            {
                "format": 1,
                "events": [{"kind": "registered", "version": "1", "at": "2026-02-30T12:00Z"}],
            },
            "refused because of the calendar",
        ),
    ],
)
def test_what_they_agree_on(data: object, kind: str) -> None:
    """A refusal has a reason that a schema can see, or one of two that it cannot."""
    assert agreed("registry", data, VersionRegistry.from_dict) == kind


def test_a_disagreement_is_found() -> None:
    """Data that only the schema or only a reader takes fail."""
    event = {"kind": "deployed", "version": "1"}
    with pytest.raises(AssertionError, match="only the schema refuses"):
        _ = agreed("event", {**event, "more": 1}, repr)
    with pytest.raises(AssertionError, match="only the reader refuses"):
        _ = agreed("event", event, VersionRegistry.from_dict)


def test_the_command() -> None:
    """The command tries as many documents as it is asked for, and says how many they were."""
    command = [sys.executable, "-m", "tests.tools.schemas", "--documents", "20", "--seed", "7"]
    answer = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert answer.stdout.splitlines()[-1] == "20 documents, seed 7: no disagreement"
