"""Whatever happens to an export on its way, it is accepted as exactly what it says, or refused and told clearly."""

import csv
import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from arrears.intake import PreviousSnapshot, Report
from arrears.intake.tables import COLUMNS
from arrears.model import Snapshot
from tests.intake.exports import (
    NAME,
    TABLE,
    a_manifest,
    a_table,
    an_export,
    cells,
    packed,
    reading,
    remembered,
    rows,
)
from tests.makers import TODAY, a_snapshot_row, a_tenant_row, an_item_row

Mutation = Callable[[bytes], bytes]
MONEY = ("monthly_rent", "housing_allowance", "charged", "unpaid", "unallocated_credit")
PERSONAL = re.compile(r"Testi|Östman|040|1986|example\.com|Testikatu")


def ordinary() -> list[dict[str, Any]]:
    """Tenancies with everything an export can say."""
    owing = [an_item_row(), an_item_row(due_date="2026-10-05", unpaid="12.50", reference=None)]
    two = [
        a_tenant_row(name="Testi Östman"),
        a_tenant_row(tenant_id="P-2", role="co", phone=None, contact_forbidden=True),
    ]
    agreed = {"agreed_on": "2026-10-20", "status": "broken", "broken_on": "2026-11-10"}
    return [
        *rows(3),
        a_snapshot_row(tenancy_id="T-4", open_items=owing, tenants=two, unallocated_credit="0.01"),
        a_snapshot_row(tenancy_id="T-5", agreement=agreed, holds=[{"kind": "dispute", "until": None}]),
        a_snapshot_row(tenancy_id="T-6", court={"opened_on": "2026-11-02", "status": "pending"}, open_items=[]),
    ]


GIVEN = ordinary()
EXPORT = an_export(GIVEN)
WHOLE = an_export(GIVEN, a_manifest(GIVEN, debt_total="4012.50"))
FOLDED = a_table(
    [cells(tenancy_id=f"T-{n}", name="Testi Östman", due_date=f"2026-{m}-04") for n in (1, 2, 3) for m in (10, 11)]
)
BEFORE = remembered(EXPORT)
YESTERDAY = PreviousSnapshot(as_of=TODAY, sample=BEFORE.sample)


def flipped(body: bytes, at: int, bit: int) -> bytes:
    at %= max(len(body), 1)
    return body[:at] + bytes([body[at] ^ 1 << bit]) + body[at + 1 :] if body else body


def cut(body: bytes, at: int) -> bytes:
    return body[: at % (len(body) + 1)]


def stuffed(body: bytes, at: int, what: bytes) -> bytes:
    at %= len(body) + 1
    return body[:at] + what + body[at:]


def lines(body: bytes, at: int, change: Callable[[list[bytes], int], list[bytes]]) -> bytes:
    given = body.splitlines(keepends=True)
    return b"".join(change(given, at % len(given))) if given else body


def dropped(given: list[bytes], at: int) -> list[bytes]:
    return given[:at] + given[at + 1 :]


def doubled(given: list[bytes], at: int) -> list[bytes]:
    return given[: at + 1] + given[at:]


def moved_up(given: list[bytes], at: int) -> list[bytes]:
    return [given[at], *dropped(given, at)]


def joined(given: list[bytes], at: int) -> list[bytes]:
    return [*given[:at], given[at].rstrip(b"\n"), *given[at + 1 :]]


def swapped(body: bytes, first: int, second: int, header: bool) -> bytes:
    """Two columns of a table changed places, with their names or without."""
    table = [line.split(b",") for line in body.split(b"\n") if line]
    for line in table if header else table[1:]:
        if max(first, second) < len(line):
            line[first], line[second] = line[second], line[first]
    return b"\n".join(b",".join(line) for line in table) + b"\n"


def in_cents(body: bytes) -> bytes:
    return re.sub(rb"([0-9]+)\.([0-9]{2})(?=[\",])", lambda euros: b"%d.00" % int(euros[1] + euros[2]), body)


def in_windows_letters(body: bytes) -> bytes:
    return body.decode("utf-8", "replace").encode("cp1252", "replace")


def encoded_twice(body: bytes) -> bytes:
    return body.decode("latin-1").encode("utf-8")


places = st.integers(0, 10_000)
anywhere: st.SearchStrategy[Mutation] = st.one_of(
    st.builds(lambda at, bit: lambda body: flipped(body, at, bit), places, st.integers(0, 7)),
    st.builds(lambda at: lambda body: cut(body, at), places),
    st.builds(lambda at, what: lambda body: stuffed(body, at, what), places, st.binary(min_size=1, max_size=3)),
    st.builds(
        lambda at, change: lambda body: lines(body, at, change),
        places,
        st.sampled_from([dropped, doubled, moved_up, joined]),
    ),
    st.sampled_from([in_cents, in_windows_letters, encoded_twice, bytes.upper, bytes.lower]),
    st.sampled_from(
        [b"-", b"=", b"e", b'"', b",", b";", b"\0", b"\r", b" ", b"_", b"\xef\xbb\xbf", b"\xe2\x80\x8b"]
    ).flatmap(lambda what: st.builds(lambda at: lambda body: stuffed(body, at, what), places)),
)
in_a_table: st.SearchStrategy[Mutation] = st.one_of(
    anywhere,
    st.builds(
        lambda first, second, header: lambda body: swapped(body, first, second, header),
        st.integers(0, len(COLUMNS) - 1),
        st.integers(0, len(COLUMNS) - 1),
        st.booleans(),
    ),
)


def mutated(body: bytes, mutations: list[Mutation]) -> bytes:
    for mutate in mutations:
        body = mutate(body)
    return body


def is_clear(report: Report) -> None:
    """Told in a code and a sentence that shows nobody's name, number or day of birth."""
    assert report.accepted == 0
    assert report.message
    for sentence in [report.message, *(finding.message for finding in report.rejected)]:
        assert "\n" not in sentence
        assert sentence.isprintable()
        assert sentence.endswith(".")
        assert not PERSONAL.search(sentence.replace(NAME, "").replace(TABLE, "")), sentence


def said(snapshot: Snapshot) -> Any:
    """What was understood, as the export would write it."""
    return json.loads(snapshot.model_dump_json(exclude_unset=True))


def in_euros(row: Any) -> Any:
    """The same with every amount in its shortest form: 00.50 is 0.50."""
    if isinstance(row, list):
        return [in_euros(each) for each in row]
    if isinstance(row, dict):
        return {key: f"{Decimal(value)}" if key in MONEY else in_euros(value) for key, value in row.items()}
    return row


@settings(max_examples=400, deadline=None)
@given(st.lists(anywhere, min_size=1, max_size=3), st.sampled_from([EXPORT, WHOLE]))
@example([in_cents], EXPORT)
@example([in_windows_letters], EXPORT)
@example([lambda body: lines(body, 0, doubled)], EXPORT)
def test_a_changed_export_is_accepted_as_what_it_says_or_refused_clearly(
    mutations: list[Mutation], body: bytes
) -> None:
    changed = mutated(body, mutations)
    with reading(changed, NAME) as examined:
        if examined.report.refused:
            is_clear(examined.report)
            return
        written = [json.loads(line) for line in changed.decode("utf-8").split("\n") if line]
        assert [said(snapshot) for snapshot in examined.snapshots()] == [
            in_euros(row) for row in written if "manifest" not in row
        ]


@settings(max_examples=400, deadline=None)
@given(st.lists(in_a_table, min_size=1, max_size=3))
def test_a_changed_table_is_accepted_as_what_it_says_or_refused_clearly(mutations: list[Mutation]) -> None:
    changed = mutated(FOLDED, mutations)
    with reading(changed, TABLE) as examined:
        if examined.report.refused:
            is_clear(examined.report)
            return
        text = changed.decode("utf-8-sig")
        delimiter = ";" if ";" in text.split("\n")[0] else ","
        written = [in_euros(row) for row in csv.DictReader(text.splitlines(), delimiter=delimiter)]
        understood = [row for snapshot in examined.snapshots() for row in flat(said(snapshot))]
        assert sorted(written, key=str) == sorted(understood, key=str)


def flat(tenancy: Any) -> list[dict[str, str]]:
    """A tenancy as the rows of a table."""
    rows = [
        {**tenancy, **tenancy["address"], **of, **item} for of in tenancy["tenants"] for item in tenancy["open_items"]
    ]
    return [{column: row[column] or "" for column in COLUMNS} for row in rows]


@settings(max_examples=200, deadline=None)
@given(st.lists(anywhere, min_size=1, max_size=2))
def test_a_packed_export_with_any_change_is_refused(mutations: list[Mutation]) -> None:
    body = packed(EXPORT)
    changed = mutated(body, mutations)
    with reading(changed, f"{NAME}.gz") as examined:
        if examined.report.refused:
            is_clear(examined.report)
        else:  # only what gzip itself does not look at may differ: the header's time stamp and the like
            assert [said(snapshot) for snapshot in examined.snapshots()] == [
                said(Snapshot.model_validate(row)) for row in GIVEN
            ]


@settings(max_examples=100, deadline=None)
@given(places, st.sampled_from([dropped, doubled, joined]))
def test_a_line_too_few_or_too_many_never_agrees_with_the_manifest(
    at: int, change: Callable[[list[bytes], int], list[bytes]]
) -> None:
    changed = lines(WHOLE, at, change)
    with reading(changed, NAME) as examined:
        whole = changed.rstrip(b"\n") == WHOLE.rstrip(b"\n")
        assert whole or examined.report.refused or b"manifest" not in changed.split(b"\n")[0]


def test_cents_for_euros_are_refused_against_the_snapshot_before() -> None:
    with reading(in_cents(EXPORT), NAME, YESTERDAY) as examined:
        assert examined.report.refused == "scale"
        is_clear(examined.report)
