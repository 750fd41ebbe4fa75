"""The numbers: where each comes from, from when it holds, and what is said about a file that cannot be used."""

import tomllib
from datetime import date
from decimal import Decimal
from importlib import resources
from itertools import pairwise
from typing import Any

import jsonschema
import pytest

from arrears.adapters import clock
from arrears.calendar import helsinki_day
from arrears.model import Step
from arrears.policy import PolicyError, parse_policy, policy_named, policy_names, policy_on, policy_schema
from tests.makers import POLICY

FIRST, MONTHLY = policy_named("2021-01-01"), policy_named("2024-10-01")
FILES = resources.files("arrears.policy")
SMALLEST = 'continues = "2024-10-01"\n'


# --- every number ---


@pytest.mark.parametrize("name", policy_names())
def test_every_number_in_force_has_its_basis(name: str) -> None:
    policy = policy_named(name)
    numbers = {
        f"{section}.{key}"
        for section, terms in policy.model_dump().items()
        if section not in ("name", "in_force_from", "interest", "basis")
        for key, value in terms.items()
        if value is not None
    }
    assert set(policy.basis) == numbers
    assert all(len(basis) > 10 for basis in policy.basis.values())


def test_a_policy_is_in_force_from_the_day_in_its_name() -> None:
    assert policy_on(date(2021, 1, 1)).name == "2021-01-01"
    assert policy_on(date(2024, 9, 30)).name == "2021-01-01"
    assert policy_on(date(2024, 10, 1)).name == "2024-10-01"
    assert tuple(policy_named(name).in_force_from.isoformat() for name in policy_names()) == policy_names()


def test_before_the_first_policy_nothing_can_be_judged() -> None:
    with pytest.raises(PolicyError, match="no policy was in force on 2020-12-31: the first one begins on 2021-01-01"):
        policy_on(date(2020, 12, 31))


def test_since_2021_the_young_are_told_when_court_proceedings_begin_and_nothing_else_is_sent() -> None:
    assert set(FIRST.scope.steps) == {Step.COURT_NOTICE, Step.HAND_TO_PERSON}
    assert (FIRST.court.notice_min_age, FIRST.court.notice_max_age) == (18, 29)
    assert FIRST.court.notice_channels == ("sms", "email")
    assert (FIRST.sms.areas, FIRST.sms.small_debt_below, FIRST.sms.rent_multiple) == ((), None, None)


def test_since_october_2024_there_is_a_monthly_text_in_the_north_and_by_three_criteria() -> None:
    assert set(MONTHLY.scope.steps) == set(Step) - {Step.NONE}
    assert MONTHLY.sms.areas == ("north",)
    assert MONTHLY.sms.small_debt_below == Decimal("20.00")
    assert (MONTHLY.sms.rent_multiple, MONTHLY.sms.deductible_multiple) == (Decimal(2), Decimal(4))


def test_what_a_policy_does_not_change_goes_on() -> None:
    changed = {"scope", "sms", "name", "in_force_from", "basis"}
    assert MONTHLY.model_dump(exclude=changed) == FIRST.model_dump(exclude=changed)
    assert MONTHLY.basis["court.notice_max_age"] == FIRST.basis["court.notice_max_age"]


def test_the_laws_own_numbers_are_the_laws() -> None:
    letter = MONTHLY.letter
    assert (letter.fee, letter.clear_days_between_fees) == (Decimal("5.00"), 14)
    assert letter.cost_caps[:2] == ((Decimal("100.00"), Decimal("60.00")), (Decimal("1000.00"), Decimal("120.00")))
    assert letter.cost_caps[2][1] == Decimal("210.00")
    assert (MONTHLY.debt.limitation_years, MONTHLY.debt.limitation_years_after_judgment) == (3, 5)


# --- a file of one's own ---


def test_one_number_can_be_changed_and_the_others_go_on() -> None:
    policy = parse_policy(SMALLEST + '[sms]\nareas = { value = ["north", "east"], basis = "Decided" }', "draft")
    assert (policy.name, policy.sms.areas) == ("draft", ("north", "east"))
    assert policy.sms.rent_multiple == MONTHLY.sms.rent_multiple
    assert policy.in_force_from == MONTHLY.in_force_from
    assert policy.basis["sms.areas"] == "Decided"


def test_a_file_may_say_itself_from_which_day_it_is_in_force() -> None:
    dated = parse_policy(f"in_force_from = 2027-03-01\n{SMALLEST}", "draft")
    assert f"{dated.in_force_from}" == "2027-03-01"
    assert dated.sms == MONTHLY.sms


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[sms", "not TOML"),
        ('continues = "1999-01-01"', "continues: no policy '1999-01-01', expected one of"),
        ("sms = 3", "sms: expected a section such as [sms]"),
        ("[sms]\nareas = 3", "sms.areas: expected { value = ..., basis = '...' }"),
        ("[sms]\nareas = { value = [] }", "sms.areas: expected { value = ..., basis = '...' }"),
        ('[sms]\nareas = { value = [], basis = "" }', "sms.areas: expected { value = ..., basis = '...' }"),
        ('[sms]\nmax_segments = { value = 0, basis = "b" }', "sms.max_segments: Input should be greater than or equal"),
        ('[sms]\nmaxsegments = { value = 1, basis = "b" }', "sms.maxsegments: Extra inputs are not permitted"),
        ('[smss]\nareas = { value = [], basis = "b" }', "smss: Extra inputs are not permitted"),
        (
            '[sms]\nsmall_debt_below = { value = 20.0, basis = "b" }',
            "sms.small_debt_below: Value error, expected euros",
        ),
        ('[letter]\nfee = { value = "5.01", basis = "b" }', "letter.fee: Input should be less than or equal to 5"),
        ('[letter]\nclear_days_between_fees = { value = 13, basis = "b" }', "letter.clear_days_between_fees: Input"),
        ('[letter]\ndays_to_pay = { value = 9, basis = "b" }', "letter.days_to_pay: Input should be greater"),
        ('[sending]\nopens_hour = { value = 6, basis = "b" }', "sending.opens_hour: Input should be greater"),
        ('[sending]\ncloses_hour = { value = 23, basis = "b" }', "sending.closes_hour: Input should be less"),
        (
            '[court]\nnotice_channels = { value = ["fax"], basis = "b" }',
            "court.notice_channels.0: Input should be 'sms'",
        ),
        ('[scope]\nsteps = { value = ["eviction"], basis = "b" }', "scope.steps.0: Input should be 'court_notice'"),
        (
            '[sms]\nareas = { value = ["nort"], basis = "b" }',
            "sms.areas: ['nort'] unknown, expected some of scope.areas",
        ),
        ('[sending]\nopens_hour = { value = 18, basis = "b" }', "sending.closes_hour: 18, expected an hour after"),
        ('[court]\nnotice_max_age = { value = 17, basis = "b" }', "court.notice_max_age: 17, expected at least 18"),
        ('[guards]\nscale_low = { value = "1.3", basis = "b" }', "guards.scale_high: 1.25, expected at least 1.3"),
        ('[letter]\ncost_caps = { value = [], basis = "b" }', "letter.cost_caps: [], expected rising principals"),
    ],
)
def test_a_file_that_cannot_be_used_says_which_number_and_what_is_expected(text: str, said: str) -> None:
    with pytest.raises(PolicyError) as caught:
        parse_policy(text if text.startswith("continues") else SMALLEST + text, "draft")
    assert str(caught.value).startswith(f"policy draft: {said}")


def test_a_file_that_continues_nothing_must_say_everything() -> None:
    with pytest.raises(PolicyError, match="policy 2030-01-01: scope: Field required"):
        parse_policy("", "2030-01-01")


# --- its schema ---


def check_schema(file: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(policy_schema()).validate(file)


@pytest.mark.parametrize("name", policy_names())
def test_the_schema_accepts_our_own_files(name: str) -> None:
    check_schema(tomllib.loads((FILES / f"{name}.toml").read_text("utf-8")))


@pytest.mark.parametrize(
    "change",
    [
        {"sms": {"areas": {"value": ["north"]}}},
        {"sms": {"areas": ["north"]}},
        {"sms": {"size": {"value": 1, "basis": "b"}}},
        {"smss": {}},
        {"letter": {"fee": {"value": "5", "basis": "b"}}},
        {"letter": {"days_to_pay": {"value": 9, "basis": "b"}}},
        {"continues": 2024},
    ],
)
def test_the_schema_refuses_what_loading_refuses(change: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        check_schema({"continues": "2024-10-01"} | change)


def test_the_schema_asks_everything_of_a_file_that_stands_alone() -> None:
    alone = tomllib.loads((FILES / "2021-01-01.toml").read_text("utf-8"))
    del alone["letter"]["fee"]
    with pytest.raises(jsonschema.ValidationError, match="'fee' is a required property"):
        check_schema(alone)
    check_schema(alone | {"continues": "2021-01-01"})


# --- what goes stale ---


def half_years() -> list[tuple[int, int]]:
    return [(int(name[:4]), int(name[5:])) for name in POLICY.interest]


def test_the_interest_table_has_every_half_year_from_its_first_to_its_last() -> None:
    """A gap would make a letter leave out interest in the middle of a debt."""
    assert all(
        (year, half) == (before[0] + before[1] // 2, 3 - before[1]) for before, (year, half) in pairwise(half_years())
    )
    assert all(name == f"{year}H{half}" for name, (year, half) in zip(POLICY.interest, half_years(), strict=True))
    assert all(5 < rate < 25 for rate in POLICY.interest.values())


def test_the_interest_table_is_not_more_than_a_year_behind() -> None:
    """The only test that reads the world's date. A half-year without a rate is an honest gap: its letters ask for no
    interest from then on. After a year of that somebody has forgotten."""
    year, half = half_years()[-1]
    behind = (helsinki_day(clock.now()) - date(year + half // 2, 7 if half == 1 else 1, 1)).days
    assert behind <= 365, (
        "policy/interest.toml ends a year ago: look up the reference rates that the Bank of Finland has published"
        " since, add seven percentage points (Interest Act s. 4) and enter a line for each half-year"
    )
