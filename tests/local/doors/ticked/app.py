"""Calls the witness, and counts its own calls as a warm function can."""

from functools import cache
from typing import Any

from tests.local.doors import witness


@cache
def warm() -> list[Any]:
    """What a function keeps from call to call."""
    return []


def handler(event: Any, context: Any) -> Any:
    """Says what it was called with, how many calls it remembers, and what Lambda tells it."""
    warm().append(event)
    witness.saw("ticked", event)
    return {"calls": len(warm()), "left": context.get_remaining_time_in_millis(), "name": context.function_name}
