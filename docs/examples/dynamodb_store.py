"""Registries in DynamoDB: an item for each append, and one that knows how the record ends."""

import json
from typing import Any, Final

import attrs
import boto3
from botocore.config import Config

from lastgood import Event, InvalidData, from_entries, to_entries

#: What `create_table` takes.
TABLE: Final = {
    "TableName": "lastgood",
    "KeySchema": [
        {"AttributeName": "registry", "KeyType": "HASH"},
        {"AttributeName": "before", "KeyType": "RANGE"},
    ],
    "AttributeDefinitions": [
        {"AttributeName": "registry", "AttributeType": "S"},
        {"AttributeName": "before", "AttributeType": "N"},
    ],
    "BillingMode": "PAY_PER_REQUEST",
}

#: The key of the item with the fingerprint of the record; appends have the number of events before.
HEAD: Final = -1


def connect(**options: Any) -> Any:  # noqa: ANN401  # boto3 makes the class of a client when it runs
    """Return a client that gives up after 10 s, and sends nothing twice.

    A client that repeats an append by itself might be told that it came too late: for itself.

    Args:
        options: What ``boto3.client`` takes, such as ``region_name``.
    """
    config = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 1})
    return boto3.client("dynamodb", config=config, **options)


@attrs.frozen
class DynamoDbStore:
    """The record of one registry. Whoever changes its fingerprint first has won.

    Args:
        client: What `connect` returned, of a region in which ``TABLE`` is made.
        name: The name of the registry: ``prod`` and ``staging`` are two.
    """

    client: Any  # boto3 makes the class of a client when it runs
    name: str

    def load(self, since: int, fingerprint: str, /) -> tuple[Event, ...]:
        """Return the events after ``since``; all, if the record has another fingerprint there."""
        items = self._items(since)
        if since and fingerprint == (items[0]["after"]["S"] if items else self._head()):
            return from_entries(_entries(items), after=fingerprint)
        if since and not (items := self._items(0)):
            raise InvalidData(self.name, f"its {since} events are gone")
        entries = _entries(items)
        if since and [one["fingerprint"] for one in entries[since - 1 : since]] == [fingerprint]:
            return from_entries(entries[since:], after=fingerprint)  # within an append
        return from_entries(entries)

    def append(self, before: int, fingerprint: str, events: tuple[Event, ...], /) -> bool:
        """Record the events if the record ends with this fingerprint; otherwise nothing."""
        entries = to_entries(events, after=fingerprint)
        item = {
            "registry": {"S": self.name},
            "before": {"N": str(before)},
            "after": {"S": fingerprint},
            "entries": {"S": json.dumps(entries)},  # as text: a number would lose digits
        }
        known = {":known": {"S": fingerprint}} if before else {}
        head = {
            "TableName": "lastgood",
            "Key": self._key_of_head(),
            "UpdateExpression": "SET fingerprint = :last",
            "ConditionExpression": "fingerprint = :known"
            if before
            else "attribute_not_exists(registry)",
            "ExpressionAttributeValues": {":last": {"S": entries[-1]["fingerprint"]}, **known},
        }
        put = {"TableName": "lastgood", "Item": item}
        try:
            self.client.transact_write_items(TransactItems=[{"Update": head}, {"Put": put}])
        except self.client.exceptions.TransactionCanceledException as error:
            if error.response["CancellationReasons"][0]["Code"] == "ConditionalCheckFailed":
                return False  # somebody else was quicker, or the record was restored
            raise
        return True

    def _items(self, since: int) -> list[dict[str, Any]]:
        """Return the appends from this revision on, as they are now."""
        pages = self.client.get_paginator("query").paginate(
            TableName="lastgood",
            KeyConditionExpression="registry = :name AND #before >= :since",
            ExpressionAttributeNames={"#before": "before"},
            ExpressionAttributeValues={":name": {"S": self.name}, ":since": {"N": str(since)}},
            ConsistentRead=True,
        )
        return [item for page in pages for item in page["Items"]]

    def _head(self) -> str | None:
        found = self.client.get_item(
            TableName="lastgood", Key=self._key_of_head(), ConsistentRead=True
        )
        return found["Item"]["fingerprint"]["S"] if "Item" in found else None

    def _key_of_head(self) -> dict[str, Any]:
        return {"registry": {"S": self.name}, "before": {"N": str(HEAD)}}


def _entries(items: list[dict[str, Any]]) -> list[Any]:
    try:
        return [entry for item in items for entry in json.loads(item["entries"]["S"])]
    except ValueError as error:
        raise InvalidData("entries", f"an item cannot be read: {error}") from error
