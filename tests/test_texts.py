"""The gate that every text in the house must pass: `make check` runs it and prints how plain each text is."""

import pytest

from arrears.compliance import Violation, check
from arrears.compliance.reading import Reading
from arrears.compliance.words import words
from arrears.model import Step
from arrears.plain import readability
from arrears.wording import TEXTS, segments, template
from tests.makers import POLICY

NAMES = sorted(file.name.removesuffix(".txt") for file in TEXTS.iterdir() if file.name.endswith(".txt"))
MESSAGES = [name for name in NAMES if name.startswith("sms_")]
LISTS = sorted(file.name.removesuffix(".txt") for file in (TEXTS / "words").iterdir())
TABLES = {"finnish", "dotless"}
MOST = {Step.SMS_REMINDER: POLICY.sms.max_segments, Step.COURT_NOTICE: POLICY.court.notice_max_segments}


def kind(name: str) -> Step:
    """What a text is for, by its name."""
    return Step.COURT_NOTICE if "court" in name else Step.SMS_REMINDER


@pytest.mark.parametrize("name", MESSAGES)
def test_every_message_may_leave_and_costs_what_the_policy_allows(name: str) -> None:
    assert check(template(name), kind(name), None, MOST[kind(name)]) == ()
    print(f"\n{name}: {segments(template(name))}")


def test_the_list_of_our_own_words_is_what_the_messages_say_and_nobodys_name() -> None:
    said = {word.small for name in MESSAGES for word in Reading(template(name)).words}
    assert words("ours").whole == said, "put what is new into texts/words/ours.txt, unless it is a name"


def test_a_name_put_into_a_message_does_not_excuse_itself() -> None:
    named = template("sms_neutral").replace("Hei!", "Hei Matti!")
    assert Violation.PERSONAL_DATA in check(named, Step.SMS_REMINDER, None, 1)


def test_the_short_notice_fits_one_segment() -> None:
    assert segments(template("sms_court_notice_short")).segments == 1


@pytest.mark.parametrize("name", NAMES)
def test_every_text_and_letter_is_plain_finnish(name: str) -> None:
    figure = readability(template(name))
    print(f"\n{name}: {figure}")
    assert figure.is_plain, f"{name}: {figure}: shorten the sentence, or explain the word and put it into glossary.txt"


def test_the_letters_are_among_the_texts() -> None:
    assert len([name for name in NAMES if name.startswith("letter_")]) >= 3


@pytest.mark.parametrize("name", LISTS)
def test_every_word_list_says_what_it_is_and_has_each_word_once_in_small_letters(name: str) -> None:
    head, *rest = (TEXTS / "words" / f"{name}.txt").read_text("utf-8").splitlines()
    assert head.startswith("# ")
    assert len(rest) == len(set(rest))
    assert all(line == line.strip().casefold() and line for line in rest)


@pytest.mark.parametrize("name", sorted(set(LISTS) - TABLES))
def test_no_word_stands_in_a_list_that_its_own_stars_cover(name: str) -> None:
    listed = words(name)
    assert [word for word in listed.whole if word.startswith(listed.starts)] == []
