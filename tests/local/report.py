"""The report in the demo: the tick after the month, and what it published brought into the folder."""

from datetime import date, datetime, time
from pathlib import Path

from arrears.adapters.s3 import S3Records
from arrears.calendar import DAY, HELSINKI, month_of
from tests.local.cloud import Cloud

TICKED = time(8)  # publish_report ticks at seven on the first of the month


def bring_report(cloud: Cloud, last_day: date, out: Path) -> Path:
    """Lets the morning after the month's last day come, and brings its page and tables; answers where the page is.

    The cloud's clock is then at eight in the morning of the next day. Raises FileNotFoundError when there is no report.
    """
    cloud.run_until(datetime.combine(last_day + DAY, TICKED, HELSINKI))
    records, folder = S3Records(cloud.client("s3"), cloud.physical("RecordsBucket")), f"reports/{month_of(last_day)}/"
    for name in records.names(f"{folder}report"):
        (out / name.removeprefix(folder)).write_bytes(records.get(name) or b"")
    if not (page := out / "report.html").exists():
        raise FileNotFoundError(f"no report of {month_of(last_day)} was published")
    return page
