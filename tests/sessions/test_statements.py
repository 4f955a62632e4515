"""The prepared statements on sessions do what the ORM does with the same querysets."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from authentication.core import clock
from authentication.core.client import Client
from authentication.models import Session, User
from authentication.sessions import statements
from authentication.sessions.statements import MAX_SESSIONS, session_with_user


@pytest.fixture
def session(user: User) -> Session:
    user.email_verified_at = clock.now()
    user.save()
    user.sessions.open(client=Client(ip="2001:db8::7", user_agent="Mozilla/5.0"), refreshable=True)
    Session.objects.update(rotated_at=clock.now(), generation=3, forgiven_generation=2)
    return Session.objects.get()


def columns(row: Session | User) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_it_returns_the_rows_of_select_related(session: Session) -> None:
    expected = Session.objects.select_related("user").get(pk=session.pk)

    found = session_with_user(session_id=session.pk)

    assert found is not None
    assert columns(found) == columns(expected)
    assert columns(found.user) == columns(expected.user)
    types = {name: type(value) for name, value in columns(expected).items()}
    assert {name: type(value) for name, value in columns(found).items()} == types
    assert (found._state.adding, found._state.db) == (False, "default")
    assert (found.user._state.adding, found.user._state.db) == (False, "default")


def test_it_costs_one_statement_with_the_user_loaded(session: Session) -> None:
    with CaptureQueriesContext(connection) as captured:
        found = session_with_user(session_id=session.pk)
        assert found is not None
        assert found.user.username == "jane_doe"
        assert found.is_alive() is True
    assert len(captured) == 1


def test_the_returned_rows_can_be_saved(session: Session) -> None:
    found = session_with_user(session_id=session.pk)
    assert found is not None
    found.user.is_staff = True
    found.user.save()
    assert User.objects.get(pk=found.user_id).is_staff is True
    assert Session.objects.filter(pk=session.pk).exists()


def test_it_returns_none_without_a_session(session: Session) -> None:
    session.delete()
    assert session_with_user(session_id=session.pk) is None


@pytest.mark.parametrize("active", [True, False])
@pytest.mark.parametrize("stamped", [True, False])
@pytest.mark.parametrize("seconds_left", [-1, 0, 60])
def test_both_forms_of_the_predicate_agree(
    session: Session, active: bool, stamped: bool, seconds_left: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    User.objects.update(is_active=active)
    Session.objects.update(expires_at=now + timedelta(seconds=seconds_left))
    if not stamped:
        Session.objects.update(security_stamp="another")

    found = session_with_user(session_id=session.pk)

    assert found is not None
    alive = active and stamped and seconds_left > 0
    assert found.is_alive() is alive
    assert Session.objects.alive().exists() is alive


STATES = {
    "alive": {},
    "expired": {"expires_at": timedelta(seconds=-1)},
    "of another stamp": {"security_stamp": "another"},
    "of another generation": {"generation": 4},
    "forgiven before": {"forgiven": 1, "forgiven_generation": 3},
    "forgiven long before": {"forgiven": 1, "forgiven_generation": 2},
}


@pytest.mark.parametrize("changes", STATES.values(), ids=STATES.keys())
def test_a_rotation_changes_what_the_orm_would_change(session: Session, changes: dict[str, Any]) -> None:
    now = clock.now()
    stored = {name: now + value if isinstance(value, timedelta) else value for name, value in changes.items()}
    Session.objects.update(**stored)
    twin = Session.objects.get()
    twin.pk = uuid.uuid4()
    twin.save(force_insert=True)
    expires_at = now + timedelta(days=9)

    values = {"generation": 3, "expires_at": expires_at, "now": now}
    rotated = statements.rotate(session_id=session.pk, **values)
    rows, updated = statements.rotate.build(session_id=twin.pk, **values)

    assert rows.update(**updated) == rotated
    mine, theirs = columns(Session.objects.get(pk=session.pk)), columns(Session.objects.get(pk=twin.pk))
    # The database's clock goes on between the two.
    for name in ("id", "rotated_at"):
        assert (mine.pop(name) == getattr(session, name)) is (name == "id" or not rotated)
        theirs.pop(name)
    assert mine == theirs
    assert bool(rotated) is not bool(changes.keys() & {"expires_at", "security_stamp", "generation"})
    assert statements.rotate(session_id=session.pk, **values) == 0


def test_the_sessions_that_are_trimmed_are_those_of_the_queryset(session: Session, user: User) -> None:
    now = clock.now()
    for number in range(MAX_SESSIONS + 5):
        session.pk = uuid.uuid4()
        session.last_seen_at = now - timedelta(minutes=number % 7)
        session.expires_at = now + timedelta(minutes=number - 3)
        session.save(force_insert=True)
    expected = set(statements.trim.build(user_id=user.pk, now=now).values_list("pk", flat=True))
    before = set(Session.objects.values_list("pk", flat=True))

    statements.trim(user_id=user.pk, now=now)

    assert before - set(Session.objects.values_list("pk", flat=True)) == expected
    # Four are over, and two of the others are more than fifty.
    assert len(expected) == 6
    assert Session.objects.count() == MAX_SESSIONS
