"""What comes back: receipts of texts, e-mails and letters, and news of payments and agreements between two exports.

A receipt moves a row forward or does nothing. None of this can cause a send.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, TypeVar

from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError

from arrears.ledger import Row, Standing, StandingHold, Status, may_move
from arrears.model import Facts, HoldKind, Identifier
from arrears.ports import Ledger
from arrears.receipts import Arrival, Receipt

TRIES = 5
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RecordReceipt:
    """Writes what a provider's receipt says into the ledger, forward only."""

    ledger: Ledger

    def __call__(self, receipt: Receipt, now: datetime) -> Status | None:
        """The status the row moved to; None when the receipt is about no row of ours or tells nothing new."""
        key = self.ledger.by_reference(receipt.reference)
        for _ in range(TRIES):
            row = self.ledger.row(key) if key else None
            new = _status_after(row, receipt) if row else None
            if row is None or new is None:
                return None
            why = f"{'bad_number' if receipt.permanent else 'not_delivered'}: {receipt.code}"
            told = why if new is Status.UNDELIVERED else receipt.code
            if self.ledger.move(_unowned(row), new, now, f"receipt {receipt.provider}", told):
                return new
        raise TimeoutError("the row changed five times under a receipt")


def _status_after(row: Row, receipt: Receipt) -> Status | None:
    wanted = {
        Arrival.DELIVERED: Status.DELIVERED,
        Arrival.UNDELIVERED: Status.UNDELIVERED,
        Arrival.PENDING: Status.SENT,  # the provider has it: enough to end a doubt
    }[receipt.status]
    if wanted is Status.SENT and row.status is not Status.UNKNOWN:
        return None
    return wanted if may_move(row.status, wanted) else None


def _unowned(row: Row) -> Row:
    return row.model_copy(update={"owner": None})


class News(Facts):
    """One line of the payment feed: the tenancy paid, agreed or disputed at that moment."""

    tenancy_id: Identifier
    event: Literal["paid", "agreed", "disputed"]
    at: AwareDatetime


class PrintReceipt(Facts):
    """One line of the print house's receipt file."""

    letter_id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    status: Literal["printed", "returned"]
    at: AwareDatetime


class Noted(Facts):
    """What a file of news did: lines taken, lines that told nothing new, and the lines that could not be read."""

    taken: int = 0
    nothing_new: int = 0
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoteEvents:
    """Takes payments, agreements and disputes into account at once, between two exports."""

    ledger: Ledger

    def __call__(self, body: bytes, now: datetime) -> Noted:
        """Every good line is taken, whatever is wrong with the others."""
        news, unreadable = read_lines(TypeAdapter(News), body)
        # A clock that is ahead must not leave a tenancy in peace for years: nothing has happened later than now.
        taken = sum(self._note(one.model_copy(update={"at": min(one.at, now)})) for one in news)
        return Noted(taken=taken, nothing_new=len(news) - taken, unreadable=tuple(unreadable))

    def _note(self, news: News) -> bool:
        for _ in range(TRIES):
            before = self.ledger.remembered(news.tenancy_id).standing
            after = _with_news(before or Standing(tenancy_id=news.tenancy_id), news)
            if after == before:
                return False
            if self.ledger.stand(after, before):
                return True
        raise TimeoutError("the tenancy changed five times under its news")


def _with_news(standing: Standing, news: News) -> Standing:
    if news.event == "disputed":
        hold = StandingHold(kind=HoldKind.DISPUTE, by="feed", why="disputed", since=news.at)
        return standing if hold in standing.holds else standing.model_copy(update={"holds": (*standing.holds, hold)})
    field = "paid_at" if news.event == "paid" else "agreed_at"
    known: datetime | None = getattr(standing, field)
    return standing if known and known >= news.at else standing.model_copy(update={field: news.at})


@dataclass(frozen=True, slots=True)
class RecordPrints:
    """Reads the print house's receipts back into the ledger."""

    ledger: Ledger

    def __call__(self, body: bytes, now: datetime) -> Noted:
        """Every good line is taken, whatever is wrong with the others."""
        lines, unreadable = read_lines(TypeAdapter(PrintReceipt), body)
        record = RecordReceipt(self.ledger)
        moved = sum(record(_as_receipt(line), now) is not None for line in lines)
        return Noted(taken=moved, nothing_new=len(lines) - moved, unreadable=tuple(unreadable))


def _as_receipt(line: PrintReceipt) -> Receipt:
    returned = line.status == "returned"
    arrival = Arrival.UNDELIVERED if returned else Arrival.DELIVERED
    return Receipt(line.letter_id, "print_house", arrival, returned, line.status, line.at)


def read_lines(kind: TypeAdapter[T], body: bytes) -> tuple[list[T], list[str]]:
    """JSON Lines into facts, and a sentence for each line that is none (never its contents)."""
    good: list[T] = []
    bad: list[str] = []
    for number, line in enumerate(_lines(body), 1):
        try:
            good.append(kind.validate_python(json.loads(line)))
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            # A field that is not ours is not named: a row that slipped may have a person's name where a field belongs.
            field = "a field" if first["type"] == "extra_forbidden" else ".".join(map(str, first["loc"]))
            bad.append(f"line {number}: {field}: {first['msg']}")
        except ValueError:
            bad.append(f"line {number}: expected one JSON object in UTF-8")
    return good, bad


def _lines(body: bytes) -> Iterable[bytes]:
    return (line for line in body.splitlines() if line.strip())
