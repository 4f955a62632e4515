"""A real gunicorn with several workers, on a database of its own, for tests of concurrency."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg2

ROOT = Path(__file__).resolve().parent.parent


class LiveServer:
    """A running server: ``url``, ``pid``, and the environment to run commands beside it."""

    def __init__(self, url: str, process: "subprocess.Popen[bytes]", env: dict[str, str], log: Path) -> None:
        self.url = url
        self.process = process
        self.env = env
        self.log = log

    def client(self, **kwargs: object) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=60, **kwargs)  # type: ignore[arg-type]

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
            process.wait(timeout=35)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_ready(server: LiveServer, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            raise RuntimeError(server.log.read_text())
        try:
            if httpx.get(f"{server.url}/health/ready").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise RuntimeError(f"not ready after {seconds} s:\n{server.log.read_text()}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
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
