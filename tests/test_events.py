"""Every sample event is one that its source really sends."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.local import events
from tests.local.template import ROOT
from tests.shapes import EVENTS, complaints, sources_of

AT = datetime(2026, 2, 10, 7, 15, tzinfo=UTC)
DOORS = sorted((door.parent.name for door in (ROOT / "functions").glob("*/app.py")), key=len, reverse=True)
FILES = sorted(file.stem for file in EVENTS.glob("*.json"))


def sample(name: str) -> Any:
    """The sample event of that name."""
    return json.loads((EVENTS / f"{name}.json").read_text("utf-8"))


def door_of(name: str) -> str:
    """The door that a sample event is for."""
    return next(door for door in DOORS if name.startswith(door))


@pytest.mark.parametrize("name", FILES)
def test_a_sample_event_has_the_shape_that_its_source_sends(name: str) -> None:
    assert complaints(door_of(name), sample(name)) == []


@pytest.mark.parametrize("door", sorted(DOORS))
def test_every_door_has_a_sample_of_each_of_its_sources(door: str) -> None:
    samples = [sample(name) for name in FILES if door_of(name) == door]
    sources = set(sources_of(door)) - {"a person"}
    assert sources
    assert len(samples) >= len(sources)


@pytest.mark.parametrize(
    ("door", "event"),
    [
        ("import_snapshot", events.object_created("inbox", "exports/a b.jsonl", 1, '"' + "0" * 32 + '"', AT, 1)),
        ("accept_receipt", events.published("{}", None, AT)),
        ("accept_receipt", events.http_post("example.lambda-url.eu-north-1.on.aws", "/quriiri", "{}", {}, AT)),
        ("select_tenants", events.tick('{"time": "<aws.scheduler.scheduled-time>"}', AT, "select_tenants")),
    ],
    ids=["a file", "a notification", "a post", "a tick"],
)
def test_the_embedded_cloud_sends_the_same_shapes(door: str, event: Any) -> None:
    assert complaints(door, event) == []


def record(event: Any) -> Any:
    """The first record of an event."""
    return event["Records"][0]


# Each line spoils one fact of a sample; the sentence says what was noticed.
SPOILT: list[tuple[str, Callable[[Any], Any], str]] = [
    ("send_notice", lambda e: record(e).pop("md5OfBody"), ".Records[].md5OfBody: missing"),
    ("send_notice", lambda e: record(e).update(md5OfBody="0" * 32), ".Records[].md5OfBody: not the MD5 of the body"),
    ("send_notice", lambda e: record(e).update(Body=""), ".Records[].Body: nobody sends this"),
    ("send_notice", lambda e: record(e).update(eventSource="sqs"), ".Records[].eventSource: 'sqs', expected 'aws:sqs'"),
    (
        "send_notice",
        lambda e: record(e)["attributes"].update(ApproximateReceiveCount=1),
        ".Records[].attributes.ApproximateReceiveCount: int, expected str",
    ),
    (
        "record_receipt",
        lambda e: record(e)["messageAttributes"]["replay_id"].pop("dataType"),
        ".Records[].messageAttributes[replay_id].dataType: missing",
    ),
    (
        "import_snapshot",
        lambda e: record(e).update(eventTime="10.2.2026"),
        ".Records[].eventTime: '10.2.2026', expected a moment with milliseconds as '1970-01-01T00:00:00.000Z'",
    ),
    (
        "import_snapshot",
        lambda e: record(e)["s3"]["bucket"].update(arn="arn:aws:sqs:::inbox"),
        ".Records[].s3.bucket.arn: 'arn:aws:sqs:::inbox', expected an ARN of s3",
    ),
    (
        "import_snapshot",
        lambda e: record(e)["s3"]["object"].update(size="4096"),
        ".Records[].s3.object.size: str, expected int",
    ),
    ("accept_receipt", lambda e: e.update(version="1.0"), ".version: '1.0', expected '2.0'"),
    ("accept_receipt", lambda e: e["headers"].update(accept=["*/*"]), ".headers[accept]: list, expected str"),
    (
        "accept_receipt_sns",
        lambda e: record(e)["Sns"].update(Message=None),
        ".Records[].Sns.Message: NoneType, expected str",
    ),
    ("select_tenants", lambda e: e.update(day="2026-02-10"), ".day: nobody sends this"),
    (
        "select_tenants",
        lambda e: e.update(time="2026-02-10 07:15"),
        ".time: '2026-02-10 07:15', expected a moment as '2026-02-10T07:15:00Z'",
    ),
]


@pytest.mark.parametrize(("name", "spoil", "said"), SPOILT, ids=[said for _, _, said in SPOILT])
def test_a_sample_that_nobody_would_send_is_noticed(name: str, spoil: Callable[[Any], Any], said: str) -> None:
    spoilt = copy.deepcopy(sample(name))
    spoil(spoilt)
    assert complaints(door_of(name), spoilt) == [said]
