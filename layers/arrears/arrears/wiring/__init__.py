"""How the doors put the house together: each part made of its settings, in one place."""

from collections.abc import Mapping
from uuid import uuid4

import boto3

from arrears.adapters.dynamo.ledger import DynamoLedger
from arrears.adapters.dynamo.runs import DynamoRuns
from arrears.adapters.dynamo.sight import DynamoSight
from arrears.adapters.dynamo.snapshots import DynamoSnapshots
from arrears.adapters.pseudonyms import KeyedPseudonyms
from arrears.adapters.s3 import S3Records
from arrears.adapters.secrets import secret
from arrears.adapters.sqs import SqsBell
from arrears.ports import Bell
from arrears.settings import LedgerSettings, SelectSettings, SightSettings
from arrears.work.release import Release
from arrears.work.select import Select


def token() -> str:
    """A fresh owner token: no two attempts have the same."""
    return uuid4().hex


def ledger(settings: LedgerSettings) -> DynamoLedger:
    """The ledger."""
    return DynamoLedger(boto3.client("dynamodb"), settings.ledger_table, settings.snapshot_shards)


def runs(settings: LedgerSettings) -> DynamoRuns:
    """The runs."""
    return DynamoRuns(boto3.client("dynamodb"), settings.ledger_table)


def sight(settings: SightSettings) -> DynamoSight:
    """The look before a send."""
    return DynamoSight(boto3.client("dynamodb"), settings.snapshot_table, settings.ledger_table)


def snapshots(table: str) -> DynamoSnapshots:
    """The snapshots."""
    return DynamoSnapshots(boto3.client("dynamodb"), table)


def records(bucket: str) -> S3Records:
    """A bucket's files."""
    return S3Records(boto3.client("s3"), bucket)


def bells(settings: SelectSettings) -> Mapping[str, Bell]:
    """The queues that sends begin in."""
    client = boto3.client("sqs")
    return {
        "notices": SqsBell(client, settings.notices_queue_url),
        "letters": SqsBell(client, settings.letters_queue_url),
    }


def pseudonyms(name: str) -> KeyedPseudonyms:
    """Names made with the secret of that name."""
    return KeyedPseudonyms(secret(name, boto3.client("secretsmanager")))


def releasing(settings: SelectSettings) -> Release:
    """The errand that lets a plan go."""
    return Release(
        snapshots(settings.snapshot_table),
        ledger(settings),
        runs(settings),
        records(settings.records_bucket),
        bells(settings),
    )


def selecting(settings: SelectSettings) -> Select:
    """The errand that makes a plan."""
    release = releasing(settings)
    names = pseudonyms(settings.reference_secret)
    return Select(release.snapshots, release.ledger, release.runs, release.records, names, release, "schedule")
