"""The report's figures once more, from the files alone and by other means: nothing of the project is imported here.

`python tests/report/recompute.py FOLDER 2026-03` prints them. The folder holds ledger.jsonl, runs.jsonl,
snapshot-YYYY-MM-DD.jsonl and decisions/<run>/*.jsonl. Everything is read into memory and asked again and again, slowly.
"""

import json
import sys
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import holidays

FREE = holidays.country_holidays("FI", years=range(2020, 2035))
WENT = ("SENT", "DELIVERED", "UNDELIVERED", "NO_RECEIPT")
LETTERS = ("collection_letter", "agreement_broken_letter", "court_warning_letter")
NOT_ABOUT_TEXTS = ("not_reminded", "time_to_answer", "fee_too_early", "contacted")


class Files:
    """Everything in the folder."""

    def __init__(self, folder: Path) -> None:
        self.rows = _read(folder / "ledger.jsonl")
        self.runs = {run["run"]: run for run in _read(folder / "runs.jsonl")}
        self.exports: dict[str, dict[str, Any]] = {}
        for file in sorted(folder.glob("snapshot-*.jsonl")):
            rows = [row for row in _read(file) if "tenancy_id" in row]
            self.exports[file.stem.removeprefix("snapshot-")] = {row["tenancy_id"]: row for row in rows}
        self.decisions: dict[str, dict[str, Any]] = defaultdict(dict)
        for file in folder.glob("decisions/*/*.jsonl"):
            self.decisions[file.parent.name].update({line["tenancy_id"]: line for line in _read(file)})
        self.seen = {run: self.runs[run]["snapshot"][:10] for run in self.decisions if len(run) == 10}


def recompute(folder: Path, month: str) -> dict[str, Any]:
    """The figures of that month under plain names."""
    files = Files(folder)
    until = max(seen for run, seen in files.seen.items() if run.startswith(month))
    last_month = str(date.fromisoformat(f"{month}-01") - timedelta(days=1))[:7]
    before = [seen for run, seen in files.seen.items() if run.startswith(last_month)]
    since = max(before, default=None)
    owing, owed_before = _owing(files, until), _owing(files, since) if since else {}
    groups = {name: _group(files.exports[until][name]) for name in owing}
    gone = {name: _group(files.exports[str(since)][name]) for name in owed_before if name not in owing}
    return {
        "until": until,
        "since": since,
        "debtors": _sums(dict.fromkeys(owing, 1), groups),
        "debt": _sums(owing, groups),
        "newcomers": _sums({name: 1 for name in owing if name not in owed_before}, groups),
        "leavers": _sums(dict.fromkeys(gone, 1), gone),
        "answers": _answers(files, since, until),
        "month": _month(files, month, until),
        "messages": _tally((row["key"]["step"], row["status"]) for row in files.rows if row["on"].startswith(month)),
        "first_reason": _tally(_reasons(decision)[0] for decision in _not_written(files, month)),
        "any_reason": _tally(reason for decision in _not_written(files, month) for reason in _reasons(decision)),
        "sent": _sent(files, month),
    }


def _owing(files: Files, day: str) -> dict[str, Decimal]:
    """Who owed how much at the end of that day."""
    found = {}
    for name, row in files.exports[day].items():
        items = [item for item in row["open_items"] if _falls_due(item["due_date"]) <= day]
        due = sum(Decimal(item["unpaid"]) for item in items if not _expired(item["due_date"], row["court"], day))
        if (owed := due - Decimal(row["unallocated_credit"])) > 0:
            found[name] = owed
    return found


def _expired(due: str, court: dict[str, str] | None, day: str) -> bool:
    """Three years after the due date, unless a court case stopped the clock; then five after it was opened."""
    lapses, tomorrow = f"{int(due[:4]) + 3}{due[4:]}", _later(day, 1)
    if court and court["status"] != "withdrawn" and due < court["opened_on"] <= lapses:
        return court["status"] == "decided" and tomorrow > f"{int(court['opened_on'][:4]) + 5}{court['opened_on'][4:]}"
    return tomorrow > lapses


def _group(row: dict[str, Any]) -> tuple[str, str]:
    first = next((tenant for tenant in row["tenants"] if tenant["role"] == "main"), row["tenants"][0])
    return row["area"], _age_group(first["birth_date"], row["as_of"])


def _age_group(born: str, day: str) -> str:
    years = int(day[:4]) - int(born[:4]) - (day[5:] < born[5:])
    return "18-29" if years < 30 else "30-44" if years < 45 else "45-64" if years < 65 else "65+"


def _sums(values: dict[str, Any], groups: dict[str, tuple[str, str]]) -> dict[tuple[str, str], Any]:
    """Sums for every area and age group, for each and for everyone."""
    sums: dict[tuple[str, str], Any] = defaultdict(int)
    for name, value in values.items():
        area, age = groups[name]
        for cell in ((area, age), (area, "all"), ("all", age), ("all", "all")):
            sums[cell] += value
    return dict(sums)


def _answers(files: Files, since: str | None, until: str) -> dict[tuple[str, str, int], dict[str, int]]:
    """(step, group, days) -> messages whose days were over in the month, and what followed them."""
    found: dict[tuple[str, str, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    arrived = [row for row in files.rows if row["status"] in WENT and row["status"] != "UNDELIVERED"]
    for row in arrived:
        for days in (7, 14, 30):
            end = _later(row["on"], days)
            if row["key"]["step"] == "hand_to_person" or end > until or (since is not None and end <= since):
                continue
            did = _did(files, row["key"]["tenancy_id"], row["on"], end, since, until)
            for group in ("all", row["age_group"], row["area"]):
                cell = found[row["key"]["step"], group, days]
                for name, yes in {"of": True, **did}.items():
                    cell[name] += yes
    return {key: dict(cell) for key, cell in found.items()}


def _did(files: Files, tenancy: str, start: str, end: str, since: str | None, until: str) -> dict[str, bool]:
    """What a tenancy did between two days, both included."""
    agreed = paid = contacted = False
    for run, seen in files.seen.items():
        day = _banking_day(seen)
        if seen <= until and start <= day <= end:
            decision = files.decisions[run].get(tenancy)
            paid |= decision is None or "no_debt" in decision["reasons"]
            agreed |= decision is not None and "payment_agreement" in decision["reasons"]
    for day, export in files.exports.items():
        contact = export.get(tenancy, {}).get("contacted_on")
        contacted |= (since or "") <= day <= until and contact is not None and start <= contact <= end
    contacted |= agreed
    return {"contacted": contacted, "agreed": agreed, "paid": paid, "answered": contacted or paid}


def _month(files: Files, month: str, until: str) -> dict[str, int]:
    texts = [row for row in files.rows if row["key"]["step"] == "sms_reminder" and row["key"]["period"] == month]
    went = [row for row in texts if row["status"] in WENT]
    did = [_did(files, row["key"]["tenancy_id"], row["on"], until, None, until) for row in went]
    courts = [row["court"] for row in files.exports[until].values() if row["court"]]
    return {
        "owed": sum("no_debt" not in decision["reasons"] for decision in files.decisions[month].values()),
        "chosen": len(texts),
        "texted": len(went),
        "delivered": sum(row["status"] == "DELIVERED" for row in went),
        **{name: sum(each[name] for each in did) for name in ("contacted", "agreed", "paid", "answered")},
        "letters": len(
            [r for r in files.rows if r["key"]["step"] in LETTERS and r["status"] in WENT and r["on"].startswith(month)]
        ),
        "court": sum(court["status"] == "pending" and court["opened_on"].startswith(month) for court in courts),
    }


def _not_written(files: Files, month: str) -> list[Any]:
    found = files.decisions[month].values()
    return [each for each in found if each["step"] == "none" and "no_debt" not in each["reasons"]]


def _reasons(decision: dict[str, Any]) -> list[str]:
    return [reason for reason in decision["reasons"] if reason not in NOT_ABOUT_TEXTS] or ["unknown"]


def _sent(files: Files, month: str) -> dict[str, tuple[int, int, Decimal]]:
    """Step -> messages, segments, fees."""
    found = {}
    for step in {row["key"]["step"] for row in files.rows}:
        went = [
            row
            for row in files.rows
            if row["key"]["step"] == step and row["status"] in WENT and row["on"].startswith(month)
        ]
        if went:
            fees = sum((Decimal(row["fee"] or 0) for row in went), Decimal(0))
            found[step] = (len(went), sum(row["segments"] or 0 for row in went), fees)
    return found


def _tally(keys: Any) -> dict[Any, int]:
    found: dict[Any, int] = defaultdict(int)
    for key in keys:
        found[key] += 1
    return dict(found)


@cache
def _banking_day(day: str) -> str:
    found = date.fromisoformat(day)
    while found.weekday() > 4 or found in FREE:
        found -= timedelta(days=1)
    return str(found)


@cache
def _falls_due(day: str) -> str:
    found = date.fromisoformat(day)
    while found.weekday() > 4 or found in FREE:
        found += timedelta(days=1)
    return str(found)


@cache
def _later(day: str, days: int) -> str:
    return str(date.fromisoformat(day) + timedelta(days=days))


def _read(file: Path) -> list[Any]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


if __name__ == "__main__":
    for name, value in recompute(Path(sys.argv[1]), sys.argv[2]).items():
        print(name, value)
