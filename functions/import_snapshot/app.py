"""An export lands in the inbox: examined whole, published or refused, and its report put back beside it."""

import os
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.utilities.typing import LambdaContext

from arrears import wiring
from arrears.adapters import clock
from arrears.adapters.meter import EmbeddedMeter
from arrears.adapters.ticks import landed
from arrears.ports.measures import Measure
from arrears.settings import ImportSettings
from arrears.work.import_ import Import

logger, metrics = Logger(), Metrics()
meter = EmbeddedMeter(metrics)


@cache
def importing() -> Import:
    """The errand, put together once."""
    settings = ImportSettings.read(os.environ)
    snapshots, records = wiring.snapshots(settings.snapshot_table), wiring.records(settings.records_bucket)
    return Import(snapshots, records, settings.snapshot_shards)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> list[dict[str, Any]]:
    """Imports each file and answers what came of it."""
    outcomes = []
    for bucket, key in landed(event):
        body: Any = boto3.client("s3").get_object(Bucket=bucket, Key=key)["Body"]
        report = importing()(body, key, clock.now())
        wiring.records(bucket).put(
            f"reports/{key.rsplit('/', 1)[-1]}.json", report.model_dump_json(indent=1).encode(), "application/json"
        )
        meter(Measure.IMPORT_ROWS, report.accepted)
        meter(Measure.IMPORT_REJECTS, report.rejected_rows)
        meter(Measure.IMPORT_REFUSED, report.refused is not None)
        outcome = report.model_dump(mode="json", include={"accepted", "rejected_rows", "refused", "as_of", "rows"})
        logger.info("imported", file=key, **outcome)
        outcomes.append(outcome)
    return outcomes
