"""The browser tests of frontend/e2e, run in Chromium against the whole product."""

import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.browser.product import FRONTEND, build, missing, running

# The longest first, because it spends most of its time waiting.
FILES = ("tabs", "pages", "trouble", "registration", "passwords", "account", "sessions")
# The files that depend on the database, for a second run on SQLite.
DATABASE_FILES = ("tabs", "registration")
PARALLEL = 2
Result = Future["subprocess.CompletedProcess[str]"]


def is_sqlite() -> bool:
    return os.environ["DATABASE_URL"].startswith("sqlite")


def files() -> tuple[str, ...]:
    return DATABASE_FILES if is_sqlite() else FILES


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Result]]:
    """Run all files, two at a time, and yield the future result of each."""
    reason = missing()
    if reason:
        pytest.skip(reason)
    build()
    with running(tmp_path_factory.mktemp("product")) as environment, ThreadPoolExecutor(PARALLEL) as pool:
        yield {name: pool.submit(run, name, environment) for name in files()}


def run(name: str, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    command = ["node", "--test", "--test-reporter=spec", f"e2e/{name}.test.mjs"]
    return subprocess.run(
        command,
        cwd=FRONTEND,
        env={**environment, "REPEATS": "5" if is_sqlite() else "20"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        check=False,
    )


def test_every_file_is_run() -> None:
    found = {file.name.removesuffix(".test.mjs") for file in Path(FRONTEND, "e2e").glob("*.test.mjs")}
    assert found == {*FILES}


@pytest.mark.parametrize("name", files())
def test_the_file_passes_in_chromium(name: str, results: dict[str, Result]) -> None:
    result = results[name].result()
    print(result.stdout)

    assert result.returncode == 0, f"frontend/e2e/{name}.test.mjs failed; see its output below."
