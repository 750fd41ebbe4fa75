"""What an event looks like that its source really sends: the SAM CLI's own samples, kept in golden/events, and the
schedules' own words in the template. A difference is a sentence."""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.local.template import ROOT, translated
from tests.promises import of_type, target

EVENTS = ROOT / "events"
GOLDEN = Path(__file__).parent / "golden" / "events"
# How the SAM CLI is asked for each of them: `sam local generate-event ...`.
ASKED = {
    "s3": ("s3", "put"),
    "sqs": ("sqs", "receive-message"),
    "sns": ("sns", "notification"),
    "http": ("apigateway", "http-api-proxy"),
}
# A function URL sends what an HTTP API sends, less what only an API with routes and authorizers has.
OPTIONAL = {"cookies", "queryStringParameters", "pathParameters", "stageVariables", "authorizer", "authentication"}
SQS_ATTRIBUTE = {"stringValue": "", "dataType": "", "stringListValues": [], "binaryListValues": []}
SNS_ATTRIBUTE = {"Type": "", "Value": ""}
FREE: dict[str, Any] = {"headers": "", "messageAttributes": SQS_ATTRIBUTE, "MessageAttributes": SNS_ATTRIBUTE}
NULL = {"Subject"}  # a message without one
CONSTANT = {"eventSource", "EventSource", "EventVersion", "version", "routeKey", "s3SchemaVersion", "Type"}
RELEASE = {"release": "2026-02"}  # what `arrears run approve` calls the selecting doors with
KINDS = {
    "a moment with milliseconds": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z",
    "a moment": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    "a moment as web servers log it": r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000",
    "a number in words": r"\d{12,13}",
    "an MD5": r"[0-9a-f]{32}",
    "a UUID": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "an ARN": r"arn:aws:[a-z0-9]+:\S*",
}


def golden(source: str) -> Any:
    """The sample that the SAM CLI makes of that source."""
    return json.loads((GOLDEN / f"{source}.json").read_text("utf-8"))


def sources_of(door: str) -> dict[str, Any]:
    """What may call a door, as the template says: each source with the shape of its events."""
    template = translated()
    (logical,) = [
        name
        for name, function in of_type(template, "AWS::Lambda::Function")
        if function["Code"]["S3Key"].endswith(f"/{door}")
    ]
    found = {}
    for kind, source, key in (
        ("AWS::Lambda::EventSourceMapping", "sqs", "FunctionName"),
        ("AWS::Lambda::Url", "http", "TargetFunctionArn"),
        ("AWS::SNS::Subscription", "sns", "Endpoint"),
    ):
        if any(_names(properties[key], logical) for _, properties in of_type(template, kind)):
            found[source] = golden(source)
    for _, bucket in of_type(template, "AWS::S3::Bucket"):
        told = bucket.get("NotificationConfiguration", {}).get("LambdaConfigurations", [])
        if any(_names(each["Function"], logical) for each in told):
            found["s3"] = golden("s3")
    for _, schedule in of_type(template, "AWS::Scheduler::Schedule"):
        if _names(schedule["Target"]["Arn"], logical):
            words = schedule["Target"]["Input"].replace("<aws.scheduler.scheduled-time>", "2026-02-10T07:15:00Z")
            found |= {"a tick": json.loads(words), "a person": RELEASE}
    return found


def _names(reference: Any, logical: str) -> bool:
    """Whether the reference is to that function, or to an alias of it."""
    return isinstance(reference, dict) and re.split(r"Alias", target(reference))[0] == logical


def complaints(door: str, event: Any) -> list[str]:
    """How the event differs from what any of the door's sources sends; nothing where it is one source's."""
    found = {source: list(differences(event, shape, "")) for source, shape in sources_of(door).items()}
    return min(found.values(), key=len) if found else ["nothing calls this door"]


def differences(event: Any, shape: Any, path: str) -> Iterator[str]:
    """Where the event has other keys, other kinds of values or other constants than the shape."""
    name = path.rsplit(".", 1)[-1]
    if event is None and name in NULL:
        return
    if type(event) is not type(shape):
        yield f"{path}: {type(event).__name__}, expected {type(shape).__name__}"
    elif name in FREE:
        yield from (found for key, value in event.items() for found in differences(value, FREE[name], f"{path}[{key}]"))
    elif isinstance(event, dict):
        yield from (f"{path}.{key}: nobody sends this" for key in sorted(set(event) - set(shape)))
        yield from (f"{path}.{key}: missing" for key in sorted(set(shape) - set(event) - OPTIONAL))
        for key in set(event) & set(shape):
            yield from differences(event[key], shape[key], f"{path}.{key}")
        yield from _sums(event, path)
    elif isinstance(event, list):
        yield from (found for one in event for found in differences(one, shape[0] if shape else "", f"{path}[]"))
    elif isinstance(event, str):
        yield from _words(event, shape, path, name)


def _words(event: str, shape: str, path: str, name: str) -> Iterator[str]:
    if name in CONSTANT and event != shape:
        yield f"{path}: {event!r}, expected {shape!r}"
    kind = next((kind for kind, pattern in KINDS.items() if re.fullmatch(pattern, shape)), None)
    if kind and name not in ("SenderId", "accountId") and not re.fullmatch(KINDS[kind], event):
        yield f"{path}: {event!r}, expected {kind} as {shape!r}"
    elif kind == "an ARN" and event.split(":")[2] != shape.split(":")[2]:
        yield f"{path}: {event!r}, expected an ARN of {shape.split(':')[2]}"


def _sums(event: dict[str, Any], path: str) -> Iterator[str]:
    if "md5OfBody" in event and event["md5OfBody"] != hashlib.md5(event["body"].encode()).hexdigest():
        yield f"{path}.md5OfBody: not the MD5 of the body"
