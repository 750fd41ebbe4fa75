"""The figures that `arrears report` makes of files: of exports, a history, decisions and runs."""

import json
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from click.testing import CliRunner

from arrears.calendar import DAY, days_between, is_working_day
from arrears.cli import main
from arrears.ledger import RunStatus
from arrears.model import Case, Snapshot
from arrears.rules import decide
from tests.makers import POLICY
from tests.rows import a_run
from tests.work.test_golden import FIRST, LAST, a_tenancy

GOLDEN = Path(__file__).parents[1] / "golden" / "figures.txt"
STEPS = ("sms_reminder", "collection_letter", "court_notice", "agreement_broken_letter")
OUTCOMES = ("delivered", "sent", "failed", "delivered", "unknown", "impossible", "sent")
LOOKED = [day for day in days_between(FIRST, LAST) if is_working_day(day)]


def rows_of(day: date) -> list[dict[str, Any]]:
    """An evening's export; some made contact."""
    rows = [a_tenancy(number, day) | {"as_of": f"{day}"} for number in range(42)]
    told = {"contacted_on": "2026-11-24"} if day >= date(2026, 11, 25) else {}
    return [row | (told if number % 8 == 1 else {}) for number, row in enumerate(rows)]


def write(file: Path, lines: list[Any]) -> Path:
    """A file of JSON lines."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines), "utf-8")
    return file


def kept(folder: Path) -> dict[str, list[Path]]:
    """What there is for each report."""
    done = [
        {"tenancy_id": f"T-{number:02}", "step": STEPS[number % 4], "on": f"2026-{month}-{12 + number % 3}"}
        | {"outcome": OUTCOMES[number % 7]}
        for month in (11, 12)
        for number in range(42)
    ]
    history = write(folder / "history.jsonl", done)
    exports = [write(folder / f"snapshot-{day - DAY}.jsonl", rows_of(day - DAY)) for day in LOOKED]
    decisions = []
    for day in (*LOOKED[:4], date(2026, 12, 14)):
        snapshots = [Snapshot.model_validate_json(json.dumps(row)) for row in rows_of(day - DAY)]
        decided = [decide(Case(snapshot=one, history=()), POLICY, day).model_dump_json() for one in snapshots]
        name = f"{day:%Y-%m}" if day in (FIRST, date(2026, 12, 14)) else f"{day}"
        decisions.append(write(folder / name / "decisions.jsonl", decided))
    held = a_run(status=RunStatus.HELD, why=("volume: too many", "approval: a person"), day=date(2026, 11, 13))
    runs = write(folder / "runs.jsonl", [held.model_dump_json(), a_run("2026-11-16").model_dump_json()])
    return {
        "exports and a history": [history, *exports],
        "decisions too": [history, *exports, *decisions],
        "runs too": [history, *exports, *decisions, runs],
        "decisions alone": [history, *decisions],
        "an export alone": [exports[0]],
        "November's figures": [history, folder / "november.json", *exports],
    }


def figures(folder: Path) -> str:
    """The figures of both months, from each of them."""
    told = []
    for name, files in kept(folder).items():
        for month in ("2026-11", "2026-12"):
            out, figures = folder / "out", folder / "figures.json"
            more = ("--out", out, "--month", month, "--made-on", "2027-01-04", "--keep", figures)
            result = CliRunner().invoke(main, ["report", *map(str, (*files, *more))])
            told.append(f"--- {name}, {month}: {result.exit_code} {result.stderr}")
            if name == "runs too" and month == "2026-11":
                figures.rename(folder / "november.json")
                figures = folder / "november.json"
            if result.exit_code == 0:
                told.append(json.dumps(json.loads(figures.read_text("utf-8")), indent=1))
                told += [(out / f"report-{table}.csv").read_text("utf-8") for table in ("month", "held", "not_written")]
    return "\n".join(told)


def test_the_figures_of_files_are_as_they_were(tmp_path: Path) -> None:
    """Changed on purpose: `python -m tests.cli.test_report_golden` writes the golden file anew; read what changed."""
    assert figures(tmp_path) == GOLDEN.read_text("utf-8")


@pytest.mark.parametrize(("month", "code"), [("2026-10", 1), ("2026-11", 0), ("2027-01", 1)])
def test_only_a_month_of_which_there_is_something_is_reported(tmp_path: Path, month: str, code: int) -> None:
    past = {"tenancy_id": "T-1", "step": "sms_reminder", "on": "2026-11-12", "outcome": "sent"}
    history = write(tmp_path / "history.jsonl", [past, past | {"on": "2026-12-14"}])
    result = CliRunner().invoke(main, ["report", str(history), "--out", str(tmp_path / "out"), "--month", month])
    assert result.exit_code == code
    assert result.stderr == (f"nothing of {month} in 1 files\n" if code else "")


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        GOLDEN.write_text(figures(Path(folder)), "utf-8")
