"""Each protection taken away lets exactly its harm through: the tests that hold it can fail."""

from dataclasses import dataclass
from typing import Any

import pytest

from arrears.intake import PreviousSnapshot, examining, identity, jsonlines, rows, rules, tables
from arrears.intake.doubles import Seen
from arrears.intake.examining import Examination
from arrears.model import Snapshot
from tests.intake import exports
from tests.intake.exports import NAME, TABLE, a_manifest, a_table, an_export, cells, remembered, report
from tests.makers import a_snapshot_row, a_tenant_row, an_item_row

GIVEN = exports.rows(3)
GOOD = an_export(GIVEN)
LINE = exports.line(a_snapshot_row())
CENTS = [row | {"open_items": [an_item_row(charged="80000.00", unpaid="80000.00")]} for row in GIVEN]
SHARE = "too_many_bad_rows"
STRICT = Snapshot.model_validate_json


@dataclass(frozen=True)
class Twin:
    """A protection, what stands in its place in the twin, and an export that only the protection refuses."""

    owner: Any
    protection: str
    instead: Any
    refused: str
    body: bytes
    name: str = NAME
    previous: PreviousSnapshot | None = None


def nothing(*_: Any, **__: Any) -> None:
    """Looks at nothing, finds nothing."""


class Nowhere:
    """A pattern that is found nowhere."""

    search = nothing


class Fits(int):
    """A number that is never another."""

    def __ne__(self, other: object) -> bool:
        return False


def one(**changes: Any) -> bytes:
    return an_export([a_snapshot_row(**changes)])


def both_kinds(table: Any, *_: Any) -> None:
    table._separators.update({",", "."})


TWINS = [
    Twin(PreviousSnapshot, "check_file", nothing, "same_file", GOOD, previous=remembered(GOOD)),
    Twin(
        PreviousSnapshot,
        "check_day",
        nothing,
        "older_file",
        GOOD,
        previous=PreviousSnapshot.model_validate({"as_of": "2026-11-24"}),
    ),
    Twin(PreviousSnapshot, "check_scale", nothing, "scale", an_export(CENTS), previous=remembered(GOOD)),
    Twin(examining, "check_manifest", nothing, "manifest_rows", an_export(GIVEN[1:], a_manifest(GIVEN))),
    Twin(Examination, "_check_sums", nothing, SHARE, an_export([*GIVEN, a_snapshot_row(area="x", tenancy_id="T-0")])),
    Twin(Seen, "add", nothing, SHARE, an_export([*GIVEN, a_snapshot_row()])),
    Twin(examining, "check", nothing, SHARE, one(area="nowhere")),
    Twin(rules, "_check_items", nothing, SHARE, one(open_items=[an_item_row(unpaid="900.00")])),
    Twin(rules, "_check_doubled", nothing, SHARE, one(open_items=[an_item_row(), an_item_row()])),
    Twin(rules, "_is_reference", lambda _: True, SHARE, one(open_items=[an_item_row(reference="1")])),
    Twin(rules, "_check_tenants", nothing, SHARE, one(tenants=[a_tenant_row(role="co")])),
    Twin(rules, "_check_letters", nothing, SHARE, one(tenants=[a_tenant_row(name="\u200b")])),
    Twin(
        rules,
        "_check_address",
        nothing,
        SHARE,
        one(address={"street": "Testikatu 1", "postal_code": "1", "town": "Turku"}),
    ),
    Twin(rules, "_check_days", nothing, SHARE, one(contacted_on="2026-11-24")),
    Twin(Snapshot, "model_validate_json", lambda body, **_: STRICT(body), SHARE, LINE.replace(b"false", b'"no"')),
    Twin(rows, "_fields", lambda _: Fits(), "repeated_field", LINE.replace(b'"area"', b'"area": "south", "area"')),
    Twin(jsonlines, "may_hold_code", nothing, "identity_code", LINE.replace(b"P-1", b"131052-308T")),
    Twin(identity, "ESCAPED", Nowhere(), "identity_code", LINE.replace(b"P-1", rb"131052\u002d308T")),
    Twin(tables, "may_hold_code", nothing, "identity_code", a_table([cells(tenant_id="131052-308T")]), TABLE),
    Twin(tables, "CONTROL", Nowhere(), "control_character", a_table([cells(phone="\0")]), TABLE),
    Twin(
        tables.Table,
        "_check_separators",
        both_kinds,
        "mixed_decimals",
        a_table([cells(), cells(tenancy_id="T-2", monthly_rent="800,00")], delimiter=";"),
        TABLE,
    ),
    Twin(tables, "_between", nothing, SHARE, a_table([cells(), cells(due_date="2026-10-05", town="Vantaa")]), TABLE),
    Twin(tables, "_not_each_once", nothing, SHARE, a_table([cells(), cells()]), TABLE),
]


@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: twin.protection)
def test_without_its_protection_a_bad_export_is_accepted(twin: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    assert report(twin.body, twin.name, twin.previous).refused == twin.refused
    monkeypatch.setattr(twin.owner, twin.protection, twin.instead)
    found = report(twin.body, twin.name, twin.previous)
    assert found.refused is None
    assert found.accepted > 0
