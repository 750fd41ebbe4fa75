"""Every way Finns write a mobile number is understood; everything else is refused by its problem, never repaired."""

import re

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears import phones
from arrears.phones import PhoneProblem, e164, masked, problem
from tests.makers import LANDLINE, MOBILE

WAYS = [
    "0401122334",
    "040 1122334",
    "040 112 2334",
    "040 11 22 334",
    "040-1122334",
    "040-112 2334",
    "040 - 112 2334",
    "040.112.2334",
    "040/1122334",
    "(040) 1122334",
    "(040)112-2334",
    "+358401122334",
    "+358 40 1122334",
    "+358 40 112 2334",
    "+358-40-1122334",
    "+358 (0)40 112 2334",
    "+358 (0) 40 112 2334",
    "+358(40)1122334",
    "(+358) 40 1122334",
    "+358 040 1122334",
    "00358401122334",
    "00358 40 112 2334",
    "358401122334",
    "358 40 112 2334",
    "  0401122334  ",
    "\t040 112 2334\r\n",
]

REFUSED = [
    (None, PhoneProblem.EMPTY),
    ("", PhoneProblem.EMPTY),
    (" \t\r\n", PhoneProblem.EMPTY),
    ("=0401122334", PhoneProblem.ILLEGAL_CHARACTERS),
    ("040112233４", PhoneProblem.ILLEGAL_CHARACTERS),
    ("٠٤٠١١٢٢٣٣٤", PhoneProblem.ILLEGAL_CHARACTERS),
    ("040112\u200b2334", PhoneProblem.ILLEGAL_CHARACTERS),
    ("040\u00a0112\u00a02334", PhoneProblem.ILLEGAL_CHARACTERS),
    ("040\u2013112 2334", PhoneProblem.ILLEGAL_CHARACTERS),
    ("O401122334", PhoneProblem.ILLEGAL_CHARACTERS),
    ("040 112 2334 (koti)", PhoneProblem.ILLEGAL_CHARACTERS),
    ("puh. 0401122334", PhoneProblem.ILLEGAL_CHARACTERS),
    ("X0401122334X", PhoneProblem.ILLEGAL_CHARACTERS),
    ("\u00a0040 112 2334", PhoneProblem.ILLEGAL_CHARACTERS),
    ("0401122334, 0501122334", PhoneProblem.ILLEGAL_CHARACTERS),
    ("040112\n2334", PhoneProblem.ILLEGAL_CHARACTERS),
    ("0401122334;ext=5", PhoneProblem.ILLEGAL_CHARACTERS),
    ("1.0E+9", PhoneProblem.ILLEGAL_CHARACTERS),
    ("401122334", PhoneProblem.NOT_A_NUMBER),
    ("40 112 2334", PhoneProblem.NOT_A_NUMBER),
    ("3580401122334", PhoneProblem.NOT_A_NUMBER),
    ("040 112 233/4", PhoneProblem.NOT_A_NUMBER),
    ("0401122334/0501122334", PhoneProblem.NOT_A_NUMBER),
    ("0401122334 0501122334", PhoneProblem.NOT_A_NUMBER),
    ("04011223344556", PhoneProblem.NOT_A_NUMBER),
    ("0401", PhoneProblem.NOT_A_NUMBER),
    ("0", PhoneProblem.NOT_A_NUMBER),
    ("-", PhoneProblem.NOT_A_NUMBER),
    ("+", PhoneProblem.NOT_A_NUMBER),
    ("()", PhoneProblem.NOT_A_NUMBER),
    ("000000000", PhoneProblem.NOT_A_NUMBER),
    ("++358401122334", PhoneProblem.NOT_A_NUMBER),
    ("040+1122334", PhoneProblem.NOT_A_NUMBER),
    ("(040 1122334", PhoneProblem.NOT_A_NUMBER),
    ("+999401122334", PhoneProblem.NOT_A_NUMBER),
    ("+46123", PhoneProblem.NOT_A_NUMBER),
    ("0491122334", PhoneProblem.NOT_MOBILE),
    ("+358491122334", PhoneProblem.NOT_MOBILE),
    (LANDLINE, PhoneProblem.NOT_MOBILE),
    ("+358 9 310 1234", PhoneProblem.NOT_MOBILE),
    ("018 12345", PhoneProblem.NOT_MOBILE),
    ("010 123 456", PhoneProblem.NOT_MOBILE),
    ("020 123 4567", PhoneProblem.NOT_MOBILE),
    ("029 123 4567", PhoneProblem.NOT_MOBILE),
    ("030 123 456", PhoneProblem.NOT_MOBILE),
    ("112", PhoneProblem.FORBIDDEN),
    ("0112", PhoneProblem.FORBIDDEN),
    ("0600 12345", PhoneProblem.FORBIDDEN),
    ("0700 12345", PhoneProblem.FORBIDDEN),
    ("0800 12345", PhoneProblem.FORBIDDEN),
    ("+358 600 12345", PhoneProblem.FORBIDDEN),
    ("+46 70 123 45 67", PhoneProblem.FOREIGN),
    ("0046701234567", PhoneProblem.FOREIGN),
    ("+372 5123 4567", PhoneProblem.FOREIGN),
    ("+1 212 555 0123", PhoneProblem.FOREIGN),
    ("0401111111", PhoneProblem.PLACEHOLDER),
    ("0400000000", PhoneProblem.PLACEHOLDER),
    ("0400 111 111", PhoneProblem.PLACEHOLDER),
    ("050 999 9999", PhoneProblem.PLACEHOLDER),
    ("0457 555 5555", PhoneProblem.PLACEHOLDER),
    ("+358401111111", PhoneProblem.PLACEHOLDER),
]


@pytest.mark.parametrize("typed", WAYS)
def test_every_way_finns_write_a_mobile_number_is_the_same_number(typed: str) -> None:
    assert (e164(typed), problem(typed)) == ("+358401122334", None)


@pytest.mark.parametrize(("typed", "why"), REFUSED, ids=lambda value: repr(value))
def test_everything_else_is_refused_by_its_problem(typed: str | None, why: PhoneProblem) -> None:
    assert (e164(typed), problem(typed)) == (None, why)


@pytest.mark.parametrize(
    "prefix", ["040", "041", "042", "043", "044", "045", "046", "047", "048", "050", "0400", "0500"]
)
def test_mobile_prefixes_are_mobile(prefix: str) -> None:
    typed = f"{prefix} 112 2334"[: 11 if len(prefix) == 4 else None]
    assert e164(typed) == f"+358{typed.replace(' ', '')[1:]}"


@pytest.mark.parametrize("typed", ["040 123 4567", "+358 50 123 4567", "044 765 4321"])
def test_a_run_of_digits_may_be_somebodys_own_number(typed: str) -> None:
    assert problem(typed) is None


def test_an_aland_mobile_number_is_finnish() -> None:
    assert e164("0457 343 1234") == "+3584573431234"


@pytest.mark.parametrize("code", list(PhoneProblem))
def test_every_problem_of_the_contract_is_shown(code: PhoneProblem) -> None:
    assert code in {why for _, why in REFUSED}


@given(st.from_regex(r"0(4[0-9]|50)[0-9]{3,10}", fullmatch=True))
def test_what_is_accepted_is_what_libphonenumber_calls_a_mobile_number(typed: str) -> None:
    number = phonenumbers.parse(typed, "FI")
    mobile = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE and not typed.startswith("049")
    if problem(typed) is not PhoneProblem.PLACEHOLDER:
        assert (e164(typed) is not None) == mobile
    if e164(typed):
        assert e164(typed) == phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@given(st.text(max_size=30) | st.from_regex(r"[0-9+()/. -]{0,20}", fullmatch=True))
def test_whatever_was_typed_there_is_a_number_or_a_problem_and_never_both(typed: str) -> None:
    number = e164(typed)
    assert (number is None) != (problem(typed) is None)
    assert number is None or (number.startswith(("+3584", "+35850")) and e164(number) == number)


@given(st.text(max_size=30))
def test_no_digit_is_added_and_none_left_out(typed: str) -> None:
    if number := e164(typed):
        assert "".join(filter(str.isdigit, typed)).endswith(number.removeprefix("+358"))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [(MOBILE, "***34"), ("+358401122334", "***34"), ("040 1122 (Testi)", "***22"), ("123456", "***"), (None, "***")],
)
def test_a_message_shows_at_most_the_last_two_digits(typed: str | None, shown: str) -> None:
    assert masked(typed) == shown


@pytest.mark.parametrize(
    "typed",
    ["=0401122334", "040112\u200b2334", "040112233４", "401122334", "0401111111", "040 112 233 ext. 4"],
)
def test_a_judge_that_trusts_libphonenumber_alone_would_text_a_wrong_number(typed: str) -> None:
    assert phonenumbers.is_valid_number(phonenumbers.parse(typed, "FI")), "refused by the library now: drop this row"
    assert e164(typed) is None


@pytest.mark.parametrize(
    ("protection", "without", "typed"),
    [
        ("_is_placeholder", lambda national: False, "0401111111"),
        ("FINNISH", re.compile(r"(?:(?:\+|00)3580?|358|0?)([1-9][0-9]*)"), "401122334"),
        ("SEPARATORS", str.maketrans("", "", " .-/"), "040 112 233/4"),
    ],
)
def test_without_its_protection_a_wrong_number_would_be_texted(
    protection: str, without: object, typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert e164(typed) is None
    monkeypatch.setattr(phones, protection, without)
    assert phones._judged.__wrapped__(typed)[0]
