"""Which companies send, in which order, and when a stage refuses to start."""

from datetime import date
from pathlib import Path

import pytest

from arrears.adapters.secrets import Secret
from arrears.adapters.sms import provider
from arrears.adapters.sms.aws import AwsSms
from arrears.adapters.sms.failover import Failover
from arrears.adapters.sms.link import Link
from arrears.adapters.sms.quriiri import Quriiri
from arrears.adapters.sms.test_numbers import OnlyTestNumbers
from arrears.ports import Accepted, Sms, SmsProvider
from arrears.settings import ProviderSettings, SettingsError
from tests.local.dialects import Mode
from tests.local.provider import Street
from tests.providers.conftest import HTTP, KEY, SMS, fate_of

LIVE = {
    "STAGE": "prod",
    "SENDER_ID": "Testi",
    "SENDER_AUTHORISED": "true",
    "SMS_PROVIDERS": "quriiri",
    "QURIIRI_ENDPOINT": "https://quriiri.testi.example/v1/",
    "QURIIRI_SECRET": "testi/quriiri",
}
LINK = {
    "LINK_ENDPOINT": "https://link.testi.example/sms/send",
    "LINK_SECRET": "testi/link",
    "LINK_PLATFORM_ID": "C",
    "LINK_PARTNER_ID": "1",
}


def made(**changed: str) -> SmsProvider:
    """What a live stage starts with when one thing is changed in its environment."""
    return provider(ProviderSettings.read(LIVE | changed), secrets, today, HTTP)


def test_a_live_stage_with_everything_in_order_starts() -> None:
    started = made()
    assert isinstance(started, Failover)
    assert [company.name for company in started.providers] == ["quriiri"]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"SENDER_AUTHORISED": "false"}, "SENDER_AUTHORISED: not true, a live stage needs its sender name authorised"),
        ({"SENDER_AUTHORISED": ""}, "SENDER_AUTHORISED"),
        ({"SMS_PROVIDERS": "console"}, "SMS_PROVIDERS: a live stage on the console"),
        ({"SMS_PROVIDERS": ""}, "SMS_PROVIDERS: a live stage on the console"),
        ({"SMS_PROVIDERS": "quriiri,console"}, "SMS_PROVIDERS: a live stage on the console"),
        ({"SMS_PROVIDERS": "quriiri,fax"}, "SMS_PROVIDERS: no provider fax, expected some of console, aws, quriiri"),
        ({"SMS_PROVIDERS": ","}, "SMS_PROVIDERS"),
        ({"QURIIRI_SECRET": ""}, "QURIIRI_SECRET: missing, quriiri needs QURIIRI_SECRET"),
        ({"QURIIRI_ENDPOINT": "http://quriiri.testi.example/"}, "QURIIRI_ENDPOINT"),
        ({"QURIIRI_ENDPOINT": "http://127.0.0.1.testi.example/"}, "QURIIRI_ENDPOINT"),
        ({"SMS_PROVIDERS": "quriiri,link"}, "LINK_ENDPOINT: missing, link needs LINK_ENDPOINT, LINK_SECRET"),
        ({"SENDER_ID": "He"}, "SENDER_ID"),
        ({"SENDER_ID": "Hekahekaheka"}, "SENDER_ID"),
        ({"SENDER_ID": "12345"}, "SENDER_ID"),
        ({"TEST_NUMBERS": "0401234567"}, "TEST_NUMBERS"),
        ({"SMS_VALIDITY_MINUTES": "4321"}, "SMS_VALIDITY_MINUTES"),
    ],
)
def test_a_live_stage_that_is_not_in_order_refuses_to_start(changed: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError) as error:
        made(**changed)
    assert str(error.value).startswith(says)


def test_a_stage_that_is_not_live_needs_no_authorised_name_and_writes_to_the_console(tmp_path: Path) -> None:
    started = provider(ProviderSettings.read({"CONSOLE_FOLDER": str(tmp_path)}), secrets, today)
    assert started.send(SMS).provider == "console"
    assert (tmp_path / "sms.jsonl").exists()


def test_the_order_of_the_providers_is_the_parameters_order(provided: Street) -> None:
    started = made(SMS_PROVIDERS="link, aws , quriiri", **LINK)
    assert isinstance(started, Failover)
    assert [type(company) for company in started.providers] == [Link, AwsSms, Quriiri]


def test_every_setting_reaches_its_provider(provided: Street) -> None:
    started = made(
        SMS_PROVIDERS="aws,quriiri,link",
        SMS_VALIDITY_MINUTES="60",
        AWS_SMS_ORIGINATION_IDENTITY="pool-1",
        AWS_SMS_CONFIGURATION_SET="kuitit",
        AWS_SMS_MAX_PRICE="0.25",
        AWS_SMS_DRY_RUN="true",
        QURIIRI_REPORT_SECRET="testi/kuitit",
        LINK_GATES="g1,g2",
        **LINK,
    )
    assert isinstance(started, Failover)
    aws, quriiri, link = started.providers
    assert isinstance(aws, AwsSms)
    assert (aws.identity, aws.configuration_set, aws.max_price, aws.ttl, aws.dry_run) == (
        "pool-1",
        "kuitit",
        "0.25",
        3600,
        True,
    )
    assert isinstance(quriiri, Quriiri)
    assert quriiri.report_to
    assert (quriiri.url, quriiri.key(), quriiri.report_to(), quriiri.validity) == (
        LIVE["QURIIRI_ENDPOINT"],
        f"{KEY}:testi/quriiri",
        f"{KEY}:testi/kuitit",
        60,
    )
    assert isinstance(link, Link)
    assert (link.url, link.login(), link.platform_id, link.partner_id, link.gates, link.validity) == (
        LINK["LINK_ENDPOINT"],
        f"{KEY}:testi/link",
        "C",
        "1",
        ("g1", "g2"),
        60,
    )


def test_in_a_live_stage_the_next_provider_takes_over_on_the_real_line(provided: Street) -> None:
    both = {"SMS_PROVIDERS": "quriiri,aws", "AWS_SMS_ENDPOINT": provided.url}
    accepted = made(QURIIRI_ENDPOINT="http://127.0.0.1:9/", **both).send(SMS)
    assert (accepted.provider, accepted.passed_over) == ("aws", ("quriiri:no_connection",))
    assert [taken.provider for taken in provided.accepted] == ["aws"]


def test_in_a_live_stage_nobody_takes_over_when_the_first_gave_no_answer(provided: Street) -> None:
    both = {"SMS_PROVIDERS": "quriiri,aws", "AWS_SMS_ENDPOINT": provided.url}
    provided.mode = Mode.RESET_AFTER_ACCEPT
    fate = fate_of(made(QURIIRI_ENDPOINT=f"{provided.url}/quriiri", **both))
    assert str(fate).startswith("quriiri:")
    assert [taken.provider for taken in provided.accepted] == ["quriiri"]


def test_outside_a_live_stage_only_a_listed_number_reaches_the_provider(provided: Street, tmp_path: Path) -> None:
    started = made(
        STAGE="test",
        SENDER_AUTHORISED="false",
        QURIIRI_ENDPOINT=f"{provided.url}/quriiri",
        TEST_NUMBERS=f"{SMS.to},+358400000000",
        CONSOLE_FOLDER=str(tmp_path),
    )
    assert isinstance(started, OnlyTestNumbers)
    assert started.send(SMS).provider == "quriiri"
    stranger = Sms("+358401234568", SMS.sender, SMS.text, "stranger")
    assert started.send(stranger) == Accepted("console", "console-stranger")
    assert [taken.to for taken in provided.accepted] == [SMS.to]
    assert "+358401234568" in (tmp_path / "sms.jsonl").read_text("utf-8")


def secrets(name: str) -> Secret:
    return lambda: f"{KEY}:{name}"


def today() -> date:
    return date(2026, 11, 2)
