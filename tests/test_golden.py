"""What the house tells people and programs, whole: explanations, the schemas, and what a letter's paper shows."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from arrears.adapters.pdf import _given
from arrears.cli.judge import SCHEMAS
from arrears.explain import explain
from arrears.model import Case, HoldKind, Outcome, Past, Snapshot, Step
from tests.cli.test_preview_golden import a_tenancy
from tests.letters.test_words import LETTERS
from tests.makers import POLICY, TODAY, a_letter, a_reminder

GOLDEN = Path(__file__).parent / "golden"
HOLDS: list[dict[str, Any]] = [{"kind": kind, "until": None} for kind in HoldKind]
UNTIL = [hold | {"until": "2026-12-31"} for hold in HOLDS] + [{"kind": "manual", "until": "2026-11-30"}]
WARNING = Step.COURT_WARNING_LETTER
PASTS: tuple[tuple[Past, ...], ...] = (
    (),
    (a_reminder(date(2026, 10, 6)),),
    (a_reminder(date(2026, 11, 6)),),
    (a_reminder(date(2026, 11, 16), Outcome.UNKNOWN),),
    (a_reminder(date(2026, 10, 6)), a_letter(date(2026, 10, 28))),
    (
        a_reminder(date(2026, 9, 4)),
        a_letter(date(2026, 9, 25)),
        a_letter(date(2026, 10, 15), Step.COURT_WARNING_LETTER),
    ),
)


def explained() -> str:
    """Tenancies of every kind, with every hold and with several pasts."""
    told = []
    for number in range(84):
        row = a_tenancy(number, "10" if number % 4 else "11")
        facts: dict[str, Any] = {"as_of": "2026-11-22"}
        if number % 6 == 0:
            facts["holds"] = [*HOLDS, *UNTIL][number // 6 % len([*HOLDS, *UNTIL]) :][:2]
        if number % 8 == 3:
            facts["contacted_on"] = "2026-11-18"
        if number % 21 == 8:
            facts["lease_ended_on"] = "2026-10-31"
        if number % 5 == 1:
            facts["housing_allowance"] = "590.00"
        if number % 12 == 7:
            facts["unallocated_credit"] = "300.00"
        snapshot = Snapshot.model_validate_json(json.dumps(row | facts))
        case = Case(snapshot=snapshot, history=PASTS[number % len(PASTS)])
        sentences = explain(case, POLICY, TODAY)
        numbers = next(place for place, sentence in enumerate(sentences) if sentence.startswith("Policy "))
        told += [f"--- {number}", *(sentences[:numbers] if number else sentences)]
    return "\n".join(told) + "\n"


def schemas() -> str:
    """Every schema, in its order."""
    return json.dumps({name: schema() for name, schema in SCHEMAS.items()}, indent=1, ensure_ascii=False) + "\n"


def papers() -> str:
    """Every letter, as the press is given it."""
    given = {name: _given(letter) for name, letter in LETTERS.items()}
    for one in given.values():
        one["input"] = json.loads(one["input"]["letter.json"])
    return json.dumps(given, indent=1, ensure_ascii=False) + "\n"


WHOLE = {"explained": explained, "schemas": schemas, "papers": papers}


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_told_reads_as_it_did(name: str) -> None:
    """Changed on purpose: `python -m tests.test_golden` writes the golden files anew; read what changed."""
    assert WHOLE[name]() == (GOLDEN / f"{name}.txt").read_text("utf-8")


if __name__ == "__main__":
    for name, whole in WHOLE.items():
        (GOLDEN / f"{name}.txt").write_text(whole(), "utf-8")
