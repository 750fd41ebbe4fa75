"""What can be wrong with an export, said in one sentence to the person who made it, with the fix. Values are masked."""

import re
from enum import StrEnum
from typing import Any

from arrears.model import Facts


class Code(StrEnum):
    """What is wrong. Codes are stable; their sentences may change."""

    # with the file as a whole
    FILE_NAME = "file_name"
    TOO_LARGE = "too_large"
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    NOT_GZIP = "not_gzip"
    SAME_FILE = "same_file"
    OLDER_FILE = "older_file"
    OTHER_DAY = "other_day"
    FUTURE_DAY = "future_day"
    EMPTY = "empty"
    LINE_TOO_LONG = "line_too_long"
    NOT_UTF8 = "not_utf8"
    BYTE_ORDER_MARK = "byte_order_mark"
    NOT_JSON = "not_json"
    REPEATED_FIELD = "repeated_field"
    NOT_A_NUMBER = "not_a_number"
    HEADER = "header"
    CELL_COUNT = "cell_count"
    QUOTES = "quotes"
    CONTROL_CHARACTER = "control_character"
    MIXED_DECIMALS = "mixed_decimals"
    IDENTITY_CODE = "identity_code"
    MANIFEST = "manifest"
    MANIFEST_ROWS = "manifest_rows"
    MANIFEST_TOTAL = "manifest_total"
    SCALE = "scale"
    TOO_MANY_BAD_ROWS = "too_many_bad_rows"
    # with one row
    UNKNOWN_FIELD = "unknown_field"
    MISSING_FIELD = "missing_field"
    WRONG_TYPE = "wrong_type"
    MONEY = "money"
    DATE = "date"
    NO_SUCH_DAY = "no_such_day"
    UNLIKELY_DAY = "unlikely_day"
    BIRTH_DATE = "birth_date"
    IDENTIFIER = "identifier"
    AREA = "area"
    CHOICE = "choice"
    BLANK = "blank"
    TOO_LONG = "too_long"
    BROKEN_LETTERS = "broken_letters"
    POSTAL_CODE = "postal_code"
    REFERENCE = "reference"
    NO_RENT = "no_rent"
    UNPAID_OVER_CHARGED = "unpaid_over_charged"
    NO_TENANT = "no_tenant"
    NO_MAIN_TENANT = "no_main_tenant"
    SAME_TENANT = "same_tenant"
    SAME_CHARGE = "same_charge"
    SAME_TENANCY = "same_tenancy"
    ROWS_DIFFER = "rows_differ"
    ROWS_MISSING = "rows_missing"
    TOO_MANY_ROWS = "too_many_rows"


SENTENCES = {
    Code.FILE_NAME: "Name the file snapshot-YYYY-MM-DD.jsonl, .jsonl.gz or .csv after the ledger day, not {got}.",
    Code.TOO_LARGE: "The file is larger than {most} MB: compress it with gzip, or have the limit raised.",
    Code.UNPACKS_TOO_LARGE: "The file unpacks to more than {most} MB: export only the contract's fields.",
    Code.NOT_GZIP: "The file does not unpack: it was cut short or damaged, so compress and send it again.",
    Code.SAME_FILE: "This very file was imported before: send it only if the ledger was exported anew.",
    Code.OLDER_FILE: "The ledger day of the file is before {newest}, that of the snapshot in use: send the newest one.",
    Code.OTHER_DAY: "The as_of is not the file's ledger day, {expected}: export one ledger day into one file.",
    Code.FUTURE_DAY: "The ledger day of the file is after today, {today}: check the day of the export.",
    Code.EMPTY: "The file has no tenancies: check that the export ran to its end.",
    Code.LINE_TOO_LONG: "The line is longer than {most} characters: write one tenancy per line.",
    Code.NOT_UTF8: "The line is not UTF-8 (Windows-1252, perhaps): export the file as UTF-8.",
    Code.BYTE_ORDER_MARK: "The file begins with a byte order mark: export it as UTF-8 without one.",
    Code.NOT_JSON: "The line is not one whole JSON object: write each tenancy as one object on one line, to the last.",
    Code.REPEATED_FIELD: "The field {repeated} is there twice in one object: write it once.",
    Code.NOT_A_NUMBER: 'The line has a number that is none, such as NaN: write money as text, such as "812.40".',
    Code.HEADER: "Column {at} of the header should be {expected}, not {got}: write the contract's {most} columns.",
    Code.CELL_COUNT: "The line has {got} cells instead of {expected}: put a cell that contains {delimiter} in quotes.",
    Code.QUOTES: 'A cell in quotes does not end where it should: write a quote inside it as "", and no line breaks.',
    Code.CONTROL_CHARACTER: "The line contains a control character: remove it, and end each line with LF or CR LF.",
    Code.MIXED_DECIMALS: "Money has a decimal comma here and a decimal point elsewhere: use one throughout the file.",
    Code.IDENTITY_CODE: "There is a Finnish identity code here: leave identity codes out, a date of birth is enough.",
    Code.MANIFEST: 'Write the manifest once, as the first line, like {{"manifest": {{"as_of": "2026-11-23", "rows": 3, '
    '"debt_total": "2400.00"}}}}; the total is never below zero.',
    Code.MANIFEST_ROWS: "The manifest says {expected} rows, but the file has {got}: export it again, whole.",
    Code.MANIFEST_TOTAL: "The manifest says EUR {expected}, but the rows add up to {got}: export it again, whole.",
    Code.SCALE: "Balances are {got} times those of {day} (median), not {low} to {high}: export money in euros.",
    Code.TOO_MANY_BAD_ROWS: "{got} of {rows} rows are wrong, at most {most} may be; the commonest fault: {first}",
    Code.UNKNOWN_FIELD: "The contract has no field {name}: leave it out.",
    Code.MISSING_FIELD: "The field {name} is missing: export it for every tenancy.",
    Code.WRONG_TYPE: "Write {name} as {expected}, not {got}.",
    Code.MONEY: 'Write {name} as text with a point and two decimals, such as "812.40", not {got}.',
    Code.DATE: 'Write {name} as YYYY-MM-DD, such as "2026-11-05", not {got}.',
    Code.NO_SUCH_DAY: "The day in {name} is not in the calendar: correct it in the ledger.",
    Code.UNLIKELY_DAY: "The day in {name} is {wrong}: correct it in the ledger.",
    Code.BIRTH_DATE: "Nobody on a lease was born {wrong}: correct birth_date in the tenant records.",
    Code.IDENTIFIER: "Write {name} with 1 to 40 of the characters A-Z a-z 0-9 . _ - and no others, not {got}.",
    Code.AREA: "Write area as one of {expected}, not {got}.",
    Code.CHOICE: "Write {name} as one of {expected}, not {got}.",
    Code.BLANK: "The {name} is empty: fill it in in the ledger.",
    Code.TOO_LONG: "The {name} is longer than {most} characters: shorten it in the ledger.",
    Code.BROKEN_LETTERS: "The {name} has broken or invisible letters: correct it in the ledger and export as UTF-8.",
    Code.POSTAL_CODE: 'Write postal_code with all five digits, such as "00710", not {got}.',
    Code.REFERENCE: "The reference {got} fails the check of a viitenumero or RF reference: correct it or leave it out.",
    Code.NO_RENT: "The month's rent must be more than 0.00: export the rent of the month of the ledger day.",
    Code.UNPAID_OVER_CHARGED: "More is unpaid than was charged: swap the two, or correct the charge in the ledger.",
    Code.NO_TENANT: "The tenancy has no tenants: export everyone on the lease.",
    Code.NO_MAIN_TENANT: "Nobody on the lease is a main tenant: give at least one tenant the role main.",
    Code.SAME_TENANT: "The same tenant is on the lease twice: export each person once.",
    Code.SAME_CHARGE: "The same charge is there twice: export it once, or tell the two apart by their references.",
    Code.SAME_TENANCY: "Lines {first} and {second} are the same tenancy: export each tenancy once.",
    Code.ROWS_DIFFER: "The tenancy's rows disagree on {name}: export the same value on each of them.",
    Code.ROWS_MISSING: "The tenancy lacks rows: export one for each main tenant and open item.",
    Code.TOO_MANY_ROWS: "More than {most} rows have this tenancy_id: give each tenancy its own.",
}
Place = tuple[str | int, ...]
FIELD = re.compile(r"[a-z_]{1,30}", re.ASCII)
SHOWN = 24


class Finding(Facts):
    """One thing that is wrong: where, which code, and the sentence with the fix. `line` counts from 1; `field` is the
    path in the row, or the column."""

    line: int | None = None
    tenancy_id: str | None = None
    field: str | None = None
    code: Code
    message: str


class Wrong(Exception):
    """Something is wrong at `place`, the path within the row."""

    def __init__(self, code: Code, *place: str | int, line: int | None = None, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.place, self.line = code, place, line
        field = next((step for step in reversed(place) if isinstance(step, str)), None)
        self.message = SENTENCES[code].format(name=named(field), **facts)

    @property
    def refuses(self) -> bool:
        """Whether the whole file is refused for it, not this row alone."""
        return self.code not in ROW_CODES


ROW_CODES = frozenset(list(Code)[list(Code).index(Code.UNKNOWN_FIELD) :])


def masked(value: Any) -> str:
    """The shape of a value without the value: letters as x, digits as 9; what is not text by its kind."""
    if isinstance(value, str):
        shape = "".join(_shape(sign) for sign in value[:SHOWN])
        return f'"{shape}"' if len(value) <= SHOWN else f'"{shape}..."'
    kinds = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return kinds.get(type(value), "null")


def named(field: object) -> str:
    """A field's name as the export writes it; a name that may be somebody's is masked."""
    return str(field) if FIELD.fullmatch(str(field)) else masked(str(field))


def _shape(sign: str) -> str:
    if sign.isalpha():
        return "X" if sign.isupper() else "x"
    if sign.isnumeric():
        return "9" if sign.isascii() else "?"  # another script's digit is what is wrong
    return sign if sign.isprintable() else "?"
