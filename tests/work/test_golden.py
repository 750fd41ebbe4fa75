"""Five weeks in which everything goes wrong once: what each errand answered, and what the ledger says afterwards."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from arrears.calendar import days_between, is_working_day
from arrears.ledger import Row, RunStatus, Status
from arrears.model import Facts, HoldKind
from arrears.ports import NotAccepted, Refused, Unclear
from arrears.ports.measures import Measure
from arrears.receipts import Arrival, Receipt
from arrears.work.operate import Settle
from arrears.work.record import NoteEvents
from arrears.work.stand import Stand
from tests.makers import a_snapshot_row, a_tenant_row, an_item_row
from tests.world import FOLLOW_UP, HOURS, IMPORT, TICK, World, at, tick_day

GOLDEN = Path(__file__).parents[1] / "golden" / "weeks.txt"
FIRST, LAST = date(2026, 11, 12), date(2026, 12, 17)
AREAS = ("north", "east", "south")
FATES = (None, NotAccepted("http_429"), None, Unclear("deadline"), None, None, ConnectionResetError(), None, None, None)
MOMENTS = HOURS[0], HOURS[2], HOURS[7]


def a_tenancy(number: int, day: date) -> dict[str, Any]:
    """One of forty-two, by its number; some of them pay, agree, move, fall ill or go to court meanwhile."""
    late, tenant = day >= date(2026, 11, 26), a_tenant_row(tenant_id=f"P-{number}", phone=f"040 5{number:03}234")
    item = an_item_row(due_date="2026-11-04", unpaid=["800.00", "12.30", "155.90"][number % 3])
    tenant["birth_date"] = f"{2003 if number % 10 == 4 else 1940 + number}-05-17"
    facts: dict[str, Any] = {"tenants": [tenant], "open_items": [item], "area": AREAS[number % 3]}
    if late and number % 10 == 4:
        facts["court"] = {"opened_on": "2026-11-25", "status": "pending"}
    if late and number % 7 == 5:
        facts["open_items"] = [item | {"unpaid": "0.00"}]
    if number % 14 == 6:
        facts["agreement"] = (
            {"agreed_on": "2026-11-02", "status": "broken", "broken_on": "2026-11-20"} if late else None
        )
    if late and number == 9:
        facts["tenants"] = [tenant | {"contact_forbidden": True}]
    if number == 10:
        facts["tenants"] = [tenant | {"phone": None}]
    if number == 11:
        facts["tenants"] = [tenant | {"phone": "040 5012234"}]  # the same as number 12's
    return a_snapshot_row(tenancy_id=f"T-{number:02}", **facts)


class Weeks(World):
    """The world, which notes what every errand answered."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.noted: list[str] = []
        self.notify = replace(self.notify, meter=self.measure)
        self.print_ = replace(self.print_, meter=self.measure)
        self.sms.fates = [*FATES, Refused("barred"), *FATES, NotAccepted("http_401", halts=True), *FATES]

    def note(self, what: str, now: datetime, came: object) -> None:
        """Whatever is not as it was made."""
        told = came.model_dump(mode="json", exclude_defaults=True) if isinstance(came, Facts) else came
        if told:
            self.noted.append(f"{now:%m-%d %H:%M} {what} {told}")

    def measure(self, measure: Measure, number: int | float | Decimal = 1, why: str | None = None) -> None:
        """What the errands count."""
        if number:
            self.noted.append(f"measured {measure} {number} {why}")

    def live(self, day: date, rows: Any) -> None:
        """One day, as World has it."""
        self.note("import", at(day, IMPORT), self.publish(day - timedelta(days=1), rows, at(day, IMPORT)))
        if tick_day(day):
            self.note("month", at(day, TICK), self.month(at(day, TICK)))
            self.note("month again", at(day, TICK), self.month(at(day, TICK)))
            self.approve(f"{day:%Y-%m}", at(day, TICK))
        self.note("day", at(day, FOLLOW_UP), self.day(at(day, FOLLOW_UP)))
        self.approve(f"{day}", at(day, FOLLOW_UP))
        self.rings(at(day, FOLLOW_UP))
        for hour in MOMENTS:
            self.note("hour", at(day, hour), self.reconcile(at(day, hour)))
            self.rings(at(day, hour))

    def rings(self, now: datetime) -> None:
        """Both queues."""
        self.note("queues", now, dict(Counter(map(str, self.pump(now)))))
        for row in self.rows(Status.SENT):
            if row.channel == "sms" and (status := ARRIVED[int(row.key.tenancy_id[2:]) % 5]):
                receipt = Receipt(row.reference, "memory", status, status is Arrival.UNDELIVERED, "code", now)
                self.note("receipt", now, self.record(receipt, now))

    def rows(self, status: Status) -> list[Row]:
        """Those that are so now."""
        return [row for row in self.ledger.rows.values() if row.status is status]


ARRIVED = (Arrival.DELIVERED, Arrival.UNDELIVERED, None, Arrival.PENDING, Arrival.DELIVERED)


def weeks() -> Iterator[str]:
    """What was noted, then the runs, the ledger, the files and the texts."""
    world = Weeks()
    stand, settle = Stand(world.ledger), Settle(world.ledger)
    for day in days_between(FIRST, LAST):
        if not is_working_day(day):
            continue
        noon, world.sms.can_be_asked = at(day, HOURS[2]), day != FIRST
        for run in [run for run in world.runs.runs.values() if run.status is RunStatus.HALTED]:
            world.operate.resume(run.run, "a test person", "mended", noon)
        for row in world.rows(Status.UNKNOWN)[1:]:
            settle.unknown(row.key, row.key.tenancy_id < "T-20", "a test person", "asked", noon)
        if day == date(2026, 11, 19):
            stand.add("T-15", HoldKind.DISPUTE, None, "a test person", "a leak", noon)
            stand.waive("T-18", "a test person")
            news = b'{"tenancy_id":"T-21","event":"agreed","at":"2026-11-19T06:00:00Z"}\n{}'
            world.note("news", noon, NoteEvents(world.ledger)(news, noon))
        world.live(day, [a_tenancy(number, day) for number in range(42)])
    yield from world.noted
    yield from (run.model_dump_json(exclude={"plan_hash"}, exclude_defaults=True) for run in world.runs.runs.values())
    yield from (row.model_dump_json(exclude_defaults=True) for row in world.ledger.rows.values())
    yield from (f"{name} {body.decode()}" for name, body in world.letters.files.items())
    yield from (f"{sms.to} {sms.text}" for sms in world.sms.accepted)
    yield from (f"{email.to} {email.subject}" for email in world.email.accepted)


def test_the_weeks_went_as_they_did() -> None:
    """Changed on purpose: `python -m tests.work.test_golden` writes the golden file anew; read what changed."""
    assert "\n".join(weeks()) + "\n" == GOLDEN.read_text("utf-8")


if __name__ == "__main__":
    GOLDEN.write_text("\n".join(weeks()) + "\n", "utf-8")
