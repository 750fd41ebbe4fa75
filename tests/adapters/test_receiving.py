"""The providers' door: whom it believes, and exactly what goes on into the queue."""

from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import pytest

from arrears.adapters.receiving import ReceiptQueue, receipt_in
from arrears.receipts import Arrival, Doubt, Receipt, sign
from tests.rows import NOW

SECRET = "a user:a password"
BODY = b'{"status": "DELIVERED"}'
RECEIPT = Receipt("5a" * 16, "link", Arrival.DELIVERED, False, "2", datetime(2026, 11, 23, 8, 1, tzinfo=UTC))
STAMP = f"{NOW.timestamp():.0f}"
BASIC = f"Basic {b64encode(SECRET.encode()).decode()}"


class Queue:
    """A queue that keeps what it is sent."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def send_message(self, **asked: Any) -> None:
        self.sent.append(asked)


def door(queue: Queue | None = None) -> ReceiptQueue:
    return ReceiptQueue(queue or Queue(), "a url", lambda: SECRET)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("headers", "doubt"),
    [
        ({"Authorization": BASIC}, None),
        ({"authorization": BASIC}, None),
        ({"authorization": "Basic YTpi"}, Doubt.FORGED),
        ({"authorization": ""}, Doubt.UNSIGNED),
        ({}, Doubt.UNSIGNED),
        ({"X-Arrears-Timestamp": STAMP, "X-Arrears-Signature": sign(BODY, STAMP, SECRET)}, None),
        ({"X-Arrears-Timestamp": STAMP, "X-Arrears-Signature": sign(BODY, STAMP, "another")}, Doubt.FORGED),
        ({"X-Arrears-Timestamp": "1", "X-Arrears-Signature": sign(BODY, "1", SECRET)}, Doubt.STALE),
    ],
)
def test_who_signs_or_knows_the_password_is_believed(headers: dict[str, str], doubt: Doubt | None) -> None:
    verdict = door().judge(BODY, headers, NOW)
    assert (verdict.doubt, bool(verdict)) == (doubt, doubt is None)


def test_what_goes_on_is_the_receipt_and_the_id_of_its_delivery() -> None:
    queue = Queue()
    door(queue).put(RECEIPT, BODY)
    (sent,) = queue.sent
    assert receipt_in(sent.pop("MessageBody")) == RECEIPT
    replay = {"DataType": "String", "StringValue": "e24f1d81465dd8ff"}
    assert sent == {"QueueUrl": "a url", "MessageAttributes": {"replay_id": replay}}
