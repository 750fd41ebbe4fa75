"""The paper: what it says, where it says it, and that a bank's reader gets back the very sum and reference."""

import io
import subprocess
import sys
from decimal import Decimal
from functools import cache
from hashlib import sha256
from itertools import chain
from pathlib import Path
from shutil import which
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from arrears.adapters import pdf
from arrears.adapters.pdf import pictures, render
from arrears.creditor import example
from arrears.letters import Incomplete, Letter
from arrears.letters.words import charge_rows, sum_rows, words
from arrears.model import LETTERS
from tests.letters.test_content import BROKEN, SUMMER, a_letter_of
from tests.makers import a_tenant, an_item

MM = 72 / 25.4
PAPER = 297 * MM
FORM = 101.6 * MM  # the payment form's height from the foot of the paper
TWELVE = tuple(an_item("812.40", f"{2025 + month // 12}-{month % 12 + 1:02}-04") for month in range(9, 21))
LONG_NAME = "Maximiliana-Alexandrina Testinen-Esimerkkilä von Pitkänimi af Koekylä"
LONG_ADDRESS = {
    "street": "Pitkänimisentestikadunvarrenmutka 1234–1238 rappu B asunto 1234 c/o Esimerkkilä-Testinen",
    "postal_code": "00999",
    "town": "Uusikaarlepyynkoetestikylä",
}
LONG: dict[str, Any] = {
    "tenants": (a_tenant(name=LONG_NAME),),
    "address": LONG_ADDRESS,
    "tenancy_id": "T-2026.ABCDEFGH2026.ABCDEFGH0123456789AB",
    "creditor": example().model_copy(
        update={"name": "Testikaupungin Vuokra-asuntojen Hallinnointi ja Ylläpito Oy Ab", "logo": None}
    ),
}
KINDS = [
    pytest.param({"step": step, **BROKEN, **facts}, id=f"{step}-{name}")
    for step in sorted(LETTERS)
    for name, facts in {"one": {}, "twelve": {"open_items": TWELVE}, "long": LONG}.items()
]


def pages_of(letter: Letter) -> list[str]:
    """What a reader that cannot see reads on each page."""
    return [text for text, _ in read(render(letter))]


def flat(text: str) -> str:
    """Without line breaks."""
    return " ".join(text.split())


Placed = tuple[str, float, float]


@cache
def read(body: bytes) -> list[tuple[str, list[Placed]]]:
    """Each page's text, and every piece of it with its place: mm from the left edge, mm from the top."""
    return [_read(page) for page in PdfReader(io.BytesIO(body)).pages]


def _read(page: Any) -> tuple[str, list[Placed]]:
    found: list[Placed] = []

    def note(text: str, cm: list[float], tm: list[float], *_: Any) -> None:
        x, y = tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5]
        if text.strip():
            found.append((text.strip(), x / MM, (PAPER - y) / MM))

    return page.extract_text(visitor_text=note), found


@pytest.mark.parametrize("facts", KINDS)
def test_everything_the_letter_says_is_on_the_paper(facts: dict[str, Any]) -> None:
    letter = a_letter_of(**facts)
    text = flat(" ".join(pages_of(letter)))
    for block in words(letter):
        assert flat(f"{block.label} {block.text}") in text
    for row in charge_rows(letter) + sum_rows(letter):
        assert flat(" ".join(row)) in text


@pytest.mark.parametrize("facts", KINDS)
def test_the_bars_read_back_are_the_total_the_reference_and_the_day(facts: dict[str, Any]) -> None:
    letter = a_letter_of(**facts)
    found = [code for page in pictures(letter, dpi=200) for code in zxingcpp.read_barcodes(_seen(page))]
    assert [code.text for code in found] == [letter.payment.barcode]
    assert found[0].format == zxingcpp.BarcodeFormat.Code128
    assert Decimal(found[0].text[17:25]) / 100 == sum_of_lines(letter) == letter.claim.total


@pytest.mark.parametrize(("reference", "version"), [("11112", "4"), ("RF9811112", "5")])
def test_both_versions_of_the_bars_are_read_back(reference: str, version: str) -> None:
    letter = a_letter_of(open_items=(an_item(reference=reference),))
    (code,) = zxingcpp.read_barcodes(_seen(pictures(letter, dpi=200)[-1]))
    assert code.text == letter.payment.barcode
    assert code.text.startswith(version)


@pytest.mark.skipif(not (which("pdftoppm") and which("zbarimg")), reason="needs pdftoppm and zbarimg (poppler, zbar)")
@pytest.mark.parametrize("reference", ["11112", "RF9811112"])
def test_a_second_reader_gets_the_same_from_the_pdf_itself(reference: str, tmp_path: Path) -> None:
    letter = a_letter_of(open_items=(an_item(reference=reference),))
    (tmp_path / "letter.pdf").write_bytes(render(letter))
    subprocess.run(["pdftoppm", "-r", "200", "-png", "letter.pdf", "page"], cwd=tmp_path, check=True)
    last = sorted(tmp_path.glob("page-*.png"))[-1]
    read = subprocess.run(["zbarimg", "-q", "--raw", last], capture_output=True, text=True, check=True)
    assert read.stdout.strip() == letter.payment.barcode


def test_the_bars_are_no_longer_than_the_bank_reads_and_tall_enough() -> None:
    letter = a_letter_of()
    page = pictures(letter, dpi=254)[-1]  # ten dots a millimetre
    (code,) = zxingcpp.read_barcodes(_seen(page))
    length = (code.position.top_right.x - code.position.top_left.x) / 10
    assert 70 <= length <= 105
    assert pdf.MODULE * pdf.HEIGHT >= 10


@pytest.mark.parametrize("facts", KINDS)
def test_the_payment_form_is_at_the_foot_of_the_last_page_and_nothing_else_is(facts: dict[str, Any]) -> None:
    letter = a_letter_of(**facts)
    *earlier, (_, last) = read(render(letter))
    top = (PAPER - FORM) / MM
    assert not any("TILISIIRTO" in text for text, _ in earlier)
    below = [text for text, _, y in last if y > top]
    above = " ".join(text for text, _, y in last if y <= top)
    for word in ("TILISIIRTO", "FI37 1590 3000 0007 76", "NDEAFIHH", letter.payment.barcode):
        assert any(word in text for text in below)
        assert word not in above
    assert "Terveisin" not in " ".join(below)
    assert all(y < 297 - 5 for _, _, y in last)


def test_the_form_says_the_sum_the_day_and_the_reference() -> None:
    form = flat(pages_of(a_letter_of(open_items=(an_item("1234.50", reference="868624"),)))[-1].split("TILISIIRTO")[1])
    for word in ("8 68624", "11.12.2026", "1 239,50", "Testivuokranantaja Oy", "Testi Testinen"):
        assert word in form


@pytest.mark.parametrize("facts", [{}, LONG])
def test_the_address_and_nothing_else_stands_in_the_envelopes_window(facts: dict[str, Any]) -> None:
    letter = a_letter_of(**facts)
    _, first = read(render(letter))[0]
    seen = flat(" ".join(text for text, x, y in first if 18 <= x < 113 and 40 <= y <= 75))
    address = letter.recipient.address
    assert seen == flat(f"{letter.recipient.name} {address.street} {address.postal_code} {address.town.upper()}")


@pytest.mark.parametrize("facts", KINDS)
def test_every_page_has_its_number(facts: dict[str, Any]) -> None:
    pages = pages_of(a_letter_of(**facts))
    assert [f"Sivu {n} ({len(pages)})" in page for n, page in enumerate(pages, 1)] == [True] * len(pages)


def test_text_keeps_clear_of_the_paper_s_edges() -> None:
    for _, page in read(render(a_letter_of(open_items=TWELVE, **LONG))):
        assert all(3 <= x <= 205 and 10 <= y <= 293 for _, x, y in page)


def test_the_letter_is_made_for_readers_that_cannot_see_and_for_archives() -> None:
    root: Any = PdfReader(io.BytesIO(render(a_letter_of()))).root_object
    described = root["/Metadata"].get_data().decode()
    assert root["/Lang"] == "fi"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert "<pdfuaid:part>1</pdfuaid:part>" in described
    assert "<pdfaid:part>2</pdfaid:part>" in described
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in described


def test_no_name_of_a_tenant_is_in_the_file_s_description() -> None:
    reader: Any = PdfReader(io.BytesIO(render(a_letter_of())))
    described = f"{reader.metadata} {reader.root_object['/Metadata'].get_data().decode()}"
    assert "Sinulla on vuokravelkaa" in described
    assert "Testinen" not in described


def test_every_typeface_is_in_the_file_and_none_is_the_machines() -> None:
    reader: Any = PdfReader(io.BytesIO(render(a_letter_of())))
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    descriptors = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]
    assert descriptors
    assert all("/FontFile2" in each or "/FontFile3" in each for each in descriptors)
    assert {str(each["/FontName"]).split("+")[1].split("-")[0] for each in descriptors} == {"AtkinsonHyperlegible"}


def test_paper_is_a4() -> None:
    for page in PdfReader(io.BytesIO(render(a_letter_of()))).pages:
        assert [round(float(side) / MM) for side in page.mediabox[2:]] == [210, 297]


def test_the_same_letter_is_the_same_bytes_in_another_process_another_zone_and_after_other_letters(
    tmp_path: Path,
) -> None:
    render(a_letter_of(open_items=TWELVE))
    made = "from tests.adapters.test_pdf import *; print(sha256(render(a_letter_of())).hexdigest())"
    here = {"TZ": "Pacific/Auckland", "PATH": "", "HOME": f"{tmp_path}"}
    elsewhere = subprocess.run([sys.executable, "-c", made], env=here, capture_output=True, text=True, check=True)
    assert elsewhere.stdout.strip() == sha256(render(a_letter_of())).hexdigest()


def test_another_day_is_another_file() -> None:
    assert render(a_letter_of(on=SUMMER, open_items=(an_item(due_date="2026-03-04"),))) != render(a_letter_of())


def test_the_letterhead_is_the_landlords_own() -> None:
    plain = example().model_copy(update={"logo": None})
    mark = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="#c00"/></svg>'
    red = example().model_copy(update={"logo": mark})
    firsts = [pictures(a_letter_of(creditor=creditor), dpi=40)[0] for creditor in (plain, example(), red)]
    assert len(set(firsts)) == 3
    assert "Testivuokranantaja Oy" in pages_of(a_letter_of(creditor=plain))[0]


@pytest.mark.parametrize("name", ["Nguyễn Thị Testi", "Šašić-Žužek Testi", "Ольга Тест", "Đorđe Ťest"])
def test_a_name_from_elsewhere_is_printed_whole(name: str) -> None:
    assert name in flat(pages_of(a_letter_of(tenants=(a_tenant(name=name),)))[0])


@pytest.mark.parametrize("name", ["Testi 測試", "Testi \U0001f600", "Testi\x07"])
def test_a_name_that_cannot_be_printed_sets_the_letter_aside_without_telling_the_name(name: str) -> None:
    with pytest.raises(Incomplete) as caught:
        render(a_letter_of(tenants=(a_tenant(name=name),)))
    chain_of_errors = chain([caught.value], filter(None, [caught.value.__cause__]))
    assert not any("Testi" in str(error) or name[-1] in str(error) for error in chain_of_errors)


def test_words_that_look_like_typesetting_are_printed_as_they_are() -> None:
    name = '#read("/etc/passwd") *Testi* $x$ `y`'
    assert name in flat(pages_of(a_letter_of(tenants=(a_tenant(name=name),)))[0])


def sum_of_lines(letter: Letter) -> Decimal:
    """Added up again from the printed rows."""
    euros = [row[-1] for row in charge_rows(letter)]
    euros += [row[-1] for row in sum_rows(letter) if row[0] not in ("Velkaa yhteensä", "Maksa yhteensä")]
    return sum((Decimal(each.replace("−", "-").replace(" ", "").replace(",", ".")[:-1]) for each in euros), Decimal(0))


def _seen(page: bytes) -> Image.Image:
    """A page as a bank's reader sees it: without colours."""
    return Image.open(io.BytesIO(page)).convert("L")
