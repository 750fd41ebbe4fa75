"""What can be due, what was done, and the decision with its reasons (CONTRACT section 2)."""

from enum import StrEnum

from arrears.model.facts import Day, Facts, Identifier, Money
from arrears.model.snapshot import Snapshot


class Step(StrEnum):
    """What can be due to a tenancy, the most serious first."""

    COURT_NOTICE = "court_notice"
    COURT_WARNING_LETTER = "court_warning_letter"
    AGREEMENT_BROKEN_LETTER = "agreement_broken_letter"
    COLLECTION_LETTER = "collection_letter"
    SMS_REMINDER = "sms_reminder"
    HAND_TO_PERSON = "hand_to_person"
    NONE = "none"


LETTERS = frozenset({Step.COLLECTION_LETTER, Step.AGREEMENT_BROKEN_LETTER, Step.COURT_WARNING_LETTER})
MESSAGES = frozenset({Step.SMS_REMINDER, Step.COURT_NOTICE})


class Outcome(StrEnum):
    """What became of a step, as history tells it."""

    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    IMPOSSIBLE = "impossible"


class Past(Facts):
    """A step already taken for a tenancy. `fee` is the letter's fee where it is known."""

    step: Step
    on: Day
    outcome: Outcome
    fee: Money | None = None


class Case(Facts):
    """Everything a decision may look at: the snapshot and what was already done, in any order."""

    snapshot: Snapshot
    history: tuple[Past, ...] = ()


class Reason(StrEnum):
    """Why something is or is not due (CONTRACT section 2), in the order in which reasons are told."""

    NO_DEBT = "no_debt"
    DISPUTED = "disputed"
    COLLECTION_HALTED = "collection_halted"
    DEBT_ADJUSTMENT = "debt_adjustment"
    DECEASED = "deceased"
    ON_HOLD = "on_hold"
    PAYMENT_AGREEMENT = "payment_agreement"
    LEASE_ENDED = "lease_ended"
    PAYMENT_IN_TRANSIT = "payment_in_transit"
    COURT_PENDING = "court_pending"
    AREA_IN_ROLLOUT = "area_in_rollout"
    SMALL_DEBT = "small_debt"
    RENT_MULTIPLE = "rent_multiple"
    DEDUCTIBLE_MULTIPLE = "deductible_multiple"
    NO_CRITERION = "no_criterion"
    REMINDED_THIS_MONTH = "reminded_this_month"
    NO_MOBILE = "no_mobile"
    CONTACT_FORBIDDEN = "contact_forbidden"
    GUARDIAN = "guardian"
    NOT_REMINDED = "not_reminded"
    TIME_TO_ANSWER = "time_to_answer"
    FEE_TOO_EARLY = "fee_too_early"
    CONTACTED = "contacted"
    REMINDER_UNANSWERED = "reminder_unanswered"
    AGREEMENT_BROKEN = "agreement_broken"
    LETTER_UNANSWERED = "letter_unanswered"
    WARNING_UNANSWERED = "warning_unanswered"
    COURT_OPENED = "court_opened"
    AGE_OUTSIDE = "age_outside"


class Decision(Facts):
    """What is due to one tenancy on one day, and why; for `none`, everything that stands in the way."""

    tenancy_id: Identifier
    on: Day
    step: Step
    reasons: tuple[Reason, ...]
    recipient: str | None = None
    policy: str
