"""One row that is wrong, among enough that are right: it alone is rejected, with a sentence that says what to mend."""

from pathlib import Path
from typing import Any

import pytest

from tests.intake.exports import ENOUGH, an_export, line, report, rows
from tests.makers import a_snapshot_row, a_tenant_row, an_item_row

Row = dict[str, Any]
GONE = object()
GOOD = an_export(rows())


def changed(**changes: Any) -> Row:
    """The ordinary row with one fact changed, or gone."""
    row = a_snapshot_row(tenancy_id="T-0") | changes
    return {field: value for field, value in row.items() if value is not GONE}


def item(**changes: Any) -> Row:
    return changed(open_items=[an_item_row(**changes)])


def tenant(**changes: Any) -> Row:
    return changed(tenants=[a_tenant_row(**changes)])


def address(**changes: Any) -> Row:
    return changed(address=a_snapshot_row()["address"] | changes)


def without(row: Row, field: str) -> Row:
    return {key: value for key, value in row.items() if key != field}


BAD_ROWS: list[tuple[Row, str, str]] = [
    # the contract's fields
    (changed(rent_class="A"), "rent_class", "unknown_field"),
    (changed(**{"Testi Testinen": 1}), '"Xxxxx Xxxxxxxx"', "unknown_field"),
    (tenant(shoe_size="43"), "tenants.0.shoe_size", "unknown_field"),
    (changed(area=GONE), "area", "missing_field"),
    (changed(open_items=GONE), "open_items", "missing_field"),
    (changed(tenants=[without(a_tenant_row(), "birth_date")]), "tenants.0.birth_date", "missing_field"),
    (changed(address=without(a_snapshot_row()["address"], "town")), "address.town", "missing_field"),
    (changed(open_items={}), "open_items", "wrong_type"),
    (changed(open_items=None), "open_items", "wrong_type"),
    (changed(open_items=["800.00"]), "open_items.0", "wrong_type"),
    (changed(tenants="Testi Testinen"), "tenants", "wrong_type"),
    (changed(address="Testikatu 1 A 2"), "address", "wrong_type"),
    (changed(address=None), "address", "wrong_type"),
    (changed(agreement=[]), "agreement", "wrong_type"),
    (changed(tenancy_id=4711), "tenancy_id", "wrong_type"),
    (tenant(name=None), "tenants.0.name", "wrong_type"),
    (tenant(phone=401122334), "tenants.0.phone", "wrong_type"),
    (tenant(contact_forbidden="false"), "tenants.0.contact_forbidden", "wrong_type"),
    (tenant(contact_forbidden=0), "tenants.0.contact_forbidden", "wrong_type"),
    (tenant(contact_forbidden=None), "tenants.0.contact_forbidden", "wrong_type"),
    # money
    (changed(monthly_rent=800), "monthly_rent", "money"),
    (changed(monthly_rent=800.5), "monthly_rent", "money"),
    (changed(monthly_rent="800"), "monthly_rent", "money"),
    (changed(monthly_rent="800.0"), "monthly_rent", "money"),
    (changed(monthly_rent="800,00"), "monthly_rent", "money"),
    (changed(monthly_rent="1 800.00"), "monthly_rent", "money"),
    (changed(monthly_rent="1_800.00"), "monthly_rent", "money"),
    (changed(monthly_rent="1E+400"), "monthly_rent", "money"),
    (changed(monthly_rent="８００.００"), "monthly_rent", "money"),
    (changed(monthly_rent="800.00 €"), "monthly_rent", "money"),
    (changed(monthly_rent="800.00\n"), "monthly_rent", "money"),
    (changed(monthly_rent=""), "monthly_rent", "money"),
    (changed(monthly_rent="NaN"), "monthly_rent", "money"),
    (changed(monthly_rent="0.00"), "monthly_rent", "no_rent"),
    (changed(housing_allowance=None), "housing_allowance", "money"),
    (changed(unallocated_credit="-5.00"), "unallocated_credit", "money"),
    (item(unpaid="-800.00"), "open_items.0.unpaid", "money"),
    (item(unpaid="800.01"), "open_items.0.unpaid", "unpaid_over_charged"),
    (item(charged="1234567890.00"), "open_items.0.charged", "money"),
    # days
    (changed(as_of="23.11.2026"), "as_of", "date"),
    (item(due_date="2026-W45-3"), "open_items.0.due_date", "date"),
    (item(due_date="20261104"), "open_items.0.due_date", "date"),
    (item(due_date="2026-11-04T00:00:00"), "open_items.0.due_date", "date"),
    (item(due_date=46330), "open_items.0.due_date", "date"),
    (item(due_date="2026-02-30"), "open_items.0.due_date", "no_such_day"),
    (item(due_date="2062-11-04"), "open_items.0.due_date", "unlikely_day"),
    (item(due_date="1926-11-04"), "open_items.0.due_date", "unlikely_day"),
    (changed(lease_ended_on=""), "lease_ended_on", "date"),
    (changed(contacted_on="2026-11-24"), "contacted_on", "unlikely_day"),
    (changed(court={"opened_on": "2026-11-24", "status": "pending"}), "court.opened_on", "unlikely_day"),
    (changed(agreement={"agreed_on": "2026-11-24", "status": "active"}), "agreement.agreed_on", "unlikely_day"),
    (
        changed(agreement={"agreed_on": "2026-11-02", "status": "broken", "broken_on": "2026-11-01"}),
        "agreement.broken_on",
        "unlikely_day",
    ),
    (tenant(birth_date="2026-11-24"), "tenants.0.birth_date", "birth_date"),
    (tenant(birth_date="1900-01-01"), "tenants.0.birth_date", "birth_date"),
    (tenant(birth_date="17.5.1986"), "tenants.0.birth_date", "date"),
    # words and numbers
    (changed(tenancy_id=""), "tenancy_id", "identifier"),
    (changed(tenancy_id="T 0"), "tenancy_id", "identifier"),
    (changed(tenancy_id="T" * 41), "tenancy_id", "identifier"),
    (tenant(tenant_id="ä-1"), "tenants.0.tenant_id", "identifier"),
    (changed(area="North"), "area", "area"),
    (changed(area="nrth"), "area", "area"),
    (tenant(role="vuokralainen"), "tenants.0.role", "choice"),
    (changed(holds=[{"kind": "holiday", "until": None}]), "holds.0.kind", "choice"),
    (changed(agreement={"agreed_on": "2026-11-02", "status": "kept"}), "agreement.status", "choice"),
    (changed(court={"opened_on": "2026-11-02", "status": "open"}), "court.status", "choice"),
    (item(reference="11113"), "open_items.0.reference", "reference"),
    (item(reference="RF0011112"), "open_items.0.reference", "reference"),
    (item(reference="vuokra"), "open_items.0.reference", "reference"),
    (item(reference="1" * 31), "open_items.0.reference", "too_long"),
    (tenant(name=""), "tenants.0.name", "blank"),
    (tenant(name="  "), "tenants.0.name", "blank"),
    (tenant(name="T" * 201), "tenants.0.name", "too_long"),
    (tenant(name="Testi TestilÃ¤"), "tenants.0.name", "broken_letters"),
    (tenant(name="Testi Testil\ufffd"), "tenants.0.name", "broken_letters"),
    (tenant(name="Testi\u200bTestinen"), "tenants.0.name", "broken_letters"),
    (tenant(name="Testi\x00Testinen"), "tenants.0.name", "broken_letters"),
    (address(street="Testikatu 1\nA 2"), "address.street", "broken_letters"),
    (address(town=" "), "address.town", "blank"),
    (address(postal_code="999"), "address.postal_code", "postal_code"),
    (address(postal_code="FI-00999 Helsinki"), "address.postal_code", "postal_code"),
    # who is on the lease, and what they owe
    (changed(tenants=[]), "tenants", "no_tenant"),
    (tenant(role="co"), "tenants", "no_main_tenant"),
    (changed(tenants=[a_tenant_row(), a_tenant_row()]), "tenants", "same_tenant"),
    (changed(open_items=[an_item_row(), an_item_row()]), "open_items.1", "same_charge"),
]


SENTENCES = (Path(__file__).parent / "bad_rows.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize(("case", "sentence"), list(zip(BAD_ROWS, SENTENCES, strict=True)))
def test_a_bad_row_is_rejected_alone_and_its_sentence_says_what_to_mend(
    case: tuple[Row, str, str], sentence: str
) -> None:
    row, field, code = case
    found = report(line(row) + b"\n" + GOOD)
    assert (found.refused, found.accepted, found.rejected_rows) == (None, ENOUGH, 1)
    (finding,) = found.rejected
    assert (finding.line, finding.field, finding.code) == (1, field, code)
    assert f"{field}: {finding.message}" == sentence
