"""Each function once under Lambda's own runtime, as it was built: a month of three tenancies, door by door. And what is
broken in a function or its layers is noticed."""

import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3
import pytest

from arrears.adapters.dynamo.ledger import DynamoLedger
from arrears.adapters.dynamo.runs import DynamoRuns
from arrears.adapters.dynamo.snapshots import DynamoSnapshots
from arrears.adapters.s3 import S3Records
from arrears.ledger import CaseKey
from arrears.model import Step
from arrears.work.operate import Operate
from tests.e2e.clock import MovableClock
from tests.e2e.deploying import BUILT
from tests.e2e.ministack import ministack
from tests.functions.test_doors import LETTER_DAY, PAYER, RECEIPT, SILENT, TICK, event, export, in_debt
from tests.local.making import make
from tests.local.template import Template
from tests.local.wiring import functions
from tests.runtime.emulator import LAYERS, Deployed, Failed, call

pytestmark = pytest.mark.deployed

NEIGHBOUR = "T-0003"
REPORT_DAY = datetime(2026, 3, 1, 5, tzinfo=UTC)
KINDS = ("AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::S3::Bucket", "AWS::SecretsManager::Secret")
SECRETS = {"ReferenceSecret": "a test key", "ReceiptSecret": "a test secret"}


class World:
    """What the template describes, on a loopback cloud; each call of a door starts it cold under Lambda's runtime."""

    def __init__(self, folder: Path, cloud: Any) -> None:
        self.folder, self.clock = folder, MovableClock(folder / "clock")
        session = boto3.Session("test", "test", region_name=cloud.environment["AWS_REGION"])
        told = {"endpoint_url": cloud.environment["AWS_ENDPOINT_URL"], "verify": cloud.environment["AWS_CA_BUNDLE"]}
        self.client: Callable[[str], Any] = lambda service: session.client(service, **told)
        self.template = Template(parameters={"ConsoleFolder": str(folder), "SnapshotShards": "2"})
        make(self.template, self.client, SECRETS, KINDS)
        extra = {**cloud.environment, **self.clock.environment, "AWS_SESSION_TOKEN": ""}
        self.functions = {each.name: each for each in functions(self.template, extra).values()}

    def deployed(self, door: str) -> Deployed:
        """What Lambda is told of the door."""
        function = self.functions[door]
        properties = next(found for logical, found in self.template.of_type("AWS::Lambda::Function")
                          if logical == function.logical)  # fmt: skip
        layers = [LAYERS[name] for name in LAYERS if name in str(properties["Layers"])]
        environment = function.environment()
        return Deployed(BUILT / function.logical, layers, environment["_HANDLER"], function.timeout, environment)

    def open(self, door: str, name: str | None = None, tenancy: str = "") -> Any:
        """The door's answer to its sample event, addressed to this world's inbox, and to another tenancy."""
        told = event(name or door)
        for record in told.get("Records", []):
            if "s3" in record:
                record["s3"]["bucket"]["name"] = self.template.name("InboxBucket")
            elif tenancy:
                record["body"] = record["body"].replace(PAYER, tenancy)
        return call(self.deployed(door), told, self.folder)

    def put(self, key: str, body: bytes) -> None:
        """A file lands in the inbox."""
        S3Records(self.client("s3"), self.template.name("InboxBucket")).put(key, body)

    def letters(self) -> dict[str, bytes]:
        """The letters that were drawn, by their names."""
        bucket = S3Records(self.client("s3"), self.template.name("LettersBucket"))
        return {name: bucket.get(name) or b"" for name in bucket.names("letters/")}

    def approve(self) -> None:
        """A person lets the month's first run go."""
        dynamodb, table = self.client("dynamodb"), self.template.name("LedgerTable")
        runs, snapshots = DynamoRuns(dynamodb, table), DynamoSnapshots(dynamodb, self.template.name("SnapshotTable"))
        run = runs.run("2026-02")
        assert run is not None
        Operate(snapshots, runs).approve("2026-02", "a test approver", str(run.plan_hash), TICK)

    def statuses(self) -> dict[str, str]:
        """Where each case stands."""
        ledger = DynamoLedger(self.client("dynamodb"), self.template.name("LedgerTable"), 2)
        cases = [(PAYER, Step.SMS_REMINDER), (SILENT, Step.SMS_REMINDER), (SILENT, Step.COLLECTION_LETTER)]
        rows = [ledger.row(CaseKey(tenancy_id=tenancy, period="2026-02", step=step)) for tenancy, step in cases]
        return {f"{row.key.tenancy_id} {row.key.step}": row.status for row in rows if row}


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """A cloud with nothing in it yet."""
    with TemporaryDirectory(prefix="arrears-runtime-") as name:
        folder = Path(name)
        with ministack(folder) as cloud:
            yield World(folder, cloud)


@pytest.fixture(scope="module")
def answers(world: World) -> dict[str, Any]:
    """What each door answered in the month."""
    said: dict[str, Any] = {}
    world.clock.move_to(datetime(2026, 2, 10, 4, tzinfo=UTC))
    tenancies = in_debt(PAYER, "040 112 2334"), in_debt(SILENT, "040 112 2335"), in_debt(NEIGHBOUR, "040 112 2336")
    world.put("exports/snapshot-2026-02-09.jsonl", export("2026-02-09", *tenancies))
    said["import_snapshot"] = world.open("import_snapshot")
    news = {"tenancy_id": NEIGHBOUR, "event": "paid", "at": "2026-02-10T06:00:00Z"}
    world.put("feed/2026-02-10T1015.jsonl", json.dumps(news).encode())
    world.clock.move_to(TICK)
    said["note_events"] = world.open("note_events")
    said["select_tenants"] = world.open("select_tenants")
    world.approve()
    said["release"] = world.open("select_tenants", "select_tenants_release")
    said["send_notice"] = [world.open("send_notice", tenancy=tenancy) for tenancy in (PAYER, SILENT)]
    world.clock.move_to(RECEIPT)
    said["accept_receipt"] = world.open("accept_receipt")
    said["record_receipt"] = world.open("record_receipt")
    world.clock.move_to(datetime(2026, 2, 10, 8, 5, tzinfo=UTC))
    said["reconcile"] = world.open("reconcile")
    world.clock.move_to(datetime(2026, 2, 25, 3, tzinfo=UTC))
    world.put("exports/snapshot-2026-02-24.jsonl", export("2026-02-24", in_debt(SILENT, "040 112 2335")))
    letters = event("import_snapshot")
    letters["Records"][0]["s3"]["bucket"]["name"] = world.template.name("InboxBucket")
    letters["Records"][0]["s3"]["object"]["key"] = "exports/snapshot-2026-02-24.jsonl"
    call(world.deployed("import_snapshot"), letters, world.folder)
    world.clock.move_to(LETTER_DAY)
    said["follow_up"] = world.open("follow_up")
    said["print_letter"] = world.open("print_letter")
    (letter,) = world.letters()
    printed = {"letter_id": Path(letter).stem, "status": "printed", "at": "2026-02-26T15:30:00Z"}
    world.put("printed/2026-02-26.jsonl", json.dumps(printed).encode())
    said["record_prints"] = world.open("record_prints")
    world.clock.move_to(REPORT_DAY)
    said["publish_report"] = world.open("publish_report")
    return said


def test_every_door_was_opened(answers: dict[str, Any], world: World) -> None:
    assert sorted(set(answers) - {"release"}) == sorted(world.functions)


ANSWERED: list[tuple[str, Callable[[Any], Any], Any]] = [
    ("import_snapshot", lambda said: said[0]["accepted"], 3),
    ("note_events", lambda said: said[0]["taken"], 1),
    ("select_tenants", lambda said: (said["status"], said["selected"]), ("HELD", 2)),
    ("release", lambda said: said["released"], 2),
    ("send_notice", lambda said: [each["batchItemFailures"] for each in said], [[], []]),
    ("accept_receipt", lambda said: said["statusCode"], 204),
    ("record_receipt", lambda said: said["batchItemFailures"], []),
    ("reconcile", lambda said: said["unknown"], 0),
    ("follow_up", lambda said: said["selected"], 1),
    ("print_letter", lambda said: said["batchItemFailures"], []),
    ("record_prints", lambda said: said[0]["taken"], 1),
    ("publish_report", lambda said: (said["month"], said["status"]), ("2026-02", "published")),
]


@pytest.mark.parametrize(("door", "read", "expected"), ANSWERED, ids=[door for door, _, _ in ANSWERED])
def test_a_door_does_its_work_under_lambdas_runtime(
    answers: dict[str, Any], door: str, read: Callable[[Any], Any], expected: Any
) -> None:
    assert read(answers[door]) == expected


def test_the_month_ends_as_it_does_anywhere_else(answers: dict[str, Any], world: World) -> None:
    assert world.statuses() == {
        f"{PAYER} sms_reminder": "DELIVERED",
        f"{SILENT} sms_reminder": "SENT",
        f"{SILENT} collection_letter": "DELIVERED",
    }
    texts = (world.folder / "sms.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["to"] for line in texts] == ["+358401122334", "+358401122335"]
    assert [body[:5] for body in world.letters().values()] == [b"%PDF-"]


# --- what is broken is noticed ---------------------------------------------------------------------------------------


def lacking(layer: Path, package: str, folder: Path) -> Path:
    """The same layer without one package."""
    poorer = folder / f"without-{package}/python"
    poorer.mkdir(parents=True)
    for entry in (layer / "python").iterdir():
        if entry.name != package:
            (poorer / entry.name).symlink_to(entry)
    return poorer.parent


@pytest.mark.parametrize("package", ["arrears", "pydantic", "phonenumbers"])
def test_a_layer_that_lacks_a_package_is_noticed(world: World, tmp_path: Path, package: str) -> None:
    door = world.deployed("select_tenants")
    poorer = replace(door, layers=[lacking(LAYERS["ArrearsLayer"], package, tmp_path)])
    with pytest.raises(Failed, match=f"Runtime.ImportModuleError: .*No module named '{package}'"):
        call(poorer, event("select_tenants"), tmp_path)


def test_a_letter_without_the_letter_layer_is_noticed(world: World, tmp_path: Path) -> None:
    door = world.deployed("print_letter")
    with pytest.raises(Failed, match="No module named"):
        call(replace(door, layers=[LAYERS["ArrearsLayer"]]), event("print_letter"), tmp_path)


@pytest.mark.parametrize(
    ("handler", "said"),
    [("app.main", "Runtime.HandlerNotFound"), ("application.handler", "Runtime.ImportModuleError")],
)
def test_a_handler_that_is_not_there_is_noticed(world: World, tmp_path: Path, handler: str, said: str) -> None:
    door = world.deployed("select_tenants")
    with pytest.raises(Failed, match=said):
        call(replace(door, handler=handler), event("select_tenants"), tmp_path)


def test_a_variable_that_is_missing_is_noticed_and_named(world: World, tmp_path: Path) -> None:
    door = world.deployed("select_tenants")
    without = {name: value for name, value in door.environment.items() if name != "LEDGER_TABLE"}
    with pytest.raises(Failed, match="SettingsError: LEDGER_TABLE"):
        call(replace(door, environment=without), event("select_tenants"), tmp_path)


def test_a_function_that_takes_too_long_is_stopped(world: World, tmp_path: Path) -> None:
    door = world.deployed("record_prints")
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes every call, and never answers
        cloud = f"http://127.0.0.1:{silent.getsockname()[1]}"
        slow = replace(door, timeout=3, environment={**door.environment, "AWS_ENDPOINT_URL": cloud})
        with pytest.raises(Failed, match="timed out after 3"):
            call(slow, event("record_prints"), tmp_path)
