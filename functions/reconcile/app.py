"""The hourly tick: nobody waits for ever."""

import os
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.utilities.typing import LambdaContext

from arrears.adapters import clock
from arrears.adapters.meter import EmbeddedMeter
from arrears.ports.measures import Measure
from arrears.settings import ReconcileSettings
from arrears.wiring import hourly
from arrears.work.reconcile import Reconcile

logger, metrics = Logger(), Metrics()
meter = EmbeddedMeter(metrics)


@cache
def reconciling() -> Reconcile:
    """The errand, put together once."""
    return hourly.reconciling(ReconcileSettings.read(os.environ))


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Brings every case to an end or before a person's eyes."""
    outcome = reconciling()(clock.now())
    meter(Measure.NO_RECEIPT, outcome.no_receipt)
    meter(Measure.OLDEST_WAITING, outcome.oldest_waiting_hours)
    meter(Measure.OLDEST_UNKNOWN, outcome.oldest_unknown_hours)
    meter(Measure.STOPPED_RUNS, outcome.stopped_runs)
    meter(Measure.MONTHLY_RUN_MISSING, outcome.monthly_run_missing)
    meter(Measure.PERMANENT_FAILURES, outcome.permanent_failures_percent)
    meter(Measure.RECEIPTS_MISSING, outcome.receipts_missing_percent)
    logger.info("reconciled", **outcome.model_dump(mode="json"))
    return outcome.model_dump(mode="json")
