"""A whole preview as it reads, on the screen and on the approver's page."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.cli.test_preview import BEFORE, ON, a_row, an_export, preview
from tests.makers import a_tenant_row, an_item_row
from tests.report.test_golden import page_as_text

GOLDEN = Path(__file__).parents[1] / "golden" / "preview.txt"
AREAS = ("north", "east", "south")


def a_preview(folder: Path) -> str:
    """Ninety tenancies of every kind, compared with the export of a month before, in which every fifth was not yet."""
    page = folder / "page.html"
    previous = an_export(folder, *(a_tenancy(number, "10") for number in range(90) if number % 5), day=BEFORE)
    history = folder / "history.jsonl"
    told = '{{"tenancy_id":"T-{}","step":"sms_reminder","on":"2026-11-06","outcome":"sent"}}\n'
    history.write_text("".join(told.format(number) for number in range(3, 90, 8)), "utf-8")
    now = an_export(folder, *(a_tenancy(number, "11") for number in range(90)))
    more = ("--previous", previous, "--history", history, "--html", page, "--price", "0.0612")
    result, alone = preview(now, *ON, *more), preview(now, *ON)
    assert result.exit_code < 2, result.stderr
    read = page_as_text(page.read_text("utf-8"))
    return f"{result.exit_code}\n{result.output}--- alone\n{alone.output}--- page\n{read}\n"


def a_tenancy(number: int, month: str) -> dict[str, object]:
    """One of them: its debt, age, area, and what else is in its row, by its number."""
    unpaid = ["800.00", "12.30", "0.00", "431.07", "155.90"][number % 5 if number % 9 else 0]
    tenant = a_tenant_row(
        tenant_id=f"P-{number}",
        birth_date=f"{2003 if number % 17 == 5 else 1940 + number % 64}-05-17",
        phone=f"040 5{number:03}234" if number % 11 else "not known",
        contact_forbidden=number % 13 == 4,
    )
    facts: dict[str, object] = {
        "open_items": [an_item_row(due_date=f"2026-{10 if number % 2 else month}-05", unpaid=unpaid)]
    }
    if number % 17 == 5:
        facts["court"] = {"opened_on": f"2026-{month}-16", "status": "pending"}
    if number % 19 == 6:
        facts["agreement"] = {"agreed_on": "2026-10-01", "status": "broken", "broken_on": "2026-10-20"}
    if number % 23 == 7:
        facts["holds"] = [{"kind": "dispute", "until": None}]
    return a_row(number, tenants=[tenant], area=AREAS[number % 3], **facts)


def test_a_preview_reads_as_it_did(tmp_path: Path) -> None:
    """Changed on purpose: `python -m tests.cli.test_preview_golden` writes the golden file anew; read what changed."""
    assert a_preview(tmp_path) == GOLDEN.read_text("utf-8")


def test_what_holds_a_run_catches_the_eye(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    result = preview(an_export(tmp_path, a_row(1)), *ON)
    assert "  \x1b[1;31mHOLDS \x1b[0m  first run" in result.output
    assert "  \x1b[2mpasses\x1b[0m  fresh" in result.output
    assert "\x1b[1mText message, 1 messages:\x1b[0m" in result.output
    assert "\x1b[1mDrawn by lot\x1b[0m" in result.output
    assert "T-1: North, 30-44: owes EUR 800.00" in result.output  # a number is no more than the words beside it
    assert result.output.startswith("\x1b[1m23 November 2026")


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        GOLDEN.write_text(a_preview(Path(folder)), "utf-8")
