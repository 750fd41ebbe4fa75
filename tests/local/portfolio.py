"""A made-up rent portfolio that lives day by day, answers what it is sent, and exports itself as a rent ledger does.

The same number of tenancies, seed and start, told the same messages, gives the same bytes in every Python.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from pydantic_core import to_json

from arrears.calendar import age
from arrears.model import Step
from tests.local import habits
from tests.local.account import Account
from tests.local.answers import Deed, answer
from tests.local.dice import Dice
from tests.local.homes import Home, allowance, home, viitenumero
from tests.local.people import household
from tests.local.tenancy import Row, Tenancy, euros

# Two months whose rates of late interest are known, with two ends of months and a change of clocks in them.
DEMO_START, DEMO_END = date(2026, 2, 1), date(2026, 3, 31)
DAY = timedelta(days=1)
MONTHS_BEFORE = 3  # lived before the start, so that payments, agreements and court cases are under way on the first day
GROWTH = 0.12  # a month, of the young in the northeast whose money runs out
COLUMNS = (
    "tenancy_id", "as_of", "area", "monthly_rent", "housing_allowance", "due_date", "charged", "unpaid",
    "reference", "tenant_id", "role", "name", "birth_date", "phone", "email", "street", "postal_code", "town",
)  # fmt: skip


class Portfolio:
    """So many made-up tenancies, living from day to day. `today` is the last day lived; at first it is `start`."""

    def __init__(self, tenancies: int = 3000, seed: int = 2026, start: date = DEMO_START) -> None:
        self._seed = seed
        self._first = _months_earlier(start, MONTHS_BEFORE)
        self._tenancies: dict[str, Tenancy] = {}
        self._diary: defaultdict[date, list[Deed]] = defaultdict(list)
        self._rows: dict[str, tuple[tuple[object, ...], Row]] = {}
        self._exports: dict[bool, list[Row]] = {}  # today's: what is done comes on the days after
        for flat in range(1, tenancies + 1):
            tenancy = self._let(flat, 1, home(self._dice("home", flat)), self._first)
            habits.owe_from_before(tenancy, self._first, self._dice("before", flat))
        self.today = self._first - DAY
        self.advance(start)

    def advance(self, day: date) -> None:
        """Lives on to the end of that day. Raises ValueError when it is already over."""
        if day < self.today:
            raise ValueError(f"the portfolio has already lived {self.today}, it cannot go back to {day}")
        while self.today < day:
            self.today += DAY
            self._exports.clear()
            if self.today.day == 1:
                self._begin_month()
            for deed in self._diary.pop(self.today, ()):
                deed.what(self.today, *deed.how)

    def react(self, kind: Step, tenancy_id: str, on: date) -> None:
        """Tells a tenancy that a text, letter or notice arrived that day; what it does about it comes on later days.

        Raises KeyError for a tenancy that never was.
        """
        dice = self._dice("answer", kind.value, tenancy_id, on)
        self._write(answer(kind, self._tenancies[tenancy_id], on, dice))

    def export(self, day: date, *, everyone: bool = False) -> list[Row]:
        """The day's ledger rows as of CONTRACT section 1, those in debt, in court, or in contact or agreement
        within 60 days; or everyone. Raises ValueError for any day but `today`."""
        if day != self.today:
            raise ValueError(f"the ledger shows {self.today}, not {day}: advance to it first")
        if everyone not in self._exports:
            tenancies = (tenancy for tenancy in self.on_the_books(day) if everyone or tenancy.needs_a_row(day))
            self._exports[everyone] = [self._row(tenancy) for tenancy in tenancies]
        return self._exports[everyone]

    def _row(self, tenancy: Tenancy) -> Row:
        """Made again only when there is something new in it; most days there is not."""
        facts = tenancy.facts()
        known, row = self._rows.get(tenancy.tenancy_id, ((), {}))
        if known != facts:
            row = tenancy.row(self.today)
            self._rows[tenancy.tenancy_id] = facts, row
        return row | {"as_of": self.today.isoformat()}

    def on_the_books(self, day: date) -> Iterator[Tenancy]:
        """Everyone whom the ledger still knows that day."""
        return (tenancy for tenancy in self._tenancies.values() if tenancy.on_the_books(day))

    def write_export(self, day: date, folder: Path, *, everyone: bool = False) -> Path:
        """The export as JSON Lines with its manifest, `snapshot-YYYY-MM-DD.jsonl` in the folder."""
        rows = self.export(day, everyone=everyone)
        lines = [{"manifest": manifest(day, rows)}, *rows]
        path = folder / f"snapshot-{day}.jsonl"
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(to_json(line) + b"\n" for line in lines))
        return path

    def write_csv(self, day: date, folder: Path, *, delimiter: str = ";", point: str = ",", bom: bool = True) -> Path:
        """The export as CSV, `snapshot-YYYY-MM-DD.csv`: a row for each main tenant and open item, and so nothing of
        agreements, court cases and holds."""
        path = folder / f"snapshot-{day}.csv"
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
            sheet = csv.DictWriter(file, COLUMNS, delimiter=delimiter, extrasaction="ignore")
            sheet.writeheader()
            sheet.writerows(line for row in self.export(day) for line in _csv_lines(row, point))
        return path

    def _begin_month(self) -> None:
        self._let_again()
        months = (self.today.year - self._first.year) * 12 + self.today.month - self._first.month
        for tenancy in self._tenancies.values():
            if tenancy.ended(self.today):
                continue
            northeast = tenancy.home.area == "northeast" and tenancy.young(self.today)
            growth = 1 + GROWTH * months if northeast else 1
            dice = self._dice(self.today, tenancy.tenancy_id)
            self._write(habits.month(tenancy, self.today, growth, dice))

    def _let_again(self) -> None:
        yesterday = self.today - DAY
        for tenancy in [each for each in self._tenancies.values() if each.ended_on == yesterday]:
            flat, _, lease = tenancy.tenancy_id.partition("-")
            self._let(int(flat), int(lease) + 1, tenancy.home, self.today)

    def _let(self, flat: int, lease: int, flat_home: Home, moved_in: date) -> Tenancy:
        tenancy_id = f"{flat:06d}-{lease}"
        dice = self._dice("lease", tenancy_id)
        young = flat_home.area == "northeast"
        people = household(tenancy_id, moved_in, dice, young=young, kin=self._dice("kin", flat % 89))
        at_risk = habits.risk(flat_home.area, min(age(each.birth, moved_in) for each in people if each.role == "main"))
        self._tenancies[tenancy_id] = tenancy = Tenancy(
            tenancy_id=tenancy_id,
            home=flat_home,
            people=people,
            allowance=allowance(flat_home.rent, dice),
            habit=habits.habit(at_risk, dice),
            risk=at_risk,
            account=Account(viitenumero(1_000_000 + flat * 100 + lease)),
        )
        return tenancy

    def _write(self, deeds: Iterator[Deed]) -> None:
        for deed in deeds:
            self._diary[deed.on].append(deed)

    def _dice(self, *about: object) -> Dice:
        return Dice(self._seed, *about)


def manifest(day: date, rows: list[Row]) -> Row:
    """What an export says of itself: its day, how many rows, and their unpaid charges together."""
    unpaid = sum(int(item["unpaid"].replace(".", "")) for row in rows for item in row["open_items"])
    return {"as_of": day.isoformat(), "rows": len(rows), "debt_total": euros(unpaid)}


def _csv_lines(row: Row, point: str) -> Iterator[Row]:
    for item in row["open_items"]:
        for tenant in row["tenants"]:
            if tenant["role"] == "main":
                line = row | row["address"] | item | tenant
                money = ("monthly_rent", "housing_allowance", "charged", "unpaid")
                yield line | {column: line[column].replace(".", point) for column in money}


def _months_earlier(day: date, months: int) -> date:
    earlier = day.year * 12 + day.month - 1 - months
    return date(earlier // 12, earlier % 12 + 1, 1)
