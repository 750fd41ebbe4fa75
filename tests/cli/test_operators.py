"""What operators do to a deployed stack: what they type, what is said, and what then stands in the embedded cloud."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from botocore.exceptions import ClientError
from click.testing import CliRunner, Result

from arrears.adapters.dynamo.ledger import DynamoLedger
from arrears.adapters.dynamo.runs import DynamoRuns
from arrears.adapters.dynamo.snapshots import DynamoSnapshots
from arrears.cli import main
from arrears.ledger import Run, RunStatus, Standing, StandingHold, Status
from arrears.model import HoldKind, Reason, Step
from tests.local.cloud import Cloud
from tests.makers import a_snapshot, a_snapshot_row, a_tenant, a_tenant_row, an_item_row
from tests.rows import MONTH, NOW, VERSION, a_key, a_letter_row, a_pointer, a_row, a_run
from tests.streets import ENVIRONMENT

WHO = "arn:aws:sts::123456789012:user/moto"
EXPIRES = datetime(2027, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Stacks:
    """CloudFormation, as far as it can tell what a stack's resources are called."""

    cloud: Cloud

    def describe_stacks(self, *, StackName: str) -> Any:  # noqa: N803  # as AWS calls it
        """Two stacks: one as the template has it, and an empty one."""
        if StackName not in ("rent-arrears", "empty"):
            said = {"Error": {"Code": "ValidationError", "Message": f"Stack with id {StackName} does not exist"}}
            raise ClientError(said, "DescribeStacks")  # type: ignore[arg-type]
        named = self.cloud.outputs if StackName == "rent-arrears" else {}
        outputs = [{"OutputKey": key, "OutputValue": value} for key, value in named.items()]
        return {"Stacks": [{"Outputs": outputs} if outputs else {}]}


class Office:
    """An operator's desk beside a deployed stack."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        shards = int(cloud.outputs["SnapshotShards"])
        self.ledger = DynamoLedger(cloud.client("dynamodb"), cloud.physical("LedgerTable"), shards)
        self.runs = DynamoRuns(cloud.client("dynamodb"), cloud.physical("LedgerTable"))
        self.snapshots = DynamoSnapshots(cloud.client("dynamodb"), cloud.physical("SnapshotTable"))

    def type(self, *words: str, answer: str | None = None) -> Result:
        """What the command says."""
        result = CliRunner().invoke(main, words, input=answer)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    def run(self, name: str = MONTH) -> Run:
        run = self.runs.run(name)
        assert run is not None
        return run

    def publish(self, *tenancies: Any) -> None:
        """A snapshot with these tenancies is in force."""
        self.snapshots.write(VERSION, self.ledger.shards, tenancies, EXPIRES)
        assert self.snapshots.publish(a_pointer(shards=self.ledger.shards), None)


def lines(result: Result, code: int = 0) -> list[str]:
    """What was said, line by line; of a table the cells and not what is drawn around them."""
    assert result.exit_code == code, result.output
    told = (line.replace("┃", "│").rstrip() for line in result.output.splitlines())
    cells = (" | ".join(map(str.strip, line.split("│")[1:-1])) if "│" in line else line for line in told)
    return [line for line in cells if line and line[0] not in "┏┡└┌├"]


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """Monday morning; the stack is found by its outputs."""
    for name, value in (ENVIRONMENT | {"COLUMNS": "200"}).items():
        monkeypatch.setenv(name, value)
    secrets = {"ReferenceSecret": "a test key", "ReceiptSecret": "a test secret"}
    secrets = {"ReferenceSecret": "a test key", "ReceiptSecret": "a test secret"}
    with Cloud(NOW.astimezone(UTC), secrets=secrets) as cloud:
        made, stacks = boto3.client, Stacks(cloud)
        with patch("boto3.client", lambda name, *of: stacks if name == "cloudformation" else made(name, *of)):
            yield Office(cloud)


# --- runs ------------------------------------------------------------------------------------------------------------


def test_a_run_is_shown_with_all_that_it_did(office: Office) -> None:
    counts: dict[str, Any] = {"total": 7, "released": 3, "claimed": 2, "unknown": 1, "rejected": 4}
    why, events = ("cap: too many", "fresh: too old"), ("planned", "approved")
    office.runs.open(a_run(plan_hash="abc", why=why, approved_by="somebody", events=events, **counts))
    shown = [
        "Run 2026-11",
        "status | APPROVED",
        "why | cap: too many",
        "| fresh: too old",
        "plan | abc",
        "snapshot | 2026-11-23-0000000000aa",
        "cases | 3 of 7 released, 2 sent or tried",
        "unknown | 1",
        "refused | 4",
        "started | schedule, 2026-11-23 07:00",
        "approved | somebody",
        "history | planned",
        "| approved",
    ]
    assert [line.lstrip() for line in lines(office.type("run", "status", "2026-11"))] == shown
    assert office.type("run", "status").output == office.type("run", "status", "2026-11").output


def test_what_a_run_has_nothing_of_is_not_shown(office: Office) -> None:
    office.runs.open(a_run("2026-11-20", status=RunStatus.PLANNING, events=()))
    assert [line.split(" | ")[0] for line in lines(office.type("run", "status", "2026-11-20"))] == [
        "Run 2026-11-20", "status", "snapshot", "cases", "unknown", "refused", "started",
    ]  # fmt: skip


def test_a_run_that_is_not_there_is_said_to_be_none(office: Office) -> None:
    result = office.type("run", "status")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "There is no run 2026-11.\n")


def test_a_month_is_started_in_the_operators_name_and_approved_by_another(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.cloud.put_export(an_export("2026-11-22"), "snapshot-2026-11-22.jsonl")
    office.cloud.settle()
    office.cloud.functions["select_tenants"].module()
    started = office.type("run", "start", "2026-11")
    assert lines(started) == ["Run 2026-11 is being planned. See `arrears run status 2026-11`."]
    office.cloud.settle()
    run = office.run()
    assert (run.status, run.started_by, run.started_at, run.total) == (RunStatus.HELD, WHO, NOW, 1)
    plan = str(run.plan_hash)
    refused = office.type("run", "approve", "2026-11", "--plan", plan)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == f"{WHO} started run 2026-11: another person must approve it\n"
    monkeypatch.setattr("arrears.cli.stack.Stack.who", "another")
    other_plan = office.type("run", "approve", "2026-11", "--plan", "another plan")
    assert lines(other_plan, 1) == [f"run 2026-11 has another plan now: look at it again and approve {plan}"]
    approved = office.type("run", "approve", "2026-11", "--plan", plan)
    assert lines(approved) == ["Run 2026-11 is approved by another. The first wave leaves now."]
    office.cloud.settle()
    assert (office.run().approved_by, office.run().released) == ("another", 1)


def test_only_the_current_month_can_be_started(office: Office) -> None:
    assert lines(office.type("run", "start", "2026-12"), 2) == [
        "main run start: 2026-12: expected the current month, 2026-11 See `main run start --help`."
    ]


def test_a_run_is_halted_and_goes_on_and_the_history_says_why(office: Office) -> None:
    office.runs.open(a_run())
    halted = office.type("run", "halt", "2026-11", "--why", "a wrong text")
    assert "status | HALTED" in lines(halted)
    assert (office.run().status, office.run().halted_by) == (RunStatus.HALTED, WHO)
    resumed = office.type("run", "resume", "2026-11", "--why", "mended")
    assert "status | APPROVED" in lines(resumed)
    at = "2026-11-23T08:00:00+00:00"
    assert office.run().events == ("planned", f"{at} halted by {WHO}: a wrong text", f"{at} resumed by {WHO}: mended")


def test_a_run_of_which_nothing_has_left_is_held(office: Office) -> None:
    office.runs.open(a_run())
    assert f"why | held by {WHO}: wait" in lines(office.type("run", "hold", "2026-11", "--why", "wait"))
    assert office.run().status is RunStatus.HELD
    assert lines(office.type("run", "halt", "2026-11", "--why", "x"), 1) == ["run 2026-11 is HELD: expected APPROVED"]


# --- tenancies -------------------------------------------------------------------------------------------------------


def test_a_hold_is_put_on_shown_and_taken_off(office: Office) -> None:
    head = ["kind | until | by | why | since"]
    put = office.type("hold", "add", "T-1", "dispute", "--until", "2026-12-31", "--why", "a leak")
    row = f"dispute | 2026-12-31 | {WHO} | a leak | 2026-11-23"
    assert lines(put) == ["Tenancy T-1", *head, row]
    hold = StandingHold(kind=HoldKind.DISPUTE, until=date(2026, 12, 31), by=WHO, why="a leak", since=NOW)
    assert office.ledger.remembered("T-1").standing == Standing(tenancy_id="T-1", holds=(hold,))
    guardian = office.type("hold", "add", "T-1", "guardian", "--why", "told by phone")
    endless = f"guardian | ended by a person | {WHO} | told by phone | 2026-11-23"
    assert [line.strip() for line in lines(guardian)] == ["Tenancy T-1", *head, row, endless]
    assert office.type("hold", "list", "T-1").output == guardian.output
    assert lines(office.type("hold", "end", "T-1", "dispute"))[-1] == endless
    again = office.type("hold", "end", "T-1", "dispute")
    assert (again.exit_code, again.stdout) == (1, "")
    assert again.stderr == "T-1 has no hold of kind dispute here; the rent ledger's own end there\n"
    assert lines(office.type("hold", "list", "T-2")) == ["Tenancy T-2", *head]


def test_a_fee_is_waived_by_whoever_says_so(office: Office) -> None:
    assert lines(office.type("waive", "T-1"))[-1] == f"Letters carry no fee: waived by {WHO}."
    assert office.ledger.remembered("T-1").standing == Standing(tenancy_id="T-1", waived_by=WHO)


def test_what_waits_for_a_person_is_listed_with_its_reason_and_closed(office: Office) -> None:
    handed = a_key(step=Step.HAND_TO_PERSON)
    office.ledger.plan(a_row(handed, status=Status.OPEN, reasons=(Reason.WARNING_UNANSWERED, Reason.GUARDIAN)))
    office.ledger.plan(a_row(a_key("T-2"), status=Status.SET_ASIDE, why="text_refused"))
    office.ledger.plan(a_row(a_key("T-3"), status=Status.EXHAUSTED, why="http_429"))
    office.ledger.plan(a_row(a_key("T-4"), status=Status.REJECTED, why="bad"))
    office.ledger.plan(a_row(a_key("T-5"), status=Status.SENT))
    listed = office.type("people", "list")
    assert [line.strip() for line in lines(listed)] == [
        "For a person",
        "tenancy | period | step | status | why | since",
        "T-1 | 2026-11 | hand_to_person | OPEN | warning_unanswered, guardian | 2026-11-23 07:00",
        "T-2 | 2026-11 | sms_reminder | SET_ASIDE | text_refused | 2026-11-23 07:00",
        "T-3 | 2026-11 | sms_reminder | EXHAUSTED | http_429 | 2026-11-23 07:00",
        "T-4 | 2026-11 | sms_reminder | REJECTED | bad | 2026-11-23 07:00",
        "4 in all.",
    ]
    assert listed.output.startswith("For a person")
    closed = office.type("people", "close", "T-1", "2026-11", "--why", "visited")
    assert lines(closed) == [f"{handed} is closed."]
    row = office.ledger.row(handed)
    assert row is not None
    event = row.events[-1]
    assert (row.status, row.changed_at) == (Status.CLOSED, NOW)
    assert (event.at, event.by, event.why) == (NOW, WHO, "visited")
    again = office.type("people", "close", "T-1", "2026-11", "--why", "visited")
    assert (again.exit_code, again.stderr) == (1, f"{handed} is CLOSED: expected OPEN\n")


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [("--sent", Status.SENT, "sent"), ("--not-sent", Status.PLANNED, "not sent, and waits to be sent again")],
    ids=["sent", "not sent"],
)
def test_a_doubt_is_listed_and_ended_by_a_person(office: Office, answer: str, status: Status, said: str) -> None:
    key = a_key(step=Step.COURT_NOTICE)
    office.ledger.plan(a_row(key, status=Status.UNKNOWN, why="deadline"))
    assert lines(office.type("unknown", "list")) == [
        " " * 10 + "" + "Nobody knows whether these left" if False else "Nobody knows whether these left",
        "tenancy | period | step | status | why | since",
        "T-1 | 2026-11 | court_notice | UNKNOWN | deadline | 2026-11-23 07:00",
        "1 in all.",
    ]
    ended = office.type("unknown", "resolve", "T-1", "2026-11", "court_notice", answer, "--why", "asked")
    assert lines(ended) == [f"{key} was {said}."]
    row = office.ledger.row(key)
    assert row is not None
    event = row.events[-1]
    assert (row.status, event.at, event.by, event.why) == (status, NOW, WHO, "asked")
    again = office.type("unknown", "resolve", "T-1", "2026-11", "court_notice", answer, "--why", "asked")
    assert (again.exit_code, again.stderr) == (1, f"{key} is {status}: expected UNKNOWN\n")


def test_numbers_that_no_text_can_reach_are_listed_without_the_number(office: Office) -> None:
    bad = (a_tenant(phone="123"), a_tenant("P-2", phone="040 112 2334"))
    office.publish(a_snapshot(tenancy_id="T-1", tenants=bad))
    office.ledger.plan(a_row(a_key("T-1"), status=Status.IMPOSSIBLE, recipient=None))
    office.ledger.plan(a_row(a_key("T-2"), status=Status.IMPOSSIBLE, recipient=None))
    office.ledger.plan(a_row(a_key("T-3"), status=Status.REJECTED))
    office.ledger.plan(a_row(a_key("T-4"), status=Status.REJECTED, why="barred"))
    office.ledger.plan(a_row(a_key("T-5"), status=Status.UNDELIVERED, why="bad_number: 27"))
    office.ledger.plan(a_row(a_key("T-6"), status=Status.UNDELIVERED, why="not_delivered: 5"))
    office.ledger.plan(a_row(a_key("T-7"), status=Status.UNDELIVERED))
    listed = office.type("numbers")
    assert lines(listed) == [
        "Numbers to mend",
        "tenancy | period | what is wrong",
        "T-1 | 2026-11 | P-1: not_a_number, P-2: mended",
        "T-2 | 2026-11 | no debt any more",
        "T-3 | 2026-11 | REJECTED",
        "T-4 | 2026-11 | barred",
        "T-5 | 2026-11 | bad_number: 27",
        "5 in all.",
    ]


@pytest.mark.parametrize(
    ("queue", "dead", "alive"),
    [
        ("notices", "NoticesDlq", "NoticesQueue"),
        ("letters", "LettersDlq", "LettersQueue"),
        ("receipts", "ReceiptsDlq", "ReceiptsQueue"),
    ],
)
def test_dead_letters_are_brought_back(office: Office, queue: str, dead: str, alive: str) -> None:
    sqs = office.cloud.client("sqs")
    for number in range(12):
        sqs.send_message(QueueUrl=office.cloud.physical(dead), MessageBody=f"message {number}")
    assert lines(office.type("redrive", queue)) == ["12 brought back."]
    assert office.cloud.dead_letters(dead) == []
    assert sorted(office.cloud.dead_letters(alive)) == sorted(f"message {number}" for number in range(12))
    assert lines(office.type("redrive", queue)) == ["0 brought back."]


# --- one person ------------------------------------------------------------------------------------------------------


def test_one_persons_data_are_handed_out_whole(office: Office) -> None:
    office.publish(a_snapshot(tenants=(a_tenant(name="Äiti Testinen"), a_tenant("P-2"))))
    office.ledger.plan(a_row())
    told = office.type("export", "P-1")
    assert told.exit_code == 0
    assert '{\n "person": "P-1",\n "held": [\n  {\n   "tenancy_id": "T-1",' in told.stdout
    assert "Äiti" in told.stdout
    (held,) = json.loads(told.stdout)["held"]
    assert [tenant["tenant_id"] for tenant in held["snapshot"]["tenants"]] == ["P-1"]
    assert (held["rows"][0]["key"]["tenancy_id"], held["letters"], "standing" in held) == ("T-1", [], False)


def test_of_a_stranger_nothing_is_held(office: Office) -> None:
    office.publish(a_snapshot())
    told = office.type("export", "P-9")
    assert (told.exit_code, json.loads(told.stdout)) == (1, {"person": "P-9", "held": []})


def test_a_person_is_erased_when_the_operator_is_sure(office: Office) -> None:
    office.publish(a_snapshot(tenancy_id="T-9", tenants=(a_tenant("P-9"),)))
    letter = a_letter_row(channel="post", status=Status.SENT)
    office.ledger.plan(letter)
    file = f"letters/2026-11-23/{letter.reference}.pdf"
    office.cloud.put("LettersBucket", file, b"a letter")
    unsure = office.type("erase", "P-1", answer="n\n")
    assert (unsure.exit_code, unsure.output.splitlines()[0]) == (1, "This cannot be undone. Erase? [y/N]: n")
    erased = office.type("erase", "P-1", "--yes")
    assert lines(erased) == ["1 ledger rows without the person, 1 letters deleted."]
    row = office.ledger.row(letter.key)
    assert row is not None
    assert (row.recipient, row.events[-1].by, row.events[-1].at) == ("erased-6523b8ddd1b3", WHO, NOW)
    found = office.cloud.client("s3").list_objects_v2(Bucket=office.cloud.physical("LettersBucket"))
    assert found["KeyCount"] == 0
    living = office.type("erase", "P-9", "--yes")
    assert (living.exit_code, living.stderr) == (
        1, "the rent ledger still exports P-9 in T-9: erase there first\n",
    )  # fmt: skip


# --- imports, and the stack ------------------------------------------------------------------------------------------


def an_export(day: str) -> bytes:
    """One tenancy that owes November's rent."""
    row = a_snapshot_row(open_items=[an_item_row()], tenants=[a_tenant_row()], as_of=day)
    return json.dumps(row).encode()


def test_an_export_is_published_from_the_desk(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "snapshot-2026-11-22.jsonl"
    file.write_bytes(an_export("2026-11-22"))
    told = office.type("import", str(file))
    assert told.exit_code == 0
    assert json.loads(told.output)["accepted"] == 1
    pointer = office.snapshots.current()
    assert pointer is not None
    assert (pointer.as_of, pointer.published_at, pointer.debt_total) == (date(2026, 11, 22), NOW, Decimal("800.00"))
    assert pointer.shards == office.ledger.shards
    refused = office.type("import", str(file))
    assert (refused.exit_code, json.loads(refused.output)["refused"]) == (1, "same_file")


def test_an_export_that_is_too_large_is_not_published(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "snapshot-2026-11-22.jsonl"
    file.write_bytes(an_export("2026-11-22"))
    told = office.type("import", str(file), "--largest", "0")
    assert (told.exit_code, json.loads(told.output)["refused"]) == (1, "too_large")
    assert office.snapshots.current() is None


def test_an_export_that_another_overtook_is_to_be_imported_again(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "snapshot-2026-11-22.jsonl"
    file.write_bytes(an_export("2026-11-22"))
    monkeypatch.setattr(DynamoSnapshots, "publish", lambda *_: False)
    told = office.type("import", str(file))
    assert (told.exit_code, told.stderr) == (2, f"{file}: another export was published meanwhile: import it again\n")


def test_a_stack_that_is_not_there_is_told_in_one_line(office: Office) -> None:
    told = office.type("run", "status", "--stack", "nowhere")
    assert told.exit_code == 2
    assert told.stderr.startswith("stack nowhere: An error occurred (ValidationError)")
    assert told.stderr.endswith("does not exist; say which stack with --stack or ARREARS_STACK\n")


def test_a_stack_of_another_template_is_told_in_one_line(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = "stack empty: no output LedgerTable: expected a stack of this project's template\n"
    assert office.type("run", "status", "--stack", "empty").stderr == expected
    monkeypatch.setenv("ARREARS_STACK", "empty")
    assert office.type("run", "status").stderr == expected
    assert office.type("waive", "T-1").stderr == expected


def test_a_variable_names_a_part_of_the_stack_first(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.runs.open(a_run())
    monkeypatch.setenv("LEDGER_TABLE", office.cloud.physical("LedgerTable"))
    assert office.type("run", "status", "--stack", "nowhere").exit_code == 0
