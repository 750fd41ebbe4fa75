"""The print house's receipts land in the inbox: which letters were printed, which came back."""

import os
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.utilities.typing import LambdaContext

from arrears import wiring
from arrears.adapters import clock
from arrears.adapters.meter import EmbeddedMeter
from arrears.adapters.ticks import landed
from arrears.ports.measures import Measure
from arrears.settings import InboxSettings
from arrears.work.record import RecordPrints

logger, metrics = Logger(), Metrics()
meter = EmbeddedMeter(metrics)


@cache
def recording() -> RecordPrints:
    """The errand, put together once."""
    return RecordPrints(wiring.ledger(InboxSettings.read(os.environ)))


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> list[dict[str, Any]]:
    """Moves each letter forward in the ledger; says which lines could not be read."""
    outcomes = []
    for bucket, key in landed(event):
        outcome = recording()(wiring.records(bucket).get(key) or b"", clock.now())
        logger.info("prints recorded", file=key, **outcome.model_dump(mode="json"))
        meter(Measure.UNREADABLE_LINES, len(outcome.unreadable))
        outcomes.append(outcome.model_dump(mode="json"))
    return outcomes
