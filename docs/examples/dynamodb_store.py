"""Registries in DynamoDB."""

import json
from typing import Any, Final

import attrs

from docs.examples.controller import whole
from lastgood import VersionRegistry

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
        """Return the record; an empty registry if nothing is recorded under this name."""
        pages = self.client.get_paginator("query").paginate(**_items_of(name))
        items = [item for page in pages for item in page["Items"]]
        if not items:
            return VersionRegistry()
        events = [event for item in items for event in json.loads(item["events"]["S"])]
        return whole(name, events, items[-1]["fingerprint"]["S"])

    def append(self, name: str, before: VersionRegistry, after: VersionRegistry, /) -> bool:
        """Record the news of ``after`` if the record ends with ``before``; otherwise nothing."""
        last = self.client.query(**_items_of(name), ScanIndexForward=False, Limit=1)["Items"]
        ends = last[0]["fingerprint"]["S"] if last else VersionRegistry().fingerprint
        if ends != before.fingerprint:
            return False
        news = [event.to_dict() for event in after.events[before.revision :]]
        item = {
            "registry": {"S": name},
            "before": {"N": str(before.revision)},
            "fingerprint": {"S": after.fingerprint},
            "events": {"S": json.dumps(news)},  # as text: a number would lose digits
        }
        try:
            self.client.put_item(
                TableName="lastgood",
                Item=item,
                ConditionExpression="attribute_not_exists(registry)",
            )
        except self.client.exceptions.ConditionalCheckFailedException:  # the key is taken
            return False
        return True


def _items_of(name: str) -> dict[str, Any]:
    """Return the query for the items of a registry, in the order of the key, as they are now."""
    return {
        "TableName": "lastgood",
        "KeyConditionExpression": "registry = :name",
        "ExpressionAttributeValues": {":name": {"S": name}},
        "ConsistentRead": True,
    }
