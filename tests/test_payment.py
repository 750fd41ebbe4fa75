"""How a debt is paid: references, and the bank barcode against published examples (Bank Bar Code Guide 5.3)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.payment import barcode, check_digit, grouped, reference

IBAN = "FI3715903000000776"
DUE = date(2016, 12, 21)


@pytest.mark.parametrize(("base", "digit"), [("1111", "2"), ("123", "2"), ("1234567890123456789", "4"), ("555", "5")])
def test_the_check_digit_of_a_viitenumero_is_counted_with_7_3_1(base: str, digit: str) -> None:
    assert check_digit(base) == digit


def test_a_check_digit_of_ten_is_zero() -> None:
    assert check_digit("130") == "0"  # 0 x 7 + 3 x 3 + 1 x 1 = 10
    assert reference("1300") == "1300"


@pytest.mark.parametrize(
    ("written", "as_banks_compare_it"),
    [
        ("11112", "11112"),
        ("1111 2", "11112"),
        ("0000011112", "11112"),
        ("12345678901234567894", "12345678901234567894"),
        ("RF9811112", "RF9811112"),
        ("rf98 1111 2", "RF9811112"),
        ("RF40123456789012345678901", "RF40123456789012345678901"),
    ],
)
def test_a_reference_is_known_in_every_way_that_people_write_it(written: str, as_banks_compare_it: str) -> None:
    assert reference(written) == as_banks_compare_it


@pytest.mark.parametrize(
    "mistyped",
    [
        "",
        "11113",
        "111",
        "1-1112",
        "１１１１２",
        "123456789012345678901",
        "RF9911112",
        "RF98ABCD",
        "RF98",
        "11112 x",
        "+11112",
    ],
)
def test_a_mistyped_reference_is_refused(mistyped: str) -> None:
    with pytest.raises(ValueError, match="viitenumero"):
        reference(mistyped)


@pytest.mark.parametrize(
    ("plain", "read_aloud"),
    [
        ("11112", "11112"),
        ("868624", "8 68624"),
        ("12345678901234567894", "12345 67890 12345 67894"),
        ("RF9811112", "RF98 1111 2"),
    ],
)
def test_a_reference_is_read_aloud_in_groups(plain: str, read_aloud: str) -> None:
    assert grouped(plain) == read_aloud


@pytest.mark.parametrize(
    ("iban", "euros", "ref", "due", "digits"),
    [
        (IBAN, "12.25", "11112", DUE, "437159030000007760000122500000000000000000011112161221"),
        (IBAN, "1.10", "RF9811112", date(2017, 1, 1), "537159030000007760000011098000000000000000011112170101"),
        (
            "FI7944052020036082",
            "4883.15",
            "RF09868516259619897",
            date(2010, 6, 12),
            "579440520200360820048831509000000868516259619897100612",
        ),
        (IBAN, "0.00", "11112", None, "437159030000007760000000000000000000000000011112000000"),
        (IBAN, "999999.99", "11112", None, "437159030000007769999999900000000000000000011112000000"),
    ],
)
def test_the_barcode_is_the_published_one(iban: str, euros: str, ref: str, due: date | None, digits: str) -> None:
    assert barcode(iban, Decimal(euros), ref, due) == digits


def test_more_than_the_barcode_can_hold_is_refused() -> None:
    with pytest.raises(ValueError, match=r"999999\.99"):
        barcode(IBAN, Decimal("1000000.00"), "11112", None)


def test_a_foreign_account_is_refused() -> None:
    with pytest.raises(ValueError, match="Finnish IBAN"):
        barcode("DE89370400440532013000", Decimal("1.00"), "11112", None)


@given(
    st.integers(100, 10**19 - 1),
    st.integers(0, 99999999),
    st.booleans(),
    st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31)),
)
def test_every_barcode_has_54_digits_and_gives_back_what_it_was_made_from(
    base: int, cents: int, international: bool, due: date | None
) -> None:
    national = f"{base}{check_digit(str(base))}"
    ref = f"RF{98 - int(f'{national}271500') % 97:02}{national}" if international else national
    digits = barcode(IBAN, Decimal(cents) / 100, reference(ref), due)
    assert len(digits) == 54
    assert digits.isdecimal()
    assert int(digits[17:25]) == cents
    assert digits[27:48].lstrip("0") == national
    assert digits[48:] == (f"{due:%y%m%d}" if due else "000000")
