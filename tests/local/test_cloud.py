"""The embedded cloud does what the template wires, when AWS would do it, and nothing else."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from arrears.adapters import clock
from tests.local.cloud import Cloud
from tests.local.doors import witness
from tests.local.template import ROOT

SMALL = ROOT / "tests" / "local" / "doors" / "template.yaml"
HELSINKI = ZoneInfo("Europe/Helsinki")
NOON = datetime(2026, 11, 10, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nothing_seen() -> None:
    witness.forget()


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with Cloud(NOON, template=SMALL) as cloud:
        yield cloud


def refuse(*_: Any) -> Any:
    """A handler that raises."""
    raise RuntimeError("no")


def send(cloud: Cloud, *bodies: str, queue: str = "Work", **more: Any) -> None:
    """Puts messages into a queue."""
    for body in bodies:
        cloud.client("sqs").send_message(QueueUrl=cloud.physical(queue), MessageBody=body, **more)


def bodies(function: str) -> list[list[str]]:
    """The bodies of each batch that a function was called with."""
    return [[record["body"] for record in event["Records"]] for event in witness.seen(function)]


def wants_back(*wanted: str) -> Any:
    """A handler that reports the messages with these bodies as failed."""
    return lambda event: {
        "batchItemFailures": [{"itemIdentifier": r["messageId"]} for r in event["Records"] if r["body"] in wanted]
    }


# --- time ----------------------------------------------------------------------------------------------------------


def test_a_schedule_ticks_in_helsinki_time_on_both_sides_of_the_change() -> None:
    with Cloud(datetime(2026, 10, 24, tzinfo=UTC), template=SMALL) as cloud:
        cloud.run_until(datetime(2026, 10, 26, 12, tzinfo=UTC))
    times = [event["time"] for event in witness.seen("ticked")]
    assert times == ["2026-10-24T06:30:00Z", "2026-10-25T07:30:00Z", "2026-10-26T07:30:00Z"]


def test_a_tick_says_which_schedule_it_is(cloud: Cloud) -> None:
    cloud.run_until(NOON + timedelta(days=1))
    (event,) = witness.seen("ticked")
    assert event["of"].endswith(":schedule/default/daily")


def test_handlers_see_the_simulated_moment(cloud: Cloud) -> None:
    moments: list[datetime] = []
    witness.ANSWERS["arrived"] = lambda _: moments.append(clock.now())
    cloud.run_until(NOON + timedelta(hours=3))
    cloud.put("Inbox", "in/a.jsonl", b"")
    cloud.settle()
    assert moments == [NOON + timedelta(hours=3)]


def test_the_clock_stands_where_it_was_run_to_and_never_goes_back(cloud: Cloud) -> None:
    cloud.run_until(NOON + timedelta(hours=3))
    assert cloud.clock.now() == NOON + timedelta(hours=3)
    with pytest.raises(ValueError, match="does not go back"):
        cloud.run_until(NOON)


def test_outside_the_cloud_the_clock_is_the_machines_again() -> None:
    with Cloud(NOON, template=SMALL):
        assert clock.now() == NOON
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)


# --- files ---------------------------------------------------------------------------------------------------------


def test_a_file_calls_the_function_that_its_name_is_for(cloud: Cloud) -> None:
    cloud.put("Inbox", "in/snapshot å 1.jsonl", b"{}")
    cloud.settle()
    (event,) = witness.seen("arrived")
    assert event["Records"][0]["s3"]["object"]["key"] == "in/snapshot+%C3%A5+1.jsonl"
    assert event["Records"][0]["s3"]["bucket"]["name"] == cloud.physical("Inbox") == "small-123456789012"
    assert event["Records"][0]["s3"]["object"]["size"] == 2


@pytest.mark.parametrize("key", ["out/a.jsonl", "in/a.csv", "a.jsonl"])
def test_a_file_with_another_name_calls_nobody(cloud: Cloud, key: str) -> None:
    cloud.put("Inbox", key, b"{}")
    cloud.settle()
    assert witness.SEEN == []


def test_a_file_that_fails_comes_again_after_one_and_two_minutes_and_is_then_dropped(cloud: Cloud) -> None:
    witness.ANSWERS["arrived"] = refuse
    cloud.put("Inbox", "in/a.jsonl", b"")
    cloud.run_until(NOON + timedelta(hours=1))
    assert [failure.at - NOON for failure in cloud.failures] == [timedelta(minutes=m) for m in (0, 1, 3)]
    assert cloud.dead_letters("FailedDlq") == []  # the template asks for no on-failure destination there


def test_a_tick_that_fails_for_good_goes_where_the_template_says(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloud.functions["ticked"].module(), "handler", refuse)
    cloud.run_until(datetime(2026, 11, 11, 9, 30, tzinfo=HELSINKI) + timedelta(hours=1))
    (letter,) = map(json.loads, cloud.dead_letters("FailedDlq"))
    assert letter["requestPayload"]["time"] == "2026-11-11T07:30:00Z"
    assert letter["requestContext"]["approximateInvokeCount"] == 3
    assert letter["responsePayload"] == {"errorMessage": "no", "errorType": "RuntimeError"}


def test_a_tick_that_fails_once_is_not_lost(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    answers: Iterator[Callable[[Any], Any]] = iter([refuse, lambda _: None])
    monkeypatch.setattr(cloud.functions["ticked"].module(), "handler", lambda event, _: next(answers)(event))
    cloud.run_until(NOON + timedelta(days=1))
    assert len(cloud.failures) == 1
    assert cloud.dead_letters("FailedDlq") == []


# --- queues --------------------------------------------------------------------------------------------------------


def test_messages_come_in_batches_of_the_size_that_the_template_says(cloud: Cloud) -> None:
    send(cloud, *"abcdef")
    cloud.settle()
    assert bodies("batched") == [list("abcd"), list("ef")]
    assert cloud.dead_letters("Work") == []


def test_a_message_has_the_shape_that_lambda_gives_it(cloud: Cloud) -> None:
    send(cloud, "a", MessageAttributes={"id": {"DataType": "String", "StringValue": "1"}})
    cloud.settle()
    record = witness.seen("batched")[0]["Records"][0]
    assert record["messageAttributes"]["id"]["stringValue"] == "1"
    assert record["messageAttributes"]["id"]["dataType"] == "String"
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["attributes"]["SentTimestamp"] == str(int(NOON.timestamp() * 1000))
    assert record["eventSourceARN"].endswith(":arrears-local-Work")


def test_only_the_failed_message_comes_back_and_not_before_its_time(cloud: Cloud) -> None:
    witness.ANSWERS["batched"] = wants_back("b")
    send(cloud, *"abc")
    cloud.run_until(NOON + timedelta(seconds=119))
    assert bodies("batched") == [list("abc")]
    cloud.run_until(NOON + timedelta(seconds=121))
    assert bodies("batched") == [list("abc"), ["b"]]


def test_a_message_that_always_fails_ends_with_the_dead_letters_after_its_tries(cloud: Cloud) -> None:
    witness.ANSWERS["batched"] = wants_back("b")
    send(cloud, *"ab")
    cloud.run_until(NOON + timedelta(hours=1))
    assert bodies("batched") == [list("ab"), ["b"], ["b"]]
    assert cloud.dead_letters("WorkDlq") == ["b"]
    assert cloud.dead_letters("Work") == []


def test_a_batch_whose_handler_raises_comes_back_whole(cloud: Cloud) -> None:
    witness.ANSWERS["batched"] = refuse
    send(cloud, *"ab")
    cloud.run_until(NOON + timedelta(seconds=121))
    assert bodies("batched") == [list("ab"), list("ab")]


def test_a_batch_comes_back_whole_when_the_handler_names_a_message_that_is_not_in_it(cloud: Cloud) -> None:
    witness.ANSWERS["batched"] = lambda _: {"batchItemFailures": [{"itemIdentifier": "stranger"}]}
    send(cloud, *"ab")
    cloud.run_until(NOON + timedelta(seconds=121))
    assert bodies("batched") == [list("ab"), list("ab")]


def test_failures_are_lost_where_the_template_forgets_to_report_them(cloud: Cloud) -> None:
    witness.ANSWERS["careless"] = wants_back("a")
    send(cloud, "a", queue="SlackWork")
    cloud.run_until(NOON + timedelta(hours=1))
    assert bodies("careless") == [["a"]]


def test_a_delayed_message_waits(cloud: Cloud) -> None:
    send(cloud, "a", DelaySeconds=300)
    cloud.run_until(NOON + timedelta(seconds=299))
    assert witness.SEEN == []
    cloud.run_until(NOON + timedelta(seconds=301))
    assert bodies("batched") == [["a"]]


def test_a_handler_can_make_a_message_visible_sooner(cloud: Cloud) -> None:
    def soon(event: Any) -> Any:
        handle = event["Records"][0]["receiptHandle"]
        where = {"QueueUrl": cloud.physical("Work"), "ReceiptHandle": handle}
        cloud.client("sqs").change_message_visibility(**where, VisibilityTimeout=10)
        return wants_back("a")(event)

    witness.ANSWERS["batched"] = soon
    send(cloud, "a")
    cloud.run_until(NOON + timedelta(seconds=11))
    assert bodies("batched") == [["a"], ["a"]]


# --- topics, addresses, calls --------------------------------------------------------------------------------------


def test_a_topic_calls_its_function(cloud: Cloud) -> None:
    cloud.client("sns").publish(TopicArn=cloud.physical("Topic"), Message='{"a": 1}')
    cloud.settle()
    assert witness.seen("told")[0]["Records"][0]["Sns"]["Message"] == '{"a": 1}'


def test_a_topic_feeds_a_queue_only_while_its_condition_holds() -> None:
    for switch, expected in (("off", 0), ("on", 1)):
        with Cloud(NOON, {"Switch": switch}, template=SMALL) as cloud:
            cloud.client("sns").publish(TopicArn=cloud.physical("Topic"), Message="hello")
            cloud.settle()
        assert len(witness.seen("batched")) == expected


def test_a_function_answers_what_is_posted_to_its_address(cloud: Cloud) -> None:
    witness.ANSWERS["posted"] = lambda _: {"statusCode": 204}
    assert cloud.post("posted", "hello", {"X-Name": "1"}, "/link") == {"statusCode": 204}
    (event,) = witness.seen("posted")
    assert (event["body"], event["isBase64Encoded"], event["rawPath"]) == ("hello", False, "/link")
    assert event["headers"]["x-name"] == "1"


def test_bytes_that_are_no_text_are_posted_as_base64(cloud: Cloud) -> None:
    cloud.post("posted", b"\xff\x00")
    (event,) = witness.seen("posted")
    assert (event["body"], event["isBase64Encoded"]) == ("/wA=", True)


def test_a_function_without_an_address_cannot_be_posted_to(cloud: Cloud) -> None:
    with pytest.raises(KeyError):
        cloud.post("ticked", "hello")


def test_a_function_can_be_called_and_waited_for(cloud: Cloud) -> None:
    name = cloud.functions["ticked"].arn.rsplit(":", 1)[1]
    answered = cloud.client("lambda").invoke(FunctionName=name, Payload=b'{"a": 1}')
    assert json.loads(answered["Payload"].read())["name"] == "arrears-local-ticked"
    assert witness.seen("ticked") == [{"a": 1}]


def test_a_call_that_is_not_waited_for_happens_afterwards(cloud: Cloud) -> None:
    arn = cloud.functions["ticked"].arn
    answered = cloud.client("lambda").invoke(FunctionName=arn, InvocationType="Event", Payload=b"{}")
    assert (answered["StatusCode"], witness.SEEN) == (202, [])
    cloud.settle()
    assert witness.seen("ticked") == [{}]


def test_a_called_function_that_raises_says_so_as_lambda_does(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloud.functions["ticked"].module(), "handler", refuse)
    answered = cloud.client("lambda").invoke(FunctionName="arrears-local-ticked", Payload=b"{}")
    assert answered["FunctionError"] == "Unhandled"
    assert json.loads(answered["Payload"].read())["errorType"] == "RuntimeError"


def test_a_function_that_is_not_in_the_template_cannot_be_called(cloud: Cloud) -> None:
    client = cloud.client("lambda")
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.invoke(FunctionName="stranger", Payload=b"{}")


# --- environments --------------------------------------------------------------------------------------------------


def test_a_function_finds_what_the_template_gives_it_and_nothing_of_this_machine(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME_OF_THE_DEVELOPER", "/somewhere")
    cloud.invoke("ticked", {})
    found = witness.ENVIRONMENTS["ticked"]
    assert found["TABLE"] == "arrears-local-Rows"
    assert found["QUEUE_URL"].endswith("/arrears-local-Work")
    assert found["BUCKET"] == "small-123456789012"
    assert found["WHERE"] == "eu-north-1/arn:aws:s3:::small-123456789012"
    assert "HOME_OF_THE_DEVELOPER" not in found
    assert "GREETING" not in found


def test_parameters_and_additions_reach_the_functions() -> None:
    with Cloud(NOON, {"Greeting": "Hei"}, {"EXTRA": "1"}, template=SMALL) as cloud:
        assert cloud.environment("ticked")["GREETING"] == "Hei, ${literally}"
        assert cloud.environment("arrived")["EXTRA"] == "1"


def test_a_parameter_that_the_template_does_not_have_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="has no parameter"):
        Cloud(NOON, {"Greting": "Hei"}, template=SMALL)


def test_a_secret_is_worth_what_was_given_or_its_own_name() -> None:
    with Cloud(NOON, secrets={"Password": "sesame"}, template=SMALL) as cloud:
        name = cloud.environment("ticked")["SECRET"]
        assert cloud.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"] == "sesame"
    with Cloud(NOON, template=SMALL) as cloud:
        name = cloud.environment("ticked")["SECRET"]
        assert cloud.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"] == "Password"


def test_a_warm_function_remembers_within_a_cloud_and_nothing_of_an_earlier_one() -> None:
    for _ in range(2):
        with Cloud(NOON, template=SMALL) as cloud:
            assert [cloud.invoke("ticked", {})["calls"] for _ in range(3)] == [1, 2, 3]


def test_a_function_knows_how_long_it_may_still_take(cloud: Cloud) -> None:
    assert 15_000 < cloud.invoke("ticked", {})["left"] <= 20_000


def test_the_outputs_and_alarms_are_those_of_the_template(cloud: Cloud) -> None:
    assert cloud.outputs == {"Table": "arrears-local-Rows", "Url": cloud.url("posted")}
    (alarm,) = cloud.alarms
    assert alarm["AlarmName"] == "arrears-local-too-many"
    assert alarm["Dimensions"] == [{"Name": "QueueName", "Value": "arrears-local-WorkDlq"}]


# --- rows that expire ----------------------------------------------------------------------------------------------


def test_expired_rows_go_and_the_others_stay(cloud: Cloud) -> None:
    client, table = cloud.client("dynamodb"), cloud.physical("Rows")
    for name, days in (("soon", 1), ("later", 30)):
        expires = {"N": str(int((NOON + timedelta(days=days)).timestamp()))}
        client.put_item(TableName=table, Item={"pk": {"S": name}, "sk": {"S": "1"}, "expires": expires})
    client.put_item(TableName=table, Item={"pk": {"S": "for ever"}, "sk": {"S": "1"}})
    cloud.run_until(NOON + timedelta(days=3))
    assert {item["pk"]["S"] for item in client.scan(TableName=table)["Items"]} == {"later", "for ever"}
