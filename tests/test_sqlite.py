"""SQLite behind a real gunicorn: connections are kept, and never those of a file that is gone."""

import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import psutil
from django.db import connection

from oddjobbox.sqlite.base import DatabaseWrapper
from tests.conftest import PASSWORD
from tests.live import LiveServer, serve

JANE = {"username": "jane_doe", "email": "jane@example.com", "password": PASSWORD}


@contextmanager
def on_sqlite(folder: Path, query: str = "") -> Iterator[LiveServer]:
    url = f"sqlite:///{folder}/db.sqlite3{query}"
    with serve(folder, workers=1, DATABASE_URL=url, RATE_LIMITS="off") as server:
        assert httpx.post(f"{server.url}/auth/registration", json=JANE).status_code == 201
        yield server


def opened(pid: int) -> list[str]:
    return [Path(file.path).name for file in psutil.Process(pid).open_files()]


def test_a_connection_is_kept_by_the_worker_and_by_it_alone(tmp_path: Path) -> None:
    with on_sqlite(tmp_path) as server:
        assert "db.sqlite3" in opened(server.workers()[0])
        assert "db.sqlite3" not in opened(server.process.pid)


def test_the_url_can_ask_for_a_new_connection_for_each_request(tmp_path: Path) -> None:
    with on_sqlite(tmp_path, "?conn_max_age=0") as server:
        # It is closed after the response has been sent.
        deadline = time.monotonic() + 5
        while "db.sqlite3" in opened(server.workers()[0]):
            assert time.monotonic() < deadline
            time.sleep(0.02)


def test_a_database_that_was_replaced_is_used_from_the_next_request_on(tmp_path: Path) -> None:
    with on_sqlite(tmp_path) as server, server.client() as client:
        for file in tmp_path.glob("db.sqlite3*"):
            file.unlink()
        server.manage("migrate", "-v0")

        for _ in range(8):
            assert client.post("/auth/login", json=JANE).status_code == 400
        assert client.post("/auth/registration", json=JANE).status_code == 201


def test_a_kept_connection_holds_no_lock(tmp_path: Path) -> None:
    with on_sqlite(tmp_path) as server, server.client() as client:
        with ThreadPoolExecutor(8) as threads:
            answers = threads.map(lambda _: client.post("/auth/login", json=JANE).status_code, range(24))
            assert set(answers) == {200}
        with closing(sqlite3.connect(tmp_path / "db.sqlite3", timeout=0)) as other:
            (is_busy, *_) = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            other.execute("BEGIN EXCLUSIVE")

    assert is_busy == 0


def test_a_database_in_memory_stays_usable() -> None:
    """There is no file that could have been replaced."""
    wrapper = DatabaseWrapper({**connection.settings_dict, "NAME": ":memory:"})

    assert wrapper.is_usable() is True
