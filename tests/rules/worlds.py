"""Tenancies of every kind, for tests that must hold in all of them. The days lie close around every threshold."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from arrears.model import (
    LETTERS,
    Agreement,
    AgreementStatus,
    Case,
    Court,
    CourtStatus,
    Hold,
    HoldKind,
    OpenItem,
    Outcome,
    Past,
    Role,
    Step,
)
from arrears.policy import Policy
from tests.makers import LANDLINE, MOBILE, TODAY, a_case, a_letter, a_policy, a_reminder, a_tenant


def ago(days: int) -> date:
    """So many days before TODAY."""
    return TODAY - timedelta(days=days)


NEAR = (19, 15, 3, 30, 0, 1, 2, 5, 14, 16, 18, 20, 29, 31, 49, 80)
days = st.sampled_from(NEAR).map(ago)
due_days = st.sampled_from([80, 61, 31, 19, *NEAR, 1095, 1096, 1097, 2100, -1]).map(ago)
amounts = st.sampled_from(["1600.00", "750.00", "3200.00", "0.01", "19.99", "20.00", "0.00"]).map(Decimal)

items = st.builds(OpenItem, due_date=due_days, charged=amounts, unpaid=amounts)
holds = st.builds(Hold, kind=st.sampled_from([HoldKind.GUARDIAN, *HoldKind]), until=st.none() | days)
agreements = st.builds(
    Agreement,
    agreed_on=days,
    status=st.sampled_from([AgreementStatus.BROKEN, *AgreementStatus]),
    broken_on=st.none() | days,
)
courts = st.builds(Court, opened_on=days, status=st.sampled_from([CourtStatus.PENDING, *CourtStatus]))
pasts = st.builds(
    Past,
    step=st.sampled_from([Step.SMS_REMINDER, *sorted(LETTERS), *Step]),
    on=days,
    outcome=st.sampled_from(Outcome),
    fee=st.sampled_from([None, Decimal("0.00"), Decimal("5.00")]),
)
beginnings = st.sampled_from(
    [
        (),
        (a_reminder(ago(16)),),
        (a_reminder(ago(49)), a_letter(ago(20))),
        (a_letter(ago(60)), a_letter(ago(20), Step.COURT_WARNING_LETTER)),
    ]
)
tenants = st.sampled_from(
    [
        (a_tenant(birth_date="2001-03-04"),),
        (a_tenant(),),
        (a_tenant("P-1", phone=LANDLINE, email=None), a_tenant("P-2", birth_date="1999-12-31")),
        (a_tenant("P-1", contact_forbidden=True), a_tenant("P-2", phone=MOBILE)),
        (a_tenant("P-1", role=Role.CO), a_tenant("P-2", birth_date="2003-03-04", phone=None)),
        (a_tenant(phone=None, email=None, birth_date="2001-03-04"),),
        (a_tenant(contact_forbidden=True, birth_date="2001-03-04"),),
    ]
)


@st.composite
def _cases(draw: st.DrawFn) -> Case:
    changes: dict[str, Any] = {
        "area": draw(st.sampled_from(["north", "east"])),
        "housing_allowance": draw(st.sampled_from(["0.00", "300.00", "600.00", "800.00", "900.00"])),
        "open_items": tuple(draw(st.lists(items, min_size=1, max_size=3))),
        "tenants": draw(tenants),
    }
    changes |= {field: draw(UNUSUAL[field]) for field in draw(st.sets(st.sampled_from(sorted(UNUSUAL)), max_size=2))}
    return a_case(*draw(beginnings), *draw(st.lists(pasts, max_size=2)), **changes)


UNUSUAL: dict[str, st.SearchStrategy[Any]] = {
    "unallocated_credit": st.sampled_from(["0.01", "800.00", "9999.00"]),
    "agreement": agreements,
    "court": courts,
    "holds": st.lists(holds, min_size=1, max_size=3).map(tuple),
    "lease_ended_on": days,
    "contacted_on": days,
}
cases: st.SearchStrategy[Case] = _cases()
policies: st.SearchStrategy[Policy] = st.sampled_from(
    [
        a_policy(),
        a_policy({"letter.contact_stops_letters": True, "debt.transit_banking_days": 0}),
        a_policy({"scope.steps": ["sms_reminder"], "court.notice_channels": ["email"]}),
        a_policy({"scope.steps": ["court_notice", "hand_to_person"], "court.notice_channels": ["sms"]}),
        a_policy({"scope.steps": []}),
    ]
)
