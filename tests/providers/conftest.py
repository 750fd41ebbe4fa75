import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from arrears.adapters.email import SesEmail, ses_client
from arrears.adapters.http import Http
from arrears.adapters.sms.aws import AwsSms, sms_client
from arrears.adapters.sms.console import Console
from arrears.adapters.sms.link import Link
from arrears.adapters.sms.quriiri import Quriiri
from arrears.ports import Accepted, Email, Sms, SmsProvider
from tests.local.dialects import Mode, Taken
from tests.local.provider import Street, street

HTTP = Http(connect=0.5, total=0.3, limit=20_000)
KEY = "avain-1f3b"
ADDRESS = "testi.testinen@testi.example"
SMS = Sms("+358401234567", "Testi", "Testi Testinen, tarkista asukassivut.", "5a" * 16)


@pytest.fixture(scope="session", name="one_street")
def _one_street() -> Iterator[Street]:
    with street() as server:
        yield server


@pytest.fixture(name="provided")
def _provided(one_street: Street, monkeypatch: pytest.MonkeyPatch) -> Street:
    """The street, with nothing taken yet and everybody accepting."""
    one_street.mode, one_street.asked = Mode.ACCEPT, 0
    one_street.accepted.clear()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, KEY)
    return one_street


@dataclass(frozen=True)
class Sent:
    """What came of one text: its fate, how long it took, how many requests it made, and what left."""

    fate: Accepted | Exception
    seconds: float
    asked: int
    taken: tuple[Taken, ...]


@pytest.fixture(scope="session", name="tried")
def _tried() -> dict[tuple[str, Mode], Sent]:
    return {}


@pytest.fixture(name="sending")
def _sending(provided: Street, tried: dict[tuple[str, Mode], Sent]) -> Callable[[str, Mode], Sent]:
    """Sends a text through a provider in a mode, once in the whole session: the tests look at it from all sides."""

    def sending(name: str, mode: Mode) -> Sent:
        if (name, mode) not in tried:
            provided.mode = mode
            began = time.monotonic()
            fate = fate_of(MAKERS[name](provided.url))
            tried[name, mode] = Sent(fate, time.monotonic() - began, provided.asked, tuple(provided.accepted))
        return tried[name, mode]

    return sending


def fate_of(provider: SmsProvider) -> Accepted | Exception:
    """What comes of handing the text over."""
    try:
        return provider.send(SMS)
    except Exception as fate:
        return fate


class ByEmail:
    """SES, asked as the SMS providers are, so that one contract holds for all."""

    def __init__(self, url: str) -> None:
        self.ses = SesEmail(ses_client(HTTP, "eu-north-1", url), "vuokravalvonta@testi.example")
        self.name = self.ses.name

    def send(self, sms: Sms) -> Accepted:
        return self.ses.send(Email(ADDRESS, "Viesti", sms.text, sms.reference))

    def find(self, reference: str) -> Accepted | None:
        return self.ses.find(reference)


def aws(url: str) -> AwsSms:
    return AwsSms(sms_client(HTTP, "eu-north-1", url))


def quriiri(url: str) -> Quriiri:
    return Quriiri(f"{url}/quriiri", lambda: KEY, HTTP)


def link(url: str) -> Link:
    return Link(f"{url}/sms/send", lambda: f"testi:{KEY}", "COMMON", "1234", HTTP)


def console(folder: Path) -> Console:
    return Console(folder / "sms.jsonl", lambda: date(2026, 11, 2))


MAKERS: dict[str, Callable[[str], AwsSms | Quriiri | Link | ByEmail]] = {
    "aws": aws,
    "quriiri": quriiri,
    "link": link,
    "ses": ByEmail,
}
