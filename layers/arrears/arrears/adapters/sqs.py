"""The queues: bells that carry case keys, ten at a time."""

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, Any

from arrears.ledger import CaseMessage

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


class SqsBell:
    """One queue. What could not be enqueued is counted, not raised: the ledger has the row, the sweeper rings again."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self.client, self.url = client, url

    def ring(self, messages: Iterable[CaseMessage]) -> int:
        waiting, failed = iter(messages), 0
        while group := list(islice(waiting, 10)):
            entries: list[Any] = [
                {"Id": str(place), "MessageBody": message.model_dump_json()} for place, message in enumerate(group)
            ]
            failed += len(self.client.send_message_batch(QueueUrl=self.url, Entries=entries).get("Failed", []))
        return failed
