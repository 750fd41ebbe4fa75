"""The stories that the shipped functions are put through: how each begins, what is called when, and how it must end."""

import json
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from functools import partial
from io import BytesIO
from typing import Any

import boto3

from arrears.adapters.dynamo.ledger import DynamoLedger
from arrears.adapters.dynamo.runs import DynamoRuns
from arrears.adapters.dynamo.snapshots import DynamoSnapshots
from arrears.adapters.pseudonyms import KeyedPseudonyms
from arrears.adapters.s3 import S3Records
from arrears.adapters.sqs import SqsBell
from arrears.calendar import HELSINKI
from arrears.ledger import CaseKey, Row, RunStatus, Status
from arrears.model import Snapshot
from arrears.receipts.proof import SIGNATURE, TIMESTAMP, sign
from arrears.work.import_ import Import
from arrears.work.operate import Operate
from arrears.work.plan import plan_hash, plan_lines, plan_name
from arrears.work.select import Select
from tests.local.events import http_post, object_created
from tests.makers import TODAY, a_snapshot, a_tenant_row
from tests.proof.errands import AFTER, DAY, MAIN, NIGHT, OTHER, TICK
from tests.proof.shipped import SHARDS, Shipped, Stage, Story, told
from tests.proof.streets import Ended
from tests.proof.table import Proof
from tests.proof.trials import LETTER
from tests.rows import MONTH, NOW, a_key, a_message, a_pointer, a_row, a_run
from tests.work.worlds import COURT, in_court
from tests.world import export_of

SECRET = "ReferenceSecret"  # in the embedded cloud a secret is worth its own logical id


class Kept:
    """What is kept in the stack, through the shipped adapters."""

    def __init__(self, stack: Shipped) -> None:
        self.stack, dynamodb, s3 = stack, boto3.client("dynamodb"), boto3.client("s3")
        self.ledger = DynamoLedger(dynamodb, stack.name("LedgerTable"), SHARDS)
        self.runs = DynamoRuns(dynamodb, stack.name("LedgerTable"))
        self.snapshots = DynamoSnapshots(dynamodb, stack.name("SnapshotTable"))
        self.records = S3Records(s3, stack.name("RecordsBucket"))
        self.letters = S3Records(s3, stack.name("LettersBucket"))
        self.inbox = S3Records(s3, stack.name("InboxBucket"))
        self.names = KeyedPseudonyms(lambda: SECRET)

    def bell(self, queue: str) -> SqsBell:
        """A queue by its logical id."""
        return SqsBell(boto3.client("sqs"), self.stack.name(queue))

    def row(self, key: CaseKey | None = None) -> Row:
        """The case's row."""
        found = self.ledger.row(key or a_key())
        assert found is not None
        return found

    def publish(self, *rows: dict[str, Any], day: date = TODAY) -> None:
        """An export is in force."""
        body = BytesIO(export_of(day - timedelta(days=1), rows))
        at = datetime.combine(day, NIGHT.time(), HELSINKI)
        report = Import(self.snapshots, self.records, SHARDS)(body, f"snapshot-{day - timedelta(days=1)}.jsonl", at)
        assert report.refused is None


# --- how a story begins ----------------------------------------------------------------------------------------------


def planned(*rows: Row, snapshots: Iterable[Snapshot] = (), queue: str = "NoticesQueue", **run: Any) -> Any:
    """Cases that are planned and rung for, under an approved run."""

    def begin(stack: Shipped) -> None:
        kept = Kept(stack)
        kept.snapshots.write("v", SHARDS, snapshots or [a_snapshot()], NOW)
        kept.snapshots.publish(a_pointer("v", shards=SHARDS), None)
        kept.runs.open(a_run(**run))
        for row in rows or (a_row(),):
            named = row.model_copy(update={"reference": kept.names.reference(row.key)})
            assert kept.ledger.plan(named)
        keys = [row.key for row in rows or (a_row(),) if row.status is Status.PLANNED]
        kept.bell(queue).ring(a_message(key) for key in keys)

    return begin


def exported(*rows: dict[str, Any]) -> Callable[[Shipped], None]:
    """Last night's export is in force, and nothing else has happened."""
    return lambda stack: Kept(stack).publish(*rows)


# --- what is called when ---------------------------------------------------------------------------------------------


def tick(function: str, at: datetime, times: int = 3, **told: Any) -> list[Stage]:
    """A schedule's tick, brought again until it was dealt with."""
    event = {"time": at.isoformat()} | told
    name = f"{function} {at} {told}"
    return [Stage(function, at + timedelta(minutes=n), event=lambda _: event, name=name) for n in range(times)]


def file_lands(function: str, key: str, body: bytes, at: datetime) -> list[Stage]:
    """A file that has landed in the inbox, told until it was dealt with."""

    def event(stack: Shipped) -> Any:
        stack.line.begin({})
        return object_created(stack.name("InboxBucket"), key, len(body), "00", at, 1)

    return [Stage(function, at + timedelta(minutes=n), event=event, name=key) for n in range(3)]


def delivered(function: str, queue: str, at: datetime, times: int = 1) -> list[Stage]:
    """A queue's messages, brought again after five minutes."""
    return [Stage(function, at + timedelta(minutes=5 * n), queue=queue) for n in range(times)]


def hours(first: int, until: int, *queues: tuple[str, str]) -> list[Stage]:
    """The reconciler of each hour, and whoever it rang for."""
    stages: list[Stage] = []
    for number in range(first, until):
        at = NOW.replace(minute=14) + timedelta(hours=number)
        stages += tick("reconcile", at, times=2)
        for function, queue in queues:
            stages += delivered(function, queue, at + timedelta(minutes=10))
    return stages


SENDING = ("send_notice", "NoticesQueue")
PRINTING = ("print_letter", "LettersQueue")


# --- how it must end -------------------------------------------------------------------------------------------------


def ended(*keys: CaseKey) -> Callable[[Shipped], str | None]:
    """Every case is at an end that is true, or waits in a run that was halted and that a person sees."""

    def look(stack: Shipped) -> str | None:
        kept, run = Kept(stack), Kept(stack).runs.run(MONTH)
        rows = [kept.row(key) for key in keys]
        assert run is not None
        halted = run.status is RunStatus.HALTED
        ends = Ended(
            [row for row in rows if not (halted and row.status is Status.PLANNED)],
            run.claimed,
            [reference for reference, _, _ in stack.left],
            can_be_asked=False,
        )
        tried = sum(row.attempts > 0 for row in rows)
        counted = None if tried == run.claimed else f"{tried} cases were claimed and {run.claimed} counted"
        numbers = [to for _, to, _ in stack.left]
        twice = None if len(numbers) == len(set(numbers)) else "two texts to one number"
        return ends.truly() or twice or counted

    return look


def in_force(stack: Shipped) -> str | None:
    """The export is in force whole, with its sample, and its report lies beside it."""
    kept = Kept(stack)
    pointer = kept.snapshots.current()
    if pointer is None or pointer.rows != 2 or kept.records.get(f"samples/{pointer.version}.json") is None:
        return f"{pointer} is in force"
    rows = [row for shard in range(SHARDS) for row in kept.snapshots.shard(pointer.version, shard)]
    reports = [*kept.inbox.names("reports/")]
    return None if len(rows) == 2 and reports else f"in force with {len(rows)} rows and reports {reports}"


def waits_for_a_person(stack: Shipped) -> str | None:
    """The plan is there whole, and nothing has left."""
    kept = Kept(stack)
    run = kept.runs.run(MONTH)
    if run is None or run.status is not RunStatus.HELD or run.total != 2 or run.plan_hash is None:
        return f"the run came to {run}"
    body = kept.records.get(plan_name(MONTH, run.plan_hash))
    whole = body is not None and plan_hash(body) == run.plan_hash and len([*plan_lines(body)]) == 2
    return None if whole and not stack.left else "the plan is not what a person would approve"


def printed_once(stack: Shipped) -> str | None:
    """The letter is in one batch, it was counted once, and the print house's answer is noted."""
    kept = Kept(stack)
    row, run = kept.row(LETTER), kept.runs.run(DAY)
    batches = [json.loads(kept.letters.get(name) or b"") for name in kept.letters.names("print-jobs/")]
    printed = [letter["letter_id"] for batch in batches for letter in batch["letters"]]
    if row.status is not Status.DELIVERED or printed != [row.reference] or row.fee is None:
        return f"{row.status} ({row.why}), printed {printed}"
    return None if run and (run.claimed, run.status) == (1, RunStatus.DONE) else f"{run}"


def moved(status: Status) -> Callable[[Shipped], str | None]:
    """The ordinary case came to that."""

    def look(stack: Shipped) -> str | None:
        row = Kept(stack).row()
        return None if row.status is status and not stack.left else f"it came to {row.status}"

    return look


def noted(stack: Shipped) -> str | None:
    """The payment stands beside the snapshot."""
    standing = Kept(stack).ledger.remembered("T-1").standing
    return None if standing and standing.paid_at else f"{standing}"


def reported(stack: Shipped) -> str | None:
    """The page is there with its tables and the figures for later months."""
    names = {name.rsplit("/", 1)[1] for name in Kept(stack).records.names("reports/2026-11/")}
    return None if {"report.html", "figures.json"} < names and len(names) > 4 else f"published: {names}"


# --- the stories -----------------------------------------------------------------------------------------------------


def a_letter_day(stack: Shipped) -> None:
    """One tenancy that was reminded on the 6th and has not answered; the print house's answer will come."""
    kept, reminded = Kept(stack), datetime(2026, 11, 6, 10, tzinfo=HELSINKI)
    kept.publish(MAIN)
    kept.ledger.plan(a_row(status=Status.DELIVERED, on=reminded.date(), planned_at=reminded, changed_at=reminded))
    kept.runs.open(a_run(status=RunStatus.DONE))
    kept.inbox.put("printed/1.jsonl", _printed(kept.names))


def _printed(names: KeyedPseudonyms) -> bytes:
    return json.dumps({"letter_id": names.reference(LETTER), "status": "printed", "at": NOW.isoformat()}).encode()


def a_letter_days_stages() -> list[Stage]:
    """The daily tick, the letters, the evening's batch, and what the print house tells the day after."""
    day = [
        *tick("follow_up", TICK),
        *delivered(*PRINTING, TICK + timedelta(minutes=5), times=2),
        *hours(1, 6, PRINTING),
    ]
    evenings = [*hours(7, 9, PRINTING), *hours(31, 33, PRINTING)]
    told = file_lands("record_prints", "printed/1.jsonl", b"", NOW + timedelta(hours=48))
    return [*day, *evenings, *told]


def an_export_lands(stack: Shipped) -> None:
    """The export of the night before is in force; a new one lies in the inbox."""
    kept = Kept(stack)
    kept.publish(MAIN, day=NIGHT.date() - timedelta(days=1))
    kept.inbox.put(EXPORT, export_of(NIGHT.date() - timedelta(days=1), [MAIN, OTHER]))


EXPORT = f"exports/snapshot-{NIGHT.date() - timedelta(days=1)}.jsonl"
FEED = "feed/1.jsonl"


def approved(stack: Shipped) -> None:
    """November's plan of two is made and approved; its bells have not rung yet."""
    kept = Kept(stack)
    kept.publish(MAIN, OTHER)
    planning = Select(kept.snapshots, kept.ledger, kept.runs, kept.records, kept.names, NOT_YET, "schedule")
    planning.monthly(TICK, TICK, lambda: 600.0)
    run = kept.runs.run(MONTH)
    Operate(kept.snapshots, kept.runs).approve(MONTH, "a test approver", str(run and run.plan_hash), TICK)


NOT_YET: Any = lambda run, now: 0  # noqa: E731


def both_ended(stack: Shipped) -> str | None:
    """Both cases of the plan are at their end."""
    keys = [a_key(name) for name in ("T-1", "T-2")]
    missing = [key for key in keys if Kept(stack).ledger.row(key) is None]
    return f"{missing} was never begun" if missing else ended(*keys)(stack)


def left_behind() -> list[Row]:
    """One of each that the reconciler must help: a dead sender's, a doubt, one that nobody rang for."""
    long_ago = NOW - timedelta(hours=2)
    since = {"changed_at": long_ago, "owner": "the dead", "attempts": 1, "channel": "sms"}
    return [
        a_row(a_key("T-1"), status=Status.SENDING, **since),
        a_row(a_key("T-2"), status=Status.UNKNOWN, **since),
        a_row(a_key("T-3"), changed_at=long_ago),
    ]


def homes(*names: str) -> list[Snapshot]:
    """Tenancies that owe, each with a number of its own."""
    return [
        a_snapshot(tenancy_id=name, tenants=[a_tenant_row(phone=f"040 112 234{place}")])
        for place, name in enumerate(names)
    ]


def a_receipt(at: datetime) -> Stage:
    """The provider tells that the ordinary text arrived; it tells it again until it is believed."""
    reference = KeyedPseudonyms(lambda: SECRET).reference(a_key())
    told = {"sender": "Heka", "destination": "+358401122334", "status": "DELIVERED", "batchid": reference}
    body = json.dumps(told | {"statustime": NOW.isoformat()}).encode()
    seconds = f"{int(at.timestamp())}"
    signed = {TIMESTAMP: seconds, SIGNATURE: sign(body, seconds, "ReceiptSecret")}
    return Stage("accept_receipt", at, event=lambda _: http_post("x.on.aws", "/quriiri", body, signed, at), name="told")


def receipts() -> list[Stage]:
    """Told thrice, and brought from the queue thrice."""
    told = [a_receipt(NOW + timedelta(minutes=n)) for n in range(3)]
    return [*told, *delivered("record_receipt", "ReceiptsQueue", NOW + timedelta(minutes=5), times=3)]


def paid_meanwhile(stack: Shipped) -> None:
    """A tenancy that owes; the feed tells that it paid."""
    told = {"tenancy_id": "T-1", "event": "paid", "at": NOW.isoformat()}
    Kept(stack).inbox.put(FEED, json.dumps(told).encode())


def a_month_was_lived(stack: Shipped) -> None:
    """November: one daily run looked at the ledger."""
    a_letter_day(stack)
    kept = Kept(stack)
    Select(kept.snapshots, kept.ledger, kept.runs, kept.records, kept.names, NOT_YET, "schedule").daily(
        TICK, TICK, lambda: 600.0
    )


STORIES: dict[str, Story] = {
    story.name: story
    for story in (
        Story("a text", planned(), [*delivered(*SENDING, NOW, times=3), *hours(1, 6, SENDING)], ended(a_key())),
        Story(
            "a court notice by e-mail",
            planned(a_row(COURT), snapshots=[a_snapshot(**in_court(phone=None))]),
            [*delivered(*SENDING, NOW, times=3), *hours(1, 6, SENDING)],
            ended(COURT),
        ),
        Story(
            "those left behind",
            planned(*left_behind(), snapshots=homes("T-1", "T-2", "T-3"), claimed=2),
            hours(0, 5, SENDING),
            ended(*(row.key for row in left_behind())),
        ),
        Story("an export", an_export_lands, file_lands("import_snapshot", EXPORT, b"", NIGHT), in_force),
        Story("a month's tick", exported(MAIN, OTHER), tick("select_tenants", TICK), waits_for_a_person),
        Story(
            "a run that is let go",
            approved,
            [*tick("select_tenants", NOW, release=MONTH), *delivered(*SENDING, NOW, times=2), *hours(1, 6, SENDING)],
            both_ended,
        ),
        Story("a day's tick, and its letter", a_letter_day, a_letter_days_stages(), printed_once),
        Story("a receipt", planned(a_row(status=Status.SENT)), receipts(), moved(Status.DELIVERED)),
        Story("news", paid_meanwhile, file_lands("note_events", FEED, b"", NOW), noted),
        Story("a report", a_month_was_lived, tick("publish_report", AFTER), reported),
    )
}


LONGEST = ("a report", "a run that is let go", "a day's tick, and its letter")
PROOFS = tuple(
    Proof(f"shipped, on moto: {name}, depth 2", (partial(told, STORIES[name]),))
    for name in (*LONGEST, *(name for name in STORIES if name not in LONGEST))
)
