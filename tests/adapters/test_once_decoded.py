"""Pages decoded once hold what botocore's own parser finds in them; whatever is no page is left to that parser."""

import json
import re
from collections.abc import Iterator
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError
from botocore.parsers import JSONParser

from arrears.adapters.dynamo import items
from arrears.adapters.dynamo.once_decoded import EVENT, decode_once
from arrears.adapters.dynamo.snapshots import row_key
from arrears.ledger import Standing, Status
from arrears.ports import Unread
from arrears.work import select
from arrears.work.import_ import Import
from arrears.work.release import Release
from arrears.work.select import Select, Selected
from tests.fakes import pseudonyms
from tests.local.template import REGION, Template
from tests.rows import a_key, a_run
from tests.rows import a_row as a_ledger_row
from tests.streets import SHARDS, Street, moto_cloud, named, on_moto
from tests.work.test_select import TICK, YESTERDAY, mixed
from tests.world import PLENTY, export_of

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module", name="cloud")
def _cloud() -> Iterator[Template]:
    with moto_cloud() as template:
        yield template


def a_street(cloud: Template) -> Street:
    """Forty published flats, and a ledger that remembers some of them."""
    street = on_moto(cloud)
    export = BytesIO(export_of(YESTERDAY, mixed()))
    Import(street.snapshots, street.records, SHARDS)(export, f"snapshot-{YESTERDAY}.jsonl", TICK.replace(hour=3))
    street.runs.open(a_run("2026-10"))
    for number in range(0, 40, 3):
        key = a_key(f"T-{number:03}", "2026-10")
        street.ledger.plan(a_ledger_row(key, run="2026-10", status=Status.DELIVERED, fee="5.00", segments=2))
        street.ledger.stand(Standing(tenancy_id=f"T-{number:03}", waived_by="a person"), None)
    return street


def selected(street: Street) -> tuple[Selected, dict[str, bytes | None]]:
    """The month's tick over what the street holds, and the files it left."""
    release = Release(street.snapshots, street.ledger, street.runs, street.records, {"notices": street.bell})
    errand = Select(street.snapshots, street.ledger, street.runs, street.records, pseudonyms(), release, "schedule")
    outcome = errand.monthly(TICK, TICK, lambda: PLENTY)
    return outcome, {name: street.records.get(name) for name in street.records.names("")}


def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the event never came."""
    monkeypatch.setattr(items, "decode_once", lambda client: None)


def in_force(street: Street) -> str:
    pointer = street.snapshots.current()
    assert pointer is not None
    return pointer.version


# --- the same, faster ------------------------------------------------------------------------------------------------


def test_both_parsers_bring_the_same_decisions_the_same_plan_and_the_same_files(
    cloud: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast = selected(a_street(cloud))
    slowly(monkeypatch)
    assert selected(a_street(cloud)) == fast
    assert fast[0].decided == 40


def test_the_stock_parser_is_spared_every_page(cloud: Template, monkeypatch: pytest.MonkeyPatch) -> None:
    street, parsed = a_street(cloud), []
    stock = JSONParser.parse

    def watched(self: Any, response: dict[str, Any], shape: Any) -> Any:
        parsed.append(len(response["body"]))
        return stock(self, response, shape)

    monkeypatch.setattr(JSONParser, "parse", watched)
    list(street.snapshots.shard(in_force(street), 0))
    pointer, page = parsed[0], parsed[-1]
    assert (pointer > 2, page) == (True, len(b"{}"))


def test_the_layer_ships_the_very_botocore_that_is_tried_here() -> None:
    pinned = re.search(r"^botocore==([0-9.]+)", (ROOT / "layers" / "arrears" / "requirements.txt").read_text(), re.M)
    assert pinned, "boto3 must be pinned in the layer: run make pins"
    assert pinned[1] == version("botocore"), "the layer and the tests must pin one botocore: run make pins"


@pytest.mark.parametrize("fast", [True, False])
def test_pages_go_on_where_the_last_one_ended(cloud: Template, fast: bool) -> None:
    street, client = a_street(cloud), boto3.client("dynamodb")
    query: dict[str, Any] = {
        "TableName": named(cloud, "SnapshotTable"),
        "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": {"S": f"{in_force(street)}#000"}},
    }
    whole = client.query(**query)["Items"]
    if fast:
        decode_once(client)
    pages = [
        page["Items"] for page in client.get_paginator("query").paginate(**query, PaginationConfig={"PageSize": 2})
    ]
    assert len(pages) > 2
    assert [item for page in pages for item in page] == whole


# --- one bad row -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "damage",
    [
        {},
        {"payload": {"S": ""}},
        {"payload": {"S": "{"}},
        {"payload": {"S": "null"}},
        {"payload": {"S": '{"tenancy_id": "T-008"}'}},
        {"payload": {"N": "1"}},
    ],
)
@pytest.mark.parametrize("fast", [True, False])
def test_one_bad_row_spoils_no_other_and_a_person_looks_before_anything_leaves(
    cloud: Template, damage: dict[str, Any], fast: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    street = a_street(cloud)
    if not fast:
        slowly(monkeypatch)
    put = boto3.client("dynamodb").put_item
    put(TableName=named(cloud, "SnapshotTable"), Item=row_key(in_force(street), "T-008", SHARDS) | damage)
    read = [row for shard in range(SHARDS) for row in street.snapshots.shard(in_force(street), shard)]
    assert [row for row in read if isinstance(row, Unread)] == [Unread("T-008")]
    outcome, _ = selected(street)
    assert (outcome.decided, outcome.status, outcome.released) == (39, "HELD", 0)
    assert "complete: rows of the snapshot that could not be read: 1 (T-008)." in outcome.why


def test_a_twin_that_forgets_the_rows_it_could_not_read_is_seen(
    cloud: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(select, "_unread", lambda counted: ())
    with pytest.raises(AssertionError):
        test_one_bad_row_spoils_no_other_and_a_person_looks_before_anything_leaves(cloud, {}, True, monkeypatch)


# --- what is no page -------------------------------------------------------------------------------------------------


class Raw(BytesIO):
    """An answer on its way in."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


def answering(body: bytes, status: int = 200) -> Any:
    """A client that gets that answer to every query, and decodes pages once."""
    client = boto3.client("dynamodb", region_name=REGION, aws_access_key_id="x", aws_secret_access_key="x")
    answer = lambda request, **_: AWSResponse(request.url, status, HTTPHeaders(), Raw(body))  # noqa: E731
    client.meta.events.register("before-send.dynamodb.Query", answer)
    decode_once(client)
    return client


def asked(client: Any) -> Any:
    answer = client.query(
        TableName="t", KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": {"S": "a"}}
    )
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def test_an_empty_page_is_a_page() -> None:
    assert asked(answering(b'{"Items":[],"Count":0,"ScannedCount":0}')) == {"Items": [], "Count": 0, "ScannedCount": 0}


def test_a_refusal_is_still_botocores_own_error() -> None:
    refusal = json.dumps({"__type": "com.amazonaws.dynamodb#ResourceNotFoundException", "message": "no table"})
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        asked(answering(refusal.encode(), 400))


@pytest.mark.parametrize("body", [b"{}", b'{"Count":0}', b"[]", b"", b"<html>", b'{"Items":[{"pk":', b'{"Items":null}'])
def test_what_is_no_page_is_what_the_stock_parser_makes_of_it(body: bytes) -> None:
    fast, stock = answering(body), answering(body)
    stock.meta.events.unregister(EVENT, unique_id=f"arrears.{EVENT}")
    assert told(fast) == told(stock)


def told(client: Any) -> Any:
    """What it answers, or how it fails."""
    try:
        return asked(client)
    except Exception as error:
        return repr(error)


def test_asking_again_changes_nothing() -> None:
    client = answering(b'{"Items":[{"pk":{"S":"a"}}],"Count":1}')
    decode_once(client)
    assert asked(client)["Items"] == [{"pk": {"S": "a"}}]
