"""The image and the compose file, as far as they can be tested without a Docker engine."""

import json
import os
import re
import runpy
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import yaml
from django.conf import settings

from tests.live import ROOT, WAIT_SECONDS, LiveServer, free_port, wait_for, wait_until_ready

DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
POST_A_MAIL = """
from authentication.mail import services as mail
from authentication.models import User
User.objects.create_user("jane_doe", "jane@example.com", "correct horse battery")
mail.post("email_verification", email="jane@example.com")
"""
NOT_COPIED = shutil.ignore_patterns("__pycache__", "node_modules", "dist", "e2e")
LONG_SECRET = "a-secret-for-this-test-only-of-more-than-32-bytes"


@pytest.fixture
def context(tmp_path: Path) -> Path:
    """The files that .dockerignore lets into a build, in a folder of their own."""
    folder = tmp_path / "context"
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        if line.startswith("!/"):
            source, target = ROOT / line[2:], folder / line[2:]
            target.parent.mkdir(exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=NOT_COPIED)
            else:
                shutil.copy(source, target)
    return folder


def run(*command: str, cwd: Path = ROOT, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run a command with nothing in its environment but these variables."""
    env = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **variables}
    return subprocess.run(
        [sys.executable, *command], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )


def last_instruction(name: str) -> str:
    lines = DOCKERFILE.replace("\\\n", " ").splitlines()
    return next(line.removeprefix(name).strip() for line in reversed(lines) if line.startswith(f"{name} "))


def health_check(port: int, **variables: str) -> int:
    """Run the image's HEALTHCHECK and return its exit code."""
    command = json.loads(last_instruction("HEALTHCHECK").partition("CMD")[2])
    assert command[0] == "python"
    return run(*command[1:], PORT=str(port), **variables).returncode


def test_the_health_check_passes_while_the_server_answers(live: LiveServer) -> None:
    assert health_check(urlsplit(live.url).port or 0) == 0


def test_the_health_check_fails_when_nothing_listens() -> None:
    assert health_check(free_port()) == 1


def test_the_health_check_does_not_ask_a_proxy_of_the_environment(live: LiveServer) -> None:
    assert health_check(urlsplit(live.url).port or 0, http_proxy=f"http://127.0.0.1:{free_port()}") == 0


def test_the_image_starts_gunicorn_itself_and_not_as_root() -> None:
    assert json.loads(last_instruction("CMD")) == ["gunicorn", "oddjobbox.wsgi"]
    assert last_instruction("USER") == "10001"


def test_the_files_of_the_build_are_enough_to_collect_the_static_files(context: Path) -> None:
    command = re.search(r"SECRET_KEY=(\S+) /venv/bin/python (manage.py collectstatic [^\\]*)", DOCKERFILE)
    assert command is not None
    done = run(*shlex.split(command[2]), cwd=context, SECRET_KEY=command[1])
    assert (done.stderr, done.returncode) == ("", 0)
    assert (context / "staticfiles/admin/css/base.css").is_file()
    assert (context / "staticfiles/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js").is_file()


def test_the_files_of_the_build_are_enough_to_build_the_frontend(context: Path) -> None:
    packages = ROOT / "frontend" / "node_modules"
    if shutil.which("npm") is None or not packages.is_dir():
        pytest.skip("npm or the packages of the frontend are not installed, so it cannot be built.")
    (context / "frontend" / "node_modules").symlink_to(packages)
    stage = DOCKERFILE.partition(" AS frontend")[2].partition("FROM ")[0]
    command = re.findall(r"^RUN (.*)$", stage, re.MULTILINE)[-1]
    done = subprocess.run(
        shlex.split(command), cwd=context / "frontend", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    built = shlex.split(re.search(r"^COPY --from=frontend (.*)$", DOCKERFILE, re.MULTILINE)[1])  # type: ignore[index]
    assert built == ["/frontend/dist", "frontend/dist"]
    assert (context / "frontend" / "dist" / "index.html").is_file()


@pytest.mark.parametrize(
    ("path", "goes_in"),
    [
        (".env", False),
        (".env.example", False),
        (".git/config", False),
        (".venv/bin/python", False),
        ("db.sqlite3", False),
        ("production.env", False),
        ("tests/conftest.py", False),
        ("docs/deployment.md", False),
        ("node_modules/newman/index.js", False),
        ("frontend/node_modules/react/index.js", False),
        ("frontend/dist/index.html", False),
        ("frontend/e2e/tabs.test.mjs", False),
        ("frontend/src/main.tsx", True),
        ("frontend/package-lock.json", True),
        ("authentication/core/__pycache__/clock.cpython-313.pyc", False),
        ("authentication/core/clock.py", True),
        ("authentication/public_secrets.bin", True),
        ("authentication/users/breached.bin", True),
        ("oddjobbox/settings.py", True),
        ("gunicorn.conf.py", True),
        ("manage.py", True),
        ("requirements.txt", True),
    ],
)
def test_only_what_runs_goes_into_a_build(tmp_path: Path, path: str, goes_in: bool) -> None:
    # git stands in for Docker: for patterns that are anchored, as these are, both agree.
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    rules = f"--exclude-from={ROOT / '.dockerignore'}"
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    listed = subprocess.run(
        ["git", "ls-files", "--others", rules], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    assert listed.splitlines() == ([path] if goes_in else [])


def test_the_api_waits_for_the_database_and_the_migrations() -> None:
    assert SERVICES["api"]["depends_on"] == {
        "db": {"condition": "service_healthy"},
        "migrate": {"condition": "service_completed_successfully"},
    }
    assert SERVICES["migrate"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    assert SERVICES["migrate"]["command"] == ["python", "manage.py", "migrate"]
    assert "restart" not in SERVICES["migrate"]


def test_the_database_is_probed_over_tcp_and_kept_in_a_named_volume() -> None:
    db = SERVICES["db"]
    assert db["image"] == "postgres:18"
    assert db["healthcheck"]["test"][:3] == ["CMD", "pg_isready", "--host=127.0.0.1"]
    assert db["volumes"] == ["database:/var/lib/postgresql"]
    assert "database" in COMPOSE["volumes"]
    assert "ports" not in db


def test_the_api_reaches_the_database_with_its_own_credentials() -> None:
    url = urlsplit(SERVICES["api"]["environment"]["DATABASE_URL"])
    variables = SERVICES["db"]["environment"]
    assert (url.username, url.password, url.hostname, url.path) == (
        variables["POSTGRES_USER"],
        variables["POSTGRES_PASSWORD"],
        "db",
        f"/{variables['POSTGRES_DB']}",
    )


def test_a_fresh_clone_has_no_file_to_write_and_no_variable_to_set_for_compose() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    assert not any("env_file" in service for service in SERVICES.values())
    assert re.findall(r"\$\{?\w+[^}]*\}?", text) == ["${PORT:-8000}"]


def test_compose_serves_this_machine_alone_and_through_the_proxy() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"proxy": ["127.0.0.1:${PORT:-8000}:80"], "mailpit": ["127.0.0.1:8025:8025"]}
    assert SERVICES["api"]["environment"]["PORT"] == "8000"
    assert SERVICES["api"]["environment"]["HOST"] == "0.0.0.0"


def test_the_proxy_starts_when_the_api_answers_and_is_the_one_that_the_api_trusts() -> None:
    proxy = SERVICES["proxy"]
    assert proxy["depends_on"] == {"api": {"condition": "service_healthy", "restart": True}}
    assert "healthcheck" not in SERVICES["api"]
    assert SERVICES["api"]["environment"]["TRUSTED_PROXIES"] == "1"
    assert re.fullmatch(r"nginx:[0-9]+\.[0-9]+-alpine", proxy["image"])
    (volume,) = proxy["volumes"]
    source, target, mode = volume.split(":")
    assert (target, mode) == ("/etc/nginx/nginx.conf", "ro")
    assert "proxy_pass http://api:8000;" in (ROOT / source).read_text()
    assert proxy["healthcheck"]["test"][-1] == "http://127.0.0.1/health/live"


def test_compose_waits_longer_for_the_end_than_gunicorn_and_a_mail_do() -> None:
    grace = SERVICES["api"]["stop_grace_period"]
    assert int(grace.removesuffix("s")) > runpy.run_path(str(ROOT / "gunicorn.conf.py"))["graceful_timeout"]
    assert int(SERVICES["worker"]["stop_grace_period"].removesuffix("s")) > settings.EMAIL_TIMEOUT


def test_the_worker_of_compose_sends_what_the_api_stores_to_the_mailbox() -> None:
    worker, api, mailpit = SERVICES["worker"], SERVICES["api"], SERVICES["mailpit"]
    assert worker["command"] == ["python", "manage.py", "send_mails"]
    assert worker["environment"] == api["environment"]
    assert worker["environment"]["TASKS"] == "database"
    assert worker["environment"]["EMAIL_URL"] == "smtp://mailpit:1025"
    assert worker["depends_on"] == {**api["depends_on"], "mailpit": {"condition": "service_started"}}
    # The image's own check asks a server, and there is none here.
    assert worker["healthcheck"] == {"disable": True}
    assert re.fullmatch(r"axllent/mailpit:v[0-9]+\.[0-9]+\.[0-9]+", mailpit["image"])


def test_the_worker_runs_from_the_files_of_the_build(context: Path) -> None:
    variables = {
        "SECRET_KEY": LONG_SECRET,
        "EMAIL_URL": "consolemail://",
        "DATABASE_URL": f"sqlite:///{context}/db",
    }
    assert run("manage.py", "migrate", "-v0", cwd=context, **variables).returncode == 0
    assert run("manage.py", "shell", "-v0", "-c", POST_A_MAIL, cwd=context, **variables).returncode == 0
    done = run("manage.py", "send_mails", "--batch", "--no-startup-delay", cwd=context, **variables)
    assert done.returncode == 0
    assert "Subject: Confirm your email address for Oddjobbox" in done.stdout


def test_without_a_mail_server_the_image_does_nothing_in_production(context: Path) -> None:
    variables = {"SECRET_KEY": LONG_SECRET, "DATABASE_URL": f"sqlite:///{context}/db"}
    for command in ("check", "migrate", "db_worker"):
        refused = run("manage.py", command, cwd=context, **variables)
        assert refused.returncode == 1
        assert "(oddjobbox.E006) EMAIL_URL is not set, so nobody could reset a password." in refused.stderr


def test_the_secret_of_compose_passes_the_checks_in_debug_and_is_refused_without(tmp_path: Path) -> None:
    variables = {**SERVICES["api"]["environment"], "DATABASE_URL": f"sqlite:///{tmp_path}/db"}
    assert run("manage.py", "check", **variables).returncode == 0
    refused = run("manage.py", "check", **{**variables, "DEBUG": "off"})
    assert refused.returncode == 1
    assert "(oddjobbox.E003) SECRET_KEY is the development secret, and DEBUG is off." in refused.stderr


def test_an_edit_is_served_without_a_restart_by_the_command_of_compose(context: Path) -> None:
    port = free_port()
    variables = {**SERVICES["api"]["environment"], "PORT": str(port), "HOST": "127.0.0.1"}
    variables["WEB_CONCURRENCY"] = "1"
    variables["DATABASE_URL"] = f"sqlite:///{context}/db"
    log = context / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *SERVICES["api"]["command"]],
            cwd=context,
            env={"PATH": os.environ["PATH"], **variables},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        server = LiveServer(f"http://127.0.0.1:{port}", process, {}, log)
        wait_until_ready(server)
        health = context / "oddjobbox/health.py"
        health.write_text(health.read_text().replace('{"status": "ok"}', '{"status": "edited"}'))
        wait_for(lambda: _answers(f"{server.url}/health/live", {"status": "edited"}, health))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=WAIT_SECONDS)


def _answers(url: str, body: dict[str, str], edited: Path) -> bool:
    # A worker notices a file that changes after it has looked at it once.
    edited.touch()
    time.sleep(0.5)
    try:
        return all(httpx.get(url, timeout=WAIT_SECONDS).json() == body for _ in range(4))
    except httpx.TransportError:
        return False


def test_the_example_of_an_env_file_is_refused_as_it_is(context: Path) -> None:
    shutil.copy(ROOT / ".env.example", context / ".env")
    refused = run("manage.py", "check", cwd=context)
    assert refused.returncode == 1
    assert refused.stderr.startswith("oddjobbox: SECRET_KEY is not set.")


def test_the_example_of_an_env_file_shows_the_real_defaults(context: Path) -> None:
    def all_settings() -> str:
        return run("manage.py", "diffsettings", "--all", cwd=context, SECRET_KEY=LONG_SECRET).stdout

    defaults = all_settings()
    example = (ROOT / ".env.example").read_text()
    (context / ".env").write_text(re.sub(r"^# (?=[A-Z_]+=)", "", example, flags=re.MULTILINE))
    assert "ACCESS_TOKEN_LIFETIME" in defaults
    assert all_settings() == defaults
