"""Counting one tenancy after another into a month's figures: debts, messages, and what followed them."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from arrears.calendar import DAY, helsinki_day
from arrears.ledger import Row, Status, age_group
from arrears.model import LETTERS, MESSAGES, CourtStatus, Reason, Snapshot, Step
from arrears.outcomes.figures import UNKNOWN, Counts, Month, name
from arrears.outcomes.lives import Life, Told, lives
from arrears.policy import Policy
from arrears.rules.debts import debt

LEFT = frozenset({Status.SENT, Status.DELIVERED, Status.UNDELIVERED, Status.NO_RECEIPT})
ARRIVED = LEFT - {Status.UNDELIVERED}  # as far as anybody knows
ANSWERS = ("contacted", "agreed", "paid", "answered")
# These speak of letters alone: they are no reason why somebody got no text.
_ABOUT_LETTERS = frozenset({Reason.NOT_REMINDED, Reason.TIME_TO_ANSWER, Reason.FEE_TOO_EARLY, Reason.CONTACTED})


@dataclass(slots=True)
class Counting:
    """Counts one month. `looked` are the banking days on which the ledger was looked at: a tenancy that a run did not
    see on such a day owed nothing then."""

    month: Month
    policy: Policy
    looked: Collection[date]
    counts: Counts = field(default_factory=Counts)

    def add(self, life: Life) -> None:
        """One more tenancy."""
        self._debt(life)
        self._plan(life)
        for row in life.rows:
            self._row(row, life)

    def _one(self, *key: str, times: int = 1) -> None:
        self.counts[name(*key)] += times

    # --- what is owed ----------------------------------------------------------------------------------------------

    def _debt(self, life: Life) -> None:
        now, owed = self._owed(life, self.month.until)
        before, owed_before = self._owed(life, self.month.since)
        if now and owed:
            self._one("debtors", *group_of(now))
            self._one("debt", *group_of(now), times=owed)
        if self.month.since is not None and bool(owed) != bool(owed_before):
            came = now if owed else before
            self._one("newcomers" if owed else "leavers", *(group_of(came) if came else (UNKNOWN, UNKNOWN)))
        if now and now.court and now.court.status is CourtStatus.PENDING and self.month.holds(now.court.opened_on):
            self._one("month", "court")

    def _owed(self, life: Life, day: date | None) -> tuple[Snapshot | None, int]:
        snapshot = life.exports.get(day) if day else None
        return snapshot, int(debt(snapshot, self.policy, snapshot.as_of + DAY) * 100) if snapshot else 0

    def _plan(self, life: Life) -> None:
        decision = life.planned
        if decision is None or Reason.NO_DEBT in decision.reasons:
            return
        self._one("month", "owed")
        if decision.step is not Step.NONE:
            return
        reasons = [reason for reason in decision.reasons if reason not in _ABOUT_LETTERS]
        self._one("not_written", "first", reasons[0] if reasons else UNKNOWN)
        for reason in reasons:
            self._one("not_written", "any", reason)

    # --- what was sent ---------------------------------------------------------------------------------------------

    def _row(self, row: Row, life: Life) -> None:
        step = row.key.step
        if row.status is Status.UNKNOWN and f"{row.on:%Y-%m}" <= self.month.name:
            self._one("unknown", step)
        if self.month.holds(row.on):
            self._one("messages", step, row.status)
            self._of_month(row)
        if step in MESSAGES | LETTERS:
            if row.status in ARRIVED:
                self._answers(row.on, life, "answers", step, *group_of_row(row, life))
            if step is Step.SMS_REMINDER and row.status is not Status.IMPOSSIBLE:
                lot = "held_out" if row.status is Status.HELD_OUT else "texted"
                self._answers(helsinki_day(row.planned_at), life, "lot", row.key.period, lot)
        if step is Step.SMS_REMINDER and row.key.period == self.month.name:
            self._of_funnel(row, life)

    def _of_month(self, row: Row) -> None:
        step = row.key.step
        if problem := problem_of(row):
            self._one("numbers", problem)
        if row.status in LEFT:
            channel = "post" if step in LETTERS else row.channel or "sms"
            self._one("sent", step, channel)
            self._one("segments", step, times=row.segments or 0)
            self._one("fees", step, times=int((row.fee or 0) * 100))
            if step in LETTERS:
                self._one("month", "letters")

    def _of_funnel(self, row: Row, life: Life) -> None:
        self._one("month", "chosen")
        if row.status not in LEFT:
            return
        self._one("month", "texted")
        if row.status is Status.DELIVERED:
            self._one("month", "delivered")
        for answer in self._answered(life, row.on, self.month.until):
            self._one("month", answer)

    # --- what followed ---------------------------------------------------------------------------------------------

    def _answers(self, start: date, life: Life, *key: str) -> None:
        """Counts a message under each number of days that came to an end in this month. When nobody looked at the
        ledger, nothing is known of answers, and no message is counted as unanswered."""
        for days in self.policy.report.answer_days if self.looked else ():
            end = start + timedelta(days=days)
            if self.month.ends_in(end):
                self._one(*key, f"{days}", "of")
                for answer in self._answered(life, start, end):
                    self._one(*key, f"{days}", answer)

    def _answered(self, life: Life, start: date, end: date) -> Iterator[str]:
        """What a tenancy did from that day to the other, both included. Who agrees has made contact; who has paid owes
        nothing at all."""
        if not self.looked:
            return
        within = [day for day in self.looked if start <= day <= end]
        agreed = any(day in life.agreed_on for day in within)
        contacted = agreed or any(start <= day <= end for day in life.contacts)
        paid = any(day not in life.owed_on for day in within)
        for answer, done in zip(ANSWERS, (contacted, agreed, paid, contacted or paid), strict=True):
            if done:
                yield answer


def group_of(snapshot: Snapshot) -> tuple[str, str]:
    """The area and age group that a tenancy is counted in: its first main tenant's, on the ledger's day."""
    first = (snapshot.main_tenants or snapshot.tenants)[0]
    return snapshot.area, age_group(first.birth_date, snapshot.as_of)


def group_of_row(row: Row, life: Life) -> tuple[str, str]:
    """The area and age group of a message, as it was planned; where that was not kept, as an export has it."""
    known = next(iter(life.exports.values()), None)
    area, age = group_of(known) if known else (UNKNOWN, UNKNOWN)
    return row.area or area, row.age_group or age


def problem_of(row: Row) -> str | None:
    """What is wrong with the number of a text: none that a text can reach, refused for good, or one that is dead."""
    if row.key.step is not Step.SMS_REMINDER:
        return None
    dead = row.status is Status.UNDELIVERED and (row.why or "").startswith("bad_number")
    return {Status.IMPOSSIBLE: "no_mobile", Status.REJECTED: "refused"}.get(row.status, "dead" if dead else None)


def counted(told: Iterable[Told], month: Month, policy: Policy, looked: Collection[date]) -> Counts:
    """A month's counts of everything that is told, which must come in the order of tenancy ids."""
    counting = Counting(month, policy, frozenset(looked))
    for life in lives(told, (month.since, month.until)):
        counting.add(life)
    return counting.counts
