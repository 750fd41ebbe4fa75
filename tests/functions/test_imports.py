"""A door loads what it uses and nothing else: whatever it does not need would make its first event wait."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOORS = sorted(app.parent.name for app in (ROOT / "functions").glob("*/app.py"))

JUDGING = {"select_tenants", "follow_up", "send_notice", "print_letter", "reconcile"}
READING = {"import_snapshot", "publish_report"}
IN_BATCHES = {"send_notice", "print_letter", "record_receipt"}
SENDING = {"send_notice", "reconcile"}
WRITING = SENDING | {"print_letter"}

# What is large or slow to load, and the doors that use it.
USED_BY: dict[str, set[str]] = {
    "arrears.adapters.email": SENDING,
    "arrears.adapters.pdf": {"print_letter"},
    "arrears.adapters.sms": SENDING,
    "arrears.cli": set(),
    "arrears.compliance": WRITING,
    "arrears.explain": set(),
    "arrears.intake": READING,
    "arrears.letters": {"print_letter", "reconcile"},
    "arrears.outcomes": {"publish_report"},
    "arrears.page": {"publish_report"},
    "arrears.rules": JUDGING | {"publish_report"},
    "arrears.work.import_": READING,
    "arrears.work.release": {"select_tenants", "follow_up", "reconcile"},
    "arrears.work.select": {"select_tenants", "follow_up"},
    "arrears.wording": WRITING,
    "asyncio": IN_BATCHES,
    "aws_lambda_powertools.utilities.batch": IN_BATCHES,
    "aws_xray_sdk": set(),
    "awscrt": set(),
    "barcode": {"print_letter"},
    "click": set(),
    "holidays": set(),  # loaded with the first question about a day
    "jinja2": {"publish_report"},
    "phonenumbers": JUDGING | READING,
    "requests": set(),
    "rich": set(),
    "sqlite3": READING | {"select_tenants", "follow_up"},
    "stdnum": WRITING | READING,
    "typst": {"print_letter"},
}


@cache
def loaded_by(door: str) -> frozenset[str]:
    """The modules that are there once the door has been imported, in a process of its own."""
    code = f"import json, sys, functions.{door}.app; print(json.dumps(list(sys.modules)))"
    environment = os.environ | {"PYTHONPATH": f"{ROOT}", "AWS_DEFAULT_REGION": "eu-north-1"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True)
    return frozenset(json.loads(done.stdout))


@pytest.mark.parametrize("door", DOORS)
def test_a_door_loads_nothing_that_it_does_not_use(door: str) -> None:
    forbidden = {module for module, doors in USED_BY.items() if door not in doors}
    assert not forbidden & loaded_by(door)


@pytest.mark.parametrize("door", DOORS)
def test_what_a_door_is_said_to_use_it_loads(door: str) -> None:
    used = {module for module, doors in USED_BY.items() if door in doors}
    assert used <= loaded_by(door), "a door that got rid of something: say so in USED_BY"


def test_every_door_named_here_is_there() -> None:
    assert {door for doors in USED_BY.values() for door in doors} <= set(DOORS)
