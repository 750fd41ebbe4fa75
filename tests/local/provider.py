"""A real HTTP server on loopback that plays the street: AWS End User Messaging, Quriiri, LINK Mobility and SES.

It writes down what it took, and answers as its mode says. Its refusals repeat the number and the words, as a careless
provider's would, so that a leak into our exceptions shows.

    python -m tests.local.provider --port 8025
    curl -X PUT localhost:8025/mode -d throttled     how it behaves from now on
    curl localhost:8025/accepted                     what left
"""

import argparse
import json
import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from tests.local.dialects import DIALECTS, NOT_TAKEN, Mode, Reply, Taken, json_reply


def _bent(mode: Mode, reply: Reply) -> Reply:
    """The answer as the mode spoils it."""
    spoilt = {
        Mode.HTML: Reply(200, b"<html><body>OK</body></html>", {"Content-Type": "text/html"}),
        Mode.EMPTY: Reply(200),
        Mode.NO_CONTENT: Reply(204),
        Mode.HUGE: Reply(200, reply.body + b" " * 1_000_000, reply.headers),
        Mode.MALFORMED: Reply(200, reply.body[:-3], reply.headers),
        Mode.LIST: Reply(200, b"[" + reply.body + b"]", reply.headers),
        Mode.REDIRECT: Reply(302, b"", {"Location": "/accepted"}),
    }
    return spoilt.get(mode, reply)


class Street(ThreadingHTTPServer):
    """The server. `accepted` is what left, `asked` how many requests came in all."""

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Door)
        self.mode = Mode.ACCEPT
        self.accepted: list[Taken] = []
        self.asked = 0
        self.closing = Event()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def take(self, path: str, body: bytes, authorization: str) -> Reply:
        """Reads a request in its provider's dialect, writes it down where the mode takes it, and answers."""
        dialect = DIALECTS.get(path)
        if dialect is None:
            return Reply(404)
        asked = json.loads(body)
        to, sender, text, reference = dialect.read(asked)
        taken = Taken(dialect.name, to, sender, text, reference, f"id-{self.asked:06}", asked, authorization)
        if self.mode not in NOT_TAKEN:
            self.accepted.append(taken)
        return _bent(self.mode, dialect.say(self.mode, taken))

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news here."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Door(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: Street

    def do_POST(self) -> None:
        self.server.asked += 1
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(self.server.take(self.path, body, self.headers.get("Authorization", "")))

    def do_PUT(self) -> None:
        self.server.mode = Mode(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self._send(Reply(204))

    def do_GET(self) -> None:
        self._send(json_reply(200, [asdict(taken) for taken in self.server.accepted]))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Says nothing: a log line would hold no more than `accepted` does."""

    def _answer(self, reply: Reply) -> None:
        match self.server.mode:
            case Mode.RESET_AFTER_ACCEPT:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
            case Mode.SILENCE:
                self.server.closing.wait(5)
            case Mode.SLOW_DRIP:
                self._drip(b"HTTP/1.1 200 OK\r\nX-Padding: " + b"." * 1000)
            case Mode.SLOW_BODY:
                self._drip(b"." * 1000, b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + reply.body)
            case _:
                self._send(reply)

    def _drip(self, slowly: bytes, at_once: bytes = b"") -> None:
        self.wfile.write(at_once)
        for byte in slowly:
            if self.server.closing.wait(0.02):
                return
            self.wfile.write(bytes([byte]))

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status != 204:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)


@contextmanager
def street(port: int = 0) -> Iterator[Street]:
    """The server, running."""
    server = Street(port)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()


def main() -> None:
    """Runs until it is stopped."""
    parser = argparse.ArgumentParser(description="Plays the SMS providers and SES on loopback.")
    parser.add_argument("--port", type=int, default=8025)
    server = Street(parser.parse_args().port)
    print(f"playing {', '.join(dialect.name for dialect in DIALECTS.values())} on {server.url}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
