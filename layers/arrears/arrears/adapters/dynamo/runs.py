"""The runs in DynamoDB, beside the ledger's rows so that one transaction can hold both."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from arrears.adapters.dynamo.items import ALL_OLD, attribute, item, lost_condition, old_item, values
from arrears.adapters.dynamo.keys import run_key
from arrears.ledger import Run, RunStatus

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# All monthly runs stand in one small partition of the index by status, under a status of their own.
MONTHLY = "RUN"


class DynamoRuns:
    """The runs in the ledger's table."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self.client, self.table = client, table

    def open(self, run: Run) -> bool:
        monthly = {"shard": {"S": MONTHLY}, "shard_sk": {"S": run.run}} if run.monthly else {}
        try:
            self.client.put_item(
                TableName=self.table,
                Item=run_key(run.run) | monthly | item(dict(run)),
                ConditionExpression="attribute_not_exists(pk)",
                ReturnValuesOnConditionCheckFailure=ALL_OLD,
            )
        except ClientError as error:
            if not lost_condition(error):
                raise
            return run_of(old_item(error)) == run  # our own write, whose answer was lost
        return True

    def run(self, name: str) -> Run | None:
        found = self.client.get_item(TableName=self.table, Key=run_key(name), ConsistentRead=True).get("Item")
        return run_of(found) if found else None

    def latest(self, limit: int) -> list[Run]:
        page = self.client.query(
            TableName=self.table,
            IndexName="by_shard",
            KeyConditionExpression="#shard = :monthly",
            ExpressionAttributeNames={"#shard": "shard"},
            ExpressionAttributeValues={":monthly": {"S": MONTHLY}},
            ScanIndexForward=False,
            Limit=limit,
        )
        return [run_of(stored) for stored in page["Items"]]

    def change(self, name: str, expected: Collection[RunStatus], event: str, **changes: Any) -> bool:
        states = {f":state{place}": attribute(state) for place, state in enumerate(sorted(expected))}
        kept = {key: value for key, value in changes.items() if value is not None}
        gone = [key for key, value in changes.items() if value is None]
        sets = "".join(f", #{key} = :{key}" for key in kept)
        try:
            self.client.update_item(
                TableName=self.table,
                Key=run_key(name),
                UpdateExpression=f"SET #events = list_append(#events, :event){sets}"
                + (f" REMOVE {', '.join(f'#{key}' for key in gone)}" if gone else ""),
                ConditionExpression=f"#status IN ({', '.join(states)})",
                ExpressionAttributeNames={f"#{key}": key for key in [*changes, "events", "status"]},
                ExpressionAttributeValues={f":{key}": attribute(value) for key, value in kept.items()}
                | {":event": attribute([event])}
                | states,
                ReturnValuesOnConditionCheckFailure=ALL_OLD,
            )
        except ClientError as error:
            if not lost_condition(error):
                raise
            return _is_done(old_item(error), event, kept)  # our own write, whose answer was lost
        return True

    def tally(self, name: str, *, unknown: int = 0, rejected: int = 0, failing: bool) -> Run:
        row = "failing = failing + :one" if failing else "failing = :none"
        done = self.client.update_item(
            TableName=self.table,
            Key=run_key(name),
            UpdateExpression=f"SET {row} ADD #unknown :unknown, rejected :rejected",
            ExpressionAttributeNames={"#unknown": "unknown"},
            ExpressionAttributeValues={
                ":unknown": {"N": str(unknown)},
                ":rejected": {"N": str(rejected)},
                **({":one": {"N": "1"}} if failing else {":none": {"N": "0"}}),
            },
            ReturnValues="ALL_NEW",
        )
        return run_of(done["Attributes"])


def run_of(stored: Any) -> Run:
    """The run from its item."""
    return Run.model_validate(values(stored, "pk", "sk", "shard", "shard_sk"))


def _is_done(found: Any, event: str, changes: dict[str, Any]) -> bool:
    run = run_of(found) if found else None
    return run is not None and run.events[-1:] == (event,) and all(getattr(run, key) == changes[key] for key in changes)
