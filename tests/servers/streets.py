"""The street on a server of its own: the shipped adapters, the template's tables, queues and buckets, real sockets."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boto3

from arrears.adapters.dynamo.ledger import DynamoLedger
from arrears.adapters.dynamo.runs import DynamoRuns
from arrears.adapters.dynamo.sight import DynamoSight
from arrears.adapters.dynamo.snapshots import DynamoSnapshots
from arrears.adapters.s3 import S3Records
from arrears.adapters.sqs import SqsBell
from arrears.ledger import CaseMessage
from tests.e2e.ministack import ministack
from tests.fakes import MemoryBell, MemoryRecords
from tests.local.making import make
from tests.local.template import Template
from tests.servers.dynalite import ONE_ATTEMPT, dynalite
from tests.streets import SHARDS, Street, named

TABLES = ("SnapshotTable", "LedgerTable")
Client = Callable[[str], Any]


@dataclass(frozen=True)
class Server:
    """A running server that has what the template describes. `client` gives the client of a service."""

    name: str
    template: Template
    client: Client
    tables_only: bool = False

    def street(self) -> Street:
        """A fresh street: whatever an earlier one left there is gone. Where the server has tables only, files and bells
        are in memory."""
        for table in TABLES:
            self._empty(named(self.template, table))
        dynamodb, (snapshots, ledger) = self.client("dynamodb"), [named(self.template, table) for table in TABLES]
        kept = (
            DynamoSnapshots(dynamodb, snapshots),
            DynamoLedger(dynamodb, ledger, SHARDS),
            DynamoRuns(dynamodb, ledger),
            DynamoSight(dynamodb, snapshots, ledger),
        )
        if self.tables_only:
            bell = MemoryBell()
            return Street(*kept, MemoryRecords(), bell, lambda: [bell.messages.pop(0) for _ in list(bell.messages)])
        bucket, queue = named(self.template, "RecordsBucket"), named(self.template, "NoticesQueue")
        self._clear(bucket)
        self._rung(queue)
        files, calls = S3Records(self.client("s3"), bucket), SqsBell(self.client("sqs"), queue)
        return Street(*kept, files, calls, lambda: self._rung(queue))

    def _empty(self, table: str) -> None:
        client = self.client("dynamodb")
        for page in client.get_paginator("scan").paginate(TableName=table, ProjectionExpression="pk, sk"):
            for key in page["Items"]:
                client.delete_item(TableName=table, Key=key)

    def _clear(self, bucket: str) -> None:
        for page in self.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket):
            if found := [{"Key": one["Key"]} for one in page.get("Contents", [])]:
                self.client("s3").delete_objects(Bucket=bucket, Delete={"Objects": found})

    def _rung(self, queue: str) -> list[CaseMessage]:
        """Takes what waits in a queue."""
        client, taken = self.client("sqs"), []
        while waiting := client.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", []):
            taken += [CaseMessage.model_validate_json(message["Body"]) for message in waiting]
            for message in waiting:
                client.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return taken


@contextmanager
def on_ministack(folder: Path) -> Iterator[Server]:
    """Everything that the template describes, on MiniStack. Raises NotRunning."""
    with ministack(folder) as cloud:
        told = cloud.environment
        session = boto3.Session("test", "test", region_name=told["AWS_REGION"])

        @cache
        def client(service: Any) -> Any:
            return session.client(
                service, endpoint_url=told["AWS_ENDPOINT_URL"], verify=told["AWS_CA_BUNDLE"], config=ONE_ATTEMPT
            )

        template = Template()
        make(template, client, {}, ("AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::S3::Bucket"))
        yield Server("ministack", template, client)


@contextmanager
def on_dynalite(folder: Path) -> Iterator[Server]:
    """The template's tables on dynalite. Raises NotRunning."""
    with dynalite(folder) as client:
        template = Template()
        make(template, lambda _: client, {}, ["AWS::DynamoDB::Table"])
        yield Server("dynalite", template, lambda _: client, tables_only=True)
