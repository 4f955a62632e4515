"""The rates of the settings, and the documents that list them."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import astuple
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from authentication.limits.actions import Action
from oddjobbox.environment import Environment
from tests.live import ROOT

pytestmark = pytest.mark.no_database

NAME = "ODDJOBBOX_TEST_RATE"
Rate = tuple[int, timedelta] | None
Read = Callable[[str], Rate]
LOAD = """
import json
import oddjobbox.settings as s
limits = {name: rate and [rate[0], rate[1].total_seconds()] for name, rate in s.LIMITS.items()}
print(json.dumps([s.RATE_LIMITS, limits]))
"""


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Read a text as the settings would, with 30 an hour for none."""

    def read_rate(text: str) -> Rate:
        monkeypatch.setenv(NAME, text)
        return Environment(tmp_path / "no such file").rate(NAME, "30/1h")

    return read_rate


def load(**variables: str) -> tuple[bool, dict[str, Rate]]:
    """Return whether limits are on, and all of them, for a server that has these variables alone."""
    unset = dict.fromkeys((f"LIMIT_{name}" for name in settings.LIMITS), "")
    env = {**os.environ, "RATE_LIMITS": "on", **unset, **variables}
    run = subprocess.run([sys.executable, "-c", LOAD], cwd=ROOT, env=env, capture_output=True, check=True)
    is_on, limits = json.loads(run.stdout)
    return is_on, {name: rate and (rate[0], timedelta(seconds=rate[1])) for name, rate in limits.items()}


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("10/15m", (10, timedelta(minutes=15))),
        ("1/1s", (1, timedelta(seconds=1))),
        (" 999999999/366d ", (999_999_999, timedelta(days=366))),
        ("off", None),
        ("OFF", None),
        ("", (30, timedelta(hours=1))),
    ],
)
def test_a_rate_is_how_often_in_how_long(read: Read, text: str, rate: Rate) -> None:
    assert read(text) == rate


@pytest.mark.parametrize("text", ["10", "10/m", "/15m", "0/15m", "10/0m", "-1/15m", "10/15", "10 / 15m"])
@pytest.mark.parametrize("suffix", ["", ",5/1h"])
def test_an_incomplete_rate_prevents_the_start(read: Read, text: str, suffix: str) -> None:
    with pytest.raises(SystemExit, match=f"^oddjobbox: {NAME} must be off or a rate such as 10/15m"):
        read(text + suffix)


@pytest.mark.parametrize(
    "text",
    ["10/15M", "1.5/1h", "on", "no", "\u0661\u0660/15m", "10/367d", "1000000000/1h", "10/15m\n5/1h", "10/1w"],
)
def test_an_invalid_rate_prevents_the_start(read: Read, text: str) -> None:
    with pytest.raises(SystemExit, match=f"^oddjobbox: {NAME} must be off or a rate such as 10/15m"):
        read(text)


def test_the_documents_and_the_settings_have_the_same_limits(read: Read) -> None:
    # A project's own rates are in none of them.
    names = [name for action in Action for name in astuple(action.value) if name]
    limits = {f"LIMIT_{name}": rate for name, rate in load()[1].items() if name in names}
    document = (ROOT / "docs/limits.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| `(LIMIT_\w+)` \| `(\S+)` \| .+ \| .+ \|$", document, flags=re.MULTILINE)
    example = re.findall(r"^# (LIMIT_\w+)=(\S+)$", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)

    assert len(limits) == len(names) > 10
    for rows in (table, example):
        assert [name for name, _ in rows] == list(limits)
        assert {name: read(text) for name, text in rows} == limits


def test_each_limit_has_a_variable_of_its_own() -> None:
    wanted: dict[str, Rate] = {name: (n, timedelta(seconds=7)) for n, name in enumerate(settings.LIMITS, 2)}

    assert load(**{f"LIMIT_{name}": f"{n}/7s" for n, name in enumerate(settings.LIMITS, 2)})[1] == wanted
    assert load(LIMIT_LOGIN_PAIR="off")[1]["LOGIN_PAIR"] is None


@pytest.mark.parametrize(("text", "is_on"), [("on", True), ("off", False)])
def test_all_limits_can_be_turned_off(text: str, is_on: bool) -> None:
    assert load(RATE_LIMITS=text)[0] is is_on
