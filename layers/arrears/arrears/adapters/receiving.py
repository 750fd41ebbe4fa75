"""From the providers' door to the receipts queue: what is believed, and the little that goes on."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self

import boto3
from pydantic import TypeAdapter

from arrears.adapters.secrets import Secret, secret
from arrears.receipts import Receipt, Verdict, authentic, authentic_basic
from arrears.settings import ReceiptSettings

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

RECEIPT = TypeAdapter(Receipt)


@dataclass(frozen=True, slots=True)
class ReceiptQueue:
    """Judges receipts and enqueues what they say: a reference, a status, a code and a time. Nothing about a person."""

    client: "SQSClient"
    url: str
    secret: Secret

    @classmethod
    def of(cls, settings: ReceiptSettings) -> Self:
        """Put together from the door's settings."""
        read = secret(settings.receipt_secret, boto3.client("secretsmanager"))
        return cls(boto3.client("sqs"), settings.receipts_queue_url, read)

    def judge(self, body: bytes, headers: Mapping[str, str], now: datetime) -> Verdict:
        """Whether to believe the receipt: by its signature, or by the user and password of those who cannot sign."""
        if any(name.lower() == "authorization" for name in headers):
            return authentic_basic(body, headers, self.secret())
        return authentic(body, headers, self.secret(), now)

    def put(self, receipt: Receipt, body: bytes) -> None:
        """Enqueues what the receipt says, with the id by which a repeated delivery is known."""
        replay_id = hashlib.sha256(body).hexdigest()[:16]
        told = RECEIPT.dump_json(receipt).decode()
        self.client.send_message(
            QueueUrl=self.url,
            MessageBody=told,
            MessageAttributes={"replay_id": {"DataType": "String", "StringValue": replay_id}},
        )


def receipt_in(body: str) -> Receipt:
    """The receipt from a message of the queue."""
    return RECEIPT.validate_json(body)
