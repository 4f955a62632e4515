"""Limits under simultaneous guesses, on real gunicorns with four workers and the real hasher.

Hashes are counted where they are computed: the workers have a hasher that leaves a byte in a file
for every password it is given.
"""

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PASSWORD
from tests.flows.racing import register
from tests.flows.volley import Answer, Sent, volley
from tests.live import LiveServer, serve, wait_for, wait_until_ready

THROTTLED = {"detail": "Too many requests.", "code": "throttled"}
WRONG = {"non_field_errors": ["A user with this email and password was not found."]}
WINDOW_SECONDS = 900

SUM_OF_HITS = (
    "from authentication.models import Counter; print(sum(Counter.objects.values_list('hits', flat=True)))"
)
A_THOUSAND_ACCOUNTS = f"""
from django.contrib.auth.hashers import make_password
from authentication.models import User
shared = make_password({PASSWORD!r})
User.objects.bulk_create(
    User(username=f"sprayed_{{n}}", email=f"sprayed_{{n}}@example.com", password=shared) for n in range(1000)
)
"""


class Limited:
    """A server that limits, how many hashes its workers have computed, and its clock."""

    def __init__(self, live: LiveServer, hashes: Path, clock: Path) -> None:
        self.live = live
        self._hashes = hashes
        self._clock = clock

    @property
    def hashed(self) -> int:
        return self._hashes.stat().st_size

    def advance(self, seconds: float) -> None:
        """Move the server's clock."""
        moved = self._clock.with_suffix(".new")
        moved.write_text(str(float(self._clock.read_text()) + seconds))
        moved.rename(self._clock)

    def login(self, username: str, password: str, **headers: str) -> Answer:
        [answer] = volley(self.live, [_sent(username, password, **headers)])
        return answer


def _sent(username: str, password: str, **headers: str) -> Sent:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Sent({"username": username, "password": password}, named)


def _serve(folder: Path, **variables: str) -> Iterator[Limited]:
    hashes, clock = folder / "hashes", folder / "clock"
    hashes.touch()
    clock.write_text("0")
    watched = {"DJANGO_SETTINGS_MODULE": "tests.flows.watched_settings"}
    with serve(folder, HASHES=str(hashes), CLOCK=str(clock), **watched, **variables) as live:
        yield Limited(live, hashes, clock)


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Limited]:
    """The limits of production, but for the address, for all these tests come from one."""
    raised = {"LIMIT_LOGIN_ADDRESS": "100000/15m", "LIMIT_REGISTRATION_ADDRESS": "1000/1h"}
    yield from _serve(tmp_path_factory.mktemp("limited"), **raised)


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Limited]:
    """Ten attempts for an account; each test has addresses of its own, behind a trusted proxy."""
    rate = f"10/{WINDOW_SECONDS}s"
    rates = {"LIMIT_LOGIN_PAIR": rate, "LIMIT_LOGIN_ACCOUNT": rate}
    yield from _serve(tmp_path_factory.mktemp("proxied"), TRUSTED_PROXIES="1", **rates)


def _statuses(answers: list[Answer]) -> dict[int, int]:
    return dict(Counter(answer.status for answer in answers))


@pytest.mark.parametrize("round_", range(5))
def test_of_two_hundred_simultaneous_guesses_exactly_ten_are_hashed(limited: Limited, round_: int) -> None:
    # One of the five accounts does not exist, which makes no difference.
    username = register(limited.live)["username"] if round_ else "nobody_here"
    before, started = limited.hashed, time.monotonic()

    answers = volley(limited.live, [_sent(username, f"guess {number}") for number in range(200)])

    took = time.monotonic() - started
    print(f"{limited.hashed - before} hashes, {_statuses(answers)}, {took:.2f} s")
    assert limited.hashed - before == 10
    assert _statuses(answers) == {400: 10, 429: 190}
    for answer in answers:
        assert answer.body == (WRONG if answer.status == 400 else THROTTLED)
        if answer.status == 429:
            # One second for a guess that was refused while the last of the ten was perhaps still hashed.
            seconds = int(answer.headers["Retry-After"])
            assert seconds == 1 or WINDOW_SECONDS - took <= seconds <= WINDOW_SECONDS
    # It is not over with the volley.
    assert limited.login(username, PASSWORD).status == 429
    assert limited.hashed - before == 10


def test_of_sixty_guesses_with_sixty_forged_addresses_ten_pass(limited: Limited) -> None:
    username = register(limited.live)["username"]
    before = limited.hashed

    answers = [
        limited.login(
            username, f"guess {number}", X_Forwarded_For=f"203.0.113.{number}", X_Real_IP=f"10.0.0.{number}"
        )
        for number in range(60)
    ]

    assert [answer.status for answer in answers] == [400] * 10 + [429] * 50
    assert limited.hashed - before == 10


def test_fifty_simultaneous_right_sign_ins_of_one_account_all_succeed(limited: Limited) -> None:
    username = register(limited.live)["username"]
    for _ in range(3):
        before, started = limited.hashed, time.monotonic()

        answers = volley(limited.live, [_sent(username, PASSWORD)] * 50)

        print(f"{_statuses(answers)}, {time.monotonic() - started:.2f} s")
        assert _statuses(answers) == {200: 50}
        assert limited.hashed - before == 50


def test_right_sign_ins_leave_nothing_counted_however_many_at_once(limited: Limited) -> None:
    username = register(limited.live)["username"]
    before = int(limited.live.manage("shell", "-v0", "-c", SUM_OF_HITS))

    for _ in range(3):
        assert _statuses(volley(limited.live, [_sent(username, PASSWORD)] * 50)) == {200: 50}

    assert int(limited.live.manage("shell", "-v0", "-c", SUM_OF_HITS)) == before


def test_sign_ins_of_all_kinds_over_shared_keys_block_each_other_never_for_long(limited: Limited) -> None:
    people = [register(limited.live) for _ in range(4)]
    names = [person["username"] for person in people] + ["nobody_here", "nobody@example.com"]
    kinds: list[Sent] = []
    for number in range(40):
        person = people[number % len(people)]
        kinds.append(_sent(person["username"].upper(), PASSWORD))
        kinds.append(_sent(person["email"], PASSWORD, X_Device=person["device"]))
        kinds.append(_sent(names[number % len(names)], "wrong"))
        kinds.append(_sent(person["username"], "wrong", X_Device=person["device"]))

    started = time.monotonic()
    answers = volley(limited.live, kinds)

    print(f"{_statuses(answers)}, {time.monotonic() - started:.2f} s")
    assert set(_statuses(answers)) <= {200, 400, 429}
    assert _statuses(answers)[200] > 0
    assert "deadlock" not in limited.live.log.read_text()
    assert "database is locked" not in limited.live.log.read_text()


def test_the_owner_of_a_limited_account_signs_in_from_a_known_device_and_later_from_any(
    proxied: Limited,
) -> None:
    owner = register(proxied.live)
    name, device = owner["username"], owner["device"]
    guesses = [_sent(name, f"guess {number}", X_Forwarded_For="192.0.2.66") for number in range(12)]
    assert _statuses(volley(proxied.live, guesses)) == {400: 10, 429: 2}

    known = proxied.login(name, PASSWORD, X_Device=device, X_Forwarded_For="192.0.2.7")
    unknown = proxied.login(name, PASSWORD, X_Forwarded_For="192.0.2.7")

    assert (known.status, unknown.status, unknown.body) == (200, 429, THROTTLED)
    # From the very network of who guesses, too.
    assert proxied.login(name, PASSWORD, X_Device=device, X_Forwarded_For="192.0.2.66").status == 200
    seconds = int(unknown.headers["Retry-After"])
    assert 1 <= seconds <= WINDOW_SECONDS
    proxied.advance(seconds)
    assert proxied.login(name, PASSWORD, X_Forwarded_For="192.0.2.7").status == 200


def test_one_password_on_a_thousand_accounts_is_tried_on_a_hundred(proxied: Limited) -> None:
    proxied.live.manage("shell", "-v0", "-c", A_THOUSAND_ACCOUNTS)
    before, started, answers = proxied.hashed, time.monotonic(), []

    for first in range(0, 1000, 50):
        numbers = range(first, first + 50)
        answers += volley(
            proxied.live, [_sent(f"sprayed_{n}", "password1", X_Forwarded_For="192.0.2.67") for n in numbers]
        )

    print(f"{proxied.hashed - before} hashes, {_statuses(answers)}, {time.monotonic() - started:.2f} s")
    assert _statuses(answers) == {400: 100, 429: 900}
    assert proxied.hashed - before == 100
    assert proxied.login("sprayed_999", PASSWORD, X_Forwarded_For="192.0.2.67").status == 429
    assert proxied.login("sprayed_999", PASSWORD, X_Forwarded_For="192.0.2.8").status == 200


def test_killed_workers_lock_nobody_out_for_longer_than_the_window(proxied: Limited) -> None:
    owner = register(proxied.live)["username"]
    asked: dict[str, Any] = {"X_Forwarded_For": "192.0.2.68"}

    before = proxied.hashed

    def kill() -> None:
        wait_for(lambda: proxied.hashed > before)
        for worker in proxied.live.workers():
            os.kill(worker, signal.SIGKILL)

    answers = volley(proxied.live, [_sent(owner, PASSWORD, **asked)] * 20, then=kill)

    print(_statuses(answers))
    assert 0 in _statuses(answers), "No request was cut off, so nothing was tried."
    proxied.advance(WINDOW_SECONDS)
    wait_until_ready(proxied.live)
    assert _statuses(volley(proxied.live, [_sent(owner, PASSWORD, **asked)] * 8)) == {200: 8}
    wait_for(lambda: len(proxied.live.workers()) == 4)
