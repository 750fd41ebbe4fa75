"""Every call that the adapters make, to the letter: what is asked of AWS for each thing that is asked of a port."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
from pydantic_core import to_json

from arrears.adapters.dynamo.ledger import DynamoLedger
from arrears.adapters.dynamo.runs import DynamoRuns
from arrears.adapters.dynamo.sight import DynamoSight
from arrears.adapters.dynamo.snapshots import DynamoSnapshots
from arrears.adapters.s3 import S3Records
from arrears.adapters.sqs import SqsBell
from arrears.ledger import RunStatus, Standing, StandingHold, Status
from arrears.model import HoldKind, Step
from tests.local.template import Template
from tests.makers import a_snapshot
from tests.rows import MONTH, NOW, VERSION, a_key, a_letter_row, a_message, a_pointer, a_row, a_run, later
from tests.streets import SHARDS, forget_everything, moto_cloud, named

GOLDEN = Path(__file__).parents[1] / "golden" / "calls.txt"
Step_ = tuple[str, Callable[[], object]]


@dataclass(frozen=True)
class Listening:
    """A client of boto3's that notes what it is asked."""

    client: Any
    noted: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.client, name)
        if name in ("meta", "exceptions", "get_paginator"):
            return (lambda asked: Listening.Pages(found(asked), asked, self.noted)) if name[0] == "g" else found

        def asked(**given: Any) -> Any:
            self.noted.append(f"    {name} {_as_json(given)}")
            return found(**given)

        return asked

    @dataclass(frozen=True)
    class Pages:
        """One of its paginators."""

        paginator: Any
        name: str
        noted: list[str]

        def paginate(self, **given: Any) -> Any:
            """Page by page."""
            self.noted.append(f"    {self.name}, page by page {_as_json(given)}")
            return self.paginator.paginate(**given)


def _as_json(given: Any) -> str:
    return json.dumps(
        given, sort_keys=True, default=lambda value: value.decode() if isinstance(value, bytes) else value
    )


def life_of_a_case(ledger: DynamoLedger, runs: DynamoRuns) -> Iterator[Step_]:
    """From its plan to its receipt, and every way to look at it."""
    row, letter = a_row(), a_letter_row()
    ours = row.model_copy(update={"status": Status.SENDING, "owner": "me"})
    yield "a run is opened", lambda: runs.open(a_run(status=RunStatus.PLANNING))
    yield "once more", lambda: runs.open(a_run(status=RunStatus.PLANNING))
    yield "another of that name", lambda: runs.open(a_run(cap=1))
    yield "a day's run", lambda: runs.open(a_run("2026-11-23"))
    yield "a case is planned", lambda: ledger.plan(row)
    yield "once more", lambda: ledger.plan(row)
    yield "otherwise", lambda: ledger.plan(a_row(why="otherwise"))
    yield "a letter is planned", lambda: ledger.plan(letter)
    yield "a run that is not approved", lambda: ledger.claim(row, "me", "sms", "a-number", NOW, 50)
    yield "a person looks", lambda: runs.change(MONTH, {RunStatus.PLANNING}, "looked at", total=7)
    approved = {"status": RunStatus.APPROVED, "halted_by": None, "why": ("because",)}
    yield "the run is approved", lambda: runs.change(MONTH, {RunStatus.PLANNING, RunStatus.HELD}, "go", **approved)
    yield "once more", lambda: runs.change(MONTH, {RunStatus.PLANNING, RunStatus.HELD}, "go", **approved)
    yield "by another", lambda: runs.change(MONTH, {RunStatus.PLANNING}, "go on", **approved)
    yield "a run that is not there", lambda: runs.change("2026-12", {RunStatus.PLANNING}, "go")
    yield "the case is claimed", lambda: ledger.claim(row, "me", "sms", "a-number", NOW, 50)
    yield "once more", lambda: ledger.claim(row, "me", "sms", "a-number", NOW, 50)
    yield "by another", lambda: ledger.claim(row, "you", "sms", None, NOW, 50)
    other = a_row(a_key("T-2"))
    yield "another's number", lambda: ledger.plan(other) and ledger.claim(other, "me", "sms", "a-number", NOW, 50)
    third = a_row(a_key("T-3"))
    yield "the day is full", lambda: ledger.plan(third) and ledger.claim(third, "me", "sms", None, NOW, 1)
    yield "it failed", lambda: ledger.move(ours, Status.PLANNED, later(minutes=1), "me", "http_429", owner=None)
    again = row.model_copy(update={"attempts": 1})
    yield "claimed again", lambda: ledger.claim(again, "you", "email", None, later(minutes=2), 50)
    tomorrow = again.model_copy(update={"attempts": 2})
    yield "claimed meanwhile", lambda: ledger.claim(tomorrow, "you", "sms", None, later(days=1), 50)
    yours = again.model_copy(update={"status": Status.SENDING, "owner": "you"})
    facts: dict[str, Any] = {"provider": "console", "message_id": "m-1", "segments": 1}
    yield "sent", lambda: ledger.move(yours, Status.SENT, later(minutes=3), "you", **facts)
    yield "once more", lambda: ledger.move(yours, Status.SENT, later(minutes=3), "you", **facts)
    yield "otherwise", lambda: ledger.move(yours, Status.UNKNOWN, later(minutes=3), "you", "deadline")
    yield "a tally of failures", lambda: runs.tally(MONTH, unknown=1, rejected=2, failing=True)
    yield "a tally of others", lambda: runs.tally(MONTH, failing=False)
    yield "the latest runs", lambda: runs.latest(2)
    yield "a run", lambda: runs.run(MONTH)
    yield "no run", lambda: runs.run("2026-12")
    yield "a row", lambda: ledger.row(row.key)
    yield "no row", lambda: ledger.row(a_key("T-9"))
    yield "whose receipt", lambda: ledger.by_reference(row.reference)
    yield "nobody's receipt", lambda: ledger.by_reference("0" * 32)
    yield "who waits", lambda: list(ledger.waiting(Status.SENT, later(hours=1)))
    yield "nobody yet", lambda: list(ledger.waiting(Status.SENT, NOW))
    yield "who is silent", lambda: ledger.silent(later(hours=1))
    yield "the post's", lambda: ledger.forget(letter, "erased-1", "a person", NOW)
    yield "once more", lambda: ledger.forget(letter, "erased-1", "a person", NOW)
    yield "it went on meanwhile", lambda: ledger.forget(row, "erased-1", "a person", NOW)
    yield "nobody's", lambda: ledger.forget(a_row(a_key("T-9")), "erased-1", "a person", NOW)


def beside_a_case(ledger: DynamoLedger) -> Iterator[Step_]:
    """Holds, and what is remembered of a tenancy."""
    none = Standing(tenancy_id="T-1")
    hold = StandingHold(kind=HoldKind.DISPUTE, by="a person", why="a leak", since=NOW)
    held = none.model_copy(update={"holds": (hold,)})
    yield "the first standing", lambda: ledger.stand(none, None)
    yield "once more", lambda: ledger.stand(none, None)
    yield "a hold", lambda: ledger.stand(held, none)
    yield "once more", lambda: ledger.stand(held, none)
    yield "by another", lambda: ledger.stand(none.model_copy(update={"waived_by": "me"}), none)
    yield "remembered", lambda: ledger.remembered("T-1")
    yield "not remembered", lambda: ledger.remembered("T-9")
    yield "by shards", lambda: [list(ledger.shard(shard, SHARDS)) for shard in range(SHARDS)]


def snapshots_and_sight(snapshots: DynamoSnapshots, sight: DynamoSight) -> Iterator[Step_]:
    """A snapshot is written, put in force and looked at."""
    rows = [a_snapshot(tenancy_id=f"T-{number}") for number in range(1, 4)]
    newer = a_pointer("2026-11-24-0000000000bb", earlier=(VERSION,))
    yield "no snapshot", lambda: (snapshots.current(), snapshots.find("T-1"))
    yield "seen before", lambda: sight.look(a_message())
    yield "written", lambda: snapshots.write(VERSION, SHARDS, rows, datetime(2027, 1, 1, tzinfo=UTC))
    yield "in force", lambda: snapshots.publish(a_pointer(), None)
    yield "once more", lambda: snapshots.publish(a_pointer(), None)
    yield "seen", lambda: sight.look(a_message())
    yield "seen again", lambda: sight.look(a_message(a_key("T-2", step=Step.COURT_NOTICE)))
    yield "found", lambda: snapshots.find("T-3")
    yield "not found", lambda: snapshots.find("T-9")
    yield "a shard", lambda: [len(list(snapshots.shard(VERSION, shard))) for shard in range(SHARDS)]
    yield "a newer one", lambda: snapshots.publish(newer, VERSION)
    yield "too late", lambda: snapshots.publish(a_pointer("2026-11-24-0000000000cc"), VERSION)
    yield "current", snapshots.current
    yield "the newer seen", lambda: sight.look(a_message(run="2026-12"))


def files_and_bells(records: S3Records, bell: SqsBell) -> Iterator[Step_]:
    """Files are kept once, and bells ring ten at a time."""
    yield "no file", lambda: records.get("a/b.json")
    yield "a file", lambda: records.put("a/b.json", b"{}", "application/json")
    yield "a plain one", lambda: records.put("a/c", b"c")
    yield "a new one", lambda: records.put_new("a/d", b"d")
    yield "the same", lambda: records.put_new("a/d", b"d", "text/plain")
    yield "another", lambda: records.put_new("a/d", b"e")
    yield "read", lambda: records.get("a/d")
    yield "names", lambda: list(records.names("a/"))
    yield "deleted", lambda: records.delete("a/d")
    yield "eleven bells", lambda: bell.ring(a_message(a_key(f"T-{number}")) for number in range(11))


def told(template: Template) -> str:
    """What was asked of each port, of AWS, and what came of it."""
    forget_everything()
    noted: list[str] = []
    dynamo, s3, sqs = (Listening(boto3.client(name), noted) for name in ("dynamodb", "s3", "sqs"))
    tables = named(template, "SnapshotTable"), named(template, "LedgerTable")
    ledger, snapshots = DynamoLedger(dynamo, tables[1], SHARDS), DynamoSnapshots(dynamo, tables[0])  # type: ignore[arg-type]
    runs, sight = DynamoRuns(dynamo, tables[1]), DynamoSight(dynamo, *tables)  # type: ignore[arg-type]
    records = S3Records(s3, named(template, "RecordsBucket"))  # type: ignore[arg-type]
    bell = SqsBell(sqs, named(template, "NoticesQueue"))  # type: ignore[arg-type]
    stories = (
        life_of_a_case(ledger, runs),
        beside_a_case(ledger),
        snapshots_and_sight(snapshots, sight),
        files_and_bells(records, bell),
    )
    for story in stories:
        for name, ask in story:
            noted.append(name)
            noted.append(f"    came: {to_json(ask(), exclude_none=True, bytes_mode='utf8').decode()}")
    return "\n".join(noted) + "\n"


def test_aws_is_asked_to_the_letter_as_it_was() -> None:
    """Changed on purpose: `python -m tests.adapters.test_calls` writes the golden file anew; read what changed."""
    with moto_cloud() as template:
        assert told(template) == GOLDEN.read_text("utf-8")


if __name__ == "__main__":
    with moto_cloud() as cloud:
        GOLDEN.write_text(told(cloud), "utf-8")
