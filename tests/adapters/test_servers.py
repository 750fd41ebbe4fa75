"""The servers themselves: they refuse what AWS refuses, else a contract that holds there would say little.

Each request breaks one rule that AWS documents. Who lets it pass is named in its row: who mends that leaves the row.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from hashlib import sha256
from itertools import islice
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from arrears.adapters.dynamo.snapshots import DynamoSnapshots
from arrears.adapters.receiving import ReceiptQueue, receipt_in
from arrears.ports import Claim
from arrears.receipts import Arrival, Receipt
from tests.local.template import STACK
from tests.makers import a_snapshot
from tests.rows import MONTH, NOW, a_key, a_row, a_run
from tests.servers.streets import Server
from tests.streets import SHARDS, moto_cloud, named, on_moto

MOTO, MINISTACK, DYNALITE = "moto", "ministack", "dynalite"
TABLE = f"{STACK}-LedgerTable"
REFUSALS = {"ValidationException", "ResourceNotFoundException", "TransactionCanceledException"}
X = {":x": {"S": "x"}}


def on_each(*names: str) -> pytest.MarkDecorator:
    marked = [name if name == MOTO else pytest.param(name, marks=pytest.mark.servers) for name in names]
    return pytest.mark.parametrize("name", marked)


def key(pk: str = "p", sk: str = "s") -> Any:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def put(pk: str = "p", sk: str = "s", **attributes: Any) -> Any:
    return "put_item", {"TableName": TABLE, "Item": key(pk, sk) | attributes}


def written(expression: str, **more: Any) -> Any:
    return {"TableName": TABLE, "Key": key(), "UpdateExpression": expression, "ExpressionAttributeValues": X} | more


def update(expression: str, **more: Any) -> Any:
    return "update_item", written(expression, **more)


def query(condition: str = "pk = :x", **more: Any) -> Any:
    return "query", {"TableName": TABLE, "KeyConditionExpression": condition, "ExpressionAttributeValues": X} | more


def batch(*sort_keys: str) -> Any:
    return "batch_write_item", {"RequestItems": {TABLE: [{"PutRequest": {"Item": key(sk=name)}} for name in sort_keys]}}


def together(*writes: Any) -> Any:
    return "transact_write_items", {"TransactItems": [{"Update": write} for write in writes]}


REFUSED: dict[str, tuple[Any, set[str]]] = {
    "26 writes in a batch": (batch(*map(str, range(26))), {MOTO}),
    "one item twice in a batch": (batch("s", "s"), set()),
    "an empty key": (put(""), set()),
    "an empty key of an index": (put(status={"S": ""}), {DYNALITE}),
    "a number as the key of an index": (put(status={"N": "1"}), {MOTO}),
    "a sort key of 1,025 bytes": (put(sk="x" * 1025), set()),
    "a number of 39 digits": (put(number={"N": "1" * 39}), {MOTO}),
    "an item above 400 KB": (put(text={"S": "x" * 409_700}), set()),
    "half a key": (("get_item", {"TableName": TABLE, "Key": {"pk": {"S": "p"}}}), set()),
    "a reserved word that is written": (update("SET status = :x"), set()),
    "a reserved word in a condition": (update("SET a = :x", ConditionExpression="owner = :x"), set()),
    "a reserved word that is read": (query(ProjectionExpression="status"), {MINISTACK}),
    "a value that nothing uses": (update("SET a = :x", ExpressionAttributeValues=X | {":y": {"S": "y"}}), set()),
    "a name that nothing uses": (update("SET a = :x", ExpressionAttributeNames={"#y": "y"}), set()),
    "a value that is not given": (update("SET a = :x, b = :y"), set()),
    "a list lengthened that is not there": (update("SET nothing = list_append(nothing, :x)"), set()),
    "a key that is changed": (update("SET sk = :x"), set()),
    "one attribute written twice": (update("SET a = :x, a = :x"), {MINISTACK}),
    "one attribute written and removed": (update("SET a = :x REMOVE a"), {MINISTACK}),
    "a filter on the key": (query(FilterExpression="sk = :x"), {MOTO, MINISTACK}),
    "a span that ends before it begins": (
        query("pk = :x AND sk BETWEEN :x AND :a", ExpressionAttributeValues=X | {":a": {"S": "a"}}),
        {MOTO},
    ),
    "a strong read of an index": (query("shard = :x", IndexName="by_shard", ConsistentRead=True), set()),
    "an index that is not there": (query(IndexName="by_nothing"), set()),
}
REFUSED_TOGETHER: dict[str, Any] = {
    "one item twice": together(written("SET a = :x"), written("SET b = :x")),
    "101 writes": together(*(written("SET a = :x", Key=key(sk=str(n))) for n in range(101))),
    "a reserved word": together(written("SET owner = :x")),
    "a name that nothing uses": together(written("SET a = :x", ExpressionAttributeNames={"#y": "y"})),
}


def message(name: str = "1", body: str = "x") -> Any:
    return {"Id": name, "MessageBody": body}


REFUSED_MESSAGES: dict[str, tuple[list[Any], set[str]]] = {
    "eleven at once": ([message(str(n)) for n in range(11)], set()),
    "none": ([], set()),
    "two of one name": ([message(), message()], set()),
    "a name with a space": ([message("a b")], set()),
    "an empty one": ([message(body="")], {MOTO}),
    "a control character": ([message(body="\0")], {MOTO}),
    "more than a megabyte": ([message(body="x" * (2**20 + 1))], set()),
}


@pytest.fixture(scope="module", name="moto")
def _moto() -> Iterator[Server]:
    """moto as it is, without what tests/strict.py adds to it."""
    with moto_cloud() as template:
        yield Server(MOTO, template, boto3.Session().client)


@pytest.fixture(name="server")
def _server(request: pytest.FixtureRequest, name: str) -> Server:
    found: Server = request.getfixturevalue(name)
    return found


def refused(server: Server, asked: Any) -> bool:
    call, what = asked
    try:
        getattr(server.client("dynamodb"), call)(**what)
    except ClientError as error:
        return error.response["Error"]["Code"] in REFUSALS
    return False


@on_each(MOTO, MINISTACK, DYNALITE)
@pytest.mark.parametrize("wrong", REFUSED)
def test_tables_refuse(server: Server, name: str, wrong: str) -> None:
    asked, lenient = REFUSED[wrong]
    assert refused(server, asked) == (name not in lenient)


@on_each(MOTO, MINISTACK)
@pytest.mark.parametrize("wrong", REFUSED_TOGETHER)
def test_a_transaction_refuses(server: Server, wrong: str) -> None:
    assert refused(server, REFUSED_TOGETHER[wrong])


@on_each(MOTO, MINISTACK)
@pytest.mark.parametrize("wrong", REFUSED_MESSAGES)
def test_a_queue_refuses(server: Server, name: str, wrong: str) -> None:
    entries, lenient = REFUSED_MESSAGES[wrong]
    try:
        url = named(server.template, "NoticesQueue")
        taken = not server.client("sqs").send_message_batch(QueueUrl=url, Entries=entries).get("Failed")
    except ClientError:
        taken = False
    assert taken == (name in lenient)


def test_every_wrong_request_is_refused_by_one_of_the_servers_at_least() -> None:
    assert all({MINISTACK, DYNALITE} - lenient for _, lenient in REFUSED.values())
    assert all(MINISTACK not in lenient for _, lenient in REFUSED_MESSAGES.values())


@on_each(MOTO, MINISTACK, DYNALITE)
def test_a_page_ends_at_a_megabyte(server: Server, name: str) -> None:
    """Else the contract's long shards would prove nothing about readers of first pages."""
    street = server.street() if name != MOTO else on_moto(server.template)
    for n in range(12):
        street.ledger.plan(a_row(a_key(period=f"2026-{n + 1:02}"), why="x" * 100_000))
    call, asked = query(ExpressionAttributeValues={":x": {"S": "TENANCY#T-1"}})
    answer = getattr(server.client("dynamodb"), call)(**asked)
    assert 1 < len(answer["Items"]) < 12
    assert "LastEvaluatedKey" in answer


@on_each(MOTO, MINISTACK, DYNALITE)
def test_a_batch_that_is_too_large_is_seen_here_and_not_on_moto(
    server: Server, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken twin of the snapshots' adapter: 26 rows a batch, which everybody but moto refuses."""
    monkeypatch.setattr("arrears.adapters.dynamo.snapshots.islice", lambda rows, _: islice(rows, 26))
    dynamodb, table = server.client("dynamodb"), named(server.template, "SnapshotTable")
    rows = [a_snapshot(tenancy_id=f"T-{n}") for n in range(26)]
    with nullcontext() if name == MOTO else pytest.raises(ClientError, match="ValidationException"):
        DynamoSnapshots(dynamodb, table).write("v1", SHARDS, rows, NOW)


@on_each(MOTO, MINISTACK)
def test_a_receipt_comes_out_of_its_queue_as_it_was_put_in(server: Server) -> None:
    sqs, url = server.client("sqs"), named(server.template, "ReceiptsQueue")
    receipt = Receipt("ab" * 16, "quriiri", Arrival.UNDELIVERED, True, "no such number: ä€", NOW)
    ReceiptQueue(sqs, url, lambda: "a secret").put(receipt, b"told twice")
    (message,) = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    assert receipt_in(message["Body"]) == receipt
    assert message["MessageAttributes"]["replay_id"]["StringValue"] == sha256(b"told twice").hexdigest()[:16]


@on_each(MINISTACK)
def test_files_are_listed_whole_however_many_pages_they_fill(server: Server) -> None:
    records, names = server.street().records, [f"a/{n:04}" for n in range(1_001)]
    with ThreadPoolExecutor(8) as writers:
        list(writers.map(lambda name: records.put(name, b""), names))
    assert list(records.names("a/")) == names


# --- at once: what one process cannot show ---------------------------------------------------------------------------


@on_each(MINISTACK)
def test_of_eight_senders_at_once_one_has_the_row(server: Server) -> None:
    street = server.street()
    street.runs.open(a_run())
    street.ledger.plan(a_row())
    with ThreadPoolExecutor(8) as senders:
        claims = list(
            senders.map(lambda n: street.ledger.claim(a_row(), f"sender-{n}", "sms", None, NOW, 50), range(8))
        )
    assert claims.count(Claim.OURS) == 1
    run = street.runs.run(MONTH)
    assert run is not None
    assert run.claimed == 1


@on_each(MINISTACK)
def test_a_cap_holds_for_eight_senders_at_once(server: Server) -> None:
    street = server.street()
    street.runs.open(a_run(cap=5))
    rows = [a_row(a_key(f"T-{n}")) for n in range(24)]
    assert all(map(street.ledger.plan, rows))
    with ThreadPoolExecutor(8) as senders:
        claims = list(senders.map(lambda row: street.ledger.claim(row, "me", "sms", None, NOW, 50), rows))
    assert claims.count(Claim.OURS) == 5
    run = street.runs.run(MONTH)
    assert run is not None
    assert run.claimed == 5
