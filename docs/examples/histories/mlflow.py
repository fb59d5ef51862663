"""The versions of an MLflow model as a registry.

``GET /api/2.0/mlflow/model-versions/search?filter=name='NAME'`` gives the versions, and
``GET /api/2.0/mlflow/registered-models/get?name=NAME`` the model with its aliases.

What MLflow does not record:

* **Where an alias pointed before.** It knows where the alias points now, and nothing else
  (mlflow/mlflow#2169). So without more, one version serves, and there is no incident. A log of
  MLflow's webhooks, or of the job that moves the alias, has what is missing.
* **Whether a version was good.** There is no such field: the status ``READY`` says that the
  artifact is stored. Teams write verdicts into tags, and you say which.
* **When a tag was written.** The verdict stands at the end of the record, where it cannot be seen
  by a strategy that is asked about an earlier incident. What a webhook logged has its time.
* **Deleted versions.**

Checked in MLflow 3 (``mlflow/webhooks``, ``mlflow/entities/model_registry``). Aliases are not in
the answer of a search (mlflow/mlflow#16734).
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from docs.examples.histories.reading import Row, placed, row, rows, serves, whole_in
from lastgood import Status, VersionRegistry

#: The tag that holds a verdict, and what its values mean; `docs/examples/mlflow_rollback.py` writes
#: it. Change both to what you use.
VERDICT: Final = "status"
GOOD: Final = {"stable"}
BAD: Final = {"failed"}

EARLIEST: Final = datetime.min.replace(tzinfo=UTC)


def read(
    versions: object, model: object, webhooks: object = (), *, alias: str = "champion"
) -> VersionRegistry:
    """Return the registry of a model.

    Odd rows:

    * Versions come in any order; their numbers count. The same number twice is an error.
    * A version that the alias never named is registered only.
    * A webhook about another model or another alias is left out. One about a version that is not
      there any more registers it, without its metadata. One before the creation of its version is
      an error.
    * An alias that was deleted: nothing serves.
    * The alias points elsewhere than the last webhook says: that is observed, at the end. It is not
      there any more: nothing serves, at the end.
    * A bad verdict that was deleted, or followed by a good one, was taken back. A good one that was
      deleted stays: to take it back, there must be a bad one.
    * A tag with another value than ``GOOD`` and ``BAD`` says nothing.
    * Webhooks are in the order in which they arrived, and are sorted by ``timestamp``.

    Args:
        versions: The answer with ``model_versions``, parsed.
        model: The answer with ``registered_model``, parsed.
        webhooks: The payloads that you logged, if any: of ``model_version_alias`` and of
            ``model_version_tag``.
        alias: The alias whose version serves.

    Raises:
        InvalidData: A version or a payload cannot be read; the message begins with the place.
    """
    registered = row(model, "").part("registered_model")
    name = registered.text("name")
    found = row(versions, "").parts("model_versions")
    logged = [each for each in rows(webhooks, "webhooks") if _is_about(each, name)]
    moments = [(_created(each), False, each) for each in _by_version(found)]
    moments += [(_at(each), True, each) for each in logged]
    registry = VersionRegistry()
    for _, is_logged, each in sorted(moments, key=lambda moment: moment[:2]):
        with placed(each):
            registry = _told(registry, each, alias) if is_logged else _registered(registry, each)
    aliases = {each.text("alias"): each for each in registered.parts("aliases")}
    if alias in aliases:
        with placed(aliases[alias]):
            registry = _pointed(registry, _label(aliases[alias]))
    else:
        registry = _points_nowhere(registry, reason="no alias in MLflow")
    for version in found:
        with placed(version):
            registry = _judged(registry, _label(version), {VERDICT: ""} | dict(_tags(version)))
    return registry


def _by_version(found: list[Row]) -> list[Row]:
    numbered = dict[int, Row]()
    for each in found:
        text = _label(each)
        number = whole_in(text)
        if number is None:
            raise each.wrong("version", f"must be a whole number in quotes, not {text!r}")
        if number in numbered:
            raise each.wrong("version", f"{text} stands in {numbered[number].place} already")
        numbered[number] = each
    return [numbered[number] for number in sorted(numbered)]


def _created(version: Row) -> datetime:
    """Return when a version was created; before everything else if that is not known."""
    return version.since_1970("creation_timestamp", 1000) or EARLIEST


def _registered(registry: VersionRegistry, version: Row) -> VersionRegistry:
    created = _created(version)
    return registry.register(
        _label(version),
        metadata={"run_id": version.text_or_none("run_id")},
        at=None if created == EARLIEST else created,
    )


def _label(each: Row) -> str:
    return each.text("version")


def _is_about(webhook: Row, name: str) -> bool:
    return webhook.part("data").text_or_none("name") == name


def _at(webhook: Row) -> datetime:
    at = webhook.time("timestamp")
    if at is None:
        raise webhook.wrong("timestamp", "is missing")
    return at


def _told(registry: VersionRegistry, webhook: Row, alias: str) -> VersionRegistry:
    """Return the registry after what one webhook reported."""
    data, at = webhook.part("data"), webhook.time("timestamp")
    what = webhook.text("entity"), webhook.text("action")
    if what[0] == "model_version_alias" and data.text("alias") == alias:
        if what[1] == "created":
            return _pointed(registry, _label(data), webhook)
        return _points_nowhere(registry, at=at)
    if what[0] == "model_version_tag" and what[1] in {"set", "deleted"}:
        # A tag that was deleted is reported without its value.
        value = data.text_or_none("value") if what[1] == "set" else None
        return _judged(registry, _label(data), {data.text("key"): value or ""}, webhook)
    return registry


def _pointed(registry: VersionRegistry, label: str, webhook: Row | None = None) -> VersionRegistry:
    """Return the registry in which the alias points to a version."""
    at = None if webhook is None else webhook.time("timestamp")
    if label not in registry:
        registry = registry.register(label, at=at)
    reason = "found in MLflow" if webhook is None else ""
    return serves(registry, label, at=at, reason=reason)


def _points_nowhere(
    registry: VersionRegistry, *, at: datetime | None = None, reason: str = ""
) -> VersionRegistry:
    last = registry.current
    return registry if last is None else registry.undeploy(last, at=at, reason=reason)


def _tags(version: Row) -> Iterator[tuple[str, str]]:
    for tag in version.parts("tags"):
        yield tag.text("key"), tag.text_or_none("value") or ""


def _judged(
    registry: VersionRegistry, label: str, tags: dict[str, str], webhook: Row | None = None
) -> VersionRegistry:
    """Return the registry with the verdict in the tags of a version.

    Without a verdict, or with a good one, a bad one is taken back.
    """
    at = None if webhook is None else webhook.time("timestamp")
    verdict, reason = tags.get(VERDICT), tags.get("reason", "")
    if label not in registry or verdict not in GOOD | BAD | {""}:
        return registry
    has_failed = registry[label].status is Status.FAILED
    if verdict in BAD:
        return registry if has_failed else registry.mark_failed(label, at=at, reason=reason)
    if has_failed:
        registry = registry.reinstate(label, at=at, reason="its verdict was taken back")
    if not verdict or registry[label].status.is_bad:
        return registry
    return registry.mark_stable(label, at=at, reason=reason)
