"""The letters' words: golden texts, Finnish amounts and days, and everything that the law asks a letter to say."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from arrears.letters import Letter
from arrears.letters.words import Kind, charge_rows, euros, finnish, sum_rows, words
from arrears.model import HoldKind, Step
from tests.letters.test_content import BROKEN, SPRING, SUMMER, a_letter_of
from tests.makers import TODAY, a_hold, a_letter, a_policy, an_item

GOLDEN = Path(__file__).parents[1] / "golden"
LETTERS = {
    "letter_collection": a_letter_of(),
    "letter_agreement_broken": a_letter_of(
        a_letter(date(2026, 10, 30)),
        step=Step.AGREEMENT_BROKEN_LETTER,
        open_items=(an_item("812.40", "2025-05-05"), an_item("1212.40", "2026-03-04")),
        unallocated_credit="100.00",
        **BROKEN,
    ),
    "letter_court_warning": a_letter_of(
        step=Step.COURT_WARNING_LETTER, on=SUMMER, open_items=(an_item("1800.00", "2026-03-04"),)
    ),
}


def as_text(letter: Letter) -> str:
    """The letter as one reads it, without the look."""
    sums = "\n".join(" | ".join(row) for row in charge_rows(letter) + sum_rows(letter))
    lines = {
        Kind.TITLE: "# {text}",
        Kind.HEADING: "\n## {text}",
        Kind.ROW: "- {label}: {text}",
        Kind.CLOSING: "> {text}",
        Kind.SUMS: sums,
        Kind.PARAGRAPH: "{text}",
    }
    return "\n".join(lines[block.kind].format(text=block.text, label=block.label) for block in words(letter)) + "\n"


@pytest.mark.parametrize("name", LETTERS)
def test_the_letter_reads_as_it_did(name: str) -> None:
    """A text changed on purpose: `python -m tests.letters.test_words` writes the golden files anew; read them."""
    assert as_text(LETTERS[name]) == (GOLDEN / f"{name}.txt").read_text("utf-8")


@pytest.mark.parametrize("name", LETTERS)
def test_only_a_row_has_a_label_and_the_sums_have_no_words_of_their_own(name: str) -> None:
    blocks = words(LETTERS[name])
    assert all(bool(block.label) == (block.kind is Kind.ROW) for block in blocks)
    assert all(bool(block.text) == (block.kind is not Kind.SUMS) for block in blocks)


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("0.00", "0,00 €"),
        ("5.00", "5,00 €"),
        ("1234.50", "1 234,50 €"),
        ("1234567.89", "1 234 567,89 €"),
        ("-100.00", "−100,00 €"),
    ],
)
def test_euros_are_written_as_finns_write_them(amount: str, written: str) -> None:
    assert euros(Decimal(amount)) == written


def test_days_are_written_as_finns_write_them() -> None:
    assert finnish(date(2026, 12, 4)) == "4.12.2026"


@pytest.mark.parametrize("name", LETTERS)
@pytest.mark.parametrize(
    "said",
    [
        # who is owed, and what for
        "Velkoja: Testivuokranantaja Oy",
        "Osoite: Testikuja 1, 00999 Helsinki",
        "Y-tunnus: 1234567-1",
        "Velka tulee tämän asunnon vuokrasta.",
        "Asunto: Testikatu 1 A 2, 00999 Helsinki",
        "Vuokrasopimus: T-1",
        # each charge, the fee, the total
        "Vuokra, ",
        "Velkaa yhteensä | ",
        "Maksu tästä kirjeestä | ",
        "Maksa yhteensä | ",
        # how to pay, and in which order a part payment counts
        "maksulomaketta",
        "Kirjoita maksuun aina viitenumero.",
        "maksu menee ensin korkoon. Sitten se menee vuokraan ja viimeksi kirjeiden maksuihin.",
        # the right to object, how and by when
        "Kerro myös, mikä on väärin. Voit kirjoittaa asukassivuilla, sähköpostilla tai kirjeellä.",
        "Sähköposti: vuokravalvonta@example.com",
        # the right to a halt and what follows, a free statement once a year
        "lopetamme perinnän ja viemme asian käräjäoikeuteen. Siitä voi tulla sinulle lisää maksettavaa.",
        "Saat tiedot maksutta kerran vuodessa.",
        # where to get help
        "Puhelin: 09 000 0000",
        "Asumisneuvonta: puhelin 09 000 0001",
        "Velkaneuvonta: puhelin 09 000 0003",
    ],
)
def test_every_letter_says_what_the_law_asks_for(name: str, said: str) -> None:
    """513/1999 s. 5 a."""
    assert said in as_text(LETTERS[name])


@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_says_by_when_to_pay_and_to_object(name: str) -> None:
    letter = LETTERS[name]
    assert f"viimeistään {finnish(letter.payment.pay_by)}." in as_text(letter)
    assert f"Kerro se meille viimeistään {finnish(letter.object_by)}." in as_text(letter)


def test_interest_that_is_counted_up_to_the_day_of_the_letter_is_said_to_grow() -> None:
    told = as_text(a_letter_of(on=SUMMER, **SPRING))
    assert "Viivästyskorko 9,5 % vuodessa, 5.3.2026–23.6.2026 | 23,11 €" in told
    assert "Viivästyskorko kasvaa joka päivä" in told


def test_interest_that_ends_with_the_known_rates_says_where_it_ends() -> None:
    told = as_text(a_letter_of(**SPRING))
    assert "Viivästyskorko on laskettu 30.6.2026 asti." in told
    assert "kasvaa joka päivä" not in told


def test_a_letter_without_interest_says_so() -> None:
    assert "Tässä kirjeessä ei ole viivästyskorkoa." in as_text(a_letter_of())


def test_a_small_debt_is_never_threatened_with_the_loss_of_the_home() -> None:
    assert "menettää asuntosi" not in as_text(a_letter_of(open_items=(an_item("30.00"),)))
    assert "menettää asuntosi" in as_text(a_letter_of(open_items=(an_item("1600.00"),)))


def test_a_letter_that_costs_nothing_promises_no_cost_of_the_next_one() -> None:
    told = as_text(a_letter_of(policy=a_policy({"letter.waive_fees": True})))
    assert "Maksu tästä kirjeestä | 0,00 €" in told
    assert "josta tulee uusi maksu" not in told


def test_who_asked_for_a_halt_reads_that_this_letter_is_free_for_that_reason() -> None:
    told = as_text(a_letter_of(holds=(a_hold(HoldKind.HALT_REQUEST, TODAY.replace(day=1)),)))
    assert "Olet pyytänyt, että lopetamme perinnän. Siksi emme pyydä maksua tästä kirjeestä." in told


def test_an_agreement_whose_end_nobody_wrote_down_is_told_without_a_day() -> None:
    told = as_text(
        a_letter_of(
            step=Step.AGREEMENT_BROKEN_LETTER,
            agreement={"agreed_on": "2026-09-01", "status": "broken", "broken_on": None},
        )
    )
    assert "Siksi maksusopimus on päättynyt." in told


@pytest.mark.parametrize("name", LETTERS)
def test_the_rows_add_up_to_the_total(name: str) -> None:
    letter = LETTERS[name]
    charged = sum(cents(row[-1]) for row in charge_rows(letter))
    sums = [(what, cents(amount)) for what, amount in sum_rows(letter)]
    principal = next(amount for what, amount in sums if what == "Velkaa yhteensä")
    credit = sum(amount for what, amount in sums if amount < 0)
    below = sums[[what for what, _ in sums].index("Velkaa yhteensä") + 1 : -1]
    assert charged + credit == principal
    assert principal + sum(amount for _, amount in below) == sums[-1][1] == letter.claim.total * 100


def cents(written: str) -> int:
    """Back from 1 234,50 € to cents."""
    return int(written.replace("−", "-").replace(" ", "").replace(",", "").removesuffix("€"))


if __name__ == "__main__":
    for name, letter in LETTERS.items():
        (GOLDEN / f"{name}.txt").write_text(as_text(letter), "utf-8")
