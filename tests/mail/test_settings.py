"""The settings of mails: which server, which sender, which notices, and what is refused at start."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from oddjobbox.environment import Environment
from tests.databases import SECRET_KEY
from tests.live import ROOT, WAIT_SECONDS

pytestmark = pytest.mark.no_database

REFUSAL = "oddjobbox: EMAIL_URL must be such as smtp+tls://USER:PASSWORD@HOST:587, or consolemail://.\n"
SMTP = "django.core.mail.backends.smtp.EmailBackend"
CONSOLE = "authentication.mail.console.EmailBackend"
NOTICES = ["password_changed", "password_was_reset", "email_changed", "new_device", "refresh_reused"]


def _run(*command: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run Python with these variables alone; empty ones keep a developer's .env out."""
    env = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": SECRET_KEY,
        "DATABASE_URL": "sqlite:///:memory:",
        **dict.fromkeys(("DEBUG", "EMAIL_URL", "TASKS", "SITE_NAME", "DEFAULT_FROM_EMAIL"), ""),
        **variables,
    }
    return subprocess.run(
        [sys.executable, *command],
        check=False,
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=WAIT_SECONDS,
    )


def _print(expression: str, **variables: str) -> str:
    run = _run("-c", f"import oddjobbox.settings as s; print({expression})", **variables)
    assert (run.returncode, run.stderr) == (0, "")
    return run.stdout.strip()


def _read(url: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setenv("EMAIL_URL", url)
    return Environment(Path("/nowhere")).email("EMAIL_URL", "consolemail://")


@pytest.mark.parametrize(
    ("url", "host", "port", "tls", "ssl"),
    [
        ("smtp://mail.example.com", "mail.example.com", 25, False, False),
        ("smtp://127.0.0.1:1025", "127.0.0.1", 1025, False, False),
        ("smtp://[::1]:1025", "::1", 1025, False, False),
        ("smtp://mail.example.com/", "mail.example.com", 25, False, False),
        ("smtp+tls://mail.example.com", "mail.example.com", 587, True, False),
        ("smtp+tls://mail.example.com:2525", "mail.example.com", 2525, True, False),
        ("SMTP+TLS://Mail.Example.com", "mail.example.com", 587, True, False),
        ("smtp+ssl://mail.example.com", "mail.example.com", 465, False, True),
        ("smtp+ssl://mail.example.com:2465", "mail.example.com", 2465, False, True),
    ],
)
def test_a_server_is_named_by_its_url(
    url: str, host: str, port: int, tls: bool, ssl: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = _read(url, monkeypatch)

    assert (config["EMAIL_BACKEND"], config["EMAIL_HOST"], config["EMAIL_PORT"]) == (SMTP, host, port)
    assert config.get("EMAIL_USE_TLS", False) is tls
    assert config.get("EMAIL_USE_SSL", False) is ssl
    assert not config["EMAIL_HOST_USER"]
    assert not config["EMAIL_HOST_PASSWORD"]


@pytest.mark.parametrize(
    ("written", "user", "password"),
    [
        ("jane:secret", "jane", "secret"),
        ("jane%40example.com:p%3A%2F%3F%23%40%25w", "jane@example.com", "p:/?#@%w"),
        ("apikey:SG.a+b-c_d", "apikey", "SG.a+b-c_d"),
        ("jane%40example.com:gr%C3%BC%C3%9Fe%20", "jane@example.com", "grüße "),
        ("jane@example.com:secret", "jane@example.com", "secret"),
    ],
)
def test_user_and_password_are_percent_decoded(
    written: str, user: str, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = _read(f"smtp+tls://{written}@mail.example.com", monkeypatch)

    assert (config["EMAIL_HOST_USER"], config["EMAIL_HOST_PASSWORD"]) == (user, password)
    assert config["EMAIL_HOST"] == "mail.example.com"


def test_mails_can_be_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _read("consolemail://", monkeypatch)["EMAIL_BACKEND"] == CONSOLE
    assert _read("", monkeypatch)["EMAIL_BACKEND"] == CONSOLE


@pytest.mark.parametrize(
    "url",
    [
        "hunter22",
        "mail.example.com:hunter22",
        "http://jane:hunter22@mail.example.com",
        "smtp://",
        "smtp:hunter22",
        "smtp://jane:hunter22@",
        "smtp://jane:hunter22@mail.example.com:many",
        "smtp://jane:hunter22@mail.example.com:99999",
        "smtp://jane:hunter22@[mail.example.com",
        "smtp://jane:hunter22@mail.example.com/folder",
        "smtp://jane:25/hunter22@mail.example.com",
        "smtp://jane:25?hunter22@mail.example.com",
        "smtp://jane:25#hunter22@mail.example.com",
        "smtps://jane:hunter22@mail.example.com",
        "smtp+starttls://jane:hunter22@mail.example.com",
    ],
)
def test_an_invalid_value_is_refused_without_showing_it(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        _read(url, monkeypatch)

    assert f"{stopped.value}\n" == REFUSAL
    assert capsys.readouterr() == ("", "")


def test_the_process_stops_with_that_sentence_alone() -> None:
    run = _run("manage.py", "check", EMAIL_URL="smtp+tls://jane:hunter22@mail.example.com:many")

    assert (run.returncode, run.stdout, run.stderr) == (1, "", REFUSAL)


def test_without_a_mail_server_production_fails_its_checks() -> None:
    run = _run("manage.py", "check")

    assert run.returncode == 1
    assert "(oddjobbox.E006) EMAIL_URL is not set, so nobody could reset a password." in run.stderr
    assert "HINT: Such as smtp+tls://USER:PASSWORD@HOST:587; consolemail:// prints the mails." in run.stderr


@pytest.mark.parametrize("variables", [{"EMAIL_URL": "consolemail://"}, {"DEBUG": "on"}])
def test_printing_mails_on_purpose_passes_the_checks(variables: dict[str, str]) -> None:
    run = _run("manage.py", "check", **variables)

    assert (run.returncode, "E006" in run.stdout + run.stderr) == (0, False)


def test_mails_wait_in_the_database_unless_it_is_debugged() -> None:
    shown = "s.TASKS_IN_DATABASE, s.TASKS['default']['BACKEND']"
    database = "True django_tasks_db.DatabaseBackend"
    immediate = "False django_tasks.backends.immediate.ImmediateBackend"

    assert _print(shown) == database
    assert _print(shown, DEBUG="on") == immediate
    assert _print(shown, DEBUG="on", TASKS="database") == database
    assert _print(shown, TASKS="immediate") == immediate


def test_another_kind_of_tasks_is_refused() -> None:
    run = _run("manage.py", "check", TASKS="celery")

    assert (run.returncode, run.stderr) == (
        1,
        "oddjobbox: TASKS must be immediate or database, not 'celery'.\n",
    )


@pytest.mark.parametrize("notice", NOTICES)
def test_each_notice_has_its_switch(notice: str) -> None:
    off = f"NOTIFY_{notice.upper()}"

    assert _print("[name for name, on in s.NOTICES.items() if not on]", **{off: "off"}) == f"['{notice}']"


def test_every_notice_is_on() -> None:
    assert _print("s.NOTICES") == str(dict.fromkeys(NOTICES, True))


@pytest.mark.parametrize(
    ("variables", "sender"),
    [
        ({}, "Oddjobbox <no-reply@localhost>"),
        ({"SITE_NAME": "Jane's"}, "Jane's <no-reply@localhost>"),
        ({"SITE_NAME": 'Doe, "Jane"'}, '"Doe, \\"Jane\\"" <no-reply@localhost>'),
        ({"SITE_NAME": "Jane's", "DEFAULT_FROM_EMAIL": "j@example.com"}, "j@example.com"),
    ],
)
def test_the_sender_has_the_name_of_the_site(variables: dict[str, str], sender: str) -> None:
    assert _print("s.DEFAULT_FROM_EMAIL", **variables) == sender
