"""Short sentences and short words: what the gate measures, at, below and above each of its limits."""

import pytest

from arrears import plain
from arrears.plain import Readability, readability

TEN = "Tässä on nyt tasan kymmenen sanaa eikä yhtään sitä enempää."
THIRTEEN = "Tässä taas on tasan kolmetoista sanaa eikä yhtään sitä enempää kun lasket ne."


def test_an_ordinary_text_is_measured_by_its_sentences() -> None:
    assert readability("Hei! Vuokraasi on maksamatta. Katso tiedot asukassivuilta.") == Readability(7 / 3, 3, ())


@pytest.mark.parametrize(
    ("text", "plain_enough"),
    [
        (TEN, True),
        (f"{TEN} {TEN}", True),
        (THIRTEEN, False),  # alone, its mean is thirteen
        (f"{THIRTEEN} Hei.", True),
        (f"{THIRTEEN.replace('lasket', 'sinä lasket')} Hei.", False),
        (f"{THIRTEEN} {TEN}", False),
        (f"Hei\n{THIRTEEN.removesuffix('.')}", True),
        (f"{THIRTEEN.removesuffix('.')} nyt", False),
        ("Hoida vuokratilanne.", True),
        ("Hoida velkatilanteen.", True),  # 14 letters
        ("Hoida velkatilanteesi.", False),
        ("Katso käräjäoikeudenkäynti.", True),
        ("Saat Oikeusaputoimistosta apua.", True),
        ("Katso oikeudenkäynti-avustajapalvelu.", False),
        ("", True),
    ],
)
def test_a_text_is_plain_up_to_its_limits(text: str, plain_enough: bool) -> None:
    assert readability(text).is_plain is plain_enough


@pytest.mark.parametrize(
    ("text", "longest"),
    [
        ("Hei {{vastaanottaja_nimi}}", 2),
        ("Maksa {{ summa }} viimeistään {{erapaiva}}.", 4),
        ("| Velka | yhteensä | {{a}} | {{b}} | {{c}} | {{d}} |\nHei.", 1),
        ("Eräpäivä oli 4.12.2026 ja korko on 9,5 % vuodessa.", 8),
        ("Otsikko\nLause on tässä.", 3),
        ("Vuokra-asia on kesken.", 3),
        ("[koti_vaarassa] Voit menettää asuntosi.", 3),
        ("Oletko jo maksanut? Hyvä!", 3),
    ],
)
def test_a_blank_a_row_a_date_and_a_line_are_counted_as_a_reader_would(text: str, longest: int) -> None:
    assert readability(text).longest == longest


def test_the_figure_says_what_is_wrong() -> None:
    assert (
        str(readability("Katso velkatilanteistasi heti."))
        == "mean 3.0, longest 3 words, long words: velkatilanteistasi"
    )
    assert str(readability(TEN)) == "mean 10.0, longest 10 words"


@pytest.mark.parametrize(
    ("limit", "text"),
    [
        ("MOST_ON_AVERAGE", f"{THIRTEEN}"),
        ("MOST_IN_SENTENCE", f"{THIRTEEN.removesuffix('.')} nyt"),
        ("MOST_LETTERS", "Katso velkatilanteistasi."),
    ],
)
def test_without_a_limit_a_hard_text_would_pass(limit: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not readability(text).is_plain
    monkeypatch.setattr(plain, limit, 99)
    assert readability(text).is_plain


def test_a_text_of_no_words_is_as_short_as_can_be() -> None:
    assert readability("") == readability("| a | table |") == Readability(0, 0, ())
