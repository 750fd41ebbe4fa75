"""One call over HTTP: one attempt, a deadline for all of it, a limit on the answer, no redirects, TLS verified.

The line between "surely not sent" and "nobody knows" is drawn here: nothing has left before the connection stands, and
once it stands anything may have. A new connection for every call, since one that idled may be dead without telling.
"""

import json
import re
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Timer
from typing import Any
from urllib.parse import SplitResult, urlsplit

from arrears.ports import NotAccepted, Unclear

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
DAY = 86_400.0
MESSAGE_ID = re.compile(r"[A-Za-z0-9+/=_.:-]{1,100}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers by their lower-case names, and a body that is never shown in logs."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def retry_after(self) -> float | None:
        """Seconds that we are asked to wait, a day at most (RFC 9110: as seconds or as a date); None when not said."""
        said = self.headers.get("retry-after", "").strip()
        if said.isascii() and said.isdigit():
            return min(float(said), DAY)
        with suppress(ValueError):
            return min(max(0.0, parsedate_to_datetime(said).timestamp() - time.time()), DAY)
        return None

    def json_object(self) -> dict[str, Any]:
        """The body as one JSON object. Raises Unclear for anything else: HTML, nothing, a list, broken JSON."""
        try:
            told = json.loads(self.body)
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict):
            raise Unclear("malformed_answer")
        return told


@dataclass(frozen=True, slots=True)
class Http:
    """How long a connection may take, how long the call after it in all (seconds), and how big an answer (bytes)."""

    connect: float = 3.0
    total: float = 10.0
    limit: int = 65_536

    def post(self, url: str, body: bytes, headers: Mapping[str, str | bytes]) -> Answer:
        """Sends the body once. Raises NotAccepted while nothing had left, Unclear for everything after that."""
        parts = urlsplit(url)
        connection = self._connected(parts)
        try:
            return self._exchanged(connection, parts, body, headers)
        finally:
            connection.close()

    def _connected(self, parts: SplitResult) -> HTTPConnection:
        connection = _connection(parts, self.connect)
        try:
            connection.connect()
        except ssl.SSLCertVerificationError:
            raise NotAccepted("certificate", halts=True) from None
        except OSError:
            raise NotAccepted("no_connection") from None
        return connection

    def _exchanged(
        self, connection: HTTPConnection, parts: SplitResult, body: bytes, headers: Mapping[str, str | bytes]
    ) -> Answer:
        deadline = time.monotonic() + self.total
        connection.sock.settimeout(self.total)
        # a timeout of a socket begins anew with every byte: only a watchdog ends an answer that drips
        watchdog = Timer(self.total, _cut, [connection.sock])
        watchdog.start()
        try:
            answer = self._asked(connection, f"{parts.path or '/'}{parts.query and '?'}{parts.query}", body, headers)
        except (OSError, HTTPException) as error:
            raise Unclear("deadline" if time.monotonic() >= deadline else type(error).__name__) from None
        finally:
            watchdog.cancel()
        if time.monotonic() >= deadline:
            raise Unclear("deadline")
        if len(answer.body) > self.limit:
            raise Unclear("too_large")
        return answer

    def _asked(
        self, connection: HTTPConnection, target: str, body: bytes, headers: Mapping[str, str | bytes]
    ) -> Answer:
        try:
            connection.request("POST", target, body, {"Connection": "close", **headers})
        except ValueError:  # a header that cannot be written: nothing has left, and its text may be our key
            raise NotAccepted("malformed_request", halts=True) from None
        response = connection.getresponse()
        told = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, told, response.read(self.limit + 1))


def message_id(told: object) -> str:
    """The other side's name for what it took. Raises Unclear when it is none: without it nothing is surely accepted."""
    if not isinstance(told, str) or not MESSAGE_ID.fullmatch(told):
        raise Unclear("no_message_id")
    return told


def _connection(parts: SplitResult, timeout: float) -> HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "https":
        return HTTPSConnection(host, parts.port, timeout=timeout, context=ssl.create_default_context())
    if parts.scheme == "http" and host in LOOPBACK:
        return HTTPConnection(host, parts.port, timeout=timeout)
    raise NotAccepted("not_https", halts=True)  # our key and the tenant's number would travel in the open


def _cut(sock: socket.socket) -> None:
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)  # beneath TLS, so that a waiting read wakes up at once
