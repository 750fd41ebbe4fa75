"""The roles of a deployed stack, tried from within: what each may not do, and what happens when one could."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
from botocore.exceptions import ClientError

from tests.e2e.stack import Stack
from tests.local.template import ACCOUNT, STACK, Template

NOBODY = {"pk": {"S": "TENANCY#nobody"}, "sk": {"S": "2026-02#sms_reminder"}}
NO_CASE = json.dumps(
    {"key": {"tenancy_id": "nobody", "period": "2026-02", "step": "sms_reminder"}, "run": "2026-02"}
)  # rings for nobody, should it ever be let through
Words = dict[str, Any]


@dataclass(frozen=True)
class Deed:
    """One call that a door must not make. `target` names what it is done to, by its output or its logical id."""

    action: str
    target: str
    what: str

    def __str__(self) -> str:
        return f"{self.action} {self.target}{self.what}"


def roles() -> list[str]:
    """The template's roles, each by the name of its door."""
    names = [logical.removesuffix("Role") for logical, _ in Template().of_type("AWS::IAM::Role")]
    return [re.sub("(?<!^)([A-Z])", r"_\1", name).lower() for name in names]


def role_of(stack: Stack, door: str) -> str:
    """The ARN of a door's role."""
    named = stack.physical(f"{door.title().replace('_', '')}Role")
    return f"arn:aws:iam::{ACCOUNT}:role/{named}"


def inside(stack: Stack, door: str) -> boto3.Session:
    """A session with exactly the role's rights. Only its trust is widened, to the account's owner, who asks for it."""
    iam, role = stack.client("iam"), role_of(stack, door)
    name = role.rsplit("/", 1)[1]
    trust = iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
    owner = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
    widened = {"Version": "2012-10-17", "Statement": [*trust["Statement"], owner]}
    iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(widened))
    try:
        given = stack.client("sts").assume_role(RoleArn=role, RoleSessionName="tried")["Credentials"]
    finally:
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(trust))
    return boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], stack.region)


@contextmanager
def policy(stack: Stack, door: str, effect: str, action: str) -> Iterator[None]:
    """For a while the role is allowed, or forbidden, that action on everything."""
    iam, name = stack.client("iam"), role_of(stack, door).rsplit("/", 1)[1]
    document = {"Version": "2012-10-17", "Statement": [{"Effect": effect, "Action": action, "Resource": "*"}]}
    iam.put_role_policy(RoleName=name, PolicyName="for-a-while", PolicyDocument=json.dumps(document))
    try:
        yield
    finally:
        iam.delete_role_policy(RoleName=name, PolicyName="for-a-while")


def refused(stack: Stack, session: boto3.Session, deed: Deed) -> bool:
    """Whether the cloud says that this role may not. Everything is done to what is not there, so that nothing comes of
    it even where it is allowed."""
    try:
        DEEDS[deed.action](Tried(stack, session, deed.target, deed.what))
    except ClientError as error:
        return str(error.response["Error"]["Code"]).startswith("AccessDenied")
    return False


@cache
def client_of(stack: Stack, session: boto3.Session, service: str) -> Any:
    """A client of a role's session, made once: it costs more than what is asked of it."""
    return stack.client_of(session, service)


@dataclass(frozen=True)
class Tried:
    """One call about to be made, under a role."""

    stack: Stack
    session: boto3.Session
    target: str
    what: str

    def client(self, service: str) -> Any:
        """A client of the role's."""
        return client_of(self.stack, self.session, service)

    @property
    def named(self) -> str:
        """The target's own name or address."""
        return self.stack.outputs.get(self.target) or self.stack.physical(self.target)


DEEDS: dict[str, Callable[[Tried], Any]] = {
    "dynamodb:GetItem": lambda t: t.client("dynamodb").get_item(TableName=t.named, Key=NOBODY),
    "dynamodb:PutItem": lambda t: t.client("dynamodb").put_item(
        TableName=t.named, Item=NOBODY, ConditionExpression="attribute_exists(pk)"
    ),
    "dynamodb:UpdateItem": lambda t: t.client("dynamodb").update_item(
        TableName=t.named, Key=NOBODY, UpdateExpression="REMOVE nothing", ConditionExpression="attribute_exists(pk)"
    ),
    "dynamodb:DeleteItem": lambda t: t.client("dynamodb").delete_item(TableName=t.named, Key=NOBODY),
    "dynamodb:Query": lambda t: t.client("dynamodb").query(
        TableName=t.named, KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": NOBODY["pk"]}
    ),
    "dynamodb:Scan": lambda t: t.client("dynamodb").scan(TableName=t.named, Limit=1),
    "s3:GetObject": lambda t: t.client("s3").get_object(Bucket=t.named, Key=f"{t.what.lstrip('/')}nobody"),
    "s3:PutObject": lambda t: t.client("s3").put_object(Bucket=t.named, Key=f"{t.what.lstrip('/')}nobody", IfMatch="x"),
    "s3:DeleteObject": lambda t: t.client("s3").delete_object(Bucket=t.named, Key=f"{t.what.lstrip('/')}nobody"),
    "sqs:SendMessage": lambda t: t.client("sqs").send_message(QueueUrl=t.named, MessageBody=NO_CASE),
    "sqs:ReceiveMessage": lambda t: t.client("sqs").receive_message(QueueUrl=t.named, VisibilityTimeout=0),
    "sqs:PurgeQueue": lambda t: t.client("sqs").purge_queue(QueueUrl=t.named),
    "secretsmanager:GetSecretValue": lambda t: t.client("secretsmanager").get_secret_value(SecretId=t.named),
    "lambda:InvokeFunction": lambda t: t.client("lambda").invoke(
        FunctionName=f"{STACK}-{t.target}", InvocationType="DryRun"
    ),
    "lambda:UpdateFunctionConfiguration": lambda t: t.client("lambda").update_function_configuration(
        FunctionName=f"{STACK}-{t.target}", Description=""
    ),
    "iam:PutRolePolicy": lambda t: t.client("iam").put_role_policy(
        RoleName="nobody", PolicyName="more", PolicyDocument='{"Version": "2012-10-17", "Statement": []}'
    ),
}
