"""Rates in the environment: read exactly, or the process stops and says which."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from oddjobbox.environment import Environment
from tests.live import ROOT, WAIT_SECONDS

pytestmark = pytest.mark.no_database

NAME = "LIMIT_OF_A_TEST"


@pytest.fixture
def env(tmp_path: Path) -> Environment:
    return Environment(tmp_path / "no such file")


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("10/15m", (10, timedelta(minutes=15))),
        ("1/1s", (1, timedelta(seconds=1))),
        (" 5/2h ", (5, timedelta(hours=2))),
        ("999999999/366d", (999_999_999, timedelta(days=366))),
        ("off", None),
        ("OFF", None),
        ("", (3, timedelta(days=1))),
        (" ", (3, timedelta(days=1))),
    ],
)
def test_rates(
    env: Environment, monkeypatch: pytest.MonkeyPatch, text: str, rate: tuple[int, timedelta] | None
) -> None:
    monkeypatch.setenv(NAME, text)
    assert env.rate(NAME, "3/1d") == rate


def test_a_rate_that_is_not_set_has_its_default(env: Environment) -> None:
    assert (env.rate(NAME, "3/1d"), env.rate(NAME, "off")) == ((3, timedelta(days=1)), None)


@pytest.mark.parametrize(
    "text",
    [
        "10",
        "10/15",
        "10/m",
        "/15m",
        "10/",
        "0/15m",
        "10/0m",
        "-1/15m",
        "+1/15m",
        "1.5/15m",
        "10 / 15m",
        "10/15M",
        "10/1w",
        "10/15min",
        "10/15m/2",
        "10/15m,5/1m",
        "10:15m",
        "on",
        "none",
        "1/367d",
        "1/999999999d",
        "1000000000/1m",
        "٣/15m",
        "1/٣m",
        "10/15m\n5/1m",
    ],
)
def test_an_invalid_rate_is_refused_by_its_name(
    env: Environment, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv(NAME, text)
    with pytest.raises(SystemExit) as refusal:
        env.rate(NAME, "3/1d")
    assert str(refusal.value) == (
        f"oddjobbox: {NAME} must be off or a rate such as 10/15m, with s, m, h or d, not {text!r}."
    )


def _load(**variables: str) -> "subprocess.CompletedProcess[str]":
    code = "import oddjobbox.settings as s; print(s.RATE_LIMITS, s.LIMITS['LOGIN_PAIR'])"
    return subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=WAIT_SECONDS,
    )


def test_a_process_does_not_start_with_what_is_no_rate() -> None:
    # All of them are read in the same way, by their names in the table.
    run = _load(LIMIT_LOGIN_PAIR="10 an hour")

    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == (
        "oddjobbox: LIMIT_LOGIN_PAIR must be off or a rate such as 10/15m, with s, m, h or d, "
        "not '10 an hour'.\n"
    )


def test_a_process_does_not_start_with_limits_neither_on_nor_off() -> None:
    run = _load(RATE_LIMITS="10/15m")

    assert run.stderr == "oddjobbox: RATE_LIMITS must be on or off, not '10/15m'.\n"


@pytest.mark.parametrize(
    ("variables", "printed"),
    [
        ({"RATE_LIMITS": "on"}, "True (10, datetime.timedelta(seconds=900))\n"),
        ({"RATE_LIMITS": ""}, "True (10, datetime.timedelta(seconds=900))\n"),
        ({"RATE_LIMITS": "off", "LIMIT_LOGIN_PAIR": "7/1m"}, "False (7, datetime.timedelta(seconds=60))\n"),
        ({"LIMIT_LOGIN_PAIR": "off"}, "True None\n"),
    ],
)
def test_limits_are_on_unless_they_are_turned_off(variables: dict[str, str], printed: str) -> None:
    run = _load(**variables)

    assert (run.stdout, run.stderr) == (printed, "")


def test_these_are_the_limits() -> None:
    minutes, hour = timedelta(minutes=15), timedelta(hours=1)
    assert {
        "LOGIN_PAIR": (10, minutes),
        "LOGIN_ACCOUNT": (30, hour),
        "LOGIN_ADDRESS": (100, minutes),
        "LOGIN_DEVICE": (10, minutes),
        "REGISTRATION_ACCOUNT": (10, hour),
        "REGISTRATION_ADDRESS": (100, hour),
        "REFRESH_ACCOUNT": (120, minutes),
        "REFRESH_ADDRESS": (6000, minutes),
        "PASSWORD_CHANGE_ACCOUNT": (10, minutes),
        "PASSWORD_CHANGE_ADDRESS": (100, minutes),
        "DELETION_ACCOUNT": (10, minutes),
        "DELETION_ADDRESS": (100, minutes),
    }.items() <= settings.LIMITS.items()
