"""The lines of a ledger's files: which kind each is, read strictly, and told apart by the fields it has."""

from datetime import UTC, datetime, time

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from arrears.calendar import month_of
from arrears.ledger import CaseKey, Row, Run, Status
from arrears.model import Decision, Facts, Identifier, Outcome, Past, Snapshot
from arrears.outcomes.figures import Figures

# As the judgement is told of a row, so the row of what it is told.
_STATUS = {
    Outcome.SENT: Status.SENT,
    Outcome.DELIVERED: Status.DELIVERED,
    Outcome.FAILED: Status.UNDELIVERED,
    Outcome.UNKNOWN: Status.UNKNOWN,
    Outcome.IMPOSSIBLE: Status.IMPOSSIBLE,
}


class NotOurs(ValueError):
    """A line that cannot be used; the message says what is wrong with it and what is expected, never what it says."""


class History(Past):
    """A step already taken, as CONTRACT section 3 writes it."""

    tenancy_id: Identifier


class Manifest(Facts):
    """What an export says of itself; the report does not need it."""

    manifest: dict[str, object]


# The field by which each kind of line is known, looked for in this order.
KINDS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("manifest", Manifest),
    ("open_items", Snapshot),
    ("counts", Figures),
    ("started_by", Run),
    ("key", Row),
    ("outcome", History),
    ("reasons", Decision),
)


def fact_of(line: bytes) -> BaseModel:
    """What a line says. Raises NotOurs for one that is none of the kinds."""
    try:
        told = from_json(line)
    except ValueError:
        raise NotOurs("expected one JSON object in UTF-8") from None
    for field, kind in KINDS if isinstance(told, dict) else ():
        if field in told:
            try:
                return kind.model_validate_json(line)
            except ValidationError as error:
                first = error.errors(include_url=False, include_input=False)[0]
                raise NotOurs(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    raise NotOurs("expected a ledger row, a decision, a row of an export, a run or a month's figures")


def row_of(past: History) -> Row:
    """The ledger row of a step that is told in short: its area and age group stay unknown."""
    at = datetime.combine(past.on, time(12), UTC)
    key = CaseKey(tenancy_id=past.tenancy_id, period=month_of(past.on), step=past.step)
    return Row(
        key=key,
        run=key.period,
        status=_STATUS[past.outcome],
        policy="history",
        reference=str(key),
        on=past.on,
        planned_at=at,
        changed_at=at,
        fee=past.fee,
    )
