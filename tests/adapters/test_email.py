"""E-mail: its words, its address, and the file it lands in on the console. Its fates are in the providers' contract."""

import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from arrears.adapters.email import SAME_FOR_ALL, ConsoleEmail, SesEmail, _fate, email_provider, html, ses_client
from arrears.adapters.http import Http
from arrears.ports import Accepted, Email, EmailProvider, NotAccepted, Refused
from arrears.settings import ProviderSettings, SettingsError
from tests.local.provider import Street, street

TEXT = "Hei\n\nKäräjäoikeudessa on asia <sinun> & meidän välillä.\nOta yhteyttä.\n\nTestivuokra"
EMAIL = Email("testi.testinen@testi.example", "Asia käräjäoikeudessa", TEXT, "5a" * 16)
FROM = "Vuokravalvonta <vuokravalvonta@testi.example>"


def ses(server: Street) -> SesEmail:
    return SesEmail(ses_client(Http(), "eu-north-1", server.url), FROM, configuration_set="kuitit")


@pytest.fixture(autouse=True)
def _with_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testi")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testi")


def test_an_email_leaves_as_plain_text_and_as_html_from_the_configured_address() -> None:
    with street() as server:
        accepted = ses(server).send(EMAIL)
    (taken,) = server.accepted
    assert accepted == Accepted("ses", taken.id)
    assert taken.asked == {
        "FromEmailAddress": FROM,
        "Destination": {"ToAddresses": [EMAIL.to]},
        "Content": {
            "Simple": {
                "Subject": {"Data": EMAIL.subject, "Charset": "UTF-8"},
                "Body": {
                    "Text": {"Data": TEXT, "Charset": "UTF-8"},
                    "Html": {"Data": html(EMAIL), "Charset": "UTF-8"},
                },
            }
        },
        "EmailTags": [{"Name": "reference", "Value": EMAIL.reference}],
        "ConfigurationSetName": "kuitit",
    }


def test_the_html_has_the_same_words_as_the_text_and_nothing_else() -> None:
    body = re.search("<body>(.*)</body>", html(EMAIL), re.DOTALL)
    assert body
    assert unescape(re.sub("<[a-z/]*>", "", body[1])).split() == TEXT.split()
    assert set(re.findall("<([a-z]+)", body[1])) == {"p", "br"}
    assert 'lang="fi"' in html(EMAIL)
    assert not re.search("https?:|<img|<a |<script|<style", html(EMAIL))


@pytest.mark.parametrize(
    "address",
    [
        "testi@testi.example, toinen@testi.example",
        "testi@testi.example;toinen@testi.example",
        "Testi Testinen <testi@testi.example>",
        "testi@testi.example\nBcc: toinen@testi.example",
        "testi@testi.example ",
        "testi@localhost",
        "testi@@testi.example",
        "testi",
        "",
        "@testi.example",
        "testi@testi..example",
    ],
)
def test_anything_but_one_plain_address_is_never_asked_of_ses(address: str) -> None:
    with street() as server, pytest.raises(Refused, match="not_one_address"):
        ses(server).send(Email(address, EMAIL.subject, TEXT, EMAIL.reference))
    assert server.asked == 0


@pytest.mark.parametrize("address", ["testi@testi.example", "t.e+sti_1@a.b.testi.example", "o'testi@testi-a.example"])
def test_ordinary_addresses_are_sent_to(address: str) -> None:
    with street() as server:
        ses(server).send(Email(address, EMAIL.subject, TEXT, EMAIL.reference))
    assert server.accepted[0].to == address


def test_an_email_on_the_console_is_written_down_and_found_again(tmp_path: Path) -> None:
    console = ConsoleEmail(tmp_path / "out" / "emails.jsonl", lambda: date(2026, 11, 2))
    assert console.find(EMAIL.reference) is None
    assert console.send(EMAIL) == Accepted("console", f"console-{EMAIL.reference}") == console.find(EMAIL.reference)
    line = (tmp_path / "out" / "emails.jsonl").read_text("utf-8")
    assert line.startswith('{"to": "testi.testinen@testi.example", "subject": "Asia käräjäoikeudessa", "text": "Hei\\n')
    assert line.endswith(f'"reference": "{EMAIL.reference}", "on": "2026-11-02"}}\n')


LIVE = {"STAGE": "prod", "EMAIL_PROVIDER": "ses", "FROM_EMAIL": FROM, "SES_CONFIGURATION_SET": "kuitit"}


def started(**changed: str) -> EmailProvider:
    return email_provider(ProviderSettings.read(LIVE | changed), lambda: date(2026, 11, 2))


def test_a_live_stage_sends_through_ses_from_the_configured_address() -> None:
    provider = started()
    assert isinstance(provider, SesEmail)
    assert (provider.sender, provider.configuration_set) == (FROM, "kuitit")
    with street() as server:
        accepted = started(SES_ENDPOINT=server.url).send(EMAIL)
    assert [taken.id for taken in server.accepted] == [accepted.message_id]


@pytest.mark.parametrize("changed", [{"EMAIL_PROVIDER": "console"}, {"EMAIL_PROVIDER": ""}, {"FROM_EMAIL": ""}])
def test_a_live_stage_whose_emails_would_reach_nobody_refuses_to_start(changed: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="EMAIL_PROVIDER"):
        started(**changed)


@pytest.mark.parametrize("stage", ["dev", "test"])
def test_outside_a_live_stage_no_email_leaves(stage: str) -> None:
    assert isinstance(started(STAGE=stage), ConsoleEmail)


def test_an_email_shows_neither_address_nor_words() -> None:
    assert repr(EMAIL) == f"Email(subject='Asia käräjäoikeudessa', reference='{EMAIL.reference}')"


@pytest.mark.parametrize("code", sorted(SAME_FOR_ALL))
def test_what_ses_refuses_to_everybody_stops_the_run_under_its_own_name(code: str) -> None:
    fate = _fate(code, {})
    assert isinstance(fate, NotAccepted)
    assert (fate.code, fate.halts, fate.retry_after) == (code, True, None)


def test_an_address_that_ses_refuses_is_refused_under_its_own_name_and_anything_else_is_not_known() -> None:
    fate = _fate("BadRequestException", {})
    assert isinstance(fate, Refused)
    assert fate.code == "BadRequestException"
    assert _fate("SomethingNewException", {}) is None
