"""Goal 9, the way in: rows a second through validation, and whether a larger export needs more memory.

`python -m tests.bench.importing FILE` examines an export, hands over those of its tenancies that need a row, as the
import would write them, and prints what that took. The export is made beforehand, by another process.
"""

import gzip
import json
import resource
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from arrears import intake
from arrears.intake import Limits
from arrears.policy import policy_on
from arrears.work.import_ import needs_row
from tests.bench.made import DAY
from tests.bench.rounds import Spread, told_by
from tests.local.portfolio import Portfolio

POOL = 2000
ROOMY = Limits(file=10**10, unpacked=10**11)


def speed(rows: int, many: int, rounds: int) -> dict[str, Any]:
    """Rows a second in some rounds, and the peak memory of a large export over that of a small one."""
    with TemporaryDirectory() as folder:
        small, large = made(Path(folder) / "small", rows), made(Path(folder) / "large", many)
        told = [told_by("tests.bench.importing", small) for _ in range(rounds)]
        big = told_by("tests.bench.importing", large)
    return {
        "rows_per_cpu_s": Spread(tuple(each["rows"] / each["cpu_s"] for each in told)).told(0),
        "rows_per_cpu_s_large": round(big["rows"] / big["cpu_s"]),
        "rows": [rows, many],
        "peak_mb": [told[0]["peak_mb"], big["peak_mb"]],
        "memory_ratio": round(big["peak_mb"] / told[0]["peak_mb"], 3),
    }


def made(folder: Path, rows: int) -> Path:
    """An export of so many tenancies, all of a portfolio over and over, each time under other names."""
    folder.mkdir()
    pool = Portfolio(POOL, start=DAY).export(DAY, everyone=True)
    file = folder / f"snapshot-{DAY}.jsonl.gz"
    with gzip.open(file, "wt", encoding="utf-8", compresslevel=1) as out:
        for number in range(rows):
            row = pool[number % len(pool)]
            out.write(json.dumps(row | {"tenancy_id": f"T-{number:08}"}, ensure_ascii=False) + "\n")
    return file


def main(file: Path) -> None:
    """Examines it and hands it over."""
    policy = policy_on(DAY)
    start = time.process_time()
    with file.open("rb") as stream, intake.read(stream, file.name, policy, limits=ROOMY, wanted=needs_row) as reading:
        assert reading.report.refused is None, reading.report
        assert 0 < sum(1 for _ in reading.snapshots()) < reading.report.accepted
    cpu, peak = time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rows": reading.report.accepted, "cpu_s": cpu, "peak_mb": round(peak, 1)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
