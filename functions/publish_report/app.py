"""The tick after the month: the report page, its tables, and the figures that later months are compared with."""

import os
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from arrears import wiring
from arrears.adapters import clock
from arrears.adapters.ticks import go_on, tick_time
from arrears.settings import ReportSettings
from arrears.work.report import PublishReport

logger = Logger()


@cache
def publishing() -> PublishReport:
    """The errand, put together once."""
    told = ReportSettings.read(os.environ)
    snapshots, records = wiring.snapshots(told.snapshot_table), wiring.records(told.records_bucket)
    return PublishReport(snapshots, wiring.ledger(told), wiring.runs(told), records, told.snapshot_shards)


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Publishes the report of the month before the tick's."""
    seconds_left = lambda: context.get_remaining_time_in_millis() / 1000  # noqa: E731
    outcome = publishing()(tick_time(event), clock.now(), seconds_left, int(event.get("shard", 0)))
    if outcome.next_shard is not None:
        go_on(boto3.client("lambda"), context.function_name, event | {"shard": outcome.next_shard})
    logger.info("reported", **outcome.model_dump(mode="json"))
    return outcome.model_dump(mode="json")
