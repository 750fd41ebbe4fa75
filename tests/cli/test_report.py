"""`arrears report`: a month's page from a ledger as files, without AWS."""

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from arrears.cli import main
from tests.report.months import as_files, lived, published


def report(*arguments: object) -> Result:
    """The command with those arguments."""
    return CliRunner().invoke(main, ["report", *map(str, arguments)])


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Everything that two months kept."""
    return as_files(*lived(), tmp_path_factory.mktemp("kept"))


def test_the_files_give_the_very_page_and_tables_that_the_cloud_published(files: list[Path], tmp_path: Path) -> None:
    done = report(*files, "--out", tmp_path, "--made-on", "2026-04-01")
    assert (done.exit_code, done.output) == (0, f"2026-03: {tmp_path / 'report.html'} and 14 tables\n")
    for name, body in published().items():
        if name != "figures.json":
            assert (tmp_path / name).read_bytes() == body, name


def test_the_order_of_the_files_and_packing_them_changes_nothing(files: list[Path], tmp_path: Path) -> None:
    packed = tmp_path / "ledger.gz"
    packed.write_bytes(gzip.compress(files[0].read_bytes()))
    report(*reversed(files[1:]), packed, "--out", tmp_path, "--made-on", "2026-04-01")
    assert (tmp_path / "report.html").read_bytes() == published()["report.html"]


def test_what_is_kept_of_a_month_stands_beside_the_next(files: list[Path], tmp_path: Path) -> None:
    february = [file for file in files if file.parent.name != "ended" and "2026-03" not in f"{file}"]
    done = report(*february, "--month", "2026-02", "--out", tmp_path / "page", "--keep", tmp_path / "february.json")
    assert done.exit_code == 0, done.output
    assert json.loads((tmp_path / "february.json").read_text("utf-8"))["month"]["name"] == "2026-02"
    assert not (tmp_path / "page" / "february.json").exists()
    march = [file for file in files if file.parent.name != "ended"]
    report(*march, tmp_path / "february.json", "--out", tmp_path / "next")
    assert "2026-02,2026-03" in (tmp_path / "next" / "report-debtors.csv").read_text("utf-8").splitlines()[0]


def test_history_and_an_export_are_enough_for_a_report(tmp_path: Path) -> None:
    history = [
        {"tenancy_id": f"T-{n}", "step": "sms_reminder", "on": "2026-03-12", "outcome": "sent"} for n in range(7)
    ]
    (tmp_path / "history.jsonl").write_text("\n".join(map(json.dumps, history)), "utf-8")
    assert report(tmp_path / "history.jsonl", "--out", tmp_path).exit_code == 0
    assert "Text message,together,7" in (tmp_path / "report-messages.csv").read_text("utf-8")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 1: expected one JSON object in UTF-8"),
        ("[]", "line 1: expected a ledger row, a decision, a row of an export, a run or a month's figures"),
        ('{"name": "Testi Testinen"}', "line 1: expected a ledger row, a decision"),
        (
            '{"tenancy_id": "T-1", "step": "sms_reminder", "on": "soon", "outcome": "sent"}',
            "line 1: on: expected a date",
        ),
        ('{"tenancy_id": "T-1", "step": "shout", "on": "2026-03-12", "outcome": "sent"}', "line 1: step: "),
    ],
)
def test_a_line_that_cannot_be_used_is_named_and_not_repeated(line: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text(line, "utf-8")
    done = report(tmp_path / "bad.jsonl", "--out", tmp_path)
    assert done.exit_code == 2
    assert f"bad.jsonl: {said}" in done.output
    assert "Testi" not in done.output


def test_a_file_that_is_cut_off_or_not_there_is_named(tmp_path: Path) -> None:
    packed = gzip.compress(published()["figures.json"])
    (tmp_path / "cut.gz").write_bytes(packed[:-20])
    (tmp_path / "hurt.gz").write_bytes(packed[:50] + b"hurt" + packed[54:])
    for name, said in (("cut.gz", "is cut off"), ("hurt.gz", "is damaged"), ("none.jsonl", "cannot be read")):
        done = report(tmp_path / name, "--out", tmp_path)
        assert (done.exit_code, name in done.output, said in done.output) == (2, True, True), done.output


def test_a_month_of_which_there_is_nothing_is_said_to_be_so(files: list[Path], tmp_path: Path) -> None:
    done = report(files[0], "--month", "2026-09", "--out", tmp_path)
    assert (done.exit_code, "nothing of 2026-09" in done.output) == (1, True)
    assert not (tmp_path / "report.html").exists()
