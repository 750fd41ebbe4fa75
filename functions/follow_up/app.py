"""The daily tick: letters, court notices, and what a person must take on."""

import os
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.utilities.typing import LambdaContext

from arrears.adapters import clock
from arrears.adapters.meter import EmbeddedMeter
from arrears.adapters.ticks import go_on, tick_time
from arrears.ports.measures import Measure
from arrears.settings import SelectSettings
from arrears.wiring import planning
from arrears.work.select import Select

logger, metrics = Logger(), Metrics()
meter = EmbeddedMeter(metrics)


@cache
def selecting() -> Select:
    """The errand, put together once."""
    return planning.selecting(SelectSettings.read(os.environ))


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Plans the day's letters and court notices and lets them go."""
    seconds_left = lambda: context.get_remaining_time_in_millis() / 1000  # noqa: E731
    tick = tick_time(event)
    outcome = selecting().daily(tick, clock.now(), seconds_left, int(event.get("shard", 0)))
    if outcome.next_shard is not None:
        go_on(boto3.client("lambda"), context.function_name, event | {"time": f"{tick}", "shard": outcome.next_shard})
    meter(Measure.SELECTED, outcome.selected)
    meter(Measure.HELD, outcome.status == "HELD")
    logger.info("followed up", **outcome.model_dump(mode="json"))
    return outcome.model_dump(mode="json")
