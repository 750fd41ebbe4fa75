"""The doors to the street: what the errands ask of the world outside, and the fates of a send."""

from arrears.ports.keeping import (
    Bell,
    Claim,
    Ledger,
    Pseudonyms,
    Records,
    Remembered,
    Runs,
    Seen,
    Sight,
    Snapshots,
    Unread,
)
from arrears.ports.sending import (
    Accepted,
    Email,
    EmailProvider,
    NotAccepted,
    Refused,
    Sms,
    SmsProvider,
    Unclear,
)

__all__ = [
    "Accepted",
    "Bell",
    "Claim",
    "Email",
    "EmailProvider",
    "Ledger",
    "NotAccepted",
    "Pseudonyms",
    "Records",
    "Refused",
    "Remembered",
    "Runs",
    "Seen",
    "Sight",
    "Sms",
    "SmsProvider",
    "Snapshots",
    "Unclear",
    "Unread",
]
