"""Who is written to, and when a person must do it."""

from datetime import date, timedelta
from typing import Any

import pytest

from arrears.model import Agreement, AgreementStatus, Case, HoldKind, Past, Reason, Role, Step
from arrears.rules import decide
from tests.makers import LANDLINE, POLICY, TODAY, a_case, a_hold, a_letter, a_reminder, a_tenant, an_item

DAY = timedelta(days=1)


def recipient(*tenants: Any) -> str | None:
    return decide(a_case(tenants=tenants), POLICY, TODAY).recipient


def test_one_of_several_main_tenants_is_written_to_the_first_in_lease_order() -> None:
    assert recipient(a_tenant("P-9"), a_tenant("P-1")) == "P-9"


def test_a_co_tenant_before_the_main_tenant_is_passed_over() -> None:
    assert recipient(a_tenant("P-1", role=Role.CO), a_tenant("P-2")) == "P-2"


def test_of_several_main_tenants_the_first_with_a_usable_number_is_written_to() -> None:
    unusable = [None, "", LANDLINE, "0401111111", "+46701234567"]
    tenants = [a_tenant(f"P-{place}", phone=phone) for place, phone in enumerate(unusable)]
    assert recipient(*tenants, a_tenant("P-9")) == "P-9"


def test_several_main_tenants_with_unusable_numbers_alone_have_no_mobile() -> None:
    tenants = [a_tenant("P-1", phone=LANDLINE), a_tenant("P-2", phone=None), a_tenant("P-3", phone="0401111111")]
    decision = decide(a_case(tenants=tenants), POLICY, TODAY)
    assert (decision.step, decision.recipient) == (Step.NONE, None)
    assert Reason.NO_MOBILE in decision.reasons


def test_a_letter_needs_no_number_and_goes_to_the_first_main_tenant() -> None:
    tenants = [a_tenant("P-1", phone=None), a_tenant("P-2")]
    decision = decide(a_case(a_reminder(date(2026, 11, 6)), tenants=tenants), POLICY, TODAY)
    assert (decision.step, decision.recipient) == (Step.COLLECTION_LETTER, "P-1")


def test_whoever_may_not_be_contacted_by_machine_is_passed_over() -> None:
    assert recipient(a_tenant("P-1", contact_forbidden=True), a_tenant("P-2")) == "P-2"


def test_where_nobody_reachable_may_be_contacted_by_machine_a_person_writes() -> None:
    tenants = [a_tenant("P-1", contact_forbidden=True), a_tenant("P-2", phone=None)]
    decision = decide(a_case(tenants=tenants), POLICY, TODAY)
    assert (decision.step, decision.reasons) == (Step.HAND_TO_PERSON, (Reason.CONTACT_FORBIDDEN,))
    assert decision.recipient is None


def test_with_a_guardian_a_person_decides_whom_to_write_to() -> None:
    decision = decide(a_case(holds=[a_hold(HoldKind.GUARDIAN)]), POLICY, TODAY)
    assert (decision.step, decision.reasons) == (Step.HAND_TO_PERSON, (Reason.GUARDIAN,))
    assert decision.recipient is None


def test_a_guardian_of_someone_who_may_not_be_contacted_is_told_with_both_reasons() -> None:
    case = a_case(holds=[a_hold(HoldKind.GUARDIAN)], tenants=[a_tenant(contact_forbidden=True)])
    assert decide(case, POLICY, TODAY).reasons == (Reason.CONTACT_FORBIDDEN, Reason.GUARDIAN)


@pytest.mark.parametrize(
    ("until", "step"), [(-1, Step.SMS_REMINDER), (0, Step.HAND_TO_PERSON), (1, Step.HAND_TO_PERSON)]
)
def test_guardianship_holds_through_its_last_day(until: int, step: Step) -> None:
    holds = [a_hold(HoldKind.GUARDIAN, TODAY + until * DAY)]
    assert decide(a_case(holds=holds), POLICY, TODAY).step is step


def due_in_every_way(**changes: Any) -> list[Case]:
    """A text, each of the three letters, and the court notice."""
    owed: dict[str, Any] = {"open_items": [an_item("1600.00", "2026-09-04")]}
    young = {"birth_date": "2003-02-01"} | changes.pop("tenant", {})
    broken = Agreement(agreed_on=date(2026, 10, 1), status=AgreementStatus.BROKEN, broken_on=TODAY)

    def case(*history: Past, **facts: Any) -> Case:
        return a_case(*history, **owed | {"tenants": [a_tenant(**young)]} | facts | changes)

    return [
        case(),
        case(a_reminder(date(2026, 10, 20))),
        case(agreement=broken),
        case(a_letter(date(2026, 10, 20))),
        case(court={"opened_on": TODAY, "status": "pending"}),
    ]


def test_the_cases_here_are_due_in_every_way() -> None:
    assert [decide(case, POLICY, TODAY).step for case in due_in_every_way()] == [
        Step.SMS_REMINDER,
        Step.COLLECTION_LETTER,
        Step.AGREEMENT_BROKEN_LETTER,
        Step.COURT_WARNING_LETTER,
        Step.COURT_NOTICE,
    ]


def test_whatever_is_due_to_someone_who_may_not_be_contacted_goes_to_a_person() -> None:
    for case in due_in_every_way(tenant={"contact_forbidden": True}):
        decision = decide(case, POLICY, TODAY)
        assert (decision.step, decision.reasons) == (Step.HAND_TO_PERSON, (Reason.CONTACT_FORBIDDEN,))


def test_whatever_is_due_where_there_is_a_guardian_goes_to_a_person() -> None:
    for case in due_in_every_way(holds=[a_hold(HoldKind.GUARDIAN)]):
        assert decide(case, POLICY, TODAY).reasons == (Reason.GUARDIAN,)


def test_a_bar_wins_over_handing_to_a_person() -> None:
    holds = [a_hold(HoldKind.GUARDIAN), a_hold(HoldKind.DISPUTE)]
    decision = decide(a_case(holds=holds, tenants=[a_tenant(contact_forbidden=True)]), POLICY, TODAY)
    assert (decision.step, decision.reasons) == (Step.NONE, (Reason.DISPUTED, Reason.NOT_REMINDED))


def test_where_nothing_is_due_nothing_is_handed_to_a_person() -> None:
    case = a_case(area="east", holds=[a_hold(HoldKind.GUARDIAN)], tenants=[a_tenant(contact_forbidden=True)])
    assert decide(case, POLICY, TODAY).step is Step.NONE
