"""Makes what the template describes: tables, queues, buckets, topics, secrets and alarms, in moto.

moto knows no SAM and skips alarms and schedules, so each resource is made from the translated template by the call that
CloudFormation would make; botocore checks the properties on the way. Keys, policies and roles are not made: moto would
not hold anyone to them.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any

from tests.local.template import REGION, Template

Properties = dict[str, Any]
Client = Callable[[str], Any]


def make(template: Template, client: Client, secrets: dict[str, str], kinds: Iterable[str] = ()) -> None:
    """Makes every resource that a function, an event or an alarm needs, and notes its name in the template. `client`
    gives the client of a service. `secrets` are values by logical id; without one a secret is worth its own logical id,
    so that runs repeat. With `kinds` only those are made, in that order."""
    makers: dict[str, Callable[[Client, str, Properties], str]] = {
        "AWS::DynamoDB::Table": _table,
        "AWS::SQS::Queue": _queue,
        "AWS::S3::Bucket": _bucket,
        "AWS::SNS::Topic": _topic,
        "AWS::SecretsManager::Secret": lambda client, name, _: _secret(client, name, secrets),
        "AWS::SNS::Subscription": _subscription,
        "AWS::CloudWatch::Alarm": _alarm,
    }
    for kind in kinds or makers:
        # A queue names its dead-letter queue, which must be there first: those without one of their own come first.
        for logical, properties in sorted(template.of_type(kind), key=lambda found: "RedrivePolicy" in found[1]):
            template.names[logical] = makers[kind](client, template.name(logical), template.resolve(properties))


def _table(client: Client, name: str, properties: Properties) -> str:
    shape = {"AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode"}
    client("dynamodb").create_table(TableName=name, **{key: value for key, value in properties.items() if key in shape})
    if lives := properties.get("TimeToLiveSpecification"):
        client("dynamodb").update_time_to_live(TableName=name, TimeToLiveSpecification=lives)
    return name


def _queue(client: Client, name: str, properties: Properties) -> str:
    attributes = {
        key: json.dumps(value) if isinstance(value, dict) else str(value) for key, value in properties.items()
    }
    return str(client("sqs").create_queue(QueueName=name, Attributes=attributes)["QueueUrl"])


def _bucket(client: Client, name: str, properties: Properties) -> str:
    client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    if versioning := properties.get("VersioningConfiguration"):
        client("s3").put_bucket_versioning(Bucket=name, VersioningConfiguration=versioning)
    return name


def _topic(client: Client, name: str, _: Properties) -> str:
    return str(client("sns").create_topic(Name=name)["TopicArn"])


def _secret(client: Client, name: str, secrets: dict[str, str]) -> str:
    logical = name.rsplit("-", 1)[1]
    value = secrets.get(logical, logical)
    return str(client("secretsmanager").create_secret(Name=name, SecretString=value)["ARN"])


def _subscription(client: Client, _: str, properties: Properties) -> str:
    raw = str(properties.get("RawMessageDelivery", False)).lower()
    made = client("sns").subscribe(
        TopicArn=properties["TopicArn"],
        Protocol=properties["Protocol"],
        Endpoint=properties["Endpoint"],
        Attributes={"RawMessageDelivery": raw} if properties["Protocol"] == "sqs" else {},
        ReturnSubscriptionArn=True,
    )
    return str(made["SubscriptionArn"])


def _alarm(client: Client, name: str, properties: Properties) -> str:
    threshold = float(properties["Threshold"])  # CloudFormation makes a number of a parameter's text
    client("cloudwatch").put_metric_alarm(**{"AlarmName": name} | properties | {"Threshold": threshold})
    return name
