"""The landlord, as every letter must name it: configuration of the deployment, checked when it is read."""

import tomllib
from importlib import resources
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from stdnum import bic, iban
from stdnum.exceptions import ValidationError as Invalid
from stdnum.fi import ytunnus

from arrears.model import Address, Facts

Line = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(lambda text: _printed(text))]


def _printed(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise ValueError("expected one line of text")
    return text


def _account(value: Any) -> str:
    try:
        account = iban.validate(str(value))
    except Invalid:
        raise ValueError("expected a Finnish IBAN, such as FI37 1590 3000 0007 76") from None
    if not account.startswith("FI"):
        raise ValueError("expected a Finnish IBAN: the bank barcode has no room for another")
    return str(account)


def _bank(value: Any) -> str:
    try:
        return str(bic.validate(str(value)))
    except Invalid:
        raise ValueError("expected a BIC, such as NDEAFIHH") from None


def _business_id(value: Any) -> str:
    try:
        return str(ytunnus.format(ytunnus.validate(str(value))))
    except Invalid:
        raise ValueError("expected a Finnish business id with its check digit, such as 1234567-1") from None


class Help(Facts):
    """Where a tenant in debt gets help: one line each, as a tenant reads it."""

    housing_adviser: Line
    kela: Line
    debt_advice: Line
    legal_aid: Line


class Creditor(Facts):
    """The landlord: who is owed, how to pay, whom to ask. `logo` is SVG; without one the name stands in its place."""

    name: Line
    address: Address
    business_id: Annotated[str, BeforeValidator(_business_id)]
    iban: Annotated[str, BeforeValidator(_account)]
    bic: Annotated[str, BeforeValidator(_bank)]
    phone: Line
    hours: Line
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]
    team: Line
    help: Help
    logo: str | None = None


def example() -> Creditor:
    """A made-up landlord, plainly a test one: for demos, previews and tests, never for a letter that is posted."""
    text = (resources.files("arrears") / "texts" / "creditor_example.toml").read_text("utf-8")
    return Creditor.model_validate(tomllib.loads(text))
