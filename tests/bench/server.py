"""The cloud of the bench: a process of its own that answers over a loopback socket with ready-made pages.

`python -m tests.bench.server TENANCIES` prints its port, serves until its input ends, and answers GET /calls with how
often each operation was called since the last time it was asked.
"""

import json
import sys
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.bench.made import SHARDS, Chunk, chunks, one_look, pointer

# Of so many full pages, what the import keeps, or what the ledger has of them, makes one megabyte.
TOGETHER = {"kept": 5, "ledger": 12}


class Shelf:
    """All pages of a portfolio of at least so many tenancies."""

    def __init__(self, tenancies: int) -> None:
        self.chunks: list[Chunk] = chunks()
        self.pages, self.tenancies = 0, 0
        while self.tenancies < tenancies:
            self.tenancies += self.chunks[self.pages % len(self.chunks)].tenancies
            self.pages += 1
        look = one_look()
        self.answers = {
            "GetItem": json.dumps({"Item": pointer(self.tenancies)}).encode(),
            "GetItem of a row": json.dumps({"Item": look["Responses"]["snapshots"][1]}).encode(),
            "BatchGetItem": json.dumps(look).encode(),
            "SendTextMessage": b'{"MessageId":"00000000-0000-4000-8000-000000000000"}',
        }
        self.calls: Counter[str] = Counter()

    def page(self, layout: str, shard: int, place: int) -> bytes:
        """A shard's page at that place, as the wire carries it."""
        numbers = range(shard, self.pages, SHARDS)
        at_once = TOGETHER.get(layout, 1)
        here = numbers[place * at_once : (place + 1) * at_once]
        items = b",".join(self.chunks[n % len(self.chunks)].numbered(layout, n) for n in here)
        more = b""
        if (place + 1) * at_once < len(numbers):
            more = b',"LastEvaluatedKey":{"pk":{"S":"next"},"sk":{"S":"%d"}}' % (place + 1)
        return b'{"Items":[' + items + b'],"Count":1,"ScannedCount":1' + more + b"}"


class Answers(BaseHTTPRequestHandler):
    """What the bench's cloud says. Writes are taken and forgotten."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    shelf: Shelf

    def do_POST(self) -> None:
        operation = self.headers.get("X-Amz-Target", "").rsplit(".", 1)[-1]
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")
        self.shelf.calls[operation] += 1
        self._answer(self._body(operation, asked))

    def do_GET(self) -> None:
        told = {"tenancies": self.shelf.tenancies, "pages": self.shelf.pages, "calls": self.shelf.calls}
        self._answer(json.dumps(told).encode())
        self.shelf.calls = Counter()

    def _body(self, operation: str, asked: dict[str, Any]) -> bytes:
        if operation == "Query":
            (key,) = asked["ExpressionAttributeValues"].values()
            place = int(asked.get("ExclusiveStartKey", {"sk": {"S": "0"}})["sk"]["S"])
            return self.shelf.page(asked["TableName"], int(key["S"][-3:]), place)
        if operation == "SendMessageBatch":
            done = [{"Id": one["Id"], "MessageId": "m", "MD5OfMessageBody": "0"} for one in asked["Entries"]]
            return json.dumps({"Successful": done}).encode()
        if operation == "GetItem" and asked["Key"]["pk"]["S"] != "POINTER":
            operation = "GetItem of a row"
        return self.shelf.answers.get(operation, b"{}")

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing: a line a call would be measured too."""


def main(tenancies: int) -> None:
    """Serves until the input ends."""
    Answers.shelf = Shelf(tenancies)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]))
