"""`arrears import`: what the person who made the export sees."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from arrears.adapters import clock
from arrears.cli import main
from arrears.ports import Snapshots
from tests.intake.exports import NAME, TABLE, a_table, an_export, cells, rows
from tests.makers import a_snapshot_row, an_item_row
from tests.streets import moto_cloud, named, on_moto

GIVEN = rows(3)


def examine(folder: Path, body: bytes, *options: str, name: str = NAME) -> Result:
    """What an operator sees who examines that export without publishing it."""
    (folder / name).write_bytes(body)
    return CliRunner().invoke(main, ["import", f"{folder / name}", "--dry-run", *options])


def test_a_good_export_is_accepted(tmp_path: Path) -> None:
    result = examine(tmp_path, an_export(GIVEN))
    report = json.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (0, "")
    assert (report["accepted"], report["rejected"], report["refused"]) == (3, [], None)


def test_a_table_is_an_export_too(tmp_path: Path) -> None:
    assert json.loads(examine(tmp_path, a_table([cells()]), name=TABLE).stdout)["accepted"] == 1


def test_a_bad_row_is_told_with_line_field_code_and_sentence(tmp_path: Path) -> None:
    bad = a_snapshot_row(tenancy_id="T-0", open_items=[an_item_row(unpaid="800,00")])
    result = examine(tmp_path, an_export([*rows(300), bad]))
    report = json.loads(result.stdout)
    assert (result.exit_code, report["accepted"], report["refused"]) == (1, 300, None)
    assert report["rejected"] == [
        {
            "line": 301,
            "tenancy_id": "T-0",
            "field": "open_items.0.unpaid",
            "code": "money",
            "message": 'Write unpaid as text with a point and two decimals, such as "812.40", not "999,99".',
        }
    ]


def test_a_refused_file_is_told_with_its_code(tmp_path: Path) -> None:
    result = examine(tmp_path, an_export([*GIVEN, "rikki"]))
    report = json.loads(result.stdout)
    assert (result.exit_code, report["accepted"], report["refused"]) == (1, 0, "not_json")


def test_a_hundredfold_export_is_refused_against_the_one_before(tmp_path: Path) -> None:
    yesterday = "snapshot-2026-11-22.jsonl"
    (tmp_path / yesterday).write_bytes(an_export(row | {"as_of": "2026-11-22"} for row in GIVEN))
    cents = [row | {"open_items": [an_item_row(charged="80000.00", unpaid="80000.00")]} for row in GIVEN]
    result = examine(tmp_path, an_export(cents), "--previous", f"{tmp_path / yesterday}")
    assert json.loads(result.stdout)["refused"] == "scale"
    assert (
        json.loads(examine(tmp_path, an_export(GIVEN), "--previous", f"{tmp_path / yesterday}").stdout)["refused"]
        is None
    )


def test_the_same_file_and_an_older_one_are_refused_against_the_one_before(tmp_path: Path) -> None:
    today, yesterday = an_export(GIVEN), an_export(row | {"as_of": "2026-11-22"} for row in GIVEN)
    (tmp_path / NAME).write_bytes(today)
    before = ("--previous", f"{tmp_path / NAME}")
    assert json.loads(examine(tmp_path, today, *before).stdout)["refused"] == "same_file"
    older = examine(tmp_path, yesterday, *before, name="snapshot-2026-11-22.jsonl")
    assert json.loads(older.stdout)["refused"] == "older_file"


@pytest.mark.parametrize(("on", "refused"), [("2026-11-22", "future_day"), ("2026-11-23", None), ("2026-11-24", None)])
def test_a_ledger_day_after_the_day_asked_about_is_refused(tmp_path: Path, on: str, refused: str | None) -> None:
    assert json.loads(examine(tmp_path, an_export(GIVEN), "--on", on).stdout)["refused"] == refused


def test_a_larger_file_is_taken_only_when_asked(tmp_path: Path) -> None:
    body = an_export([a_snapshot_row()]) + b" " * 51_000_000
    assert json.loads(examine(tmp_path, body).stdout)["refused"] == "too_large"
    assert json.loads(examine(tmp_path, body, "--largest", "60").stdout)["refused"] == "line_too_long"


def test_a_file_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["import", f"{tmp_path / NAME}", "--dry-run"])
    assert result.exit_code == 2
    assert result.stderr == f"{tmp_path / NAME}: No such file or directory: expected an export that can be read\n"


def test_a_folder_is_no_export(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["import", f"{tmp_path}", "--dry-run"])
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


def test_a_refused_export_cannot_be_compared_with(tmp_path: Path) -> None:
    (tmp_path / TABLE).write_bytes(b"rikki")
    result = examine(tmp_path, an_export(GIVEN), "--previous", f"{tmp_path / TABLE}")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert result.stderr.startswith(f"{tmp_path / TABLE}: cannot be compared with: Line 1: Column 1 of the header")


def test_a_day_before_the_first_policy_is_one_clear_line(tmp_path: Path) -> None:
    result = examine(tmp_path, an_export(GIVEN), "--on", f"{date(2020, 12, 31)}")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


def test_an_import_is_compared_with_the_snapshot_in_use_and_no_other(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(an_export(GIVEN))
    result = CliRunner().invoke(main, ["import", f"{tmp_path / NAME}", "--on", "2026-11-23"])
    assert result.exit_code == 2
    assert "--previous and --on are for a dry run" in result.stderr


# --- publishing ------------------------------------------------------------------------------------------------------


@pytest.fixture(name="snapshots")
def _snapshots(monkeypatch: pytest.MonkeyPatch) -> Iterator[Snapshots]:
    with moto_cloud() as template:
        monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 23, 6, tzinfo=UTC))
        for variable, logical in [("SNAPSHOT_TABLE", "SnapshotTable"), ("RECORDS_BUCKET", "RecordsBucket")]:
            monkeypatch.setenv(variable, named(template, logical))
        monkeypatch.setenv("SNAPSHOT_SHARDS", "4")
        yield on_moto(template).snapshots


def publish(folder: Path, body: bytes, name: str = NAME) -> Result:
    """What an operator sees who imports that export."""
    (folder / name).write_bytes(body)
    return CliRunner().invoke(main, ["import", f"{folder / name}"])


def test_a_good_export_is_published_and_a_bad_one_after_it_changes_nothing(
    tmp_path: Path, snapshots: Snapshots
) -> None:
    assert publish(tmp_path, an_export(GIVEN)).exit_code == 0
    in_force = snapshots.current()
    assert in_force is not None
    assert snapshots.find("T-1") is not None
    for bad, refused in [
        (an_export(GIVEN), "same_file"),
        (an_export([*GIVEN, "rikki"]), "not_json"),
        (an_export(GIVEN).replace(b'"800.00"', b'"80000.00"'), "scale"),
    ]:
        result = publish(tmp_path, bad)
        assert (result.exit_code, json.loads(result.stdout)["refused"]) == (1, refused)
    assert snapshots.current() == in_force


def test_examining_an_export_publishes_nothing(tmp_path: Path, snapshots: Snapshots) -> None:
    assert examine(tmp_path, an_export(GIVEN)).exit_code == 0
    assert snapshots.current() is None
