"""Measures as lines of the log that CloudWatch makes metrics of (its embedded metric format)."""

from dataclasses import dataclass
from decimal import Decimal

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit, single_metric

from arrears.ports.measures import Measure

UNITS = {
    Measure.COST: MetricUnit.NoUnit,
    Measure.PERMANENT_FAILURES: MetricUnit.Percent,
    Measure.RECEIPTS_MISSING: MetricUnit.Percent,
}


@dataclass(frozen=True, slots=True)
class EmbeddedMeter:
    """Counts under the function's own name; what has a reason is counted once more under its reason."""

    metrics: Metrics

    def __call__(self, measure: Measure, number: int | float | Decimal = 1, why: str | None = None) -> None:
        unit = UNITS.get(measure, MetricUnit.Count)
        self.metrics.add_metric(measure, unit, float(number))
        if why:
            with single_metric(measure, unit, float(number)) as alone:
                alone.add_dimension("reason", why)
