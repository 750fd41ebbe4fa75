"""Broken twins: take one protection away, and the test that is named here must see it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from arrears.model import Outcome, Tenant
from arrears.rules import bars, ladder, letters, notices, reminders, situations
from arrears.rules.situations import Rule, Situation
from tests.rules import test_bars, test_letters, test_notices, test_people, test_reminders

PROTECTIONS: list[tuple[Rule, Callable[[], None]]] = [
    (bars.no_debt, test_bars.test_with_no_debt_only_the_bars_are_told),
    (bars.disputed, test_bars.test_a_contested_debt_is_left_alone),
    (bars.collection_halted, test_bars.test_whoever_asked_for_a_halt_is_left_alone),
    (bars.debt_adjustment, test_bars.test_a_debt_under_debt_adjustment_is_left_alone),
    (bars.deceased, test_bars.test_the_estate_of_a_tenant_who_died_is_not_written_to),
    (bars.on_hold, test_bars.test_rent_control_can_put_a_tenancy_on_hold),
    (bars.payment_agreement, test_bars.test_whoever_keeps_a_payment_agreement_is_left_alone),
    (bars.lease_ended, test_bars.test_former_tenants_are_another_process),
    (bars.payment_in_transit, test_bars.test_a_payment_made_on_the_due_day_may_still_be_on_its_way),
    (bars.court_pending, test_bars.test_while_the_court_has_the_case_nothing_but_its_notice_is_sent),
    (reminders.no_criterion, test_reminders.test_elsewhere_a_debt_that_meets_no_criterion_gets_no_text),
    (reminders.reminded_this_month, test_reminders.test_one_reminder_a_month_is_enough),
    (reminders.no_mobile, test_reminders.test_whoever_has_no_mobile_number_gets_no_text),
    (letters.not_reminded, test_letters.test_no_letter_leaves_before_a_reminder),
    (letters.time_to_answer, test_letters.test_a_tenant_has_time_to_answer_a_reminder),
    (letters.time_to_pay, test_letters.test_the_warning_waits_until_the_day_to_pay_by_has_passed),
    (letters.fee_too_early, test_letters.test_a_letter_waits_until_it_may_carry_a_fee),
    (letters.contacted, test_letters.test_where_the_policy_says_so_contact_stops_letters),
    (notices.age_outside, test_notices.test_an_older_tenant_gets_no_notice),
]


def test_every_rule_that_protects_has_its_twin() -> None:
    against = {rule for rung in ladder.LADDER for rule in rung.against}
    assert {*bars.BARS, *against} - {rule for rule, _ in PROTECTIONS} == {notices.no_channel}


@pytest.mark.parametrize(("rule", "test"), PROTECTIONS)
def test_without_the_rule_its_test_fails(rule: Rule, test: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    test()
    rungs = [replace(rung, against=without(rung.against, rule)) for rung in ladder.LADDER]
    monkeypatch.setattr(ladder, "LADDER", tuple(rungs))
    monkeypatch.setattr(ladder, "BARS", without(bars.BARS, rule))
    with pytest.raises(AssertionError):
        test()


def test_a_twin_that_writes_to_whoever_may_not_be_contacted_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    rungs = [replace(rung, to=allowed_after_all) for rung in ladder.LADDER]
    monkeypatch.setattr(ladder, "LADDER", tuple(rungs))
    with pytest.raises(AssertionError):
        test_people.test_where_nobody_reachable_may_be_contacted_by_machine_a_person_writes()


def test_a_twin_that_lets_an_unknown_text_start_the_clock_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(situations, "STARTS_THE_CLOCK", frozenset(Outcome))
    with pytest.raises(AssertionError):
        test_letters.test_a_reminder_of_unknown_fate_never_starts_the_clock()


def test_a_twin_that_forgets_agreements_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "_is_silence", lambda at, past: at.owed_since(past))
    with pytest.raises(AssertionError):
        test_letters.test_an_agreement_made_after_the_reminder_answers_it_though_it_was_not_kept()


def without(rules: tuple[Rule, ...], gone: Rule) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules if rule is not gone)


def allowed_after_all(at: Situation) -> tuple[Tenant, ...]:
    return tuple(tenant.model_copy(update={"contact_forbidden": False}) for tenant in at.snapshot.main_tenants)
