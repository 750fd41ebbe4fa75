"""Ways to select: each reads the same tenancies, decides them by the same rules and rings for those who get a text.

`python -m tests.bench.contenders NAME PORT` runs one of them in this process and prints, as JSON, its CPU seconds after
everything was imported, its peak memory, and how many it decided and selected.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import boto3
from boto3.dynamodb.conditions import Key
from boto3.dynamodb.types import TypeDeserializer

from arrears.adapters.dynamo import items
from arrears.adapters.dynamo.keys import row_of
from arrears.adapters.dynamo.ledger import DynamoLedger
from arrears.adapters.dynamo.snapshots import DynamoSnapshots
from arrears.adapters.sqs import SqsBell
from arrears.calendar import is_working_day
from arrears.ledger import CaseMessage, Row, Status, case_of
from arrears.model import Snapshot, Step
from arrears.policy import policy_on
from arrears.rules import decide
from arrears.work.plan import plan_lines, plan_name
from arrears.work.release import Release
from arrears.work.select import Select
from tests.bench.made import DAY, SHARDS, TICK, VERSION
from tests.fakes import MemoryRecords, MemoryRuns, pseudonyms

KEYS = {"pk", "sk", "shard", "shard_sk", "expires"}
Counted = dict[str, int]


class FolderRecords(MemoryRecords):
    """Files in a folder, so that what S3 would keep is not counted as our memory."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder, self.asked = folder, 0

    def put(self, name: str, body: bytes, content_type: str = "") -> None:
        self.asked += 1
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)

    def get(self, name: str) -> bytes | None:
        self.asked += 1
        file = self.folder / name
        return file.read_bytes() if file.exists() else None


def textbook() -> Counted:
    """As the guides write it: a resource, a page after the other, a model, a message each."""
    table, ledger = boto3.resource("dynamodb").Table("typed"), boto3.resource("dynamodb").Table("ledger")
    queue = boto3.resource("sqs").Queue("http://queue/notices")
    policy, count, chosen = policy_on(DAY), 0, 0
    for shard in range(SHARDS):
        known = _known(_plain_row(stored) for stored in _resource_items(ledger, "shard", f"{shard:03}"))
        for stored in _resource_items(table, "pk", f"{VERSION}#{shard:03}"):
            snapshot = Snapshot.model_validate({name: value for name, value in stored.items() if name not in KEYS})
            decision = decide(case_of(snapshot, known.get(snapshot.tenancy_id, ())), policy, TICK.date())
            count += 1
            if decision.step is Step.SMS_REMINDER:
                chosen += 1
                queue.send_message(MessageBody=_message(decision.tenancy_id))
    return {"decided": count, "selected": chosen}


def deserializer() -> Counted:
    """A client's paginator, boto3's TypeDeserializer, a model, messages in batches of ten."""
    client, sqs, plain = boto3.client("dynamodb"), boto3.client("sqs"), TypeDeserializer().deserialize
    policy, count, due = policy_on(DAY), 0, []
    for shard in range(SHARDS):
        known = _known(row_of(stored) for stored in _client_items(client, "ledger", f"{shard:03}"))
        for stored in _client_items(client, "typed", f"{VERSION}#{shard:03}"):
            snapshot = Snapshot.model_validate(
                {name: plain(value) for name, value in stored.items() if name not in KEYS}
            )
            decision = decide(case_of(snapshot, known.get(snapshot.tenancy_id, ())), policy, TICK.date())
            count += 1
            if decision.step is Step.SMS_REMINDER:
                due.append(_message(decision.tenancy_id))
    for first in range(0, len(due), 10):
        entries: Any = [{"Id": str(n), "MessageBody": body} for n, body in enumerate(due[first : first + 10])]
        sqs.send_message_batch(QueueUrl="http://queue/notices", Entries=entries)
    return {"decided": count, "selected": len(due)}


def floor() -> Counted:
    """boto3 pages through typed attributes and the ledger, and everything is thrown away."""
    return _thrown_away("typed")


def floor_ours() -> Counted:
    """boto3 pages through the very bytes that we read, and everything is thrown away."""
    return _thrown_away("ours")


def stock() -> Counted:
    """Ours, where the body cannot be had before botocore's parser."""
    with patch.object(items, "decode_once", lambda client: None):
        return _selected("ours")


def ours() -> Counted:
    """The shipped errand and adapters: everyone decided and explained, the plan made and judged, the queue rung."""
    return _selected("ours")


def as_imported() -> Counted:
    """Ours on what the import really keeps: who owes nothing, and has no news, has no row."""
    return _selected("kept")


def _selected(table: str) -> Counted:
    client, runs = boto3.client("dynamodb"), MemoryRuns()
    bell = SqsBell(boto3.client("sqs"), "http://queue/notices")
    with TemporaryDirectory() as folder:
        records = FolderRecords(Path(folder))
        snapshots, ledger = DynamoSnapshots(client, table), DynamoLedger(client, "ledger", SHARDS)
        release = Release(snapshots, ledger, runs, records, {"notices": bell})
        select = Select(snapshots, ledger, runs, records, pseudonyms(), release, "schedule")
        outcome = select.monthly(TICK, TICK, lambda: 900.0)
        plan = records.get(plan_name(outcome.run, runs.runs[outcome.run].plan_hash or "")) or b""
        due = (line.key for line in plan_lines(plan) if line.status is Status.PLANNED)
        bell.ring(CaseMessage(key=key, run=outcome.run) for key in due if key.step is Step.SMS_REMINDER)
        files = records.asked - 1  # the plan was read once more, for its messages
    texts = outcome.by_step.get(Step.SMS_REMINDER, 0)
    return {"decided": outcome.decided, "selected": texts, "files": files}


CONTENDERS: dict[str, Callable[[], Counted]] = {
    run.__name__: run for run in (textbook, deserializer, floor, floor_ours, stock, as_imported, ours)
}


def _thrown_away(table: str) -> Counted:
    client, count = boto3.client("dynamodb"), 0
    for shard in range(SHARDS):
        count += sum(1 for _ in _client_items(client, table, f"{VERSION}#{shard:03}"))
        sum(1 for _ in _client_items(client, "ledger", f"{shard:03}"))
    return {"decided": count, "selected": 0}


def _resource_items(table: Any, name: str, value: str) -> Iterator[Any]:
    bound: dict[str, Any] = {}
    while True:
        page = table.query(KeyConditionExpression=Key(name).eq(value), **bound)
        yield from page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        bound = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def _client_items(client: Any, table: str, value: str) -> Iterator[Any]:
    bound = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": value}}}
    for page in client.get_paginator("query").paginate(TableName=table, **bound):
        yield from page["Items"]


def _plain_row(stored: Any) -> Row:
    return Row.model_validate({name: value for name, value in stored.items() if name not in KEYS})


def _known(rows: Iterator[Row]) -> dict[str, tuple[Row, ...]]:
    return {name: tuple(found) for name, found in groupby(rows, key=lambda row: row.key.tenancy_id)}


def _message(tenancy_id: str) -> str:
    return json.dumps(
        {"key": {"tenancy_id": tenancy_id, "period": "2026-02", "step": "sms_reminder"}, "run": "2026-02"}
    )


@contextmanager
def cloud_at(port: int) -> Iterator[None]:
    """boto3 as a function has it, but with the bench's cloud."""
    keys = {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench", "AWS_DEFAULT_REGION": "eu-north-1"}
    with patch.dict(os.environ, keys | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}):
        yield


def main(name: str, port: int) -> None:
    """Runs one and says what it took."""
    with cloud_at(port):
        boto3.client("dynamodb"), boto3.client("sqs")  # their models are read before the clock starts
        policy_on(DAY), is_working_day(DAY)  # and so are the policy and the holidays
        start, wall = time.process_time(), time.perf_counter()
        counted = CONTENDERS[name]()
        cpu, wall = time.process_time() - start, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(counted | {"cpu_s": cpu, "wall_s": wall, "peak_mb": round(peak, 1)}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
