"""A good export is accepted whole, in every form the contract has, and says what it says and nothing else."""

import json
from decimal import Decimal
from io import BufferedReader, BytesIO, RawIOBase
from typing import Any

import pytest

from arrears import intake
from arrears.intake import examining
from arrears.intake.tables import COLUMNS
from arrears.model import Snapshot
from tests.intake.exports import (
    ENOUGH,
    NAME,
    TABLE,
    a_manifest,
    a_table,
    accepted,
    an_export,
    cells,
    packed,
    reading,
    remembered,
    report,
    rows,
)
from tests.makers import LANDLINE, POLICY, TODAY, a_snapshot, a_snapshot_row, a_tenant_row, an_item_row

GIVEN = rows(3)
GOOD = an_export(GIVEN)
SNAPSHOTS = [Snapshot.model_validate(row) for row in GIVEN]


@pytest.fixture(autouse=True, params=[examining.KEPT, 1, 0], ids=["kept", "one too many", "read again"])
def _however_many_are_kept(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "KEPT", request.param)


@pytest.fixture
def none_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with an export of more good rows than are kept."""
    monkeypatch.setattr(examining, "KEPT", 0)


class Pipe(RawIOBase):
    """A stream that can be read once, as from a socket."""

    def __init__(self, body: bytes) -> None:
        self._body = BytesIO(body)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._body.readinto(buffer)


def ordinary_rows(**changes: str) -> list[dict[str, str]]:
    return [cells(tenancy_id=f"T-{number}", **changes) for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (GOOD, NAME),
        (GOOD.rstrip(b"\n"), NAME),
        (GOOD.replace(b"\n", b"\r\n"), NAME),
        (GOOD, f"/exports/2026/{NAME}"),
        (an_export(json.dumps(row, indent=None, separators=(",", ":")) for row in GIVEN), NAME),
        (an_export(json.dumps(row, indent=None, separators=(" , ", " : ")) for row in GIVEN), NAME),
        (an_export(GIVEN, a_manifest(GIVEN)), NAME),
        (packed(GOOD), f"{NAME}.gz"),
        (packed(GOOD[:700]) + packed(GOOD[700:]), f"{NAME}.gz"),
        (a_table(ordinary_rows()), TABLE),
        (a_table(ordinary_rows()), "vuokravelat.csv"),
        (a_table(ordinary_rows(), delimiter=";"), TABLE),
        (a_table(ordinary_rows(), end="\r\n"), TABLE),
        (b"\xef\xbb\xbf" + a_table(ordinary_rows()), TABLE),
        (a_table(reversed(ordinary_rows())), TABLE),
    ],
)
def test_every_form_of_the_export_gives_the_same_tenancies(body: bytes, name: str) -> None:
    without_the_rest = [snapshot.model_dump() for snapshot in SNAPSHOTS]
    assert [snapshot.model_dump() for snapshot in accepted(body, name)] == without_the_rest


def test_a_decimal_comma_throughout_means_the_same_as_a_decimal_point() -> None:
    commas = {
        column: cells()[column].replace(".", ",")
        for column in ("monthly_rent", "housing_allowance", "charged", "unpaid")
    }
    assert accepted(a_table(ordinary_rows(**commas), delimiter=";"), TABLE) == SNAPSHOTS
    quoted = {column: f'"{amount}"' for column, amount in commas.items()}
    assert accepted(a_table(ordinary_rows(**quoted)), TABLE) == SNAPSHOTS


def test_a_stream_that_cannot_go_back_is_read_all_the_same() -> None:
    with intake.read(BufferedReader(Pipe(GOOD)), NAME, POLICY) as examined:
        assert list(examined.snapshots()) == SNAPSHOTS


def test_a_stream_without_end_is_not_kept() -> None:
    endless = BufferedReader(Pipe(b"x" * 5_000_000))
    with intake.read(endless, NAME, POLICY, limits=intake.Limits(file=1000)) as examined:
        assert examined.report.refused == "too_large"
    assert endless.read(1), "the rest was left in the pipe"


def test_the_report_counts_what_was_accepted() -> None:
    found = report(an_export(GIVEN, a_manifest(GIVEN)))
    assert found.model_dump(mode="json") == {
        "accepted": 3,
        "rejected": [],
        "refused": None,
        "message": None,
        "rejected_rows": 0,
        "name": NAME,
        "sha256": found.sha256,
        "as_of": f"{TODAY}",
        "rows": 3,
        "debt_total": "2400.00",
        "manifest_rows": 3,
        "manifest_debt_total": "2400.00",
    }


@pytest.mark.parametrize("phone", [None, "", LANDLINE, "=0401122334", "ei ole", "040112233\u200b4", "010203-1233"])
@pytest.mark.parametrize("email", [None, "", "testi(at)example.com"])
def test_a_number_or_address_that_cannot_be_used_is_no_fault_of_the_row(phone: str | None, email: str | None) -> None:
    row = a_snapshot_row(tenants=[a_tenant_row(phone=phone, email=email)])
    assert report(an_export([row])).accepted == 1


def test_letters_of_any_language_are_letters() -> None:
    names = ["Åke Öström", "Testi-Maria O’Testinen", "Ana Müller\u00a0Ñandú", "Тест Тестов"]
    given = [a_snapshot_row(tenancy_id=f"T-{n}", tenants=[a_tenant_row(name=name)]) for n, name in enumerate(names)]
    assert [snapshot.tenants[0].name for snapshot in accepted(an_export(given))] == names


def test_a_tenancy_that_owes_nothing_is_part_of_the_export() -> None:
    assert accepted(an_export([a_snapshot_row(open_items=[])])) == [a_snapshot(open_items=())]
    nothing = dict.fromkeys(("due_date", "charged", "unpaid", "reference"), "")
    assert accepted(a_table([cells(**nothing)]), TABLE) == [a_snapshot(open_items=())]


def test_empty_cells_of_a_table_are_null() -> None:
    (snapshot,) = accepted(a_table([cells(reference="", phone="", email="")]), TABLE)
    assert (snapshot.open_items[0].reference, snapshot.tenants[0].phone, snapshot.tenants[0].email) == (
        None,
        None,
        None,
    )


def test_rows_of_one_tenancy_are_joined_wherever_they_stand() -> None:
    second = {"tenant_id": "P-2", "name": "Toinen Testinen", "email": ""}
    october = {"due_date": "2026-10-05", "charged": "800.00", "unpaid": "20.00"}
    other = cells(tenancy_id="T-0")
    (_, snapshot) = accepted(
        a_table([cells(), cells(**october), other, cells(**second), cells(**second, **october)]), TABLE
    )
    assert [tenant.tenant_id for tenant in snapshot.tenants] == ["P-1", "P-2"]
    assert [item.unpaid for item in snapshot.open_items] == [Decimal("800.00"), Decimal("20.00")]


@pytest.mark.parametrize(
    ("second", "code", "field", "line"),
    [
        ({"due_date": "2026-10-05", "monthly_rent": "900.00"}, "rows_differ", "monthly_rent", 3),
        ({"due_date": "2026-10-05", "town": "Vantaa"}, "rows_differ", "town", 3),
        ({"due_date": "2026-10-05", "birth_date": "1990-01-01"}, "rows_differ", "birth_date", 3),
        ({}, "same_charge", "due_date", 3),
        ({"tenant_id": "P-2", "due_date": "2026-10-05"}, "rows_missing", "tenant_id", 2),
        ({"due_date": "2026-10-05", "unpaid": "812.40"}, "unpaid_over_charged", "unpaid", 3),
        ({"tenant_id": "P-2", "birth_date": "2027-01-01"}, "birth_date", "birth_date", 3),
        ({"tenant_id": "P-2", "role": "renter"}, "choice", "role", 3),
    ],
)
def test_what_is_wrong_between_the_rows_of_a_tenancy_is_told_with_line_and_column(
    second: dict[str, str], code: str, field: str, line: int
) -> None:
    good = [cells(tenancy_id=f"T-{number}") for number in range(2, ENOUGH + 2)]
    (finding,) = report(a_table([cells(), cells(**second), *good]), TABLE).rejected
    assert (finding.tenancy_id, finding.code, finding.field, finding.line) == ("T-1", code, field, line)


def test_one_tenancy_id_filled_down_the_whole_table_is_one_bad_row() -> None:
    body = a_table([cells(due_date=f"{1980 + n // 300}-{n % 12 + 1:02}-{n % 25 + 1:02}") for n in range(1001)])
    found = report(body, TABLE)
    assert (found.refused, [finding.code for finding in found.rejected]) == ("too_many_bad_rows", ["too_many_rows"])


def test_a_doubled_tenancy_is_not_published_at_all_because_nobody_can_say_which_row_is_true() -> None:
    given = rows(1000)
    with reading(an_export([*given, given[7], given[7]])) as examined:
        found = examined.report
        assert (found.accepted, found.rejected_rows, found.refused) == (999, 3, None)
        assert [(finding.line, finding.tenancy_id) for finding in found.rejected] == [
            (8, "T-8"),
            (1001, "T-8"),
            (1002, "T-8"),
        ]
        assert "T-8" not in {snapshot.tenancy_id for snapshot in examined.snapshots()}


@pytest.mark.parametrize(("good", "refused"), [(198, "too_many_bad_rows"), (199, None), (200, None)])
def test_half_a_per_cent_of_bad_rows_is_allowed_and_not_one_more(good: int, refused: str | None) -> None:
    found = report(an_export([a_snapshot_row(area="x", tenancy_id="T-0"), *rows(good)]))
    assert (found.refused, found.rejected_rows) == (refused, 1)


def test_only_a_thousand_bad_rows_are_told_but_all_are_counted() -> None:
    found = report(an_export(a_snapshot_row(area="x", tenancy_id=f"T-{n}") for n in range(1200)))
    assert (len(found.rejected), found.rejected_rows) == (1000, 1200)


def test_a_manifest_may_mean_its_total_before_or_after_unmatched_payments() -> None:
    given = [a_snapshot_row(unallocated_credit="300.00"), a_snapshot_row(tenancy_id="T-2", unallocated_credit="900.00")]
    for total, refused in [
        ("1600.00", None),
        ("500.00", None),
        ("400.00", "manifest_total"),
        ("1599.99", "manifest_total"),
    ]:
        assert report(an_export(given, a_manifest(given, debt_total=total))).refused == refused


@pytest.mark.parametrize(
    ("total", "refused"),
    [("160500.00", None), ("160900.00", None), ("160500.01", "manifest_total"), ("160700.00", "manifest_total")],
)
def test_what_is_not_matched_yet_counts_in_a_bad_row_too(total: str, refused: str | None) -> None:
    bad = [a_snapshot_row(tenancy_id="T-900", area="mars", unallocated_credit="400.00")]
    bad[0]["open_items"] = [an_item_row(unpaid="900.00", charged="900.00")]
    given = [*rows(), *bad]
    assert report(an_export(given, a_manifest(given, debt_total=total))).refused == refused


def test_a_manifest_counts_bad_rows_too() -> None:
    given = [*rows(), a_snapshot_row(tenancy_id="T-0", area="x")]
    assert report(an_export(given, a_manifest(given))).rejected_rows == 1
    unreadable = [*rows(), a_snapshot_row(tenancy_id="T-0", open_items=[an_item_row(unpaid="8OO.00")])]
    assert report(an_export(unreadable, a_manifest(unreadable))).rejected_rows == 1
    too_little = a_manifest(unreadable, debt_total="159999.99")
    assert report(an_export(unreadable, too_little)).refused == "manifest_total"


def test_the_same_day_again_is_a_corrected_export() -> None:
    corrected = an_export([*GIVEN, a_snapshot_row(tenancy_id="T-4")])
    assert report(corrected, previous=remembered(GOOD)).accepted == 4


def test_a_new_months_rent_is_no_change_of_scale() -> None:
    before = remembered(GOOD)
    december = an_item_row(due_date="2026-11-20")
    grown = [row | {"open_items": [*row["open_items"], december]} for row in GIVEN]
    october = before.model_copy(update={"as_of": TODAY.replace(day=19)})
    assert report(an_export(grown), previous=october).refused is None


@pytest.mark.parametrize(
    ("now", "refused"),
    [("639.90", "scale"), ("640.00", None), ("800.00", None), ("1000.00", None), ("1000.10", "scale")],
)
def test_balances_may_be_up_to_a_quarter_more_or_a_fifth_less_in_the_median(now: str, refused: str | None) -> None:
    items = [an_item_row(charged="1000.10", unpaid=now)]
    later = an_export([row | {"open_items": items} for row in GIVEN])
    assert report(later, previous=remembered(GOOD)).refused == refused


@pytest.mark.usefixtures("none_kept")
@pytest.mark.parametrize(("body", "name"), [(GOOD, NAME), (packed(GOOD), f"{NAME}.gz")])
def test_a_file_that_changes_while_it_is_handed_over_is_noticed(body: bytes, name: str) -> None:
    file = BytesIO(body)
    with intake.read(file, name, POLICY) as examined:
        file.truncate(len(body) // 3)
        with pytest.raises(RuntimeError, match="changed"):
            list(examined.snapshots())


@pytest.mark.usefixtures("none_kept")
def test_a_row_that_goes_is_noticed_although_nobody_wanted_it() -> None:
    file = BytesIO(GOOD)
    with intake.read(file, NAME, POLICY, wanted=lambda one: one.tenancy_id == "T-1") as examined:
        file.truncate(GOOD.rindex(b"\n", 0, -1) + 1)
        with pytest.raises(RuntimeError, match="changed"):
            list(examined.snapshots())


def test_only_the_tenancies_that_are_wanted_are_handed_over_and_all_are_counted() -> None:
    twice = an_export([*rows(2 * ENOUGH), a_snapshot_row(tenancy_id="T-3")])
    with intake.read(BytesIO(twice), NAME, POLICY, wanted=lambda one: one.tenancy_id in ("T-2", "T-3")) as examined:
        assert [snapshot.tenancy_id for snapshot in examined.snapshots()] == ["T-2"]
        assert examined.report.accepted == 2 * ENOUGH - 1


def test_the_columns_of_a_table_are_those_of_the_contract() -> None:
    assert ",".join(COLUMNS) == (
        "tenancy_id,as_of,area,monthly_rent,housing_allowance,due_date,charged,unpaid,reference,"
        "tenant_id,role,name,birth_date,phone,email,street,postal_code,town"
    )
