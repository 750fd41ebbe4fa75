"""The landlord's details are checked when they are read, not when the first letter is wrong."""

from typing import Any

import pytest
from pydantic import ValidationError

from arrears.creditor import Creditor, example


def details(**changes: Any) -> dict[str, Any]:
    """The made-up landlord as configuration writes it."""
    return example().model_dump(mode="json") | changes


def test_the_example_is_plainly_a_made_up_landlord() -> None:
    creditor = example()
    assert creditor.name.startswith("Testi")
    assert creditor.email.endswith("@example.com")
    assert creditor.business_id == "1234567-1"


def test_an_account_may_be_written_with_spaces() -> None:
    assert Creditor.model_validate(details(iban="FI37 1590 3000 0007 76")).iban == "FI3715903000000776"


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("iban", "FI37 1590 3000 0007 77", "Finnish IBAN"),
        ("iban", "DE89 3704 0044 0532 0130 00", "Finnish IBAN"),
        ("business_id", "1234567-2", "business id"),
        ("bic", "NDEA", "BIC"),
        ("email", "vuokravalvonta", "match pattern"),
        ("name", " ", "one line"),
        ("phone", "", "at least 1 character"),
        ("hours", "ma\nti", "one line"),
        ("team", None, "valid string"),
        ("help", {"kela": "x"}, "Field required"),
        ("slogan", "x", "not permitted"),
    ],
)
def test_a_wrong_detail_is_refused_by_name(field: str, value: Any, expected: str) -> None:
    with pytest.raises(ValidationError, match=expected) as caught:
        Creditor.model_validate(details(**{field: value}))
    assert caught.value.errors()[0]["loc"][0] == field


@pytest.mark.parametrize(
    "field", ["name", "address", "business_id", "iban", "bic", "phone", "hours", "email", "team", "help"]
)
def test_no_detail_that_a_letter_needs_may_be_left_out(field: str) -> None:
    given = details()
    del given[field]
    with pytest.raises(ValidationError, match="Field required"):
        Creditor.model_validate(given)
