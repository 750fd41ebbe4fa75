"""What may leave leaves, what may not is caught by its code, and without its check it would have left."""

from functools import cache
from unittest.mock import Mock

import pytest

from arrears import compliance
from arrears.compliance import CHECKS, Violation, check
from arrears.compliance.reading import Reading
from arrears.compliance.records import names_record
from arrears.compliance.words import lines
from arrears.model import LETTERS, MESSAGES, Snapshot, Step
from arrears.wording import template
from tests.compliance.texts import LIMITS, RECIPIENT, Bad, bad, harmless, violations
from tests.makers import a_snapshot, a_tenant

BAD = bad()
OURS = ["sms_voluntary", "sms_small_debt", "sms_neutral"]
COURT = ["sms_court_notice", "sms_court_notice_short"]
ELSEWHERE = {
    "tenancy_id": "X-9",
    "open_items": (),
    "tenants": (a_tenant("Y-8", name="Pirkko Mallinen", birth_date="1971-12-31", phone=None, email=None),),
    "address": {"street": "Koetie 1", "postal_code": "33333", "town": "Tampere"},
}


@pytest.mark.parametrize(("kind", "text"), harmless(), ids=lambda value: str(value)[:60])
def test_what_a_rent_officer_may_write_leaves(kind: Step, text: str) -> None:
    assert violations(text, kind) == ()


@pytest.mark.parametrize(
    ("name", "kind"), [(n, Step.SMS_REMINDER) for n in OURS] + [(n, Step.COURT_NOTICE) for n in COURT]
)
def test_our_own_texts_leave_by_text_and_by_email(name: str, kind: Step) -> None:
    assert violations(template(name), kind) == ()
    assert check(template(name), kind, RECIPIENT, None) == ()


@pytest.mark.parametrize("row", BAD, ids=lambda row: f"{row.code}-{row.text[:50]!a}")
def test_one_bad_thing_in_a_good_text_is_caught(row: Bad) -> None:
    assert row.code in violations(row.text, row.kind)


def test_there_are_enough_good_and_bad_ones_and_every_code_is_among_them() -> None:
    assert len(harmless()) >= 60
    assert len({row.text for row in BAD}) >= 150
    assert {row.code for row in BAD} == set(Violation)


@pytest.mark.parametrize("name", COURT)
def test_a_reminder_may_not_speak_of_the_court(name: str) -> None:
    assert Violation.THREAT in violations(template(name), Step.SMS_REMINDER)


def test_a_reminder_in_the_length_of_a_court_notice_is_a_violation_and_not_a_surprise_on_the_bill() -> None:
    assert Violation.TOO_LONG in check(template("sms_court_notice"), Step.COURT_NOTICE, None, 1)


@pytest.mark.parametrize("kind", sorted(set(Step) - MESSAGES))
def test_only_a_message_can_be_checked(kind: Step) -> None:
    with pytest.raises(ValueError, match="is not a message"):
        check(template("sms_voluntary"), kind, RECIPIENT, 1)
    assert kind not in LIMITS
    assert (kind in LETTERS) or kind in {Step.NONE, Step.HAND_TO_PERSON}


def test_violations_are_told_in_the_order_of_the_contract() -> None:
    found = violations(
        "Hei Matti! Maksa 200e: heka.fi, heka@heka, 0401122334, FI21 1234 5600 0007 85. Vastaa!", Step.SMS_REMINDER
    )
    assert list(found) == [violation for violation in Violation if violation in found]
    assert len(found) > 8


def test_an_error_inside_a_check_stops_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CHECKS, Violation.LINK, Mock(side_effect=RuntimeError("broken")))
    with pytest.raises(RuntimeError):
        violations(
            "Hei! Tätä tekstiä ei ole vielä luettu. Katso asukassivut. Tähän viestiin ei voi vastata. Terveisin Heka"
        )


def finds_nothing(reading: Reading) -> bool:
    """A check that was taken away: it never finds anything."""
    return False


def without(code: Violation, patch: pytest.MonkeyPatch) -> None:
    """The check with that code taken away, as somebody might by mistake."""
    compliance._read.cache_clear()
    if code in CHECKS:
        patch.setitem(CHECKS, code, finds_nothing)
    if code is Violation.PERSONAL_DATA:
        patch.setattr(compliance, "names_record", lambda reading, record: False)
    if code is Violation.THREAT:
        patch.setattr(compliance, "threatens", lambda reading, kind: False)
    if code is Violation.TOO_LONG:
        patch.setattr(compliance, "segments", lambda text: Mock(segments=1, encoding="gsm7"))


@cache
def judged() -> dict[Bad, tuple[Violation, ...]]:
    """Every bad text with everything that the whole check finds in it."""
    return {row: violations(row.text, row.kind) for row in BAD}


@pytest.mark.parametrize("code", [code for code in Violation if code is not Violation.EMPTY])
def test_without_its_check_a_bad_text_would_leave(code: Violation, monkeypatch: pytest.MonkeyPatch) -> None:
    caught_by_it_alone = [row for row, found in judged().items() if found == (code,)]
    assert caught_by_it_alone, f"no row of bad.txt is caught by {code} alone: add one"
    with monkeypatch.context() as patch:
        without(code, patch)
        assert all(violations(row.text, row.kind) == () for row in caught_by_it_alone)
    compliance._read.cache_clear()


def test_an_empty_text_says_nothing_else() -> None:
    empty = [row for row in BAD if row.code is Violation.EMPTY]
    assert all(violations(row.text, row.kind) == (Violation.EMPTY,) for row in empty)


@pytest.mark.parametrize(
    ("record", "text"),
    [
        (a_snapshot(tenants=(a_tenant(name="Asia Sen"),)), "sms_court_notice"),
        (a_snapshot(tenants=(a_tenant(name="Jos Ota"),)), "sms_voluntary"),
        (a_snapshot(tenants=(a_tenant("on", name="On Voi"),), tenancy_id="asia"), "sms_neutral"),
        (a_snapshot(address={"street": "Vuokratie", "postal_code": "99999", "town": "Summa"}), "sms_voluntary"),
    ],
)
def test_nobody_is_left_without_a_text_because_their_name_is_a_word_of_it(record: Snapshot, text: str) -> None:
    kind = Step.COURT_NOTICE if "court" in text else Step.SMS_REMINDER
    assert violations(template(text), kind, record) == ()
    greeted = template(text).replace("Hei!", f"Hei {record.tenants[0].name}!")
    assert Violation.PERSONAL_DATA in violations(greeted, kind, record)


def test_a_tenant_with_a_common_name_gets_every_harmless_text() -> None:
    everybody = a_snapshot(tenants=tuple(a_tenant(name=name.title()) for name in lines("names")))
    assert [text for _, text in harmless() if names_record(Reading(text), everybody)] == []


def test_the_same_words_are_read_once_for_all_their_recipients(monkeypatch: pytest.MonkeyPatch) -> None:
    reads = Mock(return_value=False)
    monkeypatch.setitem(CHECKS, Violation.LINK, reads)
    compliance._read.cache_clear()
    assert violations(template("sms_neutral"), Step.SMS_REMINDER, RECIPIENT) == ()
    assert violations(template("sms_neutral"), Step.SMS_REMINDER, a_snapshot()) == ()
    assert reads.call_count == 1
    compliance._read.cache_clear()


@pytest.mark.parametrize(
    ("field", "written"),
    [
        ("name", "esimerkki"),
        ("name", "Esimerkin"),
        ("name", "Esimerkille"),
        ("name", "matin"),
        ("name", "Kauppisen"),
        ("street", "testikadulta"),
        ("town", "helsingistä"),
        ("tenancy", "vs-2041.7"),
        ("tenancy", "VS 20417"),
        ("tenant", "p77812"),
        ("tenant", "henkilo-x"),
        ("email", "matti.e@example.com"),
        ("email", "MATTI.E @ EXAMPLE.COM"),
        ("phone", "112 2334"),
        ("postal code", "00999"),
        ("reference", "1 1112"),
        ("birth", "1.2.90"),
        ("birth", "1/2 1990"),
        ("birth", "19900201"),
        ("birth", "01021990"),
        ("birth", "1. helmikuuta"),
        ("birth of the other", "17.5.1986"),
    ],
)
def test_each_field_of_the_record_is_found_in_the_text_and_only_with_the_record(field: str, written: str) -> None:
    text = template("sms_neutral").replace("asiaa vuokrasta", f"asiaa vuokrasta ({written})")
    reading = Reading(text)
    assert names_record(reading, RECIPIENT), field
    assert not names_record(reading, a_snapshot(**ELSEWHERE)), field
