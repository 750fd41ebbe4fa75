"""The bars: while one of them holds, nothing is due. The court notice alone passes `court_pending`."""

from datetime import date

from arrears.calendar import banking_day_after
from arrears.model import AgreementStatus, CourtStatus, HoldKind, Reason
from arrears.rules.situations import Rule, Situation


def no_debt(at: Situation) -> Reason | None:
    """Nobody who owes nothing is written to."""
    return Reason.NO_DEBT if at.debt == 0 else None


def disputed(at: Situation) -> Reason | None:
    """A contested debt is not collected until a person has looked (513/1999 s. 4 b)."""
    return Reason.DISPUTED if HoldKind.DISPUTE in at.holds else None


def collection_halted(at: Situation) -> Reason | None:
    """The tenant asked for a halt (513/1999 s. 4 c)."""
    return Reason.COLLECTION_HALTED if HoldKind.HALT_REQUEST in at.holds else None


def debt_adjustment(at: Situation) -> Reason | None:
    """Under debt adjustment (velkajärjestely) the court decides who is paid what."""
    return Reason.DEBT_ADJUSTMENT if HoldKind.DEBT_ADJUSTMENT in at.holds else None


def deceased(at: Situation) -> Reason | None:
    """The estate is met by a person."""
    return Reason.DECEASED if HoldKind.DECEASED in at.holds else None


def on_hold(at: Situation) -> Reason | None:
    """Rent control said to wait."""
    return Reason.ON_HOLD if HoldKind.MANUAL in at.holds else None


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
    arrived = arrived_from(at)
    return Reason.PAYMENT_IN_TRANSIT if arrived and at.today < arrived else None


def arrived_from(at: Situation) -> date | None:
    """The day by which a payment of the oldest charge has arrived; None when nothing is due."""
    return at.oldest_due and banking_day_after(at.oldest_due, at.policy.debt.transit_banking_days)


def court_pending(at: Situation) -> Reason | None:
    """While the court has the case, only the notice that it has begun may be sent."""
    return Reason.COURT_PENDING if in_court(at) else None


def in_court(at: Situation) -> bool:
    """Whether the district court has the case now."""
    court = at.snapshot.court
    return court is not None and court.status is CourtStatus.PENDING


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
