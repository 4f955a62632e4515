"""Requests that leave at the same moment."""

import itertools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx

from tests.conftest import PASSWORD
from tests.live import LiveServer

_numbers = itertools.count()

Request = Callable[[httpx.Client], httpx.Response]


def race(live: LiveServer, requests: Sequence[Request]) -> list[httpx.Response]:
    """Send every request from a connection of its own, all behind one barrier.

    The connections are opened behind it too: the server may close those that are idle for long.
    """
    barrier = Barrier(len(requests))

    def run(request: Request) -> httpx.Response:
        with live.client() as client:
            barrier.wait()
            return request(client)

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(run, requests))


def account() -> dict[str, str]:
    """Return the registration of an account that no other test has."""
    number = next(_numbers)
    return {"username": f"racer_{number}", "email": f"racer_{number}@example.com", "password": PASSWORD}


def register(live: LiveServer, **extra: str) -> dict[str, Any]:
    """Register a new account and return the answer's body."""
    with live.client() as client:
        answer = client.post("/auth/registration", json={**account(), **extra})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def login(live: LiveServer, username: str, password: str = PASSWORD, **extra: str) -> httpx.Response:
    with live.client() as client:
        return client.post("/auth/login", json={"username": username, "password": password, **extra})


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def me(live: LiveServer, token: str) -> httpx.Response:
    with live.client() as client:
        return client.get("/auth/me", headers=bearer(token))


def refresh(live: LiveServer, token: str) -> httpx.Response:
    with live.client() as client:
        return client.post("/auth/refresh", json={"refresh": token})
