"""Which figures and capitals give something away, and which do not."""

import pytest

from arrears.compliance.numbers import names_payment, names_phone
from arrears.compliance.people import names_person
from arrears.compliance.reading import Reading


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("Nolla neljä nolla yksi kaksi", True),
        ("Nolla neljä nolla yksi", True),
        ("Nolla neljä nolla", False),
        ("Nolla neljä nolla viesti nolla neljä nolla", False),
        ("Viesti nolla neljä nolla", False),
    ],
)
def test_digits_spelled_one_after_the_other_are_a_number_when_there_are_enough(text: str, phone: bool) -> None:
    assert names_phone(Reading(text)) is phone


@pytest.mark.parametrize(("figures", "payment"), [("11112", True), ("1111-2", True), ("11113", False), ("112", False)])
def test_figures_are_a_reference_when_their_check_digit_is_right(figures: str, payment: bool) -> None:
    assert names_payment(Reading(f"Katso kohta {figures} palvelusta")) is payment


def test_a_digit_alone_is_nobodys_birthday() -> None:
    assert not names_person(Reading("Sinulle on 2 viestiä."))


def test_a_capital_inside_a_sentence_is_a_name_and_a_shouted_word_is_none() -> None:
    assert names_person(Reading("Katso tiedot A palvelusta."))
    for shouted in ("HETI", "JO"):
        assert not names_person(Reading(f"Katso {shouted} tiedot palvelusta."))


def test_a_sentence_in_brackets_begins_with_a_capital_too() -> None:
    assert not names_person(Reading("Lue viesti. (Muistutus tuli jo.)"))


def test_digits_of_other_scripts_are_read_as_ours_and_what_nobody_sees_is_not_read() -> None:
    assert Reading("٠4\u200b０").plain == "040"
