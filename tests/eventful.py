"""A season in which everything happens that a bell may ring for, to marked people, on the embedded cloud.

Real handlers, providers on loopback. Whoever looks afterwards finds what was printed, enqueued, raised and filed.
"""

import gzip
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from arrears.adapters.dynamo.ledger import DynamoLedger
from arrears.adapters.dynamo.runs import DynamoRuns
from arrears.adapters.dynamo.snapshots import DynamoSnapshots
from arrears.ledger import CaseKey, Row, Status
from arrears.model import Step
from arrears.receipts import sign
from arrears.work.operate import Operate, Settle
from tests.local.cloud import Cloud
from tests.local.dialects import Mode
from tests.local.provider import Street, street
from tests.makers import a_snapshot_row, a_tenant_row, an_item_row

# What must be found nowhere: any part of the marked people's names, numbers, addresses, days of birth.
MARKED = re.compile(r"sentinel|merkki|1957-03-19|2001-07-13|19\.0?3\.1957|40[ -]?555[ -]?[12]\d{3}", re.IGNORECASE)
IN_DEBT = [f"T-{number:04}" for number in range(1, 41)]
AT_COURT = "T-0900"
OTHERS = [f"T-{number:04}" for number in range(1000, 1260)]
SECRETS = {"ReferenceSecret": "a test key", "ReceiptSecret": "a test secret", "QuriiriSecret": "k", "LinkSecret": "u:p"}


def marked(tenancy_id: str, **changes: Any) -> dict[str, Any]:
    """A marked person's tenancy, which owes February's rent."""
    number = int(tenancy_id[2:])
    tenant = a_tenant_row(
        tenant_id=f"P-{number:04}",
        name="Merkki Sentinelli",
        birth_date="1957-03-19",
        phone=f"040 555 {1000 + number}",
        email="merkki.sentinelli@example.com",
    )
    facts = {
        "tenancy_id": tenancy_id,
        "open_items": [an_item_row(due_date="2026-02-04")],
        "tenants": [tenant | changes.pop("tenant", {})],
        "address": {"street": "Sentinellinkatu 7", "postal_code": "00999", "town": "Helsinki"},
    }
    return a_snapshot_row(**facts | changes)


def export(day: date, *more: dict[str, Any]) -> bytes:
    """The ledger's export of that day; `more` rows at its end."""
    court = {"opened_on": f"{date(2026, 3, 2)}", "status": "pending"} if day >= date(2026, 3, 2) else None
    young = {"birth_date": "2001-07-13", "phone": None}
    rows = [marked(one) for one in IN_DEBT]
    rows += [marked(AT_COURT, court=court, tenant=young, area="east"), *(marked(one, open_items=[]) for one in OTHERS)]
    return "".join(json.dumps(row | {"as_of": f"{day}"}) + "\n" for row in [*rows, *more]).encode()


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """A moment, in UTC."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


class Season:
    """The cloud in which it happens, with two SMS providers; `bodies` are all messages that queues handed over."""

    def __init__(self, cloud: Cloud, first: Street, second: Street) -> None:
        self.cloud, self.first, self.second = cloud, first, second
        shards = int(cloud.environment("select_tenants")["SNAPSHOT_SHARDS"])
        self.ledger = DynamoLedger(cloud.client("dynamodb"), cloud.physical("LedgerTable"), shards)
        self.runs = DynamoRuns(cloud.client("dynamodb"), cloud.physical("LedgerTable"))
        self.snapshots = DynamoSnapshots(cloud.client("dynamodb"), cloud.physical("SnapshotTable"))
        self.operate = Operate(self.snapshots, self.runs)
        self.bodies: list[str] = []

    @property
    def points(self) -> Iterator[tuple[str, str, str, float]]:
        """Every measured value: namespace, function, measure, value."""
        for line in self.cloud.printed:
            told = json.loads(line) if line.startswith("{") else {}
            for group in told.get("_aws", {}).get("CloudWatchMetrics", []):
                for metric in group["Metrics"]:
                    for value in told[metric["Name"]]:
                        yield group["Namespace"], told["service"], metric["Name"], value

    @property
    def keys(self) -> list[str]:
        """The names of all files in all buckets."""
        client = self.cloud.client("s3")
        buckets = [bucket["Name"] for bucket in client.list_buckets()["Buckets"]]
        found = [client.list_objects_v2(Bucket=bucket).get("Contents", []) for bucket in buckets]
        return [file["Key"] for bucket in found for file in bucket]

    def live(self) -> None:
        """From January, in which nothing ran, to April's report."""
        self.nothing_comes()
        self.files_come()
        self.first_wave()
        self.second_wave()
        self.receipts_come()
        self.letters_leave()

    def nothing_comes(self) -> None:
        """January passes without an export."""
        self.tick("reconcile", at(date(2026, 1, 20)))
        self.tick("select_tenants", at(date(2026, 1, 20)))

    def files_come(self) -> None:
        """Exports, one row bad in every way, one file bad as a whole, and news in bad lines."""
        self.cloud.clock.move_to(at(date(2026, 2, 10), 3))
        bad = marked("T-2000", tenant={"phone": "0405551999x", "birth_date": "1957-03-19x", "Merkki Sentinelli": "1"})
        self.drop("exports/snapshot-2026-02-08.jsonl", export(date(2026, 2, 9))[:-30])
        self.drop("exports/snapshot-2026-02-09.csv", b"tenancy_id;name\nT-1;Merkki Sentinelli;040 555 1001\n")
        self.drop("exports/snapshot-2026-02-09.jsonl", export(date(2026, 2, 9), bad))
        paid = {"tenancy_id": IN_DEBT[0], "event": "paid", "at": "2026-02-10T02:00:00Z"}
        bad_fields = {"Merkki Sentinelli": "040 555 1001"}, {"event": "Merkki Sentinelli"}, {"at": "1957-03-19"}
        lines: list[Any] = [*(paid | field for field in bad_fields), "040 555 1001"]
        self.drop("feed/1.jsonl", "\n".join(json.dumps(line) for line in lines).encode())

    def first_wave(self) -> None:
        """Ten texts, each with a fate of its own; the run is halted by a wrong key and stands for days."""
        self.tick("select_tenants", at(date(2026, 2, 10), 7, 15))
        run = self.runs.run("2026-02")
        assert run is not None
        self.operate.approve("2026-02", "a test approver", str(run.plan_hash), self.cloud.clock.at)
        self.cloud.invoke("select_tenants", {"release": "2026-02"})
        self.empty("NoticesQueue")
        unknown, refused, throttled, paid, unfit, keyless, *others = self.planned()
        self.send(unknown, Mode.RESET_AFTER_ACCEPT)
        self.send(refused, Mode.REFUSED_NUMBER)
        for _ in range(5):
            self.send(throttled, Mode.THROTTLED, Mode.THROTTLED)
        news = {"tenancy_id": paid.key.tenancy_id, "event": "paid", "at": self.cloud.clock.at.isoformat()}
        self.drop("feed/2.jsonl", json.dumps(news).encode())
        self.send(paid)
        with patch("arrears.compliance.check", lambda *_: ["digits"]):
            self.send(unfit)
        self.send(others[0], Mode.SERVER_ERROR)
        for other in others[1:]:
            self.send(other, Mode.THROTTLED)
        self.send(keyless, Mode.BAD_KEY, Mode.BAD_KEY)
        for day in (date(2026, 2, 10), date(2026, 2, 16)):
            self.tick("reconcile", at(day, 8))
            self.empty("NoticesQueue")  # a bell falls silent by itself before the week is over

    def second_wave(self) -> None:
        """Doubts are settled, the run goes on, and for hours nothing is heard of anybody."""
        for row in list(self.ledger.waiting(Status.UNKNOWN, self.cloud.clock.at)):
            Settle(self.ledger).unknown(row.key, True, "a test person", "asked", self.cloud.clock.at)
        self.operate.resume("2026-02", "a test person", "the key is right", self.cloud.clock.at)
        self.drop("exports/snapshot-2026-02-15.jsonl", export(date(2026, 2, 15)))
        for row in self.planned():
            self.send(row, Mode.THROTTLED)
        self.tick("reconcile", at(date(2026, 2, 16), 9))
        *good, wrong, wrong_too, another, and_another = self.planned()
        for place, row in enumerate(good):
            self.send(row, Mode.THROTTLED if place < 3 else Mode.ACCEPT)
        for row in (wrong, wrong_too, another, and_another):
            self.send(row, Mode.REFUSED_NUMBER)
        self.tick("reconcile", at(date(2026, 2, 16), 20))

    def receipts_come(self) -> None:
        """Receipts: good, bad, forged, senseless, by AWS's topic; and three days later the silent are given up."""
        sent = list(self.ledger.waiting(Status.SENT, self.cloud.clock.at))
        person = {"destination": "+358405551001", "text": "Merkki Sentinelli"}
        moment = self.cloud.clock.at.isoformat()
        for row, became in zip(sent, ("DELIVERED", "FAILED", "DELIVERED"), strict=False):
            self.post({"batchid": row.reference, "status": became, "statustime": moment, **person})
        self.post({"batchid": sent[4].reference, "status": "Merkki Sentinelli", **person})
        self.post({"nonsense": "040 555 1001"})
        for _ in range(5):
            self.post({"batchid": sent[5].reference, "status": "DELIVERED", **person}, "another secret")
        told = {"messageStatus": "DELIVERED", "destinationPhoneNumber": "+358405551001",
                "context": {"reference": sent[3].reference}, "eventTimestamp": 1771272000000}  # fmt: skip
        self.cloud.client("sns").publish(TopicArn=self.cloud.physical("ProviderEvents"), Message=json.dumps(told))
        poison = {"receipt": "Merkki Sentinelli, 040 555 1001"}
        self.cloud.functions["record_receipt"](_batch(json.dumps(poison)))  # no queue of ours ever carries such a thing
        self.cloud.settle()
        self.tick("reconcile", at(date(2026, 2, 20), 8))

    def letters_leave(self) -> None:
        """An old ledger holds the day; a new one lets letters and a court notice by e-mail go; then the report."""
        self.tick("follow_up", at(date(2026, 3, 4), 7, 30))
        self.cloud.clock.move_to(at(date(2026, 3, 5), 3))
        self.drop("exports/snapshot-2026-03-04.jsonl", export(date(2026, 3, 4)))
        self.first.mode = self.second.mode = Mode.ACCEPT
        drawn, door = [], self.cloud.functions["print_letter"].module()
        render = door.render

        def once_unprintable(letter: Any) -> bytes:
            drawn.append(letter)
            if len(drawn) == 1:
                raise ValueError(f"cannot draw {letter}")
            return bytes(render(letter))

        with patch.object(door, "render", once_unprintable):
            door.printing.cache_clear()
            self.tick("follow_up", at(date(2026, 3, 5), 7, 30))
            self.cloud.settle()
        self.tick("reconcile", at(date(2026, 3, 5), 16))
        slipped = {"letter_id": "Merkki Sentinelli", "status": "040 555 1001"}
        self.drop("printed/1.jsonl", b"\n".join(json.dumps(one).encode() for one in (slipped, {"Sentinelli": "x"})))
        self.tick("publish_report", at(date(2026, 3, 6), 5))

    # --- what came of it -------------------------------------------------------------------------------------------

    def said_aloud(self) -> Iterator[str]:
        """Everything that must name nobody: logs and measures, queues, exceptions, file names, and filed reports."""
        cloud = self.cloud
        yield from cloud.printed
        yield from self.bodies
        yield from self.keys
        yield from (f"{failure.error!r} {failure.error}" for failure in cloud.failures)
        for queue, _ in cloud.template.of_type("AWS::SQS::Queue"):
            yield from cloud.dead_letters(queue)
        yield from self._filed("InboxBucket", "reports/")
        for folder in ("decisions/", "plans/", "reports/"):
            yield from self._filed("RecordsBucket", folder)

    def _filed(self, bucket: str, prefix: str) -> Iterator[str]:
        client, name = self.cloud.client("s3"), self.cloud.physical(bucket)
        for file in client.list_objects_v2(Bucket=name, Prefix=prefix).get("Contents", []):
            body = client.get_object(Bucket=name, Key=file["Key"])["Body"].read()
            text = gzip.decompress(body) if file["Key"].endswith(".gz") else body
            yield f"{file['Key']}: {text.decode('utf-8', 'replace')}"

    # --- small steps -----------------------------------------------------------------------------------------------

    def tick(self, door: str, moment: datetime) -> None:
        """A scheduled function is called at that moment."""
        self.cloud.clock.move_to(moment)
        self.cloud.invoke(door, {"time": moment.isoformat()})

    def drop(self, key: str, body: bytes) -> None:
        """A file lands in the inbox."""
        self.cloud.put("InboxBucket", key, body)
        self.cloud.settle()

    def empty(self, queue: str) -> None:
        """Takes every message out of a queue."""
        sqs, where = self.cloud.client("sqs"), {"QueueUrl": self.cloud.physical(queue)}
        while messages := sqs.receive_message(MaxNumberOfMessages=10, **where).get("Messages"):
            self.bodies += [message["Body"] for message in messages]
            for message in messages:
                sqs.delete_message(ReceiptHandle=message["ReceiptHandle"], **where)

    def planned(self) -> list[Row]:
        """The texts that wait."""
        rows = self.ledger.waiting(Status.PLANNED, self.cloud.clock.at + timedelta(days=1))
        return [row for row in rows if row.key.step is Step.SMS_REMINDER]

    def send(self, row: Row, first: Mode = Mode.ACCEPT, second: Mode = Mode.ACCEPT) -> None:
        """One message of the queue, with the providers in these moods."""
        self.first.mode, self.second.mode = first, second
        self.cloud.invoke("send_notice", _batch(_message(row.key, row.run)))

    def post(self, told: dict[str, Any], secret: str = SECRETS["ReceiptSecret"]) -> None:
        """A provider posts a receipt."""
        body, timestamp = json.dumps(told).encode(), str(int(self.cloud.clock.seconds()))
        headers = {"X-Arrears-Timestamp": timestamp, "X-Arrears-Signature": sign(body, timestamp, secret)}
        self.cloud.post("accept_receipt", body, headers, "/quriiri")


def _message(key: CaseKey, run: str) -> str:
    return json.dumps({"key": key.model_dump(mode="json"), "run": run})


def _batch(body: str) -> dict[str, Any]:
    record = json.loads((Path(__file__).parents[1] / "events/send_notice.json").read_text("utf-8"))["Records"][0]
    return {"Records": [record | {"body": body}]}


@contextmanager
def a_season(folder: Path) -> Iterator[Season]:
    """The cloud before anything has happened: a live stage, verbose, with two providers on loopback."""
    with street() as first, street() as second:
        parameters = {
            "Stage": "prod",
            "SenderAuthorised": "true",
            "SmsProviders": "quriiri,link",
            "QuriiriEndpoint": f"{first.url}/quriiri",
            "LinkEndpoint": f"{second.url}/sms/send",
            "LinkPlatformId": "TEST",
            "LinkPartnerId": "TEST",
            "EmailProvider": "ses",
            "FromEmail": "vuokravalvonta@example.com",
            "SesEndpoint": first.url,
            "SendPerSecond": "200",
            "SnapshotShards": "2",
            "SpendPerDay": "1",
            "AlarmEmail": "alarms@example.com",
            "AccessLogsBucket": "access-logs",
            "ConsoleFolder": str(folder),
        }
        verbose = {"POWERTOOLS_LOG_LEVEL": "DEBUG"}
        with Cloud(at(date(2026, 1, 20), 3), parameters, verbose, SECRETS) as cloud:
            season = Season(cloud, first, second)
            with _overheard(cloud, season.bodies):
                yield season


@contextmanager
def _overheard(cloud: Cloud, bodies: list[str]) -> Iterator[None]:
    """Notes the body of every message that any queue hands over."""
    invoke = cloud.invoke

    def listening(function: str, event: Any) -> Any:
        bodies.extend(record["body"] for record in event.get("Records", []) if "body" in record)
        return invoke(function, event)

    with patch.object(cloud, "invoke", listening):
        yield
