"""Which connections a worker of gunicorn takes, on real sockets and without threads of its own."""

import selectors
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger

from oddjobbox import worker as module
from oddjobbox.worker import LOOK_AWAY_SECONDS, PATIENCE_SECONDS, Worker

THREADS = 2


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    seconds = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: seconds[0])
    return seconds


@contextmanager
def started(listener: socket.socket, workers: int = 2) -> Iterator[Worker]:
    config = Config()
    config.set("threads", THREADS)
    config.set("workers", workers)
    worker = Worker(1, 0, [listener], None, 30, config, Logger(config))
    with selectors.DefaultSelector() as poller:
        worker.poller = poller
        worker.set_accept_enabled(True)
        yield worker
    for connection in (*worker.pending_conns, *worker.leaving):
        connection.close()
    worker.tmp.close()


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as opened:
        yield opened


@pytest.fixture
def worker(listener: socket.socket) -> Iterator[Worker]:
    with started(listener) as running:
        yield running


@pytest.fixture
def connect(listener: socket.socket) -> Iterator[Any]:
    with ExitStack() as stack:
        yield lambda: stack.enter_context(socket.create_connection(listener.getsockname()))


def turn(worker: Worker) -> int:
    """Do one turn of the worker's loop; return how many connections it has then."""
    worker.set_accept_enabled(True)
    worker.wait_for_and_dispatch_events(timeout=0.05)
    return int(worker.nr_conns)


def test_a_worker_accepts_as_many_connections_as_its_threads_serve(
    worker: Worker, connect: Any, now: list[float]
) -> None:
    for _ in range(5):
        connect()
    assert [turn(worker) for _ in range(4)] == [1, 2, 2, 2]


def test_a_busy_worker_accepts_one_more_after_a_pause(worker: Worker, connect: Any, now: list[float]) -> None:
    for _ in range(5):
        connect()
    for _ in range(3):
        turn(worker)
    now[0] += LOOK_AWAY_SECONDS
    assert [turn(worker), turn(worker)] == [3, 3]
    now[0] += LOOK_AWAY_SECONDS
    assert turn(worker) == 4


def test_a_worker_accepts_the_next_connection_once_one_has_gone(
    worker: Worker, connect: Any, now: list[float]
) -> None:
    clients = [connect() for _ in range(3)]
    assert [turn(worker) for _ in range(3)] == [1, 2, 2]
    connection = worker.pending_conns.popleft()
    worker.poller.unregister(connection.sock)
    worker._leave(connection)
    assert turn(worker) == 3
    assert clients[0].recv(1) == b""


def test_a_single_worker_accepts_without_a_pause(
    listener: socket.socket, connect: Any, now: list[float]
) -> None:
    with started(listener, workers=1) as alone:
        for _ in range(5):
            connect()
        assert [turn(alone) for _ in range(5)] == [1, 2, 3, 4, 5]


def test_an_idle_worker_can_stop_accepting(worker: Worker, connect: Any) -> None:
    worker.set_accept_enabled(False)
    connect()
    worker.wait_for_and_dispatch_events(timeout=0.05)
    assert worker.nr_conns == 0


def test_a_connection_that_sends_nothing_is_closed(worker: Worker, connect: Any, now: list[float]) -> None:
    client = connect()
    turn(worker)
    now[0] += PATIENCE_SECONDS + 1
    worker.murder_pending()

    assert worker.nr_conns == 0
    assert client.recv(1) == b""
