"""Finnish identity codes (henkilötunnus) do not belong in an export: a date of birth is enough (data minimisation)."""

import json
import re
from collections.abc import Iterator
from typing import Any

from stdnum.fi import hetu

from arrears.intake.findings import Place

# Every line is looked at, so first cheaply: digits become 0, the separators of both centuries (since 2023 also letters)
# become -, and what is left has the shape of an identity code or has not.
SHAPES = bytes(
    ord("0") if chr(sign).isdecimal() else ord("-") if chr(sign).upper() in "-+ABCDEFUVWXY" else ord(" ")
    for sign in range(256)
)
SHAPE = b"000000-000"
CODE = re.compile(r"(?<![0-9A-Za-z])[0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-Y](?![0-9A-Za-z])", re.ASCII | re.IGNORECASE)
# "\\u0030" is a 0: an escaped ASCII character may hide a code from the cheap look.
ESCAPED = re.compile(rb"\\u00[0-7]")
LIKE_A_NUMBER = re.compile(r"[0-9]{6}-[0-9]{4}", re.ASCII)


def may_hold_code(line: bytes) -> bool:
    """Whether the line is worth a closer look."""
    return SHAPE in line.translate(SHAPES) or (b"\\" in line and ESCAPED.search(line) is not None)


def is_code(text: str, field: str = "") -> bool:
    """Whether the text contains an identity code with a true check character.

    A phone number may be written "040506-7891", and one in thirty of those would pass: in a phone field only a code
    that no number can be counts.
    """
    found = CODE.findall(text)
    if field.endswith("phone"):
        found = [code for code in found if not LIKE_A_NUMBER.fullmatch(code)]
    return any(hetu.is_valid(code, allow_temporary=True) for code in found)


def place_of_code(row: Any, place: Place = ()) -> Place | None:
    """Where in a decoded row an identity code stands, or None."""
    if isinstance(row, str):
        return place if is_code(row, str(place[-1]) if place else "") else None
    found = (place_of_code(value, (*place, step)) for step, value in _inside(row))
    return next((where for where in found if where is not None), None)


def decoded(line: str) -> Any:
    """The line as JSON where it is JSON, else as text: an identity code is found in either."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return line


def _inside(row: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(row, dict):
        yield from row.items()
        yield from (("", key) for key in row)
    elif isinstance(row, list):
        yield from enumerate(row)
