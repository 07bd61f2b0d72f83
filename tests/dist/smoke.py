"""Installs the built wheel as the GitHub action does, and drives both commands from there."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

ACTION = Path(__file__).resolve().parents[2] / "ci" / "github" / "action.yml"


def install(wheel: Path, folder: Path) -> Path:
    """Runs the action's first step; the folder of the commands, as the next steps find it."""
    step = yaml.safe_load(ACTION.read_text(encoding="utf-8"))["runs"]["steps"][0]
    paths = folder / "paths"
    job = {"RUNNER_TEMP": str(folder), "GITHUB_PATH": str(paths), "PACKAGE": str(wheel)}
    subprocess.run(["bash", "-eo", "pipefail", "-c", step["run"]], check=True, env=os.environ | job)
    return Path(paths.read_text(encoding="utf-8").strip())


def main(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    with tempfile.TemporaryDirectory() as folder:
        commands = install(wheel, Path(folder))

        document = subprocess.run(
            [commands / "factify-contract", "document"], check=True, capture_output=True, cwd=folder
        ).stdout
        operations = [
            operation["operationId"]
            for item in json.loads(document)["paths"].values()
            for operation in item.values()
        ]
        assert len(operations) == 59, f"the packaged document has {len(operations)} operations, not 59"

        mock = subprocess.Popen(
            [commands / "factify-mock", "serve", "--port", "0", "--format", "json"],
            stdout=subprocess.PIPE,
            cwd=folder,
            text=True,
        )
        try:
            assert mock.stdout is not None
            ready = json.loads(mock.stdout.readline())
            assert ready["url"].startswith("http://127.0.0.1:"), ready
        finally:
            mock.terminate()
            assert mock.wait(timeout=10) == 0, f"the mock stopped with {mock.returncode}"

        plugins = subprocess.run(
            [commands / "python", "-m", "pytest", "--fixtures", "-q", "-p", "no:cacheprovider"],
            capture_output=True,
            cwd=folder,
            text=True,
        ).stdout
        assert "factify_server" in plugins, "the pytest plugin is not registered"
    print("the wheel installs, both commands and the plugin work")  # noqa: T201 - this script's only output


if __name__ == "__main__":
    main(Path(sys.argv[1]))
