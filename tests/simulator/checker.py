"""Judges a year by what the provider, the print house and the ledger wrote down, and by the books that were exported.

Knows nothing of the errands: plain JSON events in their true order go in, broken promises (I1-I14) come out. The
landlord's numbers stand here once more, on purpose.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.simulator.truth import DAY, HELSINKI, REST, Books, Event, Moment, day_of, is_working, words

OPENS, CLOSES, COURT_CLOSES, CLEAR_DAYS, LONGEST_CALL = 9, 18, 16, 14, timedelta(minutes=20)
LEFT, WAITS = {"SENT", "DELIVERED", "UNDELIVERED", "NO_RECEIPT"}, {"PLANNED", "SENDING", "UNKNOWN"}
FORWARD = {(old, new) for old in ("SENDING", "UNKNOWN", "SENT", "NO_RECEIPT") for new in ("DELIVERED", "UNDELIVERED")}
FORWARD |= {("UNDELIVERED", "DELIVERED"), ("UNKNOWN", "SENT")}
TOLD = {"delivered": "DELIVERED", "undelivered": "UNDELIVERED", "pending": "SENT"}
NEVER_SAID = re.compile(r"[0-9€@]|https?:|www\.|\beuro|\btili|\bviite", re.IGNORECASE)
THREAT, ALWAYS_SAID = re.compile("käräjä|kotisi|häätö", re.IGNORECASE), ("asukassivu", "ei voi vastata", "Heka")


class Checker:
    """Sees every event once; `harms` begin with the promise that was broken."""

    def __init__(self) -> None:
        self.harms, self.books, self.cap, self.place, self.alarm = list[str](), Books(), 0, 0, Event()
        self.rows, self.runs, self.plans, self.case_of, self.places = (dict[Any, Any]() for _ in range(5))
        self.left, self.claims, self.taken = Counter[str](), Counter[str](), dict[tuple[str, str], str]()
        self.receipts, self.said, self.days = set[tuple[str, str]](), set[str](), defaultdict[str, set[str]](set)

    def must(self, holds: object, harm: str) -> None:
        if not holds:
            self.harms.append(f"{harm} ({self.now:%Y-%m-%d %H:%M}Z)")

    def see(self, event: Event) -> None:
        self.now, self.place = datetime.fromisoformat(event["at"]), self.place + 1
        match event["what"]:
            case "terms":
                self.cap = event["daily_cap"]
            case "export":
                self.books.export((self.now, self.place), event["as_of"], event["rows"])
            case "standing":
                self.books.news[event["standing"]["tenancy_id"]].append(((self.now, self.place), event["standing"]))
            case "plan":
                self.plans[event["hash"]] = {name(key): status for key, status in event["cases"]}
            case "run":
                self.see_run(event["run"], self.runs.get(event["run"]["run"]) or event["run"])
            case "row":
                self.see_row(name(event["row"]["key"]), event["row"])
            case "accepted" | "printed":
                self.see_left(event, self.case_of.get(event["reference"], "nobody's case"))
            case "receipt":
                self.receipts.add((event["reference"], TOLD[event["status"]]))
            case "reconciled":
                self.alarm = event
            case "said":
                self.said |= words(event["text"])

    def see_run(self, new: Event, old: Event) -> None:
        self.runs[new["run"]] = new
        if "APPROVED" in (old["status"], new["status"]) and old["status"] != "PLANNING":
            self.must(new["plan_hash"] == old["plan_hash"], f"I11 {new['run']} goes on with another plan")
            apart = new["approved_by"] not in (None, new["started_by"]) or old["status"] != "HELD"
            self.must(apart, f"I11 {new['run']} was approved by the one who started it")

    def see_row(self, case: str, new: Event) -> None:
        old, run = self.rows.get(case), self.runs[new["run"]]
        self.rows[case], self.case_of[new["reference"]], self.places[case, new["status"]] = new, case, self.place
        if old is None:
            planned = self.plans.get(run["plan_hash"], {}).get(case)
            self.must(planned == new["status"], f"I11 {case} is not in the approved plan of {run['run']}")
            old = new
        self.must(new["events"][: len(old["events"])] == old["events"], f"I12 {case} has another past")
        moved = old["status"], new["status"]
        if new["events"][-1]["by"].startswith("receipt") and new["events"] != old["events"]:
            self.must(moved in FORWARD, f"I9 {case} from {' to '.join(moved)}")
            self.must((new["reference"], new["status"]) in self.receipts, f"I9 {case} moved by a forged receipt")
        if moved == ("PLANNED", "SENDING"):
            self.must(run["status"] == "APPROVED", f"I10 {case} claimed while {run['run']} is {run['status']}")
            self.claims[run["run"]] += new["attempts"] == 1
            self.days[new["on"]].add(case)
            kept = self.claims[run["run"]] <= run["cap"] and len(self.days[new["on"]]) <= self.cap
            self.must(kept, f"I7 {case} beyond the cap of {run['run']} or of {new['on']}")

    def see_left(self, event: Event, case: str) -> None:
        row, reference, letter = self.rows.get(case, {"events": ()}), event["reference"], event["what"] == "printed"
        begun = [datetime.fromisoformat(past["at"]) for past in row["events"] if past["status"] == "SENDING"]
        self.left[reference] += 1
        self.must(self.left[reference] == 1, f"I1 {case} {event['what']} twice")
        self.must(begun, f"I3 {case} left and was never claimed")
        if begun:
            began = begun[-1], self.places.get((case, "SENDING"), 0)
            due = self.books.due(row["key"], began, event.get("to"))
            self.must(due, f"{'I14' if letter else 'I4'} {case} left on wrong or old facts")
            (self.see_letter if letter else self.see_text)(case, row, event, began)

    def see_text(self, case: str, row: Event, event: Event, began: Moment) -> None:
        local, month, court = began[0].astimezone(HELSINKI), f"{day_of(self.now):%Y-%m}", case.endswith("court_notice")
        hours = OPENS <= local.hour < (COURT_CLOSES if court else CLOSES) and self.now - began[0] <= LONGEST_CALL
        window = hours and is_working(local.date()) and local.date() + DAY not in REST
        self.must(window and (court or row["key"]["period"] == month), f"I8 {case} left at {local:%a %Y-%m-%d %H:%M}")
        text, sms = event["text"], event["channel"] == "sms"
        first = self.taken.setdefault((event["to"], month), case) if sms else case
        self.must(first == case, f"I6 {case} and {first} to one number")
        said = all(word in text for word in ALWAYS_SAID) and not NEVER_SAID.search(text) and event["sender"] == "Heka"
        fit = (court or not THREAT.search(text)) and len(text) <= (306 if court else 160)
        self.must(said and fit, f"I5 {case} left with words that nobody checked")

    def see_letter(self, case: str, row: Event, event: Event, began: Moment) -> None:
        letter, tenancy = event["letter"], row["key"]["tenancy_id"]
        on, principal = date.fromisoformat(letter["on"]), Decimal(letter["principal"])
        oldest = self.books.oldest(tenancy, began, on, principal)
        self.must(oldest, f"I14 {case} asks for EUR {principal}")
        others = [one for other, one in self.rows.items() if other.startswith(f"{tenancy}/") and one is not row]
        paid = [one["on"] for one in others if one["status"] in LEFT and one.get("fee", "0.00") != "0.00"]
        clocks = [day for day in (*map(date.fromisoformat, paid), oldest or on) if day <= on]
        early = letter["fee"] != "0.00" and any((on - day).days <= CLEAR_DAYS for day in clocks)
        self.must(not early, f"I14 {case} has a fee too early")

    def end(self) -> None:
        for case, row in self.rows.items():
            left, doubt = self.left[row["reference"]], row["status"] == "UNKNOWN"
            self.must(left == (row["status"] in LEFT) or doubt, f"I3 {case} is {row['status']} and left {left} times")
            hours = (self.now - datetime.fromisoformat(row["changed_at"])) / timedelta(hours=1)
            told = self.alarm.get("oldest_unknown_hours" if doubt else "oldest_waiting_hours", 0)
            waits = row["status"] in WAITS and (told < hours - 24 or row["status"] == "SENDING")
            self.must(not waits, f"I2 {case} waits as {row['status']}, and nobody is told")
        for run in self.runs.values():
            lost = set(self.plans[run["plan_hash"]]) - set(self.rows) if run["status"] == "DONE" else set()
            self.must(not lost, f"I2 {run['run']} is done without {sorted(lost)}")
        told = (self.said | words(str(self.rows))) & self.books.personal
        self.must(not told, f"I13 told of people: {sorted(told)}")


def name(key: Event) -> str:
    """A case as it is called in a harm."""
    return f"{key['tenancy_id']}/{key['period']}/{key['step']}"


def check(history: Iterable[Event]) -> list[str]:
    """The promises that a history breaks; none when all is well."""
    checker = Checker()
    for event in history:
        checker.see(event)
    checker.end()
    return checker.harms
