"""How the doors put the house together: the parts that most of them have, each made of its settings.

An errand that only some doors run is put together beside this, so that no door loads what it does not use.
"""

from uuid import uuid4

import boto3

from arrears.adapters.dynamo.ledger import DynamoLedger
from arrears.adapters.dynamo.runs import DynamoRuns
from arrears.adapters.dynamo.sight import DynamoSight
from arrears.adapters.dynamo.snapshots import DynamoSnapshots
from arrears.adapters.pseudonyms import KeyedPseudonyms
from arrears.adapters.s3 import S3Records
from arrears.adapters.secrets import secret
from arrears.settings import LedgerSettings, SightSettings


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


def pseudonyms(name: str) -> KeyedPseudonyms:
    """Names made with the secret of that name."""
    return KeyedPseudonyms(secret(name, boto3.client("secretsmanager")))
