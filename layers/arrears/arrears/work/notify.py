"""The sender's errand: look again, claim, send once, and write down what came of it.

The order is the protocol. Nothing that can fail stands between the provider's yes and the ledger's SENT, and nothing
whose fate is not surely "not sent" is ever sent again by machine.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from arrears import compliance, wording
from arrears.calendar import helsinki_day, may_leave
from arrears.guards import Tally, breaker
from arrears.ledger import CaseMessage, Row, Run, RunStatus, Status
from arrears.model import Decision, Snapshot, Step, Tenant
from arrears.phones import e164
from arrears.policy import Policy, policy_on
from arrears.ports import (
    Accepted,
    Claim,
    Email,
    EmailProvider,
    Ledger,
    NotAccepted,
    Pseudonyms,
    Refused,
    Runs,
    Seen,
    Sight,
    Sms,
    SmsProvider,
)
from arrears.ports.measures import Measure, Meter, unmetered
from arrears.work.again import is_over, judge_again, on_old_books, why_not

BY = "send_notice"
SECONDS_TO_WRITE_DOWN = 3.0
SECONDS_FOR_ONE_CALL = 13.0  # 3 s to connect, 10 s to read


class Left(StrEnum):
    """What came of a message from the queue. `AGAIN` asks the queue to bring it back; the others are done with."""

    SENT = "sent"
    STOOD_DOWN = "stood_down"
    WAITS = "waits"
    ALREADY = "already"
    EXPIRED = "expired"
    SET_ASIDE = "set_aside"
    REJECTED = "rejected"
    EXHAUSTED = "exhausted"
    UNKNOWN = "unknown"
    KEY_REFUSED = "key_refused"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach the recipient."""

    channel: str
    address: str


@dataclass(frozen=True, slots=True)
class Written:
    """The checked words for one way to one recipient."""

    way: Way
    text: wording.Text
    recipient: str


@dataclass(frozen=True, slots=True)
class Notify:
    """Sends one notice, at most once. `token` makes a fresh owner token for every attempt; `reserve` is how many
    seconds one sending may take, however badly it goes."""

    sight: Sight
    ledger: Ledger
    runs: Runs
    sms: SmsProvider
    email: EmailProvider
    pseudonyms: Pseudonyms
    sender: str
    daily_cap: int
    token: Callable[[], str]
    reserve: float = SECONDS_FOR_ONE_CALL + SECONDS_TO_WRITE_DOWN
    meter: Meter = unmetered

    def __call__(self, message: CaseMessage, now: datetime, seconds_left: float) -> Left:
        """Answers what came of the message. Raises only where the ledger could not be reached: then nothing was sent
        by this attempt, or the row stays SENDING and the reconciler asks."""
        seen = self.sight.look(message)
        if seen.row is None or seen.row.status is not Status.PLANNED:
            return Left.ALREADY
        if is_over(seen.row, helsinki_day(now)):
            self.ledger.move(seen.row, Status.EXPIRED, now, BY, "period_over")
            return Left.EXPIRED
        policy = policy_on(helsinki_day(now))
        if not _is_on(seen.run) or not may_leave(seen.row.key.step, now, policy) or on_old_books(seen, policy, now):
            return Left.WAITS
        if seconds_left < self.reserve:
            return Left.AGAIN
        return self._if_still_due(seen, seen.row, policy, now)

    def _if_still_due(self, seen: Seen, row: Row, policy: Policy, now: datetime) -> Left:
        decision = judge_again(seen, helsinki_day(now), policy)
        if decision is None or decision.step is not row.key.step or seen.snapshot is None:
            return self._stand_down(row, why_not(decision), now)
        tenant = next(t for t in seen.snapshot.main_tenants if t.tenant_id == decision.recipient)
        letters = [self._write(row, seen.snapshot, tenant, decision, way, policy) for way in ways(row, tenant, policy)]
        if None in letters:
            self.ledger.move(row, Status.SET_ASIDE, now, BY, "text_refused")
            return Left.SET_ASIDE
        return self._claim_and_send(seen, row, [letter for letter in letters if letter], policy, now)

    def _write(
        self, row: Row, snapshot: Snapshot, tenant: Tenant, decision: Decision, way: Way, policy: Policy
    ) -> Written | None:
        """The words for that way; None when they may not leave."""
        step = row.key.step
        text = wording.render(step, decision.reasons, policy, way.channel)
        segments = policy.sms.max_segments if step is Step.SMS_REMINDER else policy.court.notice_max_segments
        limit = segments if way.channel == "sms" else None  # an e-mail costs the same however long it is
        return None if compliance.check(text.words, step, snapshot, limit) else Written(way, text, tenant.tenant_id)

    def _claim_and_send(self, seen: Seen, row: Row, written: list[Written], policy: Policy, now: datetime) -> Left:
        owner = self.token()
        for one in written:
            lock = self.pseudonyms.number(one.way.address) if one.way.channel == "sms" else None
            claim = self.ledger.claim(row, owner, one.way.channel, lock, now, self.daily_cap)
            if claim is Claim.OURS:
                ours = row.model_copy(update={"status": Status.SENDING, "owner": owner, "attempts": row.attempts + 1})
                return self._send(ours, one, seen.run, policy, now)
            if claim is not Claim.NUMBER_TAKEN:
                return UNCLAIMED[claim]
        if row.key.step is Step.COURT_NOTICE:
            return Left.WAITS  # the number is free again next month, and the case is still news then
        return self._stand_down(row, "number_taken", now)

    def _stand_down(self, row: Row, why: str, now: datetime) -> Left:
        self.ledger.move(row, Status.STOOD_DOWN, now, BY, why)
        self.meter(Measure.STOOD_DOWN, why=why.partition(",")[0])
        return Left.STOOD_DOWN

    def _send(self, row: Row, one: Written, run: Run | None, policy: Policy, now: datetime) -> Left:
        try:
            accepted = self._hand_over(row, one)
        except NotAccepted as refusal:
            return self._not_accepted(row, refusal, policy, now)
        except Refused as refusal:
            self.ledger.move(row, Status.REJECTED, now, BY, refusal.code, recipient=one.recipient)
            self._tally(row, policy, rejected=1, failing=False)
            return Left.REJECTED
        except Exception as error:
            # Whatever it was, the call had left: nobody knows, and only the provider, a receipt or a person can tell.
            self.ledger.move(row, Status.UNKNOWN, now, BY, _code(error), recipient=one.recipient)
            self._tally(row, policy, unknown=1, failing=True)
            return Left.UNKNOWN
        self._write_down(row, one, accepted, policy, now)
        if run and run.failing:
            self._tally(row, policy, failing=False)
        return Left.SENT

    def _write_down(self, row: Row, one: Written, accepted: Accepted, policy: Policy, now: datetime) -> None:
        segments = wording.segments(one.text.words).segments if one.way.channel == "sms" else 0
        self.ledger.move(
            row,
            Status.SENT,
            now,
            BY,
            ",".join(accepted.passed_over) or None,
            provider=accepted.provider,
            message_id=accepted.message_id,
            recipient=one.recipient,
            template=f"{one.text.template}@{one.text.version}",
            segments=segments,
        )
        self.meter(Measure.COST, segments * policy.sending.price_per_segment)
        self.meter(Measure.PASSED_OVER, len(accepted.passed_over))

    def _hand_over(self, row: Row, one: Written) -> Accepted:
        if one.way.channel == "sms":
            return self.sms.send(Sms(one.way.address, self.sender, one.text.words, row.reference))
        return self.email.send(Email(one.way.address, one.text.subject, one.text.words, row.reference))

    def _not_accepted(self, row: Row, refusal: NotAccepted, policy: Policy, now: datetime) -> Left:
        if refusal.halts:
            self.runs.change(row.run, {RunStatus.APPROVED}, f"provider: {refusal.code}", status=RunStatus.HALTED)
        if row.attempts >= policy.sending.attempts:
            self.ledger.move(row, Status.EXHAUSTED, now, BY, refusal.code)
            return Left.EXHAUSTED
        self.ledger.move(row, Status.PLANNED, now, BY, refusal.code, owner=None)
        return Left.KEY_REFUSED if refusal.halts else Left.AGAIN

    def _tally(self, row: Row, policy: Policy, *, unknown: int = 0, rejected: int = 0, failing: bool) -> None:
        run = self.runs.tally(row.run, unknown=unknown, rejected=rejected, failing=failing)
        if tripped := breaker(Tally(run.claimed, run.unknown, run.rejected, run.failing), policy):
            self.runs.change(row.run, {RunStatus.APPROVED}, tripped, status=RunStatus.HALTED)


UNCLAIMED = {
    Claim.TAKEN: Left.ALREADY,
    Claim.RUN_STOPPED: Left.WAITS,
    Claim.CAP_REACHED: Left.WAITS,
    Claim.DAY_FULL: Left.WAITS,
    Claim.BUSY: Left.AGAIN,
}


def seconds_for(calls: int) -> float:
    """How long one sending may take when that many providers are asked, one after the other."""
    return calls * SECONDS_FOR_ONE_CALL + SECONDS_TO_WRITE_DOWN


def ways(row: Row, tenant: Tenant, policy: Policy) -> list[Way]:
    """How the recipient can be reached, in the policy's order."""
    channels = policy.court.notice_channels if row.key.step is Step.COURT_NOTICE else ("sms",)
    addresses = {"sms": e164(tenant.phone), "email": tenant.email}
    return [Way(channel, address) for channel in channels if (address := addresses.get(channel))]


def _is_on(run: Run | None) -> bool:
    return run is not None and run.status is RunStatus.APPROVED


def _code(error: Exception) -> str:
    return getattr(error, "code", type(error).__name__)
