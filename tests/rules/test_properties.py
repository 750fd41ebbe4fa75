"""What holds of every decision, in tenancies of every kind."""

from datetime import timedelta
from random import Random

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from arrears.model import LETTERS, MESSAGES, Case, Outcome, Past, Reason, Role, Step
from arrears.policy import Policy
from arrears.rules import debt, decide
from tests.makers import POLICY, TODAY
from tests.rules.worlds import cases, policies

ORDER = list(Reason)
BARS = ORDER[: ORDER.index(Reason.COURT_PENDING) + 1]


@given(cases, policies)
def test_the_same_facts_always_give_the_same_decision(case: Case, policy: Policy) -> None:
    assert decide(case, policy, TODAY) == decide(case.model_copy(deep=True), policy, TODAY)


@given(cases, st.randoms(use_true_random=False))
def test_the_past_may_be_told_in_any_order(case: Case, random: Random) -> None:
    shuffled = random.sample(case.history, len(case.history))
    assert decide(case.model_copy(update={"history": tuple(shuffled)}), POLICY, TODAY) == decide(case, POLICY, TODAY)


@given(cases, policies)
def test_every_decision_has_a_reason_none_above_all(case: Case, policy: Policy) -> None:
    assert decide(case, policy, TODAY).reasons


@given(cases, policies)
def test_reasons_are_told_once_and_in_their_order(case: Case, policy: Policy) -> None:
    reasons = decide(case, policy, TODAY).reasons
    assert list(reasons) == sorted(set(reasons), key=ORDER.index)


@given(cases, policies)
def test_a_recipient_is_one_main_tenant_who_may_be_contacted_and_only_where_something_is_written(
    case: Case, policy: Policy
) -> None:
    decision = decide(case, policy, TODAY)
    found = [tenant for tenant in case.snapshot.tenants if tenant.tenant_id == decision.recipient]
    assert len(found) == (decision.step in LETTERS | MESSAGES)
    assert all(tenant.role is Role.MAIN and not tenant.contact_forbidden for tenant in found)


@given(cases, policies)
def test_only_the_policys_steps_are_taken(case: Case, policy: Policy) -> None:
    """But a person may always be given what a machine may not do."""
    step = decide(case, policy, TODAY).step
    assert step in {Step.NONE, Step.HAND_TO_PERSON, *policy.scope.steps}


@given(cases, policies)
def test_nothing_is_due_while_a_bar_holds_but_the_court_notice(case: Case, policy: Policy) -> None:
    decision = decide(case, policy, TODAY)
    if decision.step is not Step.NONE:
        assert not set(decision.reasons) & set(BARS)


@given(cases, policies)
def test_no_debt_is_told_exactly_when_nothing_is_owed(case: Case, policy: Policy) -> None:
    decision = decide(case, policy, TODAY)
    assert (Reason.NO_DEBT in decision.reasons) is (debt(case.snapshot, policy, TODAY) == 0)


@given(cases, policies)
def test_the_debt_is_never_below_zero_nor_above_what_is_unpaid(case: Case, policy: Policy) -> None:
    unpaid = sum(item.unpaid for item in case.snapshot.open_items)
    assert 0 <= debt(case.snapshot, policy, TODAY) <= unpaid


@given(cases)
def test_after_a_text_has_left_no_second_one_is_due_in_its_month(case: Case) -> None:
    if decide(case, POLICY, TODAY).step is Step.SMS_REMINDER:
        for outcome in Outcome:
            after = done(case, Step.SMS_REMINDER, outcome)
            rest_of_november = range((TODAY.replace(month=12, day=1) - TODAY).days)
            days = [TODAY + timedelta(days=ahead) for ahead in rest_of_november]
            assert Step.SMS_REMINDER not in {decide(after, POLICY, day).step for day in days}


@given(cases)
def test_after_a_letter_with_a_fee_none_is_due_for_fourteen_clear_days(case: Case) -> None:
    step = decide(case, POLICY, TODAY).step
    if step in LETTERS:
        after = done(case, step, Outcome.SENT)
        days = [TODAY + timedelta(days=ahead) for ahead in range(15)]
        assert not LETTERS & {decide(after, POLICY, day).step for day in days}


@given(cases)
def test_after_a_court_notice_none_is_due_for_the_same_case(case: Case) -> None:
    if decide(case, POLICY, TODAY).step is Step.COURT_NOTICE:
        assert decide(done(case, Step.COURT_NOTICE, Outcome.UNKNOWN), POLICY, TODAY).step is not Step.COURT_NOTICE


@pytest.mark.parametrize("step", Step)
def test_these_worlds_hold_every_step(step: Step) -> None:
    """Properties of worlds in which nothing happens would be empty."""
    patient = settings(max_examples=20_000, database=None, derandomize=True, phases=[Phase.generate])
    find(st.tuples(cases, policies), lambda world: decide(world[0], world[1], TODAY).step is step, settings=patient)


def done(case: Case, step: Step, outcome: Outcome) -> Case:
    """The case after that step was taken today."""
    return case.model_copy(update={"history": (*case.history, Past(step=step, on=TODAY, outcome=outcome))})
