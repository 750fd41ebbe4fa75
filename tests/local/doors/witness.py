"""What the small stack's functions were called with, and what each is to answer."""

import os
from collections.abc import Callable
from typing import Any

SEEN: list[tuple[str, Any]] = []
ENVIRONMENTS: dict[str, dict[str, str]] = {}
ANSWERS: dict[str, Callable[[Any], Any]] = {}


def saw(function: str, event: Any) -> Any:
    """Notes the call and gives the answer that the test asked for."""
    SEEN.append((function, event))
    ENVIRONMENTS[function] = dict(os.environ)
    return ANSWERS[function](event) if function in ANSWERS else None


def seen(function: str) -> list[Any]:
    """The events of one function, in order."""
    return [event for name, event in SEEN if name == function]


def forget() -> None:
    """Before every test."""
    for kept in (SEEN, ENVIRONMENTS, ANSWERS):
        kept.clear()
