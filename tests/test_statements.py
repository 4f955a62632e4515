"""The SQL statements of each endpoint, so that no request grows one unnoticed.

Each is named by its kind and table, the beginnings and ends of transactions among them. A hash
is never computed inside a transaction, so what stands between BEGIN and COMMIT is quick.
"""

from typing import Any

import pytest
from django.contrib.auth import hashers
from django.db import connection
from rest_framework.test import APIClient

from authentication.models import Session, User
from authentication.tokens import links
from authentication.tokens.links import Purpose
from tests.conftest import PASSWORD
from tests.sessions.steps import leave_the_grace, sign_in
from tests.statements import POSTED, TAKEN, statements

LOGIN = {"username": "jane_doe", "password": PASSWORD}
OTHER = {"username": "other_user", "email": "other@example.com", "password": PASSWORD}
NEW_PASSWORD = {"new_password": "battery staple horse"}
CHANGE = {"password": PASSWORD, **NEW_PASSWORD}

# A place that is given back.
SETTLED = ["INSERT counter"]
OPENED = ["BEGIN", "INSERT session", "INSERT event", "COMMIT"]
# The owner is told of a device that has not been here before.
OPENED_NEW = [*OPENED[:-1], *POSTED, "COMMIT"]
TRIMMED = ["DELETE session"]
ENDED = ["BEGIN", "SELECT session", "DELETE session", "INSERT event", "COMMIT"]
ENDED_OWN = ["BEGIN", "DELETE session", "INSERT event", "COMMIT"]


@pytest.fixture
def user(transactional_db: None) -> User:
    return User.objects.create_user("jane_doe", "jane@example.com", PASSWORD)


def _bearer(api: APIClient, **extra: str) -> dict[str, Any]:
    body = sign_in(api, **extra)
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {body['token']}")
    return body


def test_registration(api: APIClient, user: User) -> None:
    def act() -> Any:
        return api.post("/auth/registration", OTHER)

    checked = ["SELECT user", "SELECT user"]
    stored = ["BEGIN", "INSERT user", "INSERT session", "INSERT event", *POSTED, "COMMIT"]
    assert statements(act, 201) == TAKEN + checked + stored
    assert statements(act, 400) == TAKEN + checked


def test_login(api: APIClient, user: User) -> None:
    found = statements(lambda: api.post("/auth/login", LOGIN))

    assert found == ["SELECT user", *TAKEN, *SETTLED, *OPENED_NEW, *TRIMMED]


def test_login_from_a_known_device(api: APIClient, user: User) -> None:
    marker = {"X-Device": sign_in(api)["device"]}

    found = statements(lambda: api.post("/auth/login", LOGIN, headers=marker))

    assert found == ["SELECT user", *TAKEN, *SETTLED, *OPENED, *TRIMMED]
    assert len([name for name in found if name not in ("BEGIN", "COMMIT")]) == 6


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"username": "nobody_here"}])
def test_a_failed_login_is_the_same_for_known_and_unknown(
    api: APIClient, user: User, wrong: dict[str, str]
) -> None:
    found = statements(lambda: api.post("/auth/login", LOGIN | wrong), 400)

    assert found == ["SELECT user", *TAKEN, "INSERT event"]


def test_a_login_with_an_old_cookie(api: APIClient, user: User) -> None:
    sign_in(api, refresh_in="cookie")

    found = statements(lambda: api.post("/auth/login", LOGIN | {"refresh_in": "cookie"}))

    assert found == ["SELECT user", *TAKEN, *SETTLED, *OPENED, *TRIMMED, *ENDED]


def test_me(api: APIClient, user: User) -> None:
    _bearer(api)

    assert statements(lambda: api.get("/auth/me")) == ["SELECT session"]


def test_a_request_without_a_usable_token_asks_the_database_nothing(
    api: APIClient, transactional_db: None
) -> None:
    assert statements(lambda: api.get("/auth/me"), 401) == []
    api.credentials(HTTP_AUTHORIZATION="Bearer not.a.token")
    assert statements(lambda: api.get("/auth/me"), 401) == []
    assert statements(lambda: api.post("/auth/refresh", {"refresh": "oj_" + "A" * 70}), 401) == []


def test_me_with_a_refreshed_token_notes_its_first_use(api: APIClient, user: User) -> None:
    pair = sign_in(api, refresh_in="body")
    token = api.post("/auth/refresh", {"refresh": pair["refresh"]}).json()["token"]
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")

    assert statements(lambda: api.get("/auth/me")) == ["SELECT session", "UPDATE session"]
    assert statements(lambda: api.get("/auth/me")) == ["SELECT session"]


def test_refresh(api: APIClient, user: User) -> None:
    token = sign_in(api, refresh_in="body")["refresh"]

    def act() -> Any:
        return api.post("/auth/refresh", {"refresh": token})

    found = [*TAKEN, "SELECT session"]
    assert statements(act) == [*found, "UPDATE session"]
    # Asked again within ten seconds: the last statement reads the database's clock.
    assert statements(act) == [*found, "SELECT session"]
    leave_the_grace()
    forgiven = [*found, "SELECT session", "BEGIN", "UPDATE session", "INSERT event", "COMMIT"]
    assert [statements(act), statements(act)] == [forgiven, forgiven]
    refused = [*found, "SELECT session", "BEGIN", "UPDATE session", "COMMIT"]
    told = ["BEGIN", "SAVEPOINT", *ENDED[1:-1], "RELEASE", *POSTED, "COMMIT"]
    assert statements(act, 401) == [*refused, *told]
    assert statements(act, 401) == found


def test_logout(api: APIClient, user: User) -> None:
    _bearer(api)

    assert statements(lambda: api.post("/auth/logout"), 204) == ENDED
    assert statements(lambda: api.post("/auth/logout"), 204) == ["BEGIN", "SELECT session", "COMMIT"]


def test_sessions(api: APIClient, user: User) -> None:
    for _ in range(3):
        _bearer(api)
    other = Session.objects.order_by("created_at")[0].pk

    assert statements(lambda: api.get("/auth/sessions")) == ["SELECT session", "SELECT session"]
    assert statements(lambda: api.delete(f"/auth/sessions/{other}"), 204) == ["SELECT session", *ENDED_OWN]
    nothing_deleted = ["SELECT session", "BEGIN", "DELETE session", "COMMIT"]
    assert statements(lambda: api.delete(f"/auth/sessions/{other}"), 404) == nothing_deleted
    assert statements(lambda: api.delete("/auth/sessions"), 204) == ["SELECT session", *ENDED_OWN]


def test_rename(api: APIClient, user: User) -> None:
    _bearer(api)

    assert statements(lambda: api.patch("/auth/me", {"username": "jane_two"})) == [
        "SELECT session",
        "SELECT user",
        "BEGIN",
        "UPDATE user",
        "INSERT event",
        "COMMIT",
    ]
    assert statements(lambda: api.patch("/auth/me", {})) == ["SELECT session"]


def test_password_change(api: APIClient, user: User) -> None:
    _bearer(api)

    changed = ["BEGIN", "UPDATE user", "INSERT session", "INSERT event", *POSTED, "COMMIT"]
    found = statements(lambda: api.post("/auth/password/change", CHANGE))

    assert found == ["SELECT session", *TAKEN, *changed, *TRIMMED, *SETTLED]


def test_deletion(api: APIClient, user: User) -> None:
    _bearer(api)

    assert statements(lambda: api.post("/auth/me/delete", {"password": PASSWORD}), 204) == [
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
        "DELETE emailchange",
        "DELETE user_groups",
        "DELETE user_user_permissions",
        "DELETE session",
        "UPDATE event",
        "DELETE user",
        "COMMIT",
    ]


@pytest.mark.parametrize("path", ["/.well-known/jwks.json", "/health/live"])
def test_what_needs_no_database_asks_it_nothing(api: APIClient, transactional_db: None, path: str) -> None:
    assert statements(lambda: api.get(path)) == []


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
    api.post("/auth/email/change", {"email": "new@example.com", "password": CHANGE["new_password"]})
    user.refresh_from_db()
    key = links.issue(Purpose.RESET, user.pk, user.security_stamp, user.email)
    api.post("/auth/password/reset/confirm", {"uid": str(user.pk), "key": key, "new_password": PASSWORD})
    api.credentials()
    _bearer(api)
    api.post("/auth/me/delete", {"password": PASSWORD})

    # Registration 1, login 1, change 2, change of address 1, reset 1, login 1, deletion 1.
    assert inside == [False] * 8
