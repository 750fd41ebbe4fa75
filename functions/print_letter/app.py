"""The letters queue: each letter drawn and filed for the print house, once."""

import os
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from arrears import wiring
from arrears.adapters import clock
from arrears.adapters.meter import EmbeddedMeter
from arrears.adapters.pdf import render
from arrears.creditor import Creditor
from arrears.ledger import CaseMessage
from arrears.ports.measures import Measure
from arrears.settings import PrintSettings
from arrears.work.notify import Left
from arrears.work.print_ import Print

logger, metrics = Logger(), Metrics()
meter = EmbeddedMeter(metrics)
processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)


MEASURES = {Left.SENT: Measure.LETTERS, Left.SET_ASIDE: Measure.SET_ASIDE}


class BringItBack(Exception):
    """The message is not done with: the queue brings it again."""


@cache
def printing() -> Print:
    """The errand, put together once."""
    told = PrintSettings.read(os.environ)
    creditor = Creditor.model_validate_json(told.creditor)
    letters = wiring.records(told.letters_bucket)
    sight, ledger = wiring.sight(told), wiring.ledger(told)
    return Print(sight, ledger, letters, creditor, render, told.daily_cap, wiring.token, meter)


def one(record: SQSRecord, lambda_context: LambdaContext) -> None:
    """One message of the batch."""
    message = CaseMessage.model_validate_json(record.body)
    left = printing()(message, clock.now(), lambda_context.get_remaining_time_in_millis() / 1000)
    logger.info("letter", case=str(message.key), left=left)
    if measure := MEASURES.get(left):
        meter(measure)
    if left is Left.AGAIN:
        raise BringItBack(str(message.key))


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Answers which messages the queue must bring again."""
    return process_partial_response(event, one, processor, context)
