"""What every change must pass, in which order it reaches tenants, and what each stage is deployed with."""

import re
import tomllib
from typing import Any

import pytest
import yaml

from tests.local.template import ROOT, source

PIPELINE = yaml.safe_load((ROOT / ".github/workflows/pipeline.yml").read_text("utf-8"))
JOBS: dict[str, Any] = PIPELINE["jobs"]
RUNS = [(job, step["run"]) for job, jobs in JOBS.items() for step in jobs["steps"] if "run" in step]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
STAGES = tomllib.loads((ROOT / "samconfig.toml").read_text("utf-8"))


@pytest.mark.parametrize(("job", "line"), RUNS)
def test_every_step_is_one_command_of_the_makefile(job: str, line: str) -> None:
    target = re.fullmatch(r"make ([a-z0-9]+)( [A-Z]+=\S+)*", line)
    assert target, f"{job}: {line}"
    assert re.search(rf"^{target[1]}:.*##", MAKEFILE, re.MULTILINE)


def test_what_a_newcomer_is_told_to_run_is_what_every_change_must_pass() -> None:
    checked = {line.split()[1] for job, line in RUNS if job in JOBS["test"]["needs"]}
    told = set(re.findall(r"^make (\w+)", (ROOT / ".ci/run").read_text("utf-8"), re.MULTILINE))
    assert told | {"demo", "audit", "e2e", "sbom"} <= checked


def test_nothing_reaches_a_stage_that_did_not_pass_everything_before_it() -> None:
    assert set(JOBS["test"]["needs"]) == {"check", "stack", "years"}
    assert JOBS["test"]["if"] == "github.ref == 'refs/heads/main'"
    assert JOBS["prod"]["needs"] == ["test"]
    assert {job for job, line in RUNS if line.startswith("make deploy")} == {"test", "prod"}
    assert [JOBS[stage]["environment"] for stage in ("test", "prod")] == ["test", "prod"]


def test_the_cloud_is_entered_without_a_key_that_could_be_lost_and_only_to_deploy() -> None:
    assert "secrets." not in (ROOT / ".github/workflows/pipeline.yml").read_text("utf-8")
    assert {name for name, job in JOBS.items() if "id-token" in job.get("permissions", {})} == {"test", "prod"}
    assert PIPELINE["permissions"] == {"contents": "read"}


def test_the_oldest_and_the_deployed_python_are_both_tried() -> None:
    tried = JOBS["check"]["strategy"]["matrix"]["python"]
    assert source()["Globals"]["Function"]["Runtime"].removeprefix("python") in tried
    assert "3.11" in tried


def test_each_stage_has_a_stack_and_a_say_of_its_own() -> None:
    assert set(STAGES) - {"version"} == {"default", "test", "prod"}
    stacks = {name: STAGES[name]["global"]["parameters"]["stack_name"] for name in ("default", "test", "prod")}
    assert len(set(stacks.values())) == 3
    given = {name: STAGES[name]["deploy"]["parameters"]["parameter_overrides"] for name in stacks}
    assert given == {"default": "Stage=dev", "test": "Stage=test", "prod": "Stage=prod"}


def test_nothing_is_changed_in_production_before_somebody_has_seen_what_changes_or_said_yes() -> None:
    assert STAGES["prod"]["deploy"]["parameters"]["confirm_changeset"] is True
    # In the pipeline nobody can be asked: there the environment's reviewers have said yes.
    assert "$(if $(CI),--no-confirm-changeset)" in MAKEFILE


@pytest.mark.parametrize("stage", ["default", "test", "prod"])
def test_a_stage_gets_no_parameter_that_the_template_does_not_know(stage: str) -> None:
    given = STAGES[stage]["deploy"]["parameters"]["parameter_overrides"]
    named = set(re.findall(r"(\w+)=", given)) | set(re.findall(r"(\w+)=", deploy_line()))
    assert named <= set(source()["Parameters"])


def deploy_line() -> str:
    """What `make deploy` gives to the template."""
    found = re.search(r'--parameter-overrides "([^"]*)"', MAKEFILE.split("\ndeploy:")[1])
    assert found
    return found[1]


def test_every_deployment_has_a_release_of_its_own() -> None:
    assert "Release=$(shell date -u +%y%m%d%H%M)" in deploy_line()


def test_the_three_things_that_are_skipped_have_their_reasons() -> None:
    written = (ROOT / ".checkov.yaml").read_text("utf-8")
    skipped = yaml.safe_load(written)["skip-check"]
    assert len(skipped) <= 3
    for check in skipped:
        assert re.search(rf"  # [A-Z][^\n]+\n(  #[^\n]*\n)*  - {check}\n", written), f"{check} has no reason"


def test_data_under_another_licence_says_so_itself_and_in_the_notice_that_is_shipped() -> None:
    house = ROOT / "layers/arrears/arrears"
    told = [file for file in (house / "texts/words").iterdir() if "CC BY" in file.read_text("utf-8").split("\n")[0]]
    notice = (house / "NOTICE.txt").read_text("utf-8")
    assert {file.name for file in told} == {"finnish.txt", "dotless.txt"}
    assert all(f"texts/words/{file.name}" in notice for file in told)
    assert "creativecommons.org/licenses/by-sa/4.0" in notice
