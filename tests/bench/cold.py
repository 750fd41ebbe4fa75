"""Goal 4: how long each door takes to be imported, beside boto3 with two clients."""

import os
import subprocess
import sys
from functools import partial
from typing import Any

from tests.bench.rounds import ROOT, in_turn

BASE = 'import boto3; boto3.client("dynamodb"), boto3.client("sqs")'
DOORS = sorted(app.parent.name for app in (ROOT / "functions").glob("*/app.py"))


def imports(rounds: int) -> dict[str, Any]:
    """CPU milliseconds of each door's import, and the ratio to boto3 with two clients."""
    runs = {"boto3 with two clients": partial(_ms, BASE), "boto3 alone": partial(_ms, "import boto3")}
    runs |= {door: partial(_ms, f"import functions.{door}.app") for door in DOORS}
    seen = in_turn(runs, rounds)
    base = seen["boto3 with two clients"]
    return {name: {"ms": each.told(0), "ratio": each.over(base).told()} for name, each in seen.items()}


def _ms(code: str) -> float:
    told = f"{code}\nimport time; print(time.process_time())"
    keys = {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench", "AWS_DEFAULT_REGION": "eu-north-1"}
    environment = os.environ | keys | {"PYTHONPATH": f"{ROOT}"}
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, env=environment, capture_output=True, check=True)
    return float(done.stdout.split()[-1]) * 1000
