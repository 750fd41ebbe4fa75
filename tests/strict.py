"""What DynamoDB refuses and moto lets pass: reserved words in any expression, placeholders unused or not given,
and writes of one transaction that touch one item twice."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords

EXPRESSIONS = (
    "ConditionExpression",
    "FilterExpression",
    "KeyConditionExpression",
    "ProjectionExpression",
    "UpdateExpression",
)
# Attribute names are in small letters in this house, DynamoDB's own words in capitals.
NAME = re.compile(r"(?<![:#\w])[a-z_][a-z_0-9]*")
PLACEHOLDER = re.compile(r"[:#]\w+")


class Refused(AssertionError):
    """DynamoDB would have answered ValidationException."""


def refuse(params: Mapping[str, Any], **_: Any) -> None:
    """Raises Refused for a request that DynamoDB would not take; an event hook of botocore."""
    operations = list(_operations(params))
    for operation in operations:
        _look_at(operation)
    touched = [(operation["TableName"], str(operation["Key"])) for operation in operations if "Key" in operation]
    if len(touched) != len(set(touched)):
        raise Refused("one transaction touches one item twice")


def _operations(params: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for write in params.get("TransactItems", ()):
        yield from write.values()
    if "TableName" in params:
        yield params


def _look_at(operation: Mapping[str, Any]) -> None:
    written = " ".join(operation[name] for name in EXPRESSIONS if name in operation)
    reserved = {word for word in NAME.findall(written) if word.upper() in ReservedKeywords.get_reserved_keywords()}
    if reserved:
        raise Refused(f"reserved words: {sorted(reserved)} in {written}")
    given = {
        *operation.get("ExpressionAttributeNames", ()),
        *operation.get("ExpressionAttributeValues", ()),
    }
    used = set(PLACEHOLDER.findall(written))
    if given != used:
        raise Refused(f"placeholders given {sorted(given - used)} or used {sorted(used - given)} alone in {written}")
