"""Which companies send, in which order, and when a stage refuses to start."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from arrears.adapters.secrets import Secret
from arrears.adapters.sms import SmsSettings, provider
from arrears.adapters.sms.aws import AwsSms
from arrears.adapters.sms.failover import Failover
from arrears.adapters.sms.link import Link
from arrears.adapters.sms.quriiri import Quriiri
from arrears.adapters.sms.test_numbers import OnlyTestNumbers
from arrears.ports import Accepted, Sms
from tests.local.dialects import Mode
from tests.local.provider import Street
from tests.providers.conftest import HTTP, KEY, SMS

LIVE: dict[str, Any] = {
    "live": True,
    "sender": "Testi",
    "sender_authorised": True,
    "sms_providers": "quriiri",
    "quriiri_url": "https://quriiri.testi.example/v1/",
    "quriiri_secret": "testi/quriiri",
}


def test_a_live_stage_with_everything_in_order_starts() -> None:
    assert SmsSettings(**LIVE).sms_providers == ("quriiri",)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"sender_authorised": False}, "authorised by Traficom"),
        ({"sms_providers": "console"}, "cannot use the console"),
        ({"sms_providers": "quriiri,console"}, "cannot use the console"),
        ({"sms_providers": "quriiri,fax"}, "no provider fax: expected some of console, aws, quriiri, link"),
        ({"sms_providers": ""}, "at least 1 item"),
        ({"quriiri_secret": None}, "quriiri needs quriiri_secret"),
        ({"quriiri_url": "http://quriiri.testi.example/"}, "quriiri_url"),
        ({"quriiri_url": "http://127.0.0.1.testi.example/"}, "quriiri_url"),
        ({"sms_providers": "quriiri,link"}, "link needs link_url, link_secret, link_platform_id, link_partner_id"),
        ({"sender": "He"}, "sender"),
        ({"sender": "Hekahekaheka"}, "sender"),
        ({"sender": "12345"}, "sender"),
        ({"sms_test_numbers": "0401234567"}, "sms_test_numbers"),
        ({"sms_validity_minutes": 4321}, "sms_validity_minutes"),
    ],
)
def test_a_live_stage_that_is_not_in_order_refuses_to_start(changed: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError) as error:
        SmsSettings(**LIVE | changed)
    assert says in str(error.value)


def test_a_stage_that_is_not_live_needs_no_authorised_name_and_writes_to_the_console() -> None:
    assert SmsSettings(sender="Heka").sms_providers == ("console",)


def test_the_order_of_the_providers_is_the_parameters_order(provided: Street) -> None:
    settings = SmsSettings(
        **LIVE
        | {
            "sms_providers": "link, aws , quriiri",
            "link_url": "https://link.testi.example/sms/send",
            "link_secret": "testi/link",
            "link_platform_id": "C",
            "link_partner_id": "1",
        }
    )
    made = provider(settings, secrets, today)
    assert isinstance(made, Failover)
    assert [type(company) for company in made.providers] == [Link, AwsSms, Quriiri]


def test_in_a_live_stage_the_next_provider_takes_over_on_the_real_line(provided: Street) -> None:
    settings = SmsSettings(**LIVE | {"sms_providers": "quriiri,aws", "aws_sms_endpoint": provided.url})
    made = provider(settings.model_copy(update={"quriiri_url": "http://127.0.0.1:9/"}), secrets, today, HTTP)
    accepted = made.send(SMS)
    assert (accepted.provider, accepted.passed_over) == ("aws", ("quriiri:no_connection",))
    assert [taken.provider for taken in provided.accepted] == ["aws"]


def test_in_a_live_stage_nobody_takes_over_when_the_first_gave_no_answer(provided: Street) -> None:
    both = {"sms_providers": "quriiri,aws", "quriiri_url": f"{provided.url}/quriiri", "aws_sms_endpoint": provided.url}
    provided.mode = Mode.RESET_AFTER_ACCEPT
    with pytest.raises(Exception, match="quriiri:"):
        provider(SmsSettings(**LIVE | both), secrets, today, HTTP).send(SMS)
    assert [taken.provider for taken in provided.accepted] == ["quriiri"]


def test_outside_a_live_stage_only_a_listed_number_reaches_the_provider(provided: Street, tmp_path: Path) -> None:
    settings = SmsSettings(
        **LIVE
        | {
            "live": False,
            "sender_authorised": False,
            "quriiri_url": f"{provided.url}/quriiri",
            "sms_test_numbers": f"{SMS.to},+358400000000",
            "sms_console_file": tmp_path / "sms.jsonl",
        }
    )
    made = provider(settings, secrets, today, HTTP)
    assert isinstance(made, OnlyTestNumbers)
    assert made.send(SMS).provider == "quriiri"
    stranger = Sms("+358401234568", SMS.sender, SMS.text, "stranger")
    assert made.send(stranger) == Accepted("console", "console-stranger")
    assert [taken.to for taken in provided.accepted] == [SMS.to]
    assert "+358401234568" in (tmp_path / "sms.jsonl").read_text("utf-8")


def secrets(name: str) -> Secret:
    return lambda: f"{KEY}:{name}"


def today() -> date:
    return date(2026, 11, 2)
