"""The loopback street itself, as another process uses it."""

import json
import urllib.error
import urllib.request

import pytest

from arrears.ports import NotAccepted
from tests.local.provider import Street
from tests.providers.conftest import MAKERS, SMS, fate_of


def asked(url: str, method: str = "GET", body: bytes | None = None) -> bytes:
    with urllib.request.urlopen(urllib.request.Request(url, body, method=method)) as answer:
        answered: bytes = answer.read()
    return answered


def test_another_process_switches_its_mode_and_reads_what_left(provided: Street) -> None:
    asked(f"{provided.url}/mode", "PUT", b"throttled")
    assert isinstance(fate_of(MAKERS["link"](provided.url)), NotAccepted)
    asked(f"{provided.url}/mode", "PUT", b"accept")
    MAKERS["link"](provided.url).send(SMS)
    (left,) = json.loads(asked(f"{provided.url}/accepted"))
    assert (left["provider"], left["to"], left["text"], left["reference"]) == (
        "link",
        SMS.to,
        SMS.text,
        SMS.reference,
    )


def test_a_door_that_no_provider_has_is_not_found(provided: Street) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        asked(f"{provided.url}/fax", "POST", b"{}")
