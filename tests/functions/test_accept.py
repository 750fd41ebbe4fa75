"""What the providers' door answers, and what it counts, to each kind of caller."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from functions.accept_receipt import app

from arrears.adapters.receiving import ReceiptQueue
from arrears.ports.measures import Measure
from arrears.receipts import sign
from tests.functions.test_going_on import Context

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
STAMP = f"{NOW.timestamp():.0f}"
GOOD = json.dumps({"batchid": "5a" * 16, "status": "DELIVERED", "statustime": NOW.isoformat()})


class Queue:
    """A queue that keeps what it is sent."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def send_message(self, **asked: Any) -> None:
        self.sent.append(json.loads(asked["MessageBody"]))


@pytest.mark.parametrize(
    ("body", "path", "secret", "answer", "counted"),
    [
        (GOOD, "/quriiri", "a key", {"statusCode": 204}, [Measure.RECEIPTS]),
        (GOOD, "/quriiri", "another", {"statusCode": 401}, [Measure.SIGNATURE_FAILURES]),
        ("x" * 100_000, "/quriiri", "a key", {"statusCode": 413}, [Measure.SIGNATURE_FAILURES]),
        ("[]", "/quriiri", "a key", {"statusCode": 400, "body": "not_an_object"}, [Measure.NOT_RECEIPTS]),
        (None, "/quriiri", "a key", {"statusCode": 400, "body": "malformed"}, [Measure.NOT_RECEIPTS]),
        (GOOD, "/elsewhere", "a key", {"statusCode": 400, "body": "unknown_provider"}, [Measure.NOT_RECEIPTS]),
    ],
    ids=["good", "forged", "too large", "no receipt", "nothing", "nobody's"],
)
def test_every_caller_gets_an_answer_that_tells_nothing_of_us(
    body: str | None,
    path: str,
    secret: str,
    answer: dict[str, Any],
    counted: list[Measure],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    queue, measured = Queue(), list[Measure]()
    monkeypatch.setattr(app, "queue", lambda: ReceiptQueue(queue, "a url", lambda: "a key"))  # type: ignore[arg-type]
    monkeypatch.setattr(app, "meter", measured.append)
    monkeypatch.setattr(app.metrics, "namespace", "arrears")
    monkeypatch.setattr("arrears.adapters.clock.now", lambda: NOW)
    signature = sign((body or "").encode(), STAMP, secret)
    headers = {"x-arrears-timestamp": STAMP, "x-arrears-signature": signature}
    event = {"body": body, "rawPath": path, "headers": headers}
    assert app.handler(event, Context(1)) == answer
    assert measured == counted
    assert [receipt["reference"] for receipt in queue.sent] == (["5a" * 16] if answer == {"statusCode": 204} else [])


def test_who_sends_no_headers_at_all_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "queue", lambda: ReceiptQueue(Queue(), "a url", lambda: "a key"))  # type: ignore[arg-type]
    monkeypatch.setattr(app.metrics, "namespace", "arrears")
    assert app.handler({"body": GOOD, "rawPath": "/quriiri"}, Context(1)) == {"statusCode": 401}
