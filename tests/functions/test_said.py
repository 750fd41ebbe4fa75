"""What the doors say: every log line and every measure of a month with two tenancies, and what they leave behind."""

import gzip
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from moto.s3.models import s3_backends

from arrears.model import Step
from tests.functions.test_doors import LETTER_DAY, PAYER, RECEIPT, SILENT, Month, in_debt
from tests.local.cloud import Cloud
from tests.local.template import ACCOUNT

GOLDEN = Path(__file__).parents[1] / "golden" / "said.txt"
# What says something about this machine, this run of the tests or a line of the code.
NOT_TOLD = {"timestamp", "location", "xray_trace_id", "function_memory_size", "function_arn", "cold_start", "exception"}
PLAN = re.compile(r"RecordsBucket plans/([^/]+)/([0-9a-f]{64})\.jsonl\.gz ")
PLAN_HASH = re.compile(r"[0-9a-f]{64}")
LEFT_BEHIND = ("RecordsBucket", "LettersBucket", "InboxBucket")


def a_month(folder: Path) -> str:
    """Everything that is said and left behind, as text."""
    tokens = (SimpleNamespace(hex=f"{number:032x}") for number in count(1))
    with (
        patch("arrears.wiring.uuid4", lambda: next(tokens)),
        patch("arrears.adapters.pdf.render", lambda letter: f"a letter to {letter.recipient.name}".encode()),
        a_cloud(folder) as month,
    ):
        live(month)
        sent = (folder / "sms.jsonl").read_text("utf-8").splitlines()
        kept = [*tables(month.cloud), *files(month.cloud)]
        return "\n".join([*said(month.cloud.printed), *sorted(without_hashes(kept)), *sent]) + "\n"


@contextmanager
def a_cloud(folder: Path) -> Iterator[Month]:
    """10 February, an hour before the tick: last night's export has been published."""
    secrets = {"ReferenceSecret": "a test key", "ReceiptSecret": "a test secret"}
    with Cloud(
        datetime(2026, 2, 10, 4, tzinfo=UTC), {"SnapshotShards": "2"}, {"CONSOLE_FOLDER": str(folder)}, secrets
    ) as cloud:
        month = Month(cloud)
        month.publish("2026-02-09", in_debt(PAYER, "040 112 2334"), in_debt(SILENT, "040 112 2335"))
        yield month


def live(month: Month) -> None:
    """The text, its receipts good and bad, the letter, the print house, news, and the report."""
    cloud = month.cloud
    month.open("import_snapshot")
    month.select_and_approve()
    month.open("send_notice")
    month.open("send_notice", "send_notice_duplicate")
    month.open("send_notice", "send_notice_poison")
    cloud.settle()
    cloud.clock.move_to(RECEIPT)
    for door in ("accept_receipt", "accept_receipt_forged", "accept_receipt_sns"):
        month.open("accept_receipt", door)
    cloud.settle()
    month.open("record_receipt")
    month.open("record_receipt", "record_receipt_poison")
    cloud.clock.move_to(datetime(2026, 2, 10, 9, 5, tzinfo=UTC))
    month.open("reconcile")
    cloud.clock.move_to(datetime(2026, 2, 25, 3, tzinfo=UTC))
    month.publish("2026-02-24", in_debt(SILENT, "040 112 2335"))
    paid = {"tenancy_id": PAYER, "event": "paid", "at": "2026-02-24T06:00:00Z"}
    cloud.put("InboxBucket", "feed/1.jsonl", json.dumps(paid).encode() + b"\n{}\nnot json\n")
    cloud.settle()
    cloud.clock.move_to(LETTER_DAY)
    month.open("follow_up")
    cloud.settle()
    month.open("print_letter")
    letter = month.row(SILENT, Step.COLLECTION_LETTER)
    printed = {"letter_id": letter.reference, "status": "returned", "at": "2026-02-26T15:30:00Z"}
    cloud.put("InboxBucket", "printed/1.jsonl", json.dumps(printed).encode() + b"\n{}\n")
    cloud.settle()
    cloud.clock.move_to(datetime(2026, 2, 25, 16, tzinfo=UTC))
    month.open("reconcile")
    cloud.clock.move_to(datetime(2026, 3, 1, 5, tzinfo=UTC))
    month.open("publish_report", "publish_report")


def said(printed: list[str]) -> Iterator[str]:
    """Each line without what says nothing of the month; a line of measures as their names, units and values."""
    for line in printed:
        told: dict[str, Any] = json.loads(line)
        for group in told.pop("_aws", {}).get("CloudWatchMetrics", []):
            told["measured"] = [group["Namespace"], group["Dimensions"], group["Metrics"]]
        yield json.dumps({name: value for name, value in told.items() if name not in NOT_TOLD}, ensure_ascii=False)


def tables(cloud: Cloud) -> Iterator[str]:
    """Every row of both tables."""
    for table in ("LedgerTable", "SnapshotTable"):
        rows = cloud.client("dynamodb").scan(TableName=cloud.physical(table))["Items"]
        yield from sorted(f"{table} {json.dumps(row, sort_keys=True, ensure_ascii=False)}" for row in rows)


def files(cloud: Cloud) -> Iterator[str]:
    """Every file with its type, and what is in it where that can be read."""
    for bucket in LEFT_BEHIND:
        for name, file in sorted(s3_backends[ACCOUNT]["aws"].buckets[cloud.physical(bucket)].keys.items()):
            body = gzip.decompress(file.value) if name.endswith(".gz") else file.value
            text = "" if name.endswith(".html") else body.decode()  # the page is long, and held elsewhere
            yield f"{bucket} {name} {file.metadata.get('Content-Type')} {text}"


def without_hashes(kept: list[str]) -> Iterator[str]:
    """The same, with a plan's hash as its run's name: which bytes a plan is packed into is the packer's affair."""
    plans = {found[2]: found[1] for line in kept if (found := PLAN.match(line))}
    for line in kept:
        yield PLAN_HASH.sub(lambda found: f"the plan of {plans[found[0]]}" if found[0] in plans else found[0], line)


def test_a_month_is_told_and_left_behind_as_it_was(tmp_path: Path) -> None:
    """Changed on purpose: `python -m tests.functions.test_said` writes the golden file anew; read what changed."""
    assert a_month(tmp_path) == GOLDEN.read_text("utf-8")


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        GOLDEN.write_text(a_month(Path(folder)), "utf-8")
