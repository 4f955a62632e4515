"""The ASGI application, served by uvicorn."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import httpx
import psutil
import pytest

from tests.conftest import PASSWORD
from tests.connections import GET, Connection, request
from tests.live import ROOT, LiveServer, free_port, fresh_database, wait_until_ready

JANE = {"username": "jane_doe", "email": "jane@example.com", "password": PASSWORD}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder, port = tmp_path_factory.mktemp("asgi"), free_port()
    env = {
        **os.environ,
        "DATABASE_URL": fresh_database(folder),
        "RATE_LIMITS": "off",
        "DJANGO_SETTINGS_MODULE": "tests.served.settings",
        # As long as 50 usual hashes.
        "ARGON2_ITERATIONS": "100",
    }
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=env, check=True)
    command = [sys.executable, "-m", "uvicorn", "oddjobbox.asgi:application", "--port", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT)
    started = LiveServer(f"http://127.0.0.1:{port}", process, env, folder / "log")
    try:
        wait_until_ready(started)
        yield started
    finally:
        process.terminate()
        process.wait(timeout=35)


def test_a_story_from_registration_to_logout(server: LiveServer) -> None:
    with server.client() as client:
        registered = client.post("/auth/registration", json=JANE)
        assert registered.status_code == 201
        client.headers["Authorization"] = f"Bearer {registered.json()['token']}"
        assert client.get("/auth/me").json()["username"] == "jane_doe"
        assert client.get("/docs").status_code == client.get("/admin/login/").status_code == 200
        assert client.get("/static/admin/css/base.css").status_code == 200
        assert client.post("/auth/logout").status_code == 204
        assert client.get("/auth/me").json()["code"] == "session_ended"


@pytest.mark.parametrize(
    "content_type", ["text/html; charset", 'a/b; x="', ";;", "=", "\xff", "application/json; =x"]
)
def test_a_malformed_content_type_is_no_server_error(server: LiveServer, content_type: str) -> None:
    headers = {"Content-Type": content_type.encode("latin-1")}
    answer = httpx.post(f"{server.url}/auth/login", content=b"{}", headers=headers)  # type: ignore[arg-type]

    assert answer.status_code in (400, 415)


@pytest.mark.parametrize("path", ["/auth/login", "/app/size", "/app/count", "/nothing"])
def test_a_chunked_body_is_refused_on_every_path(server: LiveServer, path: str) -> None:
    body = b'5\r\n{"a":\r\n2\r\n1}\r\n0\r\n\r\n'
    head = ("Content-Type: application/json", "Transfer-Encoding: chunked")
    with Connection(server.url) as connection:
        connection.send(request("POST", path, *head, body=body))
        answer = connection.read()
        assert (answer.status, b'"length_required"' in answer.body) == (411, True)
        connection.send(GET)
        assert connection.read().status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", ["/health/live", "/auth/me", "/nothing", "/docs", "/admin/login/"])
def test_a_response_has_its_length(server: LiveServer, path: str, method: str) -> None:
    with Connection(server.url) as connection:
        connection.send(request(method, path))
        answer = connection.read(method)

    assert int(answer.headers["content-length"]) > 0
    assert "transfer-encoding" not in answer.headers
    assert method == "HEAD" or int(answer.headers["content-length"]) == len(answer.body)


def test_a_body_without_a_length_has_one_when_it_was_read() -> None:
    """HTTP/2 frames a body by itself, so its clients need not send the header."""
    # In a process of its own, because importing the application changes how long connections are kept.
    code = (
        "import io; from oddjobbox.asgi import Request; "
        "scope = {'type': 'http', 'method': 'POST', 'path': '/', 'headers': []}; "
        "request = Request(scope, io.BytesIO(b'{}')); print(request.META['CONTENT_LENGTH'], request.body)"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert run.stdout == "2 b'{}'\n"


def test_no_connection_to_the_database_is_left_behind(server: LiveServer) -> None:
    process = psutil.Process(server.process.pid)
    for _ in range(20):
        assert httpx.get(f"{server.url}/health/ready").status_code == 200
    deadline = time.monotonic() + 5
    while held := _databases(process):
        assert time.monotonic() < deadline, held
        time.sleep(0.05)


def _databases(process: psutil.Process) -> list[object]:
    """Return the open files of SQLite, or the sockets to PostgreSQL."""
    files = [file.path for file in process.open_files() if ".sqlite3" in file.path]
    sockets = [each for each in process.net_connections("unix") if ".s.PGSQL" in str(each.raddr)]
    return [*files, *sockets]


def test_others_are_served_while_a_hash_is_computed(server: LiveServer) -> None:
    durations: list[float] = []

    def sign_up() -> None:
        started = time.monotonic()
        account = {"username": "slow_hash", "email": "slow@example.com", "password": PASSWORD}
        assert httpx.post(f"{server.url}/auth/registration", json=account, timeout=60).status_code == 201
        durations.append(time.monotonic() - started)

    hashing = threading.Thread(target=sign_up)
    hashing.start()
    served = 0
    with server.client() as client:
        while hashing.is_alive():
            assert client.get("/health/live").status_code == 200
            served += 1
    hashing.join()

    (hash_seconds,) = durations
    # One request would be served if the loop waited for the hash, and another one before it.
    assert served > 5, (served, hash_seconds)
