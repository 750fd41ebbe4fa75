"""`sam deploy` of what `make build` made, onto a loopback cloud."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.local.template import ROOT, STACK, Template

BUILT = ROOT / ".aws-sam/here"
SAM = ROOT / ".venvs/sam/bin/sam"
ARTEFACTS, ACCESS_LOGS = "artefacts", "access-logs"
SCHEDULED = {"Name", "FlexibleTimeWindow", "ScheduleExpression", "ScheduleExpressionTimezone", "State", "Target"}


class NotDeployed(RuntimeError):
    """The stack did not come up; says what the SAM CLI printed last."""


def parameters(street: str, **more: str) -> dict[str, str]:
    """The template's parameters for a live stage whose street is on loopback: texts through Quriiri's own adapter, or
    LINK Mobility's when that one fails, e-mails through SES, all of them played by the server at that address."""
    return {
        "Stage": "prod",
        "Processor": {"aarch64": "arm64"}.get(os.uname().machine, os.uname().machine),
        "SenderAuthorised": "true",
        "SmsProviders": "quriiri,link",
        "QuriiriEndpoint": f"{street}/quriiri",
        "LinkEndpoint": f"{street}/sms/send",
        "LinkPlatformId": "TEST",
        "LinkPartnerId": "TEST",
        "EmailProvider": "ses",
        "FromEmail": "vuokravalvonta@example.com",
        "SesEndpoint": street,
        "AlarmEmail": "alarms@example.com",
        "AccessLogsBucket": ACCESS_LOGS,
        "SendPerSecond": "200",
        "SnapshotShards": "4",
        **more,
    }


def deploy(told: Mapping[str, str], environment: Mapping[str, str]) -> None:
    """Deploys with those parameters. Raises NotDeployed."""
    if not (BUILT / "template.yaml").exists():
        raise NotDeployed(f"nothing is built in {BUILT.relative_to(ROOT)}: run `make build` first")
    overrides = [f"{name}={value}" for name, value in told.items()]
    done = subprocess.run(
        [SAM, "deploy", "--template-file", BUILT / "template.yaml", "--stack-name", STACK, "--s3-bucket", ARTEFACTS,
         "--no-resolve-s3", "--region", environment["AWS_REGION"], "--capabilities", "CAPABILITY_IAM",
         "--no-confirm-changeset", "--no-progressbar", "--parameter-overrides", *overrides],
        cwd=ROOT, env=_environment(environment), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    if done.returncode:
        raise NotDeployed(f"sam deploy ended with {done.returncode}: {(done.stdout + done.stderr)[-3000:]}")


def mend(client: Callable[[str], Any], told: Mapping[str, str]) -> None:
    """Says again what AWS understands and MiniStack does not. A number that came by a parameter is kept as text, a
    function's concurrency is not reserved, and sending ten messages at once needs a right of its own, where on AWS it
    is the right to send one."""
    template, functions, iam = Template(parameters=told), client("lambda"), client("iam")
    for mapping in functions.list_event_source_mappings()["EventSourceMappings"]:
        most = int(mapping["ScalingConfig"]["MaximumConcurrency"])
        functions.update_event_source_mapping(UUID=mapping["UUID"], ScalingConfig={"MaximumConcurrency": most})
    for _, function in template.of_type("AWS::Lambda::Function"):
        name, reserved = template.resolve([function["FunctionName"], function["ReservedConcurrentExecutions"]])
        functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=int(reserved))
    for role in iam.list_roles()["Roles"]:
        for policy in iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]:
            found = iam.get_role_policy(RoleName=role["RoleName"], PolicyName=policy)
            document = {"Version": "2012-10-17", "Statement": [*_ten_at_once(found["PolicyDocument"])]}
            if document["Statement"]:
                wording = json.dumps(document)
                iam.put_role_policy(RoleName=role["RoleName"], PolicyName="ten-at-once", PolicyDocument=wording)


def set_ticks(client: Callable[[str], Any], state: str, *names: str, **changes: Any) -> None:
    """Switches ticks on or off (all of them where none is named), and changes when they come."""
    scheduler = client("scheduler")
    for name in names or [found["Name"] for found in scheduler.list_schedules()["Schedules"]]:
        found = scheduler.get_schedule(Name=name)
        kept = {key: value for key, value in found.items() if key in SCHEDULED}
        scheduler.update_schedule(**kept | {"State": state} | changes)


def _ten_at_once(policy: Any) -> Iterator[Any]:
    for statement in policy["Statement"]:
        if "sqs:SendMessage" in statement["Action"]:
            yield {**statement, "Action": "sqs:SendMessageBatch"}


def _environment(environment: Mapping[str, str]) -> dict[str, str]:
    path = f"{SAM.parent}{os.pathsep}{os.environ['PATH']}"
    home = os.environ.get("HOME", str(Path.home()))
    return {"PATH": path, "HOME": home, "SAM_CLI_TELEMETRY": "0", **environment}
