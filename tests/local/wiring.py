"""What calls what, as the template says: queues, arriving objects, schedules, and where failed calls go."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.local.functions import Function
from tests.local.schedules import Schedule
from tests.local.template import Template


@dataclass(frozen=True)
class Mapped:
    """A queue (logical id) whose messages a function is called with."""

    queue: str
    function: Function
    batch_size: int
    reports_failures: bool


@dataclass(frozen=True)
class Notified:
    """Objects whose arrival in a bucket (physical name) a function is called with."""

    bucket: str
    prefix: str
    suffix: str
    function: Function


@dataclass(frozen=True)
class Scheduled:
    """A schedule that calls a function with an input."""

    name: str
    schedule: Schedule
    input: str
    function: Function


@dataclass(frozen=True)
class Failing:
    """How often an asynchronous call is made again, and the queue (logical id) it ends in; none when it is dropped."""

    retries: int = 2
    queue: str | None = None


Functions = Mapping[str, Function]  # by logical id


def functions(template: Template, extra: Mapping[str, str]) -> dict[str, Function]:
    """Every function by its logical id; `extra` is added to the environment of each."""
    found = template.of_type("AWS::Lambda::Function")
    return {logical: Function(logical, properties, template, extra) for logical, properties in found}


def mapped(template: Template, by_id: Functions) -> list[Mapped]:
    """The event source mappings that are not switched off."""
    return [
        Mapped(
            queue=template.logical(found["EventSourceArn"]),
            function=by_id[template.logical(found["FunctionName"])],
            batch_size=int(found.get("BatchSize", 10)),
            reports_failures="ReportBatchItemFailures" in found.get("FunctionResponseTypes", []),
        )
        for _, found in template.of_type("AWS::Lambda::EventSourceMapping")
        if found.get("Enabled", True)
    ]


def notified(template: Template, by_id: Functions) -> list[Notified]:
    """The notifications of every bucket about objects that were created."""
    return [
        Notified(template.name(bucket), rules.get("prefix", ""), rules.get("suffix", ""), function)
        for bucket, found in template.of_type("AWS::S3::Bucket")
        for told in found.get("NotificationConfiguration", {}).get("LambdaConfigurations", [])
        for function in [by_id[template.logical(told["Function"])]]
        for rules in [
            {rule["Name"]: rule["Value"] for rule in told.get("Filter", {}).get("S3Key", {}).get("Rules", [])}
        ]
        if told["Event"] == "s3:ObjectCreated:*"
    ]


def scheduled(template: Template, by_id: Functions) -> list[Scheduled]:
    """The schedules that are not switched off."""
    return [
        Scheduled(
            name=template.resolve(found.get("Name", name)),
            schedule=Schedule(found["ScheduleExpression"], found.get("ScheduleExpressionTimezone", "UTC")),
            input=found["Target"].get("Input", "{}"),
            function=by_id[template.logical(found["Target"]["Arn"])],
        )
        for name, found in template.of_type("AWS::Scheduler::Schedule")
        if found.get("State", "ENABLED") == "ENABLED"
    ]


def failing(template: Template, by_id: Functions) -> dict[str, Failing]:
    """What becomes of every function's failed asynchronous calls, by logical id."""
    asked = {}
    for _, found in template.of_type("AWS::Lambda::EventInvokeConfig"):
        queue = found.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
        retries = int(found.get("MaximumRetryAttempts", Failing.retries))
        asked[template.logical(found["FunctionName"])] = Failing(retries, template.logical(queue) if queue else None)
    return {logical: asked.get(logical, Failing()) for logical in by_id}
