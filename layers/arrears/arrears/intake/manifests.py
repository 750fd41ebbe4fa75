"""What an export says of itself, held against its rows."""

from datetime import date

from arrears.intake.findings import Code, Wrong
from arrears.intake.reports import Tally
from arrears.intake.rows import Manifest


def check_manifest(manifest: Manifest, tally: Tally, ledger_day: date | None) -> None:
    """Raises Wrong when day, rows or debt are not those of the rows; the debt may be counted gross or net."""
    if manifest.as_of != ledger_day:
        raise Wrong(Code.OTHER_DAY, "manifest", "as_of", line=1, expected=ledger_day)
    if manifest.rows != tally.rows:
        raise Wrong(Code.MANIFEST_ROWS, "manifest", "rows", line=1, got=tally.rows, expected=manifest.rows)
    total = manifest.debt_total
    if total not in (tally.gross, tally.net) and not (tally.guessed and total > tally.net):
        raise Wrong(Code.MANIFEST_TOTAL, "manifest", "debt_total", line=1, got=tally.gross, expected=total)
