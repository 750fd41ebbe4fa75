"""Amounts and days are read alike from Python and from JSON, and what is neither is told in one sentence."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter, ValidationError

from arrears.model.facts import CALENDAR_DAY, DAY, EUROS, MONEY, _read_by, day, money


def amount() -> TypeAdapter[Decimal]:
    """An amount, put together here as the house does it when it is loaded."""
    return TypeAdapter(Annotated[Decimal, _read_by(money, MONEY, Decimal, EUROS)])


def on() -> TypeAdapter[date]:
    """A day, in the same way."""
    return TypeAdapter(Annotated[date, _read_by(day, DAY, date.fromisoformat, CALENDAR_DAY)])


@pytest.mark.parametrize(
    ("kind", "given", "read"), [(amount, "812.40", Decimal("812.40")), (on, "2026-11-23", date(2026, 11, 23))]
)
def test_amounts_and_days_are_read_alike_from_python_and_from_json(kind: Any, given: str, read: object) -> None:
    assert kind().validate_python(given) == kind().validate_json(f'"{given}"') == kind().validate_python(read) == read


@pytest.mark.parametrize(
    ("kind", "given", "name", "said"),
    [
        (amount, "812.4", "money", EUROS),
        (amount, "-812.40", "money", EUROS),
        (amount, "x812.40", "money", EUROS),
        (amount, "812.40x", "money", EUROS),
        (on, "2026-11-2", "day", CALENDAR_DAY),
        (on, "on 2026-11-23", "day", CALENDAR_DAY),
        (on, "2026-11-23T00", "day", CALENDAR_DAY),
    ],
)
def test_what_is_neither_is_told_in_one_sentence(kind: Any, given: str, name: str, said: str) -> None:
    with pytest.raises(ValidationError) as of_json:
        kind().validate_json(f'"{given}"')
    (error,) = of_json.value.errors()
    assert (error["type"], error["msg"]) == (name, said)
    with pytest.raises(ValidationError) as of_python:
        kind().validate_python(given)
    assert of_python.value.errors()[0]["msg"] == f"Value error, {said}"


@pytest.mark.parametrize("kind", [amount, on])
def test_a_number_is_neither(kind: Any) -> None:
    for validate, given in ((kind().validate_json, "812"), (kind().validate_python, 812)):
        with pytest.raises(ValidationError):
            validate(given)


def test_a_day_that_does_not_exist_is_none() -> None:
    with pytest.raises(ValidationError):
        on().validate_json('"2026-02-30"')
    with pytest.raises(ValidationError, match="expected a day that exists, as YYYY-MM-DD"):
        on().validate_python("2026-02-30")
