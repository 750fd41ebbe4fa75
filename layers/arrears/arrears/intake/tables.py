"""CSV: one row per main tenant and open item, joined into tenancies wherever in the file they stand."""

import csv
import json
import re
from collections.abc import Callable, Iterator
from itertools import groupby, islice, zip_longest
from operator import itemgetter
from sqlite3 import Connection
from typing import IO

from arrears.intake.findings import Code, Place, Wrong, named
from arrears.intake.identity import is_code, may_hold_code
from arrears.intake.lines import UTF8_BOM, Limits, Line, lines, text
from arrears.intake.rows import Manifest

OF_THE_ITEM = ("due_date", "charged", "unpaid", "reference")
OF_THE_TENANT = ("tenant_id", "role", "name", "birth_date", "phone", "email")
OF_THE_HOME = ("street", "postal_code", "town")
OF_THE_LEASE = ("tenancy_id", "as_of", "area", "monthly_rent", "housing_allowance")
OF_THE_TENANCY = (*OF_THE_LEASE, *OF_THE_HOME)
COLUMNS = (*OF_THE_LEASE, *OF_THE_ITEM, *OF_THE_TENANT, *OF_THE_HOME)
MAY_BE_EMPTY = ("reference", "phone", "email")
MONEY = ("monthly_rent", "housing_allowance", "charged", "unpaid")
MONEY_AT = tuple((column, COLUMNS.index(column)) for column in MONEY)
DECIMALS = re.compile(r"[0-9]+([.,])[0-9]{1,2}", re.ASCII)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
MOST_ROWS = 1000  # of one tenancy; more are a tenancy_id that was filled down the whole file

Cells = dict[str, str]
CHARGE: Callable[[Cells], tuple[str, ...]] = itemgetter(*OF_THE_ITEM)
Numbered = tuple[int, Cells]


class Table:
    """The tenancies of one CSV file, as often as they are asked for, in the order of their ids."""

    manifest: Manifest | None = None

    def __init__(self, file: IO[bytes], limits: Limits, database: Connection) -> None:
        """Reads the file into the database. Raises Wrong for what refuses it."""
        file.seek(0)
        self._separators: set[str] = set()
        self._database = database
        self._database.execute(f"CREATE TABLE cells (line INTEGER PRIMARY KEY, {', '.join(COLUMNS)})")
        self._database.executemany(
            "INSERT INTO cells VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            self._checked(lines(file, limits, packed=False)),
        )

    def rows(self) -> Iterator[Line]:
        """Every tenancy, joined from its rows wherever they stand."""
        ordered = self._database.execute("SELECT * FROM cells ORDER BY tenancy_id, line")
        for _, group in groupby(ordered, key=itemgetter(1)):
            rows = [(line, dict(zip(COLUMNS, cells, strict=True))) for line, *cells in islice(group, MOST_ROWS + 1)]
            yield joined(rows, decimal_comma="," in self._separators)

    def _checked(self, incoming: Iterator[Line]) -> Iterator[tuple[int | str, ...]]:
        header = next(incoming, None)
        if header is None:
            raise Wrong(Code.EMPTY)
        delimiter = _delimiter(header)
        for line in incoming:
            cells = _cells(line, delimiter)
            if may_hold_code(line.body):
                _refuse_code(line, cells)
            self._check_separators(line, cells)
            yield line.number, *cells

    def _check_separators(self, line: Line, cells: list[str]) -> None:
        for column, at in MONEY_AT:
            found = DECIMALS.fullmatch(cells[at])
            if found and found[1] not in self._separators:
                self._separators.add(found[1])
                if len(self._separators) > 1:
                    raise Wrong(Code.MIXED_DECIMALS, column, line=line.number)


def joined(rows: list[Numbered], *, decimal_comma: bool) -> Line:
    """One tenancy from its rows, with what is wrong between them."""
    line, first = rows[0]
    tenants: dict[str, Numbered] = {}
    items: dict[tuple[str, ...], Numbered] = {}
    for at, cells in rows:
        tenants.setdefault(cells["tenant_id"], (at, cells))
        items.setdefault(CHARGE(cells), (at, cells))
    items.pop(("",) * len(OF_THE_ITEM), None)
    tenancy = {
        **_fields(first, OF_THE_LEASE, decimal_comma),
        "open_items": [_fields(cells, OF_THE_ITEM, decimal_comma) for _, cells in items.values()],
        "tenants": [_fields(cells, OF_THE_TENANT, decimal_comma) for _, cells in tenants.values()],
        "address": _fields(first, OF_THE_HOME, decimal_comma),
    }
    places: dict[Place, int] = {("tenants", n): at for n, (at, _) in enumerate(tenants.values())}
    places |= {("open_items", n): at for n, (at, _) in enumerate(items.values())}
    return Line(line, json.dumps(tenancy).encode(), places, _between(rows, tenants))


def _between(rows: list[Numbered], tenants: dict[str, Numbered]) -> Wrong | None:
    """What is wrong between the rows of one tenancy, or None."""
    if len(rows) > MOST_ROWS:
        return Wrong(Code.TOO_MANY_ROWS, "tenancy_id", most=MOST_ROWS)
    (_, first), *others = rows
    for line, cells in others:
        _, tenant = tenants[cells["tenant_id"]]
        expected = {**{column: first[column] for column in OF_THE_TENANCY}, **{c: tenant[c] for c in OF_THE_TENANT}}
        column = next((column for column, value in expected.items() if cells[column] != value), None)
        if column:
            return Wrong(Code.ROWS_DIFFER, column, line=line)
    return _not_each_once(rows, tenants) if others else None


def _not_each_once(rows: list[Numbered], tenants: dict[str, Numbered]) -> Wrong | None:
    """Every tenant has every open item, once: a row less is a charge less, a row more a charge more."""
    pairs: set[tuple[str, tuple[str, ...]]] = set()
    for line, cells in rows:
        pair = (cells["tenant_id"], CHARGE(cells))
        if pair in pairs:
            return Wrong(Code.SAME_CHARGE, "due_date", line=line)
        pairs.add(pair)
    whole = len(tenants) * len({charge for _, charge in pairs})
    return Wrong(Code.ROWS_MISSING, "tenant_id") if len(pairs) < whole else None


def _fields(cells: Cells, columns: tuple[str, ...], decimal_comma: bool) -> dict[str, str | None]:
    return {column: _field(column, cells[column], decimal_comma) for column in columns}


def _field(column: str, cell: str, decimal_comma: bool) -> str | None:
    if column in MONEY and decimal_comma and DECIMALS.fullmatch(cell):
        return cell.replace(",", ".")
    return None if column in MAY_BE_EMPTY and not cell else cell


def _delimiter(header: Line) -> str:
    """Comma or semicolon. Raises Wrong unless the header is exactly the contract's."""
    body = header.body.removeprefix(UTF8_BOM)
    delimiter = ";" if body.count(b";") > body.count(b",") else ","
    columns = _split(Line(header.number, body), delimiter)
    for at, (expected, column) in enumerate(zip_longest(COLUMNS, columns, fillvalue="nothing"), start=1):
        if column != expected:
            raise Wrong(Code.HEADER, line=1, at=at, expected=expected, got=named(column), most=len(COLUMNS))
    return delimiter


def _cells(line: Line, delimiter: str) -> list[str]:
    cells = _split(line, delimiter)
    if len(cells) != len(COLUMNS):
        raise Wrong(Code.CELL_COUNT, line=line.number, got=len(cells), expected=len(COLUMNS), delimiter=delimiter)
    return cells


def _split(line: Line, delimiter: str) -> list[str]:
    """The cells of one line: each line is read by itself, so that an open quote cannot swallow the next ones."""
    body = text(line).rstrip("\r\n")
    if CONTROL.search(body):
        raise Wrong(Code.CONTROL_CHARACTER, line=line.number)
    try:
        return next(csv.reader([body], delimiter=delimiter, strict=True), [])
    except csv.Error:
        raise Wrong(Code.QUOTES, line=line.number) from None


def _refuse_code(line: Line, cells: list[str]) -> None:
    for column, cell in zip(COLUMNS, cells, strict=True):
        if is_code(cell, column):
            raise Wrong(Code.IDENTITY_CODE, column, line=line.number)
