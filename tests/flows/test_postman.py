"""The Postman collection, run by newman against a real server."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.live import ROOT, LiveServer, serve

NEWMAN = ROOT / "node_modules" / ".bin" / "newman"
COLLECTION = ROOT / "postman" / "oddjobbox.postman_collection.json"
ENVIRONMENT = ROOT / "postman" / "local.postman_environment.json"


def test_the_collection_passes_twice_on_the_same_server(live: LiveServer, tmp_path: Path) -> None:
    first, second = _run(live, tmp_path), _run(live, tmp_path)

    assert first["requests"]["total"] == second["requests"]["total"] > 60
    assert first["assertions"]["total"] == second["assertions"]["total"] > 200


def test_the_collection_passes_in_debug_with_its_other_cookie_name(tmp_path: Path) -> None:
    with serve(tmp_path, workers=1, DEBUG="on") as server:
        _run(server, tmp_path)


def test_every_request_of_the_collection_has_assertions() -> None:
    folders = json.loads(COLLECTION.read_text(encoding="utf-8"))["item"]
    for request in [item for folder in folders for item in folder["item"]]:
        scripts = [event["script"]["exec"] for event in request["event"] if event["listen"] == "test"]
        assert any("pm.response.to.have.status(" in line for script in scripts for line in script), request


def _run(server: LiveServer, folder: Path) -> dict[str, Any]:
    """Run the whole collection without failures, and return newman's counts."""
    report = folder / "newman.json"
    result = subprocess.run(
        [
            _newman(),
            "run",
            COLLECTION,
            f"--environment={ENVIRONMENT}",
            f"--env-var=baseUrl={server.url}",
            "--reporters=cli,json",
            f"--reporter-json-export={report}",
            "--color=off",
            "--timeout-request=60000",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    run = json.loads(report.read_text(encoding="utf-8"))["run"]
    assert run["failures"] == []
    stats: dict[str, Any] = run["stats"]
    return stats


def _newman() -> Path:
    if shutil.which("node") is None:
        pytest.skip("Node.js is not installed, so newman cannot run the Postman collection.")
    if not NEWMAN.exists():
        pytest.skip("node_modules is missing, so newman cannot run the Postman collection: run `npm ci`.")
    return NEWMAN
