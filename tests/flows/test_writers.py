"""Many who write at the same moment: each is served, or told when to come back, and then served."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx

from tests.flows.racing import account, bearer
from tests.live import WAIT_SECONDS, LiveServer

AT_ONCE = 150
MAX_ATTEMPTS = 120


def _register_all(live: LiveServer, bodies: list[dict[str, str]]) -> tuple[list[httpx.Response], list[str]]:
    """Register all at once, as clients do that heed Retry-After.

    Returns the last answer to each, and the codes of those that came before a last one.
    """
    barrier = Barrier(len(bodies))
    postponed: list[str] = []
    # No connection is used twice, because the server may close an idle one just then.
    limits = httpx.Limits(max_connections=len(bodies), max_keepalive_connections=0)

    def register(body: dict[str, str]) -> httpx.Response:
        barrier.wait()
        for _ in range(MAX_ATTEMPTS):
            answer = client.post("/auth/registration", json=body)
            if answer.status_code != 503:
                break
            postponed.append(answer.json()["code"])
            time.sleep(int(answer.headers["Retry-After"]))
        return answer

    client = httpx.Client(base_url=live.url, timeout=WAIT_SECONDS, limits=limits)
    with client, ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(register, bodies)), postponed


def test_every_one_of_many_simultaneous_registrations_is_stored(live: LiveServer) -> None:
    logged_before = len(live.log.read_text())
    bodies = [account() for _ in range(AT_ONCE)]

    answers, postponed = _register_all(live, bodies)

    assert [answer.status_code for answer in answers] == [201] * AT_ONCE
    assert set(postponed) <= {"busy"}
    log = live.log.read_text()[logged_before:]
    assert "database is locked" not in log
    assert "cannot be reached" not in log
    with live.client() as client:
        owners = [client.get("/auth/me", headers=bearer(answer.json()["token"])) for answer in answers]
    assert [owner.json()["username"] for owner in owners] == [body["username"] for body in bodies]
