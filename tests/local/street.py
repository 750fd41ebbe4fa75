"""The world around the cloud in the demo: the provider and its receipts, the print house and the post, the bank's news,
and the rent officer who looks at the runs."""

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

from click.testing import CliRunner

from arrears.adapters.dynamo.ledger import DynamoLedger
from arrears.adapters.dynamo.runs import DynamoRuns
from arrears.adapters.s3 import S3Records
from arrears.calendar import DAY, due_day, helsinki, month_of
from arrears.cli import main as arrears
from arrears.guards import Guard
from arrears.ledger import CaseKey, RunStatus
from arrears.receipts import sign
from tests.local.apart import Apart
from tests.local.cloud import Cloud
from tests.local.dice import Dice
from tests.local.template import ACCOUNT, REGION
from tests.local.tenancy import Row

# What becomes of a hundred texts, and of a hundred letters.
TEXTS = {"DELIVERED": 95.5, "FAILED": 3.0, "": 1.5}
LETTERS = {"printed": 98.5, "returned": 1.5}
POST_TAKES = timedelta(days=3)


class Street:
    """Answers what the cloud sends, and tells the portfolio what has arrived. `folder` is where the console writes."""

    def __init__(self, cloud: Cloud, portfolio: Apart, folder: Path, seed: int) -> None:
        self.cloud, self.portfolio, self._folder, self._seed = cloud, portfolio, folder, seed
        table, shards = cloud.physical("LedgerTable"), int(cloud.template.parameters["SnapshotShards"])
        self.ledger = DynamoLedger(cloud.client("dynamodb"), table, shards)
        self.runs = DynamoRuns(cloud.client("dynamodb"), table)
        self._answered: defaultdict[str, int] = defaultdict(int)
        self._printing: defaultdict[date, list[Row]] = defaultdict(list)
        self._arriving: defaultdict[date, list[CaseKey]] = defaultdict(list)

    def answer_messages(self) -> int:
        """The provider tells what became of the texts and e-mails it was given since the last time: how many."""
        before = sum(self._answered.values())
        for file, receipt in (("sms.jsonl", _sms_receipt), ("emails.jsonl", _email_receipt)):
            lines = (self._folder / file).read_text("utf-8").splitlines()
            for line in lines[self._answered[file] :]:
                reference = json.loads(line)["reference"]
                became = Dice(self._seed, "receipt", reference).by_weight(TEXTS)
                if became:
                    self._post(*receipt(reference, became, self.cloud.clock.at))
                if became == "DELIVERED":
                    self._arrived(self._key(reference))
            self._answered[file] = len(lines)
        return sum(self._answered.values()) - before

    def take_letters(self, day: date) -> int:
        """The print house takes the day's batch, and posts it on the next working day. Answers how many letters."""
        files = S3Records(self.cloud.client("s3"), self.cloud.physical("LettersBucket"))
        batch = f"print-jobs/{day}.json"
        letters = json.loads(files.get(batch) or b"")["letters"] if batch in files.names("print-jobs/") else []
        for letter in letters:
            became = Dice(self._seed, "letter", letter["letter_id"]).by_weight(LETTERS)
            posted = due_day(day + DAY)
            self._printing[posted].append({"letter_id": letter["letter_id"], "status": "printed"})
            if became == "returned":
                self._printing[posted + 2 * POST_TAKES].append({"letter_id": letter["letter_id"], "status": became})
            else:
                self._arriving[posted + POST_TAKES].append(self._key(letter["letter_id"]))
        return len(letters)

    def bring_post(self, day: date) -> None:
        """The print house's receipts come into the inbox, and letters to the tenants."""
        at = self.cloud.clock.at.isoformat()
        if told := [{**receipt, "at": at} for receipt in self._printing.pop(day, ())]:
            self.cloud.put("InboxBucket", f"printed/{day}.jsonl", _lines(told))
        for key in self._arriving.pop(day, ()):
            self._arrived(key)

    def bring_news(self, day: date, before: list[Row]) -> int:
        """What the bank and rent control know of today's payments and agreements, ahead of tonight's export; `before`
        is last night's. Answers how many lines."""
        told = news(before, self.portfolio.export(), self.cloud.clock.at)
        if told:
            self.cloud.put("InboxBucket", f"feed/{day}.jsonl", _lines(told))
        return len(told)

    def look_at_runs(self, day: date) -> Iterator[str]:
        """The rent officer looks at the month's run and at the day's: one that waits only because it is the first goes,
        anything else stays. Tells what happened, in a sentence for each that waited."""
        for name, what in ((month_of(day), "a text"), (f"{day}", "a letter or a notice")):
            if said := self._look_at(name, what, day):
                yield said

    def _look_at(self, name: str, what: str, day: date) -> str | None:
        run = self.runs.run(name)
        if run is None or run.status is not RunStatus.HELD or run.day != day:
            return None
        if any(not why.startswith(f"{Guard.FIRST_RUN}:") for why in run.why):
            return f"The run of {run.run} is held: {' '.join(run.why)}"
        outputs = {_variable(key): value for key, value in self.cloud.template.outputs().items()}
        with patch.dict(os.environ, outputs | {"AWS_DEFAULT_REGION": REGION}):
            approve = ["run", "approve", run.run, "--plan", str(run.plan_hash)]
            said = CliRunner().invoke(arrears, approve, catch_exceptions=False).output.strip()
        said = said.replace(f"arn:aws:sts::{ACCOUNT}:user/moto", "the rent officer")
        return f"{run.total} {'is' if run.total == 1 else 'are'} due {what}. {run.why[0].split(': ', 1)[1]} {said}"

    def _arrived(self, key: CaseKey) -> None:
        self.portfolio.react(key.step, key.tenancy_id, self.portfolio.today)

    def _key(self, reference: str) -> CaseKey:
        key = self.ledger.by_reference(reference)
        if key is None:
            raise LookupError(f"{reference} has left, but the ledger does not know it")
        return key

    def _post(self, path: str, told: Row) -> None:
        body, timestamp = json.dumps(told).encode(), str(int(self.cloud.clock.seconds()))
        headers = {"X-Arrears-Timestamp": timestamp, "X-Arrears-Signature": sign(body, timestamp, "ReceiptSecret")}
        answered = self.cloud.post("accept_receipt", body, headers, path)
        if answered["statusCode"] != 204:
            raise RuntimeError(f"a signed receipt was answered with {answered['statusCode']}, not 204")


def news(before: list[Row], after: list[Row], at: datetime) -> list[Row]:
    """The day's payment feed: of those who owed in the rows before, who has paid all, agreed or disputed since."""
    now = {row["tenancy_id"]: row for row in after}
    day = helsinki(at).date().isoformat()
    events = ((row["tenancy_id"], _event(row, now.get(row["tenancy_id"]), day)) for row in before if _owes(row, day))
    return [{"tenancy_id": tenancy, "event": event, "at": at.isoformat()} for tenancy, event in events if event]


def _event(before: Row, after: Row | None, day: str) -> str | None:
    if after is None or not _owes(after, day):
        return "paid"
    if (after["agreement"] or {}).get("agreed_on") == day:
        return "agreed"
    kinds = [{hold["kind"] for hold in row["holds"]} for row in (before, after)]
    return "disputed" if "dispute" in kinds[1] - kinds[0] else None


def _owes(row: Row, day: str) -> bool:
    due = sum(Decimal(item["unpaid"]) for item in row["open_items"] if item["due_date"] < day)
    return due > Decimal(row["unallocated_credit"])


def _sms_receipt(reference: str, became: str, at: datetime) -> tuple[str, Row]:
    return "/quriiri", {"batchid": reference, "status": became, "statustime": at.isoformat()}


def _email_receipt(reference: str, became: str, at: datetime) -> tuple[str, Row]:
    kind = "Delivery" if became == "DELIVERED" else "Bounce"
    detail = {"timestamp": at.isoformat()} | ({"bounceType": "Permanent"} if kind == "Bounce" else {})
    mail = {"timestamp": at.isoformat(), "tags": {"reference": [reference]}}
    return "/ses", {"eventType": kind, kind.lower(): detail, "mail": mail}


def _lines(rows: list[Row]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def _variable(output: str) -> str:
    return "".join(f"_{letter}" if letter.isupper() else letter for letter in output).lstrip("_").upper()
