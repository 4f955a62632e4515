"""The SQL statements of each endpoint, so that no request grows one unnoticed.

Each is named by its kind and table, the beginnings and ends of transactions among them. A hash
is never computed inside a transaction, so what stands between BEGIN and COMMIT is quick.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from authentication.models import Session, User
from tests.conftest import PASSWORD
from tests.sessions.steps import leave_the_grace, sign_in

LOGIN = {"username": "jane_doe", "password": PASSWORD}
OTHER = {"username": "other_user", "email": "other@example.com", "password": PASSWORD}
CHANGE = {"password": PASSWORD, "new_password": "battery staple horse"}

# A place is taken before anything is hashed, and given back once that has proved right.
TAKEN = ["INSERT counter"]
SETTLED = ["INSERT counter"]
OPENED = ["BEGIN", "INSERT session", "INSERT event", "COMMIT"]
TRIMMED = ["DELETE session"]
ENDED = ["BEGIN", "SELECT session", "DELETE session", "INSERT event", "COMMIT"]
ENDED_OWN = ["BEGIN", "DELETE session", "INSERT event", "COMMIT"]

_STATEMENT = re.compile(r'(SELECT|INSERT|UPDATE|DELETE)\b.*?"(?:authentication_)?(\w+)"', re.DOTALL)
_WITH = re.compile(r"\s*WITH \w+ AS\s+")
_BRACKETED = re.compile(r"\([^()]*\)")


@pytest.fixture
def user(transactional_db: None) -> User:
    return User.objects.create_user("jane_doe", "jane@example.com", PASSWORD)


def _name(sql: str) -> str:
    """Return the kind and the table of a statement, or the first word of any other."""
    bare, replaced = sql, 1
    while replaced:
        # Subqueries stand in brackets.
        bare, replaced = _BRACKETED.subn("", bare)
    bare = _WITH.sub("", bare, count=1)
    # What is selected has the names of tables before it, too: look behind FROM.
    found = _STATEMENT.match(re.sub(r"^SELECT .*? FROM", "SELECT", bare, flags=re.DOTALL))
    return f"{found[1]} {found[2]}" if found else sql.split(maxsplit=1)[0]


def _statements(act: Callable[[], Any], status: int = 200) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        answer = act()
    assert answer.status_code == status
    return [_name(query["sql"]) for query in queries]


def _bearer(api: APIClient, **extra: str) -> dict[str, Any]:
    body = sign_in(api, **extra)
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {body['token']}")
    return body


def test_registration(api: APIClient, user: User) -> None:
    def act() -> Any:
        return api.post("/auth/registration", OTHER)

    checked = ["SELECT user", "SELECT user"]
    stored = ["BEGIN", "INSERT user", "INSERT session", "INSERT event", "COMMIT"]
    assert _statements(act, 201) == TAKEN + checked + stored
    assert _statements(act, 400) == TAKEN + checked


def test_login(api: APIClient, user: User) -> None:
    statements = _statements(lambda: api.post("/auth/login", LOGIN))

    assert statements == ["SELECT user", *TAKEN, *SETTLED, *OPENED, *TRIMMED]
    assert len([name for name in statements if name not in ("BEGIN", "COMMIT")]) == 6


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"username": "nobody_here"}])
def test_a_failed_login_is_the_same_for_known_and_unknown(
    api: APIClient, user: User, wrong: dict[str, str]
) -> None:
    statements = _statements(lambda: api.post("/auth/login", LOGIN | wrong), 400)

    assert statements == ["SELECT user", *TAKEN, "INSERT event"]


def test_a_login_with_an_old_cookie(api: APIClient, user: User) -> None:
    sign_in(api, refresh_in="cookie")

    statements = _statements(lambda: api.post("/auth/login", LOGIN | {"refresh_in": "cookie"}))

    assert statements == ["SELECT user", *TAKEN, *SETTLED, *OPENED, *TRIMMED, *ENDED]


def test_me(api: APIClient, user: User) -> None:
    _bearer(api)

    assert _statements(lambda: api.get("/auth/me")) == ["SELECT session"]


def test_a_request_without_a_usable_token_asks_the_database_nothing(
    api: APIClient, transactional_db: None
) -> None:
    assert _statements(lambda: api.get("/auth/me"), 401) == []
    api.credentials(HTTP_AUTHORIZATION="Bearer not.a.token")
    assert _statements(lambda: api.get("/auth/me"), 401) == []
    assert _statements(lambda: api.post("/auth/refresh", {"refresh": "oj_" + "A" * 70}), 401) == []


def test_me_with_a_refreshed_token_notes_its_first_use(api: APIClient, user: User) -> None:
    pair = sign_in(api, refresh_in="body")
    token = api.post("/auth/refresh", {"refresh": pair["refresh"]}).json()["token"]
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")

    assert _statements(lambda: api.get("/auth/me")) == ["SELECT session", "UPDATE session"]
    assert _statements(lambda: api.get("/auth/me")) == ["SELECT session"]


def test_refresh(api: APIClient, user: User) -> None:
    token = sign_in(api, refresh_in="body")["refresh"]

    def act() -> Any:
        return api.post("/auth/refresh", {"refresh": token})

    found = [*TAKEN, "SELECT session"]
    assert _statements(act) == [*found, "UPDATE session"]
    # Asked again within ten seconds: the last statement reads the database's clock.
    assert _statements(act) == [*found, "SELECT session"]
    leave_the_grace()
    forgiven = [*found, "SELECT session", "BEGIN", "UPDATE session", "INSERT event", "COMMIT"]
    assert [_statements(act), _statements(act)] == [forgiven, forgiven]
    refused = [*found, "SELECT session", "BEGIN", "UPDATE session", "COMMIT"]
    assert _statements(act, 401) == [*refused, *ENDED]
    assert _statements(act, 401) == found


def test_logout(api: APIClient, user: User) -> None:
    _bearer(api)

    assert _statements(lambda: api.post("/auth/logout"), 204) == ENDED
    assert _statements(lambda: api.post("/auth/logout"), 204) == ["BEGIN", "SELECT session", "COMMIT"]


def test_sessions(api: APIClient, user: User) -> None:
    for _ in range(3):
        _bearer(api)
    other = Session.objects.order_by("created_at")[0].pk

    assert _statements(lambda: api.get("/auth/sessions")) == ["SELECT session", "SELECT session"]
    assert _statements(lambda: api.delete(f"/auth/sessions/{other}"), 204) == ["SELECT session", *ENDED_OWN]
    nothing_deleted = ["SELECT session", "BEGIN", "DELETE session", "COMMIT"]
    assert _statements(lambda: api.delete(f"/auth/sessions/{other}"), 404) == nothing_deleted
    assert _statements(lambda: api.delete("/auth/sessions"), 204) == ["SELECT session", *ENDED_OWN]


def test_rename(api: APIClient, user: User) -> None:
    _bearer(api)

    assert _statements(lambda: api.patch("/auth/me", {"username": "jane_two"})) == [
        "SELECT session",
        "SELECT user",
        "BEGIN",
        "UPDATE user",
        "INSERT event",
        "COMMIT",
    ]
    assert _statements(lambda: api.patch("/auth/me", {})) == ["SELECT session"]


def test_password_change(api: APIClient, user: User) -> None:
    _bearer(api)

    changed = ["BEGIN", "UPDATE user", "INSERT session", "INSERT event", "COMMIT"]
    statements = _statements(lambda: api.post("/auth/password/change", CHANGE))

    assert statements == ["SELECT session", *TAKEN, *changed, *TRIMMED, *SETTLED]


def test_deletion(api: APIClient, user: User) -> None:
    _bearer(api)

    assert _statements(lambda: api.post("/auth/me/delete", {"password": PASSWORD}), 204) == [
        "SELECT session",
        *TAKEN,
        *SETTLED,
        "BEGIN",
        "SELECT user",
        # However an account is deleted, the log forgets whose it was.
        "SELECT user",
        "UPDATE event",
        "INSERT event",
        "DELETE django_admin_log",
        "DELETE user_groups",
        "DELETE user_user_permissions",
        "DELETE session",
        "UPDATE event",
        "DELETE user",
        "COMMIT",
    ]


@pytest.mark.parametrize("path", ["/.well-known/jwks.json", "/health/live"])
def test_what_needs_no_database_asks_it_nothing(api: APIClient, transactional_db: None, path: str) -> None:
    assert _statements(lambda: api.get(path)) == []


def test_no_hash_is_computed_inside_a_transaction(
    api: APIClient, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On SQLite a transaction that hashes would keep every other writer waiting.
    inside: list[bool] = []
    hasher = hashers.Argon2PasswordHasher
    real_encode, real_verify = hasher.encode, hasher.verify

    def encode(self: Any, password: str, salt: str) -> str:
        inside.append(connection.in_atomic_block)
        return real_encode(self, password, salt)

    def verify(self: Any, password: str, encoded: str) -> bool:
        inside.append(connection.in_atomic_block)
        return bool(real_verify(self, password, encoded))

    monkeypatch.setattr(hasher, "encode", encode)
    monkeypatch.setattr(hasher, "verify", verify)

    api.post("/auth/registration", OTHER)
    _bearer(api)
    token = api.post("/auth/password/change", CHANGE).json()["token"]
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    api.post("/auth/me/delete", {"password": CHANGE["new_password"]})

    # Registration 1, login 1, change 2, deletion 1.
    assert inside == [False] * 5
