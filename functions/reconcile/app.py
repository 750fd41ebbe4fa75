"""The hourly tick: nobody waits for ever."""

import os
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from arrears.adapters import clock
from arrears.settings import ReconcileSettings
from arrears.wiring import sending
from arrears.work.reconcile import Reconcile

logger, metrics = Logger(), Metrics()


@cache
def reconciling() -> Reconcile:
    """The errand, put together once."""
    return sending.reconciling(ReconcileSettings.read(os.environ))


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Brings every case to an end or before a person's eyes."""
    outcome = reconciling()(clock.now())
    metrics.add_metric("NoReceipt", MetricUnit.Count, outcome.no_receipt)
    metrics.add_metric("OldestWaitingHours", MetricUnit.Count, outcome.oldest_waiting_hours)
    metrics.add_metric("OldestUnknownHours", MetricUnit.Count, outcome.oldest_unknown_hours)
    logger.info("reconciled", **outcome.model_dump(mode="json"))
    return outcome.model_dump(mode="json")
