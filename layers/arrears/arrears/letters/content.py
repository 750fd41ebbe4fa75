"""A letter's content as data: whom it is for, what it asks, how and by when. No words, no layout."""

from datetime import date, timedelta

from arrears.creditor import Creditor
from arrears.letters.claim import Claim, Incomplete, claim
from arrears.letters.fees import fee_may_follow, outstanding
from arrears.model import LETTERS, Address, Agreement, Case, Day, Facts, HoldKind, Money, OpenItem, Snapshot, Step
from arrears.payment import barcode, reference
from arrears.policy import Policy
from arrears.rules.letters import court_is_near
from arrears.rules.situations import situation


class Recipient(Facts):
    """Who the letter is for, and where."""

    tenant_id: str
    name: str
    address: Address


class Payment(Facts):
    """How to pay the whole claim: one sum, one reference, one day."""

    amount: Money
    reference: str
    barcode: str
    pay_by: Day


class Letter(Facts):
    """One letter, complete. `object_by` is the last day to say that the debt is wrong. `court_is_near`: the debt has
    grown to where court begins; a smaller one is never threatened with the loss of the home (AHVL s. 61.3)."""

    step: Step
    on: Day
    policy: str
    tenancy_id: str
    recipient: Recipient
    creditor: Creditor
    claim: Claim
    payment: Payment
    object_by: Day
    agreement: Agreement | None
    court_is_near: bool
    halt_requested: bool
    fee_may_follow: bool


def compose(case: Case, step: Step, on: date, policy: Policy, creditor: Creditor, *, waived: bool = False) -> Letter:
    """The letter of that kind and day. `waived`: rent control decided that this case or person pays no fees.

    Raises Incomplete when it cannot lawfully be written, naming the one field that stands in the way.
    """
    if step not in LETTERS:
        raise Incomplete("step", f"expected one of {', '.join(sorted(LETTERS))}")
    snapshot = case.snapshot
    asked = claim(case, on, policy, waived=waived)
    payment = _payment(asked, outstanding(snapshot, policy, on), on, policy, creditor)
    return Letter(
        step=step,
        on=on,
        policy=policy.name,
        tenancy_id=snapshot.tenancy_id,
        recipient=_recipient(snapshot),
        creditor=creditor,
        claim=asked,
        payment=payment,
        object_by=payment.pay_by,
        agreement=_agreement(snapshot, step),
        court_is_near=court_is_near(situation(case, policy, on)),
        halt_requested=any(hold.kind is HoldKind.HALT_REQUEST for hold in snapshot.holds),
        fee_may_follow=fee_may_follow(case, on, policy, waived=waived),
    )


def _recipient(snapshot: Snapshot) -> Recipient:
    """The first main tenant in lease order whom a machine may write to (661/2009 s. 36-37)."""
    tenant = next((tenant for tenant in snapshot.main_tenants if not tenant.contact_forbidden), None)
    if tenant is None:
        raise Incomplete("tenants", "expected a main tenant who may be contacted by machine")
    if not tenant.name.strip():
        raise Incomplete("tenants.name", "expected the name of the tenant who is written to")
    for field, line in snapshot.address:
        if not line.strip():
            raise Incomplete(f"address.{field}", "expected an address that the post can find")
    return Recipient(tenant_id=tenant.tenant_id, name=tenant.name.strip(), address=snapshot.address)


def _payment(asked: Claim, owed: tuple[OpenItem, ...], on: date, policy: Policy, creditor: Creditor) -> Payment:
    """Time to pay runs from the receipt of the letter; the policy's days have room for the post."""
    pay_by = on + timedelta(days=policy.letter.days_to_pay)
    paid_with = _reference(owed)
    try:
        digits = barcode(creditor.iban, asked.total, paid_with, pay_by)
    except ValueError as error:
        raise Incomplete("total", str(error)) from None
    return Payment(amount=asked.total, reference=paid_with, barcode=digits, pay_by=pay_by)


def _reference(owed: tuple[OpenItem, ...]) -> str:
    """One payment has one reference: that of the oldest charge which has one; the ledger takes the oldest first."""
    given = next((item.reference for item in owed if item.reference), "")
    try:
        return reference(given)
    except ValueError as error:
        raise Incomplete("open_items.reference", str(error)) from None


def _agreement(snapshot: Snapshot, step: Step) -> Agreement | None:
    """The payment agreement that was broken; only the letter about it says so."""
    if step is not Step.AGREEMENT_BROKEN_LETTER:
        return None
    if snapshot.agreement is None:
        raise Incomplete("agreement", "expected the payment agreement that was broken")
    return snapshot.agreement
