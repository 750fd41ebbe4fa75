"""What a policy says: every number the judgement uses, by section, and what each may be."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from arrears.model import Day, Facts, Money, Step

Share = Annotated[Decimal, Field(ge=0, le=1)]
Multiple = Annotated[Decimal, Field(gt=0)]
Days = Annotated[int, Field(ge=0, le=3650)]
Price = Annotated[Decimal, Field(ge=0, le=1, decimal_places=4)]
Hour = Annotated[int, Field(ge=7, le=22)]
Count = Annotated[int, Field(ge=1)]
Age = Annotated[int, Field(ge=0, le=130)]


class Scope(Facts):
    """Which steps are taken at all, and where."""

    steps: tuple[Step, ...]
    areas: tuple[str, ...]
    hold_out_share: Share


class DebtTerms(Facts):
    """What counts as debt."""

    limitation_years: Count
    limitation_years_after_judgment: Count
    transit_banking_days: Days


class SmsTerms(Facts):
    """Who gets the monthly text. A criterion that is not given is not in use."""

    areas: tuple[str, ...]
    small_debt_below: Money | None = None
    rent_multiple: Multiple | None = None
    deductible_multiple: Multiple | None = None
    neutral_text: bool
    max_segments: Count


class LetterTerms(Facts):
    """When a letter may leave, and what it may cost. `cost_caps` are pairs (principal at most, costs at most)."""

    clear_days_to_answer: Days
    clear_days_between_fees: Annotated[int, Field(ge=14)]
    days_to_pay: Annotated[int, Field(ge=10)]
    fee: Annotated[Money, Field(le=5)]
    no_fee_below: Money
    cost_caps: tuple[tuple[Money, Money], ...]
    waive_fees: bool
    contact_stops_letters: bool


class CourtTerms(Facts):
    """When court is near, and who is told that proceedings began."""

    rent_multiple: Multiple
    deductible_multiple: Multiple
    notice_within_days: Days
    notice_min_age: Age
    notice_max_age: Age
    notice_channels: tuple[Literal["sms", "email"], ...]
    notice_max_segments: Count
    short_notice: bool


class SendingTerms(Facts):
    """The hours in which a message may leave (Helsinki), and how often one is tried."""

    opens_hour: Hour
    closes_hour: Hour
    court_closes_hour: Hour
    attempts: Count
    receipt_hours: Count
    price_per_segment: Price


class RunTerms(Facts):
    """How a month's run goes on from its plan."""

    auto_approve: bool
    plan_days: Count
    canary_first: Count
    canary_share: Share


class GuardTerms(Facts):
    """When a run is held because it is not like the last ones."""

    snapshot_hours: Count
    rows_change: Share
    missing_share: Share
    volume_above: Share
    volume_above_least: Count
    volume_below: Share
    scale_low: Multiple
    scale_high: Multiple
    churn: Share
    contacts_points: Share
    cap: Count
    daily_cap: Count
    breaker_streak: Count
    breaker_share: Share
    breaker_after: Count
    permanent_share: Share
    bad_rows_share: Share


class ReportTerms(Facts):
    """What the monthly report counts, and what it hides."""

    answer_days: tuple[Count, ...]
    months: Count
    smallest_group: Annotated[int, Field(ge=5)]
    court_contact: Share


class Policy(Facts):
    """Every number the judgement uses. `basis` gives each one's source, by its dotted name."""

    name: str
    in_force_from: Day
    scope: Scope
    debt: DebtTerms
    sms: SmsTerms
    letter: LetterTerms
    court: CourtTerms
    sending: SendingTerms
    run: RunTerms
    guards: GuardTerms
    report: ReportTerms
    interest: Mapping[str, Decimal]
    basis: Mapping[str, str]
