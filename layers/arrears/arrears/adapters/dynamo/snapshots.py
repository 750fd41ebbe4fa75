"""Debt snapshots in DynamoDB: immutable versions spread over shards, and one pointer to the version in force.

Key `version#shard`, tenancy id; the row itself is one JSON attribute, because parsing typed attributes costs more than
everything else that selection does.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import count, islice
from time import sleep
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError
from pydantic import ValidationError

from arrears.adapters.dynamo.items import ALL_OLD, item, lost_condition, old_item, pages, shard_of, values
from arrears.ledger import Pointer
from arrears.model import Snapshot
from arrears.ports import Unread

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

POINTER = {"pk": {"S": "POINTER"}, "sk": {"S": "current"}}


class DynamoSnapshots:
    """The published snapshots in one table."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self.client, self.table = client, table

    def current(self) -> Pointer | None:
        found = self.client.get_item(TableName=self.table, Key=POINTER, ConsistentRead=True).get("Item")
        return pointer_of(found) if found else None

    def find(self, tenancy_id: str) -> Snapshot | None:
        pointer = self.current()
        if pointer is None:
            return None
        key = row_key(pointer.version, tenancy_id, pointer.shards)
        found = self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item")
        return snapshot_of(found) if found else None

    def shard(self, version: str, shard: int) -> Iterator[Snapshot | Unread]:
        query: dict[str, Any] = {
            "TableName": self.table,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": f"{version}#{shard:03}"}},
            "ProjectionExpression": "sk, payload",
        }
        for page in pages(self.client, **query):
            yield from map(_read, page)

    def write(self, version: str, shards: int, snapshots: Iterable[Snapshot], expires: datetime) -> None:
        waiting = iter(snapshots)
        while group := list(islice(waiting, 25)):
            requests = [{"PutRequest": {"Item": _row(version, shards, snapshot, expires)}} for snapshot in group]
            self._write_all(requests)

    def publish(self, pointer: Pointer, instead_of: str | None) -> bool:
        condition = "attribute_not_exists(pk)" if instead_of is None else "version = :old"
        bound: dict[str, Any] = {} if instead_of is None else {"ExpressionAttributeValues": {":old": {"S": instead_of}}}
        try:
            self.client.put_item(
                TableName=self.table,
                Item=POINTER | item(dict(pointer)),
                ConditionExpression=condition,
                ReturnValuesOnConditionCheckFailure=ALL_OLD,
                **bound,
            )
        except ClientError as error:
            if not lost_condition(error):
                raise
            found = old_item(error)
            return bool(found) and pointer_of(found) == pointer  # our own write, whose answer was lost
        return True

    def _write_all(self, requests: list[Any]) -> None:
        for attempt in count():
            left = self.client.batch_write_item(RequestItems={self.table: requests})["UnprocessedItems"]
            requests = left.get(self.table, [])
            if not requests:
                return
            sleep(min(0.05 * 2**attempt, 5))


def row_key(version: str, tenancy_id: str, shards: int) -> Any:
    """Where a tenancy's row of that version is."""
    return {"pk": {"S": f"{version}#{shard_of(tenancy_id, shards):03}"}, "sk": {"S": tenancy_id}}


def pointer_of(stored: Any) -> Pointer:
    """The pointer from its item."""
    return Pointer.model_validate(values(stored, "pk", "sk"))


def snapshot_of(stored: Any) -> Snapshot:
    """The snapshot from its item."""
    return Snapshot.model_validate_json(stored["payload"]["S"])


def _read(stored: Any) -> Snapshot | Unread:
    try:
        return snapshot_of(stored)
    except (KeyError, ValidationError):
        return Unread(stored["sk"]["S"])


def _row(version: str, shards: int, snapshot: Snapshot, expires: datetime) -> Any:
    rest = {"payload": {"S": snapshot.model_dump_json()}, "expires": {"N": str(int(expires.timestamp()))}}
    return row_key(version, snapshot.tenancy_id, shards) | rest
