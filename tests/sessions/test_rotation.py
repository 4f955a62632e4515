"""Refresh tokens that are used as they should be."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from authentication.core import clock
from authentication.models import Session, User
from authentication.tokens import refresh as refresh_tokens
from tests.sessions.steps import leave_the_grace, me_code, refresh, refresh_code, sign_in, use


def test_a_refresh_gives_a_new_pair_and_nothing_else(api: APIClient, user: User) -> None:
    first = sign_in(api, refresh_in="body")

    answer = api.post("/auth/refresh", {"refresh": first["refresh"]})

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    second = answer.json()
    assert set(second) == {"token", "expires_in", "refresh"}
    assert second["expires_in"] == 15 * 60
    assert second["token"] != first["token"]
    assert second["refresh"] != first["refresh"]
    assert Session.objects.count() == 1


def test_the_old_access_token_works_until_its_time(
    api: APIClient, user: User, advance: Callable[..., None]
) -> None:
    first = sign_in(api, refresh_in="body")
    advance(minutes=14)
    second = refresh(first["refresh"])

    assert me_code(first["token"]) == ""
    assert me_code(second["token"]) == ""
    advance(minutes=1)
    assert me_code(first["token"]) == "token_expired"
    assert me_code(second["token"]) == ""
    advance(minutes=14)
    assert me_code(second["token"]) == "token_expired"


def test_within_ten_seconds_a_repeat_gets_the_very_same_refresh_token(api: APIClient, user: User) -> None:
    first = sign_in(api, refresh_in="body")

    answers = [refresh(first["refresh"]) for _ in range(5)]

    assert len({answer["refresh"] for answer in answers}) == 1
    assert [me_code(answer["token"]) for answer in answers] == [""] * 5
    assert refresh(first["refresh"])["refresh"] == answers[0]["refresh"]
    assert Session.objects.get().forgiven == 0


def test_the_grace_is_over_after_ten_seconds(api: APIClient, user: User) -> None:
    first = sign_in(api, refresh_in="body")
    second = refresh(first["refresh"])
    use(second["token"])
    # The database's clock counts, and it goes on: leave some seconds for a busy machine.
    Session.objects.update(rotated_at=clock.now() - timedelta(seconds=5))
    assert refresh(first["refresh"])["refresh"] == second["refresh"]

    Session.objects.update(rotated_at=clock.now() - timedelta(seconds=11))

    assert refresh_code(first["refresh"]) == "refresh_reused"


def test_a_lost_response_may_be_requested_again(api: APIClient, user: User) -> None:
    first = sign_in(api, refresh_in="body")
    lost = refresh(first["refresh"])
    leave_the_grace()

    again = refresh(first["refresh"])

    assert again["refresh"] == lost["refresh"]
    use(again["token"])
    refresh(again["refresh"])


def test_a_client_that_loses_every_other_response_is_never_refused(api: APIClient, user: User) -> None:
    token = sign_in(api, refresh_in="body")["refresh"]
    for _ in range(10):
        refresh(token)
        leave_the_grace()
        token = refresh(token)["refresh"]
        leave_the_grace()
        token = refresh(token)["refresh"]
        leave_the_grace()


def test_a_client_may_lose_two_responses_in_a_row(api: APIClient, user: User) -> None:
    token = sign_in(api, refresh_in="body")["refresh"]
    for _ in range(3):
        refresh(token)
        leave_the_grace()
        refresh(token)
        token = refresh(token)["refresh"]
        leave_the_grace()
        token = refresh(token)["refresh"]
        leave_the_grace()


def test_each_use_keeps_the_session_for_60_days_and_at_most_a_year(
    api: APIClient, user: User, advance: Callable[..., None]
) -> None:
    token = sign_in(api, refresh_in="body")["refresh"]
    created_at = Session.objects.get().created_at
    for _ in range(6):
        advance(days=59)
        token = refresh(token)["refresh"]
    # 354 days after the sign-in there are 11 left.
    assert Session.objects.get().expires_at == created_at + timedelta(days=365)
    assert me_code(refresh(token)["token"]) == ""

    advance(days=11)

    assert refresh_code(token) == "session_ended"


def test_a_refresh_extends_by_60_days_from_now(
    api: APIClient, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = sign_in(api, refresh_in="body")["refresh"]
    now = clock.now() + timedelta(days=30)
    monkeypatch.setattr(clock, "now", lambda: now)

    refresh(token)

    session = Session.objects.get()
    assert (session.expires_at, session.last_seen_at) == (now + timedelta(days=60), now)


def test_an_access_token_never_outlives_its_session(
    api: APIClient, user: User, advance: Callable[..., None]
) -> None:
    token = sign_in(api, refresh_in="body")["refresh"]
    for _ in range(6):
        advance(days=59)
        token = refresh(token)["refresh"]
    advance(days=10, hours=23, minutes=55)

    last = refresh(token)

    assert 240 <= last["expires_in"] <= 300


def test_a_refresh_token_that_is_not_used_dies_after_60_days(
    api: APIClient, user: User, advance: Callable[..., None]
) -> None:
    token = sign_in(api, refresh_in="body")["refresh"]
    advance(days=60)

    assert refresh_code(token) == "session_ended"


def test_refresh_tokens_outlive_a_change_of_the_secret_key(
    api: APIClient, user: User, settings: Settings
) -> None:
    first = sign_in(api, refresh_in="body")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-for-tests-of-more-than-32-bytes"

    second = refresh(first["refresh"])
    settings.SECRET_KEY_FALLBACKS = []

    assert refresh_code(first["refresh"]) == "token_invalid"
    assert me_code(second["token"]) == ""
    refresh(second["refresh"])


@pytest.mark.parametrize(
    "token", ["nonsense", "oj_", "oj_" + "A" * 70, f"oj_{'A' * 27}.{'A' * 43}", "x" * 10_000]
)
def test_anything_else_is_no_refresh_token(db: None, token: str) -> None:
    assert refresh_code(token) == "token_invalid"


def test_an_access_token_is_no_refresh_token(api: APIClient, user: User) -> None:
    pair = sign_in(api, refresh_in="body")

    assert refresh_code(pair["token"]) == "token_invalid"
    assert me_code(pair["refresh"]) == "token_invalid"


def test_a_token_from_after_a_restored_backup_is_over_but_no_theft(api: APIClient, user: User) -> None:
    sign_in(api)
    session = Session.objects.get()

    assert refresh_code(refresh_tokens.issue_refresh_token(session.pk, 3)) == "session_ended"

    assert Session.objects.filter(pk=session.pk).exists()


def test_a_bad_body_is_refused_as_input(api: APIClient, db: None) -> None:
    for body in ({"refresh": 1}, {"refresh": None}, {"refresh": ["x"]}):
        answer = api.post("/auth/refresh", body)
        assert (answer.status_code, list(answer.json())) == (400, ["refresh"])
