"""A report on a million rows needs no more memory than one on a few: each run in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from arrears.outcomes.figures import Figures
from tests.report.many import ROWS_EACH, SHARDS, published

ROOT = Path(__file__).parents[2]
BIG = "ARREARS_BIG"


def peak(rows: int) -> float:
    """The peak memory of a report on so many rows, in MB."""
    command = [sys.executable, "-m", "tests.report.many", f"{rows}"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, check=True, env=os.environ | {"PYTHONPATH": f"{ROOT}"}
    )
    return float(json.loads(done.stdout)["peak_mb"])


def test_every_row_of_a_large_ledger_is_counted() -> None:
    errand = published(20 * SHARDS * ROWS_EACH)
    figures = Figures.model_validate_json(errand.records.get("reports/2026-03/figures.json") or b"")
    tenancies = 20 * SHARDS
    assert sum(count for _, count in figures.under("debtors")) == tenancies // 2
    assert sum(count for _, count in figures.under("messages")) == 4 * tenancies


def test_ten_times_the_rows_need_no_more_memory() -> None:
    assert peak(60_000) <= 1.05 * peak(6_000)


@pytest.mark.skipif(not os.environ.get(BIG), reason=f"a million rows take minutes: {BIG}=1 measures them")
def test_a_million_rows_need_no_more_memory_than_fifty_thousand() -> None:
    assert peak(1_000_000) <= 1.05 * peak(50_000)
