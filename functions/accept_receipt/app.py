"""The providers' door: a receipt is checked, stripped of everything but our reference, and put in the queue.

By HTTP at /quriiri or /link, signed with our secret or with Basic authentication; AWS's own events come by SNS.
"""

import json
import os
from base64 import b64decode
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.utilities.typing import LambdaContext

from arrears.adapters import clock
from arrears.adapters.meter import EmbeddedMeter
from arrears.adapters.receiving import ReceiptQueue
from arrears.ports.measures import Measure
from arrears.receipts import Doubt, NotAReceipt, receipt_of
from arrears.settings import ReceiptSettings

logger, metrics = Logger(), Metrics()
meter = EmbeddedMeter(metrics)
STATUS = {Doubt.TOO_LARGE: 413}


@cache
def queue() -> ReceiptQueue:
    """The secret and the queue, put together once."""
    return ReceiptQueue.of(ReceiptSettings.read(os.environ))


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answers 204 to a receipt, 401 to one that is not from the provider, 400 to one that says nothing."""
    if "Records" in event:
        for record in event["Records"]:
            told = record["Sns"]["Message"]
            queue().put(receipt_of("aws" if "messageStatus" in json.loads(told) else "ses", told), told.encode())
            meter(Measure.RECEIPTS)
        return {"statusCode": 204}
    body = event.get("body") or ""
    raw = b64decode(body) if event.get("isBase64Encoded") else body.encode()
    verdict = queue().judge(raw, event.get("headers", {}), clock.now())
    if not verdict:
        meter(Measure.SIGNATURE_FAILURES)
        logger.warning("not believed", doubt=verdict.doubt)
        return {"statusCode": STATUS.get(verdict.doubt, 401) if verdict.doubt else 401}
    try:
        queue().put(receipt_of(event["rawPath"].strip("/"), raw), raw)
    except NotAReceipt as error:
        meter(Measure.NOT_RECEIPTS)
        logger.warning("not a receipt", code=error.code)
        return {"statusCode": 400, "body": error.code}
    meter(Measure.RECEIPTS)
    return {"statusCode": 204}
