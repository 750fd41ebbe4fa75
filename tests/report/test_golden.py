"""A whole report as it reads: every word and figure of the page, every picture's data and every table's file."""

import json
import re
from functools import cache
from html import unescape
from pathlib import Path

from arrears.outcomes.report import Report, report
from tests.makers import POLICY
from tests.report.made import a_year

GOLDEN = Path(__file__).parents[1] / "golden" / "report.txt"
LOOK = re.compile(r"<(script|style|svg)\b.*?</\1>", re.DOTALL)
CHARTS = re.compile(r'<script type="application/json" id="charts">(.*?)</script>', re.DOTALL)


@cache
def a_report() -> Report:
    """A quarter of a small landlord, some of whose groups are too small to be shown."""
    return report(a_year(months=3, size=0.35, held_out=True), POLICY)


def as_text(made: Report) -> str:
    """The page and the files."""
    files = [f"--- {name}\n{text}" for name, text in made.files.items()]
    return "\n".join([page_as_text(made.page), *files]).replace("\r\n", "\n")


def page_as_text(page: str) -> str:
    """The page without its look, and a line for each mark of a picture."""
    found = CHARTS.search(page)
    page = page.replace('<th scope="row">', '<th scope="row">* ')
    plain = re.sub(r"</t[hd]><t[hd][^>]*>", " | ", LOOK.sub("", page))
    words = [line for line in map(str.strip, unescape(re.sub(r"\s*<[^>]+>\s*", "\n", plain)).splitlines()) if line]
    marks = []
    for chart in json.loads(found[1]) if found else []:
        rows = chart.pop("rows")
        marks += [json.dumps(chart, ensure_ascii=False), *(json.dumps(row, ensure_ascii=False) for row in rows)]
    return "\n".join([*words, *marks])


def test_the_report_reads_as_it_did() -> None:
    """Changed on purpose: `python -m tests.report.test_golden` writes the golden file anew; read what changed."""
    assert as_text(a_report()) == GOLDEN.read_text("utf-8")


if __name__ == "__main__":
    GOLDEN.write_text(as_text(a_report()), "utf-8")
