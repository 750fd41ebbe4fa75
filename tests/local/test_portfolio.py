import csv
import json
import os
import pickle
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import count
from pathlib import Path
from random import Random

import pytest

from arrears.calendar import age, days_between
from arrears.model import AgreementStatus, Case, CourtStatus, HoldKind, Role, Snapshot, Step
from arrears.payment import reference
from arrears.phones import PhoneProblem, e164, problem
from arrears.policy import policy_named
from arrears.rules import debt, decide
from tests.local import dice
from tests.local.portfolio import COLUMNS, DEMO_END, DEMO_START, Portfolio
from tests.local.tenancy import Row

POLICY = policy_named("2024-10-01")
TEXTED = date(2026, 2, 12)
TWO_WEEKS = timedelta(days=14)

MAKE_FILES = """
import hashlib, sys
from datetime import date
from pathlib import Path
from arrears.model import Step
from tests.local.portfolio import Portfolio
portfolio = Portfolio(400, int(sys.argv[2]), date(2026, 2, 1))
portfolio.advance(date(2026, 2, 12))
for row in portfolio.export(portfolio.today):
    portfolio.react(Step.SMS_REMINDER, row["tenancy_id"], portfolio.today)
portfolio.advance(date(2026, 3, 12))
files = [portfolio.write_export(portfolio.today, Path(sys.argv[1]), everyone=True),
         portfolio.write_csv(portfolio.today, Path(sys.argv[1]))]
print([hashlib.sha256(file.read_bytes()).hexdigest() for file in files])
"""


@pytest.fixture(scope="module")
def mid_february() -> list[Snapshot]:
    """Everyone on the 12th, when the monthly texts leave."""
    return _snapshots(_on(TEXTED), everyone=True)


def test_every_exported_row_is_a_debt_snapshot(mid_february: list[Snapshot]) -> None:
    assert 3000 <= len(mid_february) <= 3100
    assert len({snapshot.tenancy_id for snapshot in mid_february}) == len(mid_february)
    assert {snapshot.area for snapshot in mid_february} == set(POLICY.scope.areas)
    assert all(400 <= snapshot.monthly_rent <= 1400 for snapshot in mid_february)
    assert all(0 < item.unpaid <= item.charged for snapshot in mid_february for item in snapshot.open_items)


def test_the_same_seed_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    assert _made(tmp_path, seed=7, hash_seed="1") == _made(tmp_path, seed=7, hash_seed="4242")


def test_another_seed_gives_another_portfolio(tmp_path: Path) -> None:
    assert _made(tmp_path, seed=7, hash_seed="1") != _made(tmp_path, seed=8, hash_seed="1")


@pytest.mark.parametrize("seed", [2026, 1, 3])
def test_about_one_in_seven_owes_rent_and_half_of_them_are_due_a_text(seed: int) -> None:
    snapshots = _snapshots(_on(TEXTED, seed))
    owing = sum(debt(snapshot, POLICY, TEXTED) > 0 for snapshot in snapshots) / 3000
    texted = sum(map(_due_a_text, snapshots)) / 3000
    assert 0.13 < owing < 0.165
    assert 0.065 < texted < 0.085


def test_those_in_the_north_and_northeast_owe_more_often(mid_february: list[Snapshot]) -> None:
    shares = _share_in_debt(mid_february)
    assert min(shares["north"], shares["northeast"]) > max(shares["south"], shares["west"], shares["central"])


def test_the_debt_of_the_young_in_the_northeast_grows_faster_than_that_of_the_others() -> None:
    portfolio = _portfolio(3000, 2026, date(2025, 3, 12))
    before = _debts(_snapshots(portfolio))
    portfolio.advance(TEXTED)
    after = _debts(_snapshots(portfolio))
    assert after["young in the northeast"] > Decimal("1.5") * before["young in the northeast"]
    assert after["others"] < Decimal("1.2") * before["others"]


def test_the_young_and_the_old_have_homes(mid_february: list[Snapshot]) -> None:
    ages = [age(tenant.birth_date, TEXTED) for snapshot in mid_february for tenant in snapshot.tenants]
    assert min(ages) == 18
    assert 90 < max(ages) <= 96
    young = sum(any(age(each.birth_date, TEXTED) < 30 for each in snapshot.main_tenants) for snapshot in mid_february)
    assert 0.2 < young / len(mid_february) < 0.35


def test_numbers_are_typed_in_every_way_and_most_reach_a_mobile(mid_february: list[Snapshot]) -> None:
    phones = [tenant.phone for snapshot in mid_february for tenant in snapshot.tenants]
    assert {problem(phone) for phone in phones} == {None, *PhoneProblem}
    assert 0.90 < sum(problem(phone) is None for phone in phones) / len(phones) < 0.96
    shapes = Counter("".join("9" if sign.isdigit() else sign for sign in phone or "") for phone in phones)
    assert {"999 999 9999", "9999999999", "999-9999999", "+999 99 999 9999", "(999) 9999999"} <= set(shapes)


def test_some_flats_share_one_number(mid_february: list[Snapshot]) -> None:
    flats = defaultdict(set)
    for snapshot in mid_february:
        for tenant in snapshot.main_tenants:
            flats[e164(tenant.phone)].add(snapshot.tenancy_id)
    del flats[None]
    assert sum(len(sharing) > 1 for sharing in flats.values()) >= 3


def test_every_person_is_plainly_a_test_person(mid_february: list[Snapshot]) -> None:
    tenants = [tenant for snapshot in mid_february for tenant in snapshot.tenants]
    made_up = ("Testi-", "Koe-", "Malli-", "Esimerkki-", "Näyte-", "Kokeilu-", "Harjoitus-", "Demo-")
    assert all(tenant.name.startswith(made_up) for tenant in tenants)
    assert all(tenant.email is None or "@example." in tenant.email for tenant in tenants)


def test_every_kind_of_fact_occurs_in_the_demo_months() -> None:
    assert _kinds(_demo_days()) >= {
        *(("hold", kind) for kind in HoldKind),
        *(("agreement", status) for status in AgreementStatus),
        *(("court", status) for status in CourtStatus),
        *(("hold with an end", kind) for kind in (HoldKind.DISPUTE, HoldKind.HALT_REQUEST, HoldKind.MANUAL)),
        *(("hold without an end", kind) for kind in (HoldKind.DISPUTE, HoldKind.DECEASED, HoldKind.GUARDIAN)),
        *(("main tenants", several) for several in (1, 2, 3)),
        ("a co-tenant first", True),
        ("contact forbidden", True),
        ("contacted", True),
        ("lease ended", True),
        ("credit", True),
        ("part paid", True),
        ("less than 20 euros", True),
        ("two rents", True),
        ("expired", True),
        ("no reference", True),
        ("deductible zero", True),
        ("deductible negative", True),
        ("young in court", True),
    }


def test_every_reference_is_one_that_banks_accept(mid_february: list[Snapshot]) -> None:
    references = [item.reference for snapshot in mid_february for item in snapshot.open_items if item.reference]
    assert len(references) > 500
    assert all(reference(each) == each for each in references)


def test_the_export_has_those_in_debt_in_court_or_in_touch_and_nobody_else(mid_february: list[Snapshot]) -> None:
    exported = {snapshot.tenancy_id for snapshot in _snapshots(_on(TEXTED))}
    recent = TEXTED - timedelta(days=60)
    for snapshot in mid_february:
        agreed = snapshot.agreement and (snapshot.agreement.broken_on or snapshot.agreement.agreed_on) >= recent
        in_touch = snapshot.contacted_on and snapshot.contacted_on >= recent
        in_court = snapshot.court and snapshot.court.status is CourtStatus.PENDING
        overdue = sum((item.unpaid for item in snapshot.open_items if item.due_date < TEXTED), Decimal(0))
        owes = overdue > snapshot.unallocated_credit
        assert (snapshot.tenancy_id in exported) == bool(agreed or in_touch or in_court or owes)


def test_a_text_moves_about_half_to_pay_or_make_contact_within_two_weeks() -> None:
    assert 0.18 < _share_answering(None, _due_a_text) < 0.32
    assert 0.50 < _share_answering(Step.SMS_REMINDER, _due_a_text) < 0.60


def test_a_court_notice_moves_about_three_quarters_of_the_young() -> None:
    assert 0.70 < _share_answering(Step.COURT_NOTICE, _is_young) < 0.85
    assert 0.50 < _share_answering(Step.COURT_NOTICE, lambda snapshot: not _is_young(snapshot)) < 0.65


@pytest.mark.parametrize("letter", [Step.COLLECTION_LETTER, Step.AGREEMENT_BROKEN_LETTER, Step.COURT_WARNING_LETTER])
def test_every_letter_moves_some(letter: Step) -> None:
    assert _share_answering(letter, _due_a_text) > _share_answering(None, _due_a_text) + 0.12


def test_agreements_after_a_text_show_in_later_exports_and_some_are_broken() -> None:
    portfolio = _on(TEXTED)
    for snapshot in _snapshots(portfolio):
        portfolio.react(Step.SMS_REMINDER, snapshot.tenancy_id, TEXTED)
    portfolio.advance(DEMO_END)
    since = [s.agreement for s in _snapshots(portfolio) if s.agreement and s.agreement.agreed_on > TEXTED]
    became = Counter(agreement.status for agreement in since)
    assert min(became[AgreementStatus.ACTIVE], became[AgreementStatus.COMPLETED], became[AgreementStatus.BROKEN]) >= 3
    assert all(each.broken_on for each in since if each.status is AgreementStatus.BROKEN)


def test_an_answer_comes_on_a_later_day() -> None:
    portfolio = _portfolio(500, 2026, TEXTED)
    before = portfolio.export(TEXTED)
    for row in before:
        portfolio.react(Step.SMS_REMINDER, row["tenancy_id"], TEXTED)
    assert portfolio.export(TEXTED) == before


def test_who_owes_nothing_or_has_agreed_does_nothing_about_a_letter() -> None:
    told, untold = _portfolio(500, 2026, TEXTED), _portfolio(500, 2026, TEXTED)
    for snapshot in _snapshots(told, everyone=True):
        agreed = snapshot.agreement and snapshot.agreement.status is AgreementStatus.ACTIVE
        if agreed or not snapshot.open_items:
            told.react(Step.COLLECTION_LETTER, snapshot.tenancy_id, TEXTED)
    assert _later(told) == _later(untold)


def test_a_message_to_one_tenant_changes_nothing_for_the_others() -> None:
    assert _others_are_unmoved()


def test_broken_twin_one_pair_of_dice_for_all_moves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    shared = Random(1)
    monkeypatch.setattr(dice, "Random", lambda about: shared)
    assert not _others_are_unmoved()


def test_the_file_says_of_itself_what_it_holds(tmp_path: Path) -> None:
    portfolio = _portfolio(500, 2026, TEXTED)
    path = portfolio.write_export(TEXTED, tmp_path / "exports")
    first, *lines = path.read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    total = sum(Decimal(item["unpaid"]) for row in rows for item in row["open_items"])
    assert path.name == "snapshot-2026-02-12.jsonl"
    assert json.loads(first) == {"manifest": {"as_of": "2026-02-12", "rows": len(rows), "debt_total": str(total)}}
    assert rows == portfolio.export(TEXTED)


@pytest.mark.parametrize(("delimiter", "point", "bom"), [(";", ",", True), (",", ".", False)])
def test_the_same_debts_as_a_spreadsheet(tmp_path: Path, delimiter: str, point: str, *, bom: bool) -> None:
    portfolio = _portfolio(500, 2026, TEXTED)
    path = portfolio.write_csv(TEXTED, tmp_path, delimiter=delimiter, point=point, bom=bom)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf") is bom
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file, delimiter=delimiter))
    owing = [snapshot for snapshot in _snapshots(portfolio) if snapshot.open_items]
    assert list(lines[0]) == list(COLUMNS)
    assert {line["role"] for line in lines} == {"main"}
    assert len(lines) == sum(len(snapshot.open_items) * len(snapshot.main_tenants) for snapshot in owing)
    assert {(line["tenancy_id"], line["due_date"], line["unpaid"].replace(point, ".")) for line in lines} == {
        (snapshot.tenancy_id, item.due_date.isoformat(), str(item.unpaid))
        for snapshot in owing
        for item in snapshot.open_items
    }


def test_the_ledger_shows_today_only_and_time_does_not_go_back() -> None:
    portfolio = _portfolio(20, 1, TEXTED)
    with pytest.raises(ValueError, match="advance to it first"):
        portfolio.export(TEXTED + timedelta(days=1))
    with pytest.raises(ValueError, match="cannot go back"):
        portfolio.advance(TEXTED - timedelta(days=1))


def test_living_day_by_day_and_in_one_go_is_the_same_life() -> None:
    slowly = Portfolio(300, 1, DEMO_START)
    for day in days_between(DEMO_START, TEXTED):
        slowly.advance(day)
    at_once = Portfolio(300, 1, DEMO_START)
    at_once.advance(TEXTED)
    assert slowly.export(TEXTED, everyone=True) == at_once.export(TEXTED, everyone=True)


def test_rent_falls_due_on_the_fourth_and_most_have_paid_by_then() -> None:
    portfolio, open_rents = _portfolio(), {}
    for day in (1, 5, 12):
        portfolio.advance(date(2026, 2, day))
        open_rents[day] = _open_february_rents(portfolio)
    assert open_rents[1] > 2000
    assert 250 < open_rents[12] < open_rents[5] < 750


def test_who_moves_out_is_followed_by_new_tenants_in_the_same_flat() -> None:
    rows = {row["tenancy_id"]: row for row in _on(date(2026, 3, 12)).export(date(2026, 3, 12), everyone=True)}
    ended = [row for row in rows.values() if row["lease_ended_on"] == "2026-02-28"]
    assert len(ended) >= 10
    for row in ended:
        flat, lease = row["tenancy_id"].split("-")
        follower = rows[f"{flat}-{int(lease) + 1}"]
        assert follower["address"] == row["address"]
        assert {each["name"] for each in follower["tenants"]} != {each["name"] for each in row["tenants"]}


# --- making and looking ----------------------------------------------------------------------------------------------


@cache
def _made_once(tenancies: int, seed: int, start: date) -> bytes:
    return pickle.dumps(Portfolio(tenancies, seed, start))


def _portfolio(tenancies: int = 3000, seed: int = 2026, start: date = DEMO_START) -> Portfolio:
    """A portfolio that nobody has lived in yet: made once, which takes longest, and handed to each test anew."""
    portfolio: Portfolio = pickle.loads(_made_once(tenancies, seed, start))
    return portfolio


def _on(day: date, seed: int = 2026) -> Portfolio:
    portfolio = _portfolio(3000, seed, DEMO_START)
    portfolio.advance(day)
    return portfolio


def _snapshots(portfolio: Portfolio, *, everyone: bool = False) -> list[Snapshot]:
    return [Snapshot.model_validate(row) for row in portfolio.export(portfolio.today, everyone=everyone)]


def _due_a_text(snapshot: Snapshot) -> bool:
    return decide(Case(snapshot=snapshot), POLICY, snapshot.as_of).step is Step.SMS_REMINDER


def _is_young(snapshot: Snapshot) -> bool:
    return any(18 <= age(tenant.birth_date, snapshot.as_of) <= 29 for tenant in snapshot.main_tenants)


def _made(folder: Path, seed: int, hash_seed: str) -> str:
    command = [sys.executable, "-c", MAKE_FILES, str(folder), str(seed)]
    environment = os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.getcwd()}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def _share_in_debt(snapshots: list[Snapshot]) -> dict[str, float]:
    flats = Counter(snapshot.area for snapshot in snapshots)
    owing = Counter(each.area for each in snapshots if debt(each, POLICY, each.as_of) > 0)
    return {area: owing[area] / flats[area] for area in flats}


def _debts(snapshots: list[Snapshot]) -> dict[str, Decimal]:
    debts: defaultdict[str, Decimal] = defaultdict(Decimal)
    for snapshot in (each for each in snapshots if not each.lease_ended_on):
        group = "young in the northeast" if snapshot.area == "northeast" and _is_young(snapshot) else "others"
        debts[group] += debt(snapshot, POLICY, snapshot.as_of)
    return debts


@cache
def _two_weeks_after(step: Step | None) -> list[tuple[Snapshot, Snapshot]]:
    """All who owe rent on the day a message arrives (or none does), and the same two weeks later."""
    portfolio = _portfolio(3000, 11, TEXTED)
    behind = [each for each in _snapshots(portfolio) if debt(each, POLICY, TEXTED) and not each.lease_ended_on]
    for snapshot in behind:
        if step:
            portfolio.react(step, snapshot.tenancy_id, TEXTED)
    portfolio.advance(TEXTED + TWO_WEEKS)
    after = {each.tenancy_id: each for each in _snapshots(portfolio, everyone=True)}
    return [(snapshot, after[snapshot.tenancy_id]) for snapshot in behind]


def _share_answering(step: Step | None, among: Callable[[Snapshot], bool]) -> float:
    """The share who pay something or make contact within two weeks."""
    answers = [_answered(before, after) for before, after in _two_weeks_after(step) if among(before)]
    return sum(answers) / len(answers)


def _answered(before: Snapshot, after: Snapshot) -> bool:
    in_touch = after.contacted_on is not None and after.contacted_on > before.as_of
    return in_touch or debt(after, POLICY, after.as_of) < debt(before, POLICY, before.as_of)


def _others_are_unmoved() -> bool:
    told, untold = _portfolio(300, 1, TEXTED), _portfolio(300, 1, TEXTED)
    one = told.export(TEXTED)[0]["tenancy_id"]
    for kind in (Step.SMS_REMINDER, Step.COLLECTION_LETTER, Step.COURT_NOTICE):
        told.react(kind, one, TEXTED)
    return [row for row in _later(told) if row["tenancy_id"] != one] == [
        row for row in _later(untold) if row["tenancy_id"] != one
    ]


def _later(portfolio: Portfolio) -> list[Row]:
    portfolio.advance(TEXTED + timedelta(days=40))
    return portfolio.export(portfolio.today, everyone=True)


def _open_february_rents(portfolio: Portfolio) -> int:
    return sum(
        item["due_date"] == "2026-02-04"
        for row in portfolio.export(portfolio.today, everyone=True)
        for item in row["open_items"]
    )


def _demo_days() -> Iterator[Snapshot]:
    portfolio = _portfolio()
    for week in count():
        if (day := DEMO_START + timedelta(days=7 * week)) > DEMO_END:
            return
        portfolio.advance(day)
        yield from _snapshots(portfolio, everyone=True)


def _kinds(snapshots: Iterator[Snapshot]) -> set[tuple[str, object]]:
    return {kind for snapshot in snapshots for kind in _kinds_of(snapshot)}


def _kinds_of(snapshot: Snapshot) -> Iterator[tuple[str, object]]:
    owed = debt(snapshot, POLICY, snapshot.as_of)
    yield "main tenants", len(snapshot.main_tenants)
    for hold in snapshot.holds:
        yield "hold", hold.kind
        yield "hold with an end" if hold.until else "hold without an end", hold.kind
    if snapshot.agreement:
        yield "agreement", snapshot.agreement.status
    if snapshot.court:
        yield "court", snapshot.court.status
    facts = {
        "a co-tenant first": snapshot.tenants[0].role is Role.CO,
        "contact forbidden": any(tenant.contact_forbidden for tenant in snapshot.main_tenants),
        "contacted": snapshot.contacted_on is not None,
        "lease ended": snapshot.lease_ended_on is not None,
        "credit": snapshot.unallocated_credit > 0,
        "part paid": any(0 < item.unpaid < item.charged for item in snapshot.open_items),
        "less than 20 euros": 0 < owed < 20,
        "two rents": owed >= 2 * snapshot.monthly_rent,
        "expired": any(item.due_date < snapshot.as_of - timedelta(days=1097) for item in snapshot.open_items),
        "no reference": any(item.reference is None for item in snapshot.open_items),
        "deductible zero": snapshot.deductible == 0,
        "deductible negative": snapshot.deductible < 0,
        "young in court": snapshot.court is not None and _is_young(snapshot),
    }
    yield from ((fact, True) for fact, holds in facts.items() if holds)
