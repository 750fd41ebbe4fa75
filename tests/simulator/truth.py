"""What the landlord's exported books and the news say of a tenancy on a day: the checker's own reading of the law and
of the contract, apart from the rules that it checks. Plain JSON in, and no errand, rule or policy is known here.
"""

import re
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import zip_longest
from typing import Any
from zoneinfo import ZoneInfo

import holidays

Event = dict[str, Any]
Moment = tuple[datetime, int]  # and its place in the history: much can happen at one and the same time
Told = list[tuple[Moment, Any]]
HELSINKI, REST, DAY = ZoneInfo("Europe/Helsinki"), holidays.country_holidays("FI"), timedelta(days=1)
LONG_AGO, FRESH, ZERO = datetime(2000, 1, 1, tzinfo=HELSINKI), timedelta(hours=26), Decimal(0)
STOPS = {"dispute", "halt_request", "debt_adjustment", "deceased", "manual"}


class Books:
    """The exports that came into force and the news between them, each with its moment."""

    def __init__(self) -> None:
        self.exports: Told = []
        self.news: defaultdict[str, Told] = defaultdict(lambda: [((LONG_AGO, 0), {})])
        self.personal, self.seen = set[str](), set[str]()

    def export(self, now: Moment, as_of: str, rows: list[Event]) -> None:
        """A new export is in force; whoever is in it must not be told of."""
        self.exports.append((now, (date.fromisoformat(as_of), {row["tenancy_id"]: row for row in rows})))
        people = [person for row in rows for person in row["tenants"]]
        told = {
            person[what] or "" for person in people for what in ("name", "email", "birth_date", "phone")
        } - self.seen
        self.personal.update(word for text in told for word in words(text) | {digits(text)} if len(word) > 5)
        self.seen |= told

    def due(self, key: Event, began: Moment, to: str | None) -> bool:
        """Whether a message to that number or address was right at any moment since its sender began."""
        exports, news = in_force(self.exports, began), in_force(self.news[key["tenancy_id"]], began)
        return any(
            is_due(key, books.get(key["tenancy_id"]), heard, as_of, began[0], to)
            for _, (as_of, books) in exports
            for _, heard in news
        )

    def oldest(self, tenancy: str, began: Moment, on: date, principal: Decimal) -> date | None:
        """When the oldest of the charges that make up a sum fell due; None when the books never asked for that sum."""
        owed = [owed_of(books.get(tenancy), on) for _, (_, books) in in_force(self.exports, began)]
        return next((min(items) for items in owed if items and sum(items.values()) == principal), None)


def is_due(key: Event, told: Event | None, news: Event, as_of: date, at: datetime, to: str | None) -> bool:
    """Whether that message to that number or address was right on these books and this news."""
    day = day_of(at)
    if told is None or not owed_of(told, day) or at - datetime.combine(as_of + DAY, time(0), HELSINKI) > FRESH:
        return False
    holds = [*told["holds"], *news.get("holds", ())]
    held = any(hold["kind"] in STOPS and (hold.get("until") or "9") >= f"{day}" for hold in holds)
    agreed = told["agreement"] and told["agreement"]["status"] == "active"
    heard = any(day_of(news[kind]) >= as_of for kind in ("paid_at", "agreed_at") if kind in news)
    people = [person for person in told["tenants"] if person["role"] == "main" and not person["contact_forbidden"]]
    reached = [one for one in people if to in (None, one["email"]) or digits(one["phone"])[-8:] == str(to)[-8:]]
    court = told["court"] is not None and told["court"]["status"] == "pending"
    fit = court == (key["step"] == "court_notice") and (told["lease_ended_on"] or "9") >= f"{day}"
    return bool(fit and reached and not held and not agreed and not heard)


def owed_of(told: Event | None, day: date) -> dict[date, Decimal]:
    """What is still owed, by the day it fell due, with money not yet matched taken off the oldest."""
    left: dict[date, Decimal] = {}
    credit = Decimal(told["unallocated_credit"]) if told else ZERO
    for item in sorted(told["open_items"] if told else (), key=lambda item: str(item["due_date"])):
        first, unpaid = date.fromisoformat(item["due_date"]), Decimal(item["unpaid"])
        due = next(first + n * DAY for n in range(20) if is_working(first + n * DAY))
        if due < day <= first.replace(year=first.year + 3):
            left[due] = left.get(due, ZERO) + unpaid - min(credit, unpaid)
            credit -= min(credit, unpaid)
    return {due: unpaid for due, unpaid in left.items() if unpaid}


def in_force(told: Told, since: Moment) -> Told:
    """What was in force at that moment or later."""
    return [one for one, later in zip_longest(told, told[1:]) if not later or later[0] > since]


def is_working(day: date) -> bool:
    """Monday to Friday and no holiday."""
    return day.weekday() < 5 and day not in REST


def day_of(moment: str | datetime) -> date:
    """The day it was in Helsinki."""
    return (datetime.fromisoformat(moment) if isinstance(moment, str) else moment).astimezone(HELSINKI).date()


def words(text: str) -> set[str]:
    """The words of a text, numbers and addresses among them."""
    return set(re.split(r"[^\w@.+-]+", text))


def digits(text: str | None) -> str:
    """The digits of a telephone number as typed."""
    return re.sub(r"[^0-9]", "", text or "")
