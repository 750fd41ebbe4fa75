"""Ready-made pages of a portfolio of any size: as our table holds them, as typed attributes, and the ledger beside it.

A page has the tenancies that fit into DynamoDB's megabyte in our layout, and there are only a few different ones: what
makes them many is the number in their tenancy ids, put in when a page is asked for.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from boto3.dynamodb.types import TypeSerializer

from arrears.adapters.dynamo.items import item
from arrears.adapters.dynamo.keys import case_key, run_key
from arrears.adapters.dynamo.snapshots import row_key
from arrears.calendar import HELSINKI
from arrears.guards import Figures
from arrears.ledger import CaseKey, Event, Pointer, Status, case_of
from arrears.model import Snapshot, Step
from arrears.policy import policy_on
from arrears.rules import decide
from arrears.work.import_ import needs_row
from tests.local.portfolio import Portfolio
from tests.makers import a_snapshot
from tests.rows import a_row, a_run

SHARDS = 16
DAY = date(2026, 2, 11)
TICK = datetime(2026, 2, 12, 9, 15, tzinfo=HELSINKI)
VERSION = f"{DAY}-0000000000aa"
TOKEN, DIGITS = "PPPPPPPP", "DDDD"  # where a page's number goes: in tenancy ids, and in phone numbers
MEGABYTE = 1 << 20
POOL = 4000
BEFORE = datetime(2026, 1, 12, 9, 20, tzinfo=HELSINKI)


@dataclass(frozen=True)
class Chunk:
    """The tenancies of one page: their items as our table holds them, those of them that the import keeps, all as typed
    attributes, and what the ledger has of them."""

    tenancies: int
    ours: bytes
    kept: bytes
    typed: bytes
    ledger: bytes

    def numbered(self, layout: str, number: int) -> bytes:
        """The items of that page."""
        body: bytes = getattr(self, layout)
        return body.replace(TOKEN.encode(), b"%08d" % number).replace(DIGITS.encode(), b"%04d" % (number % 10_000))


def chunks() -> list[Chunk]:
    """The different pages there are."""
    rows = [Snapshot.model_validate(row) for row in Portfolio(POOL, start=DAY).export(DAY, everyone=True)]
    groups: list[list[Snapshot]] = [[]]
    room = MEGABYTE
    for row in rows:
        size = len(_payload(row)) + 90  # its keys, the names of its attributes, and when it expires
        if size > room:
            groups.append([])
            room = MEGABYTE
        room -= size
        groups[-1].append(row)
    return [_chunk(group) for group in groups[:-1]]  # the last one is not full


def pointer(tenancies: int) -> Any:
    """The item that says which snapshot is in force."""
    figures = Figures(as_of=DAY, published_at=TICK, rows=tenancies, debt_total="1.00", selected=0)
    now = Pointer(
        version=VERSION,
        as_of=DAY,
        published_at=TICK.replace(hour=3),
        rows=tenancies,
        shards=SHARDS,
        sha256="00" * 32,
        figures=figures.model_dump_json(),
    )
    return {"pk": {"S": "POINTER"}, "sk": {"S": "current"}} | item(dict(now))


def _many_times(row: Snapshot, place: int) -> Snapshot:
    """The same tenancy under a name, and with phone numbers, that no other page has."""
    tenants = tuple(
        tenant.model_copy(update={"phone": f"04{n % 9} {DIGITS} {place:04}"}) if tenant.phone else tenant
        for n, tenant in enumerate(row.tenants)
    )
    return row.model_copy(update={"tenancy_id": f"{TOKEN}-{place:04}", "tenants": tenants})


def one_look() -> Any:
    """What a sender sees of the ordinary case, however often it looks: planned, approved, and still owed."""
    ordinary, row, run = a_snapshot(), a_row(), a_run()
    planned = case_key(row.key) | item(dict(row))
    approved = run_key(run.run) | item(dict(run))
    owed = row_key(VERSION, ordinary.tenancy_id, SHARDS) | {"payload": {"S": _payload(ordinary)}}
    here = pointer(1)
    return {"Responses": {"ledger": [planned, approved], "snapshots": [here, owed]}, "UnprocessedKeys": {}}


def _chunk(rows: list[Snapshot]) -> Chunk:
    named = [_many_times(row, place) for place, row in enumerate(rows)]
    owing = [name for name, row in zip(named, rows, strict=True) if _gets_a_text(row)]
    # Every second of them owes for the first time.
    ledger = _joined(map(_reminded, owing[::2]))
    kept = (row for row in named if needs_row(row))
    return Chunk(len(rows), _joined(map(_ours, named)), _joined(map(_ours, kept)), _joined(map(_typed, named)), ledger)


def _gets_a_text(row: Snapshot) -> bool:
    return decide(case_of(row, ()), policy_on(DAY), TICK.date()).step is Step.SMS_REMINDER


def _ours(row: Snapshot) -> Any:
    return {"sk": {"S": row.tenancy_id}, "payload": {"S": _payload(row)}}


def _payload(row: Snapshot) -> str:
    return json.dumps(row.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":"))


def _typed(row: Snapshot) -> Any:
    serialize = TypeSerializer().serialize
    keys = {"pk": {"S": f"{VERSION}#000"}, "sk": {"S": row.tenancy_id}, "expires": {"N": "1773187200"}}
    return keys | {name: serialize(value) for name, value in row.model_dump(mode="json").items()}


def _reminded(row: Snapshot) -> Any:
    """January's text, delivered: what the ledger has of a tenancy that owes."""
    key = CaseKey.model_construct(tenancy_id=row.tenancy_id, period="2026-01", step=Step.SMS_REMINDER)
    stages = (Status.PLANNED, Status.SENDING, Status.SENT, Status.DELIVERED)
    events = tuple(Event(at=BEFORE, status=status, by="send_notice") for status in stages)
    told = a_row(run="2026-01", on=BEFORE.date(), status=Status.DELIVERED, events=events, segments=1, provider="aws")
    told = told.model_copy(update={"key": key, "area": row.area, "recipient": row.tenants[0].tenant_id})
    place = {"shard": {"S": "000"}, "shard_sk": {"S": f"{row.tenancy_id}#2026-01#sms_reminder"}}
    return case_key(key) | place | item(dict(told))


def _joined(items: Any) -> bytes:
    return b",".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")).encode() for one in items)
