"""dynalite: a strict DynamoDB on loopback, and what it lacks lent by us.

It has no transactions, no time to live, and does not tell the item that a failed condition found. A transaction is lent
part by part: dynalite judges each condition and each update by itself, and what was written is taken back unless all
held.
"""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import boto3
from botocore.client import Config
from botocore.exceptions import ClientError, EndpointConnectionError

from arrears.adapters.dynamo.items import lost_condition
from tests.e2e.ministack import free_port
from tests.local.template import REGION, ROOT

PROGRAM = ROOT / ".venvs/dynalite/node_modules/.bin/dynalite"
STARTS_WITHIN = 30.0
ONE_ATTEMPT = Config(retries={"total_max_attempts": 1})


class NotRunning(RuntimeError):
    """dynalite did not start; says what it printed last."""


@contextmanager
def dynalite(folder: Path) -> Iterator["Lent"]:
    """Starts one that keeps everything in memory, and ends it. Raises NotRunning when it does not answer in time."""
    port, log = free_port(), folder / "dynalite.log"
    made_at_once = ["--createTableMs", "0", "--deleteTableMs", "0"]
    with log.open("wb") as told:
        process = subprocess.Popen(
            [PROGRAM, "--host", "127.0.0.1", "--port", str(port), *made_at_once],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=told, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        session = boto3.Session("test", "test", region_name=REGION)
        client = session.client("dynamodb", endpoint_url=f"http://127.0.0.1:{port}", config=ONE_ATTEMPT)
        _wait(client, process, log)
        yield Lent(client)
    finally:
        process.kill()  # it keeps nothing that could be lost
        process.wait()


def _wait(client: Any, process: subprocess.Popen[bytes], log: Path) -> None:
    until = monotonic() + STARTS_WITHIN
    while monotonic() < until and process.poll() is None:
        try:
            client.list_tables()
        except EndpointConnectionError:
            sleep(0.1)
        else:
            return
    raise NotRunning(f"dynalite did not start: {log.read_text('utf-8', 'replace')[-2000:]}")


class Lent:
    """A client of dynalite's that can also do what dynalite cannot."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self.client, name)

    def put_item(self, **asked: Any) -> Any:
        return self._told(self.client.put_item, asked, {name: asked["Item"][name] for name in ("pk", "sk")})

    def update_item(self, **asked: Any) -> Any:
        return self._told(self.client.update_item, asked, asked["Key"])

    def update_time_to_live(self, **_: Any) -> None:
        """Nothing expires here."""

    def transact_write_items(self, **asked: Any) -> None:
        parts = [part for write in asked["TransactItems"] for part in write.values()]
        before = [self._item(part["TableName"], part["Key"]) for part in parts]
        reasons = [self._why_not(part) for part in parts]
        if any(reason["Code"] != "None" for reason in reasons):
            self._take_back(parts, before)
            told: Any = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}
            raise ClientError(told, "TransactWriteItems")

    def _why_not(self, part: dict[str, Any]) -> dict[str, Any]:
        """Writes one part; a check alone is an update that changes nothing."""
        try:
            self.update_item(**part)
        except ClientError as error:
            if not lost_condition(error):
                raise
            found: Any = error.response.get("Item")
            return {"Code": "ConditionalCheckFailed"} | ({"Item": found} if found else {})
        return {"Code": "None"}

    def _take_back(self, parts: list[dict[str, Any]], before: list[Any]) -> None:
        for part, item in zip(parts, before, strict=True):
            if item:
                self.client.put_item(TableName=part["TableName"], Item=item)
            else:
                self.client.delete_item(TableName=part["TableName"], Key=part["Key"])

    def _told(self, call: Callable[..., Any], asked: dict[str, Any], key: Any) -> Any:
        """The call's answer; the error of a condition that failed says what was found, where that was asked for."""
        try:
            return call(**asked)
        except ClientError as error:
            if lost_condition(error) and asked.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD":
                found: Any = error.response
                found |= {"Item": item} if (item := self._item(asked["TableName"], key)) else {}
            raise

    def _item(self, table: str, key: Any) -> Any:
        return self.client.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
