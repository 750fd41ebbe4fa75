"""The checker sees every broken promise: a good history, and one for each promise in which just that was broken."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.simulator.checker import check
from tests.simulator.scenario import Scenario
from tests.simulator.year import live

Event = dict[str, Any]
History = list[Event]
CALM = Scenario(seed=3, tenancies=40, months=8, troubles=frozenset())


@pytest.fixture(scope="module", name="told")
def _told() -> str:
    """Eight months in which nothing went wrong, as JSON."""
    return json.dumps(live(CALM).history)


def those(history: History, what: str, **facts: Any) -> list[Event]:
    """The events of a kind with those facts."""
    return [event for event in history if event["what"] == what and facts.items() <= event.items()]


def versions(history: History, status: str, case: Event | None = None) -> list[Event]:
    """The rows as they came into that status, of one case or of all."""
    rows = [event for event in those(history, "row") if event["row"]["status"] == status]
    return [event for event in rows if case is None or event["row"]["key"] == case]


def text(history: History) -> tuple[Event, Event]:
    """A text that left, and the row of its case as it was claimed."""
    left = those(history, "accepted", channel="sms")[0]
    return left, next(row for row in versions(history, "SENDING") if row["row"]["reference"] == left["reference"])


def before(history: History, event: Event, *new: Event) -> None:
    """Something happens just before."""
    place = history.index(event)
    history[place:place] = [one | {"at": event["at"]} for one in new]


def sent_twice(history: History) -> None:
    left, _ = text(history)
    before(history, left, left)


def printed_twice(history: History) -> None:
    history.append(those(history, "printed")[0])


def forgotten(history: History) -> None:
    """A planned case is nowhere any more."""
    _, row = text(history)
    ours = (row["row"]["key"], row["row"]["reference"])
    history[:] = [
        one for one in history if one.get("row", {}).get("key") != ours[0] and one.get("reference") != ours[1]
    ]


def left_waiting(history: History) -> None:
    """Nothing became of a case, and the last look of the reconciler was silent about it."""
    _, row = text(history)
    gone = [one for one in those(history, "row") if one["row"]["key"] == row["row"]["key"]][1:]
    history[:] = [one for one in history if one not in gone and one.get("reference") != row["row"]["reference"]]


def never_accepted(history: History) -> None:
    history.remove(text(history)[0])


def never_claimed(history: History) -> None:
    left, row = text(history)
    history.remove(left)
    before(history, row, left)


def to_a_stranger(history: History) -> None:
    text(history)[0]["to"] = "+358401112223"


def after_a_payment(history: History) -> None:
    """The payment was known before the sender began."""
    left, row = text(history)
    paid = {"tenancy_id": row["row"]["key"]["tenancy_id"], "paid_at": left["at"]}
    history.insert(0, {"what": "standing", "at": "2020-01-01T00:00:00+00:00", "standing": paid})


def on_old_books(history: History) -> None:
    for export in those(history, "export"):
        export["as_of"] = f"{date.fromisoformat(export['as_of']) - timedelta(days=3)}"


def with_the_sum(history: History) -> None:
    text(history)[0]["text"] += " 812,40"


def with_a_threat(history: History) -> None:
    text(history)[0]["text"] += " Voit menettää kotisi."


def two_to_one_number(history: History) -> None:
    first, second, *_ = those(history, "accepted", channel="sms")
    second["to"] = first["to"]


def beyond_the_cap_of_the_day(history: History) -> None:
    those(history, "terms")[0]["daily_cap"] = 1


def beyond_the_cap_of_the_run(history: History) -> None:
    for event in those(history, "run"):
        event["run"]["cap"] = 1


def at(history: History, hour: int, day: int = 0) -> None:
    """A text was claimed and left at that hour, so many days later."""
    left, row = text(history)
    then = datetime.fromisoformat(left["at"]).replace(hour=hour, minute=7) + timedelta(days=day)
    left["at"] = row["row"]["events"][-1]["at"] = then.isoformat()
    for later in (one for one in those(history, "row") if one["row"]["key"] == row["row"]["key"]):
        later["row"]["events"][1:2] = row["row"]["events"][1:2] if len(later["row"]["events"]) > 1 else []


def at_night(history: History) -> None:
    at(history, hour=21)


def next_month(history: History) -> None:
    at(history, hour=10, day=35)


def receipted(history: History) -> Event:
    """A row that a receipt has moved."""
    rows = those(history, "row")
    return next(event for event in rows if event["row"]["events"][-1]["by"].startswith("receipt"))


def back_to_planned_by_a_receipt(history: History) -> None:
    receipted(history)["row"]["status"] = "PLANNED"


def moved_by_a_forged_receipt(history: History) -> None:
    history[:] = [event for event in history if event["what"] != "receipt"]


def after_a_halt(history: History) -> None:
    _, row = text(history)
    run = [event for event in those(history, "run") if event["run"]["run"] == row["row"]["run"]][-1]["run"]
    before(history, row, {"what": "run", "run": run | {"status": "HALTED"}})


def approved_by_its_starter(history: History) -> None:
    approved = next(event["run"] for event in those(history, "run") if event["run"]["approved_by"])
    approved["approved_by"] = approved["started_by"]


def another_plan(history: History) -> None:
    approved = next(event["run"] for event in those(history, "run") if event["run"]["approved_by"])
    approved["plan_hash"] = "0" * 64


def not_in_the_plan(history: History) -> None:
    for plan in those(history, "plan"):
        plan["cases"] = plan["cases"][1:]


def with_another_past(history: History) -> None:
    versions(history, "DELIVERED")[0]["row"]["events"].pop(0)


def telling_a_name(history: History) -> None:
    person = those(history, "export")[0]["rows"][0]["tenants"][0]["name"]
    history.append({"what": "said", "at": history[-1]["at"], "text": f"cannot write to {person}"})


def telling_a_number(history: History) -> None:
    history.append({"what": "said", "at": history[-1]["at"], "text": f"refused: {text(history)[0]['to'][4:]}"})
    those(history, "export")[0]["rows"][0]["tenants"][0]["phone"] = text(history)[0]["to"][4:]


def letter(history: History) -> tuple[Event, Event]:
    """A letter with a fee that was printed, and its row as it was claimed."""
    printed = next(event for event in those(history, "printed") if event["letter"]["fee"] != "0.00")
    return printed, next(row for row in versions(history, "SENDING") if row["row"]["reference"] == printed["reference"])


def a_letter_after_an_agreement(history: History) -> None:
    _, row = letter(history)
    history.insert(0, an_agreement(row) | {"at": "2020-01-01T00:00:00+00:00"})


def a_letter_after_an_agreement_of_that_moment(history: History) -> None:
    """The agreement was heard of first, by the same clock."""
    _, row = letter(history)
    before(history, row, an_agreement(row))


def an_agreement(row: Event) -> Event:
    """The news that they agreed, at the moment at which their letter was claimed."""
    agreed = {"tenancy_id": row["row"]["key"]["tenancy_id"], "agreed_at": row["at"]}
    return {"what": "standing", "at": row["at"], "standing": agreed}


def a_letter_that_asks_for_more(history: History) -> None:
    letter(history)[0]["letter"]["principal"] = "99999.00"


def a_fee_too_early(history: History) -> None:
    """Another letter with a fee was posted five days before."""
    printed, row = letter(history)
    posted = date.fromisoformat(printed["letter"]["on"]) - timedelta(days=5)
    key = row["row"]["key"] | {"period": "2020-01"}
    other = row["row"] | {"key": key, "reference": "other", "status": "SENT", "fee": "5.00", "on": f"{posted}"}
    before(history, row, {"what": "row", "row": other})


BROKEN: tuple[tuple[str, Callable[[History], None]], ...] = (
    ("I1", sent_twice),
    ("I1", printed_twice),
    ("I2", forgotten),
    ("I2", left_waiting),
    ("I3", never_accepted),
    ("I3", never_claimed),
    ("I4", to_a_stranger),
    ("I4", after_a_payment),
    ("I4", on_old_books),
    ("I5", with_the_sum),
    ("I5", with_a_threat),
    ("I6", two_to_one_number),
    ("I7", beyond_the_cap_of_the_day),
    ("I7", beyond_the_cap_of_the_run),
    ("I8", at_night),
    ("I8", next_month),
    ("I9", back_to_planned_by_a_receipt),
    ("I9", moved_by_a_forged_receipt),
    ("I10", after_a_halt),
    ("I11", approved_by_its_starter),
    ("I11", another_plan),
    ("I11", not_in_the_plan),
    ("I12", with_another_past),
    ("I13", telling_a_name),
    ("I13", telling_a_number),
    ("I14", a_letter_after_an_agreement),
    ("I14", a_letter_that_asks_for_more),
    ("I14", a_letter_after_an_agreement_of_that_moment),
    ("I14", a_fee_too_early),
)


def test_a_good_history_breaks_no_promise(told: str) -> None:
    assert check(json.loads(told)) == []


def test_news_that_comes_after_the_claim_breaks_nothing_though_by_the_same_clock(told: str) -> None:
    history = json.loads(told)
    _, row = letter(history)
    history.insert(history.index(row) + 1, an_agreement(row))
    assert check(history) == []


@pytest.mark.parametrize(("promise", "breaks"), BROKEN, ids=lambda one: getattr(one, "__name__", one))
def test_a_broken_promise_is_seen_by_its_name(told: str, promise: str, breaks: Callable[[History], None]) -> None:
    history = json.loads(told)
    breaks(history)
    assert promise in {harm.split()[0] for harm in check(history)}


def test_there_is_a_broken_history_for_every_promise() -> None:
    assert {promise for promise, _ in BROKEN} == {f"I{number}" for number in range(1, 15)}


def test_the_checker_is_short_and_knows_no_errand_and_no_rule() -> None:
    from pathlib import Path

    for name, most in (("checker.py", 150), ("truth.py", 150)):
        code = (Path(__file__).parent / name).read_text("utf-8")
        assert len(code.splitlines()) < most
        assert "arrears" not in code
