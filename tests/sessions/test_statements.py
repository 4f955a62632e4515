"""The precomputed query of authentication, held against the ORM."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from authentication.core import clock
from authentication.core.client import Client
from authentication.models import Session, User
from authentication.sessions.statements import session_with_user


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

    found = session_with_user(session.pk)

    assert found is not None
    assert columns(found) == columns(expected)
    assert columns(found.user) == columns(expected.user)
    types = {name: type(value) for name, value in columns(expected).items()}
    assert {name: type(value) for name, value in columns(found).items()} == types
    assert (found._state.adding, found._state.db) == (False, "default")
    assert (found.user._state.adding, found.user._state.db) == (False, "default")


def test_it_costs_one_statement_with_the_user_loaded(session: Session) -> None:
    with CaptureQueriesContext(connection) as captured:
        found = session_with_user(session.pk)
        assert found is not None
        assert found.user.username == "jane_doe"
        assert found.is_alive() is True
    assert len(captured) == 1


def test_the_returned_rows_can_be_saved(session: Session) -> None:
    found = session_with_user(session.pk)
    assert found is not None
    found.user.is_staff = True
    found.user.save()
    assert User.objects.get(pk=found.user_id).is_staff is True
    assert Session.objects.filter(pk=session.pk).exists()


def test_it_returns_none_without_a_session(session: Session) -> None:
    session.delete()
    assert session_with_user(session.pk) is None


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

    found = session_with_user(session.pk)

    assert found is not None
    alive = active and stamped and seconds_left > 0
    assert found.is_alive() is alive
    assert Session.objects.get_queryset().alive().exists() is alive
