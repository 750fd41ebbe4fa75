"""What a receipt says, and that it only ever moves a text forward."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Arrival(StrEnum):
    """What a receipt says of a text, in the order in which it may move."""

    PENDING = "pending"  # not known yet, or the provider never learned
    UNDELIVERED = "undelivered"  # it will not arrive
    DELIVERED = "delivered"  # it arrived, whatever was said before


@dataclass(frozen=True, slots=True)
class Receipt:
    """One receipt. `permanent` says that the number or address itself is no good, so that a person must look at it; an
    undelivered text that is not permanent found the phone off or full, or the network down. `code` is the provider's
    own word."""

    reference: str
    provider: str
    status: Arrival
    permanent: bool
    code: str
    at: datetime


class NotAReceipt(ValueError):
    """A body that is no receipt of that provider. `code` says why and repeats nothing of it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def further(known: Receipt | None, news: Receipt) -> Receipt:
    """The one of two receipts for a text that is further on. The order in which they came, and how often, does not
    matter: delivered beats undelivered, a bad number beats a passing failure, anything beats pending."""
    return news if known is None else min(known, news, key=_from_the_end)


def _from_the_end(receipt: Receipt) -> tuple[int, bool, datetime, str, str]:
    return (-list(Arrival).index(receipt.status), not receipt.permanent, receipt.at, receipt.code, receipt.provider)
