"""How facts become items, and which key finds them again."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Literal

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError
from pydantic import BaseModel

from arrears.adapters.dynamo.once_decoded import decode_once

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

_to_item = TypeSerializer().serialize
_from_item = TypeDeserializer().deserialize
Item = dict[str, "AttributeValueTypeDef"]


def attribute(value: Any) -> Any:
    """One value as a typed attribute; days, moments and facts as their JSON."""
    return _to_item(_plain(value))


def item(values: Mapping[str, Any]) -> Any:
    """A whole item; what is None is left out, so that an index without it stays small."""
    return {name: attribute(value) for name, value in values.items() if value is not None}


def values(stored: Mapping[str, Any], *without: str) -> dict[str, Any]:
    """The values of a stored item, without the named attributes."""
    kept = {name: value for name, value in stored.items() if name not in without}
    read: dict[str, Any] = _from_item({"M": kept})
    return read


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return {name: given for name, given in value.model_dump(mode="json").items() if given is not None}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, datetime):
        return moment(value)
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Decimal) else value


def moment(at: datetime) -> str:
    """A moment so that later ones sort later: always UTC, always microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def shard_of(tenancy_id: str, shards: int) -> int:
    """Which shard a tenancy is in: the same on every machine."""
    return int.from_bytes(blake2b(tenancy_id.encode(), digest_size=4).digest(), "big") % shards


def pages(client: "DynamoDBClient", **query: Any) -> Iterator[list[dict[str, Any]]]:
    """Every page of a query."""
    decode_once(client)
    for page in client.get_paginator("query").paginate(**query):
        yield page["Items"]


def lost_condition(error: ClientError) -> bool:
    """Whether a conditional write found the world changed."""
    return error.response["Error"]["Code"] == "ConditionalCheckFailedException"


def old_item(error: ClientError) -> dict[str, Any]:
    """The item as a failed condition found it."""
    found: dict[str, Any] = error.response.get("Item") or {}  # type: ignore[assignment]
    return found


ALL_OLD: Literal["ALL_OLD"] = "ALL_OLD"
