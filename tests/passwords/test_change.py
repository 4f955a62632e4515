"""POST /auth/password/change"""

from typing import Any

import pytest
from django.contrib.auth import hashers
from rest_framework.test import APIClient

from authentication.api.errors import SessionEnded
from authentication.core.client import Client
from authentication.models import Event, Session, User
from authentication.passwords import services
from tests.conftest import PASSWORD, client_for
from tests.sessions.steps import COOKIE, DEVICE_COOKIE, me_code, refresh, refresh_code, sign_in

NEW_PASSWORD = "battery staple horse"
CHANGE = {"password": PASSWORD, "new_password": NEW_PASSWORD}
INCORRECT = {"password": ["This password is not correct."]}
SIXTY_DAYS = 60 * 24 * 3600


def _refused(client: APIClient, body: dict[str, Any]) -> dict[str, list[str]]:
    """Send what must be refused and must change nothing; return the answer's body."""
    before = (User.objects.get().password, Session.objects.count(), Event.objects.count())
    answer = client.post("/auth/password/change", body)
    assert answer.status_code == 400, answer.content
    assert (User.objects.get().password, Session.objects.count(), Event.objects.count()) == before
    errors: dict[str, list[str]] = answer.json()
    return errors


def test_a_change_opens_a_new_session_and_ends_every_older_one(api: APIClient, user: User) -> None:
    pair, current = sign_in(api, refresh_in="body"), sign_in(api)

    answer = client_for(current["token"]).post("/auth/password/change", CHANGE)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.json()
    token = body.pop("token")
    assert body.pop("device").startswith("ojd_")
    assert body == {"username": "jane_doe", "email": "jane@example.com", "expires_in": SIXTY_DAYS}
    assert me_code(token) == ""
    assert [me_code(pair["token"]), me_code(current["token"])] == ["session_ended", "session_ended"]
    assert refresh_code(pair["refresh"]) == "session_ended"
    assert Session.objects.count() == 1


def test_only_the_new_password_signs_in(api: APIClient, signed_in: APIClient) -> None:
    signed_in.post("/auth/password/change", CHANGE)

    def sign_in_with(password: str) -> int:
        return api.post("/auth/login", {"username": "jane_doe", "password": password}).status_code

    assert [sign_in_with(NEW_PASSWORD), sign_in_with(PASSWORD)] == [200, 400]


@pytest.mark.parametrize("password", ["wrong", PASSWORD + " ", PASSWORD.upper(), "x" * 10_000])
def test_the_current_password_is_required(signed_in: APIClient, password: str) -> None:
    assert _refused(signed_in, {**CHANGE, "password": password}) == INCORRECT
    assert signed_in.get("/auth/me").status_code == 200


@pytest.mark.parametrize(
    ("new_password", "message"),
    [
        ("x7Kq2pz", "This password is too short. It must contain at least 8 characters."),
        ("x" * 129, "A password has at most 128 characters."),
        ("password", "This password is too common."),
        ("9081726354", "This password is entirely numeric."),
        ("jane_doe_1", "The password is too similar to the username."),
        ("jane@example", "The password is too similar to the email."),
        ("", "This field may not be blank."),
        (None, "This field may not be null."),
        (12345678, "Not a valid string."),
    ],
)
def test_a_weak_new_password_is_refused_by_the_rules_of_registration(
    signed_in: APIClient, new_password: object, message: str
) -> None:
    errors = _refused(signed_in, {**CHANGE, "new_password": new_password})

    assert list(errors) == ["new_password"]
    assert message in errors["new_password"]


def test_missing_fields_are_named(signed_in: APIClient) -> None:
    required = ["This field is required."]

    assert _refused(signed_in, {}) == {"password": required, "new_password": required}
    assert _refused(signed_in, {**CHANGE, "refresh_in": "header"}) == {
        "refresh_in": ['Choose "body" or "cookie".']
    }


def test_the_new_password_is_kept_as_it_was_typed(api: APIClient, signed_in: APIClient) -> None:
    signed_in.post("/auth/password/change", {**CHANGE, "new_password": "  caf\u00e9 au lait "})

    def sign_in_with(password: str) -> int:
        return api.post("/auth/login", {"username": "jane_doe", "password": password}).status_code

    assert sign_in_with("  cafe\u0301 au lait ") == 200
    assert sign_in_with("caf\u00e9 au lait") == 400


def test_the_same_password_again_is_a_change_too(signed_in: APIClient) -> None:
    answer = signed_in.post("/auth/password/change", {**CHANGE, "new_password": PASSWORD})

    assert answer.status_code == 200
    assert me_code(answer.json()["token"]) == ""
    assert signed_in.get("/auth/me").json()["code"] == "session_ended"


def test_a_refresh_token_in_the_body(signed_in: APIClient) -> None:
    answer = signed_in.post("/auth/password/change", CHANGE | {"refresh_in": "body"})

    assert set(answer.json()) == {"username", "email", "token", "expires_in", "refresh", "device"}
    assert answer.json()["expires_in"] == 15 * 60
    assert not answer.cookies
    assert me_code(refresh(answer.json()["refresh"])["token"]) == ""


def test_a_refresh_token_in_a_cookie(signed_in: APIClient) -> None:
    answer = signed_in.post("/auth/password/change", CHANGE | {"refresh_in": "cookie"})

    assert set(answer.json()) == {"username", "email", "token", "expires_in"}
    assert list(answer.cookies) == [COOKIE, DEVICE_COOKIE]
    assert me_code(refresh(answer.cookies[COOKIE].value)["token"]) == ""


def test_an_old_hash_is_no_obstacle(signed_in: APIClient) -> None:
    User.objects.update(password=hashers.PBKDF2PasswordHasher().encode(PASSWORD, "somesalt", iterations=1000))

    assert signed_in.post("/auth/password/change", CHANGE).status_code == 200

    assert User.objects.get().check_password(NEW_PASSWORD)


def test_an_unusable_password_cannot_be_changed(signed_in: APIClient, user: User) -> None:
    User.objects.update(password=hashers.make_password(None))

    assert _refused(signed_in, CHANGE) == INCORRECT


def _while_hashing(monkeypatch: pytest.MonkeyPatch, act: Any) -> None:
    """Do this once, after the current password is verified and before the new one is stored."""
    real = User.set_password
    done: list[bool] = []

    def set_password(self: User, raw_password: str | None) -> None:
        if not done:
            done.append(True)
            act()
        real(self, raw_password)

    monkeypatch.setattr(User, "set_password", set_password)


def test_of_two_changes_at_once_the_first_wins(
    signed_in: APIClient, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change() -> None:
        owner = User.objects.get()
        owner.set_password("the other new password")
        owner.save()

    _while_hashing(monkeypatch, change)
    answer = signed_in.post("/auth/password/change", CHANGE)

    assert (answer.status_code, answer.json()) == (400, INCORRECT)
    assert User.objects.get().check_password("the other new password")
    assert not Event.objects.filter(event="password_changed").exists()


def test_a_hash_upgraded_at_the_same_moment_is_no_obstacle(
    signed_in: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    _while_hashing(monkeypatch, lambda: User.objects.update(password=hashers.make_password(PASSWORD)))

    answer = signed_in.post("/auth/password/change", CHANGE)

    assert (answer.status_code, me_code(answer.json()["token"])) == (200, "")
    assert User.objects.get().check_password(NEW_PASSWORD)


def test_a_change_of_an_account_just_deleted_is_refused_as_over(user: User) -> None:
    User.objects.filter(pk=user.pk).delete()

    with pytest.raises(SessionEnded):
        services.change(
            user=user, password=PASSWORD, new_password=NEW_PASSWORD, refreshable=False, client=Client()
        )


def test_only_the_owner_changes_it(api: APIClient, user: User) -> None:
    answer = api.post("/auth/password/change", CHANGE)

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert User.objects.get().check_password(PASSWORD)
