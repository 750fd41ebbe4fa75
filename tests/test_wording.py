"""The right words for every step, criterion and policy, and what they cost."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears import wording
from arrears.model import MESSAGES, Reason, Step
from arrears.wording import ESCAPED, GSM7, MissingWord, Segments, filled, render, segments, template, version
from tests.makers import a_policy

GOLDEN = Path(__file__).parent / "golden" / "texts"
NEUTRAL = {"sms.neutral_text": True}
SHORT = {"court.short_notice": True}
SMALL, AREA, RENT = Reason.SMALL_DEBT, Reason.AREA_IN_ROLLOUT, Reason.RENT_MULTIPLE

CHOICES = [
    (Step.SMS_REMINDER, [AREA], {}, "sms_voluntary"),
    (Step.SMS_REMINDER, [RENT], {}, "sms_voluntary"),
    (Step.SMS_REMINDER, [Reason.DEDUCTIBLE_MULTIPLE], {}, "sms_voluntary"),
    (Step.SMS_REMINDER, [SMALL], {}, "sms_small_debt"),
    (Step.SMS_REMINDER, [AREA, SMALL], {}, "sms_voluntary"),
    (Step.SMS_REMINDER, [SMALL, RENT], {}, "sms_voluntary"),
    (Step.SMS_REMINDER, [AREA], NEUTRAL, "sms_neutral"),
    (Step.SMS_REMINDER, [SMALL], NEUTRAL, "sms_neutral"),
    (Step.SMS_REMINDER, [SMALL], SHORT, "sms_small_debt"),
    (Step.COURT_NOTICE, [Reason.COURT_OPENED], {}, "sms_court_notice"),
    (Step.COURT_NOTICE, [Reason.COURT_OPENED], SHORT, "sms_court_notice_short"),
    (Step.COURT_NOTICE, [Reason.COURT_OPENED], NEUTRAL, "sms_court_notice"),
]


@pytest.mark.parametrize(("step", "reasons", "policy", "name"), CHOICES)
@pytest.mark.parametrize("channel", ["sms", "email"])
def test_each_step_criterion_and_policy_has_its_words(
    step: Step, reasons: list[Reason], policy: dict[str, bool], name: str, channel: str
) -> None:
    text = render(step, reasons, a_policy(policy), channel)
    assert (text.template, text.words) == (name, (GOLDEN / f"{name}.txt").read_text("utf-8"))
    assert text.version == version(name)


def test_every_text_in_the_house_is_said_on_some_day() -> None:
    assert {file.name for file in wording.TEXTS.iterdir() if file.name.startswith("sms_")} == {
        f"{name}.txt" for *_, name in CHOICES
    }


def test_an_email_has_a_subject_that_says_only_who_writes_and_a_text_has_none() -> None:
    assert render(Step.COURT_NOTICE, [], a_policy(), "email").subject == "Viesti Hekalta"
    assert render(Step.COURT_NOTICE, [], a_policy()).subject == ""


@pytest.mark.parametrize("step", sorted(set(Step) - MESSAGES))
def test_a_step_that_is_no_message_has_no_words(step: Step) -> None:
    with pytest.raises(ValueError, match="is not a message"):
        render(step, [], a_policy())


def test_another_letter_is_another_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sms_neutral.txt").write_text(template("sms_neutral") + "!\n", "utf-8")
    before = version("sms_neutral")
    monkeypatch.setattr(wording, "TEXTS", tmp_path)
    assert version.__wrapped__("sms_neutral") != before
    assert len(before) == 12


def test_a_missing_word_stops_a_text_and_is_named() -> None:
    with pytest.raises(MissingWord, match="no word for kuukausi, nimi"):
        filled("Hei {{nimi}}! {{ kuukausi }} {{summa}}", {"summa": "x", "kuukausi": ""})


def test_every_blank_gets_its_word_and_a_word_is_never_read_as_a_blank() -> None:
    assert filled("{{a}} {{ b }} {{a}}", {"a": "{{b}}", "b": "y"}) == "{{b}} y {{b}}"


def test_a_text_with_a_hole_never_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "template", lambda name: "Hei {{nimi}}!")
    with pytest.raises(MissingWord, match="nimi"):
        render(Step.SMS_REMINDER, [AREA], a_policy())


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("", Segments("gsm7", 0, 0)),
        ("a", Segments("gsm7", 1, 1)),
        ("ä" * 160, Segments("gsm7", 160, 1)),
        ("ä" * 161, Segments("gsm7", 161, 2)),
        ("a" * 306, Segments("gsm7", 306, 2)),
        ("a" * 307, Segments("gsm7", 307, 3)),
        ("€" * 80, Segments("gsm7", 160, 1)),
        ("a" * 159 + "€", Segments("gsm7", 161, 2)),
        ("^" * 153, Segments("gsm7", 306, 3)),  # 76 pairs a segment: 306 septets do not fit two segments of 153
        ("a" + "^" * 152, Segments("gsm7", 305, 2)),
        ("a" * 152 + "€" + "a" * 152, Segments("gsm7", 306, 3)),
        ("a" * 151 + "€" + "a" * 153, Segments("gsm7", 306, 2)),
        ("š" * 70, Segments("ucs2", 70, 1)),
        ("š" * 71, Segments("ucs2", 71, 2)),
        ("š" * 134, Segments("ucs2", 134, 2)),
        ("š" * 135, Segments("ucs2", 135, 3)),
        ("a" * 69 + "’", Segments("ucs2", 70, 1)),
        ("a" * 160 + "’", Segments("ucs2", 161, 3)),
        ("😀" * 35, Segments("ucs2", 70, 1)),
        ("😀" * 36, Segments("ucs2", 72, 2)),
        ("😀" * 67, Segments("ucs2", 134, 3)),  # 33 a segment: its two halves stay together
        ("a😀" + "a" * 67, Segments("ucs2", 70, 1)),
        ("€" + "š" * 69, Segments("ucs2", 70, 1)),
    ],
)
def test_segments_are_counted_as_the_networks_do(text: str, counted: Segments) -> None:
    assert segments(text) == counted


@pytest.mark.parametrize("sign", ["’", "”", "–", "…", "\u00a0", "š", "ž", "\t", "ê", "ç", "😀"])
def test_one_sign_outside_gsm7_turns_the_whole_text_into_ucs2(sign: str) -> None:
    assert segments("Hei" + sign).encoding == "ucs2"


def test_the_alphabets_have_the_size_of_the_standard_and_nothing_in_common() -> None:
    assert (len(GSM7), len(ESCAPED), GSM7 & ESCAPED) == (127, 10, frozenset())
    assert set("åäöÅÄÖ") < GSM7


@given(st.text(st.sampled_from("aä€^[\n")) | st.text())
def test_a_segment_is_never_overfull_and_never_wasted(text: str) -> None:
    counted = segments(text)
    alone, joined = (160, 153) if counted.encoding == "gsm7" else (70, 67)
    room = alone if counted.segments == 1 else joined * counted.segments
    assert counted.septets <= room
    assert counted.segments <= 1 or counted.septets > max(alone, (joined - 1) * (counted.segments - 1))


def test_a_count_that_splits_pairs_is_too_cheap() -> None:
    blind = -(-segments("^" * 153).septets // 153)
    assert blind == 2 < segments("^" * 153).segments
