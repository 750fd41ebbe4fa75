"""An export of any size is examined in the same memory."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from arrears import intake
from arrears.intake import examining
from arrears.intake import lines as reading_lines
from arrears.sample import Sampling
from tests.intake.exports import NAME, TABLE, a_table, an_export, cells
from tests.makers import POLICY, a_snapshot_row

FEW, MANY = 500, 3_000
SAMPLE = KEPT = 100  # what is kept whole, the sample, good rows and a chunk of the file, must be full in both


def lines(count: int) -> bytes:
    return an_export(a_snapshot_row(tenancy_id=f"T-{number:07}") for number in range(count))


def table(count: int) -> bytes:
    return a_table(cells(tenancy_id=f"T-{number:07}") for number in range(count))


def peak(file: Path) -> int:
    """Bytes that were in use at once while the file was examined and handed over."""
    with file.open("rb") as stream:
        tracemalloc.start()
        with intake.read(stream, file.name, POLICY) as reading:
            handed_over = sum(1 for _ in reading.snapshots())
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert handed_over == reading.report.accepted > 0
    return most


@pytest.mark.parametrize(("name", "body"), [(NAME, lines), (TABLE, table)], ids=["lines", "table"])
def test_six_times_the_rows_need_no_more_memory(
    tmp_path: Path, name: str, body: Callable[[int], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Sampling.__init__, "__defaults__", (SAMPLE,))
    monkeypatch.setattr(examining, "KEPT", KEPT)
    monkeypatch.setattr(reading_lines, "CHUNK", 1 << 14)
    file = tmp_path / name
    file.write_bytes(body(FEW))
    few, size = peak(file), file.stat().st_size
    file.write_bytes(body(MANY))
    # pydantic keeps the last strings that it saw, up to a limit: that much may be more
    assert peak(file) - few < (file.stat().st_size - size) / 10
