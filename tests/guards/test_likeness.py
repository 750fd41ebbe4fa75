"""A run that is not like the last ones is held for a person: each guard below, at and above its threshold."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from arrears.guards import Figures, Guard, Verdict, judge, likeness
from tests.makers import POLICY, a_policy

NOW = datetime(2026, 11, 24, 7, tzinfo=UTC)  # nine in the morning in Helsinki
LAST_MONTH = timedelta(days=28)


def figures(**changes: Any) -> Figures:
    """An ordinary run: last night's export of a thousand tenancies, a hundred of them written to."""
    facts = {
        "as_of": date(2026, 11, 23),
        "published_at": NOW - timedelta(hours=5),
        "rows": 1000,
        "debt_total": Decimal("80000.00"),
        "manifest_rows": 1000,
        "manifest_debt_total": Decimal("80000.00"),
        "known": 1000,
        "missing": 0,
        "balance_ratio": Decimal("1.00"),
        "people": 1000,
        "numbers": 950,
        "selected": 100,
        "new_cases": 30,
    }
    return Figures.model_validate(facts | changes)


EARLIER = tuple(
    figures(as_of=date(2026, 11, 23) - n * LAST_MONTH, published_at=NOW - timedelta(hours=5) - n * LAST_MONTH)
    for n in (1, 2, 3)
)


def verdicts(now: Figures, earlier: Sequence[Figures] = EARLIER, **policy: Any) -> dict[Guard, Verdict]:
    """What each guard says."""
    said = judge(now, earlier, a_policy({f"guards.{name}": value for name, value in policy.items()}), NOW)
    return {verdict.guard: verdict for verdict in said}


def held_by(now: Figures, earlier: Sequence[Figures] = EARLIER, **policy: Any) -> set[Guard]:
    """The guards that hold the run."""
    return {guard for guard, verdict in verdicts(now, earlier, **policy).items() if not verdict.passed}


def test_an_ordinary_run_passes_every_guard() -> None:
    assert held_by(figures()) == set()
    assert set(verdicts(figures())) == set(Guard)


@pytest.mark.parametrize(
    ("published", "held"),
    [
        (NOW, False),
        (NOW - timedelta(hours=26), False),
        (NOW - timedelta(hours=26, seconds=1), True),
        (NOW + timedelta(seconds=1), True),
    ],
)
def test_fresh_holds_a_snapshot_older_than_26_hours_or_one_from_the_future(published: datetime, held: bool) -> None:
    now = figures(published_at=published, as_of=NOW.date())
    assert held_by(now) == ({Guard.FRESH} if held else set())


@pytest.mark.parametrize(("as_of", "held"), [(24, False), (23, False), (22, True), (21, True)])
def test_fresh_looks_at_the_ledger_day_too_however_lately_an_old_export_came(as_of: int, held: bool) -> None:
    assert held_by(figures(as_of=date(2026, 11, as_of), published_at=NOW)) == ({Guard.FRESH} if held else set())


@pytest.mark.parametrize(("rows", "held"), [(999, True), (1000, False), (1001, True)])
def test_complete_holds_rows_that_are_not_those_of_the_manifest(rows: int, held: bool) -> None:
    assert held_by(figures(rows=rows)) == ({Guard.COMPLETE} if held else set())


@pytest.mark.parametrize(("total", "held"), [("79999.99", True), ("80000.00", False), ("80000.01", True)])
def test_complete_holds_a_sum_that_is_not_that_of_the_manifest(total: str, held: bool) -> None:
    assert held_by(figures(debt_total=Decimal(total))) == ({Guard.COMPLETE} if held else set())


@pytest.mark.parametrize(("rows", "held"), [(979, True), (980, False), (1000, False), (1020, False), (1021, True)])
def test_complete_holds_rows_more_than_two_per_cent_from_the_last_runs(rows: int, held: bool) -> None:
    now = figures(rows=rows, manifest_rows=None, manifest_debt_total=None)
    assert held_by(now) == ({Guard.COMPLETE} if held else set())


@pytest.mark.parametrize(("missing", "held"), [(0, False), (4, False), (5, False), (6, True)])
def test_complete_holds_when_over_half_a_per_cent_of_known_tenancies_are_missing(missing: int, held: bool) -> None:
    assert held_by(figures(missing=missing)) == ({Guard.COMPLETE} if held else set())


@pytest.mark.parametrize(("selected", "held"), [(49, True), (50, False), (100, False), (125, False), (126, True)])
def test_volume_holds_over_a_quarter_more_or_over_half_less_than_usual(selected: int, held: bool) -> None:
    assert held_by(figures(selected=selected, new_cases=0)) == ({Guard.VOLUME} if held else set())


@pytest.mark.parametrize(("selected", "held"), [(13, False), (29, False), (30, True)])
def test_volume_lets_a_small_run_grow_by_fewer_than_twenty(selected: int, held: bool) -> None:
    small = [run.model_copy(update={"selected": 10}) for run in EARLIER]
    assert held_by(figures(selected=selected, new_cases=0), small) == ({Guard.VOLUME} if held else set())


def test_volume_compares_with_the_median_of_the_last_three_runs_and_no_older_one() -> None:
    counts = (100, 100, 1000, 1000, 1000)
    earlier = [EARLIER[0].model_copy(update={"selected": count}) for count in counts]
    assert held_by(figures(selected=110, new_cases=0), earlier) == set()
    assert held_by(figures(selected=1000, new_cases=0), earlier) == {Guard.VOLUME}


@pytest.mark.parametrize(
    ("ratio", "held"),
    [("0.01", True), ("0.79", True), ("0.80", False), ("1.00", False), ("1.25", False), ("1.26", True), ("100", True)],
)
def test_scale_holds_balances_that_are_not_about_those_of_the_last_run(ratio: str, held: bool) -> None:
    assert held_by(figures(balance_ratio=Decimal(ratio))) == ({Guard.SCALE} if held else set())


def test_scale_holds_when_there_is_no_balance_to_compare() -> None:
    assert held_by(figures(balance_ratio=None)) == {Guard.SCALE}


@pytest.mark.parametrize(("new", "held"), [(39, False), (40, False), (41, True)])
def test_churn_holds_when_over_forty_per_cent_of_the_cases_are_new(new: int, held: bool) -> None:
    assert held_by(figures(new_cases=new)) == ({Guard.CHURN} if held else set())


@pytest.mark.parametrize(("numbers", "held"), [(919, True), (920, False), (950, False), (980, False), (981, True)])
def test_contacts_holds_a_share_of_usable_numbers_over_three_points_from_the_last_runs(
    numbers: int, held: bool
) -> None:
    assert held_by(figures(numbers=numbers)) == ({Guard.CONTACTS} if held else set())


@pytest.mark.parametrize(("cap", "held"), [(99, True), (100, False), (101, False)])
def test_cap_holds_more_cases_than_one_run_may_have(cap: int, held: bool) -> None:
    assert held_by(figures(), cap=cap) == ({Guard.CAP} if held else set())


def test_the_first_run_is_always_held_and_only_for_being_the_first() -> None:
    assert held_by(figures(balance_ratio=None, known=0), ()) == {Guard.FIRST_RUN}


def test_an_empty_run_is_not_a_fault_of_division() -> None:
    nothing = figures(rows=0, people=0, numbers=0, selected=0, new_cases=0, known=0)
    assert Guard.COMPLETE in held_by(nothing)


def test_every_verdict_is_one_sentence_with_the_runs_own_number_beside_the_threshold() -> None:
    now = figures(
        rows=500,
        missing=500,
        manifest_debt_total=Decimal("160000.00"),
        balance_ratio=Decimal("100"),
        numbers=1,
        selected=20_000,
        new_cases=19_000,
        as_of=date(2026, 11, 21),
    )
    assert [f"{verdict.guard}: {verdict.sentence}" for verdict in verdicts(now).values()] == [
        "first_run: Compared with the run of 2026-10-26.",
        "fresh: The snapshot of 2026-11-21 is 57.0 hours old; at most 26 are allowed.",
        "complete: 500 tenancies, but the export's manifest says 1,000; EUR 80,000.00 is owed, but the manifest says "
        "160,000.00; 500 tenancies, but 1,000 at the last run: more than 2.00 % apart; 50.00 % of 1,000 known "
        "tenancies are missing; at most 0.50 % is allowed.",
        "volume: 20,000 are selected, 100 in the median of the last runs; 50.00 % fewer to 25.00 % more is allowed.",
        "scale: Balances are 100.00 times the last run's (median); 0.80 to 1.25 is allowed.",
        "churn: 95.00 % of the cases are new (19,000 of 20,000); at most 40.00 % is allowed.",
        "contacts: 0.10 % have a usable number of their own, 95.00 % at the last run; 3.00 points "
        "up or down is allowed.",
        "cap: 20,000 are selected; the cap of one run is 10,000.",
    ]
    assert verdicts(now, ())[Guard.FIRST_RUN].sentence == (
        "This is the first run: there is none to compare it with, so a person looks at it."
    )


# --- the protections are really there --------------------------------------------------------------------------------

BAD: dict[Guard, tuple[Figures, Sequence[Figures]]] = {
    Guard.FIRST_RUN: (figures(), ()),
    Guard.FRESH: (figures(as_of=date(2026, 11, 1)), EARLIER),
    Guard.COMPLETE: (figures(missing=500), EARLIER),
    Guard.VOLUME: (figures(selected=1000, new_cases=300), EARLIER),
    Guard.SCALE: (figures(balance_ratio=Decimal(100)), EARLIER),
    Guard.CHURN: (figures(new_cases=100), EARLIER),
    Guard.CONTACTS: (figures(numbers=1), EARLIER),
    Guard.CAP: (figures(selected=20_000, new_cases=0), [figures(selected=20_000)] * 3),
}


@pytest.mark.parametrize("guard", Guard)
def test_a_run_that_one_guard_alone_would_hold_goes_out_without_that_guard(
    guard: Guard, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, earlier = BAD[guard]
    assert held_by(now, earlier) == {guard}
    monkeypatch.setitem(likeness.GUARDS, guard, lambda *_: (True, "Not looked at."))
    assert held_by(now, earlier) == set()


def test_every_number_of_the_guards_is_the_policys() -> None:
    loose: dict[str, Any] = {
        "snapshot_hours": 10_000,
        "rows_change": 1,
        "missing_share": 1,
        "volume_above_least": 100_000,
        "scale_high": 1000,
        "churn": 1,
        "contacts_points": 1,
        "cap": 100_000,
    }
    now = figures(as_of=date(2026, 11, 1), rows=500, manifest_rows=500, missing=500, balance_ratio=Decimal(100))
    now = now.model_copy(update={"numbers": 1, "selected": 20_000, "new_cases": 20_000})
    assert held_by(now, **loose) == set()
    assert POLICY.guards.cap == 10_000


@pytest.mark.parametrize("guard", [Guard.VOLUME, Guard.SCALE, Guard.CHURN, Guard.CONTACTS])
def test_the_first_run_is_told_that_there_is_nothing_to_compare_it_with(guard: Guard) -> None:
    assert verdicts(figures(), ())[guard].sentence == "No earlier run to compare with."


def test_balances_that_cannot_be_compared_are_told_so() -> None:
    assert verdicts(figures(balance_ratio=None))[Guard.SCALE].sentence == (
        "No tenancy owes both now and at the last run, so their balances cannot be compared."
    )


def test_a_run_in_which_nobody_is_selected_is_not_full_of_strangers() -> None:
    nobody = figures(selected=0, new_cases=0)
    assert Guard.CHURN not in held_by(nobody)
    assert verdicts(nobody)[Guard.CHURN].sentence.startswith("0.00 % of the cases are new")
