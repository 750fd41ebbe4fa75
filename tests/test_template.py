"""The template keeps its promises, and a template that breaks one is noticed."""

import copy
import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from cfnlint.api import lint

from arrears.adapters.sms import NEEDS, provider
from arrears.ports.measures import unmetered
from arrears.settings import ProviderSettings, SendSettings, SettingsError
from arrears.wiring import sending
from arrears.work.notify import seconds_for
from tests.local.template import TEMPLATE, Template, source, translated
from tests.promises import CHECKS, GOLDEN, of_type, rights, target


@pytest.mark.parametrize("promise", CHECKS, ids=lambda check: check.__name__)
def test_the_template_keeps_its_promise(promise: Callable[[Any], Any]) -> None:
    assert list(promise(translated())) == []


def test_the_lint_finds_nothing_in_the_template_as_it_is_written() -> None:
    assert [str(found) for found in lint(TEMPLATE.read_text("utf-8"))] == []


def test_the_lint_finds_nothing_in_the_template_as_it_is_deployed() -> None:
    # Some rules (E3505 among them) look only at what the transform makes.
    assert [str(found) for found in lint(json.dumps(translated(), default=str))] == []


def test_every_layer_is_built_for_the_processor_of_the_functions() -> None:
    layers = [r for r in source()["Resources"].values() if r["Type"] == "AWS::Serverless::LayerVersion"]
    assert layers
    assert all(
        r["Metadata"] == {"BuildMethod": "python3.13", "BuildArchitecture": {"Ref": "Processor"}} for r in layers
    )
    assert source()["Parameters"]["Processor"]["Default"] == "arm64"


def test_only_the_printer_of_letters_carries_the_letter_layer() -> None:
    with_it = {name for name, f in of_type(translated(), "AWS::Lambda::Function") if "TypstLayer" in str(f["Layers"])}
    assert with_it == {"PrintLetterFunction"}


def properties(template: Any, logical: str) -> Any:
    """The properties of one resource."""
    return template["Resources"][logical]["Properties"]


def statements(template: Any, role: str) -> Any:
    """What one role may do."""
    return properties(template, role)["Policies"][0]["PolicyDocument"]["Statement"]


def without_tls(template: Any, policy: str) -> None:
    """Takes the refusal of plain connections out of a policy."""
    document = properties(template, policy)["PolicyDocument"]
    document["Statement"] = [s for s in document["Statement"] if s["Effect"] != "Deny"]


# Each line breaks one thing; the sentence is what the promise says about it.
BROKEN: list[tuple[str, Callable[[Any], Any], str]] = [
    (
        "a variable that nobody reads",
        lambda t: properties(t, "SendNoticeFunction")["Environment"]["Variables"].update(SENDER="Heka"),
        "send_notice is not told [] and told ['SENDER'] for nothing",
    ),
    (
        "a variable that is missing",
        lambda t: properties(t, "SendNoticeFunction")["Environment"]["Variables"].pop("LEDGER_TABLE"),
        "send_notice is not told ['LEDGER_TABLE']",
    ),
    (
        "no name in the logs",
        lambda t: properties(t, "FollowUpFunction")["Environment"]["Variables"].pop("POWERTOOLS_SERVICE_NAME"),
        "follow_up lacks ['POWERTOOLS_SERVICE_NAME']",
    ),
    (
        "a handler that is not there",
        lambda t: properties(t, "ReconcileFunction").update(Handler="app.main"),
        "reconcile: no main in app.py",
    ),
    (
        "a runtime that has ended",
        lambda t: properties(t, "ReconcileFunction").update(Runtime="python3.8"),
        "reconcile runs on python3.8",
    ),
    (
        "another processor",
        lambda t: properties(t, "ReconcileFunction").update(Architectures=["x86_64"]),
        "reconcile is not for the stack's processor",
    ),
    (
        "a short visibility",
        lambda t: properties(t, "NoticesQueue").update(VisibilityTimeout=719),
        "NoticesQueue shows a message again before six timeouts of SendNoticeFunction",
    ),
    (
        "a batch that fails as one",
        lambda t: properties(t, "PrintLetterFunctionLetters").pop("FunctionResponseTypes"),
        "PrintLetterFunctionLetters does not report failures one by one",
    ),
    (
        "more calls than are reserved",
        lambda t: properties(t, "RecordReceiptFunctionReceipts")["ScalingConfig"].update(MaximumConcurrency=50),
        "RecordReceiptFunctionReceipts calls more at once than RecordReceiptFunction has reserved",
    ),
    (
        "no dead-letter queue",
        lambda t: properties(t, "LettersQueue").pop("RedrivePolicy"),
        "LettersQueue has no dead-letter queue after five tries",
    ),
    (
        "too few tries",
        lambda t: properties(t, "LettersQueue")["RedrivePolicy"].update(maxReceiveCount=4),
        "LettersQueue has no dead-letter queue after five tries",
    ),
    (
        "dead letters that are soon forgotten",
        lambda t: properties(t, "InboxDlq").update(MessageRetentionPeriod=345600),
        "InboxDlq forgets before a person has looked",
    ),
    (
        "a file that is lost",
        lambda t: t["Resources"].pop("ImportSnapshotFunctionEventInvokeConfig"),
        "ImportSnapshotFunction loses what fails for good",
    ),
    (
        "a file that is not tried again",
        lambda t: properties(t, "ImportSnapshotFunctionEventInvokeConfig").update(MaximumRetryAttempts=0),
        "ImportSnapshotFunctionEventInvokeConfig gives up at once",
    ),
    (
        "a tick in UTC",
        lambda t: properties(t, "FollowUpFunctionTick").pop("ScheduleExpressionTimezone"),
        "FollowUpFunctionTick does not tick in Helsinki time",
    ),
    (
        "a tick that never comes",
        lambda t: properties(t, "FollowUpFunctionTick").update(ScheduleExpression="cron(0 9 30 2 ? *)"),
        "FollowUpFunctionTick never ticks",
    ),
    (
        "a tick that AWS would refuse",
        lambda t: properties(t, "FollowUpFunctionTick").update(ScheduleExpression="cron(0 9 * * * *)"),
        "FollowUpFunctionTick never ticks: cron(0 9 * * * *): expected `?`",
    ),
    (
        "a tick that is not tried again",
        lambda t: properties(t, "ReconcileFunctionTick")["Target"].pop("RetryPolicy"),
        "ReconcileFunctionTick is not tried again",
    ),
    (
        "a tick that is lost",
        lambda t: properties(t, "ReconcileFunctionTick")["Target"].pop("DeadLetterConfig"),
        "ReconcileFunctionTick loses a tick that fails",
    ),
    (
        "a tick that does not know its day",
        lambda t: properties(t, "SelectTenantsFunctionTick")["Target"].update(Input="{}"),
        "SelectTenantsFunctionTick does not say which moment it was meant for",
    ),
    (
        "a log kept for ever",
        lambda t: properties(t, "SendNoticeLog").pop("RetentionInDays"),
        "send_notice's log is kept for ever or in the clear",
    ),
    ("no log", lambda t: t["Resources"].pop("SendNoticeLog"), "send_notice has no log group of its own"),
    (
        "a sender that can invent recipients",
        lambda t: statements(t, "SendNoticeRole")[2]["Action"].append("dynamodb:PutItem"),
        "rights have changed",
    ),
    (
        "a receipt door that can reach the ledger",
        lambda t: statements(t, "AcceptReceiptRole").append(statements(t, "RecordReceiptRole")[1]),
        "rights have changed",
    ),
    (
        "every action",
        lambda t: statements(t, "SendNoticeRole")[2].update(Action="dynamodb:*"),
        "SendNoticeRole has a wildcard: dynamodb:* on",
    ),
    (
        "every table",
        lambda t: statements(t, "SendNoticeRole")[2].update(Resource="*"),
        "SendNoticeRole has a wildcard: dynamodb:GetItem on *",
    ),
    (
        "a managed policy",
        lambda t: properties(t, "SendNoticeRole").update(
            ManagedPolicyArns=["arn:aws:iam::aws:policy/AmazonSQSFullAccess"]
        ),
        "SendNoticeRole has a managed policy",
    ),
    (
        "a shared role",
        lambda t: properties(t, "FollowUpFunction").update(Role={"Fn::GetAtt": ["SelectTenantsRole", "Arn"]}),
        "two functions share a role",
    ),
    (
        "a table under AWS's key",
        lambda t: properties(t, "LedgerTable")["SSESpecification"].pop("KMSMasterKeyId"),
        "LedgerTable is not under our own key",
    ),
    (
        "a bucket under AWS's key",
        lambda t: properties(t, "LettersBucket")["BucketEncryption"]["ServerSideEncryptionConfiguration"][0][
            "ServerSideEncryptionByDefault"
        ].pop("KMSMasterKeyID"),
        "LettersBucket is not under our own key",
    ),
    (
        "a queue in the clear",
        lambda t: properties(t, "NoticesDlq").pop("KmsMasterKeyId"),
        "NoticesDlq is not under our own key",
    ),
    (
        "a ledger that goes with its stack",
        lambda t: t["Resources"]["LedgerTable"].pop("DeletionPolicy"),
        "LedgerTable goes with the stack",
    ),
    (
        "a ledger that a slip deletes",
        lambda t: properties(t, "LedgerTable").update(DeletionProtectionEnabled=False),
        "LedgerTable can be deleted by a slip",
    ),
    (
        "a ledger that cannot be brought back",
        lambda t: properties(t, "LedgerTable")["PointInTimeRecoverySpecification"].update(
            PointInTimeRecoveryEnabled=False
        ),
        "LedgerTable cannot be brought back",
    ),
    (
        "snapshots for ever",
        lambda t: properties(t, "SnapshotTable").pop("TimeToLiveSpecification"),
        "SnapshotTable forgets nothing",
    ),
    ("an open bucket", lambda t: without_tls(t, "InboxBucketPolicy"), "InboxBucket can be reached without TLS"),
    ("an open queue", lambda t: without_tls(t, "QueuesPolicy"), "NoticesQueue can be reached without TLS"),
    ("an open topic", lambda t: without_tls(t, "ProviderEventsPolicy"), "ProviderEvents can be reached without TLS"),
    (
        "a bucket that can be opened",
        lambda t: properties(t, "InboxBucket")["PublicAccessBlockConfiguration"].update(BlockPublicPolicy=False),
        "InboxBucket can be opened to the world",
    ),
    (
        "a parameter nobody explains",
        lambda t: t["Parameters"]["DailyCap"].pop("Description"),
        "DailyCap is not described",
    ),
]


@pytest.mark.parametrize(("break_it", "sentence"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_a_broken_template_is_noticed(break_it: Callable[[Any], Any], sentence: str) -> None:
    template = copy.deepcopy(translated())
    break_it(template)
    said = [found for promise in CHECKS for found in promise(template)]
    assert any(found.startswith(sentence) for found in said), said


def test_the_sender_may_neither_invent_recipients_nor_erase_history() -> None:
    its = rights(translated()).split("SendNoticeRole\n")[1].split("Role\n")[0]
    for forbidden in ("PutItem", "DeleteItem", "Query", "Scan", "BatchWrite", "s3:", "sqs:Send", "lambda:"):
        assert forbidden not in its


def test_the_receipt_door_may_only_read_its_secret_and_feed_its_queue() -> None:
    its = GOLDEN.read_text("utf-8").split("AcceptReceiptRole\n")[1].split("RecordReceiptRole\n")[0]
    assert its.split() == [
        "kms:Decrypt",
        "Key",
        "kms:GenerateDataKey",
        "Key",
        "logs:CreateLogStream",
        "AcceptReceiptLog",
        "logs:PutLogEvents",
        "AcceptReceiptLog",
        "secretsmanager:GetSecretValue",
        "ReceiptSecret",
        "sqs:SendMessage",
        "ReceiptsQueue",
    ]


# --- what a live stage must be given ---------------------------------------------------------------------------------

LIVE = {
    "Stage": "prod",
    "SenderAuthorised": "true",
    "SmsProviders": "quriiri,link",
    "EmailProvider": "ses",
    "FromEmail": "vuokravalvonta@example.com",
    "AlarmEmail": "alarms@example.com",
    "AccessLogsBucket": "access-logs",
}


def refused(parameters: dict[str, str]) -> list[str]:
    """What CloudFormation says against a deployment with these parameters."""
    template = Template(parameters=parameters)
    said = []
    for rule in translated()["Rules"].values():
        if template.resolve(rule["RuleCondition"]):
            said += [one["AssertDescription"] for one in rule["Assertions"] if not template.resolve(one["Assert"])]
    for name, parameter in translated()["Parameters"].items():
        allowed = parameter.get("AllowedPattern")
        if allowed and not re.fullmatch(allowed, template.parameters[name]):
            said.append(f"{name} does not match")
    return said


def test_a_live_stage_that_has_everything_may_be_deployed() -> None:
    assert refused(LIVE) == []


def test_a_stage_that_reaches_nobody_needs_nothing() -> None:
    assert refused({"Stage": "dev"}) == refused({"Stage": "test"}) == []


@pytest.mark.parametrize(
    ("lacks", "said"),
    [
        ({"SenderAuthorised": "false"}, "The sender name must be authorised before it writes to tenants"),
        ({"SmsProviders": "console"}, "The console reaches nobody (SmsProviders)"),
        ({"SmsProviders": "quriiri,console"}, "SmsProviders does not match"),
        ({"SmsProviders": "console,link"}, "SmsProviders does not match"),
        ({"EmailProvider": "console"}, "The console reaches nobody (EmailProvider=ses)"),
        ({"FromEmail": ""}, "An e-mail comes from the landlord (FromEmail)"),
        ({"AlarmEmail": ""}, "Somebody must hear the alarms (AlarmEmail)"),
        ({"AccessLogsBucket": ""}, "Access to personal data is logged (AccessLogsBucket)"),
    ],
    ids=lambda row: str(row),
)
def test_a_live_stage_that_lacks_one_thing_is_not_deployed(lacks: dict[str, str], said: str) -> None:
    (sentence,) = refused(LIVE | lacks)
    assert sentence.startswith(said)


def test_the_template_refuses_whatever_the_sender_itself_would_refuse() -> None:
    for lacks in ({"SenderAuthorised": "false"}, {"SmsProviders": "console"}, {"SmsProviders": "quriiri,console"}):
        stage = LIVE | {"QuriiriEndpoint": "https://x", "LinkEndpoint": "https://x"} | lacks
        with pytest.raises(SettingsError):
            provider(provider_settings(stage), lambda _: lambda: "key", date.today)
        assert refused(stage)


def provider_settings(parameters: dict[str, str]) -> ProviderSettings:
    """What the sender finds in its environment when the stack is given these parameters."""
    template = Template(parameters=parameters | {"LinkPlatformId": "P", "LinkPartnerId": "P"})
    told = properties(translated(), "SendNoticeFunction")["Environment"]["Variables"]
    return ProviderSettings.read({name: str(template.resolve(value)) for name, value in told.items()})


# --- time for every provider -----------------------------------------------------------------------------------------


def test_the_sender_lives_long_enough_to_ask_every_provider_there_is() -> None:
    assert properties(translated(), "SendNoticeFunction")["Timeout"] > 2 * seconds_for(len(NEEDS))


def test_the_sender_keeps_time_for_every_provider_that_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-north-1")
    for providers in ("quriiri", "quriiri,link", "aws,quriiri,link"):
        reserve = sending.notifying(send_settings(providers), unmetered).reserve
        pace = 2 / 10  # two senders share ten messages a second
        assert reserve == pytest.approx(seconds_for(providers.count(",") + 1) + pace)


def send_settings(providers: str) -> SendSettings:
    """A sender's settings with these providers."""
    places = {f"{name}_endpoint": "https://example.com" for name in ("quriiri", "link")}
    names = dict.fromkeys(("quriiri_secret", "link_secret", "link_platform_id", "link_partner_id"), "x")
    kept = dict.fromkeys(("ledger_table", "snapshot_table", "reference_secret"), "x")
    return SendSettings.model_validate(places | names | kept | {"sms_providers": providers})


# --- deployment ------------------------------------------------------------------------------------------------------

ALWAYS_AT_WORK = {"SendNotice", "PrintLetter", "AcceptReceipt", "RecordReceipt"}


def test_the_doors_that_are_always_at_work_change_a_tenth_at_a_time_and_back_at_their_own_alarm() -> None:
    groups = dict(of_type(translated(), "AWS::CodeDeploy::DeploymentGroup"))
    assert {name.removesuffix("FunctionDeploymentGroup") for name in groups} == ALWAYS_AT_WORK
    live, elsewhere = Template(parameters=LIVE), Template(parameters={"Stage": "dev"})
    for name, group in groups.items():
        door = name.removesuffix("FunctionDeploymentGroup")
        alarms = [target(alarm["Name"]) for alarm in group["AlarmConfiguration"]["Alarms"]]
        assert alarms[0] == f"{door}ErrorsAlarm"
        assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]
        assert live.resolve(group["DeploymentConfigName"]) == "CodeDeployDefault.LambdaCanary10Percent5Minutes"
        assert elsewhere.resolve(group["DeploymentConfigName"]) == "CodeDeployDefault.LambdaAllAtOnce"


def test_whoever_calls_a_door_that_changes_step_by_step_calls_its_live_version() -> None:
    template = translated()
    callers = [p["FunctionName"] for _, p in of_type(template, "AWS::Lambda::EventSourceMapping")]
    callers += [p["TargetFunctionArn"] for _, p in of_type(template, "AWS::Lambda::Url")]
    callers += [p["Endpoint"] for _, p in of_type(template, "AWS::SNS::Subscription") if p["Protocol"] == "lambda"]
    assert {caller["Ref"] for caller in callers} == {f"{door}FunctionAliaslive" for door in ALWAYS_AT_WORK}


def test_a_new_release_makes_new_versions_and_the_same_release_makes_none() -> None:
    versions = [logical for logical, _ in of_type(translated(), "AWS::Lambda::Version")]
    assert len(versions) == len(ALWAYS_AT_WORK)
    release = source()["Parameters"]["Release"]
    assert all(version.endswith(f"Version{release['Default']}") for version in versions)
    assert re.fullmatch(release["AllowedPattern"], "2611230915"), "only the first ten characters tell versions apart"
    assert not re.fullmatch(release["AllowedPattern"], "26112309151")


def test_the_stack_stays_far_below_what_cloudformation_takes() -> None:
    assert len(translated()["Resources"]) < 400
    assert len(json.dumps(translated())) < 900_000
