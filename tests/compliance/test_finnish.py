"""How often plain Finnish is taken for something else, and something else for Finnish: measured, not claimed."""

import re
from collections.abc import Callable

import pytest

from arrears.compliance import finnish
from arrears.compliance.finnish import ALPHABET, LEVELS, is_finnish, is_odd, surprise
from arrears.compliance.reading import Reading
from arrears.compliance.words import Words, lines
from arrears.plain import BLANK, FACT
from arrears.wording import TEXTS
from tests.compliance.make_finnish import CONTEXTS, dotless, surprises
from tests.compliance.texts import harmless, not_finnish

LONG_WORD = re.compile(r"[^\W\d_]{4,}")
SENTENCE = re.compile(r"[^.!?]+[.!?]*")
GOOD = [text for _, text in harmless()]
LETTERS = sorted(
    file.name for file in TEXTS.iterdir() if file.name.startswith("letter_") and file.name.endswith(".txt")
)
GARBLED = [sentence for language, sentence in not_finnish() if language == "garbled"]
FOREIGN = [(language, sentence) for language, sentence in not_finnish() if language != "garbled"]


def finnish_text(text: str) -> bool:
    """Whether the text is taken for plain Finnish."""
    return is_finnish(Reading(text))


def early(word: str) -> str:
    """The word with its first two neighbouring letters exchanged that differ, the first letter left alone."""
    at = next((at for at in range(1, len(word) - 1) if word[at] != word[at + 1]), 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def middle(word: str) -> str:
    """The word with the two letters in its middle exchanged."""
    at = len(word) // 2
    return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]


def garbled(text: str, how: Callable[[str], str]) -> str:
    """The text with every long word garbled."""
    return LONG_WORD.sub(lambda word: how(word[0]), text)


def with_one_sentence_garbled(text: str, how: Callable[[str], str]) -> list[str]:
    """The text once for each of its sentences of two long words or more, with that one garbled."""
    return [
        text[: found.start()] + garbled(found[0], how) + text[found.end() :]
        for found in SENTENCE.finditer(text)
        if len(LONG_WORD.findall(found[0])) > 1
    ]


@pytest.mark.parametrize("text", GOOD)
def test_what_a_rent_officer_may_write_is_finnish(text: str) -> None:
    assert finnish_text(text)


@pytest.mark.parametrize("name", LETTERS)
def test_every_paragraph_of_the_letters_is_finnish(name: str) -> None:
    whole = FACT.sub("", BLANK.sub("", (TEXTS / name).read_text("utf-8")))
    paragraphs = [part for part in re.split(r"\n\s*\n", whole) if len(LONG_WORD.findall(part)) > 2]
    assert paragraphs
    assert [part for part in paragraphs if not finnish_text(part)] == []


@pytest.mark.parametrize(("language", "sentence"), FOREIGN)
def test_a_sentence_in_another_language_is_not_finnish_alone_or_among_finnish_ones(
    language: str, sentence: str
) -> None:
    assert not finnish_text(sentence)
    assert not finnish_text(f"Hei! Vuokraasi on maksamatta. {sentence} Katso asukassivut. Terveisin Heka")


@pytest.mark.parametrize("sentence", GARBLED)
def test_broken_finnish_is_not_finnish(sentence: str) -> None:
    assert not finnish_text(sentence)


def test_the_figures_in_the_docstring_are_measured_here() -> None:
    languages = {language for language, _ in FOREIGN}
    whole = [garbled(text, how) for text in GOOD for how in (early, middle)]
    single = [text for good in GOOD for how in (early, middle) for text in with_one_sentence_garbled(good, how)]
    passed = sum(map(finnish_text, single)) / len(single)
    assert sum(map(finnish_text, whole)) == 0
    told = " ".join(str(finnish.__doc__).split())
    for figure in (
        f"of {len(GOOD)} texts",
        f"of {len(FOREIGN)} sentences in {len(languages)} other languages",
        f"of {len(whole)} texts in which every long word",
        f"{passed:.0%} pass",
    ):
        assert figure in told, f"say in compliance/finnish.py: {figure}"


def test_the_limits_lie_between_the_best_foreign_and_the_worst_finnish_text() -> None:
    worst = max(surprise([word.small for word in Reading(text).words]) for text in GOOD)
    best = min(surprise([word.small for word in Reading(sentence).words]) for _, sentence in FOREIGN)
    assert worst < finnish.MOST_IN_WINDOW < best


@pytest.mark.parametrize(
    ("protection", "without", "sentence"),
    [
        ("MOST_IN_WINDOW", 99, "You cannot reply to this message."),
        ("MOST_ODD_WORDS", 99, "Vuokraasi on mkasamatta. Ktaso tiedot."),
        ("BROKEN", re.compile("(?!)"), "Tähän viest?in ei voi vastata."),
    ],
)
def test_without_its_protection_a_text_would_pass(
    protection: str, without: object, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"Hei! {sentence} Katso tiedot asukassivuilta. Terveisin Heka"
    assert not finnish_text(text)
    monkeypatch.setattr(finnish, protection, without)
    assert finnish_text(text)


def test_without_the_list_of_lost_dots_a_text_without_them_would_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Hei! Tahan viestiin ei voi vastata. Terveisin Heka"
    assert not finnish_text(text)
    monkeypatch.setattr(finnish, "words", lambda name: Words(frozenset(), ()))
    assert finnish_text(text)


def test_a_misspelt_word_is_odd_and_a_word_of_the_trade_is_not() -> None:
    assert [word for word in ("mkasamatta", "viitenumero", "maksamatta", "mks") if is_odd(word)] == ["mkasamatta"]


def test_one_strange_corner_makes_a_long_word_odd_even_at_its_end() -> None:
    assert is_odd("maksamattaqq")


def test_the_surprise_of_a_word_is_that_of_its_letters_and_its_end() -> None:
    assert surprise(["vuokra"]) == pytest.approx(sum(finnish.surprises("vuokra")) / 7)


@pytest.mark.parametrize(
    ("limit", "text"),
    [("MOST_IN_WINDOW", "Katso tiedot asukassivuilta"), ("MOST_IN_CLAUSE", "Terveisin Heka")],
)
def test_what_lies_on_a_limit_is_still_finnish(limit: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    measured = surprise([word.small for word in Reading(text).words])
    monkeypatch.setattr(finnish, limit, measured)
    assert finnish_text(text)
    monkeypatch.setattr(finnish, limit, measured - 0.01)
    assert not finnish_text(text)


@pytest.mark.parametrize("limit", ["MOST_IN_WORD", "MOST_IN_FOUR"])
def test_a_word_on_a_limit_is_not_odd(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bits = finnish.surprises("maksamatta")
    measured = {"MOST_IN_WORD": sum(bits) / len(bits), "MOST_IN_FOUR": max(sum(bits[at : at + 4]) for at in range(8))}
    monkeypatch.setattr(finnish, limit, measured[limit])
    assert not is_odd("maksamatta")
    monkeypatch.setattr(finnish, limit, measured[limit] - 0.01)
    assert is_odd("maksamatta")


def test_the_table_has_a_level_for_every_letter_after_every_context() -> None:
    rows = dict(line.split(" ", 1) for line in lines("finnish"))
    assert len(rows) == CONTEXTS + len(ALPHABET) ** 2
    assert all(len(row) == len(ALPHABET) and set(row) <= set(LEVELS) for row in rows.values())


def test_the_table_is_made_from_words_as_the_file_says() -> None:
    rows = dict(line.split(" ", 1) for line in surprises({"vuokra": 0.5, "vuori": 0.25, "äiti": 0.25, "señor": 1.0}))
    after_vuo = rows["vuo"]
    likely = sorted(ALPHABET, key=lambda letter: LEVELS.index(after_vuo[ALPHABET.index(letter)]))
    assert likely[:2] == ["k", "r"]
    assert LEVELS.index(rows["__"][ALPHABET.index("v")]) < LEVELS.index(rows["__"][ALPHABET.index("ä")])


def test_a_word_loses_its_dots_in_the_list_only_when_the_bare_form_is_hardly_a_word() -> None:
    assert list(dotless({"tähän": 0.8, "tahan": 0.01, "näin": 0.4, "nain": 0.3, "talo": 0.5})) == ["tahan"]
