"""What came of an export: how many rows are good, what is wrong with the others, and whether the file is refused."""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from arrears.intake.findings import Code, Finding, Wrong, named
from arrears.intake.lines import Line
from arrears.intake.rows import Manifest
from arrears.model import ZERO, Day, Facts, Money, Snapshot, money

MOST_TOLD = 1000
IDENTIFIER = re.compile(r"[A-Za-z0-9._-]{1,40}", re.ASCII)


class Report(Facts):
    """What the person who made the export reads.

    accepted       tenancies that may be published; none of a refused file
    rejected       what is wrong with the other rows, in their order, at most a thousand of them
    rejected_rows  how many they are in all
    refused        the code for which the whole file is refused, or None; `message` then says it in a sentence
    rows           tenancies read, good and bad; of a refused file, up to where it was refused
    debt_total     euros unpaid in all of them, as far as it can be read; less each tenancy's unmatched payments where
                   the manifest counts so
    """

    accepted: int = 0
    rejected: tuple[Finding, ...] = ()
    refused: Code | None = None
    message: str | None = None
    rejected_rows: int = 0
    name: str
    sha256: str | None = None
    as_of: Day | None = None
    rows: int = 0
    debt_total: Money = ZERO
    manifest_rows: int | None = None
    manifest_debt_total: Money | None = None


@dataclass(slots=True)
class Tally:
    """What is counted while rows pass by.

    `gross` adds up every `unpaid` that can be read, of bad rows too; `net` the same less each tenancy's unmatched
    payments: an export may mean either by its debt_total. `guessed` when a bad row's money cannot be read at all.
    """

    rows: int = 0
    accepted: int = 0
    bad: int = 0
    gross: Decimal = ZERO
    net: Decimal = ZERO
    guessed: bool = False
    findings: list[Finding] = field(default_factory=list)
    causes: Counter[Code] = field(default_factory=Counter)
    examples: dict[Code, str] = field(default_factory=dict)

    def good(self, snapshot: Snapshot) -> None:
        """One more good row."""
        self.rows += 1
        self.accepted += 1
        if snapshot.open_items:
            unpaid = sum((item.unpaid for item in snapshot.open_items), ZERO)
            self.gross += unpaid
            self.net += max(unpaid - snapshot.unallocated_credit, ZERO)

    def wrong(self, row: Line, wrong: Wrong) -> None:
        """One more row that was bad from the start."""
        self.rows += 1
        given = _given(row)
        try:
            unpaid = sum((money(item["unpaid"]) for item in given["open_items"]), ZERO)
            self.gross += unpaid
            self.net += max(unpaid - money(given.get("unallocated_credit", ZERO)), ZERO)
        except (KeyError, TypeError, ValueError):
            self.guessed = True
        self.tell(finding(wrong, row, given.get("tenancy_id")))

    def tell(self, found: Finding) -> None:
        """One more bad row, told where there is room."""
        self.bad += 1
        self.causes[found.code] += 1
        self.examples.setdefault(found.code, found.message)
        if len(self.findings) < MOST_TOLD:
            self.findings.append(found)


def finding(wrong: Wrong, row: Line | None = None, tenancy_id: Any = None) -> Finding:
    """What is wrong, and where the person who made the export finds it: the path in the object, or the column."""
    path = wrong.place
    if row and row.parts is not None:
        path = tuple(step for step in path if isinstance(step, str))[-1:]
    return Finding(
        line=wrong.line or (row.of(wrong.place) if row else None),
        tenancy_id=tenancy_id if isinstance(tenancy_id, str) and IDENTIFIER.fullmatch(tenancy_id) else None,
        field=".".join(str(step) if isinstance(step, int) else named(step) for step in path) or None,
        code=wrong.code,
        message=wrong.message,
    )


def report_of(tally: Tally, refusal: Wrong | None, manifest: Manifest | None, **known: Any) -> Report:
    """The report of an examined file; `known` are its name, hash and ledger day."""
    findings = sorted(tally.findings, key=lambda found: found.line or 0)
    if refusal and refusal.line:
        findings.append(finding(refusal))
    return Report(
        accepted=0 if refusal else tally.accepted,
        rejected=tuple(findings),
        refused=refusal.code if refusal else None,
        message=_whole(refusal) if refusal else None,
        rejected_rows=tally.bad,
        rows=tally.rows,
        debt_total=tally.net if manifest and manifest.debt_total == tally.net else tally.gross,
        manifest_rows=manifest.rows if manifest else None,
        manifest_debt_total=manifest.debt_total if manifest else None,
        **known,
    )


def _whole(refusal: Wrong) -> str:
    return f"Line {refusal.line}: {refusal.message}" if refusal.line else refusal.message


def _given(row: Line) -> dict[str, Any]:
    try:
        given = json.loads(row.body)
    except (ValueError, RecursionError):
        return {}
    return given if isinstance(given, dict) else {}
