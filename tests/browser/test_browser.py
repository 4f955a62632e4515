"""The stories of frontend/e2e, told by Chromium to the whole product."""

import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.browser.product import FRONTEND, build, lacking, running

# The longest first: it waits most of its time.
STORIES = ("tabs", "pages", "trouble", "registration", "passwords", "account", "sessions")
# What the database has a part in, for the second one.
SHORT = ("tabs", "registration")
AT_ONCE = 2
Outcome = Future["subprocess.CompletedProcess[str]"]


def is_short() -> bool:
    return os.environ["DATABASE_URL"].startswith("sqlite")


def stories() -> tuple[str, ...]:
    return SHORT if is_short() else STORIES


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Outcome]]:
    """Tell all stories, two at a time, and return what will have come of each."""
    reason = lacking()
    if reason:
        pytest.skip(reason)
    build()
    with running(tmp_path_factory.mktemp("product")) as environment, ThreadPoolExecutor(AT_ONCE) as pool:
        yield {name: pool.submit(tell, name, environment) for name in stories()}


def tell(name: str, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    command = ["node", "--test", "--test-reporter=spec", f"e2e/{name}.test.mjs"]
    return subprocess.run(
        command,
        cwd=FRONTEND,
        env={**environment, "REPEATS": "5" if is_short() else "20"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        check=False,
    )


def test_every_story_is_run() -> None:
    found = {file.name.removesuffix(".test.mjs") for file in Path(FRONTEND, "e2e").glob("*.test.mjs")}
    assert found == {*STORIES}


@pytest.mark.parametrize("name", stories())
def test_the_story_holds_in_a_browser(name: str, told: dict[str, Outcome]) -> None:
    result = told[name].result()
    print(result.stdout)

    assert result.returncode == 0, f"frontend/e2e/{name}.test.mjs failed; what it printed is below."
