"""The alarms of the deployed stack: what its functions measured in a month rings those that should, and no others."""

import pytest

from arrears.ledger import Status
from arrears.model import LETTERS
from tests.e2e.aftermath import Aftermath
from tests.e2e.alarms import Measure, heard, listener, measures, put, ringing, states
from tests.e2e.stack import Stack, wait_for
from tests.local.template import Template

pytestmark = pytest.mark.deployed

FORGED = 5  # so many forged receipts within minutes are no mistake any more


def month_of(after: Aftermath) -> list[Measure]:
    """Everything that was measured in the month."""
    return [one for lines in after.logs.values() for one in measures(lines)]


def test_every_alarm_of_the_template_stands_and_calls_somebody(stack: Stack) -> None:
    pages = stack.client("cloudwatch").get_paginator("describe_alarms").paginate()
    standing = {alarm["AlarmName"]: alarm["AlarmActions"] for page in pages for alarm in page["MetricAlarms"]}
    declared = [logical for logical, _ in Template().of_type("AWS::CloudWatch::Alarm")]
    assert {stack.physical(logical) for logical in declared} == set(standing)
    assert all(actions == [stack.outputs["AlarmsTopic"]] for actions in standing.values())


def test_an_ordinary_month_rings_for_its_first_run_alone(after: Aftermath) -> None:
    unfit = any(row.key.step in LETTERS and row.status is Status.SET_ASIDE for row in after.rows)
    assert ringing(month_of(after)) == {"RunHeldAlarm"} | ({"LetterSetAsideAlarm"} if unfit else set())


@pytest.mark.parametrize(
    ("alarm", "service", "metric", "value"),
    [
        ("KeyRefusedAlarm", "send_notice", "KeyRefused", 1),
        ("DoubtOldAlarm", "reconcile", "OldestUnknownHours", 24),
        ("ImportRefusedAlarm", "import_snapshot", "ImportRefused", 1),
        ("RunMissingAlarm", "reconcile", "MonthlyRunMissing", 1),
    ],
)
def test_a_month_with_one_trouble_rings_for_it(
    after: Aftermath, alarm: str, service: str, metric: str, value: float
) -> None:
    month = month_of(after)
    assert ringing([*month, Measure(month[0].namespace, metric, service, 0, value)]) - ringing(month) == {alarm}


def test_forged_receipts_ring_and_somebody_is_called(stack: Stack) -> None:
    before, called = len(stack.logs("accept_receipt")), listener(stack)
    told = {"batchid": "0" * 32, "status": "FAILED"}
    assert {stack.post("/quriiri", told, secret="a forger's") for _ in range(FORGED)} == {401}
    wait_for(
        lambda: len(list(measures(stack.logs("accept_receipt")[before:]))) >= FORGED, "the forgeries to be counted"
    )
    measured = list(measures(stack.logs("accept_receipt")[before:]))
    assert ringing(measured) == {"ReceiptsForgedAlarm"}
    put(stack, measured)
    forged = stack.physical("ReceiptsForgedAlarm")
    wait_for(lambda: states(stack)[forged] == "ALARM", "the alarm to ring", within=30)
    wait_for(lambda: forged in heard(stack, called), "somebody to be called", within=30)
    assert {name for name, state in states(stack).items() if state == "ALARM"} == {forged}


def test_an_export_that_was_refused_rings(stack: Stack) -> None:
    before = len(stack.logs("import_snapshot"))
    assert stack.drop("snapshot-2026-02-27.jsonl", b"not an export")["refused"] is not None
    wait_for(lambda: list(measures(stack.logs("import_snapshot")[before:])), "the refusal to be counted")
    assert ringing(measures(stack.logs("import_snapshot")[before:])) == {"ImportRefusedAlarm"}
