"""How the database finds its rows: every statement of every endpoint goes by an index.

On PostgreSQL the plans are made for 100,000 accounts and as many counters, for a small table is read
in one piece whatever its indexes. SQLite prefers an index whatever the size.
"""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from authentication.core import clock
from authentication.models import Event, Session, User
from tests.conftest import PASSWORD
from tests.sessions.steps import leave_the_grace, sign_in

LOGIN = {"username": "jane_doe", "password": PASSWORD}
OTHER = {"username": "other_user", "email": "other@example.com", "password": PASSWORD}
CHANGE = {"password": PASSWORD, "new_password": "battery staple horse"}

POPULATION = """
INSERT INTO authentication_user
    (password, is_superuser, username, email, is_active, is_staff, date_joined, security_stamp)
SELECT '!', false, 'person_' || n, 'person_' || n || '@example.com', true, false, now(), 'stamp_' || n
FROM generate_series(1, 100000) AS n;

INSERT INTO authentication_session
    (id, user_id, created_at, last_seen_at, expires_at, security_stamp,
     generation, seen_generation, forgiven, user_agent)
SELECT gen_random_uuid(), id, now(), now(), now() + interval '60 days', security_stamp, 0, 0, 0, ''
FROM authentication_user;

INSERT INTO authentication_event (event, at, user_id, user_agent)
SELECT 'signed_in', now() - n * interval '1 day', id, ''
FROM authentication_user, generate_series(1, 20) AS n WHERE id % 20 = 0;

INSERT INTO authentication_counter (key, hits, last_at, resets_at)
SELECT md5(n::text), 1, now(), now() + n * interval '1 second' FROM generate_series(1, 100000) AS n;

INSERT INTO auth_group (name) VALUES ('everybody');
INSERT INTO authentication_user_groups (user_id, group_id)
SELECT person.id, one.id FROM authentication_user AS person, auth_group AS one WHERE person.id % 5 = 0;
INSERT INTO authentication_user_user_permissions (user_id, permission_id)
SELECT id, (SELECT min(id) FROM auth_permission) FROM authentication_user WHERE id % 5 = 0;
INSERT INTO django_admin_log (action_time, object_repr, action_flag, change_message, user_id)
SELECT now(), '', 1, '', id FROM authentication_user WHERE id % 5 = 0;

ANALYZE;
"""

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
        cursor.execute("TRUNCATE authentication_user, authentication_counter, auth_group CASCADE")


@pytest.fixture
def bearer(api: APIClient, user: User) -> APIClient:
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {sign_in(api)['token']}")
    return api


def _check(act: Callable[[], Any], status: int = 200) -> None:
    """Send a request and demand an index for every table that its statements read."""
    with CaptureQueriesContext(connection) as queries:
        answer = act()
    assert answer.status_code == status, answer.content
    statements = [query["sql"].lstrip() for query in queries]
    planned = [sql for sql in statements if sql.startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"))]
    assert planned
    found = "\n\n".join(filter(None, map(_scan, planned)))
    assert not found, found


def _scan(sql: str) -> str:
    """Return the statement and its plan where it reads a whole table, or nothing."""
    explain = _postgresql_plan if connection.vendor == "postgresql" else _sqlite_plan
    plan, whole = explain(sql)
    return f"{sql}\n{plan}" if whole else ""


def _postgresql_plan(sql: str) -> tuple[str, bool]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        plan = cursor.fetchone()[0]
    return json.dumps(plan, indent=1), any(_reads_all(node) for node in _nodes(plan[0]["Plan"]))


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)


def _reads_all(node: dict[str, Any]) -> bool:
    # An index that is read from end to end, for its order, is as long as its table.
    by_index = node["Node Type"] in ("Index Scan", "Index Only Scan", "Bitmap Index Scan")
    return node["Node Type"] == "Seq Scan" or (by_index and "Index Cond" not in node)


def _sqlite_plan(sql: str) -> tuple[str, bool]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        steps = [row[3] for row in cursor.fetchall()]
    tables = connection.introspection.table_names()
    # Names that a statement gives its tables; Django's begin with U or V.
    tables += ["U0", "V0", "counted"]
    whole = [step for step in steps if step.startswith("SCAN") and step.split()[1] in tables]
    return "\n".join(steps), bool(whole)


@pytest.mark.parametrize("query", [{"is_staff": True}, {"email__contains": "person"}])
@pytest.mark.django_db
def test_a_statement_without_an_index_would_be_found(query: dict[str, Any]) -> None:
    with CaptureQueriesContext(connection) as queries:
        User.objects.filter(**query).count()
    with CaptureQueriesContext(connection) as ordered:
        list(User.objects.order_by("pk").filter(**query)[:1])

    assert _scan(queries[0]["sql"])
    assert _scan(ordered[0]["sql"])


def test_registration(api: APIClient, user: User) -> None:
    _check(lambda: api.post("/auth/registration", OTHER), 201)
    _check(lambda: api.post("/auth/registration", OTHER), 400)


@pytest.mark.parametrize("identifier", [{"username": "JANE_doe"}, {"email": "Jane@Example.com"}])
def test_login(api: APIClient, user: User, identifier: dict[str, str]) -> None:
    _check(lambda: api.post("/auth/login", {**identifier, "password": PASSWORD}))
    _check(lambda: api.post("/auth/login", {**identifier, "password": "wrong"}), 400)


def test_a_login_beyond_the_limit(api: APIClient, user: User) -> None:
    """The statement that takes no place, and the one that finds out until when."""
    for _ in range(10):
        api.post("/auth/login", {"username": "jane_doe", "password": "wrong"})

    _check(lambda: api.post("/auth/login", LOGIN), 429)


@pytest.mark.parametrize("unknown", ["nobody_here", "nobody@example.com"])
@pytest.mark.django_db
def test_a_login_of_nobody(api: APIClient, unknown: str) -> None:
    _check(lambda: api.post("/auth/login", {"username": unknown, "password": PASSWORD}), 400)


def test_a_login_with_an_old_cookie(api: APIClient, user: User) -> None:
    sign_in(api, refresh_in="cookie")

    _check(lambda: api.post("/auth/login", {**LOGIN, "refresh_in": "cookie"}))


def test_refresh(api: APIClient, user: User) -> None:
    token = sign_in(api, refresh_in="body")["refresh"]

    def act() -> Any:
        return api.post("/auth/refresh", {"refresh": token})

    _check(act)
    # Asked again within ten seconds, then late, and at last once too often.
    _check(act)
    leave_the_grace()
    _check(act)
    _check(act)
    _check(act, 401)


def test_me(bearer: APIClient) -> None:
    _check(lambda: bearer.get("/auth/me"))


def test_me_with_a_refreshed_token(api: APIClient, user: User) -> None:
    token = api.post("/auth/refresh", {"refresh": sign_in(api, refresh_in="body")["refresh"]}).json()["token"]
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")

    _check(lambda: api.get("/auth/me"))


def test_rename(bearer: APIClient) -> None:
    _check(lambda: bearer.patch("/auth/me", {"username": "jane_two"}))


def test_sessions(bearer: APIClient) -> None:
    older = Session.objects.get(user__username="jane_doe").pk
    for _ in range(2):
        bearer.credentials(HTTP_AUTHORIZATION=f"Bearer {sign_in(APIClient())['token']}")

    _check(lambda: bearer.get("/auth/sessions"))
    _check(lambda: bearer.delete(f"/auth/sessions/{older}"), 204)
    _check(lambda: bearer.delete(f"/auth/sessions/{older}"), 404)
    _check(lambda: bearer.delete("/auth/sessions"), 204)


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
        _check(act)
    assert pages[3] is None


def test_logout(bearer: APIClient) -> None:
    _check(lambda: bearer.post("/auth/logout"), 204)


def test_password_change(bearer: APIClient) -> None:
    _check(lambda: bearer.post("/auth/password/change", CHANGE))


def test_deletion(bearer: APIClient) -> None:
    _check(lambda: bearer.post("/auth/me/delete", {"password": PASSWORD}), 204)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="The catalogue read here is PostgreSQL's.")
@pytest.mark.django_db
def test_every_key_that_a_deletion_checks_has_an_index() -> None:
    # PostgreSQL looks for rows that still name the user, in statements that no client sees.
    with connection.cursor() as cursor:
        cursor.execute(UNINDEXED_KEYS)
        assert cursor.fetchall() == []
