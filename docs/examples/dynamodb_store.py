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

#: The key of the item that has the fingerprint of the whole record.
END: Final = "-1"


@attrs.frozen
class DynamoDbStore:
    """One item per append, and one for the fingerprint. Whoever changes that one first has won.

    Args:
        client: What ``boto3.client("dynamodb")`` returns, of a region in which ``TABLE`` is made.
    """

    client: Any  # boto3 makes the class of a client when it runs

    def load(self, name: str, /) -> VersionRegistry:
        """Return the record; an empty registry if nothing is recorded under this name."""
        pages = self.client.get_paginator("query").paginate(
            TableName="lastgood",
            KeyConditionExpression="registry = :name AND #before > :end",
            ExpressionAttributeNames={"#before": "before"},  # a reserved word
            ExpressionAttributeValues={":name": {"S": name}, ":end": {"N": END}},
            ConsistentRead=True,
        )
        items = [item for page in pages for item in page["Items"]]
        if not items:
            return VersionRegistry()
        events = [event for item in items for event in json.loads(item["events"]["S"])]
        return whole(name, events, items[-1]["fingerprint"]["S"])

    def append(self, name: str, before: VersionRegistry, after: VersionRegistry, /) -> bool:
        """Record the news of ``after`` if the record ends with ``before``; otherwise nothing."""
        news = [event.to_dict() for event in after.events[before.revision :]]
        end = {
            "registry": {"S": name},
            "before": {"N": END},
            "fingerprint": {"S": after.fingerprint},
        }
        item = {
            **end,
            "before": {"N": str(before.revision)},
            "events": {"S": json.dumps(news)},  # as text: a number would lose digits
        }
        unchanged: dict[str, Any] = {
            "ConditionExpression": "fingerprint = :before",
            "ExpressionAttributeValues": {":before": {"S": before.fingerprint}},
        }
        is_new = {"ConditionExpression": "attribute_not_exists(fingerprint)"}
        condition = unchanged if before.revision else is_new
        puts = [
            {"Put": {"TableName": "lastgood", "Item": end, **condition}},
            {"Put": {"TableName": "lastgood", "Item": item}},
        ]
        try:
            self.client.transact_write_items(TransactItems=puts)
        except self.client.exceptions.TransactionCanceledException as refusal:
            reasons = {reason["Code"] for reason in refusal.response["CancellationReasons"]}
            if reasons <= {"None", "ConditionalCheckFailed", "TransactionConflict"}:
                return False  # somebody else was quicker, or is writing now
            raise
        return True
