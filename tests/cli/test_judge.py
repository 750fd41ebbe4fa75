"""`arrears decide`, `explain` and `schema`: what an operator or another program sees."""

import gzip
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from arrears.adapters import clock
from arrears.cli import main
from tests.intake.exports import a_table, cells
from tests.makers import a_snapshot_row, a_tenant_row, an_item_row

ON = ("--on", "2026-11-23")


def arrears(*args: object) -> Result:
    result = CliRunner().invoke(main, [f"{arg}" for arg in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def an_export(folder: Path, *rows: Any, name: str = "snapshot-2026-11-23.jsonl") -> Path:
    """A file of these rows; what is not an object is written as it is."""
    file = folder / name
    body = "".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows)
    file.write_bytes(gzip.compress(body.encode()) if name.endswith(".gz") else body.encode())
    return file


def a_history(folder: Path, *lines: dict[str, Any] | str) -> Path:
    return an_export(folder, *lines, name="history.jsonl")


def done(**changes: Any) -> dict[str, Any]:
    return {"tenancy_id": "T-1", "step": "sms_reminder", "on": "2026-11-06", "outcome": "delivered"} | changes


def decided(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


# --- decide ---


def test_each_tenancy_gets_one_decision_on_one_line_with_exactly_the_contracts_keys(tmp_path: Path) -> None:
    file = an_export(tmp_path, a_snapshot_row(), a_snapshot_row(tenancy_id="T-2", area="east"))
    result = arrears("decide", file, *ON)
    assert (result.exit_code, result.stderr) == (0, "")
    assert decided(result) == [
        {
            "tenancy_id": "T-1",
            "on": "2026-11-23",
            "step": "sms_reminder",
            "reasons": ["area_in_rollout"],
            "recipient": "P-1",
            "policy": "2024-10-01",
        },
        {
            "tenancy_id": "T-2",
            "on": "2026-11-23",
            "step": "none",
            "reasons": ["no_criterion", "not_reminded"],
            "recipient": None,
            "policy": "2024-10-01",
        },
    ]


@pytest.mark.parametrize("name", ["snapshot-2026-11-23.jsonl", "snapshot-2026-11-23.jsonl.gz", "rows.json", "rows"])
def test_json_lines_are_read_packed_or_not_whatever_the_file_is_called(tmp_path: Path, name: str) -> None:
    assert len(decided(arrears("decide", an_export(tmp_path, a_snapshot_row(), name=name), *ON))) == 1


def test_a_manifest_is_no_tenancy(tmp_path: Path) -> None:
    manifest = {"manifest": {"as_of": "2026-11-23", "rows": 1, "debt_total": "800.00"}}
    assert len(decided(arrears("decide", an_export(tmp_path, manifest, a_snapshot_row()), *ON))) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rows": 2}, "manifest.rows: The manifest says 2 rows, but the file has 1"),
        ({"debt_total": "800.01"}, "manifest.debt_total: The manifest says EUR 800.01"),
        ({"as_of": "2026-11-22"}, "manifest.as_of: "),
        ({"rows": "one"}, "manifest: Write the manifest once"),
    ],
)
def test_a_file_that_does_not_agree_with_its_manifest_is_refused_whole(
    tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    manifest = {"as_of": "2026-11-23", "rows": 1, "debt_total": "800.00"} | changes
    file = an_export(tmp_path, {"manifest": manifest}, a_snapshot_row())
    result = arrears("decide", file, *ON)
    assert one_line(result).startswith(f"{file}: line 1: {said}")
    assert result.stdout == ""


def test_a_bad_row_counts_for_the_manifest_and_stops_no_other(tmp_path: Path) -> None:
    manifest = {"manifest": {"as_of": "2026-11-23", "rows": 2, "debt_total": "1600.00"}}
    file = an_export(tmp_path, manifest, a_snapshot_row(), a_snapshot_row(tenancy_id="T-2", area="nowhere!"))
    result = arrears("decide", file, *ON)
    assert f"{file}: line 3: area: " in one_line(result)
    assert len(decided(result)) == 1


def test_a_table_is_read_too(tmp_path: Path) -> None:
    file = tmp_path / "ledger.csv"
    file.write_bytes(a_table([cells()]))
    result = arrears("decide", file, *ON)
    assert (result.exit_code, [decision["step"] for decision in decided(result)]) == (0, ["sms_reminder"])


def test_the_history_is_taken_into_account_and_an_unknown_tenancy_in_it_is_fine(tmp_path: Path) -> None:
    history = a_history(tmp_path, done(), "", done(tenancy_id="T-999"))
    result = arrears("decide", an_export(tmp_path, a_snapshot_row()), *ON, "--history", history)
    assert [decision["step"] for decision in decided(result)] == ["collection_letter"]


def test_the_history_may_tell_a_letters_fee(tmp_path: Path) -> None:
    row = a_snapshot_row(agreement={"agreed_on": "2026-10-01", "status": "broken", "broken_on": "2026-11-22"})
    letter = done(step="collection_letter", on="2026-11-20", outcome="sent")
    for fee, step in (("0.00", "agreement_broken_letter"), ("5.00", "sms_reminder")):
        history = a_history(tmp_path, letter | {"fee": fee})
        result = arrears("decide", an_export(tmp_path, row), *ON, "--history", history)
        assert [decision["step"] for decision in decided(result)] == [step]


def test_without_a_day_today_in_helsinki_is_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 30, 22, 30, tzinfo=UTC))
    result = arrears("decide", an_export(tmp_path, a_snapshot_row()))
    assert [decision["on"] for decision in decided(result)] == ["2026-12-01"]


def test_another_policy_judges_by_its_own_numbers_and_name(tmp_path: Path) -> None:
    policy = tmp_path / "east-too.toml"
    policy.write_text('continues = "2024-10-01"\n[sms]\nareas = { value = ["east"], basis = "A draft" }\n', "utf-8")
    result = arrears("decide", an_export(tmp_path, a_snapshot_row(area="east")), *ON, "--policy", policy)
    assert [(decision["step"], decision["policy"]) for decision in decided(result)] == [("sms_reminder", "east-too")]


# --- what cannot be read ---


def one_line(result: Result) -> str:
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    return result.stderr.strip()


def test_a_bad_row_is_told_and_stops_no_other(tmp_path: Path) -> None:
    bad = a_snapshot_row(tenancy_id="T-2", monthly_rent="800")
    file = an_export(tmp_path, a_snapshot_row(), bad, a_snapshot_row(tenancy_id="T-3"))
    result = arrears("decide", file, *ON)
    assert [decision["tenancy_id"] for decision in decided(result)] == ["T-1", "T-3"]
    said = 'Write monthly_rent as text with a point and two decimals, such as "812.40", not "999".'
    assert one_line(result) == f"{file}: line 2: monthly_rent: {said}"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("rikki", "line 2: The line is not one whole JSON object"),
        ("[]", "line 2: The line is not one whole JSON object"),
        (a_snapshot_row(nickname="x"), "line 2: nickname: "),
        ({"tenancy_id": "T-2"}, "line 2: as_of: "),
        (a_snapshot_row(as_of="2026-W48-1"), "line 2: as_of: "),
        (a_snapshot_row(area="nowhere", tenants=[]), "line 2: tenants: "),
        (a_snapshot_row(open_items=[an_item_row(unpaid="1e3")]), "line 2: open_items.0.unpaid: "),
        (a_snapshot_row(tenants=[a_tenant_row(role="owner")]), "line 2: tenants.0.role: "),
    ],
)
def test_what_is_wrong_with_a_row_is_told_with_its_line_and_field(tmp_path: Path, row: Any, said: str) -> None:
    result = arrears("decide", an_export(tmp_path, a_snapshot_row(), row, a_snapshot_row(tenancy_id="T-3")), *ON)
    assert one_line(result).split(": ", 1)[1].startswith(said)
    assert [decision["tenancy_id"] for decision in decided(result)] == ["T-1", "T-3"]


def test_a_name_or_number_in_a_bad_row_is_not_repeated(tmp_path: Path) -> None:
    row = a_snapshot_row(tenants=[a_tenant_row(name="Testi Testinen" * 20, phone=7)])
    assert "Testinen" not in arrears("decide", an_export(tmp_path, row), *ON).stderr


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert one_line(arrears("decide", tmp_path / "nothing.jsonl")).endswith("expected an export that can be read")


def test_a_folder_is_no_export(tmp_path: Path) -> None:
    assert one_line(arrears("decide", tmp_path)).endswith("expected an export that can be read")


@pytest.mark.parametrize(
    ("name", "body"), [("a.jsonl.gz", b"not gzip"), ("a.csv", b"a;b\n1;2\n"), ("a.jsonl", b"\xff\n")]
)
def test_a_file_that_is_none_of_the_formats_is_told(tmp_path: Path, name: str, body: bytes) -> None:
    (tmp_path / name).write_bytes(body)
    assert one_line(arrears("decide", tmp_path / name, *ON)).startswith(f"{tmp_path / name}: ")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("rikki", "line 2: The line is not one whole JSON object"),
        (done(outcome="lost"), "line 2: outcome: Input should be 'sent', 'delivered'"),
        (done(on="6.11.2026"), "line 2: on: expected a date as YYYY-MM-DD"),
        (done(on="9999-12-31"), "line 2: on: expected a year from 2000 to 2199"),
        (done(step="visit"), "line 2: step: Input should be 'court_notice'"),
        (done(channel="sms"), "line 2: channel: Extra inputs are not permitted"),
        ({"tenancy_id": "T-1"}, "line 2: step: Field required"),
        ('{"tenancy_id": "T-1", "tenancy_id": "T-2"}', "line 2: The field tenancy_id is there twice"),
    ],
)
def test_a_history_that_cannot_be_read_stops_everything(tmp_path: Path, line: Any, said: str) -> None:
    """Without the whole past a second text could leave."""
    history = a_history(tmp_path, done(), line)
    result = arrears("decide", an_export(tmp_path, a_snapshot_row()), *ON, "--history", history)
    assert one_line(result).startswith(f"{history}: {said}")
    assert result.stdout == ""


@pytest.mark.parametrize("on", ["2026-11-31", "23.11.2026", "2026-1-5", "yesterday", "2026-W48-1", "9999-12-31"])
def test_a_day_that_is_none_is_told(tmp_path: Path, on: str) -> None:
    assert one_line(arrears("decide", an_export(tmp_path, a_snapshot_row()), "--on", on)).startswith(
        f"--on {on}: expected"
    )


def test_a_day_before_the_first_policy_cannot_be_judged(tmp_path: Path) -> None:
    said = one_line(arrears("decide", an_export(tmp_path, a_snapshot_row()), "--on", "2020-12-31"))
    assert said == "no policy was in force on 2020-12-31: the first one begins on 2021-01-01"


@pytest.mark.parametrize(("text", "said"), [("[sms", "not TOML"), ('[sms]\nareas = "north"\n', "sms.areas: expected")])
def test_a_policy_that_cannot_be_used_is_told(tmp_path: Path, text: str, said: str) -> None:
    policy = tmp_path / "draft.toml"
    policy.write_text(text, "utf-8")
    result = arrears("decide", an_export(tmp_path, a_snapshot_row()), *ON, "--policy", policy)
    assert one_line(result).startswith(f"{policy}: policy draft: {said}")


def test_a_reader_that_has_seen_enough_is_left_in_peace(tmp_path: Path) -> None:
    file = an_export(tmp_path, *[a_snapshot_row(tenancy_id=f"T-{n}") for n in range(2000)])
    command = [sys.executable, "-m", "arrears", "decide", f"{file}", *ON]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


# --- explain ---


def test_one_tenancy_is_explained_in_sentences(tmp_path: Path) -> None:
    file = an_export(tmp_path, a_snapshot_row(), a_snapshot_row(tenancy_id="T-2", area="east"))
    result = arrears(
        "explain", "T-2", "--snapshot", file, *ON, "--history", a_history(tmp_path, done(tenancy_id="T-2"))
    )
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("Tenancy T-2: on 23 November 2026 the collection letter is due to tenant P-1.\n")
    assert "this is east: not met." in result.stdout


def test_a_tenancy_that_is_not_in_the_file_is_told(tmp_path: Path) -> None:
    file = an_export(tmp_path, a_snapshot_row(), "rikki")
    said = one_line(arrears("explain", "T-9", "--snapshot", file, *ON))
    assert said.startswith(f"{file}: no tenancy T-9; 1 of its rows cannot be read, the first on line 2: expected")


def test_a_tenancy_whose_row_is_bad_is_told_why(tmp_path: Path) -> None:
    file = an_export(tmp_path, a_snapshot_row(), a_snapshot_row(tenancy_id="T-2", monthly_rent="0.00"))
    assert f"{file}: line 2: monthly_rent: " in one_line(arrears("explain", "T-2", "--snapshot", file, *ON))


# --- schema ---


def schema(of: str) -> Any:
    result = arrears("schema", of)
    assert result.exit_code == 0
    jsonschema.Draft202012Validator.check_schema(json.loads(result.stdout))
    return jsonschema.Draft202012Validator(json.loads(result.stdout))


def test_the_schema_of_a_row_accepts_the_ordinary_one() -> None:
    schema("snapshot").validate(a_snapshot_row())
    schema("snapshot").validate({key: value for key, value in a_snapshot_row().items() if value is not None})


@pytest.mark.parametrize(
    "changes",
    [
        {"monthly_rent": 800},
        {"monthly_rent": "800"},
        {"monthly_rent": "0.00"},
        {"housing_allowance": "-1.00"},
        {"as_of": "2026-W48-1"},
        {"as_of": "23.11.2026"},
        {"tenancy_id": "T 1"},
        {"tenants": []},
        {"tenants": [a_tenant_row(role="owner")]},
        {"open_items": [an_item_row(unpaid=1)]},
        {"holds": [{"kind": "holiday"}]},
        {"court": {"opened_on": "2026-11-01", "status": "open"}},
        {"nickname": "x"},
    ],
)
def test_the_schema_of_a_row_refuses_what_the_reader_refuses(tmp_path: Path, changes: dict[str, Any]) -> None:
    row = a_snapshot_row(**changes)
    assert not schema("snapshot").is_valid(row)
    assert arrears("decide", an_export(tmp_path, row), *ON).exit_code == 2


def test_the_schema_of_a_decision_accepts_every_decision(tmp_path: Path) -> None:
    file = an_export(tmp_path, a_snapshot_row(), a_snapshot_row(tenancy_id="T-2", open_items=[]))
    valid = schema("decision")
    for decision in decided(arrears("decide", file, *ON)):
        valid.validate(decision)
        assert not valid.is_valid(decision | {"reasons": ["because"]})
        assert not valid.is_valid({key: value for key, value in decision.items() if key != "recipient"})


def test_the_schema_of_a_policy_is_printed() -> None:
    assert not schema("policy").is_valid({})


def test_the_line_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    export = tmp_path / "snapshot-2026-11-22.jsonl"
    export.write_text(json.dumps(a_snapshot_row(as_of="2026-11-22")), "utf-8")
    history = tmp_path / "history.jsonl"
    history.write_bytes(b"\n\n\xff\n")
    result = CliRunner().invoke(main, ["decide", str(export), "--history", str(history)])
    assert (result.exit_code, result.stderr) == (2, f"{history}: line 3: not UTF-8: expected UTF-8 text\n")


def test_a_history_holds_everything_that_was_done_to_a_tenancy(tmp_path: Path) -> None:
    item = an_item_row(due_date="2026-09-04")
    rows = [a_snapshot_row(tenancy_id=tenancy, as_of="2026-11-22", open_items=[item]) for tenancy in ("T-1", "T-2")]
    export, history = tmp_path / "snapshot-2026-11-22.jsonl", tmp_path / "history.jsonl"
    export.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    reminder = {"tenancy_id": "T-1", "step": "sms_reminder", "on": "2026-11-06", "outcome": "delivered"}
    letter = reminder | {"step": "collection_letter", "on": "2026-11-21", "outcome": "sent", "fee": "5.00"}
    history.write_text("".join(f"{json.dumps(past)}\n" for past in (letter, reminder)), "utf-8")
    result = CliRunner().invoke(main, ["decide", str(export), "--history", str(history), "--on", "2026-11-23"])
    steps = [json.loads(line)["step"] for line in result.stdout.splitlines()]
    assert (result.exit_code, steps) == (0, ["none", "sms_reminder"])
