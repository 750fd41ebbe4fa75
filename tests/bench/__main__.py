"""`make bench`: everything that is measured, as one table and as out/bench.json.

`--size` is how many tenancies selecting is compared on, `--tenancies` how many go through one process for its peak
memory, `--rounds` how often each is run. Ratios are taken within a round; a table without its machine says nothing.
"""

import argparse
import json
import os
import platform
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench import cold, importing, judging, letters, scale, selecting, sending
from tests.bench.rounds import told_by

FEW = 50_000


def main() -> None:
    """Measures, prints and writes."""
    asked = _asked()
    begun = time.time()
    found: dict[str, Any] = {"machine": machine(), **dict(_measured(asked))}
    found |= {"machine_after": machine()["load"], "minutes": round((time.time() - begun) / 60, 1)}
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "bench.json").write_text(json.dumps(found | _keys(found), indent=1), "utf-8")
    console = Console(width=118)
    console.print(_table(found))
    console.print(scale.drawn(found["scale"]["table"]))


def machine() -> dict[str, Any]:
    """What this was measured on."""
    model = next((line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "")
    memory = next((line.split()[1] for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), "0")
    return {
        "cpu": model or platform.processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(int(memory) / 2**20),
        "python": platform.python_version(),
        "botocore": version("botocore"),
        "pydantic": version("pydantic"),
        "load": [round(each, 1) for each in os.getloadavg()],
    }


def _measured(asked: argparse.Namespace) -> Any:
    yield "selecting", (chosen := selecting.ratios(asked.size, asked.rounds))
    yield "memory", selecting.memory(FEW, asked.tenancies)
    yield "engines", judging.speedups(asked.rounds)
    yield "cold", cold.imports(asked.rounds)
    yield "sender", sending.ratio(300, asked.rounds)
    yield "letters", letters.drawn(1000, 1)
    yield "import", importing.speed(asked.rows // 10, asked.rows, asked.rounds)
    yield "report", _reports(asked.rows // 10, asked.rows)
    each = chosen["contenders"]["ours"]["us_each"]["median"]
    towns = [scale.Town(size, cpu_us=each) for size in scale.SIZES]
    wide = scale.wide(towns[-1])
    yield (
        "scale",
        {
            "table": scale.table_of(towns),
            "as_shipped": round(scale.makespan_ratio(towns[-1]), 2),
            "a_worker_for_each_of_64_shards": round(scale.makespan_ratio(wide), 2),
        },
    )


def _reports(few: int, many: int) -> dict[str, Any]:
    small, large = told_by("tests.report.many", few), told_by("tests.report.many", many)
    ratio = round(large["peak_mb"] / small["peak_mb"], 3)
    return {"few": small, "many": large, "rows_per_s": round(many / large["seconds"]), "memory_ratio": ratio}


def _keys(found: dict[str, Any]) -> dict[str, Any]:
    """The figures under the names that others look for."""
    cold_ratios = {door: each["ratio"] for door, each in found["cold"].items() if door in cold.DOORS}
    speedups = {name: each["ours_is_faster_by"] for name, each in found["engines"].items() if name != "ours"}
    return {
        "select_cpu_ratio": found["selecting"]["contenders"]["ours"]["ratio"],
        "select_cpu_ratio_as_imported": found["selecting"]["contenders"]["as_imported"]["ratio"],
        "aws_calls_ratio": found["memory"]["few"]["calls_ratio"],
        "memory_ratio_1m_50k": found["memory"]["ratio"],
        "cold_import_ratio": cold_ratios,
        "decide_speedup": speedups,
        "sender_cpu_ratio": found["sender"]["ratio"],
        "scale_makespan_ratio": found["scale"]["as_shipped"],
        "letter_ms": found["letters"]["ms_each"],
        "import_rows_per_s": found["import"]["rows_per_cpu_s"],
    }


def _table(found: dict[str, Any]) -> Table:
    told = found["machine"]
    where = f"{told['cpu']}, {told['cores']} cores, Python {told['python']}, load {told['load'][0]}"
    table = Table(title=f"What it takes ({where}; {found['minutes']} minutes)")
    for column, justify in (("goal", "left"), ("measured", "right"), ("low - high", "right"), ("to reach", "right")):
        table.add_column(column, justify=justify)  # type: ignore[arg-type]
    for goal, seen, spread, reach in _rows(found):
        table.add_row(goal, seen, spread, reach)
    return table


def _rows(found: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    chosen, memory, sender = found["selecting"], found["memory"], found["sender"]
    rows = [
        (
            f"1 selecting: {name}, {each['us_each']['median']} us",
            f"{each['ratio']['median']} x",
            _between(each["ratio"]),
            "",
        )
        for name, each in chosen["contenders"].items()
    ]
    rows[-1] = (*rows[-1][:3], "<= 0.10 x")
    few, many = memory["few"], memory["many"]
    bytes_ratio = chosen["ours_to_raw_paging_of_our_own_bytes"]
    rows += [
        ("1 ours to raw paging of our own bytes", f"{bytes_ratio['median']} x", _between(bytes_ratio), ""),
        (f"2 AWS calls over the least, at {few['decided']:,}", f"{few['calls_ratio']} x", "", "<= 2 x"),
        (f"3 peak memory, {many['decided']:,} over {few['decided']:,}",
         f"{memory['ratio']} x", f"{few['peak_mb']} - {many['peak_mb']} MB", "<= 1.05 x"),
    ]  # fmt: skip
    for name, each in found["cold"].items():
        reach = "" if name.startswith("boto3") else "<= 1.3 x" if name in BATCHES else "<= 0.8 x"
        rows.append((f"4 cold import: {name}", f"{each['ratio']['median']} x", _between(each["ratio"]), reach))
    for name, each in found["engines"].items():
        faster = each["ours_is_faster_by"]
        reach = "" if name == "ours" else ">= 20 x"
        rows.append((f"5 judgement: {name}, {each['us_each']['median']} us", f"{faster['median']} x slower",
                     _between(faster), reach))  # fmt: skip
    calls = ", ".join(f"{number:g} {name}" for name, number in sender["calls_per_text"].items() if number >= 0.1)
    letter, rows_in = found["letters"]["ms_each"], found["import"]["rows_per_cpu_s"]
    return [
        *rows,
        ("6 a text over a provider call", f"{sender['ratio']['median']} x", _between(sender["ratio"]), "<= 3.3 x"),
        (f"6 {calls}", "", "", ""),
        ("7 ten million, as shipped, over its read units", f"{found['scale']['as_shipped']} x", "", "<= 1.1 x"),
        ("7 the same, a worker for each of 64 shards", f"{found['scale']['a_worker_for_each_of_64_shards']} x", "", ""),
        ("8 a letter", f"{letter['median']} ms", _between(letter), "<= 50 ms"),
        (f"8 memory of {found['letters']['letters']:,} letters over 50",
         f"{found['letters']['memory_ratio']['median']} x", "", "flat"),
        ("9 import, rows a second of CPU", f"{rows_in['median']:,.0f}", _between(rows_in), ">= 20,000"),
        ("9 import, memory of ten times the rows", f"{found['import']['memory_ratio']} x", "", "flat"),
        ("9 report, rows a second", f"{found['report']['rows_per_s']:,}", "", ""),
        ("9 report, memory of ten times the rows", f"{found['report']['memory_ratio']} x", "", "flat"),
    ]  # fmt: skip


BATCHES = {"send_notice", "print_letter", "record_receipt"}


def _between(spread: dict[str, float]) -> str:
    return f"{spread['low']:,} - {spread['high']:,}"


def _lines(file: str) -> list[str]:
    path = Path(file)
    return path.read_text("utf-8").splitlines() if path.exists() else []


def _asked() -> argparse.Namespace:
    asked = argparse.ArgumentParser(description="Measures the house.")
    asked.add_argument("--size", type=int, default=15_000, help="tenancies that all contenders select from")
    asked.add_argument("--tenancies", type=int, default=200_000, help="tenancies that go through one process of ours")
    asked.add_argument("--rows", type=int, default=50_000, help="rows of the larger import and report")
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--out", type=Path, default=Path("out"))
    return asked.parse_args()


if __name__ == "__main__":
    main()
