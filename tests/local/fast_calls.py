"""A call of DynamoDB without the HTTP request that would never leave this process: its body goes to moto's handler.

In two ways. `asking` and `answering`: botocore still checks and serializes what it is given, resolves where it goes,
and parses the answer; hooks see the request and the raw response. `at_hand`: none of that, half the time of a call.
What the handler refuses is asked again the long way, so that errors are moto's own.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.response import StreamingBody
from moto.core.botocore_stubber import MockRawResponse
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.responses import DynamoHandler
from moto.s3.models import s3_backends
from moto.sqs.models import Message, sqs_backends
from moto.sqs.utils import validate_message_attributes

from tests.local import fast_rows
from tests.local.template import ACCOUNT, REGION

# The calls that a month is made of; making a table goes the long way.
OPERATIONS = {
    "BatchGetItem": "batch_get_item",
    "BatchWriteItem": "batch_write_item",
    "GetItem": "get_item",
    "PutItem": "put_item",
    "Query": "query",
    "TransactWriteItems": "transact_write_items",
    "UpdateItem": "update_item",
}

NO_MORE: dict[str, Any] = {"MessageAttributes": {}, "DelaySeconds": None}


@dataclass
class Asked:
    """What an AWSPreparedRequest would tell a hook, and `long_way` that makes one."""

    operation: str
    url: str
    headers: dict[str, str]
    body: bytes
    long_way: Callable[[], Any]
    method: str = "POST"

    def reset_stream(self) -> None:
        """There is no stream."""


def asking(slow: Callable[..., Any]) -> Callable[..., Any]:
    """Stands in for Endpoint.create_request. Requests with bytes in them go the long way: JSON has none; so do those to
    a server of its own, which is not moto."""

    def create(endpoint: Any, params: dict[str, Any], operation_model: Any = None) -> Any:
        body = params["body"]
        named = operation_model is not None and operation_model.service_model.service_name == "dynamodb"
        named = named and endpoint.host.endswith(".amazonaws.com")
        if not named or operation_model.name not in OPERATIONS or b'"B"' in body or b'"BS"' in body:
            return slow(endpoint, params, operation_model)
        long_way = partial(slow, endpoint, params, operation_model)
        return Asked(operation_model.name, params["url"], dict(params["headers"]), body, long_way)

    return create


def answering(slow: Callable[..., Any]) -> Callable[..., Any]:
    """Stands in for moto's stubber."""

    def answer(stubber: Any, event_name: str, request: Any, **more: Any) -> Any:
        if not isinstance(request, Asked):
            return slow(stubber, event_name, request, **more)
        try:
            answered = json.dumps(_handled(request.operation, request.body))
        except Exception:
            # Nothing is written by a call that is refused, so asking again refuses it again, in moto's words.
            return slow(stubber, event_name, request.long_way(), **more)
        headers = HTTPHeaders.from_dict({"x-amzn-requestid": "embedded"})
        return AWSResponse(request.url, 200, headers, MockRawResponse(answered.encode()))

    return answer


def at_hand(slow: Callable[..., Any]) -> Callable[..., Any]:
    """Stands in for BaseClient._make_api_call: no hook of botocore sees the call. So are files and messages."""

    def call(client: Any, operation: str, asked: dict[str, Any]) -> Any:
        short = SHORT.get(client.meta.service_model.service_name, _none)
        if not client.meta.endpoint_url.endswith(".amazonaws.com"):
            return slow(client, operation, asked)
        try:
            answered = short(operation, asked)
        except Exception:
            answered = None  # whatever is refused is asked again, as above
        if answered is None:
            return slow(client, operation, asked)
        return answered | {"ResponseMetadata": {"HTTPStatusCode": 200, "RequestId": "embedded"}}

    return call


def _none(_: str, __: dict[str, Any]) -> None:
    """What has no shorter way."""


def _dynamodb(operation: str, asked: dict[str, Any]) -> dict[str, Any] | None:
    if operation == "BatchWriteItem" and asked.keys() == {"RequestItems"} and _written(asked["RequestItems"]):
        (name,) = asked["RequestItems"]
        capacity = {"TableName": name, "CapacityUnits": 1.0, "Table": {"CapacityUnits": 1.0}}
        return {"ConsumedCapacity": [capacity], "ItemCollectionMetrics": {}, "UnprocessedItems": {}}
    # Through JSON and back, so that no row of the table and no request of a function are one thing.
    return _handled(operation, json.dumps(asked)) if operation in OPERATIONS else None


def _written(asked: dict[str, Any]) -> bool:
    """Whether these were plain rows of one table, and are written."""
    ((name, requests),) = asked.items()
    rows = [request["PutRequest"]["Item"] for request in requests if request.keys() == {"PutRequest"}]
    return len(rows) == len(requests) <= 25 and fast_rows.written(dynamodb_backends[ACCOUNT][REGION].tables[name], rows)


def _s3(operation: str, asked: dict[str, Any]) -> dict[str, Any] | None:
    backend: Any = s3_backends[ACCOUNT]["aws"]
    if operation == "GetObject" and asked.keys() == {"Bucket", "Key"}:
        key = backend.get_object(asked["Bucket"], asked["Key"])
        told = {"ContentLength": key.size, "ContentType": key.metadata["Content-Type"], "ETag": key.etag}
        return told | {"Body": StreamingBody(BytesIO(key.value), key.size)}
    if operation == "PutObject" and asked.keys() <= {"Bucket", "Key", "Body", "ContentType", "IfNoneMatch"}:
        bucket, new = backend.get_bucket(asked["Bucket"]), asked.get("IfNoneMatch") == "*"
        if bucket.object_lock_enabled or (new and asked["Key"] in bucket.keys):
            return None
        key = backend.put_object(asked["Bucket"], asked["Key"], bytes(asked["Body"]))
        key.set_metadata({"Content-Type": asked.get("ContentType", "binary/octet-stream")})
        return {"ETag": key.etag}
    if operation == "ListObjectsV2" and asked.keys() == {"Bucket", "Prefix"}:
        bucket = backend.get_bucket(asked["Bucket"])
        found, truncated, _ = backend.list_objects_v2(bucket, asked["Prefix"], None, None, None, 1000)
        listed = [{"Key": key.name, "Size": key.size, "ETag": key.etag} for key in found]
        return None if truncated else {"KeyCount": len(found), "IsTruncated": False, "Contents": listed}
    return None


def _sqs(operation: str, asked: dict[str, Any]) -> dict[str, Any] | None:
    backend, queue = sqs_backends[ACCOUNT][REGION], asked.get("QueueUrl", "").rsplit("/", 1)[-1]
    if operation == "SendMessage" and asked.keys() <= {"QueueUrl", "MessageBody", "MessageAttributes"}:
        attributes = {name: dict(told) for name, told in asked.get("MessageAttributes", {}).items()}
        validate_message_attributes(attributes)
        return _sent(backend.send_message(queue, asked["MessageBody"], attributes))
    if operation == "SendMessageBatch" and all(entry.keys() == {"Id", "MessageBody"} for entry in asked["Entries"]):
        entries = {entry["Id"]: entry | NO_MORE for entry in asked["Entries"]}
        if len(entries) == len(asked["Entries"]) > 0:
            messages, failed = backend.send_message_batch(queue, entries)
            sent = [{"Id": one} | _sent(message) for one, message in zip(entries, messages, strict=True)]
            return {"Successful": sent, "Failed": failed}
    return None


def _sent(message: Message) -> dict[str, Any]:
    told = {"MessageId": message.id, "MD5OfMessageBody": message.body_md5}
    return told | ({"MD5OfMessageAttributes": message.attribute_md5} if message.message_attributes else {})


Short = Callable[[str, dict[str, Any]], dict[str, Any] | None]
SHORT: dict[str, Short] = {"dynamodb": _dynamodb, "s3": _s3, "sqs": _sqs}


def _handled(operation: str, body: str | bytes) -> Any:
    handler: Any = DynamoHandler()
    handler.body, handler.headers, handler.region = json.loads(body), {}, REGION
    handler.current_account = ACCOUNT
    return getattr(handler, OPERATIONS[operation])().result
