"""One attempt over HTTP, against real servers on loopback."""

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.client import HTTPConnection, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from arrears.adapters.http import Answer, Http, _connection
from arrears.ports import NotAccepted, Unclear
from tests.local.dialects import Mode
from tests.local.provider import Street, street

HTTP = Http(connect=0.5, total=0.3, limit=1000)
SECRET = "avain-77"


class Padded(BaseHTTPRequestHandler):
    """Answers with as many bytes as the path says."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        with suppress(OSError):  # hung up on, when it is too much
            self.wfile.write(b"." * int(self.path.strip("/")))

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module", name="padded")
def _padded() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Padded)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("size", [0, 999, 1000])
def test_an_answer_up_to_the_limit_is_read_whole(padded: str, size: int) -> None:
    assert HTTP.post(f"{padded}/{size}", b"{}", {}).body == b"." * size


@pytest.mark.parametrize("size", [1001, 5_000_000])
def test_an_answer_above_the_limit_leaves_nobody_knowing(padded: str, size: int) -> None:
    with pytest.raises(Unclear, match="too_large"):
        HTTP.post(f"{padded}/{size}", b"{}", {})


@pytest.mark.parametrize("url", ["http://sms.example/send", "ftp://127.0.0.1/send", "127.0.0.1/send", ""])
def test_a_key_never_travels_in_the_open(url: str) -> None:
    with pytest.raises(NotAccepted, match="not_https") as fate:
        HTTP.post(url, b"{}", {"Authorization": SECRET})
    assert fate.value.halts


@pytest.mark.parametrize("key", [f"{SECRET}\r\nHost: elsewhere", f"{SECRET}\n", f"{SECRET}\u20ac"])
def test_a_key_that_is_no_header_is_not_sent_and_not_shown(padded: str, key: str) -> None:
    with pytest.raises(NotAccepted, match="malformed_request"):
        HTTP.post(f"{padded}/0", b"{}", {"Authorization": key})


def test_a_name_that_nobody_knows_is_surely_not_sent() -> None:
    with pytest.raises(NotAccepted, match="no_connection"):
        HTTP.post("https://ei-ole.invalid/send", b"{}", {})


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("7", 7),
        ("0", 0),
        (" 30 ", 30),
        ("86401", 86_400),
        ("9" * 400, 86_400),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("\u0667", None),
    ],
)
def test_how_long_we_are_asked_to_wait(told: str | None, seconds: float | None) -> None:
    headers = {} if told is None else {"retry-after": told}
    assert Answer(429, headers, b"").retry_after == seconds


@pytest.mark.parametrize(("ahead", "least", "most"), [(60, 55, 60), (-60, 0, 0), (10**6, 86_400, 86_400)])
def test_a_day_and_hour_to_come_back_is_understood_too(ahead: int, least: float, most: float) -> None:
    told = format_datetime(datetime.now(UTC) + timedelta(seconds=ahead), usegmt=True)
    waits = Answer(503, {"retry-after": told}, b"").retry_after
    assert waits is not None
    assert least <= waits <= most


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[1]", b'"a"', b'{"a":', b"\xff\xfe", b"[" * 60_000, b'{"a": "\xe4"}']
)
def test_only_one_json_object_is_an_answer(body: bytes) -> None:
    with pytest.raises(Unclear, match="malformed_answer"):
        Answer(200, {}, body).json_object()


def test_an_answer_never_shows_its_body() -> None:
    assert "0401234567" not in repr(Answer(200, {}, b"0401234567"))


# --- TLS


@pytest.fixture(scope="module", name="certificate")
def _certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody vouches for, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "testi.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(made.public_bytes(pem) + private)
    return file


@pytest.fixture(scope="module", name="secured")
def _secured(certificate: Path) -> Iterator[tuple[Street, str]]:
    with street() as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        yield server, server.url.replace("http://", "https://")


def test_a_server_that_nobody_vouches_for_is_told_nothing(secured: tuple[Street, str]) -> None:
    server, url = secured
    with pytest.raises(NotAccepted, match="certificate") as fate:
        HTTP.post(f"{url}/quriiri", b"{}", {})
    assert fate.value.halts
    assert server.asked == 0


BODY = b'{"destination": ["+358401234567"], "sender": "Testi", "text": "Testi", "batchid": "a"}'


@pytest.mark.parametrize(("mode", "ends"), [(Mode.ACCEPT, "accepted"), (Mode.SLOW_DRIP, "deadline")])
def test_a_deadline_holds_beneath_tls_as_well(
    secured: tuple[Street, str], certificate: Path, mode: Mode, ends: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, url = secured
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(ssl, "create_default_context", lambda: trusting)
    server.mode, began = mode, time.monotonic()
    try:
        came = "accepted" if HTTP.post(f"{url}/quriiri", BODY, {}).status == 200 else "?"
    except Unclear as fate:
        came = fate.code
    assert came == ends
    assert time.monotonic() - began < HTTP.total + 0.5


@pytest.mark.parametrize(
    ("url", "kind"), [("https://a.example:8443/b", HTTPSConnection), ("http://127.0.0.1:8443/b", HTTPConnection)]
)
def test_a_connection_is_waited_for_as_long_as_it_may_take(url: str, kind: type[HTTPConnection]) -> None:
    made = _connection(urlsplit(url), 3.0)
    assert type(made) is kind
    assert (made.port, made.timeout) == (8443, 3.0)
    assert made.host == urlsplit(url).hostname
