"""One month on the deployed stack: an export lands, the month's run is approved and goes out, receipts come in, and
those who stay silent get a letter. Days are chosen, the rest is the stack's own doing."""

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from arrears.calendar import DAY, HELSINKI
from arrears.ledger import Row, RunStatus
from arrears.model import LETTERS
from tests.e2e.stack import Stack
from tests.local.portfolio import Portfolio
from tests.local.street import news
from tests.local.summary import rows_of

TICK, LETTER_DAY, REPORT_DAY = date(2026, 2, 10), date(2026, 2, 25), date(2026, 3, 1)
EXPORTED, NEWS_COMES, TICKS, DAILY = time(5), time(8, 30), time(9, 15), time(9, 30)
FAILED_OF_A_HUNDRED, SILENT_OF_A_HUNDRED = 3, 2


class Month:
    """The month as it was lived; `stack` keeps what came of it, `portfolio` who lived it."""

    def __init__(self, stack: Stack, tenancies: int, folder: Path) -> None:
        self.stack, self.folder = stack, folder
        self.portfolio = Portfolio(tenancies, start=TICK - DAY)
        self.answers: dict[str, Any] = {}
        self.statuses: list[int] = []
        self._answered = 0

    def live(self) -> None:
        """Lets it pass."""
        self._export(TICK)
        self._news(TICK)
        self._select()
        self._go_out(TICK)
        self._follow_up(TICK)
        self._receipts()
        self.portfolio.advance(LETTER_DAY - DAY)
        self._export(LETTER_DAY)
        self._follow_up(LETTER_DAY)
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
        self.answers[f"import {day}"] = self.stack.drop(file.name, file.read_bytes())

    def _news(self, day: date) -> None:
        """This morning's payments, before the night's export knows of them."""
        before = self.portfolio.export(day - DAY)
        self.portfolio.advance(day)
        self.stack.clock.move_to(_at(day, NEWS_COMES))
        self.answers["news"] = news(before, self.portfolio.export(day), self.stack.clock.at)
        self.stack.put(f"feed/{day}.jsonl", self.answers["news"])
        self.stack.heard("note_events", f"feed/{day}.jsonl")

    def _select(self) -> None:
        """The month's tick makes a plan, which waits as the first of its kind; an operator approves it."""
        self.stack.clock.move_to(_at(TICK, TICKS))
        self.answers["select_tenants"] = self.stack.tick("select_tenants")
        self._approve(f"{TICK:%Y-%m}")

    def _approve(self, name: str) -> None:
        run = self.stack.runs.run(name)
        assert run is not None
        if run.status is RunStatus.HELD:
            self.stack.operate("run", "approve", name, "--plan", str(run.plan_hash))

    def _go_out(self, day: date) -> None:
        """Hour by hour, a wave at a time, until the hourly tick finds the run done."""
        for hour in range(10, 17):
            self.stack.settle("NoticesQueue")
            self.stack.clock.move_to(_at(day, time(hour, 5)))
            self.answers["reconcile"] = self.stack.tick("reconcile")
        self.stack.settle("NoticesQueue")

    def _follow_up(self, day: date) -> None:
        """The day's letters and court notices; at five the print house's batch is closed."""
        self.stack.clock.move_to(max(_at(day, DAILY), self.stack.clock.at))
        self.answers[f"follow_up {day}"] = self.stack.tick("follow_up")
        self._approve(f"{day}")
        self.stack.settle("LettersQueue", "NoticesQueue")
        self.stack.clock.move_to(_at(day, time(17, 5)))
        self.answers["reconcile"] = self.stack.tick("reconcile")

    def _receipts(self) -> None:
        """The provider tells what became of what it took since the last time; a forger tells it too."""
        for taken in self.stack.street.accepted[self._answered :]:
            became, path, told = receipt_of(self._answered, taken.provider, taken.reference, self.stack.clock.at)
            self._answered += 1
            if became:
                self.statuses.append(self.stack.post(path, told))
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
