"""The one place where the time is read."""

from datetime import UTC, datetime


def now() -> datetime:
    """This moment, in UTC and knowing it."""
    return datetime.now(UTC)
