"""The ledger in DynamoDB. Key `TENANCY#id`, `2026-11#sms_reminder`; every change is conditional and adds an event.

Indexes: by shard (a tenancy's rows together, in the order of the snapshots), by status (worklists), by reference
(receipts).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from arrears.adapters.dynamo.claims import claim_parts, why_not
from arrears.adapters.dynamo.items import (
    ALL_OLD,
    attribute,
    item,
    lost_condition,
    moment,
    old_item,
    pages,
    shard_of,
)
from arrears.adapters.dynamo.keys import case_key, key_of, row_of
from arrears.ledger import CaseKey, Event, Row, Standing, Status, may_move
from arrears.model import LETTERS
from arrears.ports import Claim, Remembered

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

STANDING = "STANDING"


class DynamoLedger:
    """The ledger in one table, with `shards` shards in its index."""

    def __init__(self, client: "DynamoDBClient", table: str, shards: int) -> None:
        self.client, self.table, self.shards = client, table, shards

    def plan(self, row: Row) -> bool:
        new = case_key(row.key) | self._shard(row.key.tenancy_id, f"{row.key.period}#{row.key.step}") | item(dict(row))
        try:
            self.client.put_item(
                TableName=self.table,
                Item=new,
                ConditionExpression="attribute_not_exists(pk)",
                ReturnValuesOnConditionCheckFailure=ALL_OLD,
            )
        except ClientError as error:
            if not lost_condition(error):
                raise
            return row_of(old_item(error)) == row  # our own write, whose answer was lost
        return True

    def row(self, key: CaseKey) -> Row | None:
        found = self.client.get_item(TableName=self.table, Key=case_key(key), ConsistentRead=True).get("Item")
        return row_of(found) if found else None

    def claim(self, row: Row, owner: str, channel: str, lock: str | None, at: datetime, daily_cap: int) -> Claim:
        parts = claim_parts(self.table, row, owner, channel, lock, at, daily_cap)
        try:
            self.client.transact_write_items(TransactItems=list(parts.values()))
        except ClientError as error:
            if error.response["Error"]["Code"] != "TransactionCanceledException":
                raise
            return why_not(parts, error.response.get("CancellationReasons", []), owner)
        return Claim.OURS

    def move(self, row: Row, new: Status, at: datetime, by: str, why: str | None = None, **facts: Any) -> bool:
        if not may_move(row.status, new):
            raise ValueError(f"a row does not go from {row.status} to {new}")
        event = Event(at=at, status=new, by=by, why=why)
        facts = {"status": new, "changed_at": at, "why": why} | facts
        kept = {name: value for name, value in facts.items() if value is not None}
        gone = [name for name, value in facts.items() if value is None]
        sets = ", ".join(f"#{name} = :{name}" for name in kept)
        try:
            self.client.update_item(
                TableName=self.table,
                Key=case_key(row.key),
                UpdateExpression=f"SET {sets}, #events = list_append(#events, :event)"
                + (f" REMOVE {', '.join(f'#{name}' for name in gone)}" if gone else ""),
                ConditionExpression="#status = :was" + (" AND #owner = :mine" if row.owner else ""),
                ExpressionAttributeNames={
                    f"#{name}": name for name in [*facts, "events", *(["owner"] if row.owner else [])]
                },
                ExpressionAttributeValues={f":{name}": attribute(value) for name, value in kept.items()}
                | {":event": attribute([event]), ":was": {"S": row.status}}
                | ({":mine": {"S": row.owner}} if row.owner else {}),
                ReturnValuesOnConditionCheckFailure=ALL_OLD,
            )
        except ClientError as error:
            if not lost_condition(error):
                raise
            found = old_item(error)
            return bool(found) and event in row_of(found).events  # our own write, whose answer was lost
        return True

    def remembered(self, tenancy_id: str) -> Remembered:
        query = {
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": f"TENANCY#{tenancy_id}"}},
        }
        found = [
            stored for page in pages(self.client, TableName=self.table, ConsistentRead=True, **query) for stored in page
        ]
        return _remembered(tenancy_id, found)

    def stand(self, new: Standing, instead_of: Standing | None) -> bool:
        key = {"pk": {"S": f"TENANCY#{new.tenancy_id}"}, "sk": {"S": STANDING}}
        facts = {"standing": {"S": new.model_dump_json()}}
        bound: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
        if instead_of is not None:
            old = {":old": {"S": instead_of.model_dump_json()}}
            bound = {"ConditionExpression": "standing = :old", "ExpressionAttributeValues": old}
        try:
            stored = key | self._shard(new.tenancy_id, "") | facts
            self.client.put_item(
                TableName=self.table, Item=stored, ReturnValuesOnConditionCheckFailure=ALL_OLD, **bound
            )
        except ClientError as error:
            if not lost_condition(error):
                raise
            return old_item(error).get("standing") == facts["standing"]
        return True

    def shard(self, shard: int, of: int) -> Iterator[Remembered]:
        if of != self.shards:
            raise ValueError(f"the ledger is kept in {self.shards} shards, the snapshot in {of}: they must be the same")
        query = {
            "IndexName": "by_shard",
            "KeyConditionExpression": "#shard = :shard",
            "ExpressionAttributeNames": {"#shard": "shard"},
            "ExpressionAttributeValues": {":shard": {"S": f"{shard:03}"}},
        }
        stored = (one for page in pages(self.client, TableName=self.table, **query) for one in page)
        for tenancy_id, found in groupby(stored, key=lambda one: str(one["shard_sk"]["S"].split("#", 1)[0])):
            yield _remembered(tenancy_id, found)

    def waiting(self, status: Status, before: datetime) -> Iterator[Row]:
        return map(row_of, self._in_status(status, before))

    def silent(self, before: datetime) -> Counter[str]:
        names = {
            "ProjectionExpression": "#run, pk, sk",
            "ExpressionAttributeNames": {"#status": "status", "#run": "run"},
        }
        sent = self._in_status(Status.SENT, before, **names)
        return Counter(str(stored["run"]["S"]) for stored in sent if key_of(stored).step not in LETTERS)

    def forget(self, row: Row, alias: str, by: str, at: datetime) -> bool:
        event = Event(at=at, status=row.status, by=by, why="erased")
        try:
            self.client.update_item(
                TableName=self.table,
                Key=case_key(row.key),
                UpdateExpression="SET recipient = :alias, events = list_append(events, :event)"
                " REMOVE age_group, history",
                ConditionExpression="recipient = :person AND #status = :was",
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues={
                    ":alias": {"S": alias},
                    ":was": {"S": row.status},
                    ":person": attribute(row.recipient),
                    ":event": attribute([event]),
                },
                ReturnValuesOnConditionCheckFailure=ALL_OLD,
            )
        except ClientError as error:
            if not lost_condition(error):
                raise
            found = row_of(old) if (old := old_item(error)) else None
            if found and found.recipient == row.recipient and found.status is not row.status:
                return self.forget(found, alias, by, at)  # it went on meanwhile: the event tells where it is now
            return found is not None and found.recipient == alias  # our own write, whose answer was lost
        return True

    def by_reference(self, reference: str) -> CaseKey | None:
        query = {
            "IndexName": "by_reference",
            "KeyConditionExpression": "#reference = :reference",
            "ExpressionAttributeNames": {"#reference": "reference"},
            "ExpressionAttributeValues": {":reference": {"S": reference}},
        }
        found = [stored for page in pages(self.client, TableName=self.table, **query) for stored in page]
        return key_of(found[0]) if found else None

    def _in_status(self, status: Status, before: datetime, **more: Any) -> Iterator[Any]:
        query = {
            "IndexName": "by_status",
            "KeyConditionExpression": "#status = :status AND changed_at < :before",
            "ExpressionAttributeNames": {"#status": "status"},
            "ExpressionAttributeValues": {":status": {"S": status}, ":before": {"S": moment(before)}},
        }
        return (stored for page in pages(self.client, TableName=self.table, **query | more) for stored in page)

    def _shard(self, tenancy_id: str, rest: str) -> Any:
        return {
            "shard": {"S": f"{shard_of(tenancy_id, self.shards):03}"},
            "shard_sk": {"S": f"{tenancy_id}#{rest}"},
        }


def standing_of(stored: Any) -> Standing:
    """What stands beside a snapshot, from its item."""
    return Standing.model_validate_json(stored["standing"]["S"])


def _remembered(tenancy_id: str, found: Iterable[Any]) -> Remembered:
    rows, standing = [], None
    for stored in found:
        if "standing" in stored:
            standing = standing_of(stored)
        else:
            rows.append(row_of(stored))
    return Remembered(tenancy_id, tuple(rows), standing)
