"""What is noted down when an access token is used."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import DatabaseError, OperationalError
from rest_framework.test import APIClient

from authentication.models import Session, User
from authentication.sessions.models import SessionQuerySet
from authentication.tokens import access
from tests.conftest import PASSWORD, client_for
from tests.sessions.steps import me_code, refresh, sign_in, use


def _seen() -> tuple[datetime, int]:
    session = Session.objects.get()
    return session.last_seen_at, session.seen_generation


def test_last_seen_is_noted_every_ten_minutes_at_most(
    api: APIClient, user: User, advance: Callable[..., None]
) -> None:
    token = sign_in(api)["token"]
    before = _seen()
    advance(minutes=9, seconds=50)
    use(token)
    assert _seen() == before

    advance(seconds=10)
    use(token)
    after = _seen()
    assert 600 <= (after[0] - before[0]).total_seconds() < 605
    advance(minutes=9, seconds=50)
    use(token)
    assert _seen() == after


def test_the_first_use_of_a_refreshed_token_is_noted_at_once(api: APIClient, user: User) -> None:
    first = sign_in(api, refresh_in="body")
    second = refresh(first["refresh"])
    use(first["token"])
    assert _seen()[1] == 0

    use(second["token"])
    assert _seen()[1] == 1

    use(first["token"])
    assert _seen()[1] == 1


def test_an_older_token_takes_back_nothing(api: APIClient, user: User, advance: Callable[..., None]) -> None:
    first = sign_in(api, refresh_in="body")
    use(refresh(first["refresh"])["token"])
    advance(minutes=10)

    use(first["token"])

    assert _seen()[1] == 1


def test_a_refresh_notes_that_its_generation_was_seen(api: APIClient, user: User) -> None:
    token = sign_in(api, refresh_in="body")["refresh"]
    for generation in range(3):
        token = refresh(token)["refresh"]
        assert _seen()[1] == generation


def _break_updates(monkeypatch: pytest.MonkeyPatch, error: type[DatabaseError]) -> None:
    """Let the database read but not write to sessions, as a full disk or a replica does."""

    def update(self: SessionQuerySet, **kwargs: object) -> int:
        raise error("cannot execute UPDATE in a read-only transaction")

    monkeypatch.setattr(SessionQuerySet, "update", update)


@pytest.mark.parametrize("error", [OperationalError, DatabaseError])
def test_a_database_that_cannot_write_serves_what_only_reads(
    api: APIClient,
    user: User,
    monkeypatch: pytest.MonkeyPatch,
    advance: Callable[..., None],
    error: type[DatabaseError],
) -> None:
    token = sign_in(api)["token"]
    before = _seen()
    advance(minutes=10)
    _break_updates(monkeypatch, error)

    use(token)

    assert _seen() == before


def test_a_database_that_cannot_write_serves_nothing_that_writes(
    api: APIClient, user: User, monkeypatch: pytest.MonkeyPatch, advance: Callable[..., None]
) -> None:
    client = client_for(sign_in(api)["token"])
    advance(minutes=10)
    _break_updates(monkeypatch, OperationalError)

    answer = client.post("/auth/me/delete", {"password": PASSWORD})

    assert answer.status_code == 503
    assert answer.json() == {"detail": "The database cannot be reached.", "code": "unavailable"}
    assert answer.headers["Retry-After"] == "2"
    assert User.objects.filter(pk=user.pk).exists()


def test_a_token_that_names_another_users_session_is_refused(user: User) -> None:
    other = User.objects.create_user("other_user", "other@example.com", PASSWORD)
    other.sessions.open()
    session = Session.objects.get()

    forged = access.issue_access_token(
        user_id=user.pk, session_id=session.pk, generation=0, lifetime_seconds=60
    )

    assert me_code(forged) == "session_ended"


def test_a_token_from_a_generation_to_come_is_refused(user: User) -> None:
    user.sessions.open()
    session = Session.objects.get()

    token = access.issue_access_token(
        user_id=user.pk, session_id=session.pk, generation=1, lifetime_seconds=60
    )

    assert me_code(token) == "session_ended"
    assert _seen()[1] == 0
