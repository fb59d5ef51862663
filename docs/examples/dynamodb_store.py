"""Registries in DynamoDB."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

import attrs

from lastgood import Event, VersionRegistry

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


@attrs.frozen
class DynamoDbStore:
    """One item per append, whose key is the number of events before. Whoever creates it has won.

    Args:
        client: What ``boto3.client("dynamodb")`` returns, of a region in which ``TABLE`` is made.
    """

    client: Any  # boto3 makes the class of a client when it runs

    def load(self, name: str, /) -> VersionRegistry:
        """Return what is recorded; an empty registry where nothing is."""
        return VersionRegistry.from_dict({"format": 1, "events": [*self._events(name)]})

    def append(self, name: str, before: int, events: Sequence[Event], /) -> bool:
        """Record all of these events if just ``before`` are recorded so far, or else none."""
        text = json.dumps([event.to_dict() for event in events])  # a number would lose digits
        try:
            self.client.put_item(
                TableName="lastgood",
                Item={"registry": {"S": name}, "before": {"N": str(before)}, "events": {"S": text}},
                ConditionExpression="attribute_not_exists(registry)",
            )
        except self.client.exceptions.ConditionalCheckFailedException:  # the key is taken
            return False
        return True

    def _events(self, name: str) -> Iterator[object]:
        """Yield the events as plain data, in the order of the key."""
        pages = self.client.get_paginator("query").paginate(
            TableName="lastgood",
            KeyConditionExpression="registry = :name",
            ExpressionAttributeValues={":name": {"S": name}},
            ConsistentRead=True,
        )
        for page in pages:
            for item in page["Items"]:
                yield from json.loads(item["events"]["S"])
