"""The page in a real browser: drawn without a complaint, asking nothing of anyone, readable by everyone."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from arrears.outcomes.report import report
from arrears.outcomes.words import place, said
from tests.makers import POLICY
from tests.report.browser import DESK, PHONE, chromium, needs_chromium, opened
from tests.report.made import a_year
from tests.report.months import as_files, lived, published
from tests.report.recompute import recompute

pytestmark = needs_chromium
BROKEN_ONLY = {"resultTypes": ["violations"]}  # what is right is only counted
# The contrast of every cell takes long to look at: of a table's rows that differ in their words alone, one is left.
NO_TWO_ROWS_ALIKE = """
document.querySelectorAll("tbody").forEach((body) => {
  const seen = new Set();
  [...body.rows].forEach((row) => {
    const looks = row.outerHTML.replace(/>[^<]+/g, ">");
    seen.has(looks) ? row.remove() : seen.add(looks);
  });
});
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests here."""
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with everything on it: twelve months and a comparison group."""
    return written(tmp_path_factory.mktemp("year"), report(a_year(held_out=True), POLICY).page)


@pytest.fixture(scope="module")
def two_months(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the two months, with little on it."""
    return written(tmp_path_factory.mktemp("months"), published()["report.html"].decode())


def written(folder: Path, page: str) -> Path:
    """The page as a file."""
    (folder / "report.html").write_text(page, "utf-8")
    return folder / "report.html"


@pytest.fixture(params=["year", "two_months"])
def page(request: pytest.FixtureRequest) -> Path:
    """Both pages."""
    found: Path = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_every_chart_is_drawn_and_nothing_is_said_in_the_console(browser: Browser, page: Path, width: int) -> None:
    with opened(browser, page, width) as seen:
        charts = seen.page.locator("[data-chart]")
        assert charts.count() >= 6
        assert charts.count() == seen.page.locator("[data-chart] > svg").count()
        assert seen.said == []


def test_nothing_is_asked_of_anyone(browser: Browser, page: Path) -> None:
    with opened(browser, page) as seen:
        assert seen.asked == []


def test_what_somebody_adds_to_the_page_may_ask_nothing_either(browser: Browser, year: Path, tmp_path: Path) -> None:
    added = "<img src='http://127.0.0.1:9/seen.png'><script>document.title = 'taken'</script></body>"
    with opened(browser, written(tmp_path, year.read_text("utf-8").replace("</body>", added))) as seen:
        assert seen.page.title() == "Rent arrears, March 2026"
        assert sum("Content Security Policy" in line for line in seen.said) == 2


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_the_page_is_never_wider_than_its_window(browser: Browser, page: Path, width: int) -> None:
    with opened(browser, page, width) as seen:
        seen.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_no_rule_of_accessibility_is_broken(browser: Browser, page: Path, width: int) -> None:
    with opened(browser, page, width) as seen:
        seen.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        seen.page.evaluate(NO_TWO_ROWS_ALIKE)
        found = Axe().run(seen.page, options=BROKEN_ONLY)
        assert [violation["id"] for violation in found.response["violations"]] == [], found.generate_report()


def test_a_rule_of_accessibility_that_is_broken_is_noticed(browser: Browser, year: Path, tmp_path: Path) -> None:
    nameless = re.sub(r' role="img" aria-label="[^"]*"', ' role="img"', year.read_text("utf-8"))
    with opened(browser, written(tmp_path, nameless)) as seen:
        found = Axe().run(seen.page, options=BROKEN_ONLY)
        assert [violation["id"] for violation in found.response["violations"]] == ["role-img-alt"]


def test_every_table_can_be_reached_by_keyboard(browser: Browser, year: Path) -> None:
    with opened(browser, year) as seen:
        reached = set()
        for _ in range(200):
            seen.page.keyboard.press("Tab")
            told = "[document.activeElement.tagName, document.activeElement.querySelector('table')?.id ?? null]"
            tag, table = seen.page.evaluate(told)
            if tag == "SUMMARY":
                seen.page.keyboard.press("Enter")
            reached.add(table)
            if tag == "BODY":
                break
        tables = seen.page.evaluate("[...document.querySelectorAll('table')].map((table) => table.id)")
        assert len(tables) >= 15
        assert reached >= set(tables)


def test_where_scripts_are_not_let_run_the_tables_are_still_there(browser: Browser, year: Path) -> None:
    with opened(browser, year, scripts=False) as seen:
        assert "needs JavaScript" in seen.page.locator("noscript").first.inner_text()
        seen.page.locator("summary").first.click()
        assert seen.page.locator("#month").is_visible()


def test_the_75_per_cent_line_is_drawn_once_for_each_number_of_days(browser: Browser, year: Path) -> None:
    with opened(browser, year) as seen:
        assert seen.page.locator('[data-chart="answers-court_notice"] svg text', has_text="75 %").count() >= 3
        dashed = '[data-chart="answers-court_notice"] svg [stroke-dasharray] line'
        assert seen.page.locator(dashed).count() == 3


def test_without_its_mark_the_line_is_missed(browser: Browser, year: Path, tmp_path: Path) -> None:
    without = re.sub(r'"mark": \{[^}]*\}', '"mark": null', year.read_text("utf-8"))
    with opened(browser, written(tmp_path, without)) as seen:
        assert seen.page.locator('[data-chart="answers-court_notice"] svg [stroke-dasharray] line').count() == 0


def test_the_page_prints_on_paper_of_its_own_width(browser: Browser, year: Path) -> None:
    with opened(browser, year, 700) as seen:
        seen.page.emulate_media(media="print")
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 700
        assert seen.page.pdf(format="A4").startswith(b"%PDF")


def cells(seen: Any, table: str) -> list[list[str]]:
    """A table of the page as a reader sees it, without its heading."""
    script = "(rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent))"
    found: list[list[str]] = seen.page.locator(f"#{table} tbody tr").evaluate_all(script)
    return found


def shown(value: Any) -> str:
    """A recomputed figure as the page writes it."""
    return f"{value:,.2f}" if isinstance(value, Decimal) else f"{value:,}"


def test_the_figures_on_the_page_are_those_counted_by_other_means(
    browser: Browser, two_months: Path, tmp_path: Path
) -> None:
    as_files(*lived(), tmp_path)
    again = recompute(tmp_path, "2026-03")
    checked = 0
    with opened(browser, two_months) as seen:
        for stage, row in zip(again["month"], cells(seen, "month"), strict=True):
            assert row[1] in (shown(again["month"][stage]), "hidden"), stage
            checked += row[1] != "hidden"
        for what in ("debt", "debtors"):
            named = {(place(area), place(age)): value for (area, age), value in again[what].items()}
            for area, age, *months in cells(seen, what):
                zero = Decimal(0) if what == "debt" else 0
                assert months[-1] in (shown(named.get((area, age), zero)), "hidden"), (what, area, age)
                checked += months[-1] != "hidden"
        texts = {
            (place(group), days): found
            for (step, group, days), found in again["answers"].items()
            if step == "collection_letter"
        }
        for group, days, of, *rates in cells(seen, "answers_collection_letter"):
            found = texts.get((group, int(days)), {"of": 0})
            assert of in (shown(found["of"]), "hidden"), (group, days)
            for what, rate in zip(("contacted", "agreed", "paid", "answered"), rates, strict=True):
                share = f"{found[what] / found['of']:.0%}".replace("%", " %") if found["of"] else "–"
                assert rate == "hidden" or rate.startswith(share), (group, days, what)
                checked += rate != "hidden"
        reasons = {said("reason", code): count for code, count in again["first_reason"].items()}
        for reason, first, _ in cells(seen, "not_written")[:-1]:
            assert first in (shown(reasons.get(reason, 0)), "hidden")
            checked += first != "hidden"
        lead = seen.page.locator(".lead").inner_text()
    assert checked > 60
    assert f"{again['debtors']['all', 'all']} tenancies owed EUR {round(again['debt']['all', 'all']):,}" in lead
