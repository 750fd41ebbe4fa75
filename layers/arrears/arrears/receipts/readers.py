"""What each provider's report says, read into our words.

Checked against AWS's event documentation (SMS and SES, by SNS), LINK Mobility's manual (versions 1.6 and 2.4) and
public receivers of Quriiri's JSON reports.
"""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from arrears.receipts.arrival import Arrival, NotAReceipt, Receipt

REFERENCE = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)
CODE = re.compile(r"[A-Za-z0-9_.:-]{1,60}", re.ASCII)


def receipt_of(provider: str, body: bytes | str) -> Receipt:
    """What the provider ("aws", "quriiri", "link", "ses") says in one report: for AWS and SES the event inside the SNS
    message. Raises NotAReceipt for everything that is not plainly one."""
    if provider not in _READERS:
        raise NotAReceipt("unknown_provider")
    try:
        told = json.loads(body)
        if not isinstance(told, dict):
            raise NotAReceipt("not_an_object")
        return _READERS[provider](told)
    except NotAReceipt:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, OverflowError, RecursionError):
        raise NotAReceipt("malformed") from None


# --- AWS End User Messaging: messageStatus. BLOCKED: "the recipient's device or carrier is blocking messages to that
# recipient"; UNKNOWN comes after 72 hours without news.
_AWS_BAD_NUMBER = frozenset({"INVALID", "BLOCKED"})
_AWS_FAILED = _AWS_BAD_NUMBER | {
    "CARRIER_BLOCKED",
    "CARRIER_UNREACHABLE",
    "INVALID_MESSAGE",
    "PROTECT_BLOCKED",
    "SPAM",
    "TTL_EXPIRED",
    "UNREACHABLE",
}
_AWS_PENDING = frozenset({"SENT", "QUEUED", "PENDING", "SUCCESSFUL", "UNKNOWN"})


def _aws(told: dict[str, Any]) -> Receipt:
    status = told["messageStatus"]
    final = told.get("isFinal") is True
    if status == "DELIVERED" or (status == "SUCCESSFUL" and final):  # in some countries the carrier tells no more
        arrival = Arrival.DELIVERED
    elif status in _AWS_FAILED:
        arrival = Arrival.UNDELIVERED if final else Arrival.PENDING
    else:
        arrival = _pending(status, _AWS_PENDING)
    at = datetime.fromtimestamp(told["eventTimestamp"] / 1000, UTC)
    return _receipt("aws", told["context"]["reference"], arrival, status in _AWS_BAD_NUMBER, status, at)


# --- Quriiri says only FAILED, whatever the cause, so a person looks at the number.
_QURIIRI_DELIVERED = frozenset({"DELIVERED", "READ"})
_QURIIRI_PENDING = frozenset({"CREATED", "PENDING", "SENT", "ACKED", "RETRY", "UNKNOWN"})


def _quriiri(told: dict[str, Any]) -> Receipt:
    status = told["status"]
    failed = status == "FAILED"
    if status in _QURIIRI_DELIVERED:
        arrival = Arrival.DELIVERED
    else:
        arrival = Arrival.UNDELIVERED if failed else _pending(status, _QURIIRI_PENDING)
    return _receipt("quriiri", told["batchid"], arrival, failed, status, _moment(told["statustime"]))


# --- LINK Mobility: resultCode. 4, 5 and 1010 are "final: unknown delivery".
_LINK_DELIVERED = frozenset({1001, 1007})
_LINK_PENDING = frozenset({4, 5, 1000, 1005, 1008, 1010, 1011, 1012, 1013})
_LINK_BAD_NUMBER = frozenset({2104, 2105, 2106})
_LINK_FAILED = (
    _LINK_BAD_NUMBER
    | {0, 1, 2, 3, 6, 104, 105, 1002, 1004, 1006, 1009, 2103, 2107}
    | frozenset(range(2200, 2208))
    | frozenset(range(3000, 3003))
    | frozenset(range(4000, 4008))
)


def _link(told: dict[str, Any]) -> Receipt:
    code = told["resultCode"]
    if code in _LINK_DELIVERED:
        arrival = Arrival.DELIVERED
    else:
        arrival = Arrival.UNDELIVERED if code in _LINK_FAILED else _pending(code, _LINK_PENDING)
    at = _moment(told.get("timestamp") or told["sentTimestamp"])
    return _receipt("link", told["refId"], arrival, code in _LINK_BAD_NUMBER, str(code), at)


# --- SES: eventType. A complaint is about an e-mail that arrived.
_SES_DELIVERED = {"Delivery": "delivery", "Complaint": "complaint"}
_SES_FAILED = {"Bounce": "bounce", "Reject": "reject"}
_SES_PENDING = {"Send": "send", "DeliveryDelay": "deliveryDelay"}


def _ses(told: dict[str, Any]) -> Receipt:
    kind = told["eventType"]
    if kind in _SES_DELIVERED:
        arrival = Arrival.DELIVERED
    else:
        arrival = Arrival.UNDELIVERED if kind in _SES_FAILED else _pending(kind, frozenset(_SES_PENDING))
    detail = told[(_SES_DELIVERED | _SES_FAILED | _SES_PENDING)[kind]]
    bounce = detail.get("bounceType")
    at = _moment(detail.get("timestamp") or told["mail"]["timestamp"])
    reference = told["mail"]["tags"]["reference"][0]
    return _receipt("ses", reference, arrival, bounce == "Permanent", f"{kind}:{bounce}" if bounce else kind, at)


_READERS: dict[str, Callable[[dict[str, Any]], Receipt]] = {
    "aws": _aws,
    "quriiri": _quriiri,
    "link": _link,
    "ses": _ses,
}


def _receipt(provider: str, reference: Any, arrival: Arrival, bad_number: bool, code: str, at: datetime) -> Receipt:
    if not isinstance(reference, str) or not REFERENCE.fullmatch(reference):
        raise NotAReceipt("no_reference")
    if not CODE.fullmatch(code):
        raise NotAReceipt("malformed")
    return Receipt(reference, provider, arrival, bad_number and arrival is Arrival.UNDELIVERED, code, at)


def _pending(status: Any, known: frozenset[Any]) -> Arrival:
    if status not in known:
        raise NotAReceipt("unknown_status")
    return Arrival.PENDING


def _moment(told: str) -> datetime:
    at = datetime.fromisoformat(told)
    if at.tzinfo is None:
        raise NotAReceipt("malformed")
    return at.astimezone(UTC)
