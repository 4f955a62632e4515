"""Which connections a worker of gunicorn takes, on real sockets and without threads of its own."""

import selectors
import socket
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import ExitStack
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger

from oddjobbox import worker as module
from oddjobbox.worker import LOOK_AWAY_SECONDS, Worker

THREADS = 2


class NeverDone:
    """A pool in which every request is still at work."""

    def __init__(self) -> None:
        self.connections: list[Any] = []

    def submit(self, handle: Any, connection: Any) -> "Future[None]":
        self.connections.append(connection)
        return Future()


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    seconds = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: seconds[0])
    return seconds


@pytest.fixture
def worker() -> Iterator[Worker]:
    config = Config()
    config.set("threads", THREADS)
    with socket.create_server(("127.0.0.1", 0)) as listener, selectors.DefaultSelector() as poller:
        made = Worker(1, 0, [listener], None, 30, config, Logger(config))
        made.poller, made.tpool = poller, NeverDone()
        made.set_accept_enabled(True)
        yield made
        for connection in made.tpool.connections:
            connection.close()
        made.tmp.close()


@pytest.fixture
def connect(worker: Worker) -> Iterator[Any]:
    with ExitStack() as stack:
        address = worker.sockets[0].getsockname()
        yield lambda: stack.enter_context(socket.create_connection(address))


def turn(worker: Worker) -> int:
    """Do what a turn of the worker's loop does; return how many connections it has then."""
    worker.set_accept_enabled(True)
    worker.wait_for_and_dispatch_events(timeout=0.05)
    return int(worker.nr_conns)


def test_a_worker_accepts_as_many_connections_as_its_threads_serve(
    worker: Worker, connect: Any, now: list[float]
) -> None:
    for _ in range(5):
        connect()
    assert [turn(worker) for _ in range(4)] == [1, 2, 2, 2]


def test_a_busy_worker_accepts_one_more_connection_after_a_pause(
    worker: Worker, connect: Any, now: list[float]
) -> None:
    for _ in range(5):
        connect()
    for _ in range(3):
        turn(worker)
    now[0] += LOOK_AWAY_SECONDS
    assert [turn(worker), turn(worker)] == [3, 3]
    now[0] += LOOK_AWAY_SECONDS
    assert turn(worker) == 4


def test_a_worker_accepts_the_next_connection_once_a_thread_is_free(
    worker: Worker, connect: Any, now: list[float]
) -> None:
    for _ in range(3):
        connect()
    for _ in range(3):
        turn(worker)
    # A request is answered, and its connection is kept.
    worker.keepalived_conns.append(object())
    assert turn(worker) == 3


def test_an_idle_worker_can_stop_accepting(worker: Worker, connect: Any) -> None:
    worker.set_accept_enabled(False)
    connect()
    worker.wait_for_and_dispatch_events(timeout=0.05)
    assert worker.nr_conns == 0
