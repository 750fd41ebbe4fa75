"""What a schedule, a bucket or a queue says: its event in our words."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from arrears.adapters import clock

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


def tick_time(event: Mapping[str, Any]) -> datetime:
    """The moment a tick was meant for, so that a late retry judges the right day; now, where none was said."""
    given = str(event.get("time", ""))
    return datetime.fromisoformat(given) if given[:1].isdigit() else clock.now()


def landed(event: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Bucket and key of every file that an S3 event speaks of."""
    for record in event["Records"]:
        yield record["s3"]["bucket"]["name"], unquote_plus(record["s3"]["object"]["key"])


def go_on(client: "LambdaClient", function: str, event: Mapping[str, Any]) -> None:
    """Calls the function again, to go on where time ran short."""
    client.invoke(FunctionName=function, InvocationType="Event", Payload=json.dumps(event).encode())
