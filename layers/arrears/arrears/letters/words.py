"""A letter's words: the Finnish text of its kind with its own facts in it, and its sums as a reader sees them.

A line of a text in `texts/letter_*.txt` is one paragraph. `# ` is the title, `## ` a heading, `- ` a row
"label: value", `> ` the closing, `{{taulukko}}` the place of the sums; a line after `[fact] ` is said only when the
fact is true.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from arrears.letters import Letter
from arrears.letters.claim import Charge
from arrears.letters.interest import Interest
from arrears.model import Address, Facts, Step
from arrears.wording import TEXTS, filled, template

TEMPLATES = {
    Step.COLLECTION_LETTER: "letter_collection",
    Step.AGREEMENT_BROKEN_LETTER: "letter_agreement_broken",
    Step.COURT_WARNING_LETTER: "letter_court_warning",
}
LINE = re.compile(r"(?:\[(?P<fact>\w+)\] )?(?P<mark>##?|-|>)? ?(?P<text>.+)")


class Kind(StrEnum):
    """What a line of the letter is."""

    TITLE = "title"
    HEADING = "heading"
    ROW = "row"
    CLOSING = "closing"
    SUMS = "sums"
    PARAGRAPH = "paragraph"


MARKS = {"#": Kind.TITLE, "##": Kind.HEADING, "-": Kind.ROW, ">": Kind.CLOSING, None: Kind.PARAGRAPH}


class Block(Facts):
    """One line of the letter; `label` only for a row."""

    kind: Kind
    text: str
    label: str = ""


def words(letter: Letter) -> tuple[Block, ...]:
    """The whole text of the letter, from the title to the closing. Raises MissingWord rather than leave a hole."""
    return tuple(_blocks(template(TEMPLATES[letter.step]), _values(letter), _facts(letter)))


def charge_rows(letter: Letter) -> list[list[str]]:
    """One row for each month: what, due day, charged, paid, unpaid."""
    return [_charge(charge) for charge in letter.claim.charges]


def sum_rows(letter: Letter) -> list[list[str]]:
    """The rows under the charges, from the whole debt to the total: what, euros. Their euros add up to the total."""
    claim, named = letter.claim, labels()["table"]
    credit = [[named["credit"], euros(-claim.credit)]] if claim.credit else []
    earlier = [[named["earlier_fees"], euros(claim.earlier_fees)]] if claim.earlier_fees else []
    return [
        *credit,
        [named["principal"], euros(claim.principal)],
        *([_interest(line), euros(line.amount)] for line in claim.interest),
        *earlier,
        [named["fee"], euros(claim.fee)],
        [named["total"], euros(claim.total)],
    ]


def euros(amount: Decimal) -> str:
    """Euros as Finns write them: 1 234,50 €, and a minus before what is taken off."""
    whole, cents = f"{abs(amount):,.2f}".replace(",", " ").split(".")
    return f"{'−' if amount < 0 else ''}{whole},{cents} €"


def finnish(day: date) -> str:
    """A day as Finns write it: 4.12.2026."""
    return f"{day.day}.{day.month}.{day.year}"


@cache
def labels() -> Mapping[str, Any]:
    """The fixed words beside the text: table heads, sums, the payment form."""
    return tomllib.loads((TEXTS / "letter_labels.toml").read_text("utf-8"))


def _blocks(text: str, values: Mapping[str, str], facts: Mapping[str, bool]) -> Iterator[Block]:
    for line in filter(None, text.splitlines()):
        parts = LINE.fullmatch(line)
        if parts is None or (parts["fact"] and not facts[parts["fact"]]):
            continue
        if parts["text"] == "{{taulukko}}":
            yield Block(kind=Kind.SUMS, text="")
            continue
        yield _block(MARKS[parts["mark"]], parts["text"], values)


def _block(kind: Kind, text: str, values: Mapping[str, str]) -> Block:
    label, _, rest = text.partition(": ") if kind is Kind.ROW else ("", "", text)
    return Block(kind=kind, label=label, text=filled(rest, values))


def _values(letter: Letter) -> dict[str, str]:
    creditor = letter.creditor
    days = {
        "erapaiva": letter.payment.pay_by,
        "huomautus_pvm": letter.object_by,
        "sopimus_pvm": letter.agreement and letter.agreement.agreed_on,
        "rikkoutumis_pvm": letter.agreement and letter.agreement.broken_on,
        "korko_pvm": letter.claim.interest_until,
    }
    return {name: finnish(day) for name, day in days.items() if day} | {
        "vastaanottaja_nimi": letter.recipient.name,
        "asunnon_osoite": _one_line(letter.recipient.address),
        "sopimusnumero": letter.tenancy_id,
        "velkoja_nimi": creditor.name,
        "velkoja_osoite": _one_line(creditor.address),
        "velkoja_ytunnus": creditor.business_id,
        "vuokravalvonta_puhelin": creditor.phone,
        "vuokravalvonta_aika": creditor.hours,
        "vuokravalvonta_sahkoposti": creditor.email,
        "kasittelija_tai_tiimi": creditor.team,
        "asumisneuvonta_yhteys": creditor.help.housing_adviser,
        "kela_yhteys": creditor.help.kela,
        "velkaneuvonta_yhteys": creditor.help.debt_advice,
        "oikeusapu_yhteys": creditor.help.legal_aid,
    }


def _facts(letter: Letter) -> dict[str, bool]:
    until, agreement = letter.claim.interest_until, letter.agreement
    return {
        "korko_kasvaa": until == letter.on,
        "korko_kesken": until is not None and until != letter.on,
        "korko_puuttuu": until is None,
        "perinta_pyydetty_lopettamaan": letter.halt_requested,
        "maksut_jatkuvat": letter.fee_may_follow,
        "maksut_eivat_jatku": not letter.fee_may_follow,
        "koti_vaarassa": letter.court_is_near,
        "paattymispaiva_tiedossa": agreement is not None and agreement.broken_on is not None,
        "paattymispaiva_ei_tiedossa": agreement is not None and agreement.broken_on is None,
    }


def _charge(charge: Charge) -> list[str]:
    month = labels()["months"][charge.due_date.month - 1]
    what = labels()["table"]["rent"].format(month=month, year=charge.due_date.year)
    return [what, finnish(charge.due_date), euros(charge.charged), euros(charge.paid), euros(charge.unpaid)]


def _interest(line: Interest) -> str:
    rate = f"{line.rate.normalize():f}".replace(".", ",")
    return str(labels()["table"]["interest"].format(rate=rate, first=finnish(line.first), last=finnish(line.last)))


def _one_line(address: Address) -> str:
    return f"{address.street}, {address.postal_code} {address.town}"
