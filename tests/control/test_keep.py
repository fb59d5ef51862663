"""What a controller wants, answer by answer."""

from datetime import timedelta

import attrs
import pytest

from lastgood import InvalidData, LastStable, VersionRegistry
from lastgood.control import (
    Append,
    Done,
    Load,
    Look,
    Observe,
    Outcome,
    Seen,
    Serve,
    Wait,
    keep,
    record,
)
from lastgood.rules import Budget
from tests.control.talking import ended, outcome, serving, told
from tests.scenarios.story import deploy, good, story
from tests.tools.control.worlds import NOW, perform


def updated(*labels: str) -> VersionRegistry:
    """Return the record of stable versions, and of an update after them that is unproven."""
    *stable, update = labels
    return story(good(*stable), deploy(update))


def failed() -> VersionRegistry:
    """Return the record of two stable versions, and of an update after them that failed."""
    return updated("v1", "v2", "v3").mark_failed("v3", reason="p99 900 ms")


def moved(registry: VersionRegistry) -> int:
    """Return the revision of the latest deployment."""
    return registry.deployments[-1].revision


# The way of a rollback


def test_it_reads_records_looks_and_moves() -> None:
    """The record leads: a rollback is on record before anything moves, and each names its plan."""
    talk = keep(LastStable(), failed(), by="controller")
    assert talk.wants == Load(failed().revision, failed().fingerprint)

    talk = told(talk, ())
    append = talk.wants
    assert isinstance(append, Append)
    assert append.plan is not None
    assert (append.before, append.fingerprint) == (failed().revision, failed().fingerprint)
    assert (append.plan.source, append.plan.target) == ("v3", "v2")
    (event,) = append.events
    assert (event.kind, event.by, event.at) == ("rolled_back", "controller", NOW)

    talk = told(talk, True)
    assert talk.wants == Look()
    talk = told(talk, Seen("v3", moved(failed())))
    assert talk.wants == Serve("v2", failed().revision + 1, append.plan)
    talk = told(talk, True, Seen("v2", failed().revision + 1))
    assert outcome(talk) is Outcome.SETTLED
    assert talk.registry.current == "v2"


def test_where_all_is_well_it_only_looks() -> None:
    """Nothing is appended or moved that nobody needs."""
    registry = updated("v1", "v2")
    talk = told(keep(LastStable(), registry), (), Seen("v2", moved(registry)))
    assert talk.wants == Done(
        Outcome.SETTLED, f"'v2' serves, as recorded at revision {moved(registry)}"
    )


def test_an_annotation_does_not_unsettle_the_world() -> None:
    """A move carries the revision of its own event, not that of the registry."""
    registry = updated("v1", "v2").annotate("v2", {"warm": True}).register("v3")
    talk = told(keep(LastStable(), registry), (), Seen("v2", moved(registry)))
    assert outcome(talk) is Outcome.SETTLED


def test_what_another_controller_decided_is_carried_out() -> None:
    """Whoever notices moves the world, and names the plan as it is on record."""
    plan = LastStable().plan(failed())
    registry = failed().roll_back(plan)
    talk = told(keep(LastStable(), VersionRegistry()), registry.events, Seen("v3", 8))
    on_record = attrs.evolve(plan, considered=())
    assert talk.wants == Serve("v2", registry.revision, on_record)


def test_a_request_that_is_older_is_made_anew() -> None:
    """The version serves, but an older move that arrives late could still replace it."""
    registry = updated("v1", "v2")
    talk = told(keep(LastStable(), registry), (), Seen("v2", moved(registry) - 3))
    assert talk.wants == Serve("v2", moved(registry))


def test_an_undeploy_is_carried_out() -> None:
    """Nothing must serve: the move is that of the undeploy, whatever is recorded later."""
    registry = updated("v1", "v2").undeploy("v2").register("v3")
    done, _, world = ended(keep(LastStable(), registry), registry, serving("v2", 5))
    assert done.outcome is Outcome.SETTLED
    assert (world.serves, world.revision) == (None, registry.revision - 1)


def test_a_version_that_serves_after_an_undeploy_is_down_for_its_task() -> None:
    """A world that does not stop serving is reported; there is no version to judge."""
    registry = updated("v1", "v2").undeploy("v2")
    talk = told(keep(LastStable(), registry, looks=1), (), Seen("v2", 5), True, Seen("v2", 6))
    assert talk.wants == Done(
        Outcome.TARGET_DOWN,
        "nothing must serve: at 1 look, 'v2' served. No verdict was recorded",
    )


# What does not come up


def test_an_update_that_does_not_come_up_is_left() -> None:
    """The verdict and the rollback are one append, after as many looks as the caller asked for."""
    registry = updated("v1", "v2", "v3")
    own = moved(registry)
    talk = told(keep(LastStable(), registry, looks=3), (), Seen("v2", 5))
    assert talk.wants == Serve("v3", own)
    talk = told(talk, True, Seen("v2", own))
    assert talk.wants == Wait(30.0)
    talk = told(talk, None, Seen("v2", own))
    assert talk.wants == Wait(60.0)
    talk = told(talk, None, Seen("v2", own))
    append = talk.wants
    assert isinstance(append, Append)
    assert [event.kind for event in append.events] == ["marked_failed", "rolled_back"]
    assert append.events[0].reason == "'v3' does not come up: at 3 looks, 'v2' served"
    assert append.plan is not None


def test_without_a_way_back_the_verdict_is_recorded_alone() -> None:
    """A person has to decide; that the update does not come up is known from then on."""
    registry = updated("v1")
    world = serving(None, 0, broken="v1")
    done, record, _ = ended(keep(LastStable(), registry), registry, world)
    assert done.outcome is Outcome.NO_TARGET
    assert "No way back from v1" in done.detail
    assert record.events[-1].kind == "marked_failed"


def test_a_target_that_does_not_come_up_ends_the_conversation() -> None:
    """There is no verdict on it, and no second step."""
    world = serving("v3", moved(failed()), broken="v2")
    done, record, _ = ended(keep(LastStable(), failed()), failed(), world)
    assert done.outcome is Outcome.TARGET_DOWN
    assert done.detail.startswith("'v2' does not come up: at 3 looks, 'v3' served.")
    assert record.events[-1].kind == "rolled_back"
    assert record["v2"].status_text == "stable"


def test_a_version_that_proved_good_since_it_was_deployed_is_not_judged() -> None:
    """It came up once: that it is down now says more about the world."""
    registry = updated("v1", "v2").mark_stable("v2", reason="24 h")
    talk = keep(LastStable(), registry, looks=1)
    talk = told(talk, (), Seen(None, moved(registry)), True, Seen(None, moved(registry)))
    assert outcome(talk) is Outcome.TARGET_DOWN


def test_no_answer_is_no_evidence() -> None:
    """A look without an answer does not count."""
    registry = updated("v1", "v2")
    own = moved(registry)
    talk = told(keep(LastStable(), registry, looks=2), (), Seen("v1", 2), True)
    talk = told(talk, None, None, None, None, Seen("v1", own))
    assert talk.wants == Wait(30.0)


def test_a_look_without_a_revision_is_no_evidence() -> None:
    """Nobody knows whom the world followed then: a verdict takes as many looks as it names."""
    registry = updated("v1", "v2")
    own = moved(registry)
    talk = told(keep(LastStable(), registry, looks=3), (), Seen("v1", 2), True)
    talk = told(talk, Seen("v1"), None, Seen("v1"), None, Seen("v1", own))
    assert isinstance(talk.wants, Wait)
    talk = told(talk, None, Seen("v1", own), None, Seen("v1", own))
    append = talk.wants
    assert isinstance(append, Append)
    assert append.events[0].reason == "'v2' does not come up: at 3 looks, 'v1' served"


def test_looks_begin_anew_with_each_request() -> None:
    """A request that is made once more gives the version its time again."""
    registry = updated("v1", "v2")
    own = moved(registry)
    talk = told(keep(LastStable(), registry, looks=2), (), Seen("v1", 2), True, Seen("v1", own))
    talk = told(talk, None, Seen("v1", 2), None)
    assert talk.wants == Serve("v2", own)
    talk = told(talk, True, Seen("v1", own))
    assert talk.wants == Wait(30.0)


def test_a_stable_version_that_is_deployed_again_is_not_judged() -> None:
    """A person goes back to it by hand: it proved good, so that it is down is not its fault."""
    registry = updated("v1", "v2").deploy("v1")
    done, record, _ = ended(
        keep(LastStable(), registry), registry, serving("v2", moved(registry) - 1, broken="v1")
    )
    assert done.outcome is Outcome.TARGET_DOWN
    assert record == registry


def test_a_verdict_is_not_sent_again_without_a_look() -> None:
    """The answer was lost, the record ends where the events begin, and the update came up."""
    registry = updated("v1", "v2")
    own = moved(registry)
    talk = told(keep(LastStable(), registry, looks=1), (), Seen("v1", 2), True, Seen("v1", own))
    assert isinstance(talk.wants, Append)
    talk = told(talk, None, None, ())
    assert talk.wants == Look()
    assert outcome(told(talk, Seen("v2", own))) is Outcome.SETTLED
    again = told(talk, Seen("v1", own)).wants
    assert isinstance(again, Append), "it is still down"
    assert again.events[0].reason == "'v2' does not come up: at 2 looks, 'v1' served"


def test_a_verdict_that_is_on_record_is_recognised() -> None:
    """It arrived, only its answer was lost: the rollback is carried out, and nothing is judged."""
    registry = updated("v1", "v2")
    own = moved(registry)
    talk = told(keep(LastStable(), registry, looks=1), (), Seen("v1", 2), True, Seen("v1", own))
    append = talk.wants
    assert isinstance(append, Append)
    talk = told(talk, None, None, append.events, Seen("v1", own))
    assert talk.wants == Serve("v1", own + 2, append.plan)


def test_a_hand_is_not_followed_again_without_a_look() -> None:
    """What it put in service was recorded without an answer, and may serve no more."""
    registry = updated("v1", "v2")
    talk = told(keep(LastStable(), registry, follow=True), (), Seen("v1"), None, None, ())
    assert talk.wants == Look()


def test_a_record_that_is_replaced_asks_the_world_anew() -> None:
    """The same version at the same revision, and another deployment: the looks are not its own."""
    registry = updated("v1", "v2")
    own = moved(registry)
    other = VersionRegistry().register("v1").deploy("v1").mark_stable("v1", reason="24 h")
    other = other.register("v2").deploy("v2")
    assert moved(other) == own
    talk = told(keep(LastStable(), registry, looks=1), (), Seen("v1", 2), True, Seen("v1", own))
    assert isinstance(talk.wants, Append)
    talk = told(talk, False, None, other.events, Seen("v1", own))
    assert talk.wants == Serve("v2", own)


def test_a_look_counts_only_after_the_world_took_the_request() -> None:
    """Another course of history may have had the same revision, so the world is asked first."""
    registry = updated("v1", "v2")
    talk = told(keep(LastStable(), registry, looks=1), (), Seen("v1", moved(registry)))
    assert talk.wants == Serve("v2", moved(registry))
    talk = told(talk, None, None, Seen("v1", moved(registry)))
    assert talk.wants == Serve("v2", moved(registry)), "whether it was taken is not known"


def test_a_world_that_cannot_tell_gives_no_evidence() -> None:
    """Nobody knows whom it follows, so that a version does not serve is reported only."""
    registry = updated("v1", "v2")
    talk = told(keep(LastStable(), registry, looks=1), (), Seen("v1"), True, Seen("v1"))
    assert outcome(talk) is Outcome.TARGET_DOWN


def test_a_world_that_goes_back_to_an_older_request_is_asked_again() -> None:
    """It took the request, and follows an older one: that is an attempt."""
    registry = updated("v1", "v2")
    own = moved(registry)
    talk = told(keep(LastStable(), registry), (), Seen("v1", 2), True, Seen("v1", 2))
    assert talk.wants == Wait(1.0)
    assert told(talk, None).wants == Serve("v2", own)


# Worlds that a hand moved


def test_who_decides_asks_also_where_a_hand_was_quicker() -> None:
    """A person puts the target in service before the rollback is on record. The world is asked all
    the same: else it would follow the revision of what failed, and take a late request for it.
    """
    talk = told(keep(LastStable(), failed()), (), True, Seen("v2"))
    own = failed().revision + 1
    assert isinstance(talk.wants, Serve)
    assert (talk.wants.version, talk.wants.revision) == ("v2", own)
    assert outcome(told(talk, True, Seen("v2", own))) is Outcome.SETTLED


def test_a_late_request_finds_the_rollback_after_a_hand() -> None:
    """The fence of the world is where the record is, so what failed is not put back."""
    registry = failed()
    hand = serving("v3", moved(registry)).by_hand("v2")
    done, record, world = ended(keep(LastStable(), registry), registry, hand)
    assert done.outcome is Outcome.SETTLED
    taken, _, world = perform(Serve("v3", moved(registry)), record, world)
    assert (taken, world.serves) == (False, "v2")


def test_who_did_not_decide_takes_the_world_at_its_word() -> None:
    """A world that cannot tell its revision is not asked every minute for what serves already."""
    registry = LastStable().recover(failed())
    assert outcome(told(keep(LastStable(), registry), (), Seen("v2"))) is Outcome.SETTLED


def test_a_hand_is_reported_and_the_record_leads() -> None:
    """Without `follow`, the world is put back, and the end says so."""
    registry = updated("v1", "v2")
    world = serving("v2", moved(registry)).by_hand("v0")
    done, record, world = ended(keep(LastStable(), registry), registry, world)
    assert done.outcome is Outcome.MOVED_BY_HAND
    assert done.detail.startswith("a hand had put 'v0' in service; 'v2' serves")
    assert (world.serves, record) == ("v2", registry)


@pytest.mark.parametrize("version", ["v1", "v0"])
def test_a_hand_is_reported_and_the_record_follows(version: str) -> None:
    """With `follow`, what serves is observed, and the world remembers the revision."""
    registry = updated("v1", "v2").register("v0")
    world = serving("v2", moved(registry)).by_hand(version)
    talk = keep(LastStable(), registry, follow=True, by="controller")
    done, record, world = ended(talk, registry, world)
    assert done.outcome is Outcome.MOVED_BY_HAND
    assert (record.events[-1].kind, record.events[-1].by) == ("observed", "controller")
    assert (world.serves, world.revision) == (version, record.revision)


def test_a_hand_that_stops_the_service_is_followed() -> None:
    """The alias was removed by hand: nothing serves, and the record says so."""
    registry = updated("v1", "v2")
    talk = told(keep(LastStable(), registry, follow=True), (), Seen(None))
    append = talk.wants
    assert isinstance(append, Append)
    assert [event.kind for event in append.events] == ["undeployed"]
    talk = told(talk, True, Seen(None), True, Seen(None, registry.revision + 1))
    assert outcome(talk) is Outcome.MOVED_BY_HAND


def test_a_failed_version_is_not_followed() -> None:
    """It would be left at once; one failed update is rolled back once."""
    registry = LastStable().recover(failed())
    world = serving("v2", registry.revision).by_hand("v3")
    done, record, world = ended(keep(LastStable(), registry, follow=True), registry, world)
    assert done.outcome is Outcome.MOVED_BY_HAND
    assert (record, world.serves) == (registry, "v2")


def test_a_hand_is_followed_after_somebody_else_was_quicker() -> None:
    """The record is longer now, and the hand's version still serves."""
    registry = updated("v1", "v2")
    note = registry.annotate("v1", {"warm": True})
    talk = told(keep(LastStable(), registry, follow=True), (), Seen("v1"), False, None)
    append = told(talk, note.events, Seen("v1")).wants
    assert isinstance(append, Append)
    assert (append.before, append.events[0].kind) == (note.revision, "observed")


def test_what_was_observed_is_left_for_a_newer_deployment() -> None:
    """The world never got a revision for it, so what it shows is no second hand."""
    registry = updated("v1", "v2").observe("v1").register("v3").deploy("v3")
    talk = told(keep(LastStable(), registry, follow=True), (), Seen("v1"))
    assert talk.wants == Serve("v3", registry.revision)


def test_a_world_that_cannot_tell_and_lags_is_no_hand() -> None:
    """It shows what served before, and then what it was asked for."""
    registry = updated("v1", "v2")
    talk = told(keep(LastStable(), registry), (), Seen("v1"), True, Seen("v2"))
    assert outcome(talk) is Outcome.SETTLED


def test_what_is_not_registered_is_not_followed() -> None:
    """A label that the record does not have cannot be observed: a person has to register it."""
    registry = updated("v1", "v2")
    talk = told(keep(LastStable(), registry, follow=True), (), Seen("v9"))
    assert talk.wants == Done(
        Outcome.MOVED_BY_HAND, "a hand put 'v9' in service, which is not registered"
    )


def test_where_nothing_was_deployed_nothing_is_stopped() -> None:
    """The record has nothing to say about what serves."""
    registry = VersionRegistry().register("v1")
    talk = told(keep(LastStable(), registry), (), Seen("v1"))
    assert talk.wants == Done(
        Outcome.MOVED_BY_HAND, "nothing was ever deployed, and the world serves 'v1'"
    )
    assert outcome(told(keep(LastStable(), registry), (), Seen(None))) is Outcome.SETTLED


def test_a_first_deployment_is_no_hand() -> None:
    """A new world serves nothing, for no revision, until it is asked for the first time."""
    registry = updated("v1")
    done, _, world = ended(keep(LastStable(), registry), registry, serving(None, None))
    assert (done.outcome, world.serves) == (Outcome.SETTLED, "v1")


def test_a_version_that_this_conversation_leaves_is_no_hand() -> None:
    """The world was never asked by a conversation, and serves what the rollback leaves."""
    done, record, _ = ended(keep(LastStable(), failed()), failed(), serving("v3", None))
    assert done.outcome is Outcome.SETTLED
    follow = keep(LastStable(), failed(), follow=True)
    assert ended(follow, failed(), serving("v3", None))[:2] == (done, record)


def test_a_hand_that_keeps_the_revision_is_reported() -> None:
    """The world serves what the record never had in service, though it names our revision."""
    registry = updated("v1", "v2")
    own = moved(registry)
    talk = told(keep(LastStable(), registry), (), Seen("v9", own), True, Seen("v2", own))
    assert outcome(talk) is Outcome.MOVED_BY_HAND


@pytest.mark.parametrize("version", ["hotfix", "v0"])
def test_a_hand_that_keeps_the_revision_is_no_evidence(version: str) -> None:
    """The update came up, or would, and a hand put something else there: it is not to blame."""
    registry = updated("v0", "v1", "v2")
    own = moved(registry)
    talk = told(keep(LastStable(), registry, looks=2), (), Seen("v1", own - 3), True)
    talk = told(talk, Seen(version, own), None, Seen(version, own))
    assert talk.wants == Done(
        Outcome.MOVED_BY_HAND,
        f"'v2' does not come up: at 2 looks, '{version}' served: a hand put it there",
    )


def test_looks_at_what_a_hand_did_do_not_count() -> None:
    """After the hand let go, a verdict takes as many looks as it names."""
    registry = updated("v0", "v1", "v2")
    own = moved(registry)
    talk = told(keep(LastStable(), registry, looks=2), (), Seen("v1", own - 3), True)
    talk = told(talk, Seen("v0", own), None, Seen("v1", own))
    assert isinstance(talk.wants, Wait)
    assert isinstance(told(talk, None, Seen("v1", own)).wants, Append)


def test_a_hand_that_insists_and_keeps_the_revision_is_reported() -> None:
    """It was there before the world was asked, and is again: it never served on record."""
    registry = updated("v1", "v2")
    own = moved(registry)
    talk = told(keep(LastStable(), registry, looks=1), (), Seen("hotfix", own), True)
    assert outcome(told(talk, Seen("hotfix", own))) is Outcome.MOVED_BY_HAND


def test_what_served_before_an_update_that_never_came_up_is_no_hand() -> None:
    """v2 never came up, so v1 still serves when v3 is deployed, and goes on until v3 comes up."""
    registry = updated("v1", "v2").register("v3").deploy("v3")
    own = moved(registry)
    talk = told(keep(LastStable(), registry, looks=1), (), Seen("v1", 2), True, Seen("v1", own))
    assert isinstance(talk.wants, Append)


def test_what_served_before_a_first_deployment_is_no_hand() -> None:
    """A model that was served before there was a record goes on until the first update is up."""
    registry = updated("v1")
    talk = told(keep(LastStable(), registry, looks=1), (), Seen("old", 0), True, Seen("old", 2))
    append = talk.wants
    assert isinstance(append, Append)
    assert [event.kind for event in append.events] == ["marked_failed"]
    talk = told(keep(LastStable(), registry, looks=1), (), Seen("old", 0), True, Seen("new", 2))
    assert outcome(talk) is Outcome.MOVED_BY_HAND


@pytest.mark.parametrize("follow", [True, False])
def test_a_world_that_was_never_asked_is_no_hand(follow: bool) -> None:  # parametrised
    """It tells 0, and is asked for what was deployed: nothing is followed, and nobody to report."""
    registry = updated("v1", "v2")
    done, record, world = ended(
        keep(LastStable(), registry, follow=follow), registry, serving("v1", 0)
    )
    assert (done.outcome, record) == (Outcome.SETTLED, registry)
    assert (world.serves, world.revision) == ("v2", moved(registry))


def test_a_hand_that_insists_is_reported() -> None:
    """The world took the request, and a hand moves it all the same: no verdict, no fight."""
    registry = updated("v1", "v2")
    talk = told(keep(LastStable(), registry, looks=1), (), Seen("v9"), True, Seen("v9"))
    assert talk.wants == Done(
        Outcome.MOVED_BY_HAND,
        "'v2' does not come up: at 1 look, 'v9' served: a hand put it there",
    )


# Worlds and clocks that are ahead


def test_a_world_that_is_further_is_reported_after_reading_again() -> None:
    """The record was restored: it is read again, and then nothing is moved or recorded."""
    registry = updated("v1", "v2")
    talk = told(keep(LastStable(), registry), (), Seen("v3", 99))
    assert talk.wants == Wait(1.0)
    talk = told(talk, None)
    assert isinstance(talk.wants, Load)
    talk = told(talk, (), Seen("v3", 99))
    done = talk.wants
    assert isinstance(done, Done)
    assert done.outcome is Outcome.RECORD_BEHIND
    first, then = done.detail.split("First record what serves")
    assert "Nothing was moved" in first
    assert "Only when that is on record, set the revision in the world to 0" in then


def test_the_advice_of_that_report_leads_back_to_order() -> None:
    """What serves is observed, the world forgets its revision, and nothing is left or moved."""
    registry = updated("v1", "v2").mark_stable("v2").register("v3")
    world = serving("v3", 99)
    assert ended(keep(LastStable(), registry), registry, world)[0].outcome == "record_behind"
    _, registry, _ = ended(record(Observe("v3"), registry), registry, world)
    assert ended(keep(LastStable(), registry), registry, world)[0].outcome == "record_behind"
    done, after, world = ended(keep(LastStable(), registry), registry, serving("v3", 0))
    assert (done.outcome, after, world.serves) == (Outcome.SETTLED, registry, "v3")
    assert world.revision == registry.revision


def test_what_was_not_read_again_is_not_reported_as_restored() -> None:
    """The attempts end before the record is read again: it may just be known too late."""
    registry = updated("v1", "v2")
    talk = told(keep(LastStable(), registry, attempts=1), (), Seen("v3", 99))
    assert talk.wants == Done(Outcome.GAVE_UP, "the world is further than what was read")


def test_a_record_that_has_caught_up_is_followed() -> None:
    """The world was further because this controller slept."""
    old = updated("v1", "v2")
    new = old.register("v3").deploy("v3")
    talk = told(keep(LastStable(), old), (), Seen("v3", moved(new)), None)
    talk = told(talk, new.events[old.revision :], (), Seen("v3", moved(new)))
    assert outcome(talk) is Outcome.SETTLED


def test_a_world_that_refuses_is_further() -> None:
    """The same, if it turns out only when the world is asked."""
    registry = updated("v1", "v2")
    talk = told(keep(LastStable(), registry), (), Seen("v1", 2), False, None, (), Seen("v1", 2))
    assert outcome(told(talk, False)) is Outcome.RECORD_BEHIND


def test_a_clock_that_is_ahead_is_reported() -> None:
    """Rules would go by that time, so nothing is decided."""
    registry = failed().annotate("v1", {"warm": True}, at=NOW + timedelta(hours=1))
    talk = told(keep(LastStable(), registry), ())
    assert outcome(talk) is Outcome.CLOCK_AHEAD
    assert isinstance(told(keep(LastStable(), registry, skew="2h"), ()).wants, Append)


def test_a_clock_that_is_put_back_is_reported() -> None:
    """The caller's own events are later than its clock: one of the two is wrong."""
    talk = told(keep(LastStable(), failed()), ())
    assert outcome(talk.told(True, now=NOW - timedelta(hours=1))) is Outcome.CLOCK_AHEAD


def test_a_way_back_that_opens_meanwhile_is_taken() -> None:
    """The budget frees between the verdict and its answer."""
    policy = LastStable().where(Budget(1, within="1h"))
    registry = policy.recover(failed(), at=NOW - timedelta(minutes=59)).register("v4").deploy("v4")
    own = moved(registry)
    talk = told(keep(policy, registry, looks=1), (), Seen("v2", own - 2), True, Seen("v2", own))
    append = talk.wants
    assert isinstance(append, Append)
    assert [event.kind for event in append.events] == ["marked_failed"]
    append = talk.told(True, now=NOW + timedelta(minutes=2)).wants
    assert isinstance(append, Append)
    assert [event.kind for event in append.events] == ["rolled_back"]


def test_clocks_may_differ_a_little() -> None:
    """A few seconds are not worth a report, unless the caller says so."""
    registry = failed().annotate("v1", {"warm": True}, at=NOW + timedelta(seconds=10))
    assert isinstance(told(keep(LastStable(), registry), ()).wants, Append)
    exact = keep(LastStable(), registry, skew=timedelta())
    assert outcome(told(exact, ())) is Outcome.CLOCK_AHEAD


def test_the_policy_sees_the_time_of_the_answer() -> None:
    """A budget frees with the clock of the caller, which no event has told."""
    policy = LastStable().where(Budget(1, within="1h"))
    registry = policy.recover(failed(), at=NOW - timedelta(minutes=30)).mark_failed("v2")
    assert outcome(told(keep(policy, registry), ())) is Outcome.NO_TARGET
    later = keep(policy, registry).told((), now=NOW + timedelta(hours=1))
    assert isinstance(later.wants, Append)


# What cannot be read, and what is read


def test_a_record_that_cannot_be_read_is_reported() -> None:
    """The error of the store is the detail; nothing else is wanted."""
    talk = told(keep(LastStable(), VersionRegistry()), InvalidData("format", "2 is not supported"))
    assert talk.wants == Done(Outcome.UNREADABLE, "format: 2 is not supported")
    assert talk.registry == VersionRegistry(), "what was known before is known still"


def test_data_that_are_damaged_are_reported() -> None:
    """Plain data are read here, and the place of what is wrong is named."""
    talk = keep(LastStable(), VersionRegistry())
    talk = told(talk, [{"kind": "registered", "version": "v1"}, {"kind": "deployed"}])
    assert talk.wants == Done(Outcome.UNREADABLE, "events[1].version: the key is missing")
    assert talk.registry == VersionRegistry(), "what was known before is known still"


def test_events_that_do_not_follow_are_reported() -> None:
    """An event that the rules refuse is named."""
    talk = told(keep(LastStable(), VersionRegistry()), [{"kind": "deployed", "version": "v1"}])
    done = talk.wants
    assert isinstance(done, Done)
    assert done.outcome is Outcome.UNREADABLE
    assert done.detail.startswith("events[0]: version 'v1' is not registered")


def test_a_store_may_answer_with_everything() -> None:
    """All events begin with the first one that is known, and news never do."""
    registry = failed()
    talk = told(keep(LastStable(), registry.at_revision(3)), registry.events)
    assert talk.registry == registry


def test_another_record_takes_the_place_of_the_known_one() -> None:
    """What cannot come after the known events is a record of its own."""
    other = VersionRegistry().register("v1", digest="sha256:aa").deploy("v1")
    talk = told(keep(LastStable(), failed()), other.events)
    assert talk.registry == other


def test_another_record_that_could_be_news_is_told_from_news() -> None:
    """Its events can follow the known ones. The store compares the fingerprint, and knows."""
    known = updated("v1")
    other = updated("v9")
    both = known.extend(other.events)
    talk = told(keep(LastStable(), known), other.events)
    assert talk.wants == Load(both.revision, both.fingerprint)
    talk = told(talk, other.events)
    assert talk.registry == other
    assert talk.wants == Look()


def test_news_that_could_be_another_record_are_asked_for_once() -> None:
    """After the second answer it is known that they are news, and what is more of them."""
    two = updated("v1", "v2")
    three = two.mark_stable("v2").register("v3").deploy("v3")
    talk = told(keep(LastStable(), two.at_revision(3)), two.events[3:])
    talk = told(talk, None, None)
    assert talk.wants == Load(two.revision, two.fingerprint)
    talk = told(talk, three.events[two.revision :])
    assert (talk.registry, talk.wants) == (three, Look())


def test_what_is_wrong_with_news_is_named_as_in_the_answer() -> None:
    """The place is that in the answer, and the answer is named: the record has other places."""
    registry = updated("v1", "v2")
    talk = told(keep(LastStable(), registry), [{"kind": "deployed", "version": "v9"}])
    done = talk.wants
    assert isinstance(done, Done)
    assert done.outcome is Outcome.UNREADABLE
    assert done.detail.startswith(
        "in the answer to Load(since=5): events[0]: version 'v9' is not registered"
    )


def test_what_is_known_is_read_no_more() -> None:
    """The conversation hands out what it knows, so the next one can begin with it."""
    registry = failed()
    first = told(keep(LastStable(), VersionRegistry()), registry.events)
    assert first.registry == registry
    assert keep(LastStable(), first.registry).wants == Load(registry.revision, registry.fingerprint)


# Answers that are lost


def test_the_same_events_are_sent_again() -> None:
    """The record ends where they begin: they are not made anew, so a late copy is refused."""
    talk = told(keep(LastStable(), failed()), ())
    append = talk.wants
    later = NOW + timedelta(minutes=1)
    again = talk.told(None, now=later).told(None, now=later).told((), now=later)
    assert again.wants == append


def test_own_events_are_recognised() -> None:
    """They stand at their place, whatever was recorded after them."""
    talk = told(keep(LastStable(), failed()), ())
    append = talk.wants
    assert isinstance(append, Append)
    record = failed().extend(append.events).annotate("v1", {"warm": True})
    talk = told(talk, None, None, record.events[append.before :], Seen("v3", moved(failed())))
    assert talk.wants == Serve("v2", append.before + 1, append.plan)


def test_after_somebody_else_the_decision_is_made_anew() -> None:
    """The record is longer, and what is on it needs no rollback any more."""
    talk = told(keep(LastStable(), failed()), (), False, None)
    news = failed().register("v4").deploy("v4").events[failed().revision :]
    talk = told(talk, news, ())
    assert talk.wants == Look()
    assert told(talk, Seen("v3", moved(failed()))).wants == Serve("v4", failed().revision + 2)


def test_other_events_at_the_place_are_not_taken_for_own_ones() -> None:
    """As many events, and others: the record was restored, or another controller won."""
    talk = told(keep(LastStable(), failed()), (), False, None)
    other = failed().retire("v2").events[failed().revision :]
    append = told(talk, other).wants
    assert isinstance(append, Append)
    assert append.events[0].version == "v1"


def test_waits_grow_and_attempts_end() -> None:
    """A store that never answers is given up after the attempts, with growing waits between."""
    talk = keep(LastStable(), failed(), attempts=9)
    waits: list[float] = []
    while not isinstance(talk.wants, Done):
        if isinstance(talk.wants, Wait):
            waits.append(talk.wants.seconds)
        talk = told(talk, None)
    assert waits == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]
    assert talk.wants == Done(Outcome.GAVE_UP, "the record was not read: the store gave no answer")


def test_any_number_of_attempts_comes_to_an_end() -> None:
    """Waits stop growing at a minute, however many there are."""
    talk = keep(LastStable(), failed(), attempts=2_000)
    while not isinstance(talk.wants, Done):
        talk = told(talk, None)
    assert outcome(talk) is Outcome.GAVE_UP


def test_a_record_that_cannot_be_read_for_an_append_is_read_again() -> None:
    """A store compares before it appends, and finds the damage then."""
    damage = InvalidData("events", "truncated")
    talk = told(keep(LastStable(), failed()), (), damage)
    assert isinstance(talk.wants, Wait)
    talk = told(talk, None, damage)
    assert talk.wants == Done(Outcome.UNREADABLE, "events: truncated")


ERROR = InvalidData("note", "'v2@x' is not a version and a revision")


def test_a_world_that_raises_an_error_of_lastgood_gave_no_answer() -> None:
    """A note that cannot be read is no evidence: the world is looked at again, then it is told."""
    talk = told(keep(LastStable(), updated("v1", "v2"), attempts=2), (), ERROR)
    assert isinstance(talk.wants, Wait)
    assert (
        told(talk, None, Seen("v2", 5)).wants
        == told(keep(LastStable(), updated("v1", "v2")), (), Seen("v2", 5)).wants
    )
    talk = told(talk, None, ERROR)
    assert talk.wants == Done(
        Outcome.GAVE_UP,
        "the world was not seen: it gave no answer: note: 'v2@x' is not a version and a revision",
    )


def test_a_request_that_ends_in_an_error_of_lastgood_may_have_been_taken() -> None:
    """The world is looked at, as after a lost answer; what went wrong is in the detail."""
    begun = told(keep(LastStable(), updated("v1", "v2"), attempts=1), (), Seen("v1", 2))
    assert isinstance(begun.wants, Serve)
    assert told(begun, ERROR).wants == Done(
        Outcome.GAVE_UP,
        "the world was asked to move, without an answer: "
        "note: 'v2@x' is not a version and a revision",
    )
    begun = told(keep(LastStable(), updated("v1", "v2")), (), Seen("v1", 2))
    assert told(begun, ERROR, None).wants == Look()


def test_an_append_that_ends_in_an_error_says_which() -> None:
    """The record could be read each time, so the error of the append is what is reported."""
    talk = told(keep(LastStable(), failed(), attempts=1), (), InvalidData("disk", "is full"))
    assert talk.wants == Done(
        Outcome.GAVE_UP, "it is not known whether the events are on record: disk: is full"
    )


def test_a_record_that_is_never_free_is_given_up() -> None:
    """Somebody else was quicker each time."""
    talk = keep(LastStable(), failed(), attempts=3)
    talk = told(talk, (), False, None, (), False, None, failed().events, False)
    assert talk.wants == Done(Outcome.GAVE_UP, "somebody else was quicker each time")


def test_reading_again_and_again_reads_everything() -> None:
    """If news did not help, all of the record is read."""
    talk = told(keep(LastStable(), failed()), None, None, None)
    assert talk.wants == Wait(2.0)
    assert told(talk, None).wants == Load(0, VersionRegistry().fingerprint)
