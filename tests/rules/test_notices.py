"""The notice that court proceedings have begun: to whom, when, and once."""

from datetime import date, timedelta
from typing import Any

import pytest

from arrears.model import AgreementStatus, Case, CourtStatus, HoldKind, Outcome, Reason, Role, Step
from arrears.policy import policy_named
from arrears.rules import decide
from arrears.rules.notices import court_opened
from arrears.rules.situations import situation
from tests.makers import LANDLINE, POLICY, TODAY, a_case, a_hold, a_past, a_policy, a_tenant

DAY = timedelta(days=1)
OPENED = date(2026, 11, 10)
YOUNG = a_tenant(birth_date="2003-02-01")  # 23


def in_court(*history: Any, opened: date = OPENED, status: CourtStatus = CourtStatus.PENDING, **changes: Any) -> Case:
    facts: dict[str, Any] = {"tenants": [YOUNG], "court": {"opened_on": opened, "status": status}}
    return a_case(*history, **facts | changes)


def test_a_young_tenant_is_told_when_court_proceedings_begin() -> None:
    decision = decide(in_court(), POLICY, TODAY)
    assert (decision.step, decision.reasons) == (Step.COURT_NOTICE, (Reason.COURT_OPENED,))
    assert decision.recipient == "P-1"


def test_the_notice_was_sent_already_under_the_policy_of_2021() -> None:
    assert decide(in_court(), policy_named("2021-01-01"), TODAY).step is Step.COURT_NOTICE


@pytest.mark.parametrize("status", [CourtStatus.DECIDED, CourtStatus.WITHDRAWN])
def test_a_case_that_is_over_has_not_begun(status: CourtStatus) -> None:
    assert court_opened(situation(in_court(status=status), POLICY, TODAY)) is None


@pytest.mark.parametrize(
    ("days", "step"),
    [(-1, Step.NONE), (0, Step.COURT_NOTICE), (29, Step.COURT_NOTICE), (30, Step.COURT_NOTICE), (31, Step.NONE)],
)
def test_the_notice_is_news_for_thirty_days(days: int, step: Step) -> None:
    assert decide(in_court(opened=TODAY - days * DAY), POLICY, TODAY).step is step


def test_how_long_it_is_news_is_policy() -> None:
    policy = a_policy({"court.notice_within_days": 31})
    assert decide(in_court(opened=TODAY - 31 * DAY), policy, TODAY).step is Step.COURT_NOTICE


@pytest.mark.parametrize("status", [CourtStatus.DECIDED, CourtStatus.WITHDRAWN])
def test_a_case_that_is_no_longer_pending_is_no_news(status: CourtStatus) -> None:
    assert decide(in_court(status=status), POLICY, TODAY).step is Step.SMS_REMINDER


def test_whoever_paid_before_the_notice_gets_none() -> None:
    assert decide(in_court(open_items=[]), POLICY, TODAY).reasons == (Reason.NO_DEBT, Reason.COURT_PENDING)


@pytest.mark.parametrize(
    ("birth", "told"),
    [
        ("2008-11-11", False),  # 17: turns 18 the day after
        ("2008-11-10", True),  # 18 that very day
        ("2008-11-09", True),
        ("1996-11-11", True),  # 29: turns 30 the day after
        ("1996-11-10", False),  # 30 that very day
        ("1996-11-09", False),
    ],
)
def test_the_notice_is_for_those_aged_18_to_29_on_the_day_the_case_was_opened(birth: str, told: bool) -> None:
    decision = decide(in_court(tenants=[a_tenant(birth_date=birth)]), POLICY, TODAY)
    assert (decision.step is Step.COURT_NOTICE) is told


def test_an_older_tenant_gets_no_notice() -> None:
    decision = decide(in_court(tenants=[a_tenant()]), POLICY, TODAY)
    assert (decision.step, decision.reasons) == (
        Step.NONE,
        (Reason.COURT_PENDING, Reason.NOT_REMINDED, Reason.AGE_OUTSIDE),
    )


def test_the_ages_are_policy() -> None:
    policy = a_policy({"court.notice_max_age": 120})
    assert decide(in_court(tenants=[a_tenant()]), policy, TODAY).step is Step.COURT_NOTICE


def test_a_young_co_tenant_is_not_a_main_tenant() -> None:
    tenants = [a_tenant(), a_tenant("P-2", role=Role.CO, birth_date="2003-02-01")]
    assert Reason.AGE_OUTSIDE in decide(in_court(tenants=tenants), POLICY, TODAY).reasons


def test_the_notice_goes_to_the_first_of_those_aged_18_to_29() -> None:
    tenants = [a_tenant(), a_tenant("P-2", birth_date="2001-01-01"), a_tenant("P-3", birth_date="2003-02-01")]
    assert decide(in_court(tenants=tenants), POLICY, TODAY).recipient == "P-2"


def test_the_notice_passes_over_a_young_tenant_whom_nothing_reaches() -> None:
    tenants = [YOUNG.model_copy(update={"phone": LANDLINE, "email": None}), a_tenant("P-2", birth_date="2001-01-01")]
    assert decide(in_court(tenants=tenants), POLICY, TODAY).recipient == "P-2"


def test_the_notice_reaches_a_young_tenant_by_e_mail_alone() -> None:
    tenants = [a_tenant(birth_date="2003-02-01", phone=None)]
    assert decide(in_court(tenants=tenants), POLICY, TODAY).recipient == "P-1"


@pytest.mark.parametrize(
    ("channels", "contacts", "told"),
    [
        (["sms"], {"phone": None}, False),
        (["email"], {"email": None}, False),
        (["sms"], {"email": None}, True),
        (["email"], {"phone": None}, True),
        (["sms", "email"], {"phone": None, "email": None}, False),
    ],
)
def test_the_channels_of_the_notice_are_policy(channels: list[str], contacts: dict[str, Any], told: bool) -> None:
    case = in_court(tenants=[a_tenant(birth_date="2003-02-01", **contacts)])
    decision = decide(case, a_policy({"court.notice_channels": channels}), TODAY)
    assert (decision.step is Step.COURT_NOTICE) is told
    assert (Reason.NO_MOBILE in decision.reasons) is not told


@pytest.mark.parametrize("outcome", Outcome)
def test_one_notice_for_a_case_whatever_became_of_it_unless_it_could_not_be_tried(outcome: Outcome) -> None:
    decision = decide(in_court(a_past(Step.COURT_NOTICE, OPENED, outcome)), POLICY, TODAY)
    assert (decision.step is Step.COURT_NOTICE) is (outcome is Outcome.IMPOSSIBLE)


def test_a_notice_about_an_earlier_case_does_not_tell_of_this_one() -> None:
    assert decide(in_court(a_past(Step.COURT_NOTICE, OPENED - DAY)), POLICY, TODAY).step is Step.COURT_NOTICE


@pytest.mark.parametrize(
    "bar",
    [
        {"holds": [a_hold(HoldKind.DISPUTE)]},
        {"agreement": {"agreed_on": "2026-11-12", "status": AgreementStatus.ACTIVE}},
        {"lease_ended_on": "2026-11-22"},
    ],
)
def test_every_other_bar_keeps_the_notice_back_too(bar: dict[str, Any]) -> None:
    decision = decide(in_court(**bar), POLICY, TODAY)
    assert decision.step is Step.NONE
    assert Reason.COURT_PENDING in decision.reasons
