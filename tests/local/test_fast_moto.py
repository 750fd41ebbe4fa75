"""What is spared in moto changes no answer: the same calls, with and without, side by side."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.dynamodb.models.table import Table

from tests.local import fast_moto
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
        deep = {"deep": {"L": [{"M": {"yes": {"BOOL": True}, "none": {"NULL": True}, "b": {"B": b"\x00"}}}]}}
        row = {"pk": {"S": f"p{number % 3}"}, "sk": {"S": f"s{9 - number}"}}
        client.put_item(TableName="t", Item=row | colour | deep)
    client.put_item(TableName="t", Item={"pk": {"S": "p0"}, "sk": {"S": "s0"}, "names": {"SS": ["a", "b"]}})


def query(condition: str, value: str, **more: Any) -> Ask:
    """Asks for what a query answers."""
    given = {"KeyConditionExpression": condition, "ExpressionAttributeValues": {":v": {"S": value}}}

    def ask(client: Any) -> Any:
        answered = client.query(TableName="t", **given, **more)
        return answered["Items"], answered["Count"], answered["ScannedCount"], answered.get("LastEvaluatedKey")

    return ask


def put(pk: str, **more: Any) -> Any:
    """A write of a new row."""
    return {"Put": {"TableName": "t", "Item": {"pk": {"S": pk}, "sk": {"S": "new"}}} | more}


def add(pk: str, sk: str, **more: Any) -> Any:
    """A write that counts one up."""
    key = {"pk": {"S": pk}, "sk": {"S": sk}}
    count = {"UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}
    return {"Update": {"TableName": "t", "Key": key} | count | more}


def transact(*writes: Any) -> Ask:
    """Asks for what a transaction answers, and for everything that is in the table afterwards."""

    def ask(client: Any) -> Any:
        try:
            told: Any = client.transact_write_items(TransactItems=list(writes))["ResponseMetadata"]["HTTPStatusCode"]
        except ClientError as error:
            told = error.response["Error"]["Code"], error.response.get("CancellationReasons")
        return told, everything(client)

    return ask


def everything(client: Any) -> Any:
    """All rows, in order."""
    return sorted(client.scan(TableName="t")["Items"], key=lambda row: (row["pk"]["S"], row["sk"]["S"]))


NEVER = {"ConditionExpression": "attribute_not_exists(pk)", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
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
    "one row": lambda client: client.get_item(TableName="t", Key={"pk": {"S": "p1"}, "sk": {"S": "s8"}}).get("Item"),
    "no row": lambda client: client.get_item(TableName="t", Key={"pk": {"S": "p1"}, "sk": {"S": "?"}}).get("Item"),
    "a transaction": transact(put("p7"), add("p0", "s9")),
    "a failed condition after writes": transact(add("p0", "s9"), put("p7"), add("p0", "s0", **NEVER)),
    "a failed condition on a new row": transact(add("p8", "new", ConditionExpression="attribute_exists(pk)")),
    "the same row twice": transact(add("p0", "s9"), add("p0", "s9")),
}


@pytest.mark.parametrize("asked", ASKED)
def test_the_answer_is_the_same(asked: str, plain: dict[str, Any], fast: dict[str, Any]) -> None:
    assert fast[asked] == plain[asked]


def test_a_transaction_that_fails_leaves_everything_as_it_was(fast: dict[str, Any]) -> None:
    (code, reasons), rows = fast["a failed condition after writes"]
    assert code == "TransactionCanceledException"
    assert [reason["Code"] for reason in reasons] == ["None", "None", "ConditionalCheckFailed"]
    assert rows == fast["everything"]


def test_without_rolling_back_the_difference_would_be_seen(
    plain: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = "a failed condition after writes"
    monkeypatch.setattr(fast_moto, "_roll_back", lambda slow: slow)
    assert answers([asked], fast_moto.fast())[asked] != plain[asked]


def test_outside_the_context_moto_is_as_it_was() -> None:
    as_it_was = dict(vars(Table))
    with fast_moto.fast():
        assert dict(vars(Table)) != as_it_was
    assert dict(vars(Table)) == as_it_was
