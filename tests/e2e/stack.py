"""The deployed stack, as a test or a person at the keyboard uses it: what is dropped, called, posted, looked up."""

import json
import os
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, cached_property, partial
from pathlib import Path
from time import monotonic, sleep
from typing import Any, TypeVar
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import boto3
from botocore.config import Config

from arrears.adapters.dynamo.ledger import DynamoLedger
from arrears.adapters.dynamo.runs import DynamoRuns
from arrears.adapters.s3 import S3Records
from arrears.receipts import sign
from tests.e2e import deploying
from tests.e2e.clock import MovableClock
from tests.e2e.ministack import Ministack, ministack
from tests.local.provider import Street, street
from tests.local.template import ROOT, STACK

Found = TypeVar("Found")
PATIENCE = 300.0  # seconds: a slow machine is not a wrong one
PATIENT = Config(read_timeout=PATIENCE, retries={"total_max_attempts": 1})


class DoorFailed(RuntimeError):
    """A function raised: which one, and what."""


class Stack:
    """One deployed stack. `street` is who received what left, `clock` the one that its functions live by."""

    def __init__(self, cloud: Ministack, street: Street, clock: MovableClock) -> None:
        self.cloud, self.street, self.clock = cloud, street, clock
        self.session = boto3.Session("test", "test", region_name=self.region)
        self.client = cache(partial(self.client_of, self.session))

    @property
    def environment(self) -> dict[str, str]:
        """What operators' commands need in their environment to work on this stack, by its clock."""
        return {**self.cloud.environment, **self.clock.environment, "ARREARS_STACK": STACK}

    @cached_property
    def outputs(self) -> dict[str, str]:
        """The stack's outputs by key."""
        (found,) = self.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
        return {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}

    @property
    def region(self) -> str:
        """Where it is."""
        return self.cloud.environment["AWS_REGION"]

    def physical(self, logical: str) -> str:
        """What the cloud calls a resource of the template."""
        found = self.client("cloudformation").describe_stack_resource(StackName=STACK, LogicalResourceId=logical)
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    @property
    def ledger(self) -> DynamoLedger:
        """The ledger."""
        shards = int(self.outputs["SnapshotShards"])
        return DynamoLedger(self.client("dynamodb"), self.outputs["LedgerTable"], shards)

    @property
    def runs(self) -> DynamoRuns:
        """The runs."""
        return DynamoRuns(self.client("dynamodb"), self.outputs["LedgerTable"])

    def files(self, bucket: str) -> S3Records:
        """The files of one bucket, by its output's key."""
        return S3Records(self.client("s3"), self.outputs[bucket])

    # --- what happens ----------------------------------------------------------------------------------------------

    def invoke(self, door: str, event: Any) -> Any:
        """Calls a function and waits; answers what it answers. Raises DoorFailed with what it raised."""
        answer = self.client("lambda").invoke(FunctionName=name_of(door), Payload=json.dumps(event).encode())
        told = json.loads(answer["Payload"].read() or b"null")
        if "FunctionError" in answer:
            raise DoorFailed(f"{door}: {told}")
        return told

    def tick(self, door: str) -> Any:
        """Calls a scheduled function with the moment that the clock shows."""
        return self.invoke(door, {"time": self.clock.at.isoformat()})

    def drop(self, name: str, body: bytes) -> dict[str, Any]:
        """Drops an export into the inbox and waits for its report. Raises TimeoutError."""
        inbox, report = self.files("InboxBucket"), f"reports/{name}.json"
        inbox.delete(report)  # of the same name, from an earlier time
        inbox.put(f"exports/{name}", body)
        wait_for(lambda: inbox.get(report), f"the report of {name}")
        return self.report(report)

    def report(self, key: str) -> dict[str, Any]:
        """The report of an import, by its key in the inbox."""
        told: dict[str, Any] = json.loads(self.files("InboxBucket").get(key) or b"")
        return told

    def put(self, key: str, told: list[dict[str, Any]]) -> None:
        """Drops a file of JSON Lines into the inbox."""
        self.files("InboxBucket").put(key, "".join(json.dumps(line) + "\n" for line in told).encode())

    def post(self, path: str, told: Any, secret: str | None = None) -> int:
        """Posts a receipt to the stack's own address for receipts, signed with its own secret (or another one);
        answers the status."""
        body, timestamp = json.dumps(told).encode(), str(int(self.clock.at.timestamp()))
        signed = {"X-Arrears-Timestamp": timestamp, "X-Arrears-Signature": sign(body, timestamp, secret or self.secret)}
        host = self.outputs["ReceiptUrl"].split("/")[2]
        url = f"{self.cloud.environment['AWS_ENDPOINT_URL']}{path}"
        request = Request(url, body, {"Host": host, "Content-Type": "application/json", **signed}, method="POST")
        try:
            with urlopen(request, timeout=PATIENCE, context=self._trusting) as answer:
                return int(answer.status)
        except HTTPError as error:
            return error.code

    def operate(self, *words: str) -> str:
        """Runs `arrears ...` as an operator would; answers what it said. Raises CalledProcessError."""
        done = subprocess.run(
            [sys.executable, "-m", "arrears", *words], cwd=ROOT, env=os.environ | self.environment,
            capture_output=True, text=True, timeout=120, check=True,
        )  # fmt: skip
        return done.stdout

    def settle(self, *queues: str, within: float = PATIENCE) -> None:
        """Waits until nothing is left in the queues, named by their outputs' keys. Raises TimeoutError."""
        wait_for(lambda: not any(map(self.waiting, queues)), f"{', '.join(queues)} to be empty", within)

    def waiting(self, queue: str) -> int:
        """How many messages are in a queue, seen or not."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        told = self.client("sqs").get_queue_attributes(QueueUrl=self.outputs[queue], AttributeNames=names)
        return sum(int(told["Attributes"][name]) for name in names)

    def logs(self, door: str) -> list[str]:
        """Every line of a function's log."""
        pages = self.client("logs").get_paginator("filter_log_events")
        found = pages.paginate(logGroupName=f"/aws/lambda/{name_of(door)}")
        return [line for page in found for event in page["events"] for line in event["message"].splitlines()]

    def heard(self, door: str, word: str) -> None:
        """Waits until a function's log says it. Raises TimeoutError."""
        wait_for(lambda: any(word in line for line in self.logs(door)), f"{door} to say {word}")

    @cached_property
    def secret(self) -> str:
        """What receipts are signed with."""
        found = self.client("secretsmanager").get_secret_value(SecretId=self.physical("ReceiptSecret"))
        return str(found["SecretString"])

    @cached_property
    def _trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.cloud.certificate))

    def client_of(self, session: boto3.Session, service: Any) -> Any:
        """A client of a session of somebody else's."""
        told = self.cloud.environment
        return session.client(
            service, endpoint_url=told["AWS_ENDPOINT_URL"], verify=told["AWS_CA_BUNDLE"], config=PATIENT
        )


def name_of(door: str) -> str:
    """A function's own name in the stack."""
    return f"{STACK}-{door.replace('_', '-')}"


@contextmanager
def deployed(folder: Path, cloud_port: int = 0, street_port: int = 0) -> Iterator[Stack]:
    """The very template, built by `make build`, on a cloud and a street of its own, all of it on loopback; everything
    it keeps is in the folder, and everything it started ends with it."""
    clock = MovableClock(folder / "clock")
    with street(street_port) as server, ministack(folder, cloud_port, clock.environment) as cloud:
        stack = Stack(cloud, server, clock)
        told = deploying.parameters(server.url)
        for bucket in (deploying.ARTEFACTS, deploying.ACCESS_LOGS):
            where: Any = {"LocationConstraint": stack.region}
            stack.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=where)
        deploying.deploy(told, cloud.environment)
        deploying.mend(stack.client, told)
        # The cloud's own clock is the real one: its ticks would come at any hour of the month that is lived here, and
        # it would take rows of a month that is over for expired.
        deploying.set_ticks(stack.client, "DISABLED")
        for table in ("SnapshotTable", "LedgerTable"):
            kept = {"AttributeName": "expires", "Enabled": False}
            stack.client("dynamodb").update_time_to_live(TableName=stack.outputs[table], TimeToLiveSpecification=kept)
        yield stack


def wait_for(look: Callable[[], Found], what: str, within: float = PATIENCE) -> Found:
    """Looks until there is something; answers it. Raises TimeoutError."""
    until = monotonic() + within
    while not (found := look()):
        if monotonic() > until:
            raise TimeoutError(f"waited {within:.0f} seconds for {what}")
        sleep(0.2)
    return found
