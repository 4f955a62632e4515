"""What a request costs the database and the worker, as the database and the kernel count it."""

import re
import runpy
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest

from tests.conftest import PASSWORD
from tests.databases import postgresql_folder
from tests.flows.racing import account, bearer, race, register
from tests.live import ROOT, LiveServer, serve, wait_for

MIB = 1024 * 1024
END_CONNECTIONS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
COUNT_CONNECTIONS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.fixture
def logged(tmp_path: Path, request: pytest.FixtureRequest) -> Any:
    """A server whose database writes every statement to its log."""
    if request.config.getoption("--database") != "postgresql":
        pytest.skip("only PostgreSQL keeps a log of its statements")
    with serve(tmp_path, workers=2) as server:
        name = urlsplit(server.env["DATABASE_URL"]).path.removeprefix("/")
        execute(server, f"ALTER DATABASE {name} SET log_statement = 'all'")
        # The workers' connections learn of it when they connect again.
        execute(server, END_CONNECTIONS)
        yield server, postgresql_folder() / "log"


def written(live: LiveServer, log: Path) -> str:
    """Return the log as soon as everything is in it that was executed so far."""
    mark = f"SELECT '{secrets.token_hex(8)}'"
    execute(live, mark)
    wait_for(lambda: mark in log.read_text())
    return log.read_text()


def connect_every_thread(live: LiveServer, token: str) -> None:
    """Send requests at the same moment until every thread of every worker has its connection."""
    threads = len(live.workers()) * runpy.run_path(str(ROOT / "gunicorn.conf.py"))["threads"]
    send = [lambda client: client.get("/auth/me", headers=bearer(token))] * (4 * threads)

    def all_connected() -> bool:
        assert {answer.status_code for answer in race(live, send)} == {200}
        return execute(live, COUNT_CONNECTIONS) == [(threads,)]

    wait_for(all_connected)


def test_a_hundred_authenticated_requests_are_a_hundred_statements(logged: Any) -> None:
    live, log = logged
    token = register(live)["token"]
    connect_every_thread(live, token)
    since = len(written(live, log))
    with live.client(headers=bearer(token)) as client:
        for _ in range(100):
            assert client.get("/auth/me").status_code == 200

    executed = re.findall(r"(?:statement|execute [^:]*): (.*)", written(live, log)[since:])
    # The last one asked whether the log is written.
    found = executed[:-1]
    connecting = [text for text in found if text.startswith(("SET ", "BEGIN", "SELECT 1"))]
    assert connecting == []
    assert len(found) == 100
    assert all("authentication_session" in text for text in found)


def test_connections_that_the_database_closed_fail_no_request(logged: Any) -> None:
    live, _ = logged
    token = register(live)["token"]
    for _ in range(3):
        with live.client(headers=bearer(token)) as client:
            assert [client.get("/auth/me").status_code for _ in range(10)] == [200] * 10
        execute(live, END_CONNECTIONS)
        with live.client(headers=bearer(token)) as client:
            assert [client.get("/auth/me").status_code for _ in range(10)] == [200] * 10


def test_the_memory_of_a_worker_does_not_grow(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--database") != "postgresql":
        pytest.skip("ten thousand requests are sent once a run, on the database of production")
    with serve(tmp_path, workers=1) as live:
        identity = account()
        with live.client() as client:
            client.post("/auth/registration", json=identity)
            mixed_requests(client, identity["username"], 1_000)
            after_thousand = worker_memory(live)
            mixed_requests(client, identity["username"], 9_000)
            after_ten_thousand = worker_memory(live)
    print(f"PSS: {after_thousand / MIB:.1f} MiB, then {after_ten_thousand / MIB:.1f} MiB")
    assert after_ten_thousand - after_thousand < 5 * MIB


def mixed_requests(client: Any, username: str, count: int) -> None:
    """Sign in, look around, refresh, err and sign out, until so many requests are made."""
    credentials = {"username": username, "password": PASSWORD, "refresh_in": "body"}
    for _ in range(count // 25):
        pair = client.post("/auth/login", json=credentials).json()
        headers = bearer(pair["token"])
        for _ in range(17):
            assert client.get("/auth/me", headers=headers).status_code == 200
        assert client.get("/auth/sessions", headers=headers).status_code == 200
        assert client.post("/auth/refresh", json={"refresh": pair["refresh"]}).status_code == 200
        assert client.patch("/auth/me", json={"username": "x"}, headers=headers).status_code == 400
        assert client.get("/auth/me", headers=bearer("nonsense")).status_code == 401
        assert client.get("/nowhere").status_code == 404
        assert client.get("/health/ready").status_code == 200
        assert client.post("/auth/logout", headers=headers).status_code == 204


def worker_memory(live: LiveServer) -> int:
    """Return the proportional set size of the worker in bytes."""
    [pid] = live.workers()
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)[1]) * 1024  # type: ignore[index]


def execute(live: LiveServer, statement: str) -> list[Any]:
    """Run a statement on the server's database, from outside, and return its rows."""
    connection = psycopg2.connect(live.env["DATABASE_URL"].replace("postgres://", "postgresql://", 1))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows: list[Any] = cursor.fetchall() if cursor.description else []
    connection.close()
    return rows
