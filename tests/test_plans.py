"""How the database finds its rows: every statement of every endpoint goes by an index.

On PostgreSQL the plans are made for 100,000 accounts and as many counters, for a small table is read
in one piece whatever its indexes. SQLite prefers an index whatever the size.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from authentication.core import clock
from authentication.models import EmailChange, Event, Session, User
from authentication.tokens import links
from authentication.tokens.links import Purpose
from tests.conftest import PASSWORD
from tests.plans import POPULATION, check, check_the_worker, scan
from tests.sessions.steps import leave_the_grace, sign_in

LOGIN = {"username": "jane_doe", "password": PASSWORD}
OTHER = {"username": "other_user", "email": "other@example.com", "password": PASSWORD}
CHANGE = {"password": PASSWORD, "new_password": "battery staple horse"}

# The leading column of some index is the only column of the key.
UNINDEXED_KEYS = """
SELECT key.conrelid::regclass::text, key.conname FROM pg_constraint AS key
WHERE key.contype = 'f' AND key.confrelid = 'authentication_user'::regclass AND NOT EXISTS (
    SELECT FROM pg_index WHERE indrelid = key.conrelid AND indkey[0] = key.conkey[1])
"""


@pytest.fixture(scope="module", autouse=True)
def _population(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute(POPULATION)
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE authentication_user, authentication_counter, auth_group, "
            "django_tasks_database_dbtaskresult CASCADE"
        )


@pytest.fixture
def bearer(api: APIClient, user: User) -> APIClient:
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {sign_in(api)['token']}")
    return api


@pytest.mark.parametrize("query", [{"is_staff": True}, {"email__contains": "person"}])
@pytest.mark.django_db
def test_a_statement_without_an_index_would_be_found(query: dict[str, Any]) -> None:
    with CaptureQueriesContext(connection) as queries:
        User.objects.filter(**query).count()
    with CaptureQueriesContext(connection) as ordered:
        list(User.objects.order_by("pk").filter(**query)[:1])

    assert scan(queries[0]["sql"])
    assert scan(ordered[0]["sql"])


def test_registration(api: APIClient, user: User) -> None:
    check(lambda: api.post("/auth/registration", OTHER), 201)
    check(lambda: api.post("/auth/registration", OTHER), 400)


@pytest.mark.parametrize("identifier", [{"username": "JANE_doe"}, {"email": "Jane@Example.com"}])
def test_login(api: APIClient, user: User, identifier: dict[str, str]) -> None:
    check(lambda: api.post("/auth/login", {**identifier, "password": PASSWORD}))
    check(lambda: api.post("/auth/login", {**identifier, "password": "wrong"}), 400)


def test_a_login_beyond_the_limit(api: APIClient, user: User) -> None:
    """The statement that takes no place, and the one that finds out until when."""
    for _ in range(10):
        api.post("/auth/login", {"username": "jane_doe", "password": "wrong"})

    check(lambda: api.post("/auth/login", LOGIN), 429)


@pytest.mark.parametrize("unknown", ["nobody_here", "nobody@example.com"])
@pytest.mark.django_db
def test_a_login_of_an_unknown_user(api: APIClient, unknown: str) -> None:
    check(lambda: api.post("/auth/login", {"username": unknown, "password": PASSWORD}), 400)


def test_a_login_with_an_old_cookie(api: APIClient, user: User) -> None:
    sign_in(api, refresh_in="cookie")

    check(lambda: api.post("/auth/login", {**LOGIN, "refresh_in": "cookie"}))


def test_refresh(api: APIClient, user: User) -> None:
    token = sign_in(api, refresh_in="body")["refresh"]

    def act() -> Any:
        return api.post("/auth/refresh", {"refresh": token})

    check(act)
    # Asked again within ten seconds, then late, and at last once too often.
    check(act)
    leave_the_grace()
    check(act)
    check(act)
    check(act, 401)


def test_me(bearer: APIClient) -> None:
    check(lambda: bearer.get("/auth/me"))


def test_me_with_a_refreshed_token(api: APIClient, user: User) -> None:
    token = api.post("/auth/refresh", {"refresh": sign_in(api, refresh_in="body")["refresh"]}).json()["token"]
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")

    check(lambda: api.get("/auth/me"))


def test_rename(bearer: APIClient) -> None:
    check(lambda: bearer.patch("/auth/me", {"username": "jane_two"}))


def test_sessions(bearer: APIClient) -> None:
    older = Session.objects.get(user__username="jane_doe").pk
    for _ in range(2):
        bearer.credentials(HTTP_AUTHORIZATION=f"Bearer {sign_in(APIClient())['token']}")

    check(lambda: bearer.get("/auth/sessions"))
    check(lambda: bearer.delete(f"/auth/sessions/{older}"), 204)
    check(lambda: bearer.delete(f"/auth/sessions/{older}"), 404)
    check(lambda: bearer.delete("/auth/sessions"), 204)


def test_events(bearer: APIClient, user: User) -> None:
    now = clock.now()
    Event.objects.bulk_create(
        [Event(event="signed_in", user=user, at=now - timedelta(hours=hour)) for hour in range(120)]
    )
    pages = ["/auth/events"]

    def act() -> Any:
        answer = bearer.get(pages[-1])
        pages.append(answer.json()["next"])
        return answer

    for _ in range(3):
        check(act)
    assert pages[3] is None
    check(lambda: bearer.get(bearer.get(pages[2]).json()["previous"]))


def test_logout(bearer: APIClient) -> None:
    check(lambda: bearer.post("/auth/logout"), 204)


def test_password_change(bearer: APIClient) -> None:
    check(lambda: bearer.post("/auth/password/change", CHANGE))


@pytest.mark.parametrize("path", ["/auth/password/reset", "/auth/email/resend"])
@pytest.mark.parametrize("email", ["Jane@Example.com", "nobody@example.com"])
def test_asking_for_a_mail(api: APIClient, user: User, path: str, email: str) -> None:
    check(lambda: api.post(path, {"email": email}), 202)
    check_the_worker()


def test_a_reset(api: APIClient, user: User) -> None:
    key = links.issue(Purpose.RESET, user.pk, user.security_stamp, user.email)
    body = {"uid": str(user.pk), "key": key, "new_password": "battery staple horse"}

    check(lambda: api.post("/auth/password/reset/confirm", body), 204)
    check_the_worker()


def test_verifying(api: APIClient, user: User) -> None:
    key = links.issue(Purpose.VERIFY, user.pk, user.security_stamp, user.email)

    check(lambda: api.post("/auth/email/verify", {"key": key}))


def test_a_change_of_address_and_back(bearer: APIClient, user: User) -> None:
    check(lambda: bearer.post("/auth/email/change", {"email": "new@example.com", "password": PASSWORD}), 202)
    check(lambda: bearer.post("/auth/email/resend"), 202)
    check_the_worker()
    key = links.issue(Purpose.CHANGE, user.pk, user.security_stamp, user.email, "new@example.com")
    check(lambda: bearer.post("/auth/email/verify", {"key": key}))
    check_the_worker()
    key = links.issue(Purpose.UNDO, EmailChange.objects.get(user=user).pk, user.email)
    check(lambda: bearer.post("/auth/email/undo", {"key": key}))
    check_the_worker()


def test_deletion(bearer: APIClient) -> None:
    check(lambda: bearer.post("/auth/me/delete", {"password": PASSWORD}), 204)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="The catalogue read here is PostgreSQL's.")
@pytest.mark.django_db
def test_every_key_that_a_deletion_checks_has_an_index() -> None:
    # PostgreSQL looks for rows that still name the user, in statements that no client sees.
    with connection.cursor() as cursor:
        cursor.execute(UNINDEXED_KEYS)
        assert cursor.fetchall() == []
