"""env.json lets every function be tried on a loopback AWS: with the environment that the SAM CLI makes of it."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.e2e.deploying import BUILT, SAM
from tests.e2e.ministack import free_port
from tests.env import ENDPOINT
from tests.functions.test_doors import event
from tests.local.template import REGION, ROOT
from tests.runtime.__main__ import furnished
from tests.runtime.emulator import LAYERS, Deployed, call

pytestmark = pytest.mark.deployed


@pytest.fixture(scope="module")
def given() -> dict[str, dict[str, str]]:
    """What `sam local invoke --env-vars env.json` gives to every function."""
    told = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION, "PATH": "/bin"}
    asked = [SAM.with_name("python"), Path(__file__).with_name("as_sam_does.py")]
    done = subprocess.run(asked, cwd=ROOT, env=told, capture_output=True, text=True, check=True)
    found: dict[str, dict[str, str]] = json.loads(done.stdout)
    return found


def test_no_function_would_ask_aws_itself(given: Mapping[str, Mapping[str, str]]) -> None:
    assert len(given) == len(list((ROOT / "functions").glob("*/app.py")))
    assert {each["AWS_ENDPOINT_URL"] for each in given.values()} == {ENDPOINT}


def test_an_export_is_imported_and_judged_there(given: Mapping[str, Mapping[str, str]], tmp_path: Path) -> None:
    endpoint = f"http://127.0.0.1:{free_port()}"
    with TemporaryDirectory(prefix="arrears-env-") as folder, furnished(Path(folder), endpoint):
        answers = {}
        for name, door in (("ImportSnapshotFunction", "import_snapshot"), ("SelectTenantsFunction", "select_tenants")):
            environment = {key: value.replace(ENDPOINT, endpoint) for key, value in given[name].items()}
            timeout = float(environment["AWS_LAMBDA_FUNCTION_TIMEOUT"])
            function = Deployed(BUILT / name, [LAYERS["ArrearsLayer"]], "app.handler", timeout, environment)
            answers[door] = call(function, event(door), tmp_path)
    assert answers["import_snapshot"][0]["accepted"] == 2
    assert answers["select_tenants"]["selected"] == 2
