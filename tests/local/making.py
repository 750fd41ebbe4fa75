"""Makes what the template describes: tables, queues, buckets, topics, secrets, the key and the alarms, in moto.

moto knows no SAM and skips alarms and schedules, so each resource is made from the translated template by the call that
CloudFormation would make; botocore checks the properties on the way. Encryption, policies and roles are not made: moto
would not hold anyone to them.
"""

import json
from collections.abc import Callable
from typing import Any

import boto3

from tests.local.template import REGION, Template

Properties = dict[str, Any]


def make(template: Template, secrets: dict[str, str]) -> None:
    """Makes every resource that a function, an event or an alarm needs, and notes its name in the template.
    `secrets` are values by logical id; without one a secret is worth its own name, so that runs repeat."""
    makers: dict[str, Callable[[str, Properties], str]] = {
        "AWS::KMS::Key": _key,
        "AWS::DynamoDB::Table": _table,
        "AWS::SQS::Queue": _queue,
        "AWS::S3::Bucket": _bucket,
        "AWS::SNS::Topic": _topic,
        "AWS::SecretsManager::Secret": lambda name, _: _secret(name, secrets),
        "AWS::SNS::Subscription": _subscription,
        "AWS::CloudWatch::Alarm": _alarm,
    }
    for kind, maker in makers.items():
        # A queue names its dead-letter queue, which must be there first: those without one of their own come first.
        for logical, properties in sorted(template.of_type(kind), key=lambda found: "RedrivePolicy" in found[1]):
            template.names[logical] = maker(template.name(logical), template.resolve(properties))


def _key(_: str, properties: Properties) -> str:
    made = boto3.client("kms", REGION).create_key(Description=properties["Description"])
    return str(made["KeyMetadata"]["KeyId"])


def _table(name: str, properties: Properties) -> str:
    client = boto3.client("dynamodb", REGION)
    shape = {"AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode"}
    client.create_table(TableName=name, **{key: value for key, value in properties.items() if key in shape})
    if lives := properties.get("TimeToLiveSpecification"):
        client.update_time_to_live(TableName=name, TimeToLiveSpecification=lives)
    return name


def _queue(name: str, properties: Properties) -> str:
    attributes = {
        key: json.dumps(value) if isinstance(value, dict) else str(value) for key, value in properties.items()
    }
    return str(boto3.client("sqs", REGION).create_queue(QueueName=name, Attributes=attributes)["QueueUrl"])


def _bucket(name: str, properties: Properties) -> str:
    client = boto3.client("s3", REGION)
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    if versioning := properties.get("VersioningConfiguration"):
        client.put_bucket_versioning(Bucket=name, VersioningConfiguration=versioning)
    return name


def _topic(name: str, _: Properties) -> str:
    return str(boto3.client("sns", REGION).create_topic(Name=name)["TopicArn"])


def _secret(name: str, secrets: dict[str, str]) -> str:
    logical = name.rsplit("-", 1)[1]
    value = secrets.get(logical, logical)
    return str(boto3.client("secretsmanager", REGION).create_secret(Name=name, SecretString=value)["ARN"])


def _subscription(_: str, properties: Properties) -> str:
    raw = str(properties.get("RawMessageDelivery", False)).lower()
    made = boto3.client("sns", REGION).subscribe(
        TopicArn=properties["TopicArn"],
        Protocol=properties["Protocol"],
        Endpoint=properties["Endpoint"],
        Attributes={"RawMessageDelivery": raw} if properties["Protocol"] == "sqs" else {},
        ReturnSubscriptionArn=True,
    )
    return str(made["SubscriptionArn"])


def _alarm(name: str, properties: Properties) -> str:
    boto3.client("cloudwatch", REGION).put_metric_alarm(AlarmName=name, **properties)
    return name
