"""A real gunicorn with several workers, on a database of its own, for tests of concurrency."""

import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg2

ROOT = Path(__file__).resolve().parent.parent
# Long enough for a machine that has ten times as much to do as it can.
WAIT_SECONDS = 120


class Patient(httpx.HTTPTransport):
    """Send a request again when the server is too busy to hash, after the time that it names."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        for _ in range(WAIT_SECONDS):
            response = super().handle_request(request)
            if response.status_code != 503 or b'"busy"' not in response.read():
                break
            time.sleep(int(response.headers["Retry-After"]))
        return response


class LiveServer:
    """A running server: ``url``, ``pid``, and the environment to run commands beside it."""

    def __init__(self, url: str, process: "subprocess.Popen[bytes]", env: dict[str, str], log: Path) -> None:
        self.url = url
        self.process = process
        self.env = env
        self.log = log

    def client(self, **kwargs: Any) -> httpx.Client:
        """Return a client that waits for a busy server, and uses no connection twice.

        The server may close an idle connection at the very moment when the next request is sent.
        """
        limits = httpx.Limits(max_keepalive_connections=0)
        return httpx.Client(
            base_url=self.url, timeout=WAIT_SECONDS, transport=Patient(limits=limits), **kwargs
        )

    def manage(self, *arguments: str, stdin: str | None = None) -> str:
        """Run a command of manage.py on the server's database and return what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.env, input=stdin, capture_output=True, text=True, check=True
        ).stdout

    def workers(self) -> list[int]:
        """Return the process ids of the workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]


@contextmanager
def serve(folder: Path, *, workers: int = 4, **variables: str) -> Iterator[LiveServer]:
    """Start gunicorn as production does, on a fresh and migrated database of the run's kind."""
    port = int(variables.get("PORT") or free_port())
    env = {
        **os.environ,
        "DATABASE_URL": fresh_database(folder),
        "PORT": str(port),
        "WEB_CONCURRENCY": str(workers),
        **variables,
    }
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=env, check=True)
    log = folder / f"gunicorn-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "oddjobbox.wsgi"],
            cwd=ROOT,
            env=env,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = LiveServer(f"http://127.0.0.1:{port}", process, env, log)
    try:
        wait_until_ready(server)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=WAIT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_ready(server: LiveServer) -> None:
    """Return as soon as the server is ready. Raises RuntimeError if it ends instead."""

    def is_ready() -> bool:
        if server.process.poll() is not None:
            raise RuntimeError(server.log.read_text())
        try:
            return httpx.get(f"{server.url}/health/ready", timeout=WAIT_SECONDS).is_success
        except httpx.TransportError:
            return False

    wait_for(is_ready)


def wait_for(condition: Callable[[], object]) -> None:
    """Return as soon as the condition holds, and fail if it never does."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def free_port() -> int:
    """Return a port on which nothing listens, below those that the kernel gives to connections."""
    while True:
        port = random.randrange(10_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def fresh_database(folder: Path) -> str:
    """Return the URL of an empty database of the kind that this run is on."""
    url = os.environ["DATABASE_URL"]
    name = f"live_{secrets.token_hex(6)}"
    if url.startswith("sqlite"):
        return f"sqlite:///{folder}/{name}.sqlite3"
    parts = urlsplit(url)
    connection = psycopg2.connect(host=parts.query.removeprefix("host="), user="postgres", dbname="postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()
    return parts._replace(path=f"/{name}").geturl()
