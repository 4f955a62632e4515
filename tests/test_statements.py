"""The statements of each endpoint, so that no request gains one unnoticed.

A sign-in, a refresh and an authenticated request are held to their very statements, the beginnings
and ends of transactions included; the others to how many there are.
"""

from typing import Any

import pytest
from django.contrib.auth import hashers
from django.db import OperationalError, connection
from django_tasks_db.backend import DatabaseBackend
from rest_framework.test import APIClient

from authentication.models import EmailChange, Session, User
from authentication.tokens import links
from authentication.tokens.links import Purpose
from tests.conftest import PASSWORD
from tests.sessions.steps import leave_the_grace, sign_in
from tests.statements import ENQUEUED, RELEASED, RESERVED, count, statements

LOGIN = {"username": "jane_doe", "password": PASSWORD}
OTHER = {"username": "other_user", "email": "other@example.com", "password": PASSWORD}
NEW_PASSWORD = {"new_password": "battery staple horse"}
CHANGE = {"password": PASSWORD, **NEW_PASSWORD}
NEW_EMAIL = {"email": "new@example.com", "password": PASSWORD}

OPENED = ["BEGIN", "INSERT session", "INSERT event", "COMMIT"]
# The owner is told of a sign-in from a new device.
OPENED_ON_NEW_DEVICE = [*OPENED[:-1], *ENQUEUED, "COMMIT"]
TRIMMED = ["DELETE session"]
ENDED = ["BEGIN", "SELECT user", "DELETE session", "INSERT event", "COMMIT"]


@pytest.fixture
def user(transactional_db: None) -> User:
    return User.objects.create_user("jane_doe", "jane@example.com", PASSWORD)


@pytest.fixture
def bearer(api: APIClient, user: User) -> APIClient:
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {sign_in(api)['token']}")
    return api


def _reset_link(user: User) -> dict[str, str]:
    return {"uid": str(user.pk), "key": links.issue(Purpose.RESET, user.pk, user.security_stamp, user.email)}


def test_login(api: APIClient, user: User) -> None:
    found = statements(lambda: api.post("/auth/login", LOGIN))

    assert found == ["SELECT user", *RESERVED, *RELEASED, *OPENED_ON_NEW_DEVICE, *TRIMMED]


def test_login_from_a_known_device(api: APIClient, user: User) -> None:
    headers = {"X-Device": sign_in(api)["device"]}

    found = statements(lambda: api.post("/auth/login", LOGIN, headers=headers))

    assert found == ["SELECT user", *RESERVED, *RELEASED, *OPENED, *TRIMMED]


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"username": "nobody_here"}])
def test_a_failed_login_is_the_same_for_known_and_unknown(
    api: APIClient, user: User, wrong: dict[str, str]
) -> None:
    found = statements(lambda: api.post("/auth/login", LOGIN | wrong), 400)

    assert found == ["SELECT user", *RESERVED, "INSERT event"]


def test_a_login_that_replaces_the_session_of_a_cookie(api: APIClient, user: User) -> None:
    sign_in(api, refresh_in="cookie")

    found = statements(lambda: api.post("/auth/login", LOGIN | {"refresh_in": "cookie"}))

    replaced = ["SELECT session", "SAVEPOINT", *ENDED[1:-1], "RELEASE"]
    assert found == ["SELECT user", *RESERVED, *RELEASED, *OPENED[:-1], *replaced, "COMMIT", *TRIMMED]


def test_me(bearer: APIClient) -> None:
    assert statements(lambda: bearer.get("/auth/me")) == ["SELECT session"]


def test_a_request_without_a_usable_token_asks_the_database_nothing(
    api: APIClient, transactional_db: None
) -> None:
    assert statements(lambda: api.get("/auth/me"), 401) == []
    api.credentials(HTTP_AUTHORIZATION="Bearer not.a.token")
    assert statements(lambda: api.get("/auth/me"), 401) == []
    assert statements(lambda: api.post("/auth/refresh", {"refresh": f"oj_{'A' * 27}.{'A' * 43}"}), 401) == []


def test_me_records_the_first_use_of_a_refreshed_token(api: APIClient, user: User) -> None:
    pair = sign_in(api, refresh_in="body")
    token = api.post("/auth/refresh", {"refresh": pair["refresh"]}).json()["token"]
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")

    assert statements(lambda: api.get("/auth/me")) == ["SELECT session", "UPDATE session"]
    assert statements(lambda: api.get("/auth/me")) == ["SELECT session"]


def test_refresh(api: APIClient, user: User) -> None:
    token = sign_in(api, refresh_in="body")["refresh"]

    def act() -> Any:
        return api.post("/auth/refresh", {"refresh": token})

    found = [*RESERVED, "SELECT session"]
    assert statements(act) == [*found, "UPDATE session"]
    # Repeated within ten seconds: the last statement reads the database's clock.
    assert statements(act) == [*found, "SELECT session"]
    leave_the_grace()
    forgiven = [*found, "SELECT session", "BEGIN", "UPDATE session", "INSERT event", "COMMIT"]
    assert [statements(act), statements(act)] == [forgiven, forgiven]
    refused = [*found, "SELECT session", "BEGIN", "UPDATE session", "COMMIT"]
    reported = ["BEGIN", "SAVEPOINT", *ENDED[1:-1], "RELEASE", *ENQUEUED, "COMMIT"]
    assert statements(act, 401) == [*refused, *reported]
    assert statements(act, 401) == found


def test_registration(api: APIClient, user: User) -> None:
    assert count(lambda: api.post("/auth/registration", OTHER), 201) == 7
    assert count(lambda: api.post("/auth/registration", OTHER), 400) == 3


def test_logout(bearer: APIClient) -> None:
    assert count(lambda: bearer.post("/auth/logout"), 204) == 3
    assert count(lambda: bearer.post("/auth/logout"), 204) == 1


def test_sessions(api: APIClient, bearer: APIClient) -> None:
    for _ in range(2):
        bearer.credentials(HTTP_AUTHORIZATION=f"Bearer {sign_in(APIClient())['token']}")
    other = Session.objects.order_by("created_at")[0].pk

    assert count(lambda: bearer.get("/auth/sessions")) == 2
    assert count(lambda: bearer.delete(f"/auth/sessions/{other}"), 204) == 3
    assert count(lambda: bearer.delete(f"/auth/sessions/{other}"), 404) == 2
    assert count(lambda: bearer.delete("/auth/sessions"), 204) == 3


def test_rename(bearer: APIClient) -> None:
    assert count(lambda: bearer.patch("/auth/me", {"username": "jane_two"})) == 4
    assert count(lambda: bearer.patch("/auth/me", {})) == 1


def test_password_change(bearer: APIClient) -> None:
    assert count(lambda: bearer.post("/auth/password/change", CHANGE)) == 8


def test_deletion(bearer: APIClient) -> None:
    assert count(lambda: bearer.post("/auth/me/delete", {"password": PASSWORD}), 204) == 14


@pytest.mark.parametrize("path", ["/auth/password/reset", "/auth/email/resend"])
@pytest.mark.parametrize("email", ["jane@example.com", "nobody@example.com", "no address at all"])
def test_a_request_for_a_mail(api: APIClient, user: User, path: str, email: str) -> None:
    assert count(lambda: api.post(path, {"email": email}), 202) == 2


def test_password_reset(api: APIClient, user: User) -> None:
    body = {**_reset_link(user), **NEW_PASSWORD}

    assert count(lambda: api.post("/auth/password/reset/confirm", body), 204) == 5
    assert count(lambda: api.post("/auth/password/reset/confirm", body), 400) == 2


def test_email_verification(api: APIClient, user: User) -> None:
    key = links.issue(Purpose.VERIFY, user.pk, user.security_stamp, user.email)

    assert count(lambda: api.post("/auth/email/verify", {"key": key})) == 4


def test_email_change_and_undo(bearer: APIClient, user: User) -> None:
    assert count(lambda: bearer.post("/auth/email/change", NEW_EMAIL), 202) == 6
    key = links.issue(Purpose.CHANGE, user.pk, user.security_stamp, user.email, NEW_EMAIL["email"])
    assert count(lambda: bearer.post("/auth/email/verify", {"key": key})) == 6
    key = links.issue(Purpose.UNDO, EmailChange.objects.get().pk, user.email)
    assert count(lambda: bearer.post("/auth/email/undo", {"key": key})) == 8


@pytest.mark.parametrize("path", ["/.well-known/jwks.json", "/health/live"])
def test_a_path_that_needs_no_database_asks_it_nothing(
    api: APIClient, transactional_db: None, path: str
) -> None:
    assert statements(lambda: api.get(path)) == []


def test_a_change_is_not_made_if_the_mail_about_it_cannot_be_enqueued(
    bearer: APIClient, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def enqueue(*args: Any, **kwargs: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(DatabaseBackend, "enqueue", enqueue)
    reset = {**_reset_link(user), **NEW_PASSWORD}
    anonymous = APIClient()

    assert bearer.post("/auth/password/change", CHANGE).status_code == 503
    assert bearer.post("/auth/email/change", NEW_EMAIL).status_code == 503
    assert anonymous.post("/auth/password/reset/confirm", reset).status_code == 503
    assert anonymous.post("/auth/registration", OTHER).status_code == 503

    (unchanged,) = User.objects.all()
    assert unchanged.check_password(PASSWORD)
    assert unchanged.pending_email == ""
    assert bearer.get("/auth/me").status_code == 200


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
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {sign_in(api)['token']}")
    token = api.post("/auth/password/change", CHANGE).json()["token"]
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    api.post("/auth/email/change", {"email": "new@example.com", "password": CHANGE["new_password"]})
    user.refresh_from_db()
    api.post("/auth/password/reset/confirm", {**_reset_link(user), "new_password": PASSWORD})
    api.credentials()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {sign_in(api)['token']}")
    api.post("/auth/me/delete", {"password": PASSWORD})

    # Registration 1, login 1, change 2, change of address 1, reset 1, login 1, deletion 1.
    assert inside == [False] * 8
