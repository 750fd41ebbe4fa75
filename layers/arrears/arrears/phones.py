"""The numbers people typed: a Finnish mobile number as E.164, or the reason why no text can go to it. Never a guess."""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Any

import phonenumbers


class PhoneProblem(StrEnum):
    """Why no text can go to a number (CONTRACT section 3)."""

    EMPTY = "empty"
    ILLEGAL_CHARACTERS = "illegal_characters"
    NOT_A_NUMBER = "not_a_number"
    NOT_MOBILE = "not_mobile"
    FORBIDDEN = "forbidden"
    FOREIGN = "foreign"
    PLACEHOLDER = "placeholder"


# Characters come first: libphonenumber itself takes letters, "=040...", zero-width spaces and other scripts' digits.
LEGAL = re.compile(r"[0-9+()/. -]+", re.ASCII)
SEPARATORS = str.maketrans("", "", " .-")
# One pair of brackets or one slash may set off the country code, the trunk zero or the operator's prefix, nothing else:
# "040 123 456/7" is two numbers.
WRITTEN = re.compile(r"(?:\((\+?[0-9]{1,5})\)/?|(0[0-9]{2,3})/|(\+?[0-9]+)(?:\(([0-9]{1,4})\))?)([0-9]*)", re.ASCII)
# "358..." without the plus is the operators' own form and has one reading; "40..." without the zero has several.
FINNISH = re.compile(r"(?:(?:\+|00)3580?|358|0)([1-9][0-9]*)", re.ASCII)
ABROAD = re.compile(r"(?:\+|00)([1-9][0-9]+)", re.ASCII)

EMERGENCY = "112"
CHARGED = ("600", "700", "800")
MACHINES = "49"
# What people type where a form insists on a number is one digit repeated. A run such as 123 4567 may be somebody's own.
PREFIX = re.compile(r"400|500|457|4[0-8]|50", re.ASCII)

PLAN: Any = phonenumbers.PhoneMetadata.metadata_for_region("FI")
MOBILE = re.compile(PLAN.mobile.national_number_pattern, re.ASCII)
POSSIBLE = re.compile(PLAN.general_desc.national_number_pattern, re.ASCII)


def e164(raw: str | None) -> str | None:
    """The number a text can go to, as "+358401122334"; None when there is a problem with it."""
    return _judged(raw)[0]


def problem(raw: str | None) -> PhoneProblem | None:
    """Why no text can go to what was typed, or None when one can."""
    return _judged(raw)[1]


def masked(raw: str | None) -> str:
    """What a message may show of a number: its last two digits, and of anything that is hardly a number, nothing."""
    digits = re.sub(r"[^0-9]", "", raw or "")
    return f"***{digits[-2:]}" if len(digits) >= 7 else "***"


@lru_cache(maxsize=4096)
def _judged(raw: str | None) -> tuple[str | None, PhoneProblem | None]:
    typed = (raw or "").strip(" \t\r\n")
    if not typed:
        return None, PhoneProblem.EMPTY
    if not LEGAL.fullmatch(typed):
        return None, PhoneProblem.ILLEGAL_CHARACTERS
    number = _joined(typed)
    if finnish := FINNISH.fullmatch(number):
        found = _finnish_problem(finnish[1])
        return (None, found) if found else (f"+358{finnish[1]}", None)
    return None, _other_problem(number)


def _joined(typed: str) -> str:
    written = WRITTEN.fullmatch(typed.translate(SEPARATORS))
    return "".join(part or "" for part in written.groups()) if written else ""


def _finnish_problem(national: str) -> PhoneProblem | None:
    """Judges a number without its country code and zero by libphonenumber's own numbering plan for Finland."""
    if national.startswith(CHARGED) or national == EMERGENCY:
        return PhoneProblem.FORBIDDEN
    if MOBILE.fullmatch(national) and not national.startswith(MACHINES):
        return PhoneProblem.PLACEHOLDER if _is_placeholder(national) else None
    return PhoneProblem.NOT_MOBILE if POSSIBLE.fullmatch(national) else PhoneProblem.NOT_A_NUMBER


def _is_placeholder(national: str) -> bool:
    rests = {national[prefix_length:] for prefix_length in (2, 3) if PREFIX.fullmatch(national[:prefix_length])}
    return any(len(set(rest)) == 1 for rest in rests)


def _other_problem(number: str) -> PhoneProblem:
    if number == EMERGENCY:
        return PhoneProblem.FORBIDDEN
    abroad = ABROAD.fullmatch(number)
    return PhoneProblem.FOREIGN if abroad and _is_possible(abroad[1]) else PhoneProblem.NOT_A_NUMBER


def _is_possible(international: str) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(f"+{international}"))
    except phonenumbers.NumberParseException:
        return False
