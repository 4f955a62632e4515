"""Whether an address is known cannot be told from the work or the time of an answer.

POST /auth/password/reset and /auth/email/resend store a task whatever the address is; who it is for
is found out by the worker. So the statements are compared exactly, and the time only for what they
would not show: a mail sent or a password hashed inside the request.
"""

import re
import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from authentication.models import User
from authentication.users import hashing
from tests.conftest import PASSWORD
from tests.emails.steps import verification_key, verify
from tests.flows.racing import register
from tests.live import LiveServer

REQUESTS = 200
# Of what a hash costs, which is measured in between; a mail costs hardly less. It is more than the
# noise, which the two series of one kind show; on a busy machine all of them grow alike.
MOST_OF_A_HASH = 0.15
HASHED = "login"
LITERAL = re.compile(r"'(?:[^']|'')*'")
KINDS = {
    "known": "jane@example.com",
    "verified": "verified@example.com",
    "inactive": "inactive@example.com",
    "unusable": "unusable@example.com",
    "unknown": "nobody@example.com",
    "username": "jane_doe",
    "no address": "no address",
}
both = pytest.mark.parametrize("path", ["/auth/password/reset", "/auth/email/resend"])


@pytest.fixture
def people(user: User) -> None:
    User.objects.create_user("inactive", "inactive@example.com", PASSWORD, is_active=False)
    User.objects.create_user("unusable", "unusable@example.com", None)
    User.objects.create_user("verified", "verified@example.com", PASSWORD)
    assert verify(verification_key("verified@example.com")).status_code == 200


def _statements(act: Callable[[], Any]) -> list[str]:
    """Return the SQL of an answer, word for word but for the values."""
    with CaptureQueriesContext(connection) as queries:
        answer = act()
    assert (answer.status_code, answer.content) == (202, b"")
    return [LITERAL.sub("?", query["sql"]) for query in queries]


@both
@pytest.mark.usefixtures("people")
def test_every_address_runs_the_same_statements(api: APIClient, path: str) -> None:
    statements = {
        kind: _statements(lambda email=email: api.post(path, {"email": email}))
        for kind, email in KINDS.items()
    }

    assert all(found == statements["known"] for found in statements.values()), statements
    [counted, stored] = [sql for sql in statements["known"] if "INSERT" in sql]
    assert '"authentication_counter"' in counted
    assert "dbtaskresult" in stored
    assert not any('"authentication_user"' in sql for sql in statements["known"])


@both
@pytest.mark.usefixtures("people")
def test_no_address_costs_a_hash(api: APIClient, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    for module, name in ((hashing, "make"), (hashing, "verify"), (hashers, "make_password")):
        real = getattr(module, name)

        def called(*args: Any, name: str = name, real: Any = real, **kwargs: Any) -> Any:
            calls.append(name)
            return real(*args, **kwargs)

        monkeypatch.setattr(module, name, called)
    for email in KINDS.values():
        assert api.post(path, {"email": email}).status_code == 202
    assert calls == []
    # What would have been seen.
    api.post("/auth/login", {"username": "jane_doe", "password": "wrong"})
    assert calls == ["verify"]


@both
def test_every_address_takes_the_same_time(live: LiveServer, path: str) -> None:
    known = [register(live)["email"] for _ in range(2)]
    unknown = [f"nobody_{number}@example.com" for number in range(2)]
    emails = [*known, *unknown]
    series: dict[str, list[float]] = {name: [] for name in (*emails, HASHED)}

    def send(name: str, path: str, body: dict[str, str], status: int) -> None:
        started = time.perf_counter()
        answer = client.post(path, json=body)
        series[name].append(1000 * (time.perf_counter() - started))
        assert answer.status_code == status

    with live.client() as client:
        for _ in range(20):
            client.post(path, json={"email": known[0]})
        for number in range(REQUESTS):
            # Another one goes first each time.
            first = number % 4
            for email in emails[first:] + emails[:first]:
                send(email, path, {"email": email}, 202)
            if first == 0:
                send(HASHED, "/auth/login", {"username": "nobody", "password": PASSWORD}, 400)

    medians = {email: statistics.median(times) for email, times in series.items()}
    noise = max(abs(medians[pair[0]] - medians[pair[1]]) for pair in (known, unknown))
    apart = abs(
        statistics.median(series[known[0]] + series[known[1]])
        - statistics.median(series[unknown[0]] + series[unknown[1]])
    )
    told = ", ".join(f"{median:.2f}" for median in medians.values())
    print(f"{path}: medians in ms, known, unknown and hashed: {told}; {apart:.2f} apart, noise {noise:.2f}")
    assert apart < MOST_OF_A_HASH * (medians[HASHED] - medians[unknown[0]])
