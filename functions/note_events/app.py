"""A file of news lands in the inbox: who paid, agreed or disputed since the last export."""

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
from arrears.work.record import NoteEvents

logger, metrics = Logger(), Metrics()
meter = EmbeddedMeter(metrics)


@cache
def noting() -> NoteEvents:
    """The errand, put together once."""
    return NoteEvents(wiring.ledger(InboxSettings.read(os.environ)))


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> list[dict[str, Any]]:
    """Takes every good line into account at once; says which lines could not be read."""
    outcomes = []
    for bucket, key in landed(event):
        outcome = noting()(wiring.records(bucket).get(key) or b"", clock.now())
        logger.info("noted", file=key, **outcome.model_dump(mode="json"))
        meter(Measure.UNREADABLE_LINES, len(outcome.unreadable))
        outcomes.append(outcome.model_dump(mode="json"))
    return outcomes
