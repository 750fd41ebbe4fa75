"""What the translated template promises. Each check yields a sentence for everything that breaks its promise."""

import ast
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from arrears import settings
from tests.local.schedules import Schedule
from tests.local.template import ROOT

Found = Iterator[str]
RUNTIMES = {"python3.13"}  # Lambda ends 3.11 in June 2027 and 3.13 in June 2029
PROCESSORS = [{"Ref": "Processor"}]
GIVEN_BY_LAMBDA = {"AWS_REGION"}
GIVEN_TO_BOTO3 = {"AWS_ENDPOINT_URL"}
GIVEN_TO_POWERTOOLS = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE", "POWERTOOLS_LOG_LEVEL"}
GOLDEN = Path(__file__).parent / "golden" / "rights.txt"


def of_type(template: Any, kind: str) -> Iterator[tuple[str, Any]]:
    """Logical id and properties of every resource of that type."""
    for logical, resource in template["Resources"].items():
        if resource["Type"] == kind:
            yield logical, resource["Properties"]


def functions(template: Any) -> Iterator[tuple[str, Any]]:
    """Folder name and properties of every function."""
    for _, function in of_type(template, "AWS::Lambda::Function"):
        yield function["Code"]["S3Key"].rsplit("/", 1)[1], function


def target(reference: Any) -> str:
    """The logical id that a Ref, GetAtt or Sub speaks of."""
    if isinstance(reference, str):
        return reference
    ((_, of),) = reference.items()
    named = of[0] if isinstance(of, list) else of
    return re.split(r"[.}]", str(named).removeprefix("${"))[0].removesuffix("Aliaslive")


def environments(template: Any) -> Found:
    """Every function is told exactly what its settings ask for."""
    for name, function in functions(template):
        told = set(function["Environment"]["Variables"]) - GIVEN_TO_POWERTOOLS - GIVEN_TO_BOTO3
        asked = settings_of(name) - GIVEN_BY_LAMBDA
        if told != asked:
            yield f"{name} is not told {sorted(asked - told)} and told {sorted(told - asked)} for nothing"
        if missing := GIVEN_TO_POWERTOOLS - set(function["Environment"]["Variables"]):
            yield f"{name} lacks {sorted(missing)}"


def settings_of(function: str) -> set[str]:
    """The variables that the function's own settings model reads."""
    door = ROOT / "functions" / function / "app.py"
    code = door.read_text("utf-8") if door.exists() else ""
    models = set(re.findall(r"(\w+Settings)\.read\(os\.environ\)", code))
    return {field.upper() for model in models for field in getattr(settings, model).model_fields}


def handlers(template: Any) -> Found:
    """Every handler is a function in a file that is shipped."""
    for name, function in functions(template):
        file, handler = function["Handler"].rsplit(".", 1)
        path = ROOT / function["Code"]["S3Key"].removeprefix("packaged/") / f"{file}.py"
        tree = ast.parse(path.read_text("utf-8")) if path.exists() else ast.Module([], [])
        if not any(isinstance(node, ast.FunctionDef) and node.name == handler for node in tree.body):
            yield f"{name}: no {handler} in {path.name}"


def runtimes(template: Any) -> Found:
    """Functions and layers are for a runtime that lives, on the same processor; the lint does not look into Globals."""
    for name, function in functions(template):
        if function.get("Runtime") not in RUNTIMES:
            yield f"{name} runs on {function.get('Runtime')}"
        if function.get("Architectures") != PROCESSORS:
            yield f"{name} is not for the stack's processor"
    for layer, properties in of_type(template, "AWS::Lambda::LayerVersion"):
        if set(properties["CompatibleRuntimes"]) != RUNTIMES or properties["CompatibleArchitectures"] != PROCESSORS:
            yield f"{layer} is for another runtime than the functions"


def mappings(template: Any) -> Found:
    """A slow batch is not handed out twice, and one bad message does not take its batch along."""
    timeouts = {logical: properties["Timeout"] for logical, properties in of_type(template, "AWS::Lambda::Function")}
    reserved = {logical: p["ReservedConcurrentExecutions"] for logical, p in of_type(template, "AWS::Lambda::Function")}
    queues = dict(of_type(template, "AWS::SQS::Queue"))
    for logical, mapping in of_type(template, "AWS::Lambda::EventSourceMapping"):
        queue, function = target(mapping["EventSourceArn"]), target(mapping["FunctionName"])
        if queues[queue].get("VisibilityTimeout", 30) < 6 * timeouts[function]:
            yield f"{queue} shows a message again before six timeouts of {function}"
        if "ReportBatchItemFailures" not in mapping.get("FunctionResponseTypes", []):
            yield f"{logical} does not report failures one by one"
        if mapping.get("ScalingConfig", {}).get("MaximumConcurrency") != reserved[function]:
            yield f"{logical} calls more at once than {function} has reserved"


def dead_letters(template: Any) -> Found:
    """What cannot be handled is kept for a person, two weeks long: messages, files and ticks."""
    queues = dict(of_type(template, "AWS::SQS::Queue"))
    kept = {target(q["RedrivePolicy"]["deadLetterTargetArn"]) for q in queues.values() if "RedrivePolicy" in q}
    for logical, asked in of_type(template, "AWS::Lambda::EventInvokeConfig"):
        kept.add(target(asked["DestinationConfig"]["OnFailure"]["Destination"]))
        if asked["MaximumRetryAttempts"] < 1:
            yield f"{logical} gives up at once"
    for logical, queue in queues.items():
        if logical in kept:
            if queue["MessageRetentionPeriod"] < 14 * 86400:
                yield f"{logical} forgets before a person has looked"
        elif queue.get("RedrivePolicy", {}).get("maxReceiveCount", 0) < 5:
            yield f"{logical} has no dead-letter queue after five tries"


def asynchronous(template: Any) -> Found:
    """A file or tick that fails for good is kept."""
    configured = {target(p["FunctionName"]) for _, p in of_type(template, "AWS::Lambda::EventInvokeConfig")}
    ticked = {target(p["Target"]["Arn"]) for _, p in of_type(template, "AWS::Scheduler::Schedule")}
    told = {
        target(notification["Function"])
        for _, bucket in of_type(template, "AWS::S3::Bucket")
        for notification in bucket.get("NotificationConfiguration", {}).get("LambdaConfigurations", [])
    }
    for function in sorted((ticked | told) - configured):
        yield f"{function} loses what fails for good"


def schedules(template: Any) -> Found:
    """Ticks are Helsinki's, come again when they fail, and are kept when they fail for good."""
    for logical, schedule in of_type(template, "AWS::Scheduler::Schedule"):
        try:
            next(Schedule(schedule["ScheduleExpression"], "UTC").after(datetime(2026, 1, 1, tzinfo=UTC)))
        except (ValueError, StopIteration) as error:
            yield f"{logical} never ticks: {error}"
        if schedule.get("ScheduleExpressionTimezone") != "Europe/Helsinki":
            yield f"{logical} does not tick in Helsinki time"
        if schedule["Target"].get("RetryPolicy", {}).get("MaximumRetryAttempts", 0) < 1:
            yield f"{logical} is not tried again"
        if "DeadLetterConfig" not in schedule["Target"]:
            yield f"{logical} loses a tick that fails"
        if "<aws.scheduler.scheduled-time>" not in schedule["Target"].get("Input", ""):
            yield f"{logical} does not say which moment it was meant for"


def logs(template: Any) -> Found:
    """Every function has its own log, encrypted, kept for a while and not for ever."""
    names = {
        str(p["LogGroupName"]["Fn::Sub"]).rsplit("/", 1)[1]: p for _, p in of_type(template, "AWS::Logs::LogGroup")
    }
    for name, function in functions(template):
        group = names.get(function["FunctionName"]["Fn::Sub"])
        if group is None:
            yield f"{name} has no log group of its own"
        elif not group.get("RetentionInDays") or "KmsKeyId" not in group:
            yield f"{name}'s log is kept for ever or in the clear"


def rights(template: Any) -> str:
    """What each role may do to what, one line each."""
    lines = []
    for logical, role in of_type(template, "AWS::IAM::Role"):
        lines += [logical, *sorted(f"  {action} {place(where)}" for action, where in allowed(role))]
    return "\n".join(lines) + "\n"


def allowed(role: Any) -> Iterator[tuple[str, Any]]:
    """Every action of the role with every resource that it is allowed on."""
    for statement in (one for policy in role["Policies"] for one in policy["PolicyDocument"]["Statement"]):
        actions, places = statement["Action"], statement["Resource"]
        for action in actions if isinstance(actions, list) else [actions]:
            yield from ((action, where) for where in (places if isinstance(places, list) else [places]))


def place(reference: Any) -> str:
    """A resource, readable: SnapshotTable, LedgerTable/index/by_status, function:...-follow-up."""
    if "Fn::Sub" not in reference:
        return target(reference)
    text = (
        str(reference["Fn::Sub"]).replace("arn:${AWS::Partition}:", "").replace("${AWS::Region}:${AWS::AccountId}:", "")
    )
    return re.sub(r"\$\{(\w+)\.Arn\}", r"\1", text).replace("${AWS::StackName}", "*").replace(".Arn", "")


def roles(template: Any) -> Found:
    """Each door has a role of its own, with exact actions on exact resources and nothing from AWS's own policies."""
    used = [target(function["Role"]) for _, function in functions(template)]
    if len(used) != len(set(used)):
        yield "two functions share a role"
    for logical, role in of_type(template, "AWS::IAM::Role"):
        if role.get("ManagedPolicyArns"):
            yield f"{logical} has a managed policy, which allows more than it does"
        for action, where in allowed(role):
            if "*" in action or where == "*":
                yield f"{logical} has a wildcard: {action} on {where}"
    if rights(template) != GOLDEN.read_text("utf-8"):
        yield f"rights have changed: read the difference, then write `rights(translated())` to {GOLDEN.name}"


def _bucket_key(bucket: Any) -> Any:
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    return rule["ServerSideEncryptionByDefault"].get("KMSMasterKeyID")


ENCRYPTED: dict[str, Callable[[Any], Any]] = {
    "AWS::DynamoDB::Table": lambda table: table["SSESpecification"].get("KMSMasterKeyId"),
    "AWS::SQS::Queue": lambda queue: queue.get("KmsMasterKeyId"),
    "AWS::SNS::Topic": lambda topic: topic.get("KmsMasterKeyId"),
    "AWS::SecretsManager::Secret": lambda secret: secret.get("KmsKeyId"),
    "AWS::S3::Bucket": _bucket_key,
}


def data_at_rest(template: Any) -> Found:
    """Tenants' data is under our own key, comes back after a mistake, and outlives the stack."""
    for kind, encrypted in ENCRYPTED.items():
        for logical, properties in of_type(template, kind):
            if target(encrypted(properties) or "") != "Key":
                yield f"{logical} is not under our own key"
            whole = template["Resources"][logical]
            kept = whole.get("DeletionPolicy"), whole.get("UpdateReplacePolicy")
            if kind not in ("AWS::SQS::Queue", "AWS::SNS::Topic") and kept != ("Retain", "Retain"):
                yield f"{logical} goes with the stack"
    for logical, table in of_type(template, "AWS::DynamoDB::Table"):
        if not table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]:
            yield f"{logical} cannot be brought back"
        if not table.get("DeletionProtectionEnabled"):
            yield f"{logical} can be deleted by a slip"
        if table.get("TimeToLiveSpecification") != {"AttributeName": "expires", "Enabled": True}:
            yield f"{logical} forgets nothing"


def only_over_tls(template: Any) -> Found:
    """Nobody reaches a bucket, queue or topic in the clear, and no bucket can be opened to the world."""
    refused = set()
    for kind, names in (
        ("AWS::S3::BucketPolicy", lambda p: [p["Bucket"]]),
        ("AWS::SQS::QueuePolicy", lambda p: p["Queues"]),
        ("AWS::SNS::TopicPolicy", lambda p: p["Topics"]),
    ):
        for _, policy in of_type(template, kind):
            for statement in policy["PolicyDocument"]["Statement"]:
                plain = statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
                if statement["Effect"] == "Deny" and statement["Principal"] == "*" and plain:
                    refused |= {target(name) for name in names(policy)}
    for kind in ("AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::SNS::Topic"):
        for logical, properties in of_type(template, kind):
            if logical not in refused:
                yield f"{logical} can be reached without TLS"
            if kind == "AWS::S3::Bucket" and set(properties["PublicAccessBlockConfiguration"].values()) != {True}:
                yield f"{logical} can be opened to the world"


def parameters(template: Any) -> Found:
    """Whoever deploys is told what each parameter means."""
    for name, parameter in template["Parameters"].items():
        if not parameter.get("Description"):
            yield f"{name} is not described"


CHECKS: tuple[Callable[[Any], Found], ...] = (
    environments,
    handlers,
    runtimes,
    mappings,
    dead_letters,
    asynchronous,
    schedules,
    logs,
    roles,
    data_at_rest,
    only_over_tls,
    parameters,
)
