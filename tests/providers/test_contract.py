"""One contract for every provider: what each answer of a real server means for the text."""

import socket
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from arrears.adapters.http import Http
from arrears.ports import Accepted, NotAccepted, Refused, Unclear
from tests.local.dialects import RETRY_AFTER, Mode
from tests.local.provider import Street
from tests.providers.conftest import ADDRESS, HTTP, KEY, MAKERS, SMS, Sent, console, fate_of

Sending = Callable[[str, Mode], Sent]

ENDLESS = [Mode.SLOW_DRIP, Mode.SLOW_BODY, Mode.SILENCE]
UNCLEAR = [
    *ENDLESS,
    Mode.SERVER_ERROR,
    Mode.RESET_AFTER_ACCEPT,
    Mode.HTML,
    Mode.EMPTY,
    Mode.NO_CONTENT,  # LINK's own "sent, and I say no more": without an id it is still not known to be accepted
    Mode.HUGE,
    Mode.MALFORMED,
    Mode.LIST,
    Mode.STRANGE_ID,
    Mode.REDIRECT,
]
ECHOING = ["quriiri", "link"]  # AWS echoes nothing of ours

every_provider = pytest.mark.parametrize("name", MAKERS)


@every_provider
def test_a_text_is_accepted_once_under_the_providers_own_id(name: str, sending: Sending) -> None:
    sent = sending(name, Mode.ACCEPT)
    (taken,) = sent.taken
    assert sent.fate == Accepted(name, SMS.reference if name == "quriiri" else taken.id)
    assert (taken.text, taken.reference) == (SMS.text, SMS.reference)


def test_a_text_on_the_console_is_accepted_and_found_again(tmp_path: Path) -> None:
    provider = console(tmp_path)
    assert provider.find(SMS.reference) is None
    accepted = provider.send(SMS)
    assert accepted == Accepted("console", f"console-{SMS.reference}") == provider.find(SMS.reference)
    assert provider.find("another") is None
    line = '"to": "+358401234567", "sender": "Testi", "text": "Testi Testinen, tarkista asukassivut.", '
    assert (tmp_path / "sms.jsonl").read_text(
        "utf-8"
    ) == f'{{{line}"reference": "{SMS.reference}", "on": "2026-11-02"}}\n'


def test_a_text_the_console_cannot_write_down_leaves_nobody_knowing(tmp_path: Path) -> None:
    (tmp_path / "sms.jsonl").mkdir()
    fate = fate_of(console(tmp_path))
    assert isinstance(fate, OSError)
    assert "358401234567" not in shown(fate)


@every_provider
def test_a_refused_number_goes_to_a_person(name: str, sending: Sending) -> None:
    assert isinstance(sending(name, Mode.REFUSED_NUMBER).fate, Refused)


@every_provider
@pytest.mark.parametrize("mode", [Mode.BAD_KEY, Mode.OUT_OF_CREDIT])
def test_a_wrong_key_or_an_empty_account_halts_the_run(name: str, mode: Mode, sending: Sending) -> None:
    fate = sending(name, mode).fate
    assert isinstance(fate, NotAccepted)
    assert fate.halts


@every_provider
def test_a_throttled_text_waits_as_long_as_the_provider_asks(name: str, sending: Sending) -> None:
    fate = sending(name, Mode.THROTTLED).fate
    assert isinstance(fate, NotAccepted)
    assert (fate.retry_after, fate.halts) == (RETRY_AFTER, False)


@every_provider
@pytest.mark.parametrize("mode", UNCLEAR)
def test_an_answer_that_cannot_be_trusted_leaves_nobody_knowing(name: str, mode: Mode, sending: Sending) -> None:
    assert isinstance(sending(name, mode).fate, Unclear)


@pytest.mark.parametrize("name", ECHOING)
def test_an_answer_about_another_text_leaves_nobody_knowing(name: str, sending: Sending) -> None:
    assert isinstance(sending(name, Mode.OTHER_REFERENCE).fate, Unclear)


def test_every_answer_that_the_street_can_give_has_its_fate_here() -> None:
    told = {*UNCLEAR, Mode.ACCEPT, Mode.REFUSED_NUMBER, Mode.BAD_KEY, Mode.OUT_OF_CREDIT, Mode.THROTTLED}
    assert set(Mode) - told == {Mode.OTHER_REFERENCE}


@every_provider
@pytest.mark.parametrize("mode", list(Mode))
def test_one_call_is_one_request_whatever_comes_back(name: str, mode: Mode, sending: Sending) -> None:
    assert sending(name, mode).asked == 1


@every_provider
@pytest.mark.parametrize("mode", ENDLESS)
def test_an_answer_that_never_ends_is_cut_off_at_the_deadline(name: str, mode: Mode, sending: Sending) -> None:
    sent = sending(name, mode)
    assert str(sent.fate) == "deadline"
    assert HTTP.total <= sent.seconds < HTTP.total + 0.7  # 0.7 s for making a client on a busy machine


@every_provider
def test_a_refused_connection_is_surely_not_sent(name: str, provided: Street) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound and not listening
        fate = fate_of(MAKERS[name](f"http://127.0.0.1:{nobody.getsockname()[1]}"))
    assert isinstance(fate, NotAccepted)
    assert (fate.code, fate.halts) == ("no_connection", False)


@every_provider
@pytest.mark.parametrize("mode", list(Mode))
def test_no_fate_tells_the_number_the_words_or_the_key(name: str, mode: Mode, sending: Sending) -> None:
    told = shown(sending(name, mode).fate)
    for secret in (SMS.to[1:], ADDRESS, "Testinen", "asukassivut", KEY):
        assert secret not in told


def test_a_text_shows_neither_number_nor_words() -> None:
    assert repr(SMS) == f"Sms(sender='Testi', reference='{SMS.reference}')"


@every_provider
def test_a_real_provider_cannot_be_asked_by_our_reference(name: str, provided: Street) -> None:
    with pytest.raises(LookupError):
        MAKERS[name](provided.url).find(SMS.reference)


def test_the_time_limits_are_those_that_the_sender_counts_on() -> None:
    assert Http() == Http(connect=3.0, total=10.0, limit=65_536)


def shown(fate: Accepted | Exception) -> str:
    """Everything a log could show of it."""
    trace = traceback.format_exception(fate) if isinstance(fate, Exception) else []
    return "\n".join([str(fate), repr(fate), *trace])
