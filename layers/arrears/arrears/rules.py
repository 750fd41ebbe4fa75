"""The judgement: what is due to a tenancy on a day, and why. Bars first, then the ladder from the top.

Every rule is a guard clause that answers a Reason or None. Pure and total: the same facts, policy and day always
give the same decision. Source: CONTRACT section 2.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from arrears.calendar import age, banking_days_since, clear_days, due_day, month_of, years_after
from arrears.model import (
    LETTERS,
    ZERO,
    AgreementStatus,
    Case,
    CourtStatus,
    Decision,
    HoldKind,
    OpenItem,
    Outcome,
    Past,
    Reason,
    Snapshot,
    Step,
    Tenant,
)
from arrears.phones import e164
from arrears.policy import Policy

# What has reached the tenant, or surely cannot: only these start a clock. An unknown text never does.
STARTS_THE_CLOCK = frozenset({Outcome.SENT, Outcome.DELIVERED, Outcome.FAILED, Outcome.IMPOSSIBLE})
ARRIVED = frozenset({Outcome.SENT, Outcome.DELIVERED})
_TOLD_IN_ORDER = {reason: place for place, reason in enumerate(Reason)}


@dataclass(frozen=True, slots=True)
class Situation:
    """A case on a day, with what every rule asks again and again worked out once."""

    case: Case
    policy: Policy
    today: date
    debt: Decimal
    items: tuple[OpenItem, ...]
    reminder: Past | None
    letter: Past | None
    warning: Past | None

    @property
    def snapshot(self) -> Snapshot:
        """The tenancy as the ledger knows it."""
        return self.case.snapshot

    def owed_since(self, day: date) -> bool:
        """Whether debt that was already due before that day is still unpaid today."""
        return _sum(self.items, self.snapshot, day) > 0


Rule = Callable[[Situation], Reason | None]


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder: due when one reason speaks for it, none against it, and somebody may be written to."""

    step: Step
    speaks_for: tuple[Rule, ...]
    against: tuple[Rule, ...]
    to: Callable[[Situation], tuple[Tenant, ...]]
    starts: Callable[[Situation], bool]


def decide(case: Case, policy: Policy, today: date) -> Decision:
    """What is due to one tenancy today: the most serious step, or `none` with everything that stands in the way."""
    at = situation(case, policy, today)
    bars = _holding(BARS, at)
    in_the_way = list(bars)
    for rung in LADDER:
        if not rung.starts(at):
            continue
        reasons = _holding(rung.speaks_for, at)
        against = _holding(rung.against, at)
        barred = bars if rung.step is not Step.COURT_NOTICE else [bar for bar in bars if bar != Reason.COURT_PENDING]
        if reasons and not against and not barred and rung.step in policy.scope.steps:
            return _due(rung, reasons, at)
        in_the_way += against
    return _decision(at, Step.NONE, in_the_way)


def situation(case: Case, policy: Policy, today: date) -> Situation:
    """The case as it stands on that day."""
    items = counted_items(case.snapshot, policy, today)
    return Situation(
        case=case,
        policy=policy,
        today=today,
        debt=_sum(items, case.snapshot, today),
        items=items,
        reminder=_last(case, {Step.SMS_REMINDER}, STARTS_THE_CLOCK),
        letter=_last(case, {Step.COLLECTION_LETTER}, frozenset(Outcome)),
        warning=_last(case, {Step.COURT_WARNING_LETTER}, frozenset(Outcome)),
    )


def counted_items(snapshot: Snapshot, policy: Policy, today: date) -> tuple[OpenItem, ...]:
    """The unpaid charges that are due before today and have not expired."""
    return tuple(
        item
        for item in snapshot.open_items
        if item.due_date < today
        and item.unpaid > 0
        and due_day(item.due_date) < today
        and not expired(item, snapshot, policy, today)
    )


def debt(snapshot: Snapshot, policy: Policy, today: date) -> Decimal:
    """What is owed today: unpaid charges due before today less payments not yet matched; never below zero."""
    return _sum(counted_items(snapshot, policy, today), snapshot, today)


def expired(item: OpenItem, snapshot: Snapshot, policy: Policy, today: date) -> bool:
    """Whether the claim is too old to collect: three years from the due date, five from a judgment (728/2003)."""
    lapses = years_after(item.due_date, policy.debt.limitation_years)
    court = snapshot.court
    if court is None or court.status is CourtStatus.WITHDRAWN or not item.due_date < court.opened_on <= lapses:
        return today > lapses
    # A case opened in time keeps the claim alive; the day of the judgment is not in the ledger, the opening is.
    after_judgment = years_after(court.opened_on, policy.debt.limitation_years_after_judgment)
    return court.status is CourtStatus.DECIDED and today > after_judgment


# --- bars: nothing is due while one of them holds -----------------------------------------------------------------


def no_debt(at: Situation) -> Reason | None:
    """Nobody who owes nothing is written to."""
    return Reason.NO_DEBT if at.debt == 0 else None


def disputed(at: Situation) -> Reason | None:
    """A contested debt is not collected until a person has looked (513/1999 s. 4 b)."""
    return Reason.DISPUTED if at.snapshot.held(HoldKind.DISPUTE, at.today) else None


def collection_halted(at: Situation) -> Reason | None:
    """The tenant asked for a halt (513/1999 s. 4 c)."""
    return Reason.COLLECTION_HALTED if at.snapshot.held(HoldKind.HALT_REQUEST, at.today) else None


def debt_adjustment(at: Situation) -> Reason | None:
    """Under debt adjustment (velkajärjestely) the court decides who is paid what."""
    return Reason.DEBT_ADJUSTMENT if at.snapshot.held(HoldKind.DEBT_ADJUSTMENT, at.today) else None


def deceased(at: Situation) -> Reason | None:
    """The estate is met by a person."""
    return Reason.DECEASED if at.snapshot.held(HoldKind.DECEASED, at.today) else None


def on_hold(at: Situation) -> Reason | None:
    """Rent control said to wait."""
    return Reason.ON_HOLD if at.snapshot.held(HoldKind.MANUAL, at.today) else None


def payment_agreement(at: Situation) -> Reason | None:
    """Who has agreed how to pay is left in peace while the agreement holds."""
    agreement = at.snapshot.agreement
    return Reason.PAYMENT_AGREEMENT if agreement and agreement.status is AgreementStatus.ACTIVE else None


def lease_ended(at: Situation) -> Reason | None:
    """Former tenants are another process."""
    ended = at.snapshot.lease_ended_on
    return Reason.LEASE_ENDED if ended and ended < at.today else None


def payment_in_transit(at: Situation) -> Reason | None:
    """A payment made on the due day may still be on its way (AHVL s. 35)."""
    if not at.items:
        return None
    oldest = min(due_day(item.due_date) for item in at.items)
    arrived = banking_days_since(oldest, at.today) >= at.policy.debt.transit_banking_days
    return None if arrived else Reason.PAYMENT_IN_TRANSIT


def court_pending(at: Situation) -> Reason | None:
    """While the court has the case, only the notice that it has begun may be sent."""
    return Reason.COURT_PENDING if _in_court(at) else None


BARS: tuple[Rule, ...] = (
    no_debt,
    disputed,
    collection_halted,
    debt_adjustment,
    deceased,
    on_hold,
    payment_agreement,
    lease_ended,
    payment_in_transit,
    court_pending,
)


# --- the monthly text message --------------------------------------------------------------------------------------


def area_in_rollout(at: Situation) -> Reason | None:
    """Everyone who owes rent, where the text messages have been taken into use."""
    return Reason.AREA_IN_ROLLOUT if at.snapshot.area in at.policy.sms.areas else None


def small_debt(at: Situation) -> Reason | None:
    """A little is missing: easily forgotten, easily paid."""
    below = at.policy.sms.small_debt_below
    return Reason.SMALL_DEBT if below is not None and 0 < at.debt < below else None


def rent_multiple(at: Situation) -> Reason | None:
    """Two months' rent or more."""
    multiple = at.policy.sms.rent_multiple
    return Reason.RENT_MULTIPLE if multiple is not None and at.debt >= multiple * at.snapshot.monthly_rent else None


def deductible_multiple(at: Situation) -> Reason | None:
    """Four times what the tenant pays after the allowance, or more; without an allowance there is no such share."""
    multiple = at.policy.sms.deductible_multiple
    reached = multiple is not None and _deductibles_reached(at, multiple)
    return Reason.DEDUCTIBLE_MULTIPLE if reached else None


CRITERIA: tuple[Rule, ...] = (area_in_rollout, small_debt, rent_multiple, deductible_multiple)


def no_criterion(at: Situation) -> Reason | None:
    """None of the landlord's criteria for a text is met."""
    return None if any(rule(at) for rule in CRITERIA) else Reason.NO_CRITERION


def reminded_this_month(at: Situation) -> Reason | None:
    """One reminder a month, whatever became of it."""
    month = month_of(at.today)
    done = any(past.step is Step.SMS_REMINDER and month_of(past.on) == month for past in at.case.history)
    return Reason.REMINDED_THIS_MONTH if done else None


def no_mobile(at: Situation) -> Reason | None:
    """No main tenant has a number that a text can reach."""
    return None if by_mobile(at) else Reason.NO_MOBILE


# --- letters -------------------------------------------------------------------------------------------------------


def not_reminded(at: Situation) -> Reason | None:
    """A letter answers the silence after a reminder: one for this debt, that no letter has followed yet."""
    return None if _reminder_waits(at) else Reason.NOT_REMINDED


def time_to_answer(at: Situation) -> Reason | None:
    """The tenant still has time to act on the reminder."""
    waits = _reminder_waits(at) and clear_days(_on(at.reminder), at.today) < at.policy.letter.clear_days_to_answer
    return Reason.TIME_TO_ANSWER if waits else None


def time_to_pay(at: Situation) -> Reason | None:
    """The day to pay by, printed on the last letter, has not passed yet."""
    last = max(filter(None, (at.letter, at.warning)), key=_on, default=None)
    waits = last is not None and (at.today - last.on).days <= at.policy.letter.days_to_pay
    return Reason.TIME_TO_ANSWER if waits else None


def fee_too_early(at: Situation) -> Reason | None:
    """14 clear days after the due date, and again after the last letter with a fee (513/1999 s. 10 b)."""
    fees = [past.on for past in at.case.history if past.step in LETTERS and past.fee != ZERO]
    since = [max(fees)] if fees else []
    since += [min(due_day(item.due_date) for item in at.items)] if at.items else []
    early = any(clear_days(day, at.today) < at.policy.letter.clear_days_between_fees for day in since)
    return Reason.FEE_TOO_EARLY if early else None


def contacted(at: Situation) -> Reason | None:
    """Where the policy says so, contact after the reminder stops the letter."""
    contact = at.snapshot.contacted_on
    last = max(filter(None, (at.reminder, at.letter)), key=_on, default=None)
    answered = contact is not None and (last is None or contact >= last.on)
    return Reason.CONTACTED if at.policy.letter.contact_stops_letters and answered else None


def reminder_unanswered(at: Situation) -> Reason | None:
    """Reminded, the time is over, and the debt of that day is still unpaid."""
    return Reason.REMINDER_UNANSWERED if _reminder_waits(at) else None


def agreement_broken(at: Situation) -> Reason | None:
    """The payment agreement was broken and no letter has been sent since."""
    return Reason.AGREEMENT_BROKEN if _breach_waits(at) else None


def letter_unanswered(at: Situation) -> Reason | None:
    """The collection letter arrived, its debt is still unpaid, and the debt has grown to where court begins."""
    waits = _letter_waits(at) and (
        at.debt >= at.policy.court.rent_multiple * at.snapshot.monthly_rent
        or _deductibles_reached(at, at.policy.court.deductible_multiple)
    )
    return Reason.LETTER_UNANSWERED if waits else None


def warning_unanswered(at: Situation) -> Reason | None:
    """After the last warning the machine has said everything: a person goes on."""
    return Reason.WARNING_UNANSWERED if _warning_waits(at) else None


# --- the notice that court proceedings have begun ------------------------------------------------------------------


def court_opened(at: Situation) -> Reason | None:
    """A case is pending, it is still news, and nobody was told yet."""
    court = at.snapshot.court
    if not _in_court(at) or court is None:
        return None
    age_of_case = (at.today - court.opened_on).days
    told = any(_told_of_court(past, court.opened_on) for past in at.case.history)
    news = 0 <= age_of_case <= at.policy.court.notice_within_days
    return Reason.COURT_OPENED if news and not told else None


def age_outside(at: Situation) -> Reason | None:
    """No main tenant is of the age that the notice is for."""
    return None if _of_age(at) else Reason.AGE_OUTSIDE


def no_channel(at: Situation) -> Reason | None:
    """Nobody of that age has a number or address that the notice can reach."""
    return Reason.NO_MOBILE if _of_age(at) and not reachable_of_age(at) else None


# --- who -----------------------------------------------------------------------------------------------------------


def by_mobile(at: Situation) -> tuple[Tenant, ...]:
    """Main tenants that a text can reach, in lease order."""
    return tuple(tenant for tenant in at.snapshot.main_tenants if e164(tenant.phone))


def by_post(at: Situation) -> tuple[Tenant, ...]:
    """Main tenants that a letter can reach, in lease order: everyone."""
    return at.snapshot.main_tenants


def reachable_of_age(at: Situation) -> tuple[Tenant, ...]:
    """Main tenants of the notice's age that one of the policy's channels can reach, in lease order."""
    channels = at.policy.court.notice_channels
    return tuple(
        tenant
        for tenant in _of_age(at)
        if ("sms" in channels and e164(tenant.phone)) or ("email" in channels and tenant.email)
    )


def _always(_: Situation) -> bool:
    return True


def _in_court(at: Situation) -> bool:
    court = at.snapshot.court
    return court is not None and court.status is CourtStatus.PENDING


def _breach_waits(at: Situation) -> bool:
    agreement = at.snapshot.agreement
    if agreement is None or agreement.status is not AgreementStatus.BROKEN:
        return False
    since = agreement.broken_on or agreement.agreed_on
    return since <= at.today and not any(past.step in LETTERS and past.on >= since for past in at.case.history)


def _reminder_waits(at: Situation) -> bool:
    answered_by = max(filter(None, (at.letter, at.warning)), key=_on, default=None)
    if at.reminder is None or (answered_by is not None and answered_by.on >= at.reminder.on):
        return False
    return at.owed_since(at.reminder.on)


def _letter_waits(at: Situation) -> bool:
    if at.letter is None or at.letter.outcome not in ARRIVED or not at.owed_since(at.letter.on):
        return False
    return at.warning is None or at.warning.on < at.letter.on


def _warning_waits(at: Situation) -> bool:
    if at.warning is None or at.warning.outcome not in ARRIVED:
        return False
    return at.owed_since(at.warning.on)


# The order of CONTRACT section 2, but for one thing: a case whose last warning was not answered belongs to a person,
# so no reminder or letter of the machine comes before that.
LADDER: tuple[Rung, ...] = (
    Rung(Step.COURT_NOTICE, (court_opened,), (age_outside, no_channel), reachable_of_age, _in_court),
    Rung(
        Step.COURT_WARNING_LETTER,
        (letter_unanswered,),
        (time_to_pay, fee_too_early, contacted),
        by_post,
        lambda at: letter_unanswered(at) is not None,
    ),
    Rung(Step.AGREEMENT_BROKEN_LETTER, (agreement_broken,), (fee_too_early, contacted), by_post, _breach_waits),
    Rung(Step.HAND_TO_PERSON, (warning_unanswered,), (time_to_pay,), by_post, _warning_waits),
    Rung(
        Step.COLLECTION_LETTER,
        (reminder_unanswered,),
        (not_reminded, time_to_answer, fee_too_early, contacted),
        by_post,
        lambda at: at.debt > 0,
    ),
    Rung(
        Step.SMS_REMINDER,
        CRITERIA,
        (no_criterion, reminded_this_month, no_mobile),
        by_mobile,
        lambda at: at.debt > 0,
    ),
)


def _due(rung: Rung, reasons: list[Reason], at: Situation) -> Decision:
    if rung.step is Step.HAND_TO_PERSON:
        return _decision(at, Step.HAND_TO_PERSON, reasons)
    recipient = next((tenant for tenant in rung.to(at) if not tenant.contact_forbidden), None)
    by_hand = [Reason.CONTACT_FORBIDDEN] if recipient is None else []
    by_hand += [Reason.GUARDIAN] if at.snapshot.held(HoldKind.GUARDIAN, at.today) else []
    if by_hand or recipient is None:
        return _decision(at, Step.HAND_TO_PERSON, by_hand)
    return _decision(at, rung.step, reasons, recipient.tenant_id)


def _decision(at: Situation, step: Step, reasons: Iterable[Reason], recipient: str | None = None) -> Decision:
    return Decision(
        tenancy_id=at.snapshot.tenancy_id,
        on=at.today,
        step=step,
        reasons=tuple(sorted(set(reasons), key=_TOLD_IN_ORDER.__getitem__)),
        recipient=recipient,
        policy=at.policy.name,
    )


def _holding(rules: tuple[Rule, ...], at: Situation) -> list[Reason]:
    return [reason for rule in rules if (reason := rule(at))]


def _sum(items: Iterable[OpenItem], snapshot: Snapshot, day: date) -> Decimal:
    due = sum((item.unpaid for item in items if due_day(item.due_date) < day), ZERO)
    return max(due - snapshot.unallocated_credit, ZERO)


def _deductibles_reached(at: Situation, multiple: Decimal) -> bool:
    deductible = at.snapshot.deductible
    return at.snapshot.housing_allowance > 0 and deductible > 0 and at.debt >= multiple * deductible


def _of_age(at: Situation) -> tuple[Tenant, ...]:
    court = at.snapshot.court
    if court is None:
        return ()
    low, high = at.policy.court.notice_min_age, at.policy.court.notice_max_age
    return tuple(t for t in at.snapshot.main_tenants if low <= age(t.birth_date, court.opened_on) <= high)


def _told_of_court(past: Past, opened_on: date) -> bool:
    return past.step is Step.COURT_NOTICE and past.on >= opened_on and past.outcome is not Outcome.IMPOSSIBLE


def _last(case: Case, steps: set[Step], outcomes: frozenset[Outcome]) -> Past | None:
    return max((past for past in case.history if past.step in steps and past.outcome in outcomes), key=_on, default=None)


def _on(past: Past | None) -> date:
    return past.on if past else date.min
