"""Events in the shapes in which AWS sends them."""

import base64
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus

from tests.local.template import ACCOUNT, REGION


def object_created(bucket: str, key: str, size: int, etag: str, at: datetime, sequence: int) -> dict[str, Any]:
    """S3 tells that an object was put."""
    return {
        "Records": [
            {
                "eventVersion": "2.1",
                "eventSource": "aws:s3",
                "awsRegion": REGION,
                "eventTime": f"{at:%Y-%m-%dT%H:%M:%S}.000Z",
                "eventName": "ObjectCreated:Put",
                "userIdentity": {"principalId": "AWS:EXAMPLE"},
                "requestParameters": {"sourceIPAddress": "192.0.2.1"},
                "responseElements": {"x-amz-request-id": "EXAMPLE", "x-amz-id-2": "EXAMPLE"},
                "s3": {
                    "s3SchemaVersion": "1.0",
                    "configurationId": "example",
                    "bucket": {
                        "name": bucket,
                        "ownerIdentity": {"principalId": "EXAMPLE"},
                        "arn": f"arn:aws:s3:::{bucket}",
                    },
                    "object": {
                        "key": quote_plus(key, safe="/"),
                        "size": size,
                        "eTag": etag.strip('"'),
                        "sequencer": f"{sequence:018X}",
                    },
                },
            }
        ]
    }


def batch(queue_arn: str, messages: Iterable[Any]) -> dict[str, Any]:
    """SQS hands over a batch; `messages` are moto's."""
    return {"Records": [_record(queue_arn, message) for message in messages]}


def _record(queue_arn: str, message: Any) -> dict[str, Any]:
    return {
        "messageId": message.id,
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": {
            "ApproximateReceiveCount": str(message.approximate_receive_count),
            "SentTimestamp": str(message.sent_timestamp),
            "SenderId": message.sender_id,
            "ApproximateFirstReceiveTimestamp": str(message.approximate_first_receive_timestamp),
        },
        "messageAttributes": {name: _attribute(value) for name, value in message.message_attributes.items()},
        "md5OfBody": message.body_md5,
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": REGION,
    }


def _attribute(stored: dict[str, Any]) -> dict[str, Any]:
    """Lambda names the parts of an attribute with small letters, and always gives the two lists."""
    given = {f"{name[0].lower()}{name[1:]}": value for name, value in stored.items()}
    return given | {"stringListValues": [], "binaryListValues": []}


def published(message: str, subject: str | None, at: datetime) -> dict[str, Any]:
    """SNS hands a message to a function."""
    return {
        "Records": [
            {
                "EventSource": "aws:sns",
                "EventVersion": "1.0",
                "EventSubscriptionArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:example:example",
                "Sns": {
                    "Type": "Notification",
                    "MessageId": "00000000-0000-4000-8000-000000000001",
                    "TopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:example",
                    "Subject": subject,
                    "Message": message,
                    "Timestamp": f"{at:%Y-%m-%dT%H:%M:%S}.000Z",
                    "SignatureVersion": "1",
                    "Signature": "EXAMPLE",
                    "SigningCertUrl": "EXAMPLE",
                    "UnsubscribeUrl": "EXAMPLE",
                    "MessageAttributes": {},
                },
            }
        ]
    }


def tick(template: str, at: datetime, schedule: str) -> Any:
    """EventBridge Scheduler's input, its placeholders filled in; `template` is the schedule's own input."""
    filled = template.replace("<aws.scheduler.scheduled-time>", f"{at:%Y-%m-%dT%H:%M:%SZ}")
    filled = filled.replace(
        "<aws.scheduler.schedule-arn>", f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/default/{schedule}"
    )
    filled = filled.replace("<aws.scheduler.execution-id>", f"{schedule}-{at:%Y%m%dT%H%M}")
    return json.loads(filled.replace("<aws.scheduler.attempt-number>", "1"))


def http_post(domain: str, path: str, body: str | bytes, headers: Mapping[str, str], at: datetime) -> dict[str, Any]:
    """A function URL is posted to (payload format 2.0). Bytes that are no text come as base64."""
    raw = body.encode() if isinstance(body, str) else body
    try:
        text, encoded = raw.decode(), False
    except UnicodeDecodeError:
        text, encoded = base64.b64encode(raw).decode(), True
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"host": domain} | {name.lower(): value for name, value in headers.items()},
        "requestContext": {
            "accountId": "anonymous",
            "apiId": domain.split(".")[0],
            "domainName": domain,
            "domainPrefix": domain.split(".")[0],
            "http": {
                "method": "POST",
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": headers.get("User-Agent", "example"),
            },
            "requestId": "example",
            "routeKey": "$default",
            "stage": "$default",
            "time": f"{at:%d/%b/%Y:%H:%M:%S} +0000",
            "timeEpoch": int(at.timestamp() * 1000),
        },
        "body": text,
        "isBase64Encoded": encoded,
    }


def gave_up(function_arn: str, event: Any, attempts: int, error: Exception, at: datetime) -> dict[str, Any]:
    """Lambda hands an asynchronous call that failed for good to its on-failure destination."""
    return {
        "version": "1.0",
        "timestamp": f"{at:%Y-%m-%dT%H:%M:%S}.000Z",
        "requestContext": {
            "requestId": "example",
            "functionArn": f"{function_arn}:$LATEST",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": attempts,
        },
        "requestPayload": event,
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "responsePayload": {"errorMessage": str(error), "errorType": type(error).__name__},
    }
