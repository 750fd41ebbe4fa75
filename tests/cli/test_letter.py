"""`arrears letter`: one letter from one case, exit codes and all."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader

from arrears.cli import main
from arrears.creditor import example
from tests.makers import a_snapshot_row, a_tenant_row, an_item_row

CASE: dict[str, Any] = {
    "snapshot": a_snapshot_row(),
    "history": [{"tenancy_id": "T-1", "step": "sms_reminder", "on": "2026-11-06", "outcome": "delivered"}],
    "step": "collection_letter",
    "on": "2026-11-23",
}


def letter(folder: Path, case: Any, out: str = "letter.pdf") -> Result:
    """What an operator sees who asks for the letter of that case; text goes into the file as it is."""
    (folder / "case.json").write_text(case if isinstance(case, str) else json.dumps(case), "utf-8")
    return CliRunner().invoke(main, ["letter", f"{folder / 'case.json'}", "--out", f"{folder / out}"])


def test_a_letter_is_rendered_and_what_it_asks_for_is_told(tmp_path: Path) -> None:
    result = letter(tmp_path, CASE)
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "tenancy_id": "T-1",
        "step": "collection_letter",
        "on": "2026-11-23",
        "total": "805.00",
        "fee": "5.00",
        "fee_month": "2026-11",
        "pay_by": "2026-12-11",
        "object_by": "2026-12-11",
        "reference": "11112",
        "barcode": "437159030000007760008050000000000000000000011112261211",
    }
    assert "Testi Testinen" in PdfReader(tmp_path / "letter.pdf").pages[0].extract_text()


def test_a_letter_of_the_history_without_a_fee_that_is_known_stops_the_next_fee(tmp_path: Path) -> None:
    history = [{"step": "collection_letter", "on": "2026-11-20", "outcome": "sent"}]
    assert json.loads(letter(tmp_path, CASE | {"history": history}).stdout)["fee"] == "0.00"


def test_a_waived_fee_is_not_asked_for(tmp_path: Path) -> None:
    assert json.loads(letter(tmp_path, CASE | {"waived": True}).stdout)["fee"] == "0.00"


def test_the_history_of_another_tenancy_is_another_tenancys(tmp_path: Path) -> None:
    history = [{"tenancy_id": "T-2", "step": "collection_letter", "on": "2026-11-20", "outcome": "sent"}]
    assert json.loads(letter(tmp_path, CASE | {"history": history}).stdout)["fee"] == "5.00"


def test_the_letter_is_from_the_landlord_of_the_case(tmp_path: Path) -> None:
    creditor = example().model_dump(mode="json") | {"name": "Toinen Testivuokranantaja Oy"}
    letter(tmp_path, CASE | {"creditor": creditor})
    assert "Toinen Testivuokranantaja Oy" in PdfReader(tmp_path / "letter.pdf").pages[0].extract_text()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"open_items": []}, "open_items"),
        ({"open_items": [an_item_row(reference=None)]}, "open_items.reference"),
        ({"tenants": [a_tenant_row(contact_forbidden=True)]}, "tenants"),
        ({"tenants": [a_tenant_row(name="Testi 測試")]}, "tenants.name, address"),
    ],
)
def test_a_letter_that_lacks_something_is_set_aside_with_exit_code_1(
    tmp_path: Path, change: dict[str, Any], field: str
) -> None:
    result = letter(tmp_path, CASE | {"snapshot": a_snapshot_row(**change)})
    assert result.exit_code == 1
    assert result.stderr.startswith(f"case.json: set aside: {field}: expected ")
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "letter.pdf").exists()


@pytest.mark.parametrize(
    ("case", "told"),
    [
        ('{\n"snapshot": {},\n', "case.json: line 3: not JSON"),
        ("[]", "case.json: the whole: "),
        ('{"on": "2026-11-23", "on": "2026-11-24"}', "case.json: on: there twice"),
        ({key: CASE[key] for key in CASE if key != "on"}, "case.json: on: Field required"),
        (CASE | {"on": "23.11.2026"}, "case.json: on: expected a date as YYYY-MM-DD"),
        (CASE | {"step": "letter"}, "case.json: step: "),
        (CASE | {"tone": "firm"}, "case.json: tone: Extra inputs are not permitted"),
        (CASE | {"snapshot": a_snapshot_row(monthly_rent=800.0)}, "case.json: snapshot.monthly_rent: expected euros"),
        (CASE | {"creditor": {"name": "Testi"}}, "case.json: creditor.address: Field required"),
        (CASE | {"on": "2020-01-01"}, "no policy was in force on 2020-01-01"),
    ],
)
def test_input_that_cannot_be_used_is_one_line_and_exit_code_2(tmp_path: Path, case: Any, told: str) -> None:
    result = letter(tmp_path, case)
    assert result.exit_code == 2
    assert result.stderr.startswith(told)
    assert result.stderr.count("\n") == 1


def test_a_step_that_is_no_letter_is_refused(tmp_path: Path) -> None:
    result = letter(tmp_path, CASE | {"step": "sms_reminder"})
    assert (result.exit_code, result.stderr.split(": ")[2]) == (1, "step")


def test_a_file_that_is_not_there_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["letter", f"{tmp_path / 'none.json'}", "--out", f"{tmp_path / 'x.pdf'}"])
    assert (result.exit_code, result.stderr) == (2, "none.json: cannot be read: No such file or directory\n")


def test_a_place_that_cannot_be_written_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    result = letter(tmp_path, CASE, out="nowhere/letter.pdf")
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


def test_help_says_what_a_case_is() -> None:
    result = CliRunner().invoke(main, ["letter", "--help"])
    assert result.exit_code == 0
    assert "agreement_broken_letter" in result.stdout
