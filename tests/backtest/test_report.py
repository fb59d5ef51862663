"""The result of a back-test as a value, as text, and as plain data."""

import copy
import json
import pickle
import re
import unicodedata
from collections.abc import Iterator

import attrs
import pytest
from hypothesis import given
from typing_extensions import override

from lastgood import (
    BestBy,
    Candidate,
    LastStable,
    Pinned,
    Previous,
    RollbackStrategy,
    VersionRegistry,
)
from lastgood.backtest import Backtest, Counts, backtest
from tests.backtest.stories import auc, back_by_hand, month
from tests.registry.making import deployed, hour
from tests.render.histories import hostile_registries
from tests.render.test_timeline import columns

TEXT = """\
3 incidents on record
  S1  LastStable()
  S2  Previous()
  S3  Pinned('v9')
  S4  LastStable().where(auc)
  = as recorded, > otherwise, x no target, ! raised

v1.3  failed: p99 latency 900 ms
  2024-05-05 07:00, revision 12: rolled back to v1.2 by ana; later failed:
  tokenizer mismatch
  >  S1  v1.1        stable
  =  S2  v1.2        unproven; later failed: tokenizer mismatch
  x  S3  no target   v9: not registered
  !  S4  raised      KeyError: 'auc'

v1.2  failed: tokenizer mismatch
  2024-05-05 12:00, revision 14: rolled back to v1.1
  =  S1  v1.1        stable
  =  S2  v1.1        stable
  x  S3  no target   v9: not registered
  !  S4  raised      KeyError: 'auc'

v1.4  failed: error rate 4 %
  2024-05-06 12:00, revision 18: nothing took its place so far
  >  S1  v1.1        stable
  >  S2  v1.1        stable
  x  S3  no target   v9: not registered
  !  S4  raised      KeyError: 'auc'

          as recorded  otherwise  no target  raised  failed later
  S1                1          2          0       0             0
  S2                2          1          0       0             1
  S3                0          0          3       0             0
  S4                0          0          0       3             0
  record                                                        1"""


def result() -> Backtest:
    """Return the result that is shown above."""
    return backtest(month(), LastStable(), Previous(), Pinned("v9"), LastStable().where(auc))


def test_it_explains_itself() -> None:
    """It shows every incident with what was done and what each strategy would have done."""
    assert result().explain() == TEXT


def test_only_the_last_ones_are_shown() -> None:
    """Of many incidents it shows the last ones; the counts are of all of them."""
    text = result().explain(last=1)
    assert text.startswith("The last 1 of 3 incidents on record\n")
    assert re.findall(r"^v1\.\d", text, re.MULTILINE) == ["v1.4"]
    assert text[text.index("as recorded  ") :] == TEXT[TEXT.index("as recorded  ") :]
    with pytest.raises(ValueError, match="last must be at least 1, not 0"):
        _ = result().explain(last=0)


def test_no_incident_is_said() -> None:
    """Where nothing went wrong, it says so, and who would have been asked."""
    text = backtest(deployed("1", "2"), LastStable()).explain()
    assert text == "No incident on record\n  S1  LastStable()"


def test_what_was_done_in_words() -> None:
    """Each way to end an incident has its words, with who said so and why."""

    def words(registry: VersionRegistry) -> list[str]:
        return backtest(registry, LastStable()).explain().splitlines()[4:6]

    failed = deployed("1", "2").mark_failed("2", reason="slow")
    assert words(failed.observe("1", by="ana", reason="by hand")) == [
        "2  failed: slow",
        "  revision 5: 1 was observed to serve by ana: by hand",
    ]
    fixed = failed.register("3").deploy("3", at=hour(1))
    assert words(fixed)[1] == "  2024-05-01 13:00, revision 6: 3 was deployed"
    assert words(failed.undeploy("2"))[1] == (
        "  revision 6: undeployed, nothing took its place so far"
    )
    assert words(failed.undeploy("2").observe("1"))[1] == (
        "  revision 6: undeployed, 1 was observed to serve"
    )
    cleared = failed.reinstate("2", reason="false alarm").register("3").deploy("3")
    assert words(cleared)[0] == "2  unproven: false alarm; marked failed before: slow"
    assert words(back_by_hand("1", "2", to="1"))[0] == "2  unproven"


def test_news_of_a_choice_in_words() -> None:
    """What the record says later is shown where it says something else."""
    registry = deployed("1", "2").mark_failed("2").mark_failed("1", reason="slow")
    before = registry.at_revision(5)
    assert "  >  S1  1   unproven\n" in backtest(before, Previous()).explain()
    stable = backtest(before.mark_stable("1"), Previous())
    assert "  >  S1  1   stable\n" in stable.explain()
    later = backtest(before.observe("1").mark_stable("1"), Previous())
    assert "  =  S1  1   unproven; now stable\n" in later.explain()
    failed = backtest(before.observe("1").mark_failed("1", reason="slow"), Previous())
    assert "  =  S1  1   unproven; later failed: slow\n" in failed.explain()


def test_no_news_of_a_choice() -> None:
    """A reason that says something else than the status does not make the status news."""
    registry = deployed("1").mark_stable("1").annotate("1", {"score": 9})
    registry = registry.register("2", metadata={"score": 1}).deploy("2").mark_failed("2")
    assert "now" not in backtest(registry, BestBy("score")).explain().split()
    later = registry.register("3").deploy("3").retire("1", reason="old")
    assert "; now retired: old\n" in backtest(later, BestBy("score")).explain()


@attrs.frozen
class Silent(RollbackStrategy):
    """Gives no reason."""

    @override
    def candidates(self, registry: VersionRegistry, /) -> Iterator[Candidate]:
        return (Candidate.accept(version.label, "") for version in registry.lineage())


def test_a_choice_without_a_reason() -> None:
    """Only the news is said, if there is any."""
    registry = deployed("1", "2").mark_failed("2")
    assert "  >  S1  1\n" in backtest(registry, Silent()).explain()
    later = registry.register("3").deploy("3").mark_stable("1")
    assert "  >  S1  1   now stable\n" in backtest(later, Silent()).explain()


def test_what_had_failed_already_did_not_fail_later() -> None:
    """The words about what was done tell a version that failed later from one that had before."""
    failed = deployed("1", "2").mark_failed("1", reason="slow").mark_failed("2").observe("1")
    text = backtest(failed, LastStable()).explain()
    assert "1 was observed to serve; it had failed already\n" in text
    assert text.endswith("record                                                        0")


def test_a_time_that_was_not_recorded() -> None:
    """It was after the last time that is known, where what was done has no time of its own."""
    failed = deployed("1", "2").mark_failed("2", at=hour(1))
    assert (
        "\n  after 2024-05-01 13:00, revision 5: "
        in backtest(failed.observe("1"), LastStable()).explain()
    )
    assert "after" not in backtest(failed.observe("1", at=hour(2)), LastStable()).explain().split()
    assert "after" not in backtest(failed, LastStable()).explain().split()


def test_a_long_label() -> None:
    """What is said of a label that leaves no room begins below it."""
    label = "model-" + "9f86d081" * 6
    text = backtest(deployed(label, "2").mark_failed("2"), Previous(), LastStable()).explain()
    assert f"  >  S1  {label}\n        unproven\n" in text
    assert "  x  S2  no target   " in text


@given(hostile_registries)
def test_lines_are_narrow(registry: VersionRegistry) -> None:
    """Whatever labels and reasons mean to a terminal, a line is one line of at most 80 columns.

    Only a label may be wider.
    """
    lines = backtest(registry, LastStable(), Pinned("9")).explain().split("\n")
    assert not any(unicodedata.category(each) == "Cc" for line in lines for each in line)
    widest = max(map(columns, registry), default=0)
    assert all(columns(line) <= max(80, widest + 12) for line in lines)


def test_it_is_a_sequence() -> None:
    """It is a sequence of incidents, oldest first."""
    found = result()
    assert [incident.version for incident in found] == ["v1.3", "v1.2", "v1.4"]
    assert (len(found), found[0], found[1:]) == (3, found.incidents[0], found.incidents[1:])


def test_it_is_a_value() -> None:
    """It is equal to one made again, can be hashed, pickled and copied, and knows what it is of."""
    found = result()
    assert found == result()
    assert hash(found) == hash(result())
    assert pickle.loads(pickle.dumps(found)) == found
    assert copy.deepcopy(found) == found
    assert found.fingerprint == month().fingerprint
    assert repr(found.counts[0]).startswith("Counts(strategy='LastStable()', as_recorded=1")


def test_it_counts() -> None:
    """The counts of each strategy add up to the incidents; what failed later is counted apart."""
    found = result()
    assert found.counts[1] == Counts("Previous()", 2, 1, 0, 0, 1)
    assert {
        each.as_recorded + each.otherwise + each.no_target + each.raised for each in found.counts
    } == {3}


def test_differing_incidents() -> None:
    """The incidents in which strategies differ are a result of their own, with counts."""
    both = backtest(month(), LastStable(), Previous())
    differing = both.differing()
    assert [incident.version for incident in differing] == ["v1.3"]
    assert (differing.strategies, differing.fingerprint) == (both.strategies, both.fingerprint)
    assert [each.otherwise for each in differing.counts] == [1, 0]
    assert not backtest(month(), LastStable(), LastStable()).differing()
    assert len(backtest(month(), Pinned("v9"), LastStable().where(auc)).differing()) == 3


def test_plain_data() -> None:
    """It is plain JSON types, with every key of every part."""
    data = result().to_dict()
    assert json.loads(json.dumps(data)) == data
    assert data["strategies"][:2] == ["LastStable()", "Previous()"]
    assert data["fingerprint"] == month().fingerprint
    first, _, last = data["incidents"]
    assert first["version"] == "v1.3"
    assert first["clock"] == "2024-05-05T06:00:00+00:00"
    assert first["verdict"]["kind"] == "marked_failed"
    assert first["action"]["kind"] == "rolled_back"
    assert (first["failed_later"], first["failed_before"]) == (True, False)
    assert (last["action"], last["later"], last["status"]) == (None, "", "failed")
    assert first["choices"][1] == {
        "strategy": "Previous()",
        "kind": "as_recorded",
        "target": "v1.2",
        "reason": "unproven",
        "looked_at": 1,
        "rejected": [],
        "status_text": "unproven",
        "later": "failed: tokenizer mismatch",
        "failed_later": True,
    }
    assert first["choices"][2]["rejected"][0]["reason"] == "not registered"
    assert data["counts"][1]["failed_later"] == 1
    untimed = backtest(back_by_hand("1", "2", to="1"), LastStable()).to_dict()["incidents"][0]
    assert (untimed["clock"], untimed["verdict"]) == (None, None)
