"""The settings: closed by default, and refused in one sentence where they are wrong."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import checks
from pytest_django.fixtures import Settings

from oddjobbox.environment import Environment
from tests.databases import SECRET_KEY
from tests.live import ROOT, WAIT_SECONDS

pytestmark = pytest.mark.no_database

SECRET_KEY_MISSING = (
    "oddjobbox: SECRET_KEY is not set. Set it to 32 or more random bytes, for example the output of: "
    "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'\n"
)
LOAD = "import oddjobbox.settings as s; print(s.DEBUG, s.ALLOWED_HOSTS, s.ACCESS_TOKEN_LIFETIME)"


def _run(*command: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run Python with these variables alone; empty ones keep a developer's .env out."""
    env = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": SECRET_KEY,
        "DEBUG": "",
        "DATABASE_URL": "sqlite:///:memory:",
        "ALLOWED_HOSTS": "",
        "EMAIL_URL": "smtp://127.0.0.1:9",
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


@pytest.mark.parametrize("command", [("manage.py", "check"), ("manage.py", "migrate")])
def test_without_a_secret_nothing_starts(command: tuple[str, ...]) -> None:
    run = _run(*command, SECRET_KEY="")

    assert (run.returncode, run.stdout, run.stderr) == (1, "", SECRET_KEY_MISSING)


def test_the_server_does_not_start_without_a_secret_either() -> None:
    run = _run("-m", "gunicorn", "oddjobbox.wsgi", SECRET_KEY="")

    assert run.returncode != 0
    assert SECRET_KEY_MISSING in run.stderr
    assert "Traceback" not in run.stderr


def test_everything_is_closed_by_default() -> None:
    run = _run("-c", LOAD)

    assert run.stderr == ""
    assert run.stdout == "False ['localhost', '127.0.0.1', '[::1]'] 60 days, 0:00:00\n"


@pytest.mark.parametrize(
    ("variable", "value", "rule"),
    [
        ("DEBUG", "maybe", "must be on or off"),
        ("DOCS", "2", "must be on or off"),
        ("ACCESS_TOKEN_LIFETIME", "60", "must be a number with s, m, h or d, such as 15m or 60d"),
        ("SHORT_ACCESS_TOKEN_LIFETIME", "0m", "must be a number with s, m, h or d, such as 15m or 60d"),
        ("CORS_ALLOWED_ORIGINS", "app.example.com", "must list origins such as https://app.example.com"),
        ("FRONTEND_URL", "app.example.com", "must be a URL such as https://app.example.com"),
        ("TRUSTED_PROXIES", "all", "must be a whole number from 0 to 10"),
        ("RATE_LIMITS", "10/15m", "must be on or off"),
        ("LIMIT_LOGIN_PAIR", "10", "must be off or a rate such as 10/15m, with s, m, h or d"),
        ("EVENT_RETENTION", "365", "must be a number with s, m, h or d, such as 15m or 60d"),
        ("PASSWORD_MIN_LENGTH", "7", "must be a whole number from 8 to 128"),
        ("REQUIRE_VERIFIED_EMAIL", "always", "must be on or off"),
        ("NOTIFY_NEW_DEVICE", "never", "must be on or off"),
    ],
)
def test_a_bad_value_stops_the_start_and_is_named(variable: str, value: str, rule: str) -> None:
    run = _run("-c", LOAD, **{variable: value})

    assert run.returncode == 1
    assert run.stderr == f"oddjobbox: {variable} {rule}, not {value!r}.\n"


@pytest.mark.parametrize(
    "url",
    [
        "postgres",
        "sqlite3",
        "postgres://host:port/name",
        "mysql://jane:hunter2@h/n",
        "//jane:hunter2@h/n",
    ],
)
def test_a_bad_database_url_is_named_and_its_password_is_not_shown(url: str) -> None:
    run = _run("-c", LOAD, DATABASE_URL=url)

    assert run.returncode == 1
    assert run.stderr == (
        "oddjobbox: DATABASE_URL must be sqlite:///FILE or postgres://USER:PASSWORD@HOST:PORT/NAME.\n"
    )


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "80 80", "8000.0"])
def test_the_server_refuses_a_bad_port(port: str) -> None:
    run = _run("-c", "import runpy; runpy.run_path('gunicorn.conf.py')", PORT=port)

    assert run.returncode == 1
    assert run.stderr == f"oddjobbox: PORT must be a whole number from 1 to 65535, not {port!r}.\n"


NAME = "ODDJOBBOX_TEST_VARIABLE"
Given = Callable[[str], Environment]


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Given:
    """Set the variable, which is unset again after the test."""

    def set_variable(text: str) -> Environment:
        monkeypatch.setenv(NAME, text)
        return Environment(tmp_path / "no such file")

    return set_variable


def test_the_env_file_fills_in_what_the_environment_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text(f"{NAME}=from the file\n")
    monkeypatch.setenv(NAME, "from outside")
    assert Environment(tmp_path / ".env").text(NAME) == "from outside"

    monkeypatch.delenv(NAME)
    assert Environment(tmp_path / ".env").text(NAME) == "from the file"


@pytest.mark.parametrize(
    ("text", "value"),
    [("on", True), ("TRUE", True), ("yes", True), ("1", True), ("off", False), ("No", False), ("", False)],
)
def test_flags(given: Given, text: str, value: bool) -> None:
    assert given(f" {text} ").flag(NAME) is value


def test_a_flag_that_is_not_set_has_its_default(tmp_path: Path) -> None:
    env = Environment(tmp_path / "no such file")

    assert (env.flag(NAME), env.flag(NAME, default=True)) == (False, True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("90s", timedelta(seconds=90)),
        ("15m", timedelta(minutes=15)),
        ("12h", timedelta(hours=12)),
        ("60d", timedelta(days=60)),
        ("36500d", timedelta(days=36_500)),
        ("", timedelta(days=1)),
    ],
)
def test_durations(given: Given, text: str, value: timedelta) -> None:
    assert given(text).duration(NAME, "1d") == value


@pytest.mark.parametrize(
    "text", ["15", "m", "15 m", "1.5h", "-1d", "0s", "15M", "1w", "1d12h", "٣d", "36501d", "999999999d"]
)
def test_bad_durations(given: Given, text: str) -> None:
    with pytest.raises(SystemExit, match=f"^oddjobbox: {NAME} must be a number with s, m, h or d"):
        given(text).duration(NAME, "1d")


def test_origins_are_kept_in_one_form(given: Given) -> None:
    env = given("https://App.Example.com/, http://localhost:5173,,http://[::1]:3000")

    assert env.origins(NAME) == [
        "https://app.example.com",
        "http://localhost:5173",
        "http://[::1]:3000",
    ]


def test_bad_origins_stop_the_start(given: Given) -> None:
    with pytest.raises(SystemExit, match=f"^oddjobbox: {NAME} must list origins such as .*, not '.*, \\*'"):
        given("https://good.example.com, *").origins(NAME)


def test_names_of_headers(given: Given) -> None:
    assert given("Sentry-Trace, baggage").tokens(NAME) == ["sentry-trace", "baggage"]


@pytest.mark.parametrize("text", ["*", "a b", "a:b", "größe", "good, x\nbad"])
def test_bad_names_of_headers(given: Given, text: str) -> None:
    with pytest.raises(SystemExit, match=f"^oddjobbox: {NAME} must list names such as sentry-trace"):
        given(text).tokens(NAME)


@pytest.mark.parametrize(
    ("text", "value"), [("", ""), ("/", ""), ("/api", "/api"), ("/a/b-c.d/", "/a/b-c.d")]
)
def test_prefixes(given: Given, text: str, value: str) -> None:
    assert given(text).prefix(NAME) == value


@pytest.mark.parametrize(
    "text", ["api", "//evil.example", "/a//b", "/a b", "/a?b", "/..", "/a/../b", "/ä", "/%61"]
)
def test_bad_prefixes(given: Given, text: str) -> None:
    with pytest.raises(SystemExit, match=f"^oddjobbox: {NAME} must be a path such as /api"):
        given(text).prefix(NAME)


COOKIES = (
    "import oddjobbox.settings as s; print(s.COOKIE_PREFIX, getattr(s, 'SESSION_COOKIE_NAME', 'sessionid'))"
)


@pytest.mark.parametrize(
    ("variables", "printed"),
    [
        ({}, "oddjobbox sessionid"),
        ({"PORT": "8123"}, "oddjobbox sessionid"),
        ({"DEBUG": "on"}, "oddjobbox sessionid"),
        ({"DEBUG": "on", "PORT": "8000"}, "oddjobbox sessionid"),
        ({"DEBUG": "on", "PORT": "8123"}, "oddjobbox_8123 oddjobbox_8123_sessionid"),
        ({"DEBUG": "on", "PORT": "8123", "COOKIE_PREFIX": "shop"}, "shop shop_sessionid"),
        ({"COOKIE_PREFIX": "shop"}, "shop shop_sessionid"),
    ],
)
def test_the_names_of_cookies_carry_a_port_in_debug(variables: dict[str, str], printed: str) -> None:
    assert _run("-c", COOKIES, **variables).stdout == f"{printed}\n"


@pytest.mark.parametrize("value", ["a b", "a;b", "a=b", "ä", "x" * 101, "__Host-a"])
def test_a_cookie_prefix_that_no_cookie_can_have_stops_the_start(value: str) -> None:
    run = _run("-c", COOKIES, COOKIE_PREFIX=value)

    assert run.returncode == 1
    assert run.stderr.startswith("oddjobbox: COOKIE_PREFIX must be letters, digits")


@pytest.mark.parametrize("text", ["app.example.com", "javascript:alert(1)", "https://", "https://[app"])
def test_bad_urls(given: Given, text: str) -> None:
    with pytest.raises(SystemExit, match=f"^oddjobbox: {NAME} must be a URL such as"):
        given(text).url(NAME, "http://localhost:5173")


@pytest.mark.parametrize(
    ("url", "part", "value"),
    [
        ("sqlite:////var/lib/oddjobbox/db.sqlite3", "NAME", "/var/lib/oddjobbox/db.sqlite3"),
        ("postgres://jane:p%40ss@db.example.com:5433/oddjobbox", "PASSWORD", "p@ss"),
        ("postgresql://jane@db.example.com/oddjobbox", "HOST", "db.example.com"),
        ("postgres://jane@/oddjobbox?host=/run/postgresql", "OPTIONS", {"host": "/run/postgresql"}),
    ],
)
def test_database_urls(given: Given, url: str, part: str, value: object) -> None:
    assert given(url).database(NAME, "")[part] == value


@pytest.mark.parametrize(("age", "value"), [("0", 0), ("90", 90), ("None", None)])
@pytest.mark.parametrize("url", ["sqlite:///db", "postgres://jane@localhost/db"])
def test_the_url_says_how_long_a_connection_is_kept(
    given: Given, url: str, age: str, value: int | None
) -> None:
    assert given(f"{url}?conn_max_age={age}").database(NAME, "")["CONN_MAX_AGE"] == value


@pytest.mark.parametrize("age", ["-1", "1.5", "forever", "True"])
def test_bad_ages_of_a_connection(given: Given, age: str) -> None:
    with pytest.raises(SystemExit, match=f"^oddjobbox: conn_max_age in {NAME} must be a number of seconds"):
        given(f"sqlite:///db?conn_max_age={age}").database(NAME, "")


def _found() -> list[str | None]:
    return [message.id for message in checks.run_checks(tags=["security"])]


@pytest.fixture
def _in_production(settings: Settings) -> None:
    settings.FRONTEND_URL, settings.DEFAULT_FROM_EMAIL = "https://app.example.com", "no-reply@example.com"


@pytest.mark.usefixtures("_in_production")
def test_the_settings_of_this_run_are_safe_with_a_frontend_and_an_address() -> None:
    assert _found() == []


@pytest.mark.usefixtures("_in_production")
@pytest.mark.parametrize(
    ("setting", "value", "check"),
    [
        ("SECRET_KEY", "x" * 31, "oddjobbox.E001"),
        ("SECRET_KEY_FALLBACKS", ["short"], "oddjobbox.E001"),
        ("SECRET_KEY", "django-insecure-" + "x" * 50, "oddjobbox.E002"),
        ("SECRET_KEY_FALLBACKS", ["django-insecure-" + "x" * 50], "oddjobbox.E002"),
        ("SECRET_KEY", "development-only-" + "x" * 50, "oddjobbox.E003"),
        ("SHORT_ACCESS_TOKEN_LIFETIME", timedelta(days=60), "oddjobbox.E005"),
        ("SESSION_LIFETIME", timedelta(minutes=15), "oddjobbox.E005"),
        ("SESSION_ABSOLUTE_LIFETIME", timedelta(days=59), "oddjobbox.E005"),
        ("EMAIL_IS_SET", False, "oddjobbox.E006"),
        ("ALLOWED_HOSTS", ["*"], "oddjobbox.W001"),
        ("TASKS_IN_DATABASE", False, "oddjobbox.W002"),
        ("FRONTEND_URL", "http://localhost:5173", "oddjobbox.W003"),
        ("DEFAULT_FROM_EMAIL", "Oddjobbox <no-reply@localhost>", "oddjobbox.W004"),
    ],
)
def test_an_unsafe_setting_is_found(settings: Settings, setting: str, value: object, check: str) -> None:
    setattr(settings, setting, value)

    assert _found() == [check]


@pytest.mark.usefixtures("_in_production")
def test_atomic_requests_are_found(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "ATOMIC_REQUESTS", True)

    assert _found() == ["oddjobbox.E004"]


def test_settings_that_are_unsafe_in_production_pass_in_debug(settings: Settings) -> None:
    settings.DEBUG = True
    settings.SECRET_KEY = "development-only-" + "x" * 50
    settings.ALLOWED_HOSTS = ["*"]
    settings.EMAIL_IS_SET = settings.TASKS_IN_DATABASE = False
    settings.FRONTEND_URL, settings.DEFAULT_FROM_EMAIL = "http://localhost:5173", "Box <no-reply@localhost>"

    assert _found() == []


def test_a_server_with_a_short_secret_does_not_start() -> None:
    run = _run("manage.py", "check", SECRET_KEY="x" * 31)

    assert run.returncode == 1
    assert "(oddjobbox.E001) SECRET_KEY is shorter than 32 bytes (RFC 7518 §3.2)." in run.stderr
    assert "Traceback" not in run.stderr
