"""The shapes that the sample events are held to are what the SAM CLI says today."""

import json
import subprocess

import pytest

from tests.e2e.deploying import SAM
from tests.local.template import REGION
from tests.shapes import ASKED, golden

pytestmark = pytest.mark.deployed


@pytest.mark.parametrize("source", ASKED)
def test_the_sam_cli_still_makes_the_same_sample(source: str) -> None:
    asked = [str(SAM), "local", "generate-event", *ASKED[source]]
    environment = {"PATH": "/usr/bin:/bin", "SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": REGION}
    said = json.loads(subprocess.run(asked, capture_output=True, text=True, check=True, env=environment).stdout)
    assert said == golden(source), f"if its source sends this now, write it to golden/events/{source}.json"
