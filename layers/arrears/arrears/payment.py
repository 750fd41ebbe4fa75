"""How a debt is paid: the reference, the account and the bank barcode that a payer scans instead of typing."""

import re
from datetime import date
from decimal import Decimal
from itertools import cycle

from stdnum import iso11649

NATIONAL = re.compile(r"[0-9]{4,20}", re.ASCII)
INTERNATIONAL = re.compile(r"RF[0-9]{2}[0-9]{4,21}", re.ASCII)
FINNISH_IBAN = re.compile(r"FI[0-9]{16}", re.ASCII)
MOST = Decimal("999999.99")
# A payment counts first as interest, then as rent, and last as the costs of letters (513/1999 s. 11 a).
ORDER_OF_PAYMENT = ("interest", "principal", "costs")


def check_digit(base: str) -> str:
    """The last digit of a viitenumero: weights 7, 3, 1 from the right, up to the next ten. 1111 gives 2."""
    weighed = sum(int(digit) * weight for digit, weight in zip(reversed(base), cycle((7, 3, 1)), strict=False))
    return str(-weighed % 10)


def reference(text: str) -> str:
    """A reference as banks compare it: a viitenumero without leading zeros, or RF and digits (ISO 11649).

    Raises ValueError when it is neither, or its check digits are wrong: a mistyped reference loses the payment.
    """
    given = text.replace(" ", "").upper()
    if INTERNATIONAL.fullmatch(given) and iso11649.is_valid(given):
        return given
    digits = given.lstrip("0")
    if NATIONAL.fullmatch(digits) and check_digit(digits[:-1]) == digits[-1]:
        return digits
    raise ValueError("expected a viitenumero (4-20 digits, check digit 7-3-1) or an RF reference")


def grouped(reference: str) -> str:
    """The reference as it is read aloud: a viitenumero in fives from the right, an RF reference in fours."""
    if reference.startswith("RF"):
        return " ".join(re.findall(".{1,4}", reference))
    return " ".join(re.findall(".{1,5}", reference[::-1]))[::-1]


def barcode(iban: str, amount: Decimal, reference: str, due: date | None) -> str:
    """The 54 digits of the bank barcode: version 4 for a viitenumero, 5 for an RF reference (Bank Bar Code Guide 5.3).

    `iban` Finnish without spaces, `amount` in euros, `reference` as `reference()` gives it; no due date is 000000.
    Raises ValueError for a foreign account or an amount that eight digits cannot hold.
    """
    if not FINNISH_IBAN.fullmatch(iban):
        raise ValueError("expected a Finnish IBAN: the bank barcode has no room for another")
    if not 0 <= amount <= MOST:
        raise ValueError(f"expected at most {MOST} euros: the bank barcode has no room for more")
    day = f"{due:%y%m%d}" if due else "000000"
    start = f"{iban[2:]}{amount * 100:08.0f}"
    if reference.startswith("RF"):
        return f"5{start}{reference[2:4]}{reference[4:]:0>21}{day}"
    return f"4{start}000{reference:0>20}{day}"
