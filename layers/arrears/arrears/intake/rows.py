"""From a line to a tenancy: strict JSON, then the contract's fields, one by one."""

import json
import math
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from arrears.intake.findings import Code, Wrong, masked, named
from arrears.intake.lines import UTF8_BOM, Line, text
from arrears.model import Day, Facts, Money, Snapshot
from arrears.policy import Policy

KINDS = {
    "string_type": "text",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "model_type": "an object",
}


class Manifest(Facts):
    """What the export says of itself."""

    as_of: Day
    rows: int
    debt_total: Money


def snapshot_of(row: Line, policy: Policy) -> Snapshot:
    """The tenancy of the row. Raises Wrong for the first thing that is not as the contract says."""
    if row.wrong:
        raise row.wrong
    try:
        snapshot = Snapshot.model_validate_json(row.body, strict=True)
    except ValidationError as error:
        if "manifest" in strict_object(row):
            raise Wrong(Code.MANIFEST, "manifest") from None
        raise _told(error.errors(include_url=False)[0], policy) from None
    # Every field has its colon: as many colons as fields, and no field can be there twice. More of them may be text.
    if row.body.count(b":") != _fields(snapshot):
        strict_object(row)
    return snapshot


def manifest_of(line: Line) -> Manifest | None:
    """The manifest, when this first line is one. Raises Wrong when it is one and cannot be used."""
    if b'"manifest"' not in line.body:
        return None
    given = strict_object(line)
    if "manifest" not in given:
        return None
    try:
        if len(given) > 1:
            raise ValueError
        return Manifest.model_validate(given["manifest"], strict=True)
    except ValueError:
        raise Wrong(Code.MANIFEST, "manifest", line=line.number) from None


def strict_object(line: Line) -> dict[str, Any]:
    """The line as one JSON object without what JSON readers let pass: repeated fields, NaN, 1e309, lone surrogates."""
    body = text(line)
    if line.number == 1 and line.body.startswith(UTF8_BOM):
        raise Wrong(Code.BYTE_ORDER_MARK, line=1)
    try:
        given = _DECODER.decode(body.strip(" \t\r\n"))
        json.dumps(given, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise Wrong(Code.NOT_JSON, line=line.number)
    return given


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    once = dict(pairs)
    if len(once) < len(pairs):
        names = [name for name, _ in pairs]
        raise Wrong(Code.REPEATED_FIELD, repeated=named(next(name for name in names if names.count(name) > 1)))
    return once


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise Wrong(Code.NOT_A_NUMBER)
    return value


_DECODER = json.JSONDecoder(object_pairs_hook=_each_once, parse_float=_finite, parse_constant=_finite)


def _fields(snapshot: Snapshot) -> int:
    fields = len(snapshot.model_fields_set) + len(snapshot.address.model_fields_set)
    parts: tuple[Facts | None, ...]
    for parts in (snapshot.open_items, snapshot.tenants, snapshot.holds, (snapshot.agreement, snapshot.court)):
        for part in parts:
            fields += len(part.model_fields_set) if part else 0
    return fields


def _told(error: ErrorDetails, policy: Policy) -> Wrong:
    """What pydantic found, in the words of the person who made the export."""
    kind, place, given, context = error["type"], error["loc"], error["input"], error.get("ctx", {})
    match kind:
        case "missing":
            return Wrong(Code.MISSING_FIELD, *place)
        case "extra_forbidden":
            return Wrong(Code.UNKNOWN_FIELD, *place)
        case "money":
            return Wrong(Code.MONEY, *place, got=masked(given))
        case "day":
            return Wrong(Code.DATE, *place, got=masked(given))
        case "value_error":
            return Wrong(Code.NO_SUCH_DAY, *place)
        case "greater_than":
            return Wrong(Code.NO_RENT, *place)
        case "enum":
            return Wrong(Code.CHOICE, *place, expected=_listed(context["expected"]), got=masked(given))
        case "too_short":
            return Wrong(Code.NO_TENANT, *place)
        case "string_too_short" | "string_too_long" if place[-1] == "postal_code":
            return Wrong(Code.POSTAL_CODE, *place, got=masked(given))
        case "string_too_short":
            return Wrong(Code.BLANK, *place)
        case "string_too_long":
            return Wrong(Code.TOO_LONG, *place, most=context["max_length"])
        case "string_pattern_mismatch" if place == ("area",):
            return unknown_area(given, policy)
        case "string_pattern_mismatch":
            return Wrong(Code.IDENTIFIER, *place, got=masked(given))
        case "json_invalid":
            return Wrong(Code.NOT_JSON)  # what Python's reader takes but no other must, such as lists a thousand deep
    return Wrong(Code.WRONG_TYPE, *place, expected=KINDS.get(kind, "in the contract"), got=masked(given))


def unknown_area(area: str, policy: Policy) -> Wrong:
    """The area is none of the landlord's."""
    return Wrong(Code.AREA, "area", expected=", ".join(policy.scope.areas), got=masked(area))


def _listed(expected: str) -> str:
    return expected.replace(" or ", ", ").replace("'", "")
