"""The censor: what may leave at all. Every text is checked when it is written and again just before it is sent."""

from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache

from arrears.compliance.finnish import is_finnish
from arrears.compliance.links import names_email, names_link
from arrears.compliance.numbers import names_digit, names_money, names_payment, names_phone
from arrears.compliance.people import names_person
from arrears.compliance.reading import Reading
from arrears.compliance.records import names_record
from arrears.compliance.replies import invites_reply, says_no_reply
from arrears.compliance.senders import names_portal, names_sender
from arrears.compliance.threats import threatens
from arrears.model import MESSAGES, Snapshot, Step
from arrears.wording import segments


class Violation(StrEnum):
    """Why a text may not leave (CONTRACT section 3), in the order in which violations are told."""

    DIGITS = "digits"
    MONEY = "money"
    LINK = "link"
    EMAIL = "email"
    PHONE_NUMBER = "phone_number"
    PERSONAL_DATA = "personal_data"
    PAYMENT_DETAILS = "payment_details"
    REPLY_INVITED = "reply_invited"
    PORTAL_MISSING = "portal_missing"
    SENDER_MISSING = "sender_missing"
    NO_REPLY_MISSING = "no_reply_missing"
    NOT_FINNISH = "not_finnish"
    NOT_GSM7 = "not_gsm7"
    TOO_LONG = "too_long"
    THREAT = "threat"
    EMPTY = "empty"


# What the words alone can break; the kind, the record and the length are asked for in check().
CHECKS: dict[Violation, Callable[[Reading], bool]] = {
    Violation.DIGITS: names_digit,
    Violation.MONEY: names_money,
    Violation.LINK: names_link,
    Violation.EMAIL: names_email,
    Violation.PHONE_NUMBER: names_phone,
    Violation.PERSONAL_DATA: names_person,
    Violation.PAYMENT_DETAILS: names_payment,
    Violation.REPLY_INVITED: invites_reply,
    Violation.PORTAL_MISSING: lambda reading: not names_portal(reading),
    Violation.SENDER_MISSING: lambda reading: not names_sender(reading),
    Violation.NO_REPLY_MISSING: lambda reading: not says_no_reply(reading),
    Violation.NOT_FINNISH: lambda reading: not is_finnish(reading),
    Violation.NOT_GSM7: lambda reading: segments(reading.written).encoding != "gsm7",
}


def check(text: str, kind: Step, record: Snapshot | None, max_segments: int | None) -> tuple[Violation, ...]:
    """Everything that forbids this text to leave; nothing when it may.

    `text` in its final words; `kind` the reminder or the court notice; `record` the tenancy it goes to, None while
    there is none yet; `max_segments` from the policy, None for an e-mail, which has no segments but the same words.
    Raises ValueError for another kind. What an error inside stops has not passed: let it stop the sending.
    """
    if kind not in MESSAGES:
        raise ValueError(f"{kind} is not a message: expected one of {', '.join(sorted(MESSAGES))}")
    if not any(map(str.isalnum, text)):
        return (Violation.EMPTY,)
    reading, found = _read(text, kind)
    broken = set(found)
    if record is not None and names_record(reading, record):
        broken.add(Violation.PERSONAL_DATA)
    if max_segments is not None and segments(text).segments > max_segments:
        broken.add(Violation.TOO_LONG)
    return tuple(violation for violation in Violation if violation in broken)


@lru_cache(maxsize=64)
def _read(text: str, kind: Step) -> tuple[Reading, frozenset[Violation]]:
    """What the words alone break: read once, though the same words go to thousands."""
    reading = Reading(text)
    found = {violation for violation, breaks in CHECKS.items() if breaks(reading)}
    return reading, frozenset(found | ({Violation.THREAT} if threatens(reading, kind) else set()))
