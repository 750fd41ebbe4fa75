"""The letter's errand: look again, compose, claim, file the PDF and then its print job, once.

The job's manifest is the point of no return: it is filed if absent, under a name that only depends on the case, so one
case is printed once however often this runs.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from arrears.calendar import DAY, helsinki_day, month_of
from arrears.creditor import Creditor
from arrears.ledger import CaseMessage, Row, RunStatus, Status, case_of
from arrears.letters import Incomplete, Letter, compose
from arrears.model import day, money
from arrears.policy import Policy, policy_on
from arrears.ports import Claim, Ledger, Records, Seen, Sight
from arrears.ports.measures import Measure, Meter, unmetered
from arrears.work.again import is_over, judge_again, on_old_books, why_not
from arrears.work.notify import UNCLAIMED, Left

BY = "print_letter"
SECONDS_FOR_ONE_LETTER = 10.0
BATCHES = "print-jobs/"


@dataclass(frozen=True, slots=True)
class Print:
    """Prints one letter, at most once. `render` makes the PDF; `token` a fresh owner token for every attempt."""

    sight: Sight
    ledger: Ledger
    records: Records
    creditor: Creditor
    render: Callable[[Letter], bytes]
    daily_cap: int
    token: Callable[[], str]
    meter: Meter = unmetered

    def __call__(self, message: CaseMessage, now: datetime, seconds_left: float) -> Left:
        """Answers what came of the message. A letter that cannot lawfully be written is set aside alone."""
        seen, today = self.sight.look(message), helsinki_day(now)
        if seen.row is None or seen.row.status is not Status.PLANNED:
            return Left.ALREADY
        if is_over(seen.row, today):
            self.ledger.move(seen.row, Status.EXPIRED, now, BY, "period_over")
            return Left.EXPIRED
        policy = policy_on(today)
        if seen.run is None or seen.run.status is not RunStatus.APPROVED or on_old_books(seen, policy, now):
            return Left.WAITS
        if seconds_left < SECONDS_FOR_ONE_LETTER:
            return Left.AGAIN
        decision = judge_again(seen, today, policy)
        if decision is None or decision.step is not seen.row.key.step:
            why = why_not(decision)
            self.ledger.move(seen.row, Status.STOOD_DOWN, now, BY, why)
            self.meter(Measure.STOOD_DOWN, why=why.partition(",")[0])
            return Left.STOOD_DOWN
        return self._compose(seen, seen.row, policy, now)

    def _compose(self, seen: Seen, row: Row, policy: Policy, now: datetime) -> Left:
        try:
            letter = self._letter(seen, row, policy, now)
            pdf = self.render(letter)
        except Incomplete as error:
            self.ledger.move(row, Status.SET_ASIDE, now, BY, f"incomplete: {error.field}")
            return Left.SET_ASIDE
        except Exception as error:
            # A letter that cannot be drawn is our fault and is mended by a person; the others go on.
            self.ledger.move(row, Status.SET_ASIDE, now, BY, f"unprintable: {type(error).__name__}")
            return Left.SET_ASIDE
        owner = self.token()
        claim = self.ledger.claim(row, owner, "post", None, now, self.daily_cap)
        if claim is not Claim.OURS:
            return UNCLAIMED[claim]
        ours = row.model_copy(update={"status": Status.SENDING, "owner": owner, "attempts": row.attempts + 1})
        return self._file(ours, letter, pdf, now)

    def _letter(self, seen: Seen, row: Row, policy: Policy, now: datetime) -> Letter:
        if seen.snapshot is None:
            raise Incomplete("snapshot", "expected a tenancy that is in the ledger")
        case = case_of(seen.snapshot, (), seen.standing).model_copy(update={"history": row.history})
        waived = bool(seen.standing and seen.standing.waived_by)
        return compose(case, row.key.step, helsinki_day(now), policy, self.creditor, waived=waived)

    def _file(self, row: Row, letter: Letter, pdf: bytes, now: datetime) -> Left:
        name = letter_name(letter.on, row.reference)
        job = {
            "letter_id": row.reference,
            "step": row.key.step,
            "on": f"{letter.on}",
            "pdf": name,
            "sha256": hashlib.sha256(pdf).hexdigest(),
            "fee": f"{letter.claim.fee}",
            "fee_month": letter.claim.fee_month,
            "recipient": letter.recipient.tenant_id,
        }
        self.records.put(name, pdf, "application/pdf")
        body = json.dumps(job, sort_keys=True).encode()
        if not self.records.put_new(job_name(row), body, "application/json"):
            body = self.records.get(job_name(row)) or body  # an earlier attempt filed it: that one is printed
        self.ledger.move(row, Status.SENT, now, BY, **facts_of(body))
        return Left.SENT


def letter_name(on: date, letter_id: str) -> str:
    """Where a letter's PDF is."""
    return f"letters/{on}/{letter_id}.pdf"


def job_name(row: Row) -> str:
    """Where a letter's print job is filed: one name for one case, whatever the day."""
    return f"jobs/{row.key.period}/{row.reference}.json"


def facts_of(body: bytes) -> dict[str, Any]:
    """What the ledger keeps of a letter whose print job is filed."""
    job = json.loads(body)
    return {
        "recipient": job["recipient"],
        "fee": money(job["fee"]),
        "fee_month": job["fee_month"] if job["fee"] != "0.00" else None,
        "on": day(job["on"]),
        "provider": "print_house",
        "message_id": job["letter_id"],
    }


@dataclass(frozen=True, slots=True)
class PrintBatch:
    """Closes the day's batch for the print house: every filed job that no earlier batch has, with count and hash.

    Looks at this month and the last one only. A job is filed in its own month and batched that evening or the next, and
    batches are thrown away long before letters are: whoever looked further back would print old letters again.
    """

    records: Records
    # A batch that is closed never changes: a warm function reads each once, and looks for new letters once a day.
    closed: dict[str, set[str]] = field(default_factory=dict, compare=False)
    looked: set[date] = field(default_factory=set, compare=False)

    def __call__(self, now: datetime) -> int:
        """How many letters the day's batch holds; 0 when there are none, or when it was closed before."""
        today = helsinki_day(now)
        if today in self.looked:
            return 0
        count = self._close(today)
        self.looked.add(today)  # only now: what went wrong is tried again in an hour
        return count

    def _close(self, today: date) -> int:
        name = f"{BATCHES}{today}.json"
        months = (month_of(today.replace(day=1) - DAY), month_of(today))
        batches = [batch for batch in self.records.names(BATCHES) if batch >= f"{BATCHES}{months[0]}"]
        if name in batches:
            return 0
        batched = self._batched(batches)
        filed = (job for month in months for job in self.records.names(f"jobs/{month}/"))
        jobs = [self._job(job) for job in filed if job.rsplit("/", 1)[1][:-5] not in batched]
        if not jobs:
            return 0
        listed = json.dumps(jobs, sort_keys=True).encode()
        batch = {"day": f"{today}", "count": len(jobs), "sha256": hashlib.sha256(listed).hexdigest()}
        body = json.dumps(batch | {"letters": jobs}, sort_keys=True, indent=1).encode()
        return len(jobs) if self.records.put_new(name, body, "application/json") else 0

    def _batched(self, batches: list[str]) -> set[str]:
        for name in batches:
            if name not in self.closed:
                batch = json.loads(self.records.get(name) or b"{}")
                self.closed[name] = {letter["letter_id"] for letter in batch.get("letters", [])}
        return {letter for name in batches for letter in self.closed[name]}

    def _job(self, name: str) -> dict[str, str]:
        job = json.loads(self.records.get(name) or b"{}")
        return {key: job[key] for key in ("letter_id", "pdf", "sha256", "step", "on")}
