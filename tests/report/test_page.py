"""What every page shares: everything inside it, what it is told escaped, and what others made as they made it."""

import json
import re
import tomllib
from hashlib import sha256
from importlib import resources

import pytest

from arrears import page
from arrears.outcomes.report import report
from tests.makers import POLICY
from tests.report.made import a_year

HOUSE = resources.files(page)
VENDORED = tomllib.loads((HOUSE / "VENDORED.toml").read_text("utf-8"))


@pytest.mark.parametrize("name", VENDORED)
def test_what_others_made_is_as_they_published_it_and_its_licence_is_beside_it(name: str) -> None:
    told = VENDORED[name]
    found = sha256((HOUSE / told["file"]).read_bytes()).hexdigest()
    assert found == told["sha256"], f"take {told['from']} from {told['package']} {told['version']} again, or renew both"
    assert (HOUSE / told["licence"]).read_text("utf-8").strip()


def test_nothing_that_others_made_is_there_without_being_named() -> None:
    named = {told["file"] for told in VENDORED.values()}
    there = {f"{folder}/{file.name}" for folder in ("vendor", "fonts") for file in (HOUSE / folder).iterdir()}
    assert {file for file in there if not file.endswith(".LICENSE.txt")} == named


def test_the_page_refers_to_nothing_outside_itself() -> None:
    made = report(a_year(), POLICY)
    body = re.sub(r"<(script|style)[^>]*>.*?</\1>", "", made.page, flags=re.DOTALL)
    assert set(re.findall(r'(?:src|href)="([^"#]*)', body)) - {""} == set(made.files)
    assert not re.findall(r"url\((?!data:)", re.sub(r"<script.*?</script>", "", made.page, flags=re.DOTALL))


def test_a_page_without_charts_has_no_script() -> None:
    made = page.render("document.html", "A page")
    assert "<script" not in made
    assert "script-src &#39;none&#39;" in made or "script-src 'none'" in made


def test_what_a_page_is_told_cannot_become_a_part_of_it() -> None:
    chart = {"id": "</script><b>", "kind": "bars", "rows": []}
    made = page.render("document.html", "<b>bold</b>", [chart])
    assert "<b>" not in made
    described = re.search(r'id="charts">(.*?)</script>', made)
    assert described is not None
    assert json.loads(described[1]) == [chart]


def test_the_same_figures_give_the_same_page() -> None:
    assert report(a_year(), POLICY).page == report(a_year(), POLICY).page
