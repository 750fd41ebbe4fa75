"""Calls the witness."""

from typing import Any

from tests.local.doors import witness


def handler(event: Any, context: Any) -> Any:
    """Says what it was called with."""
    return witness.saw("posted", event)
