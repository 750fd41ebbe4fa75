"""What is counted aloud while the house works: how many, how much, and why. Never about whom.

Alarms and the dashboard in template.yaml speak of these names; README's runbook says what each alarm asks of a person.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Protocol


class Measure(StrEnum):
    """One thing that is counted."""

    IMPORT_ROWS = "ImportRows"
    IMPORT_REJECTS = "ImportRejects"
    IMPORT_REFUSED = "ImportRefused"
    UNREADABLE_LINES = "UnreadableLines"  # of the payment feed and of the print house's receipts
    RUN_STARTED = "RunStarted"
    SELECTED = "Selected"
    HELD = "Held"
    SENT = "Sent"
    STOOD_DOWN = "StoodDown"  # by reason: the first that stands in the way
    UNKNOWN = "Unknown"
    REJECTED = "PermanentFailures"
    EXHAUSTED = "Exhausted"
    SET_ASIDE = "SetAside"
    KEY_REFUSED = "KeyRefused"
    PASSED_OVER = "PassedOver"  # providers that did not take a text, before the one that did
    COST = "Cost"  # euros
    LETTERS = "Letters"
    RECEIPTS = "Receipts"
    SIGNATURE_FAILURES = "SignatureFailures"
    NOT_RECEIPTS = "NotReceipts"
    DELIVERED = "Delivered"
    UNDELIVERED = "Undelivered"
    NO_RECEIPT = "NoReceipt"
    RECEIPTS_MISSING = "ReceiptsMissingPercent"
    PERMANENT_FAILURES = "PermanentFailuresPercent"
    OLDEST_WAITING = "OldestWaitingHours"
    OLDEST_UNKNOWN = "OldestUnknownHours"
    STOPPED_RUNS = "StoppedRuns"  # held or halted, this month's and the last days'
    MONTHLY_RUN_MISSING = "MonthlyRunMissing"


class Meter(Protocol):
    """Where an errand counts."""

    def __call__(self, measure: Measure, number: int | float | Decimal = 1, why: str | None = None) -> None:
        """Adds to a measure; `why` is a code and divides it further."""


def unmetered(measure: Measure, number: int | float | Decimal = 1, why: str | None = None) -> None:
    """Nobody listens."""
