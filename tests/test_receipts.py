"""Receipts: believed only with proof, read per provider, and only ever forward."""

import hmac
import json
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arrears import receipts
from arrears.receipts import Arrival, Doubt, NotAReceipt, Receipt, Verdict, further, receipt_of

NOW = datetime(2026, 11, 5, 12, 0, tzinfo=UTC)
SECRET = "salaisuus"
BODY = b'{"status": "DELIVERED"}'
REFERENCE = "5a" * 16
AT = datetime(2026, 11, 5, 11, 58, 20, tzinfo=UTC)
NUMBER = "+358401234567"

Check = Callable[..., Verdict]


def signed(at: datetime = NOW, body: bytes = BODY, secret: str = SECRET) -> dict[str, str]:
    timestamp = str(int(at.timestamp()))
    made = hmac.new(secret.encode(), timestamp.encode() + b"." + body, "sha256").hexdigest()
    return {"X-Arrears-Timestamp": timestamp, "X-Arrears-Signature": made}


def doubt(headers: dict[str, str], body: bytes = BODY, check: Check = receipts.authentic) -> Doubt | None:
    return check(body, headers, SECRET, NOW).doubt


# --- proof


def test_a_signed_receipt_is_believed_and_known_again() -> None:
    verdict = receipts.authentic(BODY, signed(), SECRET, NOW)
    assert verdict
    assert verdict.replay_id == signed()["X-Arrears-Signature"]
    assert verdict == receipts.authentic(BODY, signed(), SECRET, NOW + timedelta(minutes=1))


def test_another_body_or_another_moment_has_another_id() -> None:
    bodies = (BODY, b"{}")
    ids = {
        receipts.authentic(body, signed(NOW + timedelta(seconds=n), body), SECRET, NOW).replay_id
        for body in bodies
        for n in range(3)
    }
    assert len(ids) == 6


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(-301, Doubt.STALE), (-300, None), (0, None), (300, None), (301, Doubt.STALE)],
)
def test_a_receipt_counts_within_five_minutes(seconds: int, told: Doubt | None) -> None:
    assert doubt(signed(NOW + timedelta(seconds=seconds))) == told


def test_a_forged_receipt_is_not_believed() -> None:
    forged_receipts_are_refused(receipts.authentic)


def forged_receipts_are_refused(check: Check) -> None:
    """Every way of forging that a broken check might let through."""
    right = signed()
    signature = right["X-Arrears-Signature"]
    for wrong in (
        signature[:8],
        signature[:-1],
        signature + "00",
        signature.upper() if signature != signature.upper() else "",
        "0" * 64,
        f"sha256={signature}",
        "\udcff" * 64,
        "ä" * 64,
    ):
        assert not check(BODY, right | {"X-Arrears-Signature": wrong}, SECRET, NOW), wrong
    assert doubt(signed(secret="toinen"), check=check) == Doubt.FORGED
    assert doubt(right, b'{"status": "FAILED"}', check) == Doubt.FORGED
    moved = right | {"X-Arrears-Timestamp": str(int(NOW.timestamp()) + 1)}
    assert doubt(moved, check=check) == Doubt.FORGED


def test_an_old_receipt_cannot_be_played_again() -> None:
    old_receipts_are_refused(receipts.authentic)


def old_receipts_are_refused(check: Check) -> None:
    assert doubt(signed(NOW - timedelta(hours=1)), check=check) == Doubt.STALE
    assert doubt(signed(NOW + timedelta(hours=1)), check=check) == Doubt.STALE


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Arrears-Signature": "0" * 64},
        {"X-Arrears-Timestamp": str(int(NOW.timestamp()))},
        signed() | {"X-Arrears-Signature": ""},
        signed() | {"X-Arrears-Timestamp": "soon"},
        signed() | {"X-Arrears-Timestamp": f" {int(NOW.timestamp())}"},
        signed() | {"X-Arrears-Timestamp": f"{int(NOW.timestamp())}.0"},
        signed() | {"X-Arrears-Timestamp": "-1"},
        signed() | {"X-Arrears-Timestamp": "9" * 400},
        signed() | {"X-Arrears-Timestamp": "\u0661\u0667"},
    ],
)
def test_a_receipt_without_a_whole_signature_is_not_believed(headers: dict[str, str]) -> None:
    assert doubt(headers) == Doubt.UNSIGNED


@pytest.mark.parametrize(("size", "told"), [(16 * 1024, None), (16 * 1024 + 1, Doubt.TOO_LARGE)])
def test_a_receipt_has_at_most_sixteen_kilobytes(size: int, told: Doubt | None) -> None:
    body = b"." * size
    assert doubt(signed(body=body), body) == told
    assert receipts.authentic_basic(body, basic(), SECRET).doubt == told


def test_without_a_secret_of_our_own_nothing_is_believed() -> None:
    with pytest.raises(ValueError, match="without a secret"):
        receipts.authentic(BODY, signed(secret="x"), "", NOW)
    with pytest.raises(ValueError, match="without a secret"):
        receipts.authentic_basic(BODY, {"Authorization": "Basic "}, "")


def basic(secret: str = SECRET) -> dict[str, str]:
    return {"authorization": f"Basic {b64encode(secret.encode()).decode()}"}


def test_a_provider_that_cannot_sign_is_known_by_its_password() -> None:
    assert receipts.authentic_basic(BODY, basic(), SECRET)
    assert receipts.authentic_basic(BODY, {}, SECRET).doubt == Doubt.UNSIGNED
    for wrong in (SECRET[:-1], SECRET + "x", "", "toinen"):
        assert receipts.authentic_basic(BODY, basic(wrong), SECRET).doubt == Doubt.FORGED
    assert receipts.authentic_basic(BODY, {"Authorization": SECRET}, SECRET).doubt == Doubt.FORGED


def test_the_same_report_posted_twice_is_known_again() -> None:
    first, again, other = (receipts.authentic_basic(body, basic(), SECRET) for body in (BODY, BODY, b"{}"))
    assert first.replay_id == again.replay_id != other.replay_id


# --- what each provider says: one ordinary report, and each row changes one fact

AWS: dict[str, Any] = {
    "eventType": "TEXT_DELIVERED",
    "eventVersion": "1.0",
    "eventTimestamp": int(AT.timestamp() * 1000),
    "isFinal": True,
    "originationPhoneNumber": "Testi",
    "destinationPhoneNumber": NUMBER,
    "isoCountryCode": "FI",
    "messageId": "862a8790-60c0-4430-9b2b-658bdexample",
    "messageStatus": "DELIVERED",
    "messageStatusDescription": "Message has been accepted by phone",
    "context": {"reference": REFERENCE},
}
QURIIRI: dict[str, Any] = {
    "sender": "Testi",
    "destination": NUMBER,
    "status": "DELIVERED",
    "statustime": "2026-11-05T11:58:20Z",
    "smscount": "1",
    "batchid": REFERENCE,
}
LINK: dict[str, Any] = {
    "refId": REFERENCE,
    "id": "Dcshuhod0PMAAAFQ+/PbnR3x",
    "operator": "fi.testi",
    "sentTimestamp": "2026-11-05T11:58:00Z",
    "timestamp": "2026-11-05T11:58:20Z",
    "resultCode": 1001,
    "operatorResultCode": "2",
    "segments": 1,
    "gateCustomParameters": {},
    "customParameters": {"received": "2026-11-05 13:58:20"},
}
SES: dict[str, Any] = {
    "eventType": "Delivery",
    "mail": {
        "timestamp": "2026-11-05T11:50:00.000Z",
        "messageId": "0100019a",
        "destination": ["testi.testinen@testi.example"],
        "tags": {"reference": [REFERENCE], "ses:configuration-set": ["kuitit"]},
    },
    "delivery": {"timestamp": "2026-11-05T11:58:20.000Z", "recipients": ["testi.testinen@testi.example"]},
}
ORDINARY = {"aws": AWS, "quriiri": QURIIRI, "link": LINK, "ses": SES}


def read(provider: str, **changed: Any) -> Receipt:
    return receipt_of(provider, json.dumps(ORDINARY[provider] | changed).encode())


@pytest.mark.parametrize(
    ("provider", "code"), [("aws", "DELIVERED"), ("quriiri", "DELIVERED"), ("link", "1001"), ("ses", "Delivery")]
)
def test_an_ordinary_report_says_that_the_text_arrived(provider: str, code: str) -> None:
    assert read(provider) == Receipt(REFERENCE, provider, Arrival.DELIVERED, False, code, AT)


PENDING, FAILED, BAD_NUMBER, DELIVERED = (
    (Arrival.PENDING, False),
    (Arrival.UNDELIVERED, False),
    (Arrival.UNDELIVERED, True),
    (Arrival.DELIVERED, False),
)


@pytest.mark.parametrize(
    ("status", "final", "told"),
    [
        ("DELIVERED", True, DELIVERED),
        ("DELIVERED", False, DELIVERED),
        ("SUCCESSFUL", True, DELIVERED),
        ("SUCCESSFUL", False, PENDING),
        ("QUEUED", False, PENDING),
        ("PENDING", False, PENDING),
        ("UNKNOWN", True, PENDING),
        ("INVALID", True, BAD_NUMBER),
        ("INVALID", False, PENDING),
        ("BLOCKED", True, BAD_NUMBER),
        ("UNREACHABLE", True, FAILED),
        ("UNREACHABLE", False, PENDING),
        ("CARRIER_UNREACHABLE", True, FAILED),
        ("CARRIER_BLOCKED", True, FAILED),
        ("SPAM", True, FAILED),
        ("TTL_EXPIRED", True, FAILED),
        ("INVALID_MESSAGE", True, FAILED),
    ],
)
def test_aws_statuses(status: str, final: bool, told: tuple[Arrival, bool]) -> None:
    receipt = read("aws", messageStatus=status, isFinal=final)
    assert (receipt.status, receipt.permanent) == told


@pytest.mark.parametrize(
    ("status", "told"),
    [("DELIVERED", DELIVERED), ("READ", DELIVERED), ("FAILED", BAD_NUMBER), ("PENDING", PENDING), ("ACKED", PENDING)],
)
def test_quriiri_statuses(status: str, told: tuple[Arrival, bool]) -> None:
    receipt = read("quriiri", status=status)
    assert (receipt.status, receipt.permanent) == told


@pytest.mark.parametrize(
    ("code", "told"),
    [(1001, DELIVERED), (1007, DELIVERED), (2104, BAD_NUMBER), (2105, BAD_NUMBER), (2106, BAD_NUMBER)]
    + [(code, PENDING) for code in (4, 5, 1000, 1005, 1008, 1010, 1011, 1012)]
    + [(code, FAILED) for code in (0, 1, 2, 3, 6, 104, 105, 1002, 1004, 1006, 1009, 2107, 2200, 2207, 3002, 4007)],
)
def test_link_codes(code: int, told: tuple[Arrival, bool]) -> None:
    receipt = read("link", resultCode=code)
    assert (receipt.status, receipt.permanent) == told


@pytest.mark.parametrize(
    ("kind", "detail", "told", "code"),
    [
        (
            "Bounce",
            {"bounce": {"bounceType": "Permanent", "timestamp": AT.isoformat()}},
            BAD_NUMBER,
            "Bounce:Permanent",
        ),
        ("Bounce", {"bounce": {"bounceType": "Transient", "timestamp": AT.isoformat()}}, FAILED, "Bounce:Transient"),
        ("Reject", {"reject": {"reason": "Bad content"}}, FAILED, "Reject"),
        ("Complaint", {"complaint": {"timestamp": AT.isoformat()}}, DELIVERED, "Complaint"),
        ("Send", {"send": {}}, PENDING, "Send"),
        ("DeliveryDelay", {"deliveryDelay": {"timestamp": AT.isoformat()}}, PENDING, "DeliveryDelay"),
    ],
)
def test_ses_events(kind: str, detail: dict[str, Any], told: tuple[Arrival, bool], code: str) -> None:
    receipt = read("ses", eventType=kind, **detail)
    assert (receipt.status, receipt.permanent, receipt.code) == (*told, code)


@pytest.mark.parametrize(
    ("provider", "changed", "code"),
    [
        ("aws", {"messageStatus": "SOMETHING"}, "unknown_status"),
        ("aws", {"context": {}}, "malformed"),
        ("aws", {"context": {"reference": "1"}}, "no_reference"),
        ("aws", {"context": {"reference": NUMBER}}, "no_reference"),
        ("aws", {"eventTimestamp": "soon"}, "malformed"),
        ("aws", {"eventTimestamp": 10**20}, "malformed"),
        ("aws", {"messageStatus": ["DELIVERED"]}, "malformed"),
        ("quriiri", {"status": "SOMETHING"}, "unknown_status"),
        ("quriiri", {"batchid": None}, "no_reference"),
        ("quriiri", {"statustime": "2026-11-05T11:58:20"}, "malformed"),
        ("quriiri", {"statustime": None}, "malformed"),
        ("link", {"resultCode": 999_999}, "unknown_status"),
        ("link", {"resultCode": "1001"}, "unknown_status"),
        ("link", {"refId": None}, "no_reference"),
        ("ses", {"eventType": "Open"}, "unknown_status"),
        ("ses", {"mail": {"timestamp": "2026-11-05T11:50:00Z", "tags": {"reference": []}}}, "malformed"),
    ],
)
def test_what_is_no_receipt_is_named_and_not_repeated(provider: str, changed: dict[str, Any], code: str) -> None:
    with pytest.raises(NotAReceipt) as error:
        read(provider, **changed)
    assert str(error.value) == error.value.code == code


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b"\xff\xfe", b"[" * 16_000])
@pytest.mark.parametrize("provider", ORDINARY)
def test_what_is_no_object_is_no_receipt(provider: str, body: bytes) -> None:
    with pytest.raises(NotAReceipt):
        receipt_of(provider, body)


def test_a_company_that_we_do_not_know_sends_us_nothing() -> None:
    with pytest.raises(NotAReceipt, match="unknown_provider"):
        receipt_of("joku", json.dumps(AWS))


ANYTHING = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.lists(st.integers(), max_size=2)
    | st.dictionaries(st.sampled_from(["reference", "tags", "timestamp"]), st.text(max_size=3), max_size=2)
)


@pytest.mark.parametrize("provider", ORDINARY)
@given(st.data())
@settings(max_examples=60, deadline=None)
def test_any_fact_turned_into_anything_is_a_receipt_or_not_one_and_nothing_else(
    provider: str, data: st.DataObject
) -> None:
    fact = data.draw(st.sampled_from(sorted(ORDINARY[provider])))
    told = data.draw(ANYTHING)
    with suppress(NotAReceipt):
        assert read(provider, **{fact: told}).reference == REFERENCE


@pytest.mark.parametrize("provider", ORDINARY)
def test_a_receipt_names_nobody(provider: str) -> None:
    assert NUMBER[1:] not in repr(read(provider))
    assert "testinen" not in repr(read(provider))


# --- forward only


def receipt(status: Arrival, permanent: bool = False, minutes: int = 0, code: str = "x") -> Receipt:
    return Receipt(REFERENCE, "aws", status, permanent, code, AT + timedelta(minutes=minutes))


FIVE = [
    receipt(Arrival.PENDING, minutes=9),
    receipt(Arrival.PENDING, minutes=1),
    receipt(Arrival.UNDELIVERED, minutes=8),
    receipt(Arrival.UNDELIVERED, permanent=True, minutes=7),
    receipt(Arrival.DELIVERED, minutes=2),
]


def test_receipts_in_any_order_and_number_come_to_the_same_end() -> None:
    only_forward(further)


def only_forward(step: Callable[[Receipt | None, Receipt], Receipt]) -> None:
    for order in permutations(FIVE):
        assert reduce(step, [*order, *order], None) == FIVE[4]
    for order in permutations(FIVE[:4]):
        assert reduce(step, [*order, *order], None) == FIVE[3]
    for order in permutations(FIVE[:3]):
        assert reduce(step, [*order, *order], None) == FIVE[2]


some = st.builds(
    receipt,
    st.sampled_from(Arrival),
    st.booleans(),
    st.integers(0, 3),
    st.sampled_from(["a", "b"]),
)


@given(some, some, some)
@settings(deadline=None)
def test_of_any_three_receipts_it_does_not_matter_which_two_meet_first(a: Receipt, b: Receipt, c: Receipt) -> None:
    assert further(further(a, b), c) == further(a, further(b, c)) == further(c, further(b, a))
    assert further(a, a) == a == further(None, a)
