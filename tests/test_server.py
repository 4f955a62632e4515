"""Where gunicorn listens, and what it prints when it does."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.live import ROOT, free_port


@contextmanager
def started(folder: Path, *arguments: str, **variables: str) -> Iterator[str]:
    """Start gunicorn and yield what it has printed by the time that it is up."""
    env = {**os.environ, "DATABASE_URL": f"sqlite:///{folder}/db", "WEB_CONCURRENCY": "1", **variables}
    command = [sys.executable, "-m", "gunicorn", *arguments, "oddjobbox.wsgi"]
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=output, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + 30
        while "API " not in log.read_text() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        yield log.read_text()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=35)


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "localhost"),
        ("0.0.0.0", "localhost"),
        ("::1", "[::1]"),
        ("[::1]", "[::1]"),
        ("::", "localhost"),
    ],
)
def test_the_banner_has_a_url_that_can_be_opened(tmp_path: Path, host: str, shown: str) -> None:
    port = free_port()
    with started(tmp_path, HOST=host, PORT=str(port)) as printed:
        assert f"  API    http://{shown}:{port}/auth/\n" in printed
        assert f"  Docs   http://{shown}:{port}/docs\n" in printed


def test_the_banner_names_the_path_in_front(tmp_path: Path) -> None:
    port = free_port()
    with started(tmp_path, PORT=str(port), SCRIPT_NAME="/api") as printed:
        assert f"  API    http://localhost:{port}/api/auth/\n" in printed


def test_a_flag_decides_where_it_listens_and_the_port_may_be_taken(tmp_path: Path) -> None:
    other = free_port()
    with taken_port() as port, started(tmp_path, "--bind", f"127.0.0.1:{other}", PORT=str(port)) as printed:
        assert f"  API    http://localhost:{other}/auth/\n" in printed


def test_a_unix_socket_needs_no_port(tmp_path: Path) -> None:
    path = tmp_path / "s"
    flags = ("--bind", f"unix:{path}")
    with taken_port() as port, started(tmp_path, *flags, PORT=str(port), DEBUG="on") as printed:
        assert f"  API    unix:{path}:/auth/\n" in printed
        assert f"curl --unix-socket {path} http://localhost/auth/registration" in printed


def test_a_port_that_is_taken_is_named_with_another(tmp_path: Path) -> None:
    with taken_port() as port, started(tmp_path, PORT=str(port)) as printed:
        assert printed == (
            f"oddjobbox: port {port} is taken. Stop what runs there, or choose another one: "
            f"PORT={port + 1} make run\n"
        )


def test_the_port_of_a_flag_that_is_taken_is_named(tmp_path: Path) -> None:
    with taken_port() as port, started(tmp_path, "--bind", f"127.0.0.1:{port}") as printed:
        assert printed.strip() == (
            f"oddjobbox: port {port} is taken. Stop what runs there, or choose another one."
        )
