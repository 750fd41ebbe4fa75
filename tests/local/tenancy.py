"""A made-up tenancy: who lives where, how they are with money, what befalls them, and the row the ledger exports."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from arrears.model import AgreementStatus, CourtStatus, HoldKind
from tests.local.account import Account, Charge
from tests.local.homes import Home
from tests.local.people import Person

Row = dict[str, Any]
RECENT = timedelta(days=60)
FORMER = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Agreement:
    """A payment agreement."""

    agreed_on: date
    status: AgreementStatus = AgreementStatus.ACTIVE
    broken_on: date | None = None


@dataclass(frozen=True, slots=True)
class Court:
    """A case in the district court."""

    opened_on: date
    status: CourtStatus = CourtStatus.PENDING


@dataclass(frozen=True, slots=True)
class Hold:
    """A reason to leave the tenancy alone."""

    kind: HoldKind
    until: date | None = None


@dataclass(slots=True)
class Tenancy:
    """A lease. `habit` is how its people pay, `broke` that nothing comes in for now, `risk` how easily that begins.

    What befalls a tenancy takes the day first, so that all of it can stand in a diary.
    """

    tenancy_id: str
    home: Home
    people: tuple[Person, ...]
    allowance: int
    habit: str
    risk: float
    account: Account
    broke: bool = False
    agreement: Agreement | None = None
    court: Court | None = None
    holds: tuple[Hold, ...] = ()
    ended_on: date | None = None
    contacted_on: date | None = None

    @property
    def share(self) -> int:
        """What the tenants pay themselves a month, in cents."""
        return max(self.home.rent - self.allowance, 0)

    @property
    def agreed(self) -> bool:
        """Whether a payment agreement holds."""
        return self.agreement is not None and self.agreement.status is AgreementStatus.ACTIVE

    @property
    def in_court(self) -> bool:
        """Whether a court case is pending."""
        return self.court is not None and self.court.status is CourtStatus.PENDING

    @property
    def estate(self) -> bool:
        """Whether the tenant has died."""
        return any(hold.kind is HoldKind.DECEASED for hold in self.holds)

    def young(self, day: date) -> bool:
        """Whether a main tenant is under 30."""
        return any(person.role == "main" and (day - person.birth).days < 30 * 365.25 for person in self.people)

    def ended(self, day: date) -> bool:
        """Whether the lease ended before that day."""
        return self.ended_on is not None and self.ended_on < day

    def contact(self, day: date) -> None:
        """The tenant makes contact about the debt."""
        self.contacted_on = day

    def agree(self, day: date) -> None:
        """A payment agreement is made, and rent comes in again."""
        if not self.agreed and self.account.debt(day):
            self.contact(day)
            self.agreement = Agreement(day)
            self.broke = False

    def pay_instalment(self, day: date, agreed_on: date, left: int) -> None:
        """An instalment comes in, one of so many that are left; the last one completes the agreement."""
        if self._stands(agreed_on):
            self.account.receive_for_debt(day, left)
            if left == 1:
                self._agreement_becomes(AgreementStatus.COMPLETED)

    def break_agreement(self, day: date, agreed_on: date) -> None:
        """An instalment does not come."""
        if self._stands(agreed_on):
            self._agreement_becomes(AgreementStatus.BROKEN, day)

    def cancel_agreement(self, _: date, agreed_on: date) -> None:
        """The agreement is taken back by both."""
        if self._stands(agreed_on):
            self._agreement_becomes(AgreementStatus.CANCELLED)

    def hold(self, _: date, kind: HoldKind, until: date | None = None) -> None:
        """From now on the tenancy is left alone."""
        self.holds = (*(hold for hold in self.holds if hold.kind is not kind), Hold(kind, until))

    def release(self, day: date, kind: HoldKind) -> None:
        """Somebody has looked: a hold without an end ends today."""
        self.holds = tuple(Hold(kind, day) if hold == Hold(kind) else hold for hold in self.holds)

    def open_court(self, day: date) -> None:
        """The landlord takes the debt to the district court, unless it is settled by now."""
        if self.account.debt(day) and not self.agreed and not self.in_court:
            self.court = Court(day)

    def close_court(self, day: date) -> None:
        """The court decides; a case whose debt is paid or agreed about is withdrawn."""
        if self.court and self.in_court:
            settled = self.agreed or not self.account.debt(day)
            self.court = replace(self.court, status=CourtStatus.WITHDRAWN if settled else CourtStatus.DECIDED)

    def evict(self, _: date, last_day: date) -> None:
        """After a judgment the lease ends, unless the debt was settled."""
        if self.court and self.court.status is CourtStatus.DECIDED and not self.agreed:
            self.ended_on = last_day

    def end_lease(self, _: date, last_day: date) -> None:
        """Notice is given: the lease ends on that day."""
        self.ended_on = last_day

    def change_phone(self, _: date, phone: str | None) -> None:
        """The first person on the lease has a new number."""
        self.people = (replace(self.people[0], phone=phone), *self.people[1:])

    def change_allowance(self, _: date, cents: int) -> None:
        """Kela pays another sum from now on."""
        self.allowance = cents

    def needs_a_row(self, day: date) -> bool:
        """In debt, in court, or in contact or agreement within 60 days."""
        recent = day - RECENT
        return self.on_the_books(day) and (
            self.account.overdue(day) > self.account.credit
            or self.in_court
            or (self.contacted_on is not None and self.contacted_on >= recent)
            or (self.agreement is not None and (self.agreement.broken_on or self.agreement.agreed_on) >= recent)
        )

    def on_the_books(self, day: date) -> bool:
        """The lease runs or ended a year or so ago: what former tenants owe after that is collected elsewhere."""
        return self.ended_on is None or self.ended_on >= day - FORMER

    def row(self, day: date) -> Row:
        """The tenancy as the ledger knows it that day (CONTRACT section 1)."""
        return {
            "tenancy_id": self.tenancy_id,
            "as_of": day.isoformat(),
            "area": self.home.area,
            "monthly_rent": euros(self.home.rent),
            "housing_allowance": euros(self.allowance),
            "open_items": [_item(charge) for charge in self.account.charges],
            "unallocated_credit": euros(self.account.credit),
            "tenants": [person.row() for person in self.people],
            "address": self.home.address(),
            "agreement": self.agreement and _agreement(self.agreement),
            "court": self.court and {"opened_on": self.court.opened_on.isoformat(), "status": self.court.status.value},
            "holds": [{"kind": hold.kind.value, "until": _iso(hold.until)} for hold in self.holds],
            "lease_ended_on": _iso(self.ended_on),
            "contacted_on": _iso(self.contacted_on),
        }

    def facts(self) -> tuple[object, ...]:
        """What its row tells, but for the day: the same facts give the same row."""
        charges = [(charge.due, charge.charged, charge.unpaid, charge.reference) for charge in self.account.charges]
        money = self.home, self.allowance, self.account.credit, charges
        return *money, self.people, self.agreement, self.court, self.holds, self.ended_on, self.contacted_on

    def _stands(self, agreed_on: date) -> bool:
        return self.agreement == Agreement(agreed_on)

    def _agreement_becomes(self, status: AgreementStatus, broken_on: date | None = None) -> None:
        if self.agreement:
            self.agreement = replace(self.agreement, status=status, broken_on=broken_on)


def euros(cents: int) -> str:
    """Cents as euros with exactly two decimals."""
    return f"{cents // 100}.{cents % 100:02d}"


def _item(charge: Charge) -> Row:
    return {
        "due_date": charge.due.isoformat(),
        "charged": euros(charge.charged),
        "unpaid": euros(charge.unpaid),
        "reference": charge.reference,
    }


def _agreement(agreement: Agreement) -> Row:
    return {
        "agreed_on": agreement.agreed_on.isoformat(),
        "status": agreement.status.value,
        "broken_on": _iso(agreement.broken_on),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
