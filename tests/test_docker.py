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

pytestmark = pytest.mark.no_database

DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
POST_A_MAIL = """
from authentication.emails import mails
from authentication.mail import services as mail
from authentication.models import User
User.objects.create_user("jane_doe", "jane@example.com", "correct horse battery")
mail.enqueue(mails.send_email_verification, email="jane@example.com")
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
def test_only_files_that_run_go_into_a_build(tmp_path: Path, path: str, goes_in: bool) -> None:
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


def waits_for(name: str) -> set[str]:
    """Return the services that start before this one, and those before them."""
    before = set(SERVICES[name].get("depends_on", ()))
    return before.union(*map(waits_for, before))


def test_the_api_starts_after_the_migrations_and_the_proxy_after_the_api() -> None:
    assert {"db", "migrate"} <= waits_for("api")
    assert {"db", "migrate", "mailpit"} <= waits_for("worker")
    assert "api" in waits_for("proxy")


def test_a_service_waits_only_for_states_that_its_dependency_can_reach() -> None:
    waited = [pair for service in SERVICES.values() for pair in service.get("depends_on", {}).items()]
    for name, wanted in waited:
        service = SERVICES[name]
        check = service.get("healthcheck", {"inherited": "build" in service})
        if wanted["condition"] == "service_healthy":
            assert any(check.values()), name
            assert not check.get("disable"), name
        if wanted["condition"] == "service_completed_successfully":
            assert "restart" not in service, name


def test_the_database_keeps_its_rows_and_is_not_published() -> None:
    (volume,) = SERVICES["db"]["volumes"]
    assert volume.partition(":")[0] in COMPOSE["volumes"]
    assert "ports" not in SERVICES["db"]


def test_every_image_has_a_version() -> None:
    images = [service["image"] for service in SERVICES.values() if "image" in service]
    assert images
    assert all(re.fullmatch(r"[a-z/]+:v?[0-9]+[0-9.]*(-[a-z]+)?", image) for image in images)


def test_the_api_reaches_the_database_with_its_own_credentials() -> None:
    url = urlsplit(SERVICES["api"]["environment"]["DATABASE_URL"])
    variables = SERVICES["db"]["environment"]
    assert (url.username, url.password, url.hostname, url.path) == (
        variables["POSTGRES_USER"],
        variables["POSTGRES_PASSWORD"],
        "db",
        f"/{variables['POSTGRES_DB']}",
    )


def test_compose_needs_no_file_and_no_variable_on_a_fresh_clone() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    assert not any("env_file" in service for service in SERVICES.values())
    assert all(":-" in variable for variable in re.findall(r"\$\{?\w+[^}]*\}?", text))


def test_compose_publishes_ports_to_this_machine_only() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_the_proxy_passes_requests_to_the_api_which_trusts_it_alone() -> None:
    source, _, mode = SERVICES["proxy"]["volumes"][0].split(":")
    variables = SERVICES["api"]["environment"]
    assert mode == "ro"
    assert f"proxy_pass http://api:{variables['PORT']};" in (ROOT / source).read_text()
    assert variables["HOST"] == "0.0.0.0"
    assert variables["TRUSTED_PROXIES"] == "1"


def test_compose_waits_longer_for_the_end_than_gunicorn_and_a_mail_do() -> None:
    grace = SERVICES["api"]["stop_grace_period"]
    assert int(grace.removesuffix("s")) > runpy.run_path(str(ROOT / "gunicorn.conf.py"))["graceful_timeout"]
    assert int(SERVICES["worker"]["stop_grace_period"].removesuffix("s")) > settings.EMAIL_TIMEOUT


def test_the_worker_reads_the_queue_of_the_api_and_sends_to_the_mailbox() -> None:
    worker = SERVICES["worker"]
    assert worker["environment"] == SERVICES["api"]["environment"]
    assert worker["environment"]["TASKS"] == "database"
    assert urlsplit(worker["environment"]["EMAIL_URL"]).hostname == "mailpit"
    # The image's own check asks a server, and there is none here.
    assert worker["healthcheck"] == {"disable": True}


def test_the_worker_runs_from_the_files_of_the_build(context: Path) -> None:
    variables = {
        "SECRET_KEY": LONG_SECRET,
        "EMAIL_URL": "consolemail://",
        "DATABASE_URL": f"sqlite:///{context}/db",
    }
    python, *migrate = SERVICES["migrate"]["command"]
    worker = [*SERVICES["worker"]["command"][1:], "--batch", "--no-startup-delay"]
    assert (python, SERVICES["worker"]["command"][0]) == ("python", "python")
    assert run(*migrate, "-v0", cwd=context, **variables).returncode == 0
    assert run("manage.py", "shell", "-v0", "-c", POST_A_MAIL, cwd=context, **variables).returncode == 0
    done = run(*worker, cwd=context, **variables)
    assert done.returncode == 0
    assert "Subject: Confirm your email address for Oddjobbox" in done.stdout


def test_without_a_mail_server_the_image_does_nothing_in_production(context: Path) -> None:
    variables = {"SECRET_KEY": LONG_SECRET, "DATABASE_URL": f"sqlite:///{context}/db"}
    for command in ("check", "migrate", "send_mails"):
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
