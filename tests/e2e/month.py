"""One month on the deployed stack: an export lands, the month's run is approved and goes out, receipts come in (forged
ones too), and those who stay silent get a letter. Days are chosen, the rest is the stack's own doing."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from arrears.calendar import DAY, HELSINKI
from arrears.ledger import Row, RunStatus
from arrears.model import LETTERS, Step
from tests.e2e.stack import Stack
from tests.local.portfolio import Portfolio
from tests.local.street import news
from tests.local.summary import rows_of
from tests.local.template import ROOT

TICK, LETTER_DAY, REPORT_DAY = date(2026, 2, 10), date(2026, 2, 25), date(2026, 3, 1)
EXPORTED, TICKS, NEWS_COMES, DAILY = time(5), time(9, 15), time(9, 25), time(9, 30)
PAID_MEANWHILE = 2
FAILED_OF_A_HUNDRED, SILENT_OF_A_HUNDRED = 3, 2


class Month:
    """The month as it was lived; `stack` keeps what came of it, `portfolio` who lived it."""

    def __init__(self, stack: Stack, tenancies: int, folder: Path) -> None:
        self.stack, self.folder = stack, folder
        self.portfolio = Portfolio(tenancies, start=TICK - DAY)
        self.answers: dict[str, Any] = {}
        self.news: frozenset[str] = frozenset()
        self.exports: list[Path] = []
        self.told: Counter[str] = Counter()
        self.answered: Counter[int] = Counter()
        self.forged: list[int] = []
        self._answered = 0

    def live(self) -> None:
        """Lets it pass."""
        self._export(TICK)
        self._select()
        self._news()
        self._approve(f"{TICK:%Y-%m}")
        self._follow_up(TICK)
        self._go_out(TICK)
        self._end_of_day(TICK)
        self._receipts()
        self._print_house(TICK)
        self.portfolio.advance(LETTER_DAY - DAY)
        self._export(LETTER_DAY)
        self._follow_up(LETTER_DAY)
        self._end_of_day(LETTER_DAY)
        self._receipts()
        self._print_house(LETTER_DAY)
        self.stack.clock.move_to(_at(REPORT_DAY, time(7)))
        self.answers["publish_report"] = self.stack.tick("publish_report")

    @property
    def rows(self) -> list[Row]:
        """Every row of the ledger."""
        return rows_of(self.stack.ledger)

    def _export(self, day: date) -> None:
        """Last night's export lands early in the morning."""
        self.stack.clock.move_to(_at(day, EXPORTED))
        file = self.portfolio.write_export(day - DAY, self.folder / "exports", everyone=True)
        self.exports.append(file)
        self.answers[f"import {day}"] = self.stack.drop(file.name, file.read_bytes())

    def _select(self) -> None:
        """The month's tick makes a plan, which waits as the first of its kind."""
        self.stack.clock.move_to(_at(TICK, TICKS))
        self.answers["select_tenants"] = self.stack.tick("select_tenants")

    def _news(self) -> None:
        """This morning's payments, of which last night's export and the plan know nothing; a few of those who are due a
        text are among them."""
        before, decided = self.portfolio.export(TICK - DAY), decide(self.exports[0], TICK)
        due = sorted(tenancy for tenancy, step in decided.items() if step is Step.SMS_REMINDER)
        self.portfolio.advance(TICK)
        self.stack.clock.move_to(_at(TICK, NEWS_COMES))
        told = news(before, self.portfolio.export(TICK), self.stack.clock.at)
        at = self.stack.clock.at.isoformat()
        told += [{"tenancy_id": tenancy, "event": "paid", "at": at} for tenancy in due[:PAID_MEANWHILE]]
        self.news = frozenset(line["tenancy_id"] for line in told)
        self.stack.put(f"feed/{TICK}.jsonl", told)
        self.stack.heard("note_events", f"feed/{TICK}.jsonl")

    def _approve(self, name: str) -> None:
        """An operator looks at the run, if it waits."""
        run = self.stack.runs.run(name)
        assert run is not None
        if run.status is RunStatus.HELD:
            self.stack.operate("run", "approve", name, "--plan", str(run.plan_hash))

    def _go_out(self, day: date) -> None:
        """Hour by hour, a wave at a time and then its receipts, until the hourly tick finds the run done."""
        for hour in range(10, 17):
            self.stack.settle("NoticesQueue")
            self._receipts()
            self.stack.clock.move_to(_at(day, time(hour, 5)))
            self.answers["reconcile"] = self.stack.tick("reconcile")
        self.stack.settle("NoticesQueue")

    def _follow_up(self, day: date) -> None:
        """The day's letters and court notices."""
        self.stack.clock.move_to(_at(day, DAILY))
        self.answers[f"follow_up {day}"] = self.stack.tick("follow_up")
        self._approve(f"{day}")
        self.stack.settle("LettersQueue", "NoticesQueue")

    def _end_of_day(self, day: date) -> None:
        """After five the print house's batch is closed."""
        self.stack.clock.move_to(_at(day, time(17, 5)))
        self.answers["reconcile"] = self.stack.tick("reconcile")

    def _receipts(self) -> None:
        """The provider tells what became of what it took since the last time. Of what it says nothing about, a forger
        says that it never arrived."""
        for taken in self.stack.street.accepted[self._answered :]:
            became, path, told = receipt_of(self._answered, taken.provider, taken.reference, self.stack.clock.at)
            self._answered += 1
            self.told[became] += 1
            if became:
                self.answered[self.stack.post(path, told)] += 1
            else:
                self.forged.append(self.stack.post(path, told | {"status": "FAILED"}, secret="a forger's"))
            key = self.stack.ledger.by_reference(taken.reference)
            if became == "DELIVERED" and key:
                self.portfolio.react(key.step, key.tenancy_id, self.portfolio.today)
        self.stack.settle("ReceiptsQueue")

    def _print_house(self, day: date) -> None:
        """The next working day the print house tells that it has posted everything."""
        self.stack.clock.move_to(_at(day + DAY, time(15)))
        told = [
            {"letter_id": row.reference, "status": "printed", "at": self.stack.clock.at.isoformat()}
            for row in self.rows
            if row.key.step in LETTERS and row.status == "SENT"
        ]
        self.stack.put(f"printed/{day}.jsonl", told)
        self.stack.heard("record_prints", f"printed/{day}.jsonl")


def decide(export: Path, on: date, history: Iterable[Row] = ()) -> dict[str, Step]:
    """What `arrears decide`, which knows of no cloud, says of each tenancy of an export."""
    past = [(row.key.tenancy_id, row.past) for row in history if row.past]
    known = [{"tenancy_id": tenancy, "step": p.step, "on": str(p.on), "outcome": p.outcome} for tenancy, p in past]
    file = export.with_suffix(".history")
    file.write_text("".join(json.dumps(line) + "\n" for line in known))
    done = subprocess.run(
        [sys.executable, "-m", "arrears", "decide", export, "--on", str(on), "--history", file],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    decisions = map(json.loads, done.stdout.splitlines())
    return {decision["tenancy_id"]: Step(decision["step"]) for decision in decisions}


def receipt_of(place: int, provider: str, reference: str, at: datetime) -> tuple[str, str, dict[str, Any]]:
    """What became of a message, and how its provider says so; nothing became of those nothing is heard of."""
    of_a_hundred = place % 100
    became = "" if of_a_hundred < SILENT_OF_A_HUNDRED else "DELIVERED"
    if SILENT_OF_A_HUNDRED <= of_a_hundred < SILENT_OF_A_HUNDRED + FAILED_OF_A_HUNDRED:
        became = "FAILED"
    if provider == "ses":
        kind = "Delivery" if became == "DELIVERED" else "Bounce"
        detail = {"timestamp": at.isoformat()} | ({"bounceType": "Permanent"} if kind == "Bounce" else {})
        mail = {"timestamp": at.isoformat(), "tags": {"reference": [reference]}}
        return became, "/ses", {"eventType": kind, kind.lower(): detail, "mail": mail}
    return became, "/quriiri", {"batchid": reference, "status": became, "statustime": at.isoformat()}


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, HELSINKI)
