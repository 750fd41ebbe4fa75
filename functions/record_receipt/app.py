"""The receipts queue: what became of a text, forward only, into the ledger."""

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
from arrears.adapters.receiving import receipt_in
from arrears.ledger import Status
from arrears.ports.measures import Measure
from arrears.settings import LedgerSettings
from arrears.work.record import RecordReceipt

logger, metrics = Logger(), Metrics()
meter = EmbeddedMeter(metrics)
processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)


@cache
def recording() -> RecordReceipt:
    """The errand, put together once."""
    return RecordReceipt(wiring.ledger(LedgerSettings.read(os.environ)))


def one(record: SQSRecord) -> None:
    """One receipt of the batch."""
    receipt = receipt_in(record.body)
    status = recording()(receipt, clock.now())
    logger.info("receipt", reference=receipt.reference, status=status, code=receipt.code)
    meter(Measure.DELIVERED, status is Status.DELIVERED)
    meter(Measure.UNDELIVERED, status is Status.UNDELIVERED)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Answers which receipts the queue must bring again."""
    return process_partial_response(event, one, processor, context)
