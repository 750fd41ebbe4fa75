"""The letters: what each one answers, and the clocks that must run out first."""

from datetime import date, timedelta
from typing import Any

import pytest

from arrears.model import LETTERS, Agreement, AgreementStatus, Case, Decision, Outcome, Reason, Step
from arrears.rules import decide
from arrears.rules.letters import fee_allowed, reminder_unanswered
from arrears.rules.situations import situation
from tests.makers import POLICY, TODAY, a_case, a_letter, a_past, a_policy, a_reminder, a_tenant, an_item, owing

DAY = timedelta(days=1)
REMINDED = date(2026, 11, 8)  # 14 clear days before TODAY
OLD = "2026-09-04"  # a charge due well before every reminder and letter here
POSTED = TODAY - 19 * DAY  # a letter whose day to pay by, 18 days later, was yesterday


def silent(reminded: date = REMINDED, outcome: Outcome = Outcome.DELIVERED, **changes: Any) -> Case:
    """Reminded of November's rent, and nothing was heard."""
    return a_case(a_reminder(reminded, outcome), **changes)


def judged(case: Case, today: date = TODAY) -> Decision:
    return decide(case, POLICY, today)


# --- the collection letter ---


def test_a_reminder_without_an_answer_is_followed_by_a_collection_letter() -> None:
    decision = judged(silent())
    assert (decision.step, decision.reasons) == (Step.COLLECTION_LETTER, (Reason.REMINDER_UNANSWERED,))
    assert decision.recipient == "P-1"


def test_no_letter_leaves_before_a_reminder() -> None:
    decision = judged(a_case(area="east"))
    assert (decision.step, decision.reasons) == (Step.NONE, (Reason.NO_CRITERION, Reason.NOT_REMINDED))


def test_whoever_was_not_reminded_has_left_no_reminder_unanswered() -> None:
    assert reminder_unanswered(situation(a_case(), POLICY, TODAY)) is None


def test_a_tenant_has_time_to_answer_a_reminder() -> None:
    decision = judged(silent(REMINDED + DAY))
    assert (decision.step, decision.reasons) == (Step.NONE, (Reason.REMINDED_THIS_MONTH, Reason.TIME_TO_ANSWER))


@pytest.mark.parametrize(
    ("reminded", "step"),
    [(REMINDED - DAY, Step.COLLECTION_LETTER), (REMINDED, Step.COLLECTION_LETTER), (REMINDED + DAY, Step.NONE)],
)
def test_fourteen_clear_days_lie_between_a_reminder_and_its_letter(reminded: date, step: Step) -> None:
    assert judged(silent(reminded)).step is step


@pytest.mark.parametrize(("days", "step"), [(14, Step.COLLECTION_LETTER), (15, Step.NONE)])
def test_how_long_a_tenant_has_to_answer_is_policy(days: int, step: Step) -> None:
    assert decide(silent(), a_policy({"letter.clear_days_to_answer": days}), TODAY).step is step


@pytest.mark.parametrize("outcome", [Outcome.SENT, Outcome.DELIVERED, Outcome.FAILED, Outcome.IMPOSSIBLE])
def test_a_reminder_that_failed_or_was_impossible_starts_the_clock_like_one_that_arrived(outcome: Outcome) -> None:
    assert judged(silent(outcome=outcome)).step is Step.COLLECTION_LETTER


def test_a_reminder_of_unknown_fate_never_starts_the_clock() -> None:
    decision = judged(silent(date(2026, 10, 1), Outcome.UNKNOWN, open_items=[an_item(due_date=OLD)], area="east"))
    assert (decision.step, decision.reasons) == (Step.NONE, (Reason.NO_CRITERION, Reason.NOT_REMINDED))


def test_a_reminder_of_unknown_fate_does_not_stop_an_earlier_ones_clock() -> None:
    history = [a_reminder(date(2026, 10, 7)), a_reminder(date(2026, 11, 20), Outcome.UNKNOWN)]
    assert judged(a_case(*history, open_items=[an_item(due_date=OLD)])).step is Step.COLLECTION_LETTER


def test_a_new_reminder_starts_the_clock_again() -> None:
    history = [a_reminder(date(2026, 10, 20)), a_reminder(date(2026, 11, 10))]
    assert Reason.TIME_TO_ANSWER in judged(a_case(*history, open_items=[an_item(due_date=OLD)])).reasons


def test_debt_that_fell_due_after_the_reminder_is_not_what_it_was_about() -> None:
    decision = judged(silent(date(2026, 10, 20), area="east"))
    assert (decision.step, decision.reasons) == (Step.NONE, (Reason.NO_CRITERION, Reason.NOT_REMINDED))


@pytest.mark.parametrize(("due", "step"), [("2026-11-05", Step.COLLECTION_LETTER), ("2026-11-06", Step.NONE)])
def test_a_reminder_is_about_what_was_due_before_its_day(due: str, step: Step) -> None:
    case = silent(date(2026, 11, 6), open_items=[an_item(due_date=due)])
    assert judged(case, date(2026, 11, 27)).step is step


def test_a_part_payment_after_the_reminder_does_not_stop_the_letter() -> None:
    assert judged(silent(open_items=[an_item("100.00")])).step is Step.COLLECTION_LETTER


def test_the_last_cent_left_unpaid_still_brings_a_letter() -> None:
    assert judged(silent(**owing("0.01"))).step is Step.COLLECTION_LETTER


def test_a_payment_of_what_the_reminder_was_about_stops_the_letter_though_newer_rent_is_due() -> None:
    items = [an_item("0.00", OLD), an_item()]
    case = a_case(a_reminder(date(2026, 10, 7)), open_items=items, area="east")
    assert judged(case).reasons == (Reason.NO_CRITERION, Reason.NOT_REMINDED)


def test_a_payment_not_yet_matched_pays_the_oldest_debt_first() -> None:
    items = [an_item("800.00", OLD), an_item()]
    case = a_case(a_reminder(date(2026, 10, 7)), open_items=items, area="east", unallocated_credit="800.00")
    assert judged(case).reasons == (Reason.NO_CRITERION, Reason.NOT_REMINDED)


def test_an_agreement_made_after_the_reminder_answers_it_though_it_was_not_kept() -> None:
    """The letter about the breach was sent; the collection letter needs a reminder of its own."""
    agreement = broken(date(2026, 10, 25), agreed_on=date(2026, 10, 7))
    history = [a_reminder(date(2026, 10, 7)), a_letter(date(2026, 10, 26), Step.AGREEMENT_BROKEN_LETTER)]
    case = a_case(*history, agreement=agreement, open_items=[an_item("700.00", OLD)], area="east")
    assert judged(case).reasons == (Reason.NO_CRITERION, Reason.NOT_REMINDED)


@pytest.mark.parametrize(
    ("agreed", "step"),
    [(-1, Step.COLLECTION_LETTER), (0, Step.NONE), (1, Step.NONE), (15, Step.NONE), (16, Step.COLLECTION_LETTER)],
)
def test_an_agreement_answers_the_reminder_from_the_reminders_day_to_today(agreed: int, step: Step) -> None:
    agreement = Agreement(agreed_on=REMINDED + agreed * DAY, status=AgreementStatus.CANCELLED)
    assert judged(silent(agreement=agreement)).step is step


@pytest.mark.parametrize("outcome", Outcome)
def test_one_reminder_is_followed_by_one_letter_whatever_became_of_it(outcome: Outcome) -> None:
    history = [a_reminder(date(2026, 10, 7)), a_letter(date(2026, 10, 26), outcome=outcome)]
    decision = judged(a_case(*history, open_items=[an_item("700.00", OLD)], area="east"))
    assert (decision.step, decision.reasons) == (Step.NONE, (Reason.NO_CRITERION, Reason.NOT_REMINDED))


def test_a_letter_made_on_the_day_of_the_reminder_has_answered_it() -> None:
    history = [a_reminder(REMINDED), a_letter(REMINDED, outcome=Outcome.FAILED)]
    assert judged(a_case(*history, open_items=[an_item("700.00", OLD)])).step is Step.NONE


def test_after_a_letter_the_next_one_needs_a_reminder_of_its_own() -> None:
    history = [a_reminder(date(2026, 10, 7)), a_letter(date(2026, 10, 26)), a_reminder(REMINDED)]
    assert judged(a_case(*history, open_items=[an_item("700.00", OLD)])).step is Step.COLLECTION_LETTER


def test_a_letter_wins_over_the_text_that_is_due_too() -> None:
    case = silent(date(2026, 10, 20), open_items=[an_item(due_date=OLD)])
    assert judged(case).step is Step.COLLECTION_LETTER


# --- the fee's clock ---


def test_a_letter_waits_until_it_may_carry_a_fee() -> None:
    case = silent(date(2026, 12, 5), area="east", open_items=[an_item(due_date="2026-12-04")])
    decision = decide(case, a_policy({"letter.clear_days_to_answer": 0}), date(2026, 12, 18))
    assert (decision.step, decision.reasons) == (
        Step.NONE,
        (Reason.NO_CRITERION, Reason.REMINDED_THIS_MONTH, Reason.FEE_TOO_EARLY),
    )


@pytest.mark.parametrize(
    ("today", "step"),
    [
        (date(2026, 12, 18), Step.NONE),
        (date(2026, 12, 19), Step.COLLECTION_LETTER),
        (date(2026, 12, 20), Step.COLLECTION_LETTER),
    ],
)
def test_due_on_friday_the_fourth_the_fee_letter_may_leave_on_saturday_the_nineteenth(today: date, step: Step) -> None:
    case = silent(date(2026, 12, 5), open_items=[an_item(due_date="2026-12-04")])
    assert decide(case, a_policy({"letter.clear_days_to_answer": 0}), today).step is step


@pytest.mark.parametrize(
    ("today", "step"), [(date(2026, 12, 21), Step.NONE), (date(2026, 12, 22), Step.COLLECTION_LETTER)]
)
def test_due_on_a_weekend_the_fee_counts_from_the_monday_after(today: date, step: Step) -> None:
    """Due on Saturday 5 December means Monday the 7th: the 6th is Independence Day and a Sunday as well."""
    case = silent(date(2026, 12, 8), open_items=[an_item(due_date="2026-12-05")])
    assert decide(case, a_policy({"letter.clear_days_to_answer": 0}), today).step is step


@pytest.mark.parametrize("step", sorted(LETTERS))
@pytest.mark.parametrize(
    ("posted", "due"), [(REMINDED - DAY, True), (REMINDED, True), (REMINDED + DAY, False), (TODAY, False)]
)
def test_fourteen_clear_days_lie_between_two_letters_with_a_fee(step: Step, posted: date, due: bool) -> None:
    case = a_case(
        a_letter(posted, step, Outcome.FAILED), agreement=broken(posted + DAY), open_items=[an_item(due_date=OLD)]
    )
    assert (judged(case).step is Step.AGREEMENT_BROKEN_LETTER) is due


def test_a_letter_without_a_fee_does_not_hold_up_the_next() -> None:
    free = a_past(Step.COLLECTION_LETTER, TODAY - 3 * DAY, fee="0.00")
    assert judged(a_case(free, agreement=broken(TODAY - DAY))).step is Step.AGREEMENT_BROKEN_LETTER


def test_a_letter_whose_fee_is_not_known_is_taken_to_have_had_one() -> None:
    unknown = a_past(Step.COLLECTION_LETTER, TODAY - 3 * DAY, fee=None)
    assert Reason.FEE_TOO_EARLY in judged(a_case(unknown, agreement=broken(TODAY - DAY), area="east")).reasons


def test_where_nothing_is_owed_the_last_fee_alone_says_when_the_next_may_follow() -> None:
    paid = a_case(a_letter(REMINDED), open_items=[])
    assert fee_allowed(situation(paid, POLICY, TODAY)) == TODAY


# --- contact ---


def test_where_the_policy_says_so_contact_stops_letters() -> None:
    decision = decide(silent(contacted_on=REMINDED), a_policy({"letter.contact_stops_letters": True}), TODAY)
    assert (decision.step, decision.reasons) == (Step.NONE, (Reason.REMINDED_THIS_MONTH, Reason.CONTACTED))


def test_contact_alone_stops_no_letter_by_default() -> None:
    assert judged(silent(contacted_on=REMINDED)).step is Step.COLLECTION_LETTER


@pytest.mark.parametrize(
    ("contact", "step"),
    [(REMINDED - DAY, Step.COLLECTION_LETTER), (REMINDED, Step.NONE), (REMINDED + DAY, Step.NONE)],
)
def test_contact_counts_from_the_day_of_the_reminder(contact: date, step: Step) -> None:
    policy = a_policy({"letter.contact_stops_letters": True})
    assert decide(silent(contacted_on=contact), policy, TODAY).step is step


# --- the letter about a broken agreement ---


def broken(on: date, agreed_on: date = date(2026, 10, 1)) -> Agreement:
    return Agreement(agreed_on=agreed_on, status=AgreementStatus.BROKEN, broken_on=on)


def test_a_broken_agreement_is_followed_by_a_letter() -> None:
    decision = judged(a_case(agreement=broken(TODAY - DAY)))
    assert (decision.step, decision.reasons) == (Step.AGREEMENT_BROKEN_LETTER, (Reason.AGREEMENT_BROKEN,))


@pytest.mark.parametrize(
    ("breach", "step"),
    [(TODAY - DAY, Step.AGREEMENT_BROKEN_LETTER), (TODAY, Step.AGREEMENT_BROKEN_LETTER), (TODAY + DAY, Step.NONE)],
)
def test_an_agreement_is_broken_from_its_day_on(breach: date, step: Step) -> None:
    assert judged(a_case(agreement=broken(breach), area="east")).step is step


@pytest.mark.parametrize("letter", sorted(LETTERS))
@pytest.mark.parametrize(("written", "step"), [(-1, Step.AGREEMENT_BROKEN_LETTER), (0, Step.NONE), (1, Step.NONE)])
def test_a_letter_since_the_breach_was_the_letter_about_it(letter: Step, written: int, step: Step) -> None:
    breach = date(2026, 11, 2)
    past = a_letter(breach + written * DAY, letter, Outcome.FAILED)
    case = a_case(past, agreement=broken(breach), area="east", open_items=[an_item(due_date=OLD)])
    assert judged(case).step is step


def test_without_the_day_of_the_breach_the_day_of_the_agreement_is_taken() -> None:
    agreement = Agreement(agreed_on=date(2026, 10, 1), status=AgreementStatus.BROKEN)
    items = [an_item(due_date=OLD)]
    assert judged(a_case(agreement=agreement)).step is Step.AGREEMENT_BROKEN_LETTER
    assert judged(a_case(a_letter(date(2026, 10, 2)), agreement=agreement, open_items=items)).step is Step.SMS_REMINDER


def test_the_letter_about_a_breach_needs_no_reminder_but_its_fee_waits() -> None:
    case = a_case(agreement=broken(TODAY), area="east", open_items=[an_item(due_date="2026-11-09")])
    assert judged(case).reasons == (Reason.NO_CRITERION, Reason.NOT_REMINDED, Reason.FEE_TOO_EARLY)


# --- the warning before court ---


def near_court(posted: date = POSTED, outcome: Outcome = Outcome.SENT, **changes: Any) -> Case:
    """A collection letter about two months' rent was not answered."""
    facts = {"open_items": [an_item("1600.00", OLD)], "area": "east"} | changes
    return a_case(a_letter(posted, outcome=outcome), **facts)


def test_a_collection_letter_without_an_answer_is_followed_by_the_warning_where_court_is_near() -> None:
    decision = judged(near_court())
    assert (decision.step, decision.reasons) == (Step.COURT_WARNING_LETTER, (Reason.LETTER_UNANSWERED,))
    assert decision.recipient == "P-1"


@pytest.mark.parametrize(
    ("debt", "step"),
    [("1599.99", Step.NONE), ("1600.00", Step.COURT_WARNING_LETTER), ("1600.01", Step.COURT_WARNING_LETTER)],
)
def test_court_is_near_at_two_months_rent(debt: str, step: Step) -> None:
    assert judged(near_court(open_items=[an_item(debt, OLD)])).step is step


@pytest.mark.parametrize(
    ("debt", "warned"),
    [("799.99", False), ("800.00", True), ("800.01", True)],
)
def test_court_is_near_at_four_deductibles(debt: str, warned: bool) -> None:
    decision = judged(near_court(housing_allowance="600.00", open_items=[an_item(debt, OLD)]))
    assert (decision.step is Step.COURT_WARNING_LETTER) is warned


@pytest.mark.parametrize("allowance", ["800.00", "900.00"])
def test_a_zero_or_negative_deductible_brings_court_no_nearer(allowance: str) -> None:
    assert judged(near_court(housing_allowance=allowance, open_items=[an_item("1599.99", OLD)])).step is Step.NONE


def test_the_warning_waits_until_the_day_to_pay_by_has_passed() -> None:
    decision = judged(near_court(POSTED + DAY))
    assert decision.step is Step.SMS_REMINDER
    assert judged(near_court(POSTED + DAY, area="east", tenants=[a_tenant(phone=None)])).reasons == (
        Reason.NO_MOBILE,
        Reason.NOT_REMINDED,
        Reason.TIME_TO_ANSWER,
    )


@pytest.mark.parametrize(
    ("posted", "warned"), [(POSTED - DAY, True), (POSTED, True), (POSTED + DAY, False), (TODAY, False)]
)
def test_eighteen_days_after_the_letter_it_can_still_be_paid(posted: date, warned: bool) -> None:
    assert (judged(near_court(posted)).step is Step.COURT_WARNING_LETTER) is warned


@pytest.mark.parametrize(("days", "warned"), [(18, True), (19, False)])
def test_how_long_a_tenant_has_to_pay_is_policy(days: int, warned: bool) -> None:
    decision = decide(near_court(), a_policy({"letter.days_to_pay": days}), TODAY)
    assert (decision.step is Step.COURT_WARNING_LETTER) is warned


def test_the_warning_waits_for_the_day_to_pay_by_of_a_later_letter_about_a_breach() -> None:
    history = [a_letter(date(2026, 10, 1)), a_letter(TODAY - 16 * DAY, Step.AGREEMENT_BROKEN_LETTER)]
    facts = {"open_items": [an_item("1600.00", OLD)], "tenants": [a_tenant(phone=None)]}
    assert Reason.TIME_TO_ANSWER in judged(a_case(*history, **facts)).reasons


@pytest.mark.parametrize(
    ("outcome", "warned"),
    [
        (Outcome.SENT, True),
        (Outcome.DELIVERED, True),
        (Outcome.FAILED, False),
        (Outcome.UNKNOWN, False),
        (Outcome.IMPOSSIBLE, False),
    ],
)
def test_only_a_letter_that_arrived_can_be_unanswered(outcome: Outcome, warned: bool) -> None:
    assert (judged(near_court(outcome=outcome)).step is Step.COURT_WARNING_LETTER) is warned


@pytest.mark.parametrize("told", [1, -1], ids=["failed first", "failed last"])
def test_of_two_letters_of_one_day_the_one_that_arrived_counts(told: int) -> None:
    history = [a_letter(POSTED, outcome=outcome) for outcome in (Outcome.FAILED, Outcome.SENT)]
    assert judged(a_case(*history[::told], **near())).step is Step.COURT_WARNING_LETTER


def test_a_letter_whose_debt_was_paid_is_answered_though_newer_debt_is_as_large() -> None:
    items = [an_item("0.00", OLD), an_item("1600.00", "2026-11-05")]
    assert judged(near_court(open_items=items)).step is Step.SMS_REMINDER


def test_an_agreement_made_after_the_letter_answers_it() -> None:
    agreement = Agreement(agreed_on=POSTED, status=AgreementStatus.COMPLETED)
    assert judged(near_court(agreement=agreement)).step is Step.SMS_REMINDER


def test_contact_stops_the_warning_where_the_policy_says_so() -> None:
    policy = a_policy({"letter.contact_stops_letters": True})
    assert decide(near_court(contacted_on=POSTED), policy, TODAY).step is Step.SMS_REMINDER
    assert decide(near_court(contacted_on=POSTED - DAY), policy, TODAY).step is Step.COURT_WARNING_LETTER


def test_one_letter_is_followed_by_one_warning() -> None:
    history = [a_letter(date(2026, 10, 1)), a_letter(POSTED, Step.COURT_WARNING_LETTER, Outcome.FAILED)]
    assert judged(a_case(*history, **near())).step is Step.SMS_REMINDER


def test_a_warning_answers_the_reminder_between_it_and_its_letter() -> None:
    reminded = a_reminder(REMINDED - 2 * DAY)
    warning = a_letter(REMINDED - DAY, Step.COURT_WARNING_LETTER, Outcome.FAILED)
    history = [a_letter(date(2026, 10, 1)), reminded, warning]
    assert judged(a_case(*history, **near() | {"open_items": [an_item("700.00", OLD)]})).reasons == (
        Reason.NO_CRITERION,
        Reason.REMINDED_THIS_MONTH,
        Reason.NOT_REMINDED,
    )


# --- after the warning ---


def near() -> dict[str, Any]:
    return {"open_items": [an_item("1600.00", OLD)], "area": "east"}


def warned(posted: date = POSTED, outcome: Outcome = Outcome.SENT) -> Case:
    history = [a_letter(date(2026, 10, 1)), a_letter(posted, Step.COURT_WARNING_LETTER, outcome)]
    return a_case(*history, **near())


def test_after_a_warning_without_an_answer_a_person_goes_on() -> None:
    decision = judged(warned())
    assert (decision.step, decision.reasons) == (Step.HAND_TO_PERSON, (Reason.WARNING_UNANSWERED,))
    assert decision.recipient is None


@pytest.mark.parametrize(("posted", "handed"), [(POSTED - DAY, True), (POSTED, True), (POSTED + DAY, False)])
def test_a_person_goes_on_when_the_day_to_pay_by_has_passed(posted: date, handed: bool) -> None:
    assert (judged(warned(posted)).step is Step.HAND_TO_PERSON) is handed


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.UNKNOWN, Outcome.IMPOSSIBLE])
def test_a_warning_that_did_not_arrive_is_not_unanswered(outcome: Outcome) -> None:
    assert judged(warned(outcome=outcome)).step is not Step.HAND_TO_PERSON


def test_a_case_in_a_persons_hands_gets_no_further_text_or_collection_letter() -> None:
    case = a_case(*warned().history, a_reminder(REMINDED), **near() | {"area": "north"})
    assert judged(case).step is Step.HAND_TO_PERSON
