"""The rollouts of a Deployment, a StatefulSet or a DaemonSet become a registry."""

import copy
import re
from typing import Any

import pytest

from docs.examples.histories import kubernetes
from docs.examples.histories.one_back import OneBack
from lastgood import InvalidData, Previous
from lastgood.backtest import backtest
from tests.histories.printed import known, printed, served

FIRST, SECOND, THIRD, LAST = (
    "churn-6d4b75cb6d",
    "churn-75675f5897",
    "churn-5f48b4cd7c",
    "churn-7bc9d86f5",
)


def annotated(number: int, **annotations: str) -> Any:
    """Return the list of ReplicaSets, one of them with these annotations instead of its own."""
    data = printed("kubernetes")
    data["items"][number]["metadata"]["annotations"] = {
        f"deployment.kubernetes.io/{key}": value for key, value in annotations.items()
    }
    return data


def test_a_history() -> None:
    """Each number is a rollout; a ReplicaSet that was rolled out before is observed."""
    assert served(kubernetes.read(printed("kubernetes"))) == [
        (FIRST, "deployed"),
        (SECOND, "deployed"),
        (THIRD, "deployed"),
        (SECOND, "observed"),
        (FIRST, "observed"),
        (LAST, "deployed"),
    ]


def test_going_back_is_an_incident() -> None:
    """Somebody went back twice; one back, the second time, goes forward again."""
    result = backtest(kubernetes.read(printed("kubernetes")), Previous(), OneBack())
    assert [incident.version for incident in result] == [THIRD, SECOND]
    assert [[each.target for each in incident.choices] for incident in result] == [
        [SECOND, SECOND],
        [FIRST, None],
    ]


def test_only_the_first_rollout_has_a_time() -> None:
    """The time of its creation says nothing about the later ones."""
    times = [each.at for each in kubernetes.read(printed("kubernetes")).deployments]
    assert [each is None for each in times] == [False, False, False, True, True, False]


def test_nothing_is_known_before_it_was_there() -> None:
    """A ReplicaSet is registered with its first rollout, so no strategy sees it earlier."""
    registry = kubernetes.read(printed("kubernetes"))
    (first, _) = backtest(registry, Previous())
    assert LAST not in registry.at_revision(first.revision)


def test_nothing_is_proved_and_the_deadline_fails() -> None:
    """Only the Deployment knows that its rollout failed, and only the current one."""
    data = printed("kubernetes")
    assert known(kubernetes.read(data))[LAST] == "unproven"
    registry = kubernetes.read(data, printed("kubernetes_deployment"))
    message = f'failed: ReplicaSet "{LAST}" has timed out progressing.'
    assert known(registry)[LAST] == message
    assert registry.needs_rollback


def test_a_report_about_another_generation_is_ignored() -> None:
    """The condition may still be the one of the rollout before."""
    deployment = printed("kubernetes_deployment")
    deployment["metadata"]["generation"] = 8
    assert not kubernetes.read(printed("kubernetes"), deployment).needs_rollback


def test_a_deployment_of_another_moment_is_ignored() -> None:
    """Its number says which rollout its verdict is about: one of the two files may be older."""
    older = printed("kubernetes")
    del older["items"][3]
    registry = kubernetes.read(older, printed("kubernetes_deployment"))
    assert (registry.current, registry.needs_rollback) == (FIRST, False)
    deployment = printed("kubernetes_deployment")
    deployment["metadata"]["annotations"] = {}
    assert not kubernetes.read(printed("kubernetes"), deployment).needs_rollback


def owned(name: str, kind: str = "Deployment", *, controller: bool = True) -> list[dict[str, Any]]:
    """Return the references of an item to its owner."""
    return [{"kind": kind, "name": name, "controller": controller}]


def test_two_deployments() -> None:
    """A label may select the ReplicaSets of two: they are no history of one."""
    data = printed("kubernetes")
    data["items"][3]["metadata"]["ownerReferences"] = owned("churn-worker", controller=False)
    assert kubernetes.read(data, printed("kubernetes_deployment")).needs_rollback
    data["items"][3]["metadata"]["ownerReferences"] = owned("churn-worker")
    message = (
        "items[3].metadata.ownerReferences[0].name: there are several owners: "
        "Deployment churn, Deployment churn-worker"
    )
    with pytest.raises(InvalidData, match=f"^{re.escape(message)}"):
        _ = kubernetes.read(data)


def test_another_deployment() -> None:
    """The Deployment has to be the one that owns the ReplicaSets."""
    deployment = printed("kubernetes_deployment")
    deployment["metadata"]["name"] = "churn-worker"
    message = "deployment.metadata.name: the ReplicaSets are of Deployment churn, not of "
    with pytest.raises(InvalidData, match=f"^{re.escape(message)}Deployment churn-worker"):
        _ = kubernetes.read(printed("kubernetes"), deployment)
    ownerless = printed("kubernetes")
    del ownerless["items"][0]["metadata"]["ownerReferences"]
    assert kubernetes.read(ownerless, deployment).needs_rollback


def test_the_wrong_file() -> None:
    """What is not a list of items is an error, and not a history without incidents."""
    for read in (kubernetes.read, kubernetes.read_controller_revisions):
        with pytest.raises(InvalidData, match=r"^items: is missing"):
            _ = read(printed("kubernetes_deployment"))


def test_a_deployment_without_trouble() -> None:
    """Other conditions are no verdicts, and without a rollout there is nothing to judge."""
    deployment = printed("kubernetes_deployment")
    assert kubernetes.read({"items": []}, deployment).current is None
    deployment["metadata"]["annotations"]["deployment.kubernetes.io/revision"] = ""
    assert kubernetes.read({"items": []}, deployment).current is None
    deployment = printed("kubernetes_deployment")
    del deployment["status"]["conditions"][1]
    assert not kubernetes.read(printed("kubernetes"), deployment).needs_rollback


def test_metadata() -> None:
    """The images and the cause of the change are metadata."""
    registry = kubernetes.read(printed("kubernetes"))
    assert dict(registry[FIRST].metadata) == {"images": "registry.example/churn:1.4.0"}
    assert "set image" in str(registry[THIRD].metadata["change_cause"])


def test_a_number_twice_in_one_replica_set_counts_once() -> None:
    """Old releases of Kubernetes wrote such annotations."""
    data = annotated(0, **{"revision": "5", "revision-history": "1,1, 5"})
    assert kubernetes.read(data) == kubernetes.read(printed("kubernetes"))


def test_a_replica_set_without_a_number_is_registered_only() -> None:
    """It was never rolled out."""
    registry = kubernetes.read(annotated(1))
    assert SECOND in registry
    assert SECOND not in {label for label, _ in served(registry)}


def test_the_same_number_of_two() -> None:
    """The ReplicaSets of two Deployments are no history of one."""
    with pytest.raises(InvalidData, match=re.escape(f"revision 5 is of {FIRST} and of {SECOND}")):
        _ = kubernetes.read(annotated(1, revision="5"))


@pytest.mark.parametrize("number", ["two", "-2", "9" * 5000])
def test_a_number_that_is_none(number: str) -> None:
    """The message begins with the place of the annotation."""
    place = "items[1].metadata.annotations.deployment.kubernetes.io/revision: "
    with pytest.raises(InvalidData, match=f"^{re.escape(place)}"):
        _ = kubernetes.read(annotated(1, revision=number))


def revisions(*numbers: int) -> Any:
    """Return ControllerRevisions with these numbers, as kubectl prints them."""
    template = printed("kubernetes")["items"][0]["spec"]["template"]
    items = [
        {
            "metadata": {"name": f"churn-{place}", "creationTimestamp": "2026-03-02T09:12:44Z"},
            "data": {"spec": {"template": copy.deepcopy(template)}},
            "revision": number,
        }
        for place, number in enumerate(numbers)
    ]
    return {"kind": "List", "items": items}


def test_controller_revisions() -> None:
    """They are in the order in which each was last wanted, and have no incident."""
    registry = kubernetes.read_controller_revisions(revisions(4, 2, 3))
    assert [label for label, _ in served(registry)] == ["churn-1", "churn-2", "churn-0"]
    assert registry["churn-0"].metadata["images"] == "registry.example/churn:1.4.0"
    assert not backtest(registry, Previous())


def test_controller_revisions_of_two() -> None:
    """A StatefulSet and a DaemonSet with one name and one label are two."""
    data = revisions(1, 2)
    for item, kind in zip(data["items"], ("StatefulSet", "DaemonSet"), strict=True):
        item["metadata"]["ownerReferences"] = owned("churn", kind)
    with pytest.raises(InvalidData, match="several owners: DaemonSet churn, StatefulSet churn"):
        _ = kubernetes.read_controller_revisions(data)


def test_the_same_number_of_two_controller_revisions() -> None:
    """The message names both places."""
    with pytest.raises(InvalidData, match=re.escape("items[1].revision: 2 stands in items[0]")):
        _ = kubernetes.read_controller_revisions(revisions(2, 2))
