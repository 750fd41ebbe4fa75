"""Worlds of the errands that prepare, take note and count: each done again and again, as the cloud brings it back."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache, partial
from io import BytesIO
from typing import Any

from arrears.calendar import HELSINKI
from arrears.ledger import RunStatus, Status
from arrears.work.import_ import Import
from arrears.work.plan import plan_hash, plan_lines, plan_name
from arrears.work.record import NoteEvents, RecordPrints
from arrears.work.report import PublishReport
from arrears.work.select import Select
from tests.fakes import pseudonyms
from tests.makers import a_snapshot_row, a_tenant_row
from tests.proof.explorer import Phase, Ports, Street, Worker
from tests.proof.streets import Exports, Ledger, a_street, printed_once, printer, reconciler, releasing
from tests.proof.trials import LETTER, Trial, at_once, hour, long_forms, soon
from tests.rows import MONTH, NOW, a_letter_row, a_row, a_run
from tests.world import PLENTY, SHARDS, World, export_of

TICK = NOW.replace(hour=9, minute=30)
NIGHT = NOW.replace(hour=3, minute=30)
AFTER = datetime(2026, 12, 1, 7, tzinfo=HELSINKI)
DAY = f"{NOW:%Y-%m-%d}"
BEFORE = NIGHT - timedelta(days=1)
MAIN = a_snapshot_row()
OTHER = a_snapshot_row(tenancy_id="T-2", tenants=[a_tenant_row(tenant_id="P-2", phone="040 112 2335")])


def lived(*rows: dict[str, Any], until: datetime = NIGHT) -> Street:
    """A street on which that export is in force, and nothing else has happened."""
    world = World()
    assert world.publish(until.date() - timedelta(days=1), rows or (MAIN, OTHER), until).refused is None
    return _street_of(world)


def _street_of(world: World) -> Street:
    street = a_street()
    found, kept = Exports(), Ledger(world.runs)
    found.versions, found.shards, found.pointer = (
        world.snapshots.versions,
        world.snapshots.shards,
        world.snapshots.pointer,
    )
    return Street({**street.ports, "snapshots": found, "ledger": kept, "runs": world.runs, "records": world.records})


def again_and_again(work: Callable[[str], Worker], at_first: int = 2, after: int = 4) -> list[Phase]:
    """So many at once, then so many one by one: more than faults could stop."""
    later = [at_once(work(f"again {number}")) for number in range(after)]
    return [at_once(*(work(f"first {number}") for number in range(at_first))), *later]


# --- an export -------------------------------------------------------------------------------------------------------


def importer(name: str) -> Worker:
    """Last night's export has landed."""
    body = export_of(NIGHT.date() - timedelta(days=1), [MAIN, OTHER])

    def import_(port: Ports) -> Any:
        errand = Import(port("snapshots"), port("records"), SHARDS)
        return errand(BytesIO(body), f"snapshot-{NIGHT.date() - timedelta(days=1)}.jsonl", NIGHT).refused

    return Worker(name, import_)


def the_night_before() -> Street:
    """The export of the night before is in force; it knew one tenancy of the two."""
    return lived(MAIN, until=BEFORE)


def never_partly(street: Street) -> str | None:
    """Whatever version is in force is in force whole."""
    pointer = street.ports["snapshots"].pointer
    rows = street.ports["snapshots"].versions[pointer.version]
    complete = {1: {"T-1"}, 2: {"T-1", "T-2"}}[pointer.rows]
    if set(rows) != complete or f"samples/{pointer.version}.json" not in street.ports["records"].files:
        return f"{pointer.version} is in force with {sorted(rows)}"
    return None


def published(street: Street) -> str | None:
    """The newest export is in force, and the one before is remembered once."""
    pointer = street.ports["snapshots"].pointer
    return None if pointer.rows == 2 and len(set(pointer.earlier)) == len(pointer.earlier) == 2 else f"{pointer}"


# --- the ticks -------------------------------------------------------------------------------------------------------


def selecting(port: Ports) -> Select:
    """The errand that makes plans."""
    rest = pseudonyms(), releasing(port), "schedule"
    return Select(port("snapshots"), port("ledger"), port("runs"), port("records"), *rest)


def selector(name: str, daily: bool = False) -> Worker:
    """The tick of the month, or of the day."""

    def select(port: Ports) -> Any:
        errand = selecting(port)
        tick = errand.daily if daily else errand.monthly
        return tick(TICK, TICK, lambda: PLENTY).status

    return Worker(name, select)


def planned_once(street: Street) -> str | None:
    """The first run waits for a person, with the whole plan, and nothing has left."""
    run = street.ports["runs"].runs.get(MONTH)
    if run is None or run.status is not RunStatus.HELD or run.total != 2:
        return f"the run came to {run}"
    body = street.ports["records"].files.get(plan_name(MONTH, run.plan_hash))
    if body is None or plan_hash(body) != run.plan_hash or len(list(plan_lines(body))) != 2:
        return "the plan that a person would approve is not there"
    rung = any(street.ports[bell].messages or street.ports[bell].delivered for bell in ("notices", "post"))
    return "something left before a person said so" if rung or street.ports["ledger"].rows else None


def a_letter_is_due() -> Street:
    """One tenancy that was reminded on the 6th, by a run that is done, and has not answered."""
    street = lived(MAIN)
    reminded = datetime(2026, 11, 6, 10, tzinfo=HELSINKI)
    told = a_row(status=Status.DELIVERED, on=date(2026, 11, 6), planned_at=reminded, changed_at=reminded)
    street.ports["ledger"].plan(told)
    street.ports["runs"].open(a_run(status=RunStatus.DONE))
    return street


def a_day() -> list[Phase]:
    """Two daily ticks at once, and again; then the printers and the reconciler, hour by hour."""
    hours = []
    for number in range(1, 28):
        hours.append(at_once(reconciler(f"R{number}", hour(number), waves=True)))
        hours.append(at_once(printer(f"P{number}", soon(number), LETTER, rung=True, run=DAY)))
    return [*again_and_again(lambda name: selector(name, daily=True), after=3), *hours]


def rested(street: Street) -> str | None:
    """The letter is printed once, and the day's run is done."""
    run = street.ports["runs"].runs[DAY]
    return printed_once(street) or (None if run.status is RunStatus.DONE else f"the run came to {run.status}")


# --- the report ------------------------------------------------------------------------------------------------------


def reporter(name: str) -> Worker:
    """The tick after the month."""

    def publish(port: Ports) -> Any:
        errand = PublishReport(port("snapshots"), port("ledger"), port("runs"), port("records"), SHARDS)
        return errand(AFTER, AFTER, lambda: PLENTY).status

    return Worker(name, publish)


def a_month_was_lived() -> Street:
    """November: one daily run looked at the ledger."""
    street = a_letter_is_due()
    selecting(street.ports.__getitem__).daily(TICK, TICK, lambda: PLENTY)
    return street


@cache
def _report() -> dict[str, bytes]:
    street = a_month_was_lived()
    reporter("once").run(street.ports.__getitem__)
    return _reported(street)


def _reported(street: Street) -> dict[str, bytes]:
    return {name: body for name, body in street.ports["records"].files.items() if name.startswith("reports/")}


def reported(street: Street) -> str | None:
    """The report is the one that is made when nothing goes wrong, to the byte."""
    return None if _reported(street) == _report() else "another report than without faults"


# --- what comes back -------------------------------------------------------------------------------------------------


def noter(name: str, event: str) -> Worker:
    """A line of the payment feed."""
    body = json.dumps({"tenancy_id": "T-1", "event": event, "at": NOW.isoformat()}).encode()
    return Worker(name, lambda port: NoteEvents(port("ledger"))(body, NOW).taken)


def news() -> list[Phase]:
    """Three files at once about one tenancy; each is brought again until it must have been taken."""
    events = ("paid", "agreed", "disputed")
    at_first = at_once(*(noter(event, event) for event in events))
    return [at_first, *(at_once(noter(f"{event} {number}", event)) for event in events for number in range(4))]


def all_noted(street: Street) -> str | None:
    """Every line counts, whichever came first."""
    standing = street.ports["ledger"].standings.get("T-1")
    whole = standing and standing.paid_at == standing.agreed_at == NOW and len(standing.holds) == 1
    return None if whole else f"{standing}"


def posted() -> Street:
    """A letter that is at the print house."""
    return a_street([a_letter_row(status=Status.SENT)])


def printed(name: str, status: str = "printed") -> Worker:
    """The print house's file; it has one bad line too."""
    told = {"letter_id": a_letter_row().reference, "status": status, "at": NOW.isoformat()}
    body = json.dumps(told).encode() + b"\n{}\n"
    return Worker(name, lambda port: RecordPrints(port("ledger"))(body, NOW).taken)


def posted_and_returned() -> list[Phase]:
    """The receipts of two days at once: it was printed, and it came back; each brought again."""
    both = (printed("printed"), printed("returned", "returned"))
    return [at_once(*both), *(at_once(printed(f"{one} {n}", one)) for n in range(4) for one in ("returned", "printed"))]


def arrived(street: Street) -> str | None:
    """DELIVERED is the end of a letter; nothing takes it back."""
    (row,) = street.ports["ledger"].rows.values()
    forward = {(Status.SENT, Status.DELIVERED), (Status.SENT, Status.UNDELIVERED, Status.DELIVERED)}
    path = tuple(event.status for event in row.events)
    return None if path in forward else f"the letter went {path}"


ERRANDS: dict[str, Trial] = {
    trial.name: trial
    for trial in (
        Trial(
            "an export that lands twice",
            the_night_before,
            partial(again_and_again, importer),
            published,
            (1, 3),
            always=never_partly,
        ),
        Trial(
            "an export brought again",
            the_night_before,
            partial(again_and_again, importer, 1),
            published,
            (1, 4),
            always=never_partly,
        ),
        Trial("two ticks of a month", lived, partial(again_and_again, selector), planned_once, (0, 2)),
        Trial("a month's tick brought again", lived, partial(again_and_again, selector, 1), planned_once, (1, 4)),
        Trial("a day's ticks, and its letter", a_letter_is_due, a_day, rested, (0, 2)),
        Trial("a month's report", a_month_was_lived, partial(again_and_again, reporter, 1), reported, (1, 4)),
        Trial("news of one tenancy", a_street, news, all_noted, (1, 4)),
        Trial("the print house's receipts", posted, posted_and_returned, arrived, (1, 4)),
    )
}


PROOFS = long_forms(ERRANDS.values())
