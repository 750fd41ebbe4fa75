"""What every fact is made of: euros and days as they are written, never changed, nothing unknown beside them."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetPydanticSchema,
    PlainSerializer,
    WithJsonSchema,
)
from pydantic_core import CoreSchema
from pydantic_core.core_schema import (
    custom_error_schema,
    json_or_python_schema,
    no_info_after_validator_function,
    no_info_before_validator_function,
    str_schema,
)

MONEY = re.compile(r"[0-9]{1,9}\.[0-9]{2}", re.ASCII)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
EUROS = 'expected euros as a string with two decimals, such as "812.40"'
CALENDAR_DAY = "expected a date as YYYY-MM-DD"


def money(value: Any) -> Decimal:
    """Euros from a string with exactly two decimals, such as "812.40". Raises ValueError for anything else."""
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not MONEY.fullmatch(value):
        raise ValueError(EUROS)
    return Decimal(value)


def day(value: Any) -> date:
    """A calendar day from "YYYY-MM-DD". Raises ValueError for anything else, ISO week dates among them."""
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not DAY.fullmatch(value):
        raise ValueError(CALENDAR_DAY)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("expected a day that exists, as YYYY-MM-DD") from None


def _read_by(read: Callable[[Any], Any], written: re.Pattern[str], make: Callable[[str], Any], expected: str) -> Any:
    """The same reading twice: `read` for Python's values, and for JSON its fast twin, which is Python only in `make`.
    An export is a million rows of ten amounts and days each."""

    def schema(source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        text = str_schema(pattern=f"^{written.pattern}$")
        told = custom_error_schema(text, custom_error_type=read.__name__, custom_error_message=expected)
        json = no_info_after_validator_function(make, told)
        return json_or_python_schema(json, no_info_before_validator_function(read, handler(source)))

    return GetPydanticSchema(schema)


Money = Annotated[
    Decimal,
    _read_by(money, MONEY, Decimal, EUROS),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{MONEY.pattern}$"}),
]
Day = Annotated[
    date,
    _read_by(day, DAY, date.fromisoformat, CALENDAR_DAY),
    PlainSerializer(date.isoformat, return_type=str),
    WithJsonSchema({"type": "string", "format": "date", "pattern": f"^{DAY.pattern}$"}),
]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,40}$")]
ZERO = Decimal("0.00")


class Facts(BaseModel):
    """What was true on a day: never changed, nothing unknown beside it."""

    # Of a million rows hardly any text comes twice: only the names of fields are worth remembering.
    model_config = ConfigDict(frozen=True, extra="forbid", cache_strings="keys")
