"""Every front door, opened with its sample event from events/ in the embedded cloud: one month of two tenancies."""

import json
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from arrears.adapters.dynamo.ledger import DynamoLedger
from arrears.adapters.dynamo.runs import DynamoRuns
from arrears.adapters.dynamo.snapshots import DynamoSnapshots
from arrears.ledger import CaseKey, Row, Status
from arrears.model import Step
from arrears.work.operate import Operate
from tests.local.cloud import Cloud
from tests.makers import a_snapshot_row, a_tenant_row, an_item_row

EVENTS = Path(__file__).parents[2] / "events"
TICK = datetime(2026, 2, 10, 7, 15, tzinfo=UTC)
RECEIPT = datetime(2026, 2, 10, 7, 20, 5, tzinfo=UTC)
LETTER_DAY = datetime(2026, 2, 25, 7, 30, tzinfo=UTC)
PAYER, SILENT = "T-0001", "T-0002"


def event(name: str) -> Any:
    """The sample event of that name."""
    return json.loads((EVENTS / f"{name}.json").read_text("utf-8"))


def export(day: str, *tenancies: dict[str, Any]) -> bytes:
    """An export of that day."""
    return "".join(json.dumps(tenancy | {"as_of": day}) + "\n" for tenancy in tenancies).encode()


def in_debt(tenancy_id: str, phone: str) -> dict[str, Any]:
    """A test tenancy in the north that owes February's rent."""
    item = an_item_row(due_date="2026-02-04")
    tenant = a_tenant_row(tenant_id=f"P-{tenancy_id}", phone=phone)
    return a_snapshot_row(tenancy_id=tenancy_id, open_items=[item], tenants=[tenant])


class Month:
    """The embedded cloud with two tenancies in debt, and what a test wants to see in it."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        shards = int(cloud.environment("select_tenants")["SNAPSHOT_SHARDS"])
        self.ledger = DynamoLedger(cloud.client("dynamodb"), cloud.physical("LedgerTable"), shards)
        self.runs = DynamoRuns(cloud.client("dynamodb"), cloud.physical("LedgerTable"))
        self.snapshots = DynamoSnapshots(cloud.client("dynamodb"), cloud.physical("SnapshotTable"))

    def open(self, door: str, name: str | None = None) -> Any:
        """The door's answer to its sample event, addressed to this cloud's own inbox."""
        told = event(name or door)
        for record in told.get("Records", []):
            if "s3" in record:
                record["s3"]["bucket"]["name"] = self.cloud.physical("InboxBucket")
        return self.cloud.invoke(door, told)

    def row(self, tenancy_id: str, step: Step = Step.SMS_REMINDER) -> Row:
        """The tenancy's row of February."""
        row = self.ledger.row(CaseKey(tenancy_id=tenancy_id, period="2026-02", step=step))
        assert row is not None
        return row

    def publish(self, day: str, *tenancies: dict[str, Any]) -> None:
        """An export lands and is imported."""
        self.cloud.put("InboxBucket", f"exports/snapshot-{day}.jsonl", export(day, *tenancies))
        self.cloud.settle()

    def select_and_approve(self) -> None:
        """The monthly tick, and the approval that a first run needs."""
        self.cloud.clock.move_to(TICK)
        self.open("select_tenants")
        run = self.runs.run("2026-02")
        assert run is not None
        Operate(self.snapshots, self.runs).approve("2026-02", "a test approver", str(run.plan_hash), TICK)
        self.open("select_tenants", "select_tenants_release")

    def texts(self) -> list[str]:
        """Who was texted, in order."""
        sent = Path(self.cloud.environment("send_notice")["CONSOLE_FOLDER"]) / "sms.jsonl"
        return [json.loads(line)["to"] for line in sent.read_text("utf-8").splitlines()] if sent.exists() else []


@pytest.fixture
def month(tmp_path: Path) -> Iterator[Month]:
    """10 February, an hour before the tick: last night's export has been published."""
    with Cloud(
        datetime(2026, 2, 10, 4, tzinfo=UTC),
        environment={"CONSOLE_FOLDER": str(tmp_path)},
        secrets={"ReferenceSecret": "a test key", "ReceiptSecret": "a test secret"},
    ) as cloud:
        month = Month(cloud)
        month.publish("2026-02-09", in_debt(PAYER, "040 112 2334"), in_debt(SILENT, "040 112 2335"))
        yield month


def test_an_export_that_lands_is_published_and_its_report_lies_beside_it(month: Month) -> None:
    assert month.snapshots.find(PAYER) is not None
    bucket = month.cloud.physical("InboxBucket")
    report = (
        month.cloud.client("s3").get_object(Bucket=bucket, Key="reports/snapshot-2026-02-09.jsonl.json")["Body"].read()
    )
    assert json.loads(report)["accepted"] == 2


def test_the_same_file_landing_twice_is_refused_the_second_time(month: Month) -> None:
    assert month.open("import_snapshot")[0]["refused"] == "same_file"


def test_the_first_monthly_tick_makes_a_plan_and_waits_for_a_person(month: Month) -> None:
    month.cloud.clock.move_to(TICK)
    outcome = month.open("select_tenants")
    assert (outcome["status"], outcome["selected"]) == ("HELD", 2)
    month.cloud.settle()
    assert month.texts() == []


def test_an_approved_run_reaches_both_tenancies_once(month: Month) -> None:
    month.select_and_approve()
    month.cloud.settle()
    assert sorted(month.texts()) == ["+358401122334", "+358401122335"]
    assert month.row(PAYER).status is Status.SENT


def test_a_message_that_comes_twice_is_sent_once(month: Month) -> None:
    month.select_and_approve()
    month.open("send_notice")
    month.open("send_notice", "send_notice_duplicate")
    month.cloud.settle()
    assert len(month.texts()) == 2


def test_a_poisoned_message_is_brought_back_alone(month: Month) -> None:
    month.select_and_approve()
    answer = month.open("send_notice", "send_notice_poison")
    assert [failed["itemIdentifier"] for failed in answer["batchItemFailures"]] == [
        "00000000-0000-4000-8000-000000000001"
    ]
    assert month.row(PAYER).status is Status.SENT


def test_a_signed_receipt_moves_the_row_forward(month: Month) -> None:
    month.select_and_approve()
    month.cloud.settle()
    month.cloud.clock.move_to(RECEIPT)
    assert month.open("accept_receipt")["statusCode"] == 204
    month.cloud.settle()
    assert month.row(PAYER).status is Status.DELIVERED


def test_a_receipt_that_the_cloud_handed_over_in_base64_is_the_same_receipt(month: Month) -> None:
    month.select_and_approve()
    month.cloud.settle()
    month.cloud.clock.move_to(RECEIPT)
    told = event("accept_receipt")
    packed = told | {"body": b64encode(told["body"].encode()).decode(), "isBase64Encoded": True}
    assert month.cloud.invoke("accept_receipt", packed)["statusCode"] == 204
    month.cloud.settle()
    assert month.row(PAYER).status is Status.DELIVERED


def test_aws_tells_by_sns_what_became_of_a_text(month: Month) -> None:
    month.select_and_approve()
    month.cloud.settle()
    month.open("accept_receipt", "accept_receipt_sns")
    month.cloud.settle()
    assert month.row(PAYER).status is Status.DELIVERED


def test_a_forged_receipt_is_turned_away_and_changes_nothing(month: Month) -> None:
    month.select_and_approve()
    month.cloud.settle()
    month.cloud.clock.move_to(RECEIPT)
    assert month.open("accept_receipt", "accept_receipt_forged")["statusCode"] == 401
    month.cloud.settle()
    assert month.row(PAYER).status is Status.SENT


def test_a_receipt_from_the_queue_is_recorded_and_a_poisoned_one_is_brought_back(month: Month) -> None:
    month.select_and_approve()
    month.cloud.settle()
    assert month.open("record_receipt")["batchItemFailures"] == []
    assert month.row(PAYER).status is Status.DELIVERED
    assert len(month.open("record_receipt", "record_receipt_poison")["batchItemFailures"]) == 1


def test_the_hourly_tick_finds_nothing_left_behind_and_ends_the_run(month: Month) -> None:
    month.select_and_approve()
    month.cloud.settle()
    month.cloud.clock.move_to(datetime(2026, 2, 10, 8, 5, tzinfo=UTC))
    assert month.open("reconcile")["oldest_waiting_hours"] == 0
    run = month.runs.run("2026-02")
    assert run is not None
    assert run.status == "DONE"


def test_who_pays_between_two_exports_is_left_in_peace(month: Month) -> None:
    news = {"tenancy_id": PAYER, "event": "paid", "at": "2026-02-10T06:00:00Z"}
    month.cloud.put("InboxBucket", "feed/2026-02-10T1015.jsonl", json.dumps(news).encode())
    month.cloud.settle()
    assert month.open("note_events")[0] == {"taken": 0, "nothing_new": 1, "unreadable": []}
    month.select_and_approve()
    month.cloud.settle()
    assert month.texts() == ["+358401122335"]


def test_silence_after_the_text_becomes_a_letter_that_is_printed_once(month: Month) -> None:
    month.select_and_approve()
    month.cloud.settle()
    month.cloud.clock.move_to(datetime(2026, 2, 25, 3, tzinfo=UTC))
    month.publish("2026-02-24", in_debt(SILENT, "040 112 2335"))
    month.cloud.clock.move_to(LETTER_DAY)
    assert month.open("follow_up")["selected"] == 1
    month.cloud.settle()
    assert month.open("print_letter")["batchItemFailures"] == []
    letter = month.row(SILENT, Step.COLLECTION_LETTER)
    assert (letter.status, str(letter.fee)) == (Status.SENT, "5.00")
    month.cloud.put(
        "InboxBucket",
        "printed/2026-02-26.jsonl",
        json.dumps({"letter_id": letter.reference, "status": "printed", "at": "2026-02-26T15:30:00Z"}).encode(),
    )
    month.cloud.settle()
    assert month.row(SILENT, Step.COLLECTION_LETTER).status is Status.DELIVERED
    assert month.open("record_prints")[0]["nothing_new"] == 1


def test_the_month_is_reported_when_it_is_over(month: Month) -> None:
    month.select_and_approve()
    month.cloud.settle()
    month.cloud.clock.move_to(LETTER_DAY)
    month.open("follow_up")
    month.cloud.clock.move_to(datetime(2026, 3, 1, 5, tzinfo=UTC))
    outcome = month.open("publish_report", "publish_report")
    assert (outcome["month"], outcome["status"]) == ("2026-02", "published")
    bucket = month.cloud.physical("RecordsBucket")
    page = month.cloud.client("s3").get_object(Bucket=bucket, Key="reports/2026-02/report.html")
    assert page["ContentType"] == "text/html; charset=utf-8"
    assert "February 2026" in page["Body"].read().decode()
    for file in outcome["files"]:
        assert month.cloud.client("s3").get_object(Bucket=bucket, Key=f"reports/2026-02/{file}")["Body"].read()


def test_a_month_in_which_nothing_ran_has_no_report(month: Month) -> None:
    assert month.open("publish_report", "publish_report")["status"] == "no_runs"


def test_every_sample_event_belongs_to_a_door_and_is_opened_here() -> None:
    here = Path(__file__).read_text("utf-8")
    doors = {folder.parent.name for folder in (EVENTS.parent / "functions").glob("*/app.py")}
    for file in EVENTS.glob("*.json"):
        assert any(file.stem.startswith(door) for door in doors), file.name
        assert f'"{file.stem}"' in here, f"{file.name} is opened by no test"
