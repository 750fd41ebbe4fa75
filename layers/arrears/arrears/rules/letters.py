"""The letters: what each one answers, and the clocks that must run out before it may leave."""

from datetime import date

from arrears.calendar import DAY, after_clear_days
from arrears.model import LETTERS, ZERO, AgreementStatus, Past, Reason
from arrears.rules.reminders import deductibles_reached, rents_reached
from arrears.rules.situations import ARRIVED, Situation, later


def not_reminded(at: Situation) -> Reason | None:
    """A letter answers the silence after a reminder: one for this debt, that no letter has followed yet."""
    return None if waiting_reminder(at) else Reason.NOT_REMINDED


def time_to_answer(at: Situation) -> Reason | None:
    """The tenant still has time to act on the reminder."""
    over = answer_over(at)
    return Reason.TIME_TO_ANSWER if over and at.today < over else None


def time_to_pay(at: Situation) -> Reason | None:
    """The day to pay by, printed on the last letter, has not passed yet."""
    over = payment_over(at)
    return Reason.TIME_TO_ANSWER if over and at.today < over else None


def fee_too_early(at: Situation) -> Reason | None:
    """14 clear days after the due date, and again after the last letter with a fee (513/1999 s. 10 b)."""
    allowed = fee_allowed(at)
    return Reason.FEE_TOO_EARLY if allowed and at.today < allowed else None


def contacted(at: Situation) -> Reason | None:
    """Where the policy says so, contact since the last reminder or collection letter stops the next letter."""
    contact = at.snapshot.contacted_on
    if contact is None or not at.policy.letter.contact_stops_letters:
        return None
    last = later(at.reminder, at.letter)
    return Reason.CONTACTED if last is None or contact >= last.on else None


def reminder_unanswered(at: Situation) -> Reason | None:
    """Reminded, and the debt of that day is still unpaid; a failed or impossible reminder counts too."""
    return Reason.REMINDER_UNANSWERED if waiting_reminder(at) else None


def agreement_broken(at: Situation) -> Reason | None:
    """The payment agreement was broken, and no letter has been made since."""
    agreement = at.snapshot.agreement
    if agreement is None or agreement.status is not AgreementStatus.BROKEN:
        return None
    since = agreement.broken_on or agreement.agreed_on
    written = at.last_letter is not None and at.last_letter.on >= since
    return Reason.AGREEMENT_BROKEN if since <= at.today and not written else None


def letter_unanswered(at: Situation) -> Reason | None:
    """The collection letter arrived, its debt is still unpaid, and the debt has grown to where court begins."""
    waits = _unanswered(at, at.letter) and not _follows(at.warning, at.letter)
    return Reason.LETTER_UNANSWERED if waits and court_is_near(at) else None


def warning_unanswered(at: Situation) -> Reason | None:
    """After the last warning the machine has said everything: a person goes on."""
    return Reason.WARNING_UNANSWERED if _unanswered(at, at.warning) else None


def court_is_near(at: Situation) -> bool:
    """Whether the debt has grown to where the landlord goes to court."""
    terms = at.policy.court
    return rents_reached(at, terms.rent_multiple) or deductibles_reached(at, terms.deductible_multiple)


def waiting_reminder(at: Situation) -> Past | None:
    """The reminder that a collection letter would answer: its debt is unpaid, and no such letter was made since."""
    reminder = at.reminder
    if reminder is None or _follows(later(at.letter, at.warning), reminder):
        return None
    return reminder if _is_silence(at, reminder) else None


def answer_over(at: Situation) -> date | None:
    """The day from which the waiting reminder has had its time."""
    reminder = waiting_reminder(at)
    return after_clear_days(reminder.on, at.policy.letter.clear_days_to_answer) if reminder else None


def payment_over(at: Situation) -> date | None:
    """The day after the one to pay by on the last letter."""
    last = at.last_letter
    return last.on + (at.policy.letter.days_to_pay + 1) * DAY if last else None


def fee_allowed(at: Situation) -> date | None:
    """The day from which a letter may carry a fee. A letter whose fee is not known is taken to have had one."""
    fees = [past.on for past in at.history if past.step in LETTERS and past.fee != ZERO]
    since = max([*fees, at.oldest_due] if at.oldest_due else fees, default=None)
    return since and after_clear_days(since, at.policy.letter.clear_days_between_fees)


def _unanswered(at: Situation, letter: Past | None) -> bool:
    return letter is not None and letter.outcome in ARRIVED and _is_silence(at, letter)


def _is_silence(at: Situation, past: Past) -> bool:
    """Its debt is unpaid, and no agreement was made about it: a broken one is met by its own letter."""
    agreement = at.snapshot.agreement
    agreed = agreement is not None and past.on <= agreement.agreed_on <= at.today
    return not agreed and at.owed_since(past)


def _follows(answer: Past | None, past: Past | None) -> bool:
    return answer is not None and past is not None and answer.on >= past.on
