"""A prepared statement does what the ORM does with the same queryset, and fails loudly otherwise."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateTimeField,
    F,
    IntegerField,
    QuerySet,
    UUIDField,
    Value,
    When,
)
from django.db.models.signals import pre_delete
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from authentication.core import clock, prepared
from authentication.models import Event, Session, User


@pytest.fixture
def sessions(user: User) -> list[Session]:
    now = clock.now()
    return [
        Session.objects.create(
            user=user,
            created_at=now,
            last_seen_at=now - timedelta(minutes=number),
            expires_at=now + timedelta(days=1),
            security_stamp=user.security_stamp,
            ip="2001:db8::7",
        )
        for number in range(5)
    ]


@prepared.select(Session, session_id=UUIDField())
def session_alone(session_id: Any) -> QuerySet[Session]:
    return Session.objects.filter(pk=session_id)


@prepared.select(User, username=CharField(), active=BooleanField())
def user_named(username: Any, active: Any) -> QuerySet[User]:
    return User.objects.filter(username=username, is_active=active)


@prepared.select(Event, session_id=UUIDField())
def newest_event(session_id: Any) -> QuerySet[Event]:
    return Event.objects.select_related("user").filter(session_id=session_id).order_by("-pk")[:1]


@prepared.update(Session, session_id=UUIDField(), seen=DateTimeField(), step=IntegerField())
def step_on(session_id: Any, seen: Any, step: Any) -> tuple[QuerySet[Session], dict[str, Any]]:
    rows = Session.objects.filter(pk=session_id, last_seen_at__lt=seen)
    at_most = Case(When(generation__gt=step, then=step), default=Value(7))
    return rows, {"generation": F("generation") + step, "last_seen_at": seen, "forgiven": at_most}


@prepared.delete(Session, user_id=IntegerField(), since=DateTimeField())
def delete_others(user_id: Any, since: Any) -> QuerySet[Session]:
    kept = Session.objects.filter(user_id=user_id).order_by("-last_seen_at").values("pk")[:2]
    return Session.objects.filter(user_id=user_id, created_at__gte=since).exclude(pk__in=kept)


def test_a_select_finds_the_row_of_each_value(sessions: list[Session]) -> None:
    for session in sessions:
        assert session_alone(session_id=session.pk) == session
    assert session_alone(session_id=uuid.uuid4()) is None


def test_a_value_is_adapted_as_its_field_adapts_it(sessions: list[Session]) -> None:
    assert session_alone(session_id=str(sessions[0].pk)) == sessions[0]
    assert user_named(username="jane_doe", active=True) == sessions[0].user
    assert user_named(username="jane_doe", active=False) is None
    assert user_named(username="' OR 1=1 --", active=True) is None


def test_a_joined_row_is_loaded_and_a_missing_one_is_none(user: User) -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    Event.objects.create(event="signed_in", user=user, session_id=first)
    Event.objects.create(event="signed_in", user=None, session_id=second)

    with_user, without_user = newest_event(session_id=first), newest_event(session_id=second)

    assert with_user is not None
    assert without_user is not None
    with CaptureQueriesContext(connection) as captured:
        assert (with_user.user, without_user.user) == (user, None)
    assert len(captured) == 0


@pytest.mark.parametrize(("generation", "step"), [(0, 3), (5, 3), (3, 3), (4, 1)])
def test_an_update_changes_what_the_orm_would_change(
    sessions: list[Session], generation: int, step: int
) -> None:
    Session.objects.update(generation=generation)
    ours, theirs, untouched = sessions[:3]
    seen = clock.now() + timedelta(minutes=5)

    assert step_on(session_id=ours.pk, seen=seen, step=step) == 1
    rows, changes = step_on.build(session_id=theirs.pk, seen=seen, step=step)
    assert rows.update(**changes) == 1

    changed = Session.objects.values("generation", "forgiven", "last_seen_at")
    assert changed.get(pk=ours.pk) == changed.get(pk=theirs.pk)
    assert changed.get(pk=ours.pk)["generation"] == generation + step
    assert changed.get(pk=untouched.pk)["generation"] == generation
    assert step_on(session_id=ours.pk, seen=seen, step=step) == 0


def test_a_delete_removes_exactly_the_rows_of_the_queryset(sessions: list[Session]) -> None:
    other = User.objects.create_user("other_user", "other@example.com", "correct horse battery")
    Session.objects.filter(pk=sessions[4].pk).update(user=other)
    values = {"user_id": sessions[0].user_id, "since": sessions[0].created_at}
    expected = set(delete_others.build(**values))

    assert delete_others(**values) == len(expected) == 2
    assert set(Session.objects.all()) == set(sessions) - expected


def test_a_delete_that_others_listen_to_is_left_to_the_orm(sessions: list[Session]) -> None:
    told: list[uuid.UUID] = []

    def listen(instance: Session, **kwargs: Any) -> None:
        told.append(instance.pk)

    prepared.forget()
    pre_delete.connect(listen, sender=Session)
    try:
        assert delete_others(user_id=sessions[0].user_id, since=datetime(2000, 1, 1, tzinfo=UTC)) == 3
    finally:
        pre_delete.disconnect(listen, sender=Session)
        prepared.forget()

    assert set(told) == {session.pk for session in sessions[2:]}


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"session": 1},
        {"session_id": uuid.UUID(int=1), "session": 1},
        {"session_ID": uuid.UUID(int=1)},
    ],
)
def test_a_missing_or_an_unknown_name_raises(values: dict[str, Any], db: None) -> None:
    with CaptureQueriesContext(connection) as captured, pytest.raises(TypeError, match="session_id"):
        session_alone(**values)
    assert len(captured) == 0


def test_a_parameter_that_the_statement_does_not_use_raises(db: None) -> None:
    @prepared.select(User, user_id=IntegerField(), is_staff=BooleanField())
    def careless(user_id: Any, is_staff: Any) -> QuerySet[User]:
        return User.objects.filter(pk=user_id)

    with pytest.raises(TypeError, match="is_staff"):
        careless(user_id=1, is_staff=True)


@pytest.mark.parametrize("value", ["nonsense", 7, "0' OR '1'='1"])
def test_a_value_that_the_field_cannot_hold_raises(value: Any, db: None) -> None:
    with CaptureQueriesContext(connection) as captured, pytest.raises(Exception, match=r"UUID|replace"):
        session_alone(session_id=[value])
    assert len(captured) == 0


@pytest.fixture
def built() -> Iterator[list[int]]:
    prepared.forget()
    yield []
    prepared.forget()


@pytest.fixture
def counted(built: list[int], monkeypatch: pytest.MonkeyPatch, user: User) -> list[int]:
    """Append to the list each time that the statement is compiled."""
    build = user_named.build

    def count(**values: Any) -> Any:
        built.append(1)
        return build(**values)

    monkeypatch.setattr(user_named, "build", count)
    return built


def test_a_statement_is_compiled_once(counted: list[int]) -> None:
    for _ in range(3):
        assert user_named(username="jane_doe", active=True) is not None
    assert len(counted) == 1


def test_another_setting_or_a_migration_leaves_no_old_sql(counted: list[int]) -> None:
    user_named(username="jane_doe", active=True)
    with override_settings(USE_TZ=False):
        user_named(username="jane_doe", active=True)
        assert len(counted) == 2
    user_named(username="jane_doe", active=True)
    assert len(counted) == 3
    call_command("migrate", verbosity=0)
    user_named(username="jane_doe", active=True)
    assert len(counted) == 4


def test_a_statement_on_another_database_is_compiled_for_it(
    counted: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    user_named(username="jane_doe", active=True)
    monkeypatch.setattr(connections["default"], "vendor", f"{connection.vendor}-like")

    user_named(username="jane_doe", active=True)

    assert len(counted) == 2
