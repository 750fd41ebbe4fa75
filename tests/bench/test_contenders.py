"""What is compared does the same work: every way to select decides the same tenancies and rings for the same ones."""

import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer

import pytest

from tests.bench.contenders import CONTENDERS, cloud_at
from tests.bench.server import Answers, Shelf


@pytest.fixture(scope="module", name="shelf", autouse=True)
def _cloud() -> Iterator[Shelf]:
    Answers.shelf = Shelf(1)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with cloud_at(server.server_address[1]):
        yield Answers.shelf
    server.shutdown()
    server.server_close()


def test_every_way_decides_everyone_and_chooses_the_same(shelf: Shelf) -> None:
    counted = {name: CONTENDERS[name]() for name in ("textbook", "deserializer", "stock", "ours")}
    assert {told["decided"] for told in counted.values()} == {shelf.tenancies}
    assert len({told["selected"] for told in counted.values()}) == 1
    assert counted["ours"]["selected"] > 20


def test_what_the_import_leaves_out_would_have_got_nothing(shelf: Shelf) -> None:
    everyone, kept = CONTENDERS["ours"](), CONTENDERS["as_imported"]()
    assert kept["selected"] == everyone["selected"]
    assert kept["decided"] < everyone["decided"] / 2


def test_paging_reads_everyone(shelf: Shelf) -> None:
    assert [CONTENDERS[name]()["decided"] for name in ("floor", "floor_ours")] == [shelf.tenancies] * 2
