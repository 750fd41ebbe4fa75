"""The month is published: what is kept, what goes on where time ran short, what stays, and that it shows nobody."""

import csv
import json
import re
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest

from arrears.calendar import HELSINKI
from arrears.ledger import RunStatus
from arrears.outcomes.debts import crossed
from arrears.outcomes.figures import Figures
from arrears.outcomes.report import report
from arrears.work.report import SECONDS_TO_SPARE
from arrears.work.report.looks import held_run, months_until
from tests.makers import POLICY
from tests.report.made import a_year
from tests.report.months import PLENTY, TICK, lived, published, publisher
from tests.rows import a_run
from tests.world import SHARDS

AS_PUBLISHED = dict(published().items())


@pytest.fixture
def fresh() -> Any:
    """The two months' world, put back as it was afterwards."""
    world, _ = lived()
    kept = dict(world.records.files)
    yield world
    world.records.files = kept


def test_the_same_month_gives_the_same_bytes(fresh: Any) -> None:
    publisher(fresh)(TICK, TICK, lambda: PLENTY)
    assert {name: fresh.records.files[f"reports/2026-03/{name}"] for name in AS_PUBLISHED} == AS_PUBLISHED


def test_a_late_retry_reports_the_month_of_its_tick(fresh: Any) -> None:
    outcome = publisher(fresh)(TICK, TICK + timedelta(hours=30), lambda: PLENTY)
    assert (outcome.month, outcome.status) == ("2026-03", "published")


def test_where_time_runs_short_the_report_goes_on_and_comes_to_the_same(fresh: Any) -> None:
    left = iter([PLENTY, PLENTY, SECONDS_TO_SPARE - 1])
    first = publisher(fresh)(TICK, TICK, lambda: next(left))
    assert (first.status, first.next_shard) == ("not_done", 2)
    second = publisher(fresh)(TICK, TICK, lambda: PLENTY, shard=2)
    assert second.status == "published"
    assert fresh.records.files["reports/2026-03/figures.json"] == AS_PUBLISHED["figures.json"]


def test_a_report_that_goes_on_without_its_beginning_is_refused(fresh: Any) -> None:
    fresh.records.files = {name: body for name, body in fresh.records.files.items() if "/parts/" not in name}
    with pytest.raises(LookupError, match="from shard 0"):
        publisher(fresh)(TICK, TICK, lambda: PLENTY, shard=SHARDS - 1)


def test_once_the_months_snapshots_are_gone_its_report_stays_as_it_is(fresh: Any) -> None:
    late = TICK + timedelta(days=10)
    before = dict(fresh.records.files)
    assert publisher(fresh)(TICK, late, lambda: PLENTY).status == "too_late"
    assert fresh.records.files == before


def test_a_month_without_runs_is_not_reported(fresh: Any) -> None:
    summer = datetime(2026, 7, 1, 7, tzinfo=HELSINKI)
    assert publisher(fresh)(summer, summer, lambda: PLENTY).status == "no_runs"


def test_the_month_before_is_on_the_page_beside_this_one() -> None:
    assert "2026-02,2026-03" in AS_PUBLISHED["report-debtors.csv"].decode().splitlines()[0]


def test_a_month_ends_where_the_next_one_begins() -> None:
    world, _ = lived()
    february = Figures.model_validate_json(world.records.files["reports/2026-02/figures.json"])
    march = Figures.model_validate_json(AS_PUBLISHED["figures.json"])
    assert march.month.since == february.month.until
    before, now = (crossed(figures, "debtors")["all", "all"] for figures in (february, march))
    came, left = (crossed(march, what)["all", "all"] for what in ("newcomers", "leavers"))
    assert before + came - left == now


def test_the_months_of_a_year_are_told_backwards_over_new_year() -> None:
    assert months_until(TICK.date(), 5) == ["2025-12", "2026-01", "2026-02", "2026-03", "2026-04"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"why": ("volume: 90 are due, 40 are usual.",)}, ("volume",)),
        ({"why": ("held by arn:test/anna: wait for Testi Testinen",)}, ("person",)),
        ({"events": ("2026-11-23T10:00 halted by arn:test/anna: a mistake",)}, ("halted",)),
        ({"events": ("provider: 401",)}, ("failing",)),
        ({"events": ("3 answers in a row left nobody knowing; 3 stop the run.",)}, ("failing",)),
        ({"events": ("plan_expired",), "status": RunStatus.EXPIRED}, ("plan_expired",)),
    ],
)
def test_what_held_a_run_is_told_and_never_who_or_about_whom(changes: dict[str, Any], why: tuple[str, ...]) -> None:
    held = held_run(a_run(**changes))
    assert held is not None
    assert held.why == why


def test_a_run_that_nothing_held_is_not_told() -> None:
    assert held_run(a_run(events=("2026-11-23T10:00 planned by schedule", "2026-11-23T10:00 APPROVED"))) is None


def personal(exports: dict[str, bytes]) -> set[str]:
    """Everything in the exports that belongs to a person or points to one."""
    found: set[str] = set()
    for body in exports.values():
        for row in map(json.loads, body.splitlines()[1:]):
            found |= {row["tenancy_id"], row["address"]["street"]}
            for tenant in row["tenants"]:
                found |= {tenant[key] for key in ("tenant_id", "name", "birth_date", "phone", "email") if tenant[key]}
            found |= {item["reference"] for item in row["open_items"] if item["reference"]}
    return {word for word in found if len(word) > 3}


def test_no_person_is_on_the_page_or_in_its_files() -> None:
    world, exports = lived()
    told = personal(exports) | {row.reference for row in world.ledger.rows.values()}
    assert len(told) > 1000
    seen = "\n".join(body.decode() for body in AS_PUBLISHED.values())
    words = set(re.findall(r"[\w@.+-]{4,}", seen))
    assert not {word for word in told if word in words or (" " in word and word in seen)}


def small_cells(page: str, files: dict[str, str]) -> list[str]:
    """Every count from one to four that is shown, in a table or a picture."""
    described = re.search(r'id="charts">(.*?)</script>', page)
    charts = json.loads(described[1]) if described else []
    drawn = [row[key] for chart in charts for row in chart["rows"] for key in ("value", "came", "left") if key in row]
    found = [f"drawn: {value}" for value in drawn if value in (1, 2, 3, 4)]
    for name in files.keys() - {"report-debt.csv"}:
        for row in csv.DictReader(StringIO(files[name])):
            counts = [cell for head, cell in row.items() if head in COUNTED or re.fullmatch(r"\d{4}-\d\d", head)]
            found += [f"{name}: {cell}" for cell in counts if cell in ("1", "2", "3", "4")]
    return found


COUNTED = {"tenancies", "messages", "it came first", "it stood in the way at all", "came into debt", "left it", "sent"}


@pytest.mark.parametrize("size", [0.05, 0.15, 0.5, 1])
def test_no_count_from_one_to_four_is_shown(size: float) -> None:
    made = report(a_year(size=size), POLICY)
    assert small_cells(made.page, made.files) == []


def test_no_small_count_is_shown_of_the_two_months_either() -> None:
    files = {name: body.decode() for name, body in AS_PUBLISHED.items() if name.endswith(".csv")}
    assert small_cells(AS_PUBLISHED["report.html"].decode(), files) == []


def test_without_hiding_small_groups_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    for room in ("answers", "debts", "messages", "month", "course"):
        monkeypatch.setattr(f"arrears.outcomes.{room}.hidden", lambda *_: frozenset())
    made = report(a_year(size=0.15), POLICY)
    assert small_cells(made.page, made.files)
