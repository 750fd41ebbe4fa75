"""The street twice: in memory, and as the shipped adapters on moto. One contract holds for both."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from unittest.mock import patch

import boto3
from moto import mock_aws
from moto.dynamodb.models import dynamodb_backends
from moto.s3.models import s3_backends
from moto.sqs.models import sqs_backends

from arrears.adapters.dynamo.ledger import DynamoLedger
from arrears.adapters.dynamo.runs import DynamoRuns
from arrears.adapters.dynamo.sight import DynamoSight
from arrears.adapters.dynamo.snapshots import DynamoSnapshots
from arrears.adapters.s3 import S3Records
from arrears.adapters.sqs import SqsBell
from arrears.ledger import CaseMessage
from arrears.ports import Bell, Ledger, Records, Runs, Sight, Snapshots
from tests.fakes import MemoryBell, MemoryLedger, MemoryRecords, MemoryRuns, MemorySight, MemorySnapshots
from tests.local.fast_moto import fast
from tests.local.fast_rows import anew
from tests.local.making import make
from tests.local.template import ACCOUNT, REGION, Template
from tests.strict import refuse

T = TypeVar("T")
SHARDS = 4
ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": REGION}


@dataclass(frozen=True)
class Street:
    """Every port of one world. `rung` tells what the bell has called for so far, and hushes it."""

    snapshots: Snapshots
    ledger: Ledger
    runs: Runs
    sight: Sight
    records: Records
    bell: Bell
    rung: Callable[[], list[CaseMessage]]


def in_memory() -> Street:
    """A fresh street in memory."""
    snapshots, runs, bell = MemorySnapshots(), MemoryRuns(), MemoryBell()
    ledger = MemoryLedger(runs)
    sight = MemorySight(snapshots, ledger, runs)
    return Street(snapshots, ledger, runs, sight, MemoryRecords(), bell, lambda: _taken(bell.messages))


@contextmanager
def moto_cloud() -> Iterator[Template]:
    """The template's tables, queues and buckets on moto, with the names they were given."""
    with patch.dict("os.environ", ENVIRONMENT), mock_aws(), fast():
        boto3.setup_default_session()
        boto3._get_default_session().events.register("provide-client-params.dynamodb", refuse)
        template = Template()
        make(template, boto3.client, {})
        yield template


def on_moto(template: Template) -> Street:
    """A fresh street on moto: whatever an earlier one left there is gone."""
    forget_everything()
    dynamodb, queue = boto3.client("dynamodb"), named(template, "NoticesQueue")
    ledger, snapshots = named(template, "LedgerTable"), named(template, "SnapshotTable")
    return Street(
        DynamoSnapshots(dynamodb, snapshots),
        DynamoLedger(dynamodb, ledger, SHARDS),
        DynamoRuns(dynamodb, ledger),
        DynamoSight(dynamodb, snapshots, ledger),
        S3Records(boto3.client("s3"), named(template, "RecordsBucket")),
        SqsBell(boto3.client("sqs"), queue),
        lambda: rung_on_moto(queue),
    )


def named(template: Template, logical: str) -> str:
    """What the cloud calls a resource of the template: a table's or bucket's name, a queue's URL."""
    return str(template.resolve({"Ref": logical}))


def forget_everything() -> None:
    """Empties every table, bucket and queue."""
    for table in dynamodb_backends[ACCOUNT][REGION].tables.values():
        table.items.clear()
        anew(table)
    for bucket in s3_backends[ACCOUNT]["aws"].buckets.values():
        bucket.keys.clear()
    for queue in sqs_backends[ACCOUNT][REGION].queues.values():
        queue._messages.clear()


def rung_on_moto(url: str) -> list[CaseMessage]:
    """Takes what waits in a queue."""
    waiting: list[Any] = sqs_backends[ACCOUNT][REGION].queues[url.rsplit("/", 1)[1]]._messages
    return [CaseMessage.model_validate_json(message.body) for message in _taken(waiting)]


def _taken(waiting: list[T]) -> list[T]:
    taken = list(waiting)
    waiting.clear()
    return taken
