"""A used refresh token that comes back for no honest reason ends the session."""

from uuid import UUID

import pytest
from rest_framework.test import APIClient

from authentication.models import Event, Session, User
from tests.sessions.steps import leave_the_grace, me_code, refresh, refresh_code, sign_in, use


def _assert_ended_as_theft(user: User, session_id: UUID) -> None:
    assert not Session.objects.filter(pk=session_id).exists()
    events = Event.objects.filter(event="refresh_reused")
    assert list(events.values_list("user_id", "session_id")) == [(user.pk, session_id)]


def test_the_third_late_repeat_in_a_row_ends_the_session(api: APIClient, user: User) -> None:
    first = sign_in(api, refresh_in="body")
    session_id = Session.objects.get().pk
    newest = refresh(first["refresh"])
    leave_the_grace()
    for _ in range(2):
        assert refresh(first["refresh"])["refresh"] == newest["refresh"]

    answer = api.post("/auth/refresh", {"refresh": first["refresh"]})

    assert answer.status_code == 401
    assert answer.json() == {
        "detail": "This refresh token was used before; the session has been ended.",
        "code": "refresh_reused",
    }
    assert answer.headers["WWW-Authenticate"] == (
        'Bearer realm="oddjobbox", error="invalid_token", '
        'error_description="This refresh token was used before; the session has been ended."'
    )
    _assert_ended_as_theft(user, session_id)
    assert me_code(newest["token"]) == "session_ended"
    assert refresh_code(newest["refresh"]) == "session_ended"
    assert refresh_code(first["refresh"]) == "session_ended"
    assert Event.objects.filter(event="refreshed_late", session_id=session_id).count() == 2


def test_no_late_repeat_is_forgiven_once_the_new_access_token_was_used(api: APIClient, user: User) -> None:
    first = sign_in(api, refresh_in="body")
    session_id = Session.objects.get().pk
    use(refresh(first["refresh"])["token"])
    leave_the_grace()

    assert refresh_code(first["refresh"]) == "refresh_reused"

    _assert_ended_as_theft(user, session_id)


def test_using_the_old_access_token_does_not_confirm_the_rotation(api: APIClient, user: User) -> None:
    first = sign_in(api, refresh_in="body")
    refresh(first["refresh"])
    leave_the_grace()
    use(first["token"])

    refresh(first["refresh"])


@pytest.mark.parametrize("late", [False, True])
def test_a_token_two_generations_old_is_theft_at_once(api: APIClient, user: User, late: bool) -> None:
    first = sign_in(api, refresh_in="body")
    session_id = Session.objects.get().pk
    third = refresh(refresh(first["refresh"])["refresh"])
    if late:
        leave_the_grace()

    assert refresh_code(first["refresh"]) == "refresh_reused"

    _assert_ended_as_theft(user, session_id)
    assert refresh_code(third["refresh"]) == "session_ended"


def test_theft_ends_one_session_and_leaves_the_others(api: APIClient, user: User) -> None:
    other = sign_in(api, refresh_in="body")
    first = sign_in(api, refresh_in="body")
    refresh(refresh(first["refresh"])["refresh"])

    assert refresh_code(first["refresh"]) == "refresh_reused"

    use(other["token"])
    refresh(other["refresh"])


def test_a_thief_who_always_refreshes_first_is_found_in_the_third_round(api: APIClient, user: User) -> None:
    token = sign_in(api, refresh_in="body")["refresh"]
    for _ in range(2):
        stolen = refresh(token)["refresh"]
        leave_the_grace()
        owner = refresh(token)
        use(owner["token"])
        leave_the_grace()
        token = owner["refresh"]
        assert token == stolen

    refresh(token)
    leave_the_grace()

    assert refresh_code(token) == "refresh_reused"
    assert not Session.objects.exists()


def test_a_thief_who_refreshes_second_is_found_at_once(api: APIClient, user: User) -> None:
    stolen = sign_in(api, refresh_in="body")["refresh"]
    use(refresh(stolen)["token"])
    leave_the_grace()

    assert refresh_code(stolen) == "refresh_reused"


def test_a_refused_refresh_is_never_a_theft_once_the_session_is_over(api: APIClient, user: User) -> None:
    first = sign_in(api, refresh_in="body")
    second = refresh(first["refresh"])
    api.post("/auth/logout", {"refresh": second["refresh"]})
    leave_the_grace()

    assert refresh_code(first["refresh"]) == "session_ended"
    assert not Event.objects.filter(event="refresh_reused").exists()
