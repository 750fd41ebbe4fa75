"""The deployed stack that an operator works on: its tables and queues, and who the operator is."""

import os
from dataclasses import dataclass
from functools import cached_property

import boto3
import click
from botocore.exceptions import BotoCoreError, ClientError

from arrears.adapters.dynamo.ledger import DynamoLedger
from arrears.adapters.dynamo.runs import DynamoRuns
from arrears.adapters.dynamo.snapshots import DynamoSnapshots
from arrears.adapters.s3 import S3Records
from arrears.cli import Unreadable


@dataclass(frozen=True)
class Stack:
    """Names from the stack's outputs; a variable of the same name in upper case comes first (LEDGER_TABLE)."""

    name: str

    @cached_property
    def outputs(self) -> dict[str, str]:
        """The stack's outputs by key."""
        try:
            found = boto3.client("cloudformation").describe_stacks(StackName=self.name)["Stacks"][0]
        except (ClientError, BotoCoreError) as error:
            raise Unreadable(f"stack {self.name}: {error}; say which stack with --stack or ARREARS_STACK") from None
        return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}

    def output(self, key: str) -> str:
        """One name, such as LedgerTable."""
        variable = "".join(f"_{letter}" if letter.isupper() else letter for letter in key).lstrip("_").upper()
        if variable in os.environ:
            return os.environ[variable]
        if key not in self.outputs:
            raise Unreadable(f"stack {self.name}: no output {key}: expected a stack of this project's template")
        return self.outputs[key]

    @property
    def ledger(self) -> DynamoLedger:
        """The ledger."""
        return DynamoLedger(boto3.client("dynamodb"), self.output("LedgerTable"), int(self.output("SnapshotShards")))

    @property
    def runs(self) -> DynamoRuns:
        """The runs."""
        return DynamoRuns(boto3.client("dynamodb"), self.output("LedgerTable"))

    @property
    def snapshots(self) -> DynamoSnapshots:
        """The snapshots."""
        return DynamoSnapshots(boto3.client("dynamodb"), self.output("SnapshotTable"))

    def records(self, bucket: str) -> S3Records:
        """The files of one bucket, by its output's key."""
        return S3Records(boto3.client("s3"), self.output(bucket))

    @property
    def who(self) -> str:
        """The operator, as AWS knows the caller."""
        return str(boto3.client("sts").get_caller_identity()["Arn"])


class OfStack(click.ParamType[Stack]):
    """The --stack option's value."""

    name = "stack"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Stack:
        return value if isinstance(value, Stack) else Stack(str(value))


on_stack = click.option(
    "--stack", type=OfStack(), envvar="ARREARS_STACK", default="rent-arrears", help="The deployed stack."
)
