"""The GitHub action and the GitLab job: their shell parts run here as a runner runs them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
ACTION = yaml.safe_load((ROOT / "ci/github/action.yml").read_text())
JOB = yaml.safe_load((ROOT / "ci/gitlab/factify-contract.yml").read_text())["factify-contract"]
QUICK = "--phase scenarios --suite trash-restore"
MUTANT = """ --mock-option=--mutant=trash.keeps-grants"""


@pytest.fixture
def runner(tmp_path):
    """Runs a script in an empty folder as a CI runner does; what the environment lacks stays unset."""

    def run(script, **variables):
        words = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
        words["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{words['PATH']}"
        return subprocess.run(
            ["bash", "-eo", "pipefail", "-c", script],
            cwd=tmp_path, env=words | variables, capture_output=True, text=True,
        )  # fmt: skip

    return run


@pytest.fixture
def judge_step(runner, tmp_path):
    """Runs the action's judging step with these inputs, the others at their defaults."""
    step = next(step for step in ACTION["runs"]["steps"] if step.get("id") == "verify")
    for name in ("outputs", "summary.md"):
        (tmp_path / name).touch()
    github = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_OUTPUT": str(tmp_path / "outputs"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
    }

    def run(**inputs):
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        variables = {}
        for variable, expression in step["env"].items():
            name = expression.removeprefix("${{ inputs.").removesuffix(" }}")
            variables[variable] = given.pop(name, ACTION["inputs"][name].get("default", ""))
        assert given == {}, "an input that the step does not use"
        done = runner(step["run"], **variables, **github)
        return done, (tmp_path / "outputs").read_text(), (tmp_path / "summary.md").read_text()

    return run


def test_action_judges_and_tells_its_verdict(judge_step, tmp_path):
    done, outputs, summary = judge_step(launch_mock="true", options=QUICK)

    assert (done.returncode, outputs, done.stderr) == (0, "verdict=PASS\n", "")
    assert summary.startswith("## ✅ Factify contract: PASS")
    assert json.loads((tmp_path / "factify-report/report.json").read_text())["verdict"] == "PASS"


def test_action_fails_with_the_run_and_annotates_no_file_that_the_repository_lacks(judge_step):
    done, outputs, summary = judge_step(launch_mock="true", options=QUICK + MUTANT)

    assert (done.returncode, outputs) == (1, "verdict=FAIL\n")
    assert "::error title=trash.revokes-grants::" in done.stdout
    assert "trash.revokes-grants" in summary


def test_action_annotates_the_document_that_the_options_name(judge_step, tmp_path):
    (tmp_path / "api.json").write_text((ROOT / "openapi-with-samples.json").read_text())
    done, _, _ = judge_step(launch_mock="true", options=f"{QUICK} --spec api.json{MUTANT}")

    assert "::error file=api.json,line=" in done.stdout


def test_action_takes_options_on_more_than_one_line(judge_step, tmp_path):
    done, _, _ = judge_step(
        launch_mock="true", options="--phase scenarios\n--suite trash-restore\n--seed 7\n"
    )

    assert done.returncode == 0
    assert json.loads((tmp_path / "factify-report/report.json").read_text())["seed"] == 7


@pytest.mark.parametrize("script", [
    ACTION["runs"]["steps"][0]["run"], "\n".join(JOB["before_script"]),
], ids=["action", "job"])  # fmt: skip
def test_what_to_install_has_to_be_said(runner, tmp_path, script):
    done = runner(script, PACKAGE="", FACTIFY_PACKAGE="", RUNNER_TEMP=str(tmp_path))

    assert done.returncode != 0
    assert "what pip installs, such as a wheel or git+https://…" in done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == []


def test_action_takes_known_issues_and_more_than_one_word(judge_step, tmp_path):
    done, _, _ = judge_step(launch_mock="true", options=QUICK, known_issues="none of these.toml")

    assert done.returncode == 2
    assert "there is no file of known issues 'none of these.toml'" in done.stderr


def test_action_says_error_where_nothing_was_judged(judge_step):
    done, outputs, _ = judge_step(url="http://127.0.0.1:9", profile="missing.toml")

    assert (done.returncode, outputs) == (2, "verdict=ERROR\n")
    assert "there is no profile file 'missing.toml'" in done.stderr


def test_gitlab_job_judges_with_the_variables_that_are_set(runner, tmp_path):
    (tmp_path / ".factify-contract").symlink_to(Path(sys.prefix))
    script = "\n".join(JOB["script"])
    variables = dict(JOB["variables"])

    passed = runner(script, **variables, FACTIFY_OPTIONS=f"--launch-mock {QUICK}")
    assert passed.returncode == 0, passed.stderr
    for path in (*JOB["artifacts"]["paths"], JOB["artifacts"]["reports"]["junit"]):
        assert (tmp_path / path).exists()

    unused = runner(script, **variables, FACTIFY_URL="http://127.0.0.1:9", FACTIFY_PROFILE="missing.toml")
    assert (unused.returncode, "missing.toml" in unused.stderr) == (2, True)
