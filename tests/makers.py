"""One whole ordinary case, made so that each test changes one fact of it. The persons are plainly test persons.

On TODAY the ordinary tenancy owes November's rent in the north area, nothing was done about it yet, and so the
monthly text is due, for that reason alone.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any

from arrears.model import Case, Decision, Hold, HoldKind, OpenItem, Outcome, Past, Reason, Snapshot, Step, Tenant
from arrears.policy import Policy, policy_named

TODAY = date(2026, 11, 23)  # a Monday, 13 banking days after the rent fell due on Wednesday 4 November
POLICY = policy_named("2024-10-01")
MOBILE = "040 112 2334"  # usable: neither a run nor one digit repeated
LANDLINE = "09 310 1234"


def a_snapshot_row(**changes: Any) -> dict[str, Any]:
    """The ordinary tenancy as the ledger exports it: one JSON object of CONTRACT section 1."""
    return {
        "tenancy_id": "T-1",
        "as_of": "2026-11-23",
        "area": "north",
        "monthly_rent": "800.00",
        "housing_allowance": "0.00",
        "open_items": [an_item_row()],
        "unallocated_credit": "0.00",
        "tenants": [a_tenant_row()],
        "address": {"street": "Testikatu 1 A 2", "postal_code": "00999", "town": "Helsinki"},
        "agreement": None,
        "court": None,
        "holds": [],
        "lease_ended_on": None,
        "contacted_on": None,
    } | changes


def an_item_row(**changes: Any) -> dict[str, Any]:
    """November's rent, wholly unpaid."""
    return {"due_date": "2026-11-04", "charged": "800.00", "unpaid": "800.00", "reference": "11112"} | changes


def a_tenant_row(**changes: Any) -> dict[str, Any]:
    """A main tenant of forty who can be reached in every way."""
    return {
        "tenant_id": "P-1",
        "role": "main",
        "name": "Testi Testinen",
        "birth_date": "1986-05-17",
        "phone": MOBILE,
        "email": "testi.testinen@example.com",
        "contact_forbidden": False,
    } | changes


def a_snapshot(**changes: Any) -> Snapshot:
    """The ordinary tenancy; `changes` are fields of the snapshot, as models or as the export writes them."""
    return Snapshot.model_validate(a_snapshot_row(**changes))


def a_case(*history: Past, **changes: Any) -> Case:
    """The ordinary case; `history` is what was already done, `changes` are fields of its snapshot."""
    return Case(snapshot=a_snapshot(**changes), history=history)


def an_item(unpaid: str = "800.00", due_date: str = "2026-11-04", **changes: Any) -> OpenItem:
    """A charge of November's, of which so much is unpaid."""
    charged = max(unpaid, "800.00", key=Decimal)
    return OpenItem.model_validate(
        an_item_row(**{"unpaid": unpaid, "due_date": due_date, "charged": charged} | changes)
    )


def owing(*unpaid: str) -> dict[str, Any]:
    """For a_case: November's charges of which so much is unpaid each."""
    return {"open_items": tuple(an_item(each) for each in unpaid)}


def a_tenant(tenant_id: str = "P-1", **changes: Any) -> Tenant:
    """A main tenant of forty who can be reached in every way."""
    return Tenant.model_validate(a_tenant_row(tenant_id=tenant_id, **changes))


def a_hold(kind: HoldKind, until: date | None = None) -> Hold:
    """A reason to leave the tenancy alone, without an end."""
    return Hold(kind=kind, until=until)


def a_past(step: Step, on: date, outcome: Outcome = Outcome.DELIVERED, fee: str | None = None) -> Past:
    """A step already taken."""
    return Past(step=step, on=on, outcome=outcome, fee=None if fee is None else Decimal(fee))


def a_reminder(on: date, outcome: Outcome = Outcome.DELIVERED) -> Past:
    """A text that was sent that day."""
    return a_past(Step.SMS_REMINDER, on, outcome)


def a_letter(on: date, step: Step = Step.COLLECTION_LETTER, outcome: Outcome = Outcome.SENT) -> Past:
    """A letter with a fee that was posted that day."""
    return a_past(step, on, outcome, fee="5.00")


def a_policy(changes: Mapping[str, Any] | None = None, of: Policy = POLICY) -> Policy:
    """The policy of October 2024, or another; `changes` by dotted name, such as {"sms.areas": ("north", "east")}."""
    return reduce(_changed, (changes or {}).items(), of)


def a_decision(
    step: Step = Step.SMS_REMINDER, *reasons: Reason, recipient: str | None = "P-1", **changes: Any
) -> Decision:
    """A decision about the ordinary tenancy."""
    facts = {"tenancy_id": "T-1", "on": TODAY, "step": step, "recipient": recipient, "policy": POLICY.name}
    return Decision.model_validate(facts | {"reasons": reasons or (Reason.AREA_IN_ROLLOUT,)} | changes)


def _changed(policy: Policy, change: tuple[str, Any]) -> Policy:
    section, _, key = change[0].partition(".")
    terms = getattr(policy, section)
    if key not in type(terms).model_fields:
        raise KeyError(f"no number {change[0]!r} in the policy")
    return policy.model_copy(update={section: type(terms).model_validate(terms.model_dump() | {key: change[1]})})
