"""A run's plan: which cases, why, and as what their ledger rows begin. Kept as a file, and bound to its hash."""

import gzip
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import blake2b
from io import BytesIO

from arrears.calendar import helsinki_day, month_of
from arrears.ledger import CaseKey, Event, Row, Run, Status, age_group
from arrears.model import LETTERS, Case, Decision, Facts, Past, Reason, Step
from arrears.phones import e164
from arrears.policy import Policy
from arrears.ports import Pseudonyms
from arrears.work.gzipped import GzipLines

MONTHLY = frozenset({Step.SMS_REMINDER, Step.HAND_TO_PERSON})
DAILY = LETTERS | {Step.COURT_NOTICE, Step.HAND_TO_PERSON}
# What stands in the way of a letter says nothing about a text; without these, only the number was missing.
_NOT_ABOUT_TEXTS = frozenset({Reason.NOT_REMINDED, Reason.TIME_TO_ANSWER, Reason.FEE_TOO_EARLY, Reason.CONTACTED})


class Line(Facts):
    """One case of a plan: which, why, and as what its row begins."""

    key: CaseKey
    status: Status
    reasons: tuple[Reason, ...]
    reference: str
    policy: str
    recipient: str | None = None
    history: tuple[Past, ...] = ()
    area: str
    age_group: str | None = None
    number: str | None = None
    why: str | None = None


def plan_body(lines: Iterable[Line]) -> bytes:
    """A plan as the file that is kept: the same lines give the same bytes."""
    packed = GzipLines()
    for line in lines:
        packed.add(line.model_dump_json(exclude_none=True))
    return packed.body()


def plan_lines(body: bytes) -> Iterator[Line]:
    """The lines of a kept plan."""
    with gzip.open(BytesIO(body)) as lines:
        yield from map(Line.model_validate_json, lines)


@dataclass(slots=True)
class Due:
    """What is counted of a plan while it goes by: the cases that would leave, and those that were not in `before`."""

    before: frozenset[str]
    number: int = 0
    new: int = 0

    def counted(self, lines: Iterable[Line]) -> Iterator[Line]:
        """The same lines."""
        for line in lines:
            due = line.status is Status.PLANNED
            self.number += due
            self.new += due and line.key.tenancy_id not in self.before
            yield line


def plan_name(run: str, plan_hash: str) -> str:
    """Where the plan of a run is kept: a changed plan is another file."""
    return f"plans/{run}/{plan_hash}.jsonl.gz"


def plan_hash(body: bytes) -> str:
    """What an approval is bound to."""
    return hashlib.sha256(body).hexdigest()


def line_of(case: Case, decision: Decision, steps: frozenset[Step], policy: Policy, names: Pseudonyms) -> Line | None:
    """The plan's line for a decision; None when it is not one of the run's steps."""
    step, snapshot, day = decision.step, case.snapshot, decision.on
    unreachable = Step.SMS_REMINDER in steps and only_the_number_is_missing(decision)
    if unreachable:
        step = Step.SMS_REMINDER
    elif step not in steps:
        return None
    key = CaseKey(tenancy_id=snapshot.tenancy_id, period=period_of(step, case, day), step=step)
    tenant = next((t for t in snapshot.main_tenants if t.tenant_id == decision.recipient), None)
    number = e164(tenant.phone) if tenant and step is Step.SMS_REMINDER else None
    return Line(
        key=key,
        status=Status.IMPOSSIBLE if unreachable else _beginning(key, policy),
        reasons=decision.reasons,
        recipient=decision.recipient,
        reference=names.reference(key),
        policy=policy.name,
        history=case.history,
        area=snapshot.area,
        age_group=age_group((tenant or snapshot.tenants[0]).birth_date, day),
        number=names.number(number) if number else None,
    )


def period_of(step: Step, case: Case, day: date) -> str:
    """What a case is counted by: its month; for a court notice the day the court case was opened."""
    court = case.snapshot.court
    return f"{court.opened_on}" if step is Step.COURT_NOTICE and court else month_of(day)


def _beginning(key: CaseKey, policy: Policy) -> Status:
    if key.step is Step.HAND_TO_PERSON:
        return Status.OPEN
    compared = key.step is Step.SMS_REMINDER and in_comparison_group(key, policy.scope.hold_out_share)
    return Status.HELD_OUT if compared else Status.PLANNED


def row_of(line: Line, run: Run, now: datetime) -> Row:
    """The ledger row with which a case begins."""
    return Row(
        key=line.key,
        run=run.run,
        status=line.status,
        reasons=line.reasons,
        policy=line.policy,
        recipient=line.recipient,
        reference=line.reference,
        on=helsinki_day(now),
        planned_at=now,
        changed_at=now,
        events=(Event(at=now, status=line.status, by="select", why=line.why),),
        history=line.history,
        area=line.area,
        age_group=line.age_group,
        why=line.why,
    )


def only_the_number_is_missing(decision: Decision) -> bool:
    """A text would be due if there were a number that one can reach."""
    return Reason.NO_MOBILE in decision.reasons and set(decision.reasons) - _NOT_ABOUT_TEXTS == {Reason.NO_MOBILE}


def in_comparison_group(key: CaseKey, share: Decimal) -> bool:
    """Whether a case is in the month's hold-out group: the same answer for the same case and month."""
    place = int.from_bytes(blake2b(f"{key}".encode(), digest_size=4, key=b"hold-out").digest(), "big")
    return Decimal(place) < share * 2**32
