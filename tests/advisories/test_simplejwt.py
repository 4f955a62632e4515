"""Flaws of the packages that hand out tokens for Django REST framework."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from authentication.models import Session, User
from authentication.tokens import access
from tests.advisories.conftest import Tokens
from tests.conftest import PASSWORD, client_for
from tests.tokens.forge import good_claims, sign

COOKIE = "__Host-oddjobbox_refresh"


def me(token: str) -> Any:
    return client_for(token).get("/auth/me")


def renew(token: str) -> Any:
    return APIClient().post("/auth/refresh", {"refresh": token})


def codes(*answers: Any) -> list[tuple[int, str]]:
    return [(answer.status_code, answer.json()["code"]) for answer in answers]


def test_a_disabled_user_keeps_no_token(user: User, pair: Tokens) -> None:
    """CVE-2024-22513 (simplejwt), allauth 65.13.0: tokens outlived ``is_active``."""
    shell = user.token
    user.is_active = False
    user.save()
    inactive = (401, "user_inactive")
    assert codes(me(pair["token"]), me(shell), renew(pair["refresh"])) == [inactive] * 3


def test_a_user_disabled_past_the_model_keeps_no_token(user: User, pair: Tokens) -> None:
    """The same by ``QuerySet.update``, which calls no ``save``."""
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert codes(me(pair["token"]), renew(pair["refresh"])) == [(401, "user_inactive")] * 2


def test_a_user_who_is_enabled_again_is_not_signed_in_again(user: User, pair: Tokens) -> None:
    """integreat-cms #782: a ban could be undone by an old token."""
    for is_active in (False, True):
        user.is_active = is_active
        user.save()
    assert codes(me(pair["token"]), renew(pair["refresh"])) == [(401, "session_ended")] * 2


def test_a_token_that_is_minted_for_a_disabled_user_is_useless(user: User) -> None:
    """CVE-2024-22513: ``for_user`` asked nothing."""
    user.is_active = False
    user.save()
    assert codes(me(user.token)) == [(401, "user_inactive")]


def test_a_deleted_user_cannot_refresh(user: User, pair: Tokens) -> None:
    """simplejwt #193: refresh and verify worked on, later they answered 500."""
    assert client_for(pair["token"]).post("/auth/me/delete", {"password": PASSWORD}).status_code == 204
    assert codes(me(pair["token"]), renew(pair["refresh"])) == [(401, "session_ended")] * 2


def test_a_deleted_users_id_is_nobody_elses(user: User, pair: Tokens) -> None:
    """A database may give the id to the next user."""
    number = user.pk
    user.delete()
    User.objects.create_user("john_doe", "john@example.com", PASSWORD, id=number)
    assert codes(me(pair["token"]), renew(pair["refresh"])) == [(401, "session_ended")] * 2


def test_a_rotated_token_does_not_verify(pair: Tokens) -> None:
    """simplejwt #46: the verifying endpoint accepted tokens that were spent."""
    second = renew(pair["refresh"]).json()
    third = renew(second["refresh"]).json()
    assert codes(renew(pair["refresh"])) == [(401, "refresh_reused")]
    assert codes(me(third["token"]), renew(third["refresh"])) == [(401, "session_ended")] * 2


def test_a_grace_period_revives_the_previous_generation_only(pair: Tokens) -> None:
    """django-oauth-toolkit #1617: within the grace period any older token was revived."""
    second = renew(pair["refresh"]).json()
    assert renew(pair["refresh"]).json()["refresh"] == second["refresh"]
    renew(second["refresh"])
    assert codes(renew(pair["refresh"])) == [(401, "refresh_reused")]


def test_two_rotations_within_one_second_are_two_generations(pair: Tokens) -> None:
    """Keycloak #50999: tokens of one second were told apart by their ``iat``."""
    tokens = [pair["refresh"]]
    for _ in range(5):
        tokens.append(renew(tokens[-1]).json()["refresh"])
    assert len(set(tokens)) == 6
    assert codes(renew(tokens[0])) == [(401, "refresh_reused")]


@pytest.mark.parametrize(
    "user_id", ["word", [1], {"a": 1}, None, True, "1\x00", float("nan"), 1.5, "9" * 5000]
)
def test_a_user_id_that_is_no_number(user_id: Any, user: User) -> None:
    """simplejwt #147: such an id in a signed token ended as a 500; a lookalike signed in."""
    claims = good_claims(user.pk, str(user.sessions.open().session_id))
    for sub in (claims["sub"], user_id):
        assert codes(me(sign({**claims, "id": user_id, "sub": sub}))) == [(401, "token_invalid")]


def test_no_claim_is_made_from_the_password(user: User, pair: Tokens) -> None:
    """simplejwt #985: a digest of the password's hash was a claim."""
    before = access.verify_access_token(pair["token"])
    assert not {user.password, user.security_stamp, user.email} & set(map(str, vars_of(before)))


def vars_of(claims: access.Claims) -> list[Any]:
    return [getattr(claims, name) for name in claims.__slots__]


def test_a_revoked_session_cannot_be_refreshed(pair: Tokens) -> None:
    """CVE-2020-10594 (drf-jwt): a blacklisted token could still be exchanged for a fresh one."""
    client = client_for(pair["token"])
    assert client.delete(f"/auth/sessions/{Session.objects.get().pk}").status_code == 204
    assert codes(me(pair["token"]), renew(pair["refresh"])) == [(401, "session_ended")] * 2


def test_logout_ends_the_refresh_token_of_the_body(pair: Tokens) -> None:
    """dj-rest-auth #754: the refresh token outlived the logout."""
    assert client_for(pair["token"]).post("/auth/logout").status_code == 204
    assert codes(me(pair["token"]), renew(pair["refresh"])) == [(401, "session_ended")] * 2


def test_logout_ends_the_refresh_token_of_the_cookie(user: User) -> None:
    """dj-rest-auth #27, #475: the cookie was cleared, and its token lived on."""
    browser = signed_in_browser()
    stolen = browser.cookies[COOKIE].value
    assert browser.post("/auth/logout").status_code == 204
    assert codes(renew(stolen)) == [(401, "session_ended")]


def test_a_refresh_token_of_the_cookie_is_never_in_the_body(user: User) -> None:
    """dj-rest-auth #580: the rotated one was in both."""
    browser = signed_in_browser()
    body = browser.post("/auth/refresh").json()
    assert set(body) == {"token", "expires_in"}


def test_the_cookie_is_cleared_with_the_attributes_it_was_set_with(user: User) -> None:
    """dj-rest-auth #208: it stayed in the browser."""
    browser = signed_in_browser()
    attributes = ("path", "domain", "secure", "httponly", "samesite")
    stored = {name: browser.cookies[COOKIE][name] for name in attributes}
    assert stored == {"path": "/", "domain": "", "secure": True, "httponly": True, "samesite": "Strict"}
    cleared = browser.post("/auth/logout").cookies[COOKIE]
    assert {name: cleared[name] for name in attributes} == stored
    assert (cleared.value, cleared["max-age"]) == ("", 0)


def signed_in_browser() -> APIClient:
    browser = APIClient()
    credentials = {"username": "jane_doe", "password": PASSWORD, "refresh_in": "cookie"}
    answer = browser.post("/auth/login", credentials)
    assert "refresh" not in answer.json()
    return browser


def test_a_blank_password_does_not_sign_in(api: APIClient, user: User) -> None:
    """allauth 65.11.1: an optional password was stored as an empty one, not as unusable."""
    User.objects.create_user("john_doe", "john@example.com", None)
    for name in ("jane_doe", "john_doe"):
        for password in ("", " ", "!", "None", "null"):
            answer = api.post("/auth/login", {"username": name, "password": password})
            assert answer.status_code == 400
    assert not Session.objects.exists()


def test_the_right_password_of_a_refused_user_brings_no_token(api: APIClient, user: User) -> None:
    """djoser #795, #458: the user was looked up past the refusal, and a token issued."""
    User.objects.filter(pk=user.pk).update(is_active=False)
    for refresh_in in ("body", "cookie"):
        credentials = {"username": "jane_doe", "password": PASSWORD, "refresh_in": refresh_in}
        answer = api.post("/auth/login", credentials)
        assert answer.status_code == 400
        assert answer.json() == {"non_field_errors": ["This user has been deactivated."]}
        assert COOKIE not in answer.cookies
    assert not Session.objects.exists()
