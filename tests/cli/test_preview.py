"""`arrears preview`: who would get what, judged and told without a name."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from arrears.cli import main
from arrears.cli.exports import policy_from
from tests.intake.exports import a_table, cells
from tests.makers import MOBILE, POLICY, TODAY, a_snapshot_row, a_tenant_row, an_item_row

ON = ("--on", "2026-11-23")
BEFORE = "2026-10-23"


def preview(*args: object) -> Result:
    result = CliRunner().invoke(main, ["preview", *(f"{arg}" for arg in args)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def an_export(folder: Path, *rows: dict[str, Any], day: str = "2026-11-23") -> Path:
    file = folder / f"snapshot-{day}.jsonl"
    file.write_text("".join(f"{json.dumps(row | {'as_of': day})}\n" for row in rows), "utf-8")
    return file


def a_row(number: int, **changes: Any) -> dict[str, Any]:
    """The ordinary tenancy with an id and a mobile number of its own."""
    tenant = a_tenant_row(tenant_id=f"P-{number}", phone=f"040 5{number:03}234")
    return a_snapshot_row(tenancy_id=f"T-{number}", **{"tenants": [tenant]} | changes)


def many(folder: Path, *, day: str = "2026-11-23", **changes: Any) -> Path:
    """Forty ordinary tenancies that owe October's rent."""
    facts = {"open_items": [an_item_row(due_date="2026-10-05")]} | changes
    return an_export(folder, *(a_row(number, **facts) for number in range(10, 50)), day=day)


def a_mixed_export(folder: Path) -> Path:
    young = a_tenant_row(tenant_id="P-4", birth_date="2003-02-01", phone="040 5042334")
    return an_export(
        folder,
        a_row(1),
        a_row(2, area="east", open_items=[an_item_row(unpaid="12.30")]),
        a_row(3, area="east"),
        a_row(4, tenants=[young], court={"opened_on": "2026-11-16", "status": "pending"}),
        a_row(5, agreement={"agreed_on": "2026-10-01", "status": "broken", "broken_on": "2026-11-20"}),
        a_row(6, tenants=[a_tenant_row(contact_forbidden=True)]),
        a_row(7, tenants=[a_tenant_row(phone=None)]),
        a_row(8, open_items=[]),
    )


def told(result: Result) -> str:
    """What is printed, without its line breaks and columns."""
    return " ".join(result.stdout.split())


# --- as text ---


def test_it_is_told_who_would_get_what(tmp_path: Path) -> None:
    words = told(preview(a_mixed_export(tmp_path), *ON))
    assert "23 November 2026, from the export of 23 November 2026, policy 2024-10-01" in words
    assert "8 tenancies, 7 owe EUR 4,812.30 in all" in words
    assert "2 texts, 1 letters, 1 court notices, 1 case for a person; EUR 0.32 for 4 segments" in words
    for row in ("Notice that court proceedings began 1", "Letter about a broken agreement 1", "Text message 2"):
        assert row in words
    assert "Handed to a person may not be contacted by machine 1" in words
    assert "none of the four criteria is met 1" in words
    assert "no number that a text can reach 1" in words
    assert "East 2 0 0 1 0" in words
    assert "18-29 1 1 0 0 0" in words


def test_the_texts_are_told_as_they_will_read(tmp_path: Path) -> None:
    words = told(preview(a_mixed_export(tmp_path), *ON))
    assert "Hei! Vuokraasi on maksamatta." in words
    assert "Hei! Pieni osa vuokrastasi on maksamatta." in words
    assert "käräjäoikeudessa" in words


@pytest.mark.parametrize(("price", "cost"), [("0.10", "EUR 0.40"), ("0.0450", "EUR 0.18"), ("0", "EUR 0.00")])
def test_the_price_of_a_segment_can_be_given(tmp_path: Path, price: str, cost: str) -> None:
    """Two texts of one segment and one notice of two."""
    assert f"{cost} for 4 segments" in told(preview(a_mixed_export(tmp_path), *ON, "--price", price))


@pytest.mark.parametrize("price", ["free", "0,08", "-1", "2.00", "1e-2"])
def test_a_price_that_is_none_is_told(tmp_path: Path, price: str) -> None:
    result = preview(a_mixed_export(tmp_path), *ON, f"--price={price}")
    assert (result.exit_code, result.stderr) == (2, f"--price {price}: expected euros such as 0.08\n")


def test_two_tenancies_with_one_number_are_one_text(tmp_path: Path) -> None:
    same = [a_tenant_row(phone=MOBILE)]
    words = told(preview(an_export(tmp_path, a_row(1, tenants=same), a_row(2, tenants=same)), *ON))
    assert "1 texts" in words
    assert "1 are selected; the cap of one run" in words


def test_the_history_is_taken_into_account(tmp_path: Path) -> None:
    history = tmp_path / "history.jsonl"
    history.write_text('{"tenancy_id":"T-1","step":"sms_reminder","on":"2026-11-06","outcome":"sent"}\n', "utf-8")
    words = told(preview(an_export(tmp_path, a_row(1)), *ON, "--history", history))
    assert "0 texts, 1 letters" in words


def test_a_table_is_previewed_too(tmp_path: Path) -> None:
    (tmp_path / "ledger.csv").write_bytes(a_table([cells()]))
    assert "1 texts" in told(preview(tmp_path / "ledger.csv", *ON))


def test_a_file_of_any_name_is_previewed(tmp_path: Path) -> None:
    file = an_export(tmp_path, a_row(1)).rename(tmp_path / "export.jsonl")
    assert "from the export of 23 November 2026" in told(preview(file, *ON))


# --- compared, and judged by the guards ---


def test_without_an_earlier_export_the_first_run_waits_for_a_person(tmp_path: Path) -> None:
    result = preview(many(tmp_path), *ON)
    assert result.exit_code == 0
    assert "HOLDS first run" in told(result)
    assert "1 guards would hold the run" in told(result)


def test_a_run_like_the_last_one_passes_every_guard(tmp_path: Path) -> None:
    result = preview(many(tmp_path), *ON, "--previous", many(tmp_path, day=BEFORE))
    assert "every guard would let the run go out" in told(result)
    assert "HOLDS" not in result.stdout
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("changes", "guard"),
    [
        ({"open_items": [an_item_row(due_date="2026-10-05", charged="80000.00", unpaid="80000.00")]}, "scale"),
        ({"open_items": [], "unallocated_credit": "0.00"}, "volume"),
        ({"tenants": [a_tenant_row(phone=None)]}, "contacts"),
    ],
)
def test_a_run_unlike_the_last_one_is_held(tmp_path: Path, changes: dict[str, Any], guard: str) -> None:
    result = preview(many(tmp_path, **changes), *ON, "--previous", many(tmp_path, day=BEFORE))
    assert f"HOLDS {guard}" in told(result)
    assert result.exit_code == 1


def test_an_old_export_is_held(tmp_path: Path) -> None:
    result = preview(many(tmp_path), "--on", "2026-11-26", "--previous", many(tmp_path, day=BEFORE))
    assert "HOLDS fresh" in told(result)
    assert result.exit_code == 1


def test_the_difference_to_the_last_run_is_told(tmp_path: Path) -> None:
    before = an_export(
        tmp_path, *(a_row(n, open_items=[an_item_row(due_date="2026-10-05")]) for n in (1, 2)), day=BEFORE
    )
    now = an_export(tmp_path, a_row(2), a_row(3), a_row(4))
    words = told(preview(now, *ON, "--previous", before))
    assert "What would be due, and what was on 23 October 2026 Step Then Now New No longer" in words
    assert "Text message 2 3 2 1" in words


def test_an_earlier_export_is_judged_with_what_was_done_until_then(tmp_path: Path) -> None:
    history = tmp_path / "history.jsonl"
    lines = [{"tenancy_id": f"T-{n}", "step": "sms_reminder", "on": BEFORE, "outcome": "sent"} for n in range(10, 50)]
    history.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    words = told(preview(many(tmp_path), *ON, "--previous", many(tmp_path, day=BEFORE), "--history", history))
    assert "Text message 40 0 0 40" in words


# --- what cannot be previewed ---


def test_rejected_rows_are_found(tmp_path: Path) -> None:
    file = an_export(tmp_path, *(a_row(number) | {"tenancy_id": f"T-{number}"} for number in range(100, 400)))
    with file.open("a") as export:
        export.write(json.dumps(a_row(60, monthly_rent="0.00")) + "\n")
    assert preview(file, *ON, "--html", tmp_path / "page.html").exit_code == 1
    assert "1 rows of the export were rejected" in (tmp_path / "page.html").read_text("utf-8")


@pytest.mark.parametrize("body", ["", "rikki\n", '{"tenancy_id": "T-1"}\n'])
def test_an_export_that_is_refused_cannot_be_previewed(tmp_path: Path, body: str) -> None:
    (tmp_path / "snapshot-2026-11-23.jsonl").write_text(body, "utf-8")
    result = preview(tmp_path / "snapshot-2026-11-23.jsonl", *ON)
    assert (result.exit_code, result.stderr.count("\n"), result.stdout) == (2, 1, "")


def test_a_page_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    result = preview(a_mixed_export(tmp_path), *ON, "--html", tmp_path)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


# --- the cases, and the page ---


class Read(HTMLParser):
    """What a page is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.fetched += [value or "" for name, value in attrs if name in ("src", "href", "action") and value]


def a_page(folder: Path, file: Path, *options: object) -> str:
    preview(file, *ON, "--html", folder / "page.html", *options)
    return (folder / "page.html").read_text("utf-8")


def test_the_page_asks_nothing_of_anyone_and_runs_no_script(tmp_path: Path) -> None:
    page = a_page(tmp_path, a_mixed_export(tmp_path))
    read = Read(page)
    assert set(read.fetched) == {"#content"}
    assert "script" not in read.tags
    assert not re.findall(r"url\((?!data:)", page)


def test_the_page_can_be_read_by_its_headings_and_captions(tmp_path: Path) -> None:
    page = a_page(tmp_path, a_mixed_export(tmp_path))
    tags = Read(page).tags
    assert tags.count("h1") == 1
    assert tags.count("caption") == tags.count("table") > 4
    assert [tag for tag in tags if tag in ("h1", "h2", "h3")][:2] == ["h1", "h2"]
    assert '<html lang="en">' in page
    assert '<blockquote lang="fi">' in page


def test_the_page_says_what_holds_the_run_first(tmp_path: Path) -> None:
    page = a_page(
        tmp_path, many(tmp_path, tenants=[a_tenant_row(phone=None)]), "--previous", many(tmp_path, day=BEFORE)
    )
    assert "of 9 guards would hold this run" in page
    assert page.index("Holds</b>") < page.index("Passes</b>")


def test_no_name_number_or_address_is_on_the_page_or_in_the_text(tmp_path: Path) -> None:
    file = a_mixed_export(tmp_path)
    for words in (a_page(tmp_path, file), preview(file, *ON).stdout):
        for private in ("Testi", "Testinen", "040", "+358", "example.com", "Testikatu", "00999", "1986", "2003-02"):
            assert private not in words.replace("data:font", "").split("</style>")[-1]


def test_the_same_file_draws_the_same_ten_cases_and_another_draws_others(tmp_path: Path) -> None:
    def drawn(file: Path) -> list[str]:
        part = a_page(tmp_path, file).split("Drawn by lot")[1].split("Extremes")[0]
        return re.findall(r"<b>(T-\d+)</b>", part)

    first = drawn(many(tmp_path))
    assert len(first) == len(set(first)) == 10
    assert first == drawn(many(tmp_path))
    assert first != drawn(many(tmp_path, housing_allowance="1.00"))


def test_those_who_owe_most_and_least_are_among_the_cases(tmp_path: Path) -> None:
    rows = [a_row(number, open_items=[an_item_row(unpaid=f"{number}.00")]) for number in range(10, 50)]
    part = a_page(tmp_path, an_export(tmp_path, *rows)).split("Extremes")[1]
    shown = re.findall(r"<b>T-(\d+)</b>", part)
    assert shown == ["49", "48", "47", "46", "45", "14", "13", "12", "11", "10"]


def test_each_case_can_be_opened_to_read_the_judgement(tmp_path: Path) -> None:
    page = a_page(tmp_path, an_export(tmp_path, a_row(1)))
    assert "A small debt is below EUR 20.00; this is EUR 800.00: not met." in page


def test_the_policy_in_force_is_the_one_used() -> None:
    assert policy_from(None, TODAY) == POLICY
