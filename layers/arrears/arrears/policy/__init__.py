"""The numbers: dated policy files, each number with its basis, in force from the date in the name until the next."""

import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Annotated, Any

from pydantic import Field, ValidationError

from arrears.model import Day, Facts, Money, Step

Share = Annotated[Decimal, Field(ge=0, le=1)]
Multiple = Annotated[Decimal, Field(gt=0)]
Days = Annotated[int, Field(ge=0, le=3650)]
Price = Annotated[Decimal, Field(ge=0, le=1, decimal_places=4)]
Hour = Annotated[int, Field(ge=7, le=22)]
Count = Annotated[int, Field(ge=1)]


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
    notice_min_age: int
    notice_max_age: int
    notice_channels: tuple[str, ...]
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
    scale_low: Decimal
    scale_high: Decimal
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


class PolicyError(ValueError):
    """A policy file that cannot be used: says which number and what is expected."""


def policy_on(today: date) -> Policy:
    """The policy in force that day. Raises PolicyError for a day before the first one."""
    names = [name for name in policy_names() if date.fromisoformat(name) <= today]
    if not names:
        raise PolicyError(f"no policy was in force on {today}: the first one begins on {policy_names()[0]}")
    return policy_named(names[-1])


def policy_names() -> list[str]:
    """The names of all policies, the oldest first. A name is the day from which it is in force."""
    return sorted(file.name.removesuffix(".toml") for file in _files() if file.name[:1].isdigit())


@cache
def policy_named(name: str) -> Policy:
    """One of our own policies, complete with what it continues."""
    return parse_policy(_text(name), name)


def parse_policy(text: str, name: str) -> Policy:
    """A policy from the TOML of one file, and from those it continues. Raises PolicyError naming the number."""
    try:
        values, basis = _merged(text, name)
        in_force_from = values.pop("in_force_from", name)
        return Policy.model_validate(
            {"name": name, "in_force_from": in_force_from, "interest": _interest(), "basis": basis, **values}
        )
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"policy {name}: not TOML: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise PolicyError(f"policy {name}: {where}: {first['msg']}") from None


def policy_schema() -> dict[str, Any]:
    """JSON Schema of one complete policy file, in which every number stands beside its basis."""
    schema = Policy.model_json_schema()
    sections = {key: ref["$ref"].rsplit("/", 1)[1] for key, ref in schema["properties"].items() if "$ref" in ref}
    for section in sections.values():
        terms = schema["$defs"][section]["properties"]
        schema["$defs"][section]["properties"] = {key: _with_basis(term) for key, term in terms.items()}
    schema["properties"] = {key: schema["properties"][key] for key in sections}
    schema["properties"]["continues"] = {"type": "string", "description": "the policy whose other numbers go on"}
    schema["properties"]["in_force_from"] = {"type": "string", "format": "date"}
    schema["required"] = list(sections)
    return schema


def _with_basis(term: dict[str, Any]) -> dict[str, Any]:
    basis = {"type": "string", "minLength": 1}
    return {
        "type": "object",
        "properties": {"value": term, "basis": basis},
        "required": ["value", "basis"],
        "additionalProperties": False,
    }


def _merged(text: str, name: str) -> tuple[dict[str, Any], dict[str, str]]:
    given = tomllib.loads(text)
    values: dict[str, Any] = {}
    basis: dict[str, str] = {}
    if earlier := given.pop("continues", None):
        if earlier not in policy_names():
            raise PolicyError(f"policy {name}: continues: no policy {earlier!r}, expected one of {policy_names()}")
        values, basis = deepcopy(_merged(_text(earlier), earlier))
    if "in_force_from" in given:
        values["in_force_from"] = given.pop("in_force_from")
    for section, key, number in _numbers(given, name):
        values.setdefault(section, {})[key] = number["value"]
        basis[f"{section}.{key}"] = number["basis"]
    return values, basis


def _numbers(given: dict[str, Any], name: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for section, terms in given.items():
        if not isinstance(terms, dict):
            raise PolicyError(f"policy {name}: {section}: expected a section such as [sms]")
        for key, number in terms.items():
            if not isinstance(number, dict) or set(number) != {"value", "basis"} or not number["basis"]:
                raise PolicyError(f"policy {name}: {section}.{key}: expected {{ value = ..., basis = '...' }}")
            yield section, key, number


@cache
def _interest() -> dict[str, Decimal]:
    rates = tomllib.loads((resources.files(__package__) / "interest.toml").read_text("utf-8"))
    return {half_year: Decimal(rate) for half_year, rate in rates.items()}


def _text(name: str) -> str:
    return (resources.files(__package__) / f"{name}.toml").read_text("utf-8")


def _files() -> Iterator[Traversable]:
    return (file for file in resources.files(__package__).iterdir() if file.name.endswith(".toml"))
