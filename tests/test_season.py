"""A season in which everything happens: every bell can ring, its entry is in the runbook, and nobody is named aloud."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner

from arrears.cli import COMMANDS, main
from arrears.ports.measures import Measure
from tests.eventful import MARKED, Season, a_season
from tests.local.template import ROOT, translated
from tests.promises import functions, of_type, target

RUNBOOK = (ROOT / "README.md").read_text("utf-8").split("## Runbook\n")[1].split("\n## ")[0]
ENTRIES = dict(re.findall(r"^\| `([a-z-]+)` \| (.*)$", RUNBOOK, re.MULTILINE))
ALARMS = dict(of_type(translated(), "AWS::CloudWatch::Alarm"))
OWN = {logical: alarm for logical, alarm in ALARMS.items() if "Fn::Sub" in alarm["Namespace"]}


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Season]:
    """The whole season, lived once for all tests that look at what came of it."""
    with a_season(tmp_path_factory.mktemp("season")) as season:
        season.live()
        yield season


# --- the bells -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("logical", sorted(ALARMS))
def test_every_alarm_names_its_entry_in_the_runbook_and_rings_at_the_one_topic(logical: str) -> None:
    alarm = ALARMS[logical]
    assert alarm["AlarmDescription"].rpartition("README.md, Runbook: ")[2] in ENTRIES
    assert [target(topic) for topic in alarm["AlarmActions"]] == ["AlarmsTopic"]


@pytest.mark.parametrize("entry", sorted(ENTRIES))
def test_every_entry_of_the_runbook_has_an_alarm_and_says_what_to_look_at_and_do(entry: str) -> None:
    assert any(alarm["AlarmDescription"].endswith(f"Runbook: {entry}") for alarm in ALARMS.values())
    assert all(len(cell.strip()) > 10 for cell in ENTRIES[entry].rstrip(" |").split(" | "))
    assert len(ENTRIES[entry].rstrip(" |").split(" | ")) == 3


@pytest.mark.parametrize("line", sorted(set(re.findall(r"`arrears ([^`]+)`", RUNBOOK))))
def test_every_command_of_the_runbook_is_understood(line: str) -> None:
    words = line.split()
    assert words[0] in COMMANDS
    path = words[: 2 if re.fullmatch(r"[a-z]+", "".join(words[1:2])) and words[0] in ("run", "hold", "unknown") else 1]
    page = CliRunner().invoke(main, [*path, "--help"])
    assert page.exit_code == 0
    assert all(option in page.output for option in re.findall(r"--[a-z-]+", line))


@pytest.mark.parametrize("logical", sorted(OWN))
def test_a_season_in_which_everything_happens_makes_every_bell_ring(season: Season, logical: str) -> None:
    alarm, values = OWN[logical], list(measured(season, OWN[logical]))
    assert values, f"{alarm['MetricName']} of {alarm['Dimensions']} is counted by nobody"
    worst = sum(values) if alarm["Statistic"] == "Sum" else max(values)
    limit = season.cloud.template.resolve(alarm["Threshold"])
    assert worst >= float(limit)


def measured(season: Season, alarm: Any) -> Iterator[float]:
    """What was counted of the alarm's measure, as CloudWatch would find it."""
    (dimension,) = alarm["Dimensions"]
    place = season.cloud.template.resolve(alarm["Namespace"])
    for namespace, service, name, value in season.points:
        if (namespace, service, name) == (place, dimension["Value"], alarm["MetricName"]):
            yield value


def test_every_measure_is_counted_by_some_door_and_no_door_counts_anything_else(season: Season) -> None:
    assert {name for _, _, name, _ in season.points} == set(Measure)


def test_a_case_that_stood_down_is_counted_under_its_reason(season: Season) -> None:
    lines = [json.loads(line) for line in season.cloud.printed if '"reason"' in line and '"_aws"' in line]
    assert "no_debt" in {line["reason"] for line in lines}


def test_the_dashboard_shows_only_measures_that_are_counted(season: Season) -> None:
    body = json.loads(season.cloud.template.resolve({"Fn::Sub": dashboard()}))
    own = season.cloud.template.resolve({"Fn::Sub": "RentArrears/${AWS::StackName}"})
    shown = {
        (metric[3], metric[1])
        for widget in body["widgets"]
        for metric in widget["properties"].get("metrics", [])
        if metric[0] == own
    }
    assert shown
    assert shown <= {(service, name) for _, service, name, _ in season.points}


def dashboard() -> str:
    """The dashboard's body, alarms taken out: their ARNs are only known to AWS."""
    ((_, properties),) = of_type(translated(), "AWS::CloudWatch::Dashboard")
    return re.sub(r"\$\{\w+Alarm\.Arn\}", "arn", properties["DashboardBody"]["Fn::Sub"])


@pytest.mark.parametrize("kind", ["Errors", "Throttles"])
def test_every_function_has_its_own_bell_for_errors_and_throttles(kind: str) -> None:
    rung = {target(a["Dimensions"][0]["Value"]) for a in ALARMS.values() if a["MetricName"] == kind}
    assert rung == {logical for logical, _ in of_type(translated(), "AWS::Lambda::Function")}


def test_every_dead_letter_queue_and_every_queue_that_is_worked_off_has_its_bell() -> None:
    rung = defaultdict(set)
    for alarm in ALARMS.values():
        if alarm["Namespace"] == "AWS/SQS":
            rung[alarm["MetricName"]].add(target(alarm["Dimensions"][0]["Value"]))
    queues = dict(of_type(translated(), "AWS::SQS::Queue"))
    assert rung["ApproximateNumberOfMessagesVisible"] == {q for q in queues if q.endswith("Dlq")}
    assert rung["ApproximateAgeOfOldestMessage"] == {q for q in queues if q.endswith("Queue")}


def test_silence_of_the_hourly_look_rings_too() -> None:
    assert ALARMS["RunMissingAlarm"]["TreatMissingData"] == "breaching"
    assert {a["TreatMissingData"] for k, a in ALARMS.items() if k != "RunMissingAlarm"} == {"notBreaching"}


def test_the_functions_count_under_the_names_that_the_alarms_ask_for() -> None:
    services = {f["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"] for _, f in functions(translated())}
    assert {alarm["Dimensions"][0]["Value"] for alarm in OWN.values()} <= services


# --- nobody is named -------------------------------------------------------------------------------------------------


def test_no_log_metric_queue_exception_file_name_or_report_names_anybody(season: Season) -> None:
    assert [line for line in season.said_aloud() if MARKED.search(line)] == []


def test_the_marked_people_were_really_written_to(season: Season) -> None:
    assert len({taken.to for taken in [*season.first.accepted, *season.second.accepted]}) >= 30
    assert any("merkki.sentinelli@" in taken.to for taken in season.first.accepted)
    assert len([key for key in season.keys if key.startswith("letters/")]) >= 30
    assert len(season.bodies) > 30
