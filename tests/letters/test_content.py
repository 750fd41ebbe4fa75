"""A letter's content: whom it is for, what it asks for to the cent, by which day, and when it may not leave."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from arrears.creditor import Creditor, example
from arrears.letters import Incomplete, Letter, claim, compose
from arrears.letters import content as letters
from arrears.letters.interest import late_interest
from arrears.model import LETTERS, HoldKind, OpenItem, Past, Step
from arrears.payment import barcode
from arrears.policy import Policy
from arrears.rules import debt
from tests.makers import POLICY, TODAY, a_case, a_hold, a_letter, a_policy, a_tenant, an_item

SUMMER = date(2026, 6, 23)  # a day of a half-year whose interest rate is known
SPRING: dict[str, Any] = {"open_items": (an_item("800.00", "2026-03-04"),)}
BROKEN: dict[str, Any] = {"agreement": {"agreed_on": "2026-09-01", "status": "broken", "broken_on": "2026-11-02"}}
DAY = timedelta(days=1)


def a_letter_of(*history: Past, step: Step = Step.COLLECTION_LETTER, on: date = TODAY, **facts: Any) -> Letter:
    """The ordinary letter; `facts` change the case, or are the policy, the creditor or `waived`."""
    policy: Policy = facts.pop("policy", POLICY)
    creditor: Creditor = facts.pop("creditor", example())
    waived: bool = facts.pop("waived", False)
    return compose(a_case(*history, **facts), step, on, policy, creditor, waived=waived)


def test_the_total_is_the_debt_with_interest_earlier_fees_and_the_fee() -> None:
    asked = a_letter_of(a_letter(date(2026, 5, 4)), on=SUMMER, **SPRING).claim
    assert asked.principal == Decimal("800.00")
    assert [line.amount for line in asked.interest] == [Decimal("23.11")]  # 111 days at 9.5 %
    assert (asked.earlier_fees, asked.fee) == (Decimal("5.00"), Decimal("5.00"))
    assert asked.total == Decimal("833.11")


def test_a_letter_costs_something_where_nobody_said_that_it_is_free() -> None:
    letter = compose(a_case(**SPRING), Step.COLLECTION_LETTER, SUMMER, POLICY, example())
    assert (letter.claim.fee, letter.fee_may_follow) == (Decimal("5.00"), True)
    assert claim.claim(a_case(**SPRING), SUMMER, POLICY).fee == Decimal("5.00")


def test_whoever_is_let_off_fees_is_not_asked_for_earlier_ones_either() -> None:
    asked = a_letter_of(a_letter(date(2026, 5, 4)), on=SUMMER, waived=True, **SPRING).claim
    assert (asked.earlier_fees, asked.fee) == (Decimal("0.00"), Decimal("0.00"))


def test_each_charge_says_what_was_charged_paid_and_left() -> None:
    charge = a_letter_of(open_items=(an_item("300.00"),)).claim.charges[0]
    assert (charge.charged, charge.paid, charge.unpaid) == (Decimal("800.00"), Decimal("500.00"), Decimal("300.00"))


def test_charges_are_told_from_the_oldest_on() -> None:
    out_of_order = tuple(an_item("10.00", day) for day in ("2026-11-04", "2026-09-04", "2026-10-05"))
    assert [charge.due_date.month for charge in a_letter_of(open_items=out_of_order).claim.charges] == [9, 10, 11]


def test_a_charge_that_is_not_due_yet_is_not_asked_for() -> None:
    items = (an_item("800.00"), an_item("800.00", f"{TODAY}"))
    assert a_letter_of(open_items=items).claim.principal == Decimal("800.00")


def test_an_expired_charge_is_not_asked_for() -> None:
    items = (an_item("800.00"), an_item("800.00", "2023-11-20"))
    assert len(a_letter_of(open_items=items).claim.charges) == 1


def test_interest_is_not_taken_on_money_that_the_landlord_already_holds() -> None:
    half = a_letter_of(on=SUMMER, unallocated_credit="400.00", **SPRING).claim
    assert half.principal == Decimal("400.00")
    assert half.interest == a_letter_of(on=SUMMER, open_items=(an_item("400.00", "2026-03-04"),)).claim.interest


def test_the_letter_says_up_to_which_day_interest_is_counted() -> None:
    assert a_letter_of(on=SUMMER, **SPRING).claim.interest_until == SUMMER
    assert a_letter_of(**SPRING).claim.interest_until == date(2026, 6, 30)
    assert a_letter_of().claim.interest_until is None


def test_the_fee_belongs_to_the_month_of_the_oldest_charge_still_owed() -> None:
    items = (an_item("800.00", "2026-09-04"), an_item("800.00", "2026-10-05"))
    assert a_letter_of(open_items=items).claim.fee_month == "2026-09"
    assert a_letter_of(open_items=items, unallocated_credit="800.00").claim.fee_month == "2026-10"


def test_the_tenant_has_ten_days_even_when_the_post_takes_a_week() -> None:
    letter = a_letter_of()
    assert letter.payment.pay_by == TODAY + 18 * DAY
    received = TODAY + 7 * DAY
    assert (letter.payment.pay_by - received).days >= 10
    assert (letter.object_by - received).days >= 10


def test_the_days_to_pay_are_the_policys() -> None:
    assert a_letter_of(policy=a_policy({"letter.days_to_pay": 21})).payment.pay_by == TODAY + 21 * DAY


# --- to whom --------------------------------------------------------------------------------------------------------


def test_the_letter_is_for_the_first_main_tenant_who_may_be_contacted() -> None:
    tenants = (
        a_tenant("P-1", role="co"),
        a_tenant("P-2", contact_forbidden=True),
        a_tenant("P-3"),
        a_tenant("P-4"),
    )
    assert a_letter_of(tenants=tenants).recipient.tenant_id == "P-3"


# --- how ------------------------------------------------------------------------------------------------------------


def test_the_reference_is_that_of_the_oldest_charge_which_has_one() -> None:
    items = (
        an_item("800.00", "2026-11-04", reference="RF9811112"),
        an_item("800.00", "2026-10-05", reference="868624"),
        an_item("800.00", "2026-09-04", reference=None),
    )
    assert a_letter_of(open_items=items).payment.reference == "868624"


def test_the_barcode_asks_for_the_total_by_the_day_to_pay() -> None:
    payment = a_letter_of().payment
    assert payment.barcode == "437159030000007760008050000000000000000000011112261211"


# --- what stands in the way -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("step", {"step": Step.SMS_REMINDER}),
        ("open_items", {"open_items": ()}),
        ("open_items", {"unallocated_credit": "800.00"}),
        ("open_items", {"open_items": (an_item("800.00", "2023-11-20"),)}),
        ("open_items.charged", {"open_items": (an_item("800.00").model_copy(update={"charged": Decimal("799.99")}),)}),
        ("open_items.reference", {"open_items": (an_item(reference=None),)}),
        ("open_items.reference", {"open_items": (an_item(reference="11113"),)}),
        ("total", {"open_items": (an_item("999999.99"),)}),
        ("tenants", {"tenants": (a_tenant(contact_forbidden=True),)}),
        ("tenants", {"tenants": (a_tenant(role="co"),)}),
        ("tenants.name", {"tenants": (a_tenant(name=" "),)}),
        ("address.street", {"address": {"street": " ", "postal_code": "00999", "town": "Helsinki"}}),
        ("address.postal_code", {"address": {"street": "Testikatu 1", "postal_code": " ", "town": "Helsinki"}}),
        ("address.town", {"address": {"street": "Testikatu 1", "postal_code": "00999", "town": " "}}),
        ("agreement", {"step": Step.AGREEMENT_BROKEN_LETTER}),
    ],
)
def test_a_letter_that_lacks_something_is_set_aside_by_the_name_of_the_field(field: str, facts: dict[str, Any]) -> None:
    with pytest.raises(Incomplete) as caught:
        a_letter_of(**facts)
    assert caught.value.field == field
    assert str(caught.value) == f"{field}: {caught.value.expected}"
    assert "Testi" not in str(caught.value)


# --- what the words are chosen by -----------------------------------------------------------------------------------


def test_only_the_letter_about_an_agreement_speaks_of_it() -> None:
    assert a_letter_of(**BROKEN).agreement is None
    agreement = a_letter_of(step=Step.AGREEMENT_BROKEN_LETTER, **BROKEN).agreement
    assert agreement is not None
    assert (agreement.agreed_on, agreement.broken_on) == (date(2026, 9, 1), date(2026, 11, 2))


@pytest.mark.parametrize(("owed", "near"), [("1599.99", False), ("1600.00", True)])
def test_the_home_is_in_danger_from_two_months_rent_on(owed: str, near: bool) -> None:
    assert a_letter_of(open_items=(an_item(owed),)).court_is_near is near


@pytest.mark.parametrize(
    ("facts", "go_on"),
    [
        ({}, True),
        ({"on": date(2026, 11, 18)}, True),  # too early for a fee today, not for ever
        ({"open_items": (an_item("19.99"),)}, False),
        ({"open_items": (an_item("20.00"),)}, True),
        ({"waived": True}, False),
        ({"policy": a_policy({"letter.waive_fees": True})}, False),
        ({"holds": (a_hold(HoldKind.DISPUTE, TODAY - DAY),)}, False),
        ({"holds": (a_hold(HoldKind.HALT_REQUEST, TODAY - DAY),)}, False),
    ],
)
def test_a_new_letter_is_said_to_cost_something_only_when_it_may(facts: dict[str, Any], go_on: bool) -> None:
    assert a_letter_of(**facts).fee_may_follow is go_on


def test_the_last_letter_below_the_cap_promises_no_further_cost() -> None:
    items: dict[str, Any] = {"open_items": (an_item("90.00", "2024-11-05"),)}
    fees = [a_letter(date(2024, 11, 21) + 15 * n * DAY) for n in range(11)]
    letter = a_letter_of(*fees, on=TODAY, **items)
    assert letter.claim.fee == Decimal("5.00")
    assert not letter.fee_may_follow
    assert a_letter_of(*fees[1:], on=TODAY, **items).fee_may_follow


def test_who_asked_for_a_halt_is_told_that_the_letter_costs_nothing_for_that_reason() -> None:
    assert a_letter_of(holds=(a_hold(HoldKind.HALT_REQUEST, TODAY - DAY),)).halt_requested
    assert not a_letter_of(holds=(a_hold(HoldKind.DISPUTE, TODAY - DAY),)).halt_requested


# --- whatever the case, the sums agree ------------------------------------------------------------------------------

DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))
EUROS = st.integers(1, 200000).map(lambda cents: f"{Decimal(cents) / 100:.2f}")
CHARGES = st.lists(st.builds(an_item, EUROS, DAYS.map(date.isoformat)), min_size=1, max_size=12)
PASTS = st.lists(st.builds(a_letter, DAYS, st.sampled_from(sorted(LETTERS))), max_size=10)


@settings(deadline=None)
@given(CHARGES, PASTS, EUROS | st.just("0.00"), DAYS)
def test_the_sum_of_the_lines_is_the_total_and_the_barcode(
    items: list[OpenItem], history: list[Past], credit: str, on: date
) -> None:
    case = a_case(*history, open_items=tuple(items), unallocated_credit=credit)
    owed = debt(case.snapshot, POLICY, on)
    assume(owed > 0)
    letter = compose(case, Step.COLLECTION_LETTER, on, POLICY, example())
    assert_sums_agree(letter)
    assert letter.claim.principal == owed
    assert (letter.payment.pay_by - on).days == POLICY.letter.days_to_pay


def assert_sums_agree(letter: Letter) -> None:
    """Charges less credit are the principal; with interest and fees the total; the total is the barcode's sum."""
    asked = letter.claim
    lines = [charge.unpaid for charge in asked.charges] + [-asked.credit, asked.earlier_fees, asked.fee]
    lines += [line.amount for line in asked.interest]
    assert sum(lines) == asked.total == letter.payment.amount
    assert Decimal(letter.payment.barcode[17:25]) / 100 == asked.total


# --- broken twins ---------------------------------------------------------------------------------------------------

TWINS: dict[str, tuple[Any, str, Any, Callable[[], None]]] = {
    "interest with a guessed rate": (
        claim,
        "late_interest",
        lambda owed, on, rates: late_interest(owed, on, {**rates, "2026H2": Decimal("9.5")}),
        test_the_letter_says_up_to_which_day_interest_is_counted,
    ),
    "ten days from the letter's date, the post forgotten": (
        letters,
        "timedelta",
        lambda days: timedelta(days=10),
        test_the_tenant_has_ten_days_even_when_the_post_takes_a_week,
    ),
    "a barcode without the fee": (
        letters,
        "barcode",
        lambda iban, amount, reference, due: barcode(iban, amount - 5, reference, due),
        test_the_barcode_asks_for_the_total_by_the_day_to_pay,
    ),
    "a reference that nobody checked": (
        letters,
        "reference",
        str,
        lambda: test_a_letter_that_lacks_something_is_set_aside_by_the_name_of_the_field(
            "open_items.reference", {"open_items": (an_item(reference="11113"),)}
        ),
    ),
}


@pytest.mark.parametrize("twin", TWINS)
def test_a_broken_twin_of_the_letter_is_caught(twin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    room, name, broken, caught_by = TWINS[twin]
    caught_by()
    monkeypatch.setattr(room, name, broken)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        caught_by()
