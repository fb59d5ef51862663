"""Tags with the statements of the maintainers become a registry."""

import re
from datetime import timedelta
from typing import Any

import pytest

from docs.examples.histories import tags
from docs.examples.histories.one_back import OneBack
from lastgood import InvalidData, LastStable, VersionRegistry
from lastgood.backtest import backtest
from lastgood.rules import NotAcross
from tests.histories.printed import known, printed, served
from tests.rows import each_row


def etcd() -> VersionRegistry:
    """Return the registry of the example."""
    data = printed("etcd")
    return tags.read(data["tags"], data["statements"], soak=timedelta(days=30))


def test_every_tag_was_deployed() -> None:
    """The history is that of somebody who deployed each tag at its time."""
    assert served(etcd())[0] == ("v3.4.13", "deployed")
    assert len(served(etcd())) == 11
    assert etcd().current == "v3.5.6"


def test_statements_fail_tags() -> None:
    """A statement fails all tags that it names, those that were stable as well."""
    statuses = known(etcd())
    assert statuses["v3.4.16"] == "stable: served 30 days"
    assert statuses["v3.5.1"] == "failed: data inconsistency after a crash under load"


def test_one_back_was_never_right() -> None:
    """In each incident, what served right before was covered by the same statement, or another."""
    strategies = (OneBack(), LastStable(), LastStable().where(NotAcross("no_downgrade")))
    result = backtest(etcd(), *strategies)
    assert [incident.version for incident in result] == ["v3.5.2", "v3.5.3", "v3.5.5"]
    assert {tuple(each.target for each in incident.choices) for incident in result} == {
        (None, "v3.4.16", None)
    }


TAG: Any = {"tag": "v1", "at": "2026-03-01T00:00:00Z"}
STATEMENT: Any = {"tags": ["v1"], "at": "2026-03-02T00:00:00Z", "reason": "broken"}


def test_at_one_time_the_statement_comes_first() -> None:
    """A release that fixes something comes with the word that the one before was broken."""
    fixed = TAG | {"tag": "v2", "at": STATEMENT["at"]}
    (incident,) = backtest(tags.read([fixed, TAG], [STATEMENT]), LastStable())
    assert (incident.version, incident.action is None) == ("v1", False)


@each_row(
    ("rows", "statements", "message"),
    [
        ([TAG, TAG], (), "tags[1].tag: v1 stands there twice"),
        ([TAG | {"at": ""}], (), "tags[0].at: is missing"),
        ([TAG | {"metadata": {"a": []}}], (), "tags[0]: "),
        ([TAG], [STATEMENT | {"tags": ["v9"]}], "statements[0]: "),
        ([TAG], [STATEMENT | {"at": "2026-02-01T00:00:00Z"}], "statements[0]: "),
        ([TAG], [STATEMENT | {"reason": ""}], "statements[0].reason: must be a text"),
    ],
)
def test_what_cannot_be_read(rows: object, statements: object, message: str) -> None:
    """It is an error that begins with the place."""
    with pytest.raises(InvalidData, match=f"^{re.escape(message)}"):
        _ = tags.read(rows, statements)
