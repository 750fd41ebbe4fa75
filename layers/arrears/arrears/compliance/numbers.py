"""Digits, sums of money, telephone numbers and payment details, in figures and in words."""

import re
import unicodedata
from functools import cache
from itertools import pairwise

from arrears.compliance.reading import Reading
from arrears.compliance.words import lines, words
from arrears.payment import reference
from arrears.phones import PhoneProblem, problem

FIGURE_SUM = re.compile(r"[0-9]\s*(?:e\b|,-)|[0-9][.,][0-9]{2}(?![0-9])")
PHONE = re.compile(r"[+(]{0,2}[0-9][0-9 ()/.-]{3,}[0-9]")
NO_PHONE = {PhoneProblem.NOT_A_NUMBER, PhoneProblem.ILLEGAL_CHARACTERS, PhoneProblem.EMPTY}
SPELLED_PHONE = 4

FIGURES = re.compile(r"[0-9](?:[ -]?[0-9]){3,}")
ACCOUNT = re.compile(r"\b[a-z]{2}\s?[0-9]{2}(?:[ -]?[a-z0-9]){11,30}\b|[0-9](?:[ -]?[0-9]){13,}")
RF = re.compile(r"\brf\s?[0-9]{2}(?:\s?[a-z0-9]){1,21}\b")
BIC = re.compile(r"\b[A-Z]{4}FI[A-Z0-9]{2}(?:[A-Z0-9]{3})?\b")


def names_digit(reading: Reading) -> bool:
    """A digit of any script, or another sign for a number."""
    return reading.has_digit


def names_money(reading: Reading) -> bool:
    """A currency's sign or name, a sum in figures, or one in words: "kaksisataa", but not "kymmenen päivää"."""
    found = [word.small for word in reading.words]
    return (
        any(unicodedata.category(sign) == "Sc" for sign in reading.plain)
        or bool(FIGURE_SUM.search(reading.small))
        or any(words("money").have(word) for word in found)
        or any(_is_sum(word, after) for word, after in pairwise([*found, ""]))
    )


def names_phone(reading: Reading) -> bool:
    """A telephone number of any kind, Finnish or foreign, in figures or spelled out one by one."""
    if any(problem(found[0]) not in NO_PHONE for found in PHONE.finditer(reading.plain)):
        return True
    run = longest = 0
    for word in reading.words:
        run = run + 1 if _numeral().fullmatch(word.small) else 0
        longest = max(longest, run)
    return longest >= SPELLED_PHONE


def names_payment(reading: Reading) -> bool:
    """An account, a bank, a reference with its check digit, or figures beside the words for them."""
    if BIC.search(reading.plain) or any(words("payment_services").have(word.small) for word in reading.words):
        return True
    if not reading.has_digit:
        return False
    return (
        any(words("payment_words").have(word.small) for word in reading.words)
        or bool(ACCOUNT.search(reading.small) or RF.search(reading.small))
        or any(_is_reference(found[0]) for found in FIGURES.finditer(reading.plain))
    )


def _is_sum(word: str, after: str) -> bool:
    return bool(_large_numeral().fullmatch(word)) and not words("counted").have(after)


def _is_reference(figures: str) -> bool:
    try:
        return bool(reference(figures.replace("-", "")))
    except ValueError:
        return False


@cache
def _numeral() -> re.Pattern[str]:
    return re.compile(f"(?:{_either('numerals_small')}|{_either('numerals_big')})+")


@cache
def _large_numeral() -> re.Pattern[str]:
    small, big = _either("numerals_small"), _either("numerals_big")
    return re.compile(f"(?!toista$)(?:{small})*(?:{big})(?:{small}|{big})*(?:e|eur|euro[a-zäö]*)?")


def _either(name: str) -> str:
    return "|".join(line.replace("*", "[a-zäö]*") for line in lines(name))
