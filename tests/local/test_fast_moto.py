"""What is spared in moto changes no answer: the same calls, with and without, side by side."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber
from moto.dynamodb.models.table import Table
from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords

from tests.local import fast_moto, fast_rows, fast_updates
from tests.local.template import REGION

KEYS = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
BY_COLOUR = [{"AttributeName": "colour", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
Ask = Callable[[Any], Any]


def answers(asked: Iterable[str], context: AbstractContextManager[None]) -> dict[str, Any]:
    """What each question is answered, each asked of the same seven rows."""
    with mock_aws(), context:
        client: Any = boto3.client("dynamodb", REGION)
        found = {}
        for question in asked:
            fill(client)
            found[question] = ASKED[question](client)
            client.delete_table(TableName="t")
        return found


@pytest.fixture(scope="module")
def plain() -> dict[str, Any]:
    return answers(ASKED, nullcontext())


@pytest.fixture(scope="module")
def fast() -> dict[str, Any]:
    return answers(ASKED, fast_moto.fast())


@pytest.fixture(scope="module")
def at_hand() -> dict[str, Any]:
    return answers(ASKED, fast_moto.fast(at_hand=True))


def fill(client: Any) -> None:
    """Seven rows of three kinds in the table `t`."""
    client.create_table(
        TableName="t",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "colour")],
        KeySchema=KEYS,
        GlobalSecondaryIndexes=[
            {"IndexName": "by_colour", "KeySchema": BY_COLOUR, "Projection": {"ProjectionType": "KEYS_ONLY"}}
        ],
    )
    for number in range(6):
        colour = {"colour": {"S": ("red", "blue")[number % 2]}, "n": {"N": str(number)}}
        parts = {"yes": {"BOOL": True}, "none": {"NULL": True}} | ({"b": {"B": b"\x00"}} if number == 5 else {})
        deep = {"deep": {"L": [{"M": parts}, {"S": "ä"}, {"N": "1.50"}]}}
        row = {"pk": {"S": f"p{number % 3}"}, "sk": {"S": f"s{9 - number}"}}
        client.put_item(TableName="t", Item=row | colour | deep)
    client.put_item(TableName="t", Item={"pk": {"S": "p0"}, "sk": {"S": "s0"}, "names": {"SS": ["a", "b"]}})


def query(condition: str, value: str, to: str | None = None, **more: Any) -> Ask:
    """Asks for what a query answers."""
    values = {":v": {"S": value}} | ({":to": {"S": to}} if to else {})
    given = {"KeyConditionExpression": condition, "ExpressionAttributeValues": values}

    def ask(client: Any) -> Any:
        answered = client.query(TableName="t", **given, **more)
        return answered["Items"], answered["Count"], answered["ScannedCount"], answered.get("LastEvaluatedKey")

    return ask


def put(pk: str, colour: Any = None, **more: Any) -> Any:
    """A write of a new row."""
    item = row(pk) | ({"colour": colour} if colour else {})
    return {"Put": {"TableName": "t", "Item": item} | more}


def add(pk: str, sk: str, **more: Any) -> Any:
    """A write that counts one up."""
    key = {"pk": {"S": pk}, "sk": {"S": sk}}
    count = {"UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}
    return {"Update": {"TableName": "t", "Key": key} | count | more}


def call(operation: str, **given: Any) -> Ask:
    """Asks for what a call answers or how it is refused, and for everything that is in the table afterwards."""

    def ask(client: Any) -> Any:
        try:
            told = getattr(client, operation)(**given)
            del told["ResponseMetadata"]
        except ClientError as error:
            told = {name: value for name, value in error.response.items() if name != "ResponseMetadata"}
        return told, everything(client)

    return ask


def transact(*writes: Any) -> Ask:
    """Asks for what a transaction answers, and for everything that is in the table afterwards."""
    return call("transact_write_items", TransactItems=list(writes))


def write(*rows: Any) -> Ask:
    """Asks for what writing those rows at once comes to."""
    return call("batch_write_item", RequestItems={"t": [{"PutRequest": {"Item": each}} for each in rows]})


def update(expression: str, pk: str = "p0", condition: str = "", **values: Any) -> Ask:
    """Asks for what an update of the row `s9` answers."""
    given = {"ExpressionAttributeValues": {f":{name}": value for name, value in values.items()}} if values else {}
    bound = {"ConditionExpression": condition, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"} if condition else {}
    key = {"pk": {"S": pk}, "sk": {"S": "s9"}}
    return call(
        "update_item", TableName="t", Key=key, UpdateExpression=expression, ReturnValues="ALL_NEW", **given, **bound
    )


def row(pk: str, sk: str = "new", **more: Any) -> Any:
    """A row, its other attributes typed."""
    return {"pk": {"S": pk}, "sk": {"S": sk}} | more


def in_turn(*asked: Ask) -> Ask:
    """Asks one after the other: what one changes, the next one sees."""
    return lambda client: [ask(client) for ask in asked]


def many(client: Any) -> Any:
    """More rows than fit into one page, and where each page ends."""
    for number in range(12):
        put = {"PutRequest": {"Item": row("p5", f"{number:02}", long={"S": "ä" * 60_000}, colour={"S": "green"})}}
        client.batch_write_item(RequestItems={"t": [put]})
    asked = {"ExpressionAttributeValues": {":v": {"S": "green"}}, "KeyConditionExpression": "colour = :v"}
    pages = client.get_paginator("query").paginate(TableName="t", IndexName="by_colour", **asked)
    whole = client.get_paginator("query").paginate(
        TableName="t", KeyConditionExpression="pk = :v", ExpressionAttributeValues={":v": {"S": "p5"}}
    )
    return [[item["sk"]["S"] for item in page["Items"]] for each in (pages, whole) for page in each]


def everything(client: Any) -> Any:
    """All rows, in order."""
    return sorted(client.scan(TableName="t")["Items"], key=lambda row: (row["pk"]["S"], row["sk"]["S"]))


ONCE = {"ConditionExpression": "attribute_not_exists(pk)", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
ASKED: dict[str, Ask] = {
    "everything": everything,
    "a partition": query("pk = :v", "p0"),
    "a partition that is not there": query("pk = :v", "p9"),
    "backwards": query("pk = :v", "p0", ScanIndexForward=False),
    "a page": query("pk = :v", "p0", Limit=2),
    "some attributes": query("pk = :v", "p0", ProjectionExpression="n"),
    "filtered": query("pk = :v", "p0", FilterExpression="attribute_exists(n)"),
    "an index": query("colour = :v", "red", IndexName="by_colour"),
    "an index backwards, a page": query("colour = :v", "red", IndexName="by_colour", ScanIndexForward=False, Limit=1),
    "an index without such rows": query("colour = :v", "green", IndexName="by_colour"),
    "a partition with bytes": query("pk = :v", "p2"),
    "one row": lambda client: client.get_item(TableName="t", Key={"pk": {"S": "p1"}, "sk": {"S": "s8"}}).get("Item"),
    "no row": lambda client: client.get_item(TableName="t", Key={"pk": {"S": "p1"}, "sk": {"S": "?"}}).get("Item"),
    "a transaction": transact(put("p7"), add("p0", "s9")),
    "a failed condition after writes": transact(add("p0", "s9"), put("p7"), add("p0", "s0", **ONCE)),
    "a failed condition on a new row": transact(add("p8", "new", ConditionExpression="attribute_exists(pk)")),
    "between two keys": query("pk = :v AND sk < :to", "p0", to="s9"),
    "keys that begin so": query("pk = :v AND begins_with(sk, :to)", "p0", to="s"),
    "an index before a key": query("colour = :v AND sk < :to", "red", to="s9", IndexName="by_colour"),
    "part of an attribute": query("pk = :v", "p0", ProjectionExpression="deep[0].yes, n"),
    "an attribute that is not there": query("pk = :v", "p0", ProjectionExpression="nothing"),
    "more than a page": many,
    "a new row": call("put_item", TableName="t", Item=row("p9", n={"N": "1"}, deep={"M": {"a": {"L": []}}})),
    "a row over another": call("put_item", TableName="t", Item=row("p0", "s9"), ReturnValues="ALL_OLD"),
    "a row that is there already": call("put_item", TableName="t", Item=row("p0", "s0"), **ONCE),
    "a row that is too large": call(
        "put_item", TableName="t", Item=row("p9", a={"S": "a" * 300_000}, b={"S": "b" * 200_000})
    ),
    "many small parts that are too large": call(
        "put_item", TableName="t", Item=row("p9") | {f"a{n}": {"S": "a" * 7_900} for n in range(60)}
    ),
    "a row without its key": call("put_item", TableName="t", Item={"pk": {"S": "p9"}}),
    "a row with an empty key": call("put_item", TableName="t", Item=row("")),
    "another table": call("get_item", TableName="other", Key=row("p0")),
    "another index": call(
        "query",
        TableName="t",
        IndexName="other",
        KeyConditionExpression="colour = :v",
        ExpressionAttributeValues={":v": {"S": "red"}},
    ),
    "an update": update("SET n = :n, colour = :c REMOVE deep", n={"N": "7"}, c={"S": "blue"}),
    "an update that counts": update("SET n = n + :n ADD m :n", n={"N": "2"}),
    "an update that adds to a list": update("SET deep = list_append(deep, :more)", more={"L": [{"S": "x"}]}),
    "an update that adds to a list that is not there": update("SET l = list_append(l, :more)", more={"L": []}),
    "an update that adds a text to a list": update("SET deep = list_append(deep, :more)", more={"S": "x"}),
    "an update that counts texts": update("ADD colour :n", n={"N": "1"}),
    "an update that counts what is not there, and takes away": update("ADD m :n REMOVE deep, nothing", n={"N": "1.5"}),
    "an update of an index's key to nothing": update("SET colour = :c", c={"S": ""}),
    "an update of an index's key to a number": update("SET colour = :c", c={"N": "1"}),
    "an update without its value": update("SET n = :n", m={"N": "1"}),
    "an update of a name that is reserved": update("SET status = :n", n={"N": "1"}),
    "an update twice of one thing": update("SET n = :n, n = :n", n={"N": "1"}),
    "an update that takes the key away": update("REMOVE sk"),
    "an update of a part": update("SET deep[1] = :n", n={"N": "1"}),
    "an update to more than a row may hold": update("SET n = :n", n={"S": "ä" * 210_000}),
    "the same update of two rows": in_turn(
        update("SET n = :n", n={"N": "7"}), update("SET n = :n", pk="p1", n={"N": "8"})
    ),
    "an update of no row": update("SET n = :n", pk="p9", n={"N": "7"}),
    "an update that loses": update("SET n = :n", condition="n = :was", n={"N": "7"}, was={"N": "6"}),
    "an update that says nothing": update("SET", n={"N": "7"}),
    "an update with a value too many": update("SET n = :n", n={"N": "7"}, unused={"N": "7"}),
    "an update of a key": update("SET pk = :n", n={"S": "p1"}),
    "what an index finds before and after": in_turn(
        query("colour = :v", "red", IndexName="by_colour"),
        update("SET colour = :c", c={"S": "blue"}),
        query("colour = :v", "red", IndexName="by_colour"),
        transact(put("p7", colour={"S": "red"})),
        query("colour = :v", "red", IndexName="by_colour"),
        transact(put("p8", colour={"S": "red"}), put("p7", ConditionExpression="attribute_not_exists(pk)")),
        query("colour = :v", "red", IndexName="by_colour"),
        call("delete_item", TableName="t", Key=row("p7")),
        query("colour = :v", "red", IndexName="by_colour"),
    ),
    "many rows written": call(
        "batch_write_item",
        RequestItems={"t": [{"PutRequest": {"Item": row("p7")}}, {"DeleteRequest": {"Key": row("p0", "s9")}}]},
    ),
    "many simple rows written, and found": in_turn(
        query("colour = :v", "red", IndexName="by_colour"),
        write(row("p0", "s9", colour={"S": "red"}, n={"N": "12"}), row("p9", colour={"S": "red"})),
        query("colour = :v", "red", IndexName="by_colour"),
    ),
    "many rows, one twice": write(row("p9", n={"N": "1"}), row("p9", n={"N": "2"})),
    "many rows, one without its key": write(row("p9"), {"pk": {"S": "p8"}}),
    "many rows, one with an empty key": write(row("p9"), row("p8", "")),
    "many rows, one with an index's key of another type": write(row("p9"), row("p8", colour={"N": "1"})),
    "many rows, one with an odd number": write(row("p9"), row("p8", n={"N": "one"})),
    "many rows, one too large": write(row("p9"), row("p8", n={"S": "ä" * 210_000})),
    "more rows than may be written at once": write(*(row(f"p{number}") for number in range(26))),
    "many rows": call("batch_get_item", RequestItems={"t": {"Keys": [row("p0", "s0"), row("p0", "s9"), row("p0")]}}),
    "a row twice": call("batch_get_item", RequestItems={"t": {"Keys": [row("p0", "s0"), row("p0", "s0")]}}),
    "the same row twice": transact(add("p0", "s9"), add("p0", "s9")),
}


@pytest.mark.parametrize("asked", ASKED)
def test_the_answer_is_the_same(
    asked: str, plain: dict[str, Any], fast: dict[str, Any], at_hand: dict[str, Any]
) -> None:
    assert fast[asked] == plain[asked]
    assert at_hand[asked] == plain[asked]


def test_a_transaction_that_fails_leaves_everything_as_it_was(fast: dict[str, Any]) -> None:
    told, rows = fast["a failed condition after writes"]
    assert told["Error"]["Code"] == "TransactionCanceledException"
    assert [reason["Code"] for reason in told["CancellationReasons"]] == ["None", "None", "ConditionalCheckFailed"]
    assert rows == fast["everything"]


def without_keys(plain: Callable[..., Any], parts: Any, *, table: Any, **asked: Any) -> Any:
    """As if no attribute were a key."""
    return plain(parts, table=SimpleNamespace(attr=[], table_key_attrs=[]), **asked)


@pytest.mark.parametrize(
    ("asked", "owner", "protection", "without"),
    [
        ("a failed condition after writes", fast_rows, "rolling_back", lambda slow: slow),
        ("what an index finds before and after", fast_rows, "changing", lambda slow: slow),
        ("many small parts that are too large", fast_rows, "FEW", 1_000),
        ("an update of a name that is reserved", ReservedKeywords, "get_reserved_keywords", list),
        ("an update of an index's key to a number", fast_updates, "_plain", partial(without_keys, fast_updates._plain)),
    ],
)
def test_without_what_keeps_answers_right_the_difference_would_be_seen(
    asked: str, owner: Any, protection: str, without: Any, plain: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owner, protection, without)
    assert answers([asked], fast_moto.fast())[asked] != plain[asked]


def test_an_ordinary_call_never_becomes_an_http_request(monkeypatch: pytest.MonkeyPatch) -> None:
    with mock_aws(), fast_moto.fast():
        client: Any = boto3.client("dynamodb", REGION)
        fill(client)
        monkeypatch.setattr(BotocoreStubber, "process_request", lambda *_: pytest.fail("asked over HTTP"))
        assert len(query("pk = :v", "p0")(client)[0]) == 3


def test_hooks_see_the_request_and_the_answer_as_ever() -> None:
    with mock_aws(), fast_moto.fast():
        client: Any = boto3.client("dynamodb", REGION)
        fill(client)
        seen: list[Any] = []
        client.meta.events.register("before-send.dynamodb.Query", lambda request, **_: seen.append(request.url))
        client.meta.events.register(
            "before-parse.dynamodb.Query", lambda response_dict, **_: seen.append(response_dict)
        )
        query("pk = :v", "p0")(client)
    url, response = seen
    assert url == f"https://dynamodb.{REGION}.amazonaws.com/"
    assert response["status_code"] == 200
    assert json.loads(response["body"])["Count"] == 3


@pytest.mark.parametrize("at_hand", [False, True])
def test_what_was_asked_and_answered_is_not_the_row_itself(*, at_hand: bool) -> None:
    with mock_aws(), fast_moto.fast(at_hand=at_hand):
        client: Any = boto3.client("dynamodb", REGION)
        fill(client)
        asked = row("p9", deep={"M": {"a": {"S": "as it was"}}})
        client.put_item(TableName="t", Item=asked)
        asked["deep"]["M"]["a"]["S"] = "changed"
        for answered in (everything(client), query("pk = :v", "p9")(client)[0]):
            (answered,) = [each for each in answered if each["pk"] == {"S": "p9"}]
            assert answered["deep"] == {"M": {"a": {"S": "as it was"}}}
            answered["deep"]["M"]["a"]["S"] = "changed"


def both_ways(service: str, ask: Ask) -> Iterator[Any]:
    """What is answered without what is spared, and then with it."""
    for context in (nullcontext(), fast_moto.fast(at_hand=True)):
        with mock_aws(), context:
            yield ask(boto3.client(cast("Any", service), REGION))


def files(client: Any) -> Any:
    """What is found in a bucket of three files, and what is said of one that is not there."""
    client.create_bucket(Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": REGION})
    for name in ("letters/2", "letters/1", "jobs/ä b"):
        client.put_object(Bucket="bucket", Key=name, Body=name.encode())
    client.put_object(Bucket="bucket", Key="letters/2", Body=b"anew", ContentType="application/pdf")
    client.put_object(Bucket="bucket", Key="letters/4", Body=b"first", IfNoneMatch="*")
    with pytest.raises(ClientError) as there:
        client.put_object(Bucket="bucket", Key="letters/4", Body=b"second", IfNoneMatch="*")
    with pytest.raises(client.exceptions.NoSuchKey) as missing:
        client.get_object(Bucket="bucket", Key="letters/3")
    pages = client.get_paginator("list_objects_v2")
    listed = {
        prefix: [
            [(found["Key"], found["Size"], found["ETag"]) for found in page.get("Contents", [])]
            for page in pages.paginate(Bucket="bucket", Prefix=prefix)
        ]
        for prefix in ("", "letters/", "nothing/")
    }
    answered = [client.get_object(Bucket="bucket", Key=name) for name in ("letters/2", "letters/4", "jobs/ä b")]
    read = [(one["Body"].read(), one["ContentLength"], one["ContentType"], one["ETag"]) for one in answered]
    return listed, read, missing.value.response["Error"], there.value.response["Error"]["Code"]


def test_files_at_hand_are_the_files_of_the_bucket() -> None:
    slowly, at_hand = both_ways("s3", files)
    assert at_hand == slowly


TEXT, NUMBER = {"DataType": "String", "StringValue": "ä"}, {"DataType": "Number", "StringValue": "1"}
RAW, ODD = {"DataType": "Binary", "BinaryValue": b"\x00"}, {"DataType": "Odd", "StringValue": "1"}
ENTRIES = [{"Id": f"m{place}", "MessageBody": f"message {place}"} for place in range(3)]
SENT: list[dict[str, Any]] = [
    {"MessageBody": "ä"},
    {"MessageBody": "marked", "MessageAttributes": {"replay_id": TEXT, "b": TEXT}},
    {"MessageBody": "counted", "MessageAttributes": {"n": NUMBER}},
    {"MessageBody": "raw", "MessageAttributes": {"b": RAW}},
    {"MessageBody": "odd", "MessageAttributes": {"a": ODD}},
    {"MessageBody": "late", "DelaySeconds": 0},
    {"MessageBody": "x" * 2_000_000},
    {"MessageBody": ""},
    {"Entries": ENTRIES},
    {"Entries": ENTRIES[:1] * 2},
    {"Entries": []},
    {"Entries": ENTRIES * 4},
    {"Entries": [ENTRIES[0] | {"Id": "?"}]},
    {"Entries": [ENTRIES[0] | {"DelaySeconds": 0}]},
]


def messages(client: Any) -> Any:
    """What is said of messages sent one by one and together, and what is then in the queue."""
    url = client.create_queue(QueueName="queue")["QueueUrl"]
    told = [_said(client, QueueUrl=url, **sent) for sent in SENT]
    told.append(_said(client, QueueUrl=f"{url}-not", MessageBody="lost"))
    taken = {"QueueUrl": url, "MaxNumberOfMessages": 10, "MessageAttributeNames": ["All"]}
    left = [one for _ in range(2) for one in client.receive_message(**taken).get("Messages", [])]
    return told, [(one["Body"], one["MD5OfBody"], one.get("MessageAttributes")) for one in left]


def _said(client: Any, **asked: Any) -> Any:
    """What is answered, but for what is new each time; or the refusal."""
    send = client.send_message_batch if "Entries" in asked else client.send_message
    try:
        answered = send(**asked)
    except ClientError as error:
        return error.response["Error"]
    for one in answered.get("Successful", [answered]):
        assert one.pop("MessageId")
    del answered["ResponseMetadata"]
    return answered


def test_messages_sent_at_hand_are_the_messages_of_the_queue() -> None:
    slowly, at_hand = both_ways("sqs", messages)
    assert at_hand == slowly
    assert len(slowly[1]) == 10


def test_outside_the_context_moto_is_as_it_was() -> None:
    as_it_was = dict(vars(Table))
    with fast_moto.fast():
        assert dict(vars(Table)) != as_it_was
    assert dict(vars(Table)) == as_it_was
