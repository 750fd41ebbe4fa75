"""The doors put the house together from their settings: every part is where its setting says."""

from dataclasses import fields
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from arrears import wiring
from arrears.adapters.email import ConsoleEmail
from arrears.adapters.pace import Paced
from arrears.adapters.sms.aws import AwsSms
from arrears.adapters.sms.console import Console
from arrears.adapters.sms.failover import Failover
from arrears.adapters.sms.link import Link
from arrears.adapters.sms.quriiri import Quriiri
from arrears.adapters.sms.test_numbers import OnlyTestNumbers
from arrears.creditor import example
from arrears.intake import Limits
from arrears.settings import ReconcileSettings, SendSettings
from arrears.wiring import hourly, planning, sending
from arrears.work.notify import seconds_for
from tests.rows import NOW

SETTINGS = {
    "LEDGER_TABLE": "the ledger",
    "SNAPSHOT_SHARDS": "7",
    "SNAPSHOT_TABLE": "the snapshots",
    "RECORDS_BUCKET": "the records",
    "INBOX_BUCKET": "the inbox",
    "LETTERS_BUCKET": "the letters",
    "NOTICES_QUEUE_URL": "the notices",
    "LETTERS_QUEUE_URL": "the letters' queue",
    "REFERENCE_SECRET": "the key",
    "CONSOLE_FOLDER": "/a/folder",
    "SENDER_ID": "Testi",
    "DAILY_CAP": "11",
    "SEND_PER_SECOND": "8",
    "SENDERS_AT_ONCE": "4",
}


class Secrets:
    """The keys, by their names."""

    def get_secret_value(self, **asked: str) -> dict[str, str]:
        return {"SecretString": f"{asked['SecretId']} itself\n"}


@pytest.fixture(autouse=True)
def _without_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client is its service's name."""
    monkeypatch.setattr("boto3.client", lambda name: Secrets() if name == "secretsmanager" else name)
    monkeypatch.setattr("arrears.adapters.clock.now", lambda: NOW)


def parts(made: Any) -> dict[str, Any]:
    """What something was made of."""
    return {name: value for name, value in vars(made).items() if name not in ("pointer", "_read")}


def test_the_sender_is_put_together_from_its_settings() -> None:
    def counted(*_: object, **__: object) -> None:
        """A meter."""

    made = sending.notifying(SendSettings.read(SETTINGS), counted)
    assert parts(made.sight) == {"client": "dynamodb", "snapshots": "the snapshots", "ledger": "the ledger"}
    assert parts(made.ledger) == {"client": "dynamodb", "table": "the ledger", "shards": 7}
    assert parts(made.runs) == {"client": "dynamodb", "table": "the ledger"}
    assert isinstance(made.sms, Paced)
    assert (made.sms.name, made.sms._between) == ("test_numbers", 0.5)
    assert isinstance(made.email, ConsoleEmail)
    assert made.email.file == Path("/a/folder/emails.jsonl")
    assert (made.sender, made.daily_cap, made.meter, made.token) == ("Testi", 11, counted, wiring.token)
    assert made.reserve == seconds_for(1) + 0.5
    assert made.pseudonyms.number("a") == wiring.pseudonyms("the key").number("a") != wiring.pseudonyms("b").number("a")


def test_the_console_writes_todays_day_in_helsinki() -> None:
    texts, emails = sending.sms(told := SendSettings.read(SETTINGS)), sending.email(told)
    assert isinstance(texts, OnlyTestNumbers)
    assert isinstance(texts.others, Console)
    assert isinstance(emails, ConsoleEmail)
    assert texts.others.file == Path("/a/folder/sms.jsonl")
    assert texts.others.today() == emails.today() == date(2026, 11, 23)


LIVE = {
    "STAGE": "prod",
    "SENDER_AUTHORISED": "true",
    "SMS_PROVIDERS": "aws,quriiri,link",
    "SMS_VALIDITY_MINUTES": "90",
    "AWS_REGION": "eu-west-1",
    "AWS_SMS_ENDPOINT": "https://aws.example",
    "AWS_SMS_ORIGINATION_IDENTITY": "a pool",
    "AWS_SMS_CONFIGURATION_SET": "a set",
    "AWS_SMS_MAX_PRICE": "0.10",
    "AWS_SMS_DRY_RUN": "true",
    "QURIIRI_ENDPOINT": "https://quriiri.example/",
    "QURIIRI_SECRET": "the Quriiri key",
    "QURIIRI_REPORT_SECRET": "where receipts go",
    "LINK_ENDPOINT": "https://link.example/sms/send",
    "LINK_SECRET": "the LINK key",
    "LINK_PLATFORM_ID": "a platform",
    "LINK_PARTNER_ID": "a partner",
    "LINK_GATES": "one,two",
}


def test_every_company_is_put_together_from_its_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arrears.adapters.sms.sms_client", lambda _, *where: where)
    made = sending.sms(SendSettings.read(SETTINGS | LIVE))
    assert isinstance(made, Failover)
    aws, quriiri, link = made.providers
    region = ("eu-west-1", "https://aws.example")
    assert aws == AwsSms(region, "a pool", "a set", "0.10", 5400, True)  # type: ignore[arg-type]
    assert isinstance(quriiri, Quriiri)
    assert (quriiri.url, quriiri.key(), quriiri.validity) == ("https://quriiri.example/", "the Quriiri key itself", 90)
    assert quriiri.report_to
    assert quriiri.report_to() == "where receipts go itself"
    assert isinstance(link, Link)
    assert (link.url, link.login(), link.validity) == ("https://link.example/sms/send", "the LINK key itself", 90)
    assert (link.platform_id, link.partner_id, link.gates) == ("a platform", "a partner", ("one", "two"))


def test_the_hourly_tick_is_put_together_from_its_settings() -> None:
    made = hourly.reconciling(ReconcileSettings.read(SETTINGS))
    assert {channel: provider.name for channel, provider in made.providers.items()} == {
        "sms": "test_numbers",
        "email": "console",
    }
    assert {name: parts(bell) for name, bell in made.bells.items()} == {
        "notices": {"client": "sqs", "url": "the notices"},
        "letters": {"client": "sqs", "url": "the letters' queue"},
    }
    assert parts(made.batch.records) == {"client": "s3", "bucket": "the letters"}
    assert parts(made.release.records) == {"client": "s3", "bucket": "the records"}
    assert parts(made.release.snapshots) == {"client": "dynamodb", "table": "the snapshots"}
    assert (made.ledger, made.runs, made.bells) == (made.release.ledger, made.release.runs, made.release.bells)
    assert parts(made.ledger) == {"client": "dynamodb", "table": "the ledger", "shards": 7}


def test_the_making_of_plans_is_put_together_from_its_settings() -> None:
    made = planning.selecting(ReconcileSettings.read(SETTINGS))
    assert made.release.records == made.records
    assert parts(made.snapshots) == {"client": "dynamodb", "table": "the snapshots"}
    assert parts(made.records) == {"client": "s3", "bucket": "the records"}
    assert (made.ledger, made.runs, made.started_by) == (made.release.ledger, made.release.runs, "schedule")
    assert made.pseudonyms.number("a") == wiring.pseudonyms("the key").number("a")


DOORS = ("print_letter", "import_snapshot", "note_events", "record_prints", "record_receipt", "publish_report")


@pytest.mark.parametrize("door", DOORS)
def test_every_door_puts_its_errand_together_from_its_settings(door: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.environ", SETTINGS | {"CREDITOR": example().model_dump_json()})
    app = import_module(f"functions.{door}.app")
    make = {"printing", "importing", "noting", "recording", "publishing"} & vars(app).keys()
    made = getattr(app, make.pop()).__wrapped__()
    told = {field.name: getattr(made, field.name) for field in fields(made)}
    ledger = {"client": "dynamodb", "table": "the ledger", "shards": 7}
    expected = {
        "ledger": ledger,
        "runs": {"client": "dynamodb", "table": "the ledger"},
        "snapshots": {"client": "dynamodb", "table": "the snapshots"},
        "sight": {"client": "dynamodb", "snapshots": "the snapshots", "ledger": "the ledger"},
        "records": {"client": "s3", "bucket": "the letters" if door == "print_letter" else "the records"},
        "shards": 7,
        "creditor": example(),
        "render": vars(app).get("render"),
        "daily_cap": 11,
        "token": wiring.token,
        "meter": vars(app).get("meter"),
        "limits": Limits(),
    }
    for name, part in told.items():
        assert (parts(part) if isinstance(expected[name], dict) else part) == expected[name], name


def test_no_two_owner_tokens_are_the_same() -> None:
    tokens = {wiring.token() for _ in range(9)}
    assert len(tokens) == 9
    assert all(len(token) == 32 and int(token, 16) for token in tokens)
