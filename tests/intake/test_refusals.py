"""A file that cannot be trusted is refused whole, with one code and one sentence; nothing of it is published."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from arrears.intake import PreviousSnapshot
from tests.intake.exports import (
    NAME,
    TABLE,
    a_manifest,
    a_table,
    an_export,
    cells,
    line,
    packed,
    reading,
    remembered,
    report,
    rows,
)
from tests.makers import TODAY, a_snapshot_row, a_tenant_row, an_item_row

GIVEN = rows(3)
GOOD = an_export(GIVEN)
LINE = line(a_snapshot_row()).decode()
FOLDED = a_table([cells()])
CODE = "131052-308T"  # the example of the standard, nobody's


@dataclass(frozen=True)
class Refused:
    """A file and the code it is refused for."""

    code: str
    body: bytes
    name: str = NAME
    previous: PreviousSnapshot | None = None
    limits: dict[str, int] = field(default_factory=dict)
    place: tuple[int | None, str | None] = (None, None)


def table(code: str, *given: dict[str, str] | str, line: int = 2, column: str | None = None, **how: str) -> Refused:
    return Refused(code, a_table(given, **how), TABLE, place=(line, column))


def lines(code: str, *given: str | bytes, line: int = 1, column: str | None = None) -> Refused:
    return Refused(code, an_export(given), place=(line, column))


def times(factor: int) -> bytes:
    """Three tenancies whose money was multiplied, as by an export in cents."""
    money = f"{800 * factor}.00"
    items = [an_item_row(charged=money, unpaid=money)]
    return an_export([row | {"open_items": items} for row in GIVEN])


BEFORE = remembered(GOOD)
YESTERDAY = PreviousSnapshot(as_of=TODAY - timedelta(days=1))
TOMORROW = PreviousSnapshot(as_of=TODAY + timedelta(days=1))
BOMB = packed(b" " * 3_000_000)

REFUSALS = [
    # the file
    Refused("file_name", GOOD, "vuokravelat.jsonl"),
    Refused("file_name", GOOD, "snapshot-2026-11-23.json"),
    Refused("file_name", GOOD, "snapshot-2026-11-23.jsonl.zip"),
    Refused("file_name", GOOD, "snapshot-23.11.2026.jsonl"),
    Refused("file_name", GOOD, "snapshot-2026-02-30.jsonl"),
    Refused("file_name", GOOD, "Snapshot-2026-11-23.JSONL"),
    Refused("future_day", GOOD, "snapshot-2026-11-24.jsonl"),
    Refused("too_large", GOOD, limits={"file": len(GOOD) - 1}),
    Refused("unpacks_too_large", GOOD, limits={"unpacked": len(GOOD) - 1}, place=(3, None)),
    Refused("unpacks_too_large", packed(GOOD), f"{NAME}.gz", limits={"unpacked": len(GOOD) - 1}, place=(3, None)),
    Refused("line_too_long", BOMB, f"{NAME}.gz", place=(1, None)),
    Refused("line_too_long", GOOD.replace(b"\n", b" "), limits={"line": len(GOOD) - 1}, place=(1, None)),
    Refused("not_gzip", GOOD, f"{NAME}.gz", place=(1, None)),
    Refused("not_gzip", packed(GOOD)[:-9], f"{NAME}.gz", place=(4, None)),
    Refused("not_gzip", packed(GOOD)[:-8] + b"\0" * 8, f"{NAME}.gz", place=(4, None)),
    Refused("not_gzip", packed(GOOD) + b"and more", f"{NAME}.gz", place=(4, None)),
    Refused("empty", b""),
    Refused("empty", b"", f"{NAME}.gz"),
    Refused("empty", an_export([], a_manifest([]))),
    Refused("empty", b"", TABLE),
    Refused("empty", a_table([]), TABLE),
    Refused("same_file", GOOD, previous=BEFORE),
    Refused("older_file", GOOD, previous=TOMORROW),
    # strict UTF-8
    Refused(
        "not_utf8",
        line(a_snapshot_row(tenants=[a_tenant_row(name="Testi Testilä")])).decode().encode("cp1252"),
        place=(1, None),
    ),
    Refused("not_utf8", GOOD.decode().encode("utf-16"), place=(1, None)),
    lines("not_utf8", LINE.encode().replace(b"Testikatu", b"Testi\xc0\xafkatu")),
    lines("not_utf8", LINE.encode().replace(b"Testikatu", b"Testi\xed\xa0\x80katu")),
    Refused("not_utf8", FOLDED + ",".join(cells(name="Testilä").values()).encode("cp1252"), TABLE, place=(3, None)),
    Refused("byte_order_mark", b"\xef\xbb\xbf" + GOOD, place=(1, None)),
    # strict JSON
    lines("not_json", "vuokravelat"),
    lines("not_json", "[]"),
    lines("not_json", '"T-1"'),
    lines("not_json", LINE, "", line=2),
    lines("not_json", LINE, LINE[:-40], line=2),
    lines("not_json", LINE + LINE),
    lines("not_json", LINE + ","),
    lines("not_json", LINE[:-1] + ",}"),
    lines("not_json", LINE.replace('"', "'")),
    lines("not_json", "// rivi\n" + LINE),
    lines("not_json", LINE.replace("Testikatu", "Testi\tkatu")),
    lines("not_json", LINE.replace("Testikatu", "Testi\0katu")),
    lines("not_json", LINE.replace("Testikatu", r"Testi\ud800katu")),
    lines("not_json", "[" * 100_000),
    lines("not_json", LINE.replace('"holds": []', f'"holds": {"[" * 300}{"]" * 300}')),
    lines("not_json", LINE.replace('"800.00"', "9" * 5000, 1)),
    lines("repeated_field", LINE.replace('"area"', '"area": "south", "area"')),
    lines("repeated_field", LINE.replace('"area"', r'"are\u0061": "south", "area"')),
    lines("repeated_field", LINE.replace('"unpaid"', '"unpaid" : "0.00", "unpaid"')),
    lines("repeated_field", LINE.replace('"role"', '"role":"co","role"')),
    lines("repeated_field", LINE.replace("Testikatu", "c/o: Testikatu").replace('"town"', '"town": "Vantaa", "town"')),
    lines("not_a_number", LINE.replace('"800.00"', "NaN", 1)),
    lines("not_a_number", LINE.replace('"800.00"', "-Infinity", 1)),
    lines("not_a_number", LINE.replace('"800.00"', "1e309", 1)),
    # the manifest, and one ledger day
    Refused("manifest", an_export(GIVEN, {"as_of": f"{TODAY}", "rows": 3}), place=(1, "manifest")),
    Refused("manifest", an_export(GIVEN, a_manifest(GIVEN, rows="3")), place=(1, "manifest")),
    Refused("manifest", an_export(GIVEN, a_manifest(GIVEN, debt_total=2400)), place=(1, "manifest")),
    Refused("manifest", an_export(GIVEN, a_manifest(GIVEN, source="ledger")), place=(1, "manifest")),
    Refused("manifest", an_export([*GIVEN, {"manifest": a_manifest(GIVEN)}]), place=(4, "manifest")),
    Refused("manifest", an_export([a_snapshot_row(manifest=a_manifest(GIVEN))]), place=(1, "manifest")),
    Refused("manifest_rows", an_export(GIVEN[1:], a_manifest(GIVEN)), place=(1, "manifest.rows")),
    Refused("manifest_rows", an_export([*GIVEN, a_snapshot_row()], a_manifest(GIVEN)), place=(1, "manifest.rows")),
    Refused(
        "manifest_total", an_export(GIVEN, a_manifest(GIVEN, debt_total="2400.01")), place=(1, "manifest.debt_total")
    ),
    Refused("other_day", an_export(GIVEN, a_manifest(GIVEN, as_of="2026-11-22")), place=(1, "manifest.as_of")),
    Refused("other_day", an_export([*GIVEN, a_snapshot_row(as_of="2026-11-22")]), place=(4, "as_of")),
    Refused("other_day", GOOD, "snapshot-2026-11-22.jsonl", place=(1, "as_of")),
    table("other_day", cells(), cells(tenancy_id="T-2", as_of="2026-11-22"), line=3, column="as_of"),
    # identity codes
    lines("identity_code", LINE.replace('"T-1"', f'"{CODE}"'), column="tenancy_id"),
    lines("identity_code", LINE.replace('"P-1"', f'"{CODE}"'), column="tenants.0.tenant_id"),
    lines("identity_code", LINE.replace("Testi Testinen", f"Testi Testinen ({CODE})"), column="tenants.0.name"),
    lines("identity_code", LINE.replace('"area"', f'"hetu": "{CODE.lower()}", "area"'), column="hetu"),
    lines("identity_code", LINE.replace('"P-1"', '"010594Y9032"'), column="tenants.0.tenant_id"),
    lines("identity_code", LINE.replace('"P-1"', '"010516B903X"'), column="tenants.0.tenant_id"),
    lines("identity_code", LINE.replace('"P-1"', r'"131052\u002d308T"'), column="tenants.0.tenant_id"),
    lines("identity_code", LINE.replace("040 112 2334", CODE), column="tenants.0.phone"),
    lines("identity_code", f"{CODE};800,00"),
    table("identity_code", cells(tenant_id=CODE), column="tenant_id"),
    # the table
    table("header", header="tenancy_id,as_of", line=1),
    table("header", header=FOLDED.decode().split("\n")[0] + ",hetu", line=1),
    table("header", header=FOLDED.decode().split("\n")[0].replace("charged,unpaid", "unpaid,charged"), line=1),
    table("header", header=FOLDED.decode().split("\n")[0].replace("unpaid", "charged"), line=1),
    table("quotes", header=f'"{FOLDED.decode()}', line=1),
    table("header", header=FOLDED.decode().split("\n")[0].replace(",", "\t"), line=1),
    Refused("header", GOOD, TABLE, place=(1, None)),
    Refused("not_json", FOLDED, place=(1, None)),
    table("cell_count", ",".join(list(cells().values())[:-1])),
    table("cell_count", ",".join([*cells().values(), ""])),
    table("cell_count", ""),
    table("cell_count", ",".join(cells(unpaid="800,00").values())),
    table("quotes", ",".join(cells(name='"Testi').values()), ",".join(cells(name='Testinen"').values())),
    table("quotes", ",".join(cells(name='"Testi" Testinen').values())),
    table("control_character", ",".join(cells(name="Testi\0").values())),
    table("control_character", cells(), end="\r", line=1),
    table(
        "mixed_decimals",
        cells(),
        cells(tenancy_id="T-2", monthly_rent="800,00"),
        line=3,
        column="monthly_rent",
        delimiter=";",
    ),
    # the snapshot before, and the share of bad rows
    Refused("scale", times(100), previous=YESTERDAY.model_copy(update={"sample": BEFORE.sample})),
    Refused("scale", GOOD, previous=YESTERDAY.model_copy(update={"sample": remembered(times(100)).sample})),
    Refused("too_many_bad_rows", an_export([*rows(198), a_snapshot_row(area="x", tenancy_id="T-0")])),
    Refused("too_many_bad_rows", GOOD.replace(b'"unpaid": "', b'"unpaid": "-')),
    Refused("too_many_bad_rows", GOOD + GOOD),
]
SENTENCES = (Path(__file__).parent / "refusals.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize(("case", "sentence"), list(zip(REFUSALS, SENTENCES, strict=True)))
def test_a_file_that_cannot_be_trusted_is_refused_whole_with_one_code_and_one_sentence(
    case: Refused, sentence: str
) -> None:
    found = report(case.body, case.name, case.previous, **case.limits)
    assert (found.refused, found.accepted) == (case.code, 0)
    assert f"{found.refused}: {found.message}" == sentence
    where = [(finding.line, finding.field) for finding in found.rejected if finding.code == found.refused]
    assert where == ([case.place] if case.place != (None, None) else [])


@pytest.mark.parametrize("case", REFUSALS)
def test_nothing_of_a_refused_file_is_handed_over(case: Refused) -> None:
    with reading(case.body, case.name, case.previous, **case.limits) as examined:
        assert list(examined.snapshots()) == []
