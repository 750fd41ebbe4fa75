"""Policy files: dated, each number with its basis, in force from the date in the name until the next."""

import tomllib
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from pydantic import ValidationError

from arrears.model import DAY
from arrears.policy.terms import Policy


class PolicyError(ValueError):
    """A policy file that cannot be used: says which number and what is expected."""


def policy_on(today: date) -> Policy:
    """The policy in force that day. Raises PolicyError for a day before the first one."""
    names = [name for name in policy_names() if date.fromisoformat(name) <= today]
    if not names:
        raise PolicyError(f"no policy was in force on {today}: the first one begins on {policy_names()[0]}")
    return policy_named(names[-1])


@cache
def policy_names() -> tuple[str, ...]:
    """The names of all policies, the oldest first. A name is the day from which it is in force."""
    return tuple(sorted(file.name.removesuffix(".toml") for file in _files() if file.name[:1].isdigit()))


@cache
def policy_named(name: str) -> Policy:
    """One of our own policies, complete with what it continues."""
    return parse_policy(_text(name), name)


def parse_policy(text: str, name: str) -> Policy:
    """A policy from the TOML of one file, and from those it continues. Raises PolicyError naming the number."""
    try:
        values, basis = _merged(text, name)
        policy = Policy.model_validate({"name": name, "interest": _interest(), "basis": basis, **values})
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"policy {name}: not TOML: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise PolicyError(f"policy {name}: {where}: {first['msg']}") from None
    if contradiction := next(_contradictions(policy), None):
        raise PolicyError(f"policy {name}: {contradiction}")
    return policy


def _contradictions(policy: Policy) -> Iterator[str]:
    """What no single number can be blamed for."""
    if unknown := set(policy.sms.areas) - set(policy.scope.areas):
        yield f"sms.areas: {sorted(unknown)} unknown, expected some of scope.areas {list(policy.scope.areas)}"
    terms, court, guards = policy.sending, policy.court, policy.guards
    for name, hour in (("closes_hour", terms.closes_hour), ("court_closes_hour", terms.court_closes_hour)):
        if hour <= terms.opens_hour:
            yield f"sending.{name}: {hour}, expected an hour after sending.opens_hour {terms.opens_hour}"
    if court.notice_max_age < court.notice_min_age:
        yield f"court.notice_max_age: {court.notice_max_age}, expected at least {court.notice_min_age}"
    if guards.scale_high < guards.scale_low:
        yield f"guards.scale_high: {guards.scale_high}, expected at least {guards.scale_low}"
    principals = [principal for principal, _ in policy.letter.cost_caps]
    if principals != sorted(principals) or not principals:
        yield f"letter.cost_caps: {[str(each) for each in principals]}, expected rising principals"


def _merged(text: str, name: str) -> tuple[dict[str, Any], dict[str, str]]:
    given = tomllib.loads(text)
    values: dict[str, Any] = {}
    basis: dict[str, str] = {}
    if earlier := given.pop("continues", None):
        if earlier not in policy_names():
            raise PolicyError(f"policy {name}: continues: no policy {earlier!r}, expected one of {policy_names()}")
        values, basis = deepcopy(_merged(_text(earlier), earlier))
    if "in_force_from" in given or DAY.fullmatch(name):
        values["in_force_from"] = given.pop("in_force_from", name)
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
