"""The notices queue: each message sent once, at most."""

import os
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from arrears.adapters import clock
from arrears.adapters.meter import EmbeddedMeter
from arrears.ledger import CaseMessage
from arrears.ports.measures import Measure
from arrears.settings import SendSettings
from arrears.wiring import sending
from arrears.work.notify import Left, Notify

logger, metrics = Logger(), Metrics()
meter = EmbeddedMeter(metrics)
processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
MEASURES = {
    Left.SENT: Measure.SENT,
    Left.UNKNOWN: Measure.UNKNOWN,
    Left.REJECTED: Measure.REJECTED,
    Left.EXHAUSTED: Measure.EXHAUSTED,
    Left.SET_ASIDE: Measure.SET_ASIDE,
    Left.KEY_REFUSED: Measure.KEY_REFUSED,
}


class BringItBack(Exception):
    """The message is not done with: the queue brings it again."""


@cache
def notifying() -> Notify:
    """The errand, put together once."""
    return sending.notifying(SendSettings.read(os.environ), meter)


def one(record: SQSRecord, lambda_context: LambdaContext) -> None:
    """One message of the batch."""
    message = CaseMessage.model_validate_json(record.body)
    left = notifying()(message, clock.now(), lambda_context.get_remaining_time_in_millis() / 1000)
    logger.info("notice", case=str(message.key), left=left)
    if measure := MEASURES.get(left):
        meter(measure)
    if left is Left.AGAIN:
        raise BringItBack(str(message.key))


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Answers which messages the queue must bring again."""
    return process_partial_response(event, one, processor, context)
