"""One ordinary ledger row, its run, its message and the snapshot in force, so that each test changes one fact."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from arrears.calendar import HELSINKI
from arrears.ledger import CaseKey, CaseMessage, Event, Pointer, Row, Run, RunStatus, Status
from arrears.model import Reason, Step
from tests.fakes import pseudonyms
from tests.makers import TODAY, a_reminder

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=HELSINKI)  # Monday morning: texts may leave
MONTH = "2026-11"
VERSION = "2026-11-23-0000000000aa"
NAMES = pseudonyms()


def later(**passed: float) -> datetime:
    """So much after the ordinary moment."""
    return NOW + timedelta(**passed)


def a_key(tenancy_id: str = "T-1", period: str = MONTH, step: Step = Step.SMS_REMINDER) -> CaseKey:
    """The ordinary case: November's text to the ordinary tenancy."""
    return CaseKey(tenancy_id=tenancy_id, period=period, step=step)


def a_message(key: CaseKey | None = None, run: str = MONTH) -> CaseMessage:
    """The bell that rings for it."""
    return CaseMessage(key=key or a_key(), run=run)


def a_row(key: CaseKey | None = None, **changes: Any) -> Row:
    """The ordinary case as it was planned an hour ago: nothing has happened yet."""
    key, planned = key or a_key(), later(hours=-1).astimezone(UTC)
    status = changes.get("status", Status.PLANNED)
    facts = {
        "key": key,
        "run": MONTH,
        "status": status,
        "reasons": (Reason.AREA_IN_ROLLOUT,),
        "policy": "2024-10-01",
        "recipient": "P-1",
        "reference": NAMES.reference(key),
        "on": TODAY,
        "planned_at": planned,
        "changed_at": planned,
        "events": (Event(at=planned, status=status, by="select"),),
        "area": "north",
        "age_group": "30-44",
    }
    return Row.model_validate(facts | changes)


def a_letter_row(key: CaseKey | None = None, **changes: Any) -> Row:
    """A collection letter that is due: the tenant was reminded on the 6th and has not answered."""
    key = key or a_key(step=Step.COLLECTION_LETTER)
    return a_row(key, history=(a_reminder(date(2026, 11, 6)),), **changes)


def a_run(run: str = MONTH, **changes: Any) -> Run:
    """November's run, on its way out, with room for a hundred."""
    facts = {
        "run": run,
        "status": RunStatus.APPROVED,
        "day": TODAY if len(run) == len(MONTH) else date.fromisoformat(run),
        "snapshot": VERSION,
        "started_by": "schedule",
        "started_at": later(hours=-1).astimezone(UTC),
        "cap": 100,
        "events": ("planned",),
    }
    return Run.model_validate(facts | changes)


def a_pointer(version: str = VERSION, **changes: Any) -> Pointer:
    """The snapshot in force."""
    facts = {
        "version": version,
        "as_of": TODAY,
        "published_at": later(hours=-4).astimezone(UTC),
        "rows": 1,
        "debt_total": Decimal("800.00"),
        "shards": 4,
        "sha256": "00" * 32,
    }
    return Pointer.model_validate(facts | changes)
