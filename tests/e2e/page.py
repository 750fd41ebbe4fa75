"""One page on loopback: what left, which runs there are, the letters; and the place to drop an export."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from arrears.calendar import helsinki
from tests.e2e.town import Town, why

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="3">
<title>What left</title><style>body{{font:16px/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}}
table{{border-collapse:collapse;width:100%}}td{{border-top:1px solid #ccc;padding:.4rem;vertical-align:top}}</style>
<h1>What left</h1><p>The stack's clock shows {clock}. Drop an export with
<code>curl -T FILE {url}/</code>; this page looks again every three seconds.
<a href="#letters">Letters: {drawn}</a></p>
<h2>Runs</h2><table>{runs}</table><h2>Texts and e-mails: {count}</h2><table>{messages}</table>
<h2 id="letters">Letters: {drawn}</h2><table>{letters}</table>"""


class Page(ThreadingHTTPServer):
    """The server."""

    daemon_threads = True

    def __init__(self, town: Town, port: int) -> None:
        super().__init__(("127.0.0.1", port), Door)
        self.town = town

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def html(self) -> str:
        """The page as it stands."""
        stack = self.town.stack
        letters = list(stack.files("LettersBucket").names("letters/"))
        runs = [("Run", "Status", "Cases let out", "What a person had to look at")]
        runs += [(run.run, run.status, f"{run.released} of {run.total}", why(run)) for run in self.town.runs]
        left = [(taken.to, taken.sender, taken.text) for taken in reversed(stack.street.accepted)]
        return PAGE.format(
            clock=f"{helsinki(stack.clock.at):%A %-d %B %Y, %H:%M} in Helsinki",
            url=self.url,
            runs=_rows(runs),
            count=len(left),
            messages=_rows(left),
            drawn=len(letters),
            letters="".join(f'<tr><td><a href="/{escape(name)}">{escape(name)}</a></td></tr>' for name in letters),
        )


def _rows(lines: Iterable[tuple[str, ...]]) -> str:
    return "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in line) + "</tr>" for line in lines)


class Door(BaseHTTPRequestHandler):
    """One visit."""

    server: Page

    def do_GET(self) -> None:
        if self.path == "/":
            self._send(200, "text/html; charset=utf-8", self.server.html().encode())
            return
        letter = self.server.town.stack.files("LettersBucket").get(self.path.lstrip("/"))
        self._send(200 if letter else 404, "application/pdf", letter or b"")

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            report = self.server.town.receive(self.path.rsplit("/", 1)[-1], body)
            said, status = report["message"] or f"{report['accepted']} rows accepted", 400 if report["refused"] else 200
        except (ValueError, TimeoutError) as error:
            said, status = str(error), 400
        self._send(status, "text/plain; charset=utf-8", f"{said}\n".encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing: the terminal tells what happens."""

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def page(town: Town, port: int) -> Iterator[Page]:
    """The page, being served."""
    server = Page(town, port)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
