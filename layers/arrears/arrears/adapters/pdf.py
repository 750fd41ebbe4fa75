"""The printer: a letter as an accessible, archivable PDF by Typst. The same letter always gives the same bytes."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, time
from functools import cache
from importlib import resources
from typing import Any

import fontpkg_atkinson_hyperlegible as typeface
import typst
from barcode.codex import Code128

from arrears.letters import Incomplete, Letter
from arrears.letters.words import charge_rows, euros, finnish, labels, sum_rows, words
from arrears.model import Address
from arrears.payment import grouped

MODULE = 0.3  # mm; 332 modules make 99.6 mm, and the form has room for 105
HEIGHT = 40  # modules, so 12 mm


def render(letter: Letter) -> bytes:
    """The letter as PDF/UA-1 and PDF/A-2a on A4, ready for a C5 window envelope.

    Raises Incomplete for a name or address in letters that no typeface here has: nobody gets a letter with holes.
    """
    try:
        made: Any = _press().compile(format="pdf", pdf_standards=["ua-1", "a-2a"], **_given(letter))
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        raise Incomplete("tenants.name, address", "expected letters that can be printed") from None
    return bytes(made)


def pictures(letter: Letter, dpi: int = 150) -> list[bytes]:
    """The letter's pages as PNG, to be looked at before anything is printed."""
    made = _press().compile(format="png", ppi=dpi, **_given(letter))
    return [made] if isinstance(made, bytes) else list(made or ())


def _given(letter: Letter) -> dict[str, Any]:
    noon = datetime.combine(letter.on, time(12), UTC)  # the clock of the machine stays out of the file
    # A file beside the template: as an input of the template's it would have everything laid out anew each time.
    printed = json.dumps(_printed(letter), ensure_ascii=False).encode()
    return {"input": {"main.typ": _template(), "letter.json": printed}, "timestamp": int(noon.timestamp())}


@cache
def _press() -> typst.Compiler:
    """Reads the fonts once; a warm press prints a letter in a few milliseconds."""
    return typst.Compiler(font_paths=[str(typeface.ROOT / "files")], ignore_system_fonts=True)


@cache
def _template() -> bytes:
    return (resources.files(__package__) / "letter.typ").read_bytes()


def _printed(letter: Letter) -> dict[str, Any]:
    """Everything that the paper shows, as strings."""
    creditor, named = letter.creditor, labels()
    blocks = [block.model_dump(mode="json") for block in words(letter)]
    return {
        "title": blocks[0]["text"],
        "kind": named["letter"]["kind"],
        "on": {"year": letter.on.year, "month": letter.on.month, "day": letter.on.day},
        "date": finnish(letter.on),
        "lease": letter.tenancy_id,
        "creditor": creditor.name,
        "logo": creditor.logo,
        "address": [letter.recipient.name, *_lines(letter.recipient.address)],
        "key": [[named["letter"][key], value] for key, value in _key(letter)],
        "blocks": blocks,
        "heads": named["table"]["heads"],
        "charges": charge_rows(letter),
        "sums": sum_rows(letter),
        "heavy": [named["table"]["principal"], named["table"]["total"]],
        "labels": named["letter"],
        **_form(letter),
    }


def _key(letter: Letter) -> Iterator[tuple[str, str]]:
    yield "pay", euros(letter.payment.amount)
    yield "by", finnish(letter.payment.pay_by)
    yield "reference", grouped(letter.payment.reference)


def _form(letter: Letter) -> dict[str, Any]:
    creditor, payment = letter.creditor, letter.payment
    bars = Code128(payment.barcode).build()[0]
    return {
        "form": labels()["form"],
        "iban": " ".join(re.findall(".{1,4}", creditor.iban)),
        "bic": creditor.bic,
        "payee": [creditor.name, *_lines(creditor.address)],
        "reference": grouped(payment.reference),
        "by": finnish(payment.pay_by),
        "amount": euros(payment.amount).removesuffix(" €"),
        "barcode": payment.barcode,
        "bars": _svg(bars),
        "bars-width": len(bars) * MODULE,
    }


def _svg(bars: str) -> str:
    """The bars as one vector path, a module one unit wide."""
    path = "".join(f"M{bar.start()} 0h{len(bar[0])}v{HEIGHT}h-{len(bar[0])}z" for bar in re.finditer("1+", bars))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(bars)} {HEIGHT}"><path d="{path}"/></svg>'


def _lines(address: Address) -> list[str]:
    """Street, then postcode and TOWN last, as the post asks."""
    return [address.street, f"{address.postal_code} {address.town.upper()}"]
