"""Each door has its own role: it is enough for its work, which the month has shown, and for nothing more."""

from functools import cache

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.e2e.aftermath import DOORS
from tests.e2e.roles import Deed, inside, policy, refused, role_of, roles
from tests.e2e.stack import DoorFailed, Stack

pytestmark = pytest.mark.deployed

SENDING_SECRETS = ("QuriiriSecret", "LinkSecret")
TABLES = ("LedgerTable", "SnapshotTable")
# By door: what it must not do. The reason stands in the words of whoever would be harmed.
FORBIDDEN: dict[str, dict[str, tuple[str, ...]]] = {
    "import_snapshot": {
        "dynamodb:GetItem": ("LedgerTable",),
        "dynamodb:PutItem": ("LedgerTable",),  # an export cannot make up a case
        "dynamodb:UpdateItem": ("LedgerTable",),
        "dynamodb:DeleteItem": TABLES,
        "s3:GetObject": ("LettersBucket/letters/", "InboxBucket/feed/"),
        "s3:PutObject": ("InboxBucket/exports/", "RecordsBucket/plans/"),
        "s3:DeleteObject": ("InboxBucket/exports/",),
        "sqs:SendMessage": ("NoticesQueue", "LettersQueue", "ReceiptsQueue"),
        "secretsmanager:GetSecretValue": (*SENDING_SECRETS, "ReceiptSecret", "ReferenceSecret"),
    },
    "note_events": {
        "dynamodb:GetItem": ("SnapshotTable",),
        "dynamodb:PutItem": ("SnapshotTable",),  # news never changes what is owed
        "dynamodb:UpdateItem": TABLES,
        "dynamodb:DeleteItem": TABLES,
        "s3:GetObject": ("InboxBucket/exports/",),
        "sqs:SendMessage": ("NoticesQueue", "LettersQueue"),
    },
    "record_prints": {
        "dynamodb:GetItem": ("SnapshotTable",),
        "dynamodb:PutItem": TABLES,
        "dynamodb:DeleteItem": TABLES,
        "s3:GetObject": ("LettersBucket/letters/", "InboxBucket/exports/"),
        "sqs:SendMessage": ("NoticesQueue", "LettersQueue"),
    },
    "select_tenants": {
        "dynamodb:PutItem": ("SnapshotTable",),
        "dynamodb:DeleteItem": TABLES,
        "dynamodb:Scan": TABLES,
        "s3:DeleteObject": ("RecordsBucket/decisions/",),
        "secretsmanager:GetSecretValue": SENDING_SECRETS,  # whoever selects cannot send
        "lambda:InvokeFunction": ("send-notice", "print-letter"),
        "sqs:ReceiveMessage": ("NoticesQueue",),
    },
    "follow_up": {
        "dynamodb:PutItem": ("SnapshotTable",),
        "dynamodb:DeleteItem": TABLES,
        "s3:PutObject": ("LettersBucket/letters/", "LettersBucket/print-jobs/"),
        "secretsmanager:GetSecretValue": SENDING_SECRETS,
        "lambda:InvokeFunction": ("send-notice", "print-letter"),
    },
    "send_notice": {
        "dynamodb:PutItem": TABLES,  # whoever sends cannot make up whom to send to
        "dynamodb:DeleteItem": TABLES,  # nor make the ledger forget
        "dynamodb:Query": TABLES,
        "dynamodb:Scan": TABLES,
        "dynamodb:UpdateItem": ("SnapshotTable",),
        "sqs:SendMessage": ("NoticesQueue", "LettersQueue"),
        "s3:GetObject": ("LettersBucket/letters/", "RecordsBucket/plans/", "InboxBucket/exports/"),
        "secretsmanager:GetSecretValue": ("ReceiptSecret",),
    },
    "print_letter": {
        "dynamodb:PutItem": TABLES,
        "dynamodb:DeleteItem": TABLES,
        "dynamodb:Query": TABLES,
        "s3:GetObject": ("LettersBucket/letters/",),
        "s3:PutObject": ("LettersBucket/print-jobs/",),
        "s3:DeleteObject": ("LettersBucket/letters/",),
        "secretsmanager:GetSecretValue": (*SENDING_SECRETS, "ReferenceSecret"),
        "sqs:SendMessage": ("NoticesQueue",),
    },
    "accept_receipt": {  # the only door that faces the street: it may do the least
        "dynamodb:GetItem": TABLES,
        "dynamodb:UpdateItem": TABLES,
        "dynamodb:PutItem": TABLES,
        "s3:GetObject": ("InboxBucket/exports/", "LettersBucket/letters/"),
        "sqs:SendMessage": ("NoticesQueue", "LettersQueue"),
        "sqs:ReceiveMessage": ("ReceiptsQueue",),
        "secretsmanager:GetSecretValue": (*SENDING_SECRETS, "ReferenceSecret"),
    },
    "record_receipt": {
        "dynamodb:GetItem": ("SnapshotTable",),
        "dynamodb:PutItem": TABLES,
        "dynamodb:DeleteItem": TABLES,
        "sqs:SendMessage": ("NoticesQueue", "LettersQueue"),  # no receipt can cause a send
        "secretsmanager:GetSecretValue": (*SENDING_SECRETS, "ReceiptSecret"),
    },
    "reconcile": {
        "dynamodb:Query": ("SnapshotTable",),
        "dynamodb:PutItem": ("SnapshotTable",),
        "dynamodb:DeleteItem": TABLES,
        "s3:GetObject": ("LettersBucket/letters/",),
        "s3:PutObject": ("LettersBucket/letters/", "LettersBucket/jobs/"),
        "secretsmanager:GetSecretValue": ("ReferenceSecret", "ReceiptSecret"),
    },
    "publish_report": {
        "dynamodb:GetItem": ("SnapshotTable",),
        "dynamodb:PutItem": TABLES,
        "dynamodb:UpdateItem": TABLES,  # whoever counts cannot change what is counted
        "s3:GetObject": ("LettersBucket/letters/", "InboxBucket/exports/"),
        "s3:PutObject": ("RecordsBucket/decisions/", "RecordsBucket/plans/"),
        "sqs:SendMessage": ("NoticesQueue",),
    },
    "ticks": {
        "lambda:InvokeFunction": ("send-notice", "print-letter", "accept-receipt"),
        "dynamodb:GetItem": TABLES,
        "secretsmanager:GetSecretValue": SENDING_SECRETS,
    },
    "deployment": {  # it moves a door to another version, and has no business behind it
        "lambda:InvokeFunction": ("send-notice", "accept-receipt"),
        "dynamodb:GetItem": TABLES,
        "s3:GetObject": ("InboxBucket/exports/", "LettersBucket/letters/"),
        "secretsmanager:GetSecretValue": (*SENDING_SECRETS, "ReceiptSecret", "ReferenceSecret"),
    },
}
TO_NOBODY = {
    "dynamodb:Scan": ("LedgerTable",),
    "sqs:PurgeQueue": ("NoticesQueue", "NoticesDlq"),
    "lambda:UpdateFunctionConfiguration": ("send-notice",),
    "iam:PutRolePolicy": ("nobody",),
}


def deeds() -> list[tuple[str, Deed]]:
    """Every door with everything that it must not do."""
    found = []
    for door, own in FORBIDDEN.items():
        for action, targets in [*TO_NOBODY.items(), *own.items()]:
            for target in targets:
                name, slash, prefix = target.partition("/")
                found.append((door, Deed(action, name, f"{slash}{prefix}")))
    return list(dict.fromkeys(found))


@cache
def session(stack: Stack, door: str) -> boto3.Session:
    """The role's session, asked for once."""
    return inside(stack, door)


def test_every_role_has_its_list() -> None:
    assert sorted(FORBIDDEN) == sorted(roles())
    assert set(DOORS) < set(FORBIDDEN)


@pytest.mark.parametrize(("door", "deed"), deeds(), ids=str)
def test_a_door_is_refused_what_is_not_its_work(stack: Stack, door: str, deed: Deed) -> None:
    assert refused(stack, session(stack, door), deed)


@pytest.mark.parametrize(("door", "deed"), deeds(), ids=str)
def test_the_refusal_is_the_roles_own(stack: Stack, door: str, deed: Deed) -> None:
    # The same call under a role that is a little too generous is not refused: so the test above would notice it.
    with policy(stack, door, "Allow", deed.action):
        assert not refused(stack, session(stack, door), deed)


def test_a_door_that_lacks_a_right_fails_and_says_which(stack: Stack) -> None:
    with policy(stack, "publish_report", "Deny", "dynamodb:Query"), pytest.raises(DoorFailed, match="dynamodb:Query"):
        stack.invoke("publish_report", {"time": "2026-03-01T05:00:00Z"})


def test_not_even_somebody_who_may_take_any_role_can_take_a_doors(stack: Stack) -> None:
    iam = stack.client("iam")
    iam.create_user(UserName="somebody")
    any_role = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:*", "Resource": "*"}]}'
    iam.put_user_policy(UserName="somebody", PolicyName="any-role", PolicyDocument=any_role)
    key = iam.create_access_key(UserName="somebody")["AccessKey"]
    somebody = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name=stack.region)
    for door in FORBIDDEN:
        with pytest.raises(ClientError, match="AccessDenied"):
            stack.client_of(somebody, "sts").assume_role(RoleArn=role_of(stack, door), RoleSessionName="tried")
