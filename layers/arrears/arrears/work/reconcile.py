"""The hourly errand: nobody waits for ever. Asks what became of doubtful sends, rings again for those left behind,
closes what is over, and lets the next wave go."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from arrears.calendar import helsinki, helsinki_day, may_leave
from arrears.ledger import CaseMessage, Row, Run, RunStatus, Status
from arrears.model import LETTERS, Facts
from arrears.policy import Policy, policy_on
from arrears.ports import Accepted, Bell, EmailProvider, Ledger, Runs, SmsProvider
from arrears.work.again import is_over
from arrears.work.print_ import PrintBatch, facts_of, job_name
from arrears.work.release import Release, bell_of
from arrears.work.watch import (
    RECEIPTS_COME,
    monthly_run_missing,
    permanent_failures_percent,
    receipts_missing_percent,
    stopped_runs,
)

BY = "reconcile"
# Longer than any worker can live: the longest Lambda timeout is 15 minutes. Earlier, a slow sender could still send.
SURELY_DEAD = timedelta(minutes=20)
STRANDED = timedelta(minutes=30)
BATCH_CLOSES = 17  # the hour at which the print house takes the day's letters


class Reconciled(Facts):
    """What the hour's errand did, how old the oldest cases are (hours), and what it heard nothing of."""

    doubtful: int = 0
    found_sent: int = 0
    found_unsent: int = 0
    unknown: int = 0
    rung_again: int = 0
    expired: int = 0
    no_receipt: int = 0
    released: int = 0
    printed: int = 0
    oldest_waiting_hours: float = 0
    oldest_unknown_hours: float = 0
    stopped_runs: int = 0
    monthly_run_missing: bool = False
    permanent_failures_percent: float = 0
    receipts_missing_percent: float = 0


@dataclass(frozen=True, slots=True)
class Reconcile:
    """Brings every case to an end or before a person's eyes. `providers` by channel: "sms", "email"."""

    ledger: Ledger
    runs: Runs
    providers: Mapping[str, SmsProvider | EmailProvider]
    bells: Mapping[str, Bell]
    release: Release
    batch: PrintBatch

    def __call__(self, now: datetime) -> Reconciled:
        """Does everything once; doing it twice changes nothing more."""
        policy = policy_on(helsinki_day(now))
        doubtful = self._doubt_the_dead(now)
        sent, unsent, unknown = self._ask(policy, now)
        rung, expired, waiting = self._ring_again(policy, now)
        silent, runs = self.ledger.silent(now - RECEIPTS_COME), self._recent_runs(now)
        return Reconciled(
            doubtful=doubtful,
            found_sent=sent,
            found_unsent=unsent,
            unknown=len(unknown),
            rung_again=rung,
            expired=expired,
            no_receipt=self._miss_receipts(policy, now),
            printed=self.batch(now) if helsinki(now).hour >= BATCH_CLOSES else 0,
            released=sum(self.release(run.run, now) for run in runs if run.status is RunStatus.APPROVED),
            oldest_waiting_hours=_oldest(waiting, now),
            oldest_unknown_hours=_oldest(unknown, now),
            stopped_runs=stopped_runs(runs, now),
            monthly_run_missing=monthly_run_missing(runs, now),
            permanent_failures_percent=permanent_failures_percent(runs),
            receipts_missing_percent=receipts_missing_percent(runs, silent),
        )

    def _doubt_the_dead(self, now: datetime) -> int:
        """A claim whose worker must be dead: a text may have left. A letter has left when its job is filed, whatever
        the tenant did since, and surely has not before."""
        dead = list(self.ledger.waiting(Status.SENDING, now - SURELY_DEAD))
        for row in dead:
            if row.key.step not in LETTERS:
                self.ledger.move(row, Status.UNKNOWN, now, BY, "worker_died")
            elif job := self.batch.records.get(job_name(row)):
                self.ledger.move(row, Status.SENT, now, BY, "job_was_filed", **facts_of(job))
            else:
                self.ledger.move(row, Status.PLANNED, now, BY, "worker_died", owner=None)
        return len(dead)

    def _ask(self, policy: Policy, now: datetime) -> tuple[int, int, list[Row]]:
        sent, unsent, unknown = 0, 0, []
        for row in list(self.ledger.waiting(Status.UNKNOWN, now)):
            try:
                accepted = self._find(row, now)
            except Exception:
                # Whatever went wrong while asking: this doubt stays, and the others are still helped.
                unknown.append(row)
                continue
            if accepted:
                facts = {"provider": accepted.provider, "message_id": accepted.message_id}
                sent += self.ledger.move(row, Status.SENT, now, BY, "provider_has_it", **facts)
            else:
                again = Status.PLANNED if row.attempts < policy.sending.attempts else Status.EXHAUSTED
                unsent += self.ledger.move(row, again, now, BY, "provider_never_saw_it", owner=None)
        return sent, unsent, unknown

    def _find(self, row: Row, now: datetime) -> Accepted | None:
        """What the provider says. A call that we stopped listening to may still be on its way: asked too early, the
        provider would truly say that it never saw the text, and take it afterwards."""
        if now - row.changed_at <= SURELY_DEAD:
            raise LookupError("the call may still be on its way")
        return self.providers[row.channel or "sms"].find(row.reference)

    def _ring_again(self, policy: Policy, now: datetime) -> tuple[int, int, list[Row]]:
        rung: dict[str, list[CaseMessage]] = {name: [] for name in self.bells}
        expired, waiting = 0, []
        for row in list(self.ledger.waiting(Status.PLANNED, now - STRANDED)):
            if is_over(row, helsinki_day(now)):
                expired += self.ledger.move(row, Status.EXPIRED, now, BY, "period_over")
                continue
            waiting.append(row)
            if row.key.step in LETTERS or may_leave(row.key.step, now, policy):
                rung[bell_of(row.key.step)].append(CaseMessage(key=row.key, run=row.run))
        for name, messages in rung.items():
            self.bells[name].ring(messages)
        return sum(map(len, rung.values())), expired, waiting

    def _miss_receipts(self, policy: Policy, now: datetime) -> int:
        late = list(self.ledger.waiting(Status.SENT, now - timedelta(hours=policy.sending.receipt_hours)))
        return sum(self.ledger.move(row, Status.NO_RECEIPT, now, BY, "no_receipt_in_time") for row in late)

    def _recent_runs(self, now: datetime) -> list[Run]:
        named = [self.runs.run(name) for name in _recent_names(now)]
        return [run for run in [*self.runs.latest(2), *named] if run]


def _recent_names(now: datetime) -> Iterable[str]:
    return (f"{helsinki_day(now) - timedelta(days=days):%Y-%m-%d}" for days in range(4))


def _oldest(rows: list[Row], now: datetime) -> float:
    return max(((now - row.changed_at).total_seconds() / 3600 for row in rows), default=0.0)
