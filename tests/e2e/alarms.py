"""What the deployed functions measured, and which alarms that rings.

AWS makes metrics of the lines that functions write (EMF); MiniStack does not. So the lines of the deployed functions
are read here, judged alarm by alarm, and given to MiniStack where an alarm shall really ring there: it looks at an
alarm's metric, not at its dimensions, and not at data that is missing.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.e2e.stack import Stack
from tests.local.template import Template


@dataclass(frozen=True)
class Measure:
    """One value of a metric. `at` is in seconds, `service` the door that wrote it."""

    namespace: str
    name: str
    service: str
    at: float
    value: float


def measures(lines: Iterable[str]) -> Iterator[Measure]:
    """Every value that a log's lines tell CloudWatch of."""
    for told in (json.loads(line) for line in lines if line.startswith('{"_aws"')):
        for directive in told["_aws"]["CloudWatchMetrics"]:
            for name in (metric["Name"] for metric in directive["Metrics"]):
                values = told[name] if isinstance(told[name], list) else [told[name]]
                for value in values:
                    at = told["_aws"]["Timestamp"] / 1000
                    yield Measure(directive["Namespace"], name, told["service"], at, float(value))


def ringing(measured: Iterable[Measure]) -> set[str]:
    """The template's alarms that ring at these values, by logical id."""
    found, template = list(measured), Template()
    alarms = {logical: template.resolve(alarm) for logical, alarm in template.of_type("AWS::CloudWatch::Alarm")}
    return {logical for logical, alarm in alarms.items() if _rings(alarm, found)}


def _rings(alarm: Any, measured: list[Measure]) -> bool:
    if alarm["ComparisonOperator"] != "GreaterThanOrEqualToThreshold" or alarm["Statistic"] not in ("Maximum", "Sum"):
        raise ValueError(f"{alarm['Statistic']} {alarm['ComparisonOperator']} is not known here")
    watched = (alarm["Namespace"], alarm["MetricName"], [one["Value"] for one in alarm["Dimensions"]])
    spans: defaultdict[int, list[float]] = defaultdict(list)
    for one in measured:
        if (one.namespace, one.name, [one.service]) == watched:
            spans[int(one.at // int(alarm["Period"]))].append(one.value)
    found = [max(values) if alarm["Statistic"] == "Maximum" else sum(values) for values in spans.values()]
    return any(value >= float(alarm["Threshold"]) for value in found)


def put(stack: Stack, measured: Iterable[Measure]) -> None:
    """Gives the values to the cloud's own CloudWatch."""
    for one in measured:
        datum = {"MetricName": one.name, "Value": one.value, "Dimensions": [{"Name": "service", "Value": one.service}]}
        stack.client("cloudwatch").put_metric_data(Namespace=one.namespace, MetricData=[datum])


def states(stack: Stack) -> dict[str, str]:
    """The state of every alarm of the stack, by its name."""
    pages = stack.client("cloudwatch").get_paginator("describe_alarms").paginate()
    return {alarm["AlarmName"]: alarm["StateValue"] for page in pages for alarm in page["MetricAlarms"]}


def listener(stack: Stack) -> str:
    """A queue that hears what the alarms' topic says, by its address."""
    topics = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:*", "Resource": "*"}
    attributes = {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [topics]})}
    url = stack.client("sqs").create_queue(QueueName="who-is-called", Attributes=attributes)["QueueUrl"]
    arn = stack.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    stack.client("sns").subscribe(TopicArn=stack.outputs["AlarmsTopic"], Protocol="sqs", Endpoint=arn)
    return str(url)


def heard(stack: Stack, url: str) -> list[str]:
    """The alarms that the queue has heard of since the last time."""
    told = stack.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    for message in told:
        stack.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [json.loads(json.loads(message["Body"])["Message"])["AlarmName"] for message in told]
