"""The few threads that compute hashes: how many wait for them, and for how long."""

import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import hashers
from rest_framework.test import APIClient

from authentication.models import Event, User
from authentication.users import hashing
from tests.conftest import PASSWORD
from tests.live import WAIT_SECONDS

pytestmark = pytest.mark.usefixtures("cheap_passwords")

LIMIT_SECONDS = 0.1
BUSY = {"detail": "The server is busy. Try again in a moment.", "code": "busy"}


@pytest.fixture
def hashed(user: User, hashed: list[str]) -> list[str]:
    """Collect every password that is hashed from now on, without the user's own."""
    hashed.clear()
    return hashed


@contextmanager
def _every_thread_occupied() -> Iterator[None]:
    """Keep each of the threads at a computation, and leave them idle behind an empty queue."""
    released = threading.Event()
    _in_every_thread(lambda begun: (begun.wait(WAIT_SECONDS), released.wait(WAIT_SECONDS)), until_begun=True)
    try:
        yield
    finally:
        released.set()
        # A thread that takes part in this has finished everything that was queued before.
        _in_every_thread(lambda begun: begun.wait(WAIT_SECONDS))


def _in_every_thread(compute: Callable[[threading.Barrier], Any], *, until_begun: bool = False) -> None:
    begun = threading.Barrier(settings.HASHES_AT_ONCE + until_begun)
    pool = hashing._pool(os.getpid())
    computed = [pool.submit(compute, begun) for _ in range(settings.HASHES_AT_ONCE)]
    if until_begun:
        begun.wait(WAIT_SECONDS)
    else:
        for one in computed:
            one.result(timeout=WAIT_SECONDS)


@pytest.mark.parametrize("username", ["jane_doe", "nobody_here"])
def test_a_sign_in_that_finds_no_thread_free_is_told_to_come_back(
    api: APIClient, hashed: list[str], monkeypatch: pytest.MonkeyPatch, username: str
) -> None:
    monkeypatch.setattr(hashing, "MAX_WAIT_SECONDS", LIMIT_SECONDS)
    with _every_thread_occupied():
        answer = api.post("/auth/login", {"username": username, "password": PASSWORD})

    assert (answer.status_code, answer.json()) == (503, BUSY)
    assert answer.headers["Retry-After"] == "1"
    assert hashed == []
    # Nobody has failed to prove anything, so the owner is not told of a failure.
    assert Event.objects.count() == 0


def test_a_registration_that_finds_no_thread_free_stores_nothing(
    api: APIClient, hashed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashing, "MAX_WAIT_SECONDS", LIMIT_SECONDS)
    body = {"username": "other_user", "email": "other@example.com", "password": PASSWORD}
    with _every_thread_occupied():
        answer = api.post("/auth/registration", body)

    assert (answer.status_code, answer.json(), answer.headers["Retry-After"]) == (503, BUSY, "1")
    assert hashed == []
    assert [user.username for user in User.objects.all()] == ["jane_doe"]
    assert api.post("/auth/registration", body).status_code == 201


def test_a_sign_in_waits_its_turn_where_a_thread_becomes_free_in_time(api: APIClient, user: User) -> None:
    waiting: list[float] = []
    pool = hashing._pool(os.getpid())
    for _ in range(settings.HASHES_AT_ONCE):
        pool.submit(lambda: (time.sleep(0.3), waiting.append(time.monotonic())))

    answer = api.post("/auth/login", {"username": "jane_doe", "password": PASSWORD})

    assert answer.status_code == 200
    assert waiting, "It was answered before any thread was free."


def test_a_computation_that_has_begun_is_waited_for_beyond_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    pool, begun = hashing._pool(os.getpid()), threading.Event()
    submit = pool.submit

    def submit_and_wait(compute: Callable[[], Any]) -> "Future[Any]":
        future = submit(lambda: (begun.set(), compute())[1])
        assert begun.wait(WAIT_SECONDS)
        return future

    monkeypatch.setattr(pool, "submit", submit_and_wait)
    monkeypatch.setattr(hashing, "MAX_WAIT_SECONDS", LIMIT_SECONDS)

    assert hashing._in_turn(lambda: (time.sleep(0.6), "done")) == (None, "done")


@pytest.mark.skipif(sys.platform != "linux", reason="A thread has a niceness of its own on Linux only.")
def test_hashes_give_way_and_the_thread_of_the_request_does_not() -> None:
    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    niceness = hashing._in_turn(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    assert niceness == min(before + 10, 19)
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before
    assert os.getpriority(os.PRIO_PROCESS, os.getpid()) == before


def test_an_exception_of_the_hasher_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def encode(self: Any, password: str, salt: str) -> str:
        raise MemoryError("No 19 MiB left.")

    with monkeypatch.context() as broken:
        broken.setattr(hashers.MD5PasswordHasher, "encode", encode)
        with pytest.raises(MemoryError, match=r"^No 19 MiB left\.$"):
            hashing.make(PASSWORD)

    # The thread that met it goes on working.
    assert hashing.verify(PASSWORD, hashing.make(PASSWORD)) == (True, False)


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_worker_computes_in_threads_of_its_own() -> None:
    encoded = hashing.make(PASSWORD)
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_verify_in_child, args=(sender, encoded))
    child.start()
    try:
        assert receiver.poll(WAIT_SECONDS), "The child never answered."
        assert receiver.recv() == ((True, False), child.pid)
    finally:
        child.join(1)
        child.kill()
        child.join()


def _verify_in_child(sender: Connection, encoded: str) -> None:
    try:
        sender.send((hashing.verify(PASSWORD, encoded), hashing._in_turn(os.getpid)))
    except Exception as error:
        sender.send(repr(error))
