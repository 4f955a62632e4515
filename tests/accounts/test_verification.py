"""Registration and login where addresses have to be verified first"""

from typing import Any

import pytest
from django.contrib.auth import hashers
from django.test import Client
from rest_framework.test import APIClient

from authentication.models import Event, Session, User
from tests.conftest import PASSWORD, client_for
from tests.emails.steps import (
    KEY_INVALID,
    NEW_PASSWORD,
    address,
    answered,
    confirm,
    deliver,
    delivered_link,
    post,
    reset_link,
    sent,
    verification_key,
    verify,
)
from tests.sessions.steps import COOKIE

JANE = {"username": "jane_doe", "email": "jane@example.com", "password": PASSWORD}
OTHER = {"username": "other_user", "email": "jane@example.com", "password": PASSWORD}
NOT_VERIFIED = {"detail": "This email address has not been verified.", "code": "email_not_verified"}
WRONG = {"non_field_errors": ["A user with this email and password was not found."]}
BANNED = {"non_field_errors": ["This user has been deactivated."]}
USERNAME_TAKEN = {"username": ["This username is already associated with an account."]}
TOO_COMMON = {"password": ["This password is too common."]}
CONFIRM_IT = "Confirm your email address for Oddjobbox"
TAKEN = "You already have an account at Oddjobbox"


@pytest.fixture(autouse=True)
def _required(settings: Any) -> None:
    settings.REQUIRE_VERIFIED_EMAIL = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def _register(body: dict[str, Any]) -> Any:
    return post("/auth/registration", body)


def _login(password: str = PASSWORD, username: str = "jane_doe") -> Any:
    return post("/auth/login", {"username": username, "password": password})


@pytest.mark.parametrize("refresh_in", [None, "body", "cookie"])
def test_a_new_account_has_no_session_until_its_address_is_verified(db: None, refresh_in: str | None) -> None:
    answer = _register(JANE if refresh_in is None else {**JANE, "refresh_in": refresh_in})

    assert answered(answer) == (
        201,
        {"username": "jane_doe", "email": "jane@example.com", "verification": "required"},
    )
    assert (list(answer.cookies), Session.objects.count()) == ([], 0)
    assert answered(_login()) == (403, NOT_VERIFIED)
    key = delivered_link("jane@example.com", "/verify-email")["key"]
    assert verify(key).status_code == 200
    assert _login().status_code == 200


@pytest.mark.parametrize(
    ("registered", "typed", "shown"),
    [
        ("jane@example.com", "jane@example.com", "jane@example.com"),
        ("jane@example.com", "JANE@EXAMPLE.COM", "JANE@example.com"),
        ("jane@b\u00fccher.example", "Jane@xn--bcher-kva.example", "Jane@b\u00fccher.example"),
        ("jane@b\u00fccher.example", " jane@B\u00dcCHER.example ", "jane@b\u00fccher.example"),
    ],
)
def test_a_taken_address_gets_the_response_of_a_new_one(
    db: None, registered: str, typed: str, shown: str
) -> None:
    # What the same words get while the address is new.
    new = _register({**OTHER, "email": typed})
    User.objects.all().delete()
    User.objects.create_user("jane_doe", registered, PASSWORD)
    deliver()

    taken = _register({**OTHER, "email": typed})

    body = {"username": "other_user", "email": shown, "verification": "required"}
    assert answered(taken) == answered(new) == (201, body)
    assert dict(taken.headers) == dict(new.headers)
    assert not taken.cookies
    assert User.objects.values_list("username", flat=True).get() == "jane_doe"
    [message] = deliver()
    assert (message.to, message.subject) == ([registered], TAKEN)
    assert "jane_doe" in message.body
    assert "#" not in message.body


def test_other_errors_do_not_reveal_that_the_address_is_taken(user: User) -> None:
    """The taken address once came along with the refusal of the username or the password."""
    for email in ("jane@example.com", "new@example.com"):
        assert answered(_register({**JANE, "email": email})) == (400, USERNAME_TAKEN)
        assert answered(_register({**OTHER, "email": email, "password": "password"})) == (400, TOO_COMMON)
        both = _register({"username": "jane_doe", "email": email, "password": "password"})
        assert answered(both) == (400, USERNAME_TAKEN | TOO_COMMON)
    assert sent() == []


def test_an_address_taken_while_the_password_is_hashed_gets_the_same_response(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The check before the hash finds nothing, as when both requests came at the same moment.
    monkeypatch.setattr(User, "validate_constraints", lambda self, exclude=None: None)

    assert answered(_register(OTHER)) == (
        201,
        {"username": "other_user", "email": "jane@example.com", "verification": "required"},
    )
    assert User.objects.count() == 1
    assert sent() == [("jane@example.com", TAKEN)]
    assert answered(_register({**JANE, "email": "new@example.com"})) == (400, USERNAME_TAKEN)


def test_new_and_taken_addresses_cost_one_hash_each(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    real = hashers.MD5PasswordHasher.encode

    def encode(self: Any, password: str, salt: str) -> str:
        hashed.append(password)
        return real(self, password, salt)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", encode)
    for email in ("jane@example.com", "new@example.com"):
        hashed.clear()
        assert _register({**OTHER, "email": email}).status_code == 201
        assert hashed == [PASSWORD], email


def test_the_owner_of_a_taken_address_who_is_banned_gets_no_mail(user: User) -> None:
    User.objects.update(is_active=False)

    assert _register(OTHER).status_code == 201
    assert sent() == []


@pytest.mark.parametrize("username", ["jane_doe", "jane@example.com", "JANE_DOE"])
def test_only_the_right_password_reveals_that_the_address_is_not_verified(user: User, username: str) -> None:
    assert answered(_login("wrong", username)) == (400, WRONG)
    assert answered(_login(PASSWORD, username)) == (403, NOT_VERIFIED)
    assert answered(_login(PASSWORD, "nobody_here")) == (400, WRONG)
    assert (Session.objects.count(), Event.objects.filter(event="sign_in_failed").count()) == (0, 3)


def test_a_refused_request_sets_no_cookie(user: User) -> None:
    body = {"username": "jane_doe", "password": PASSWORD, "refresh_in": "cookie"}
    answer = post("/auth/login", body)

    assert (answered(answer), COOKIE in answer.cookies) == ((403, NOT_VERIFIED), False)


def test_a_mail_that_was_lost_is_sent_again(user: User) -> None:
    assert verify(verification_key()).status_code == 200

    assert _login().status_code == 200


def test_a_reset_verifies_as_well(user: User) -> None:
    assert confirm(reset_link()).status_code == 204

    assert _login(NEW_PASSWORD).status_code == 200


def test_a_squatter_on_an_address_loses_the_account_to_its_owner(db: None) -> None:
    """Who registers with a stranger's address has no session, and the password is the owner's to set."""
    _register(JANE)
    assert answered(_register({**OTHER, "password": "the owner's own one"}))[0] == 201
    assert sent()[-1] == ("jane@example.com", TAKEN)

    assert confirm(reset_link(), NEW_PASSWORD).status_code == 204

    assert answered(_login(PASSWORD)) == (400, WRONG)
    assert _login(NEW_PASSWORD, "jane@example.com").status_code == 200


def test_banned_and_unverified_accounts_get_different_errors(user: User) -> None:
    User.objects.update(is_active=False)
    assert answered(_login()) == (400, BANNED)
    assert answered(_login("wrong")) == (400, WRONG)


@pytest.mark.parametrize("path", ["/auth/email/resend", "/auth/password/reset"])
def test_a_banned_user_gets_no_mail_and_the_same_response(user: User, path: str) -> None:
    User.objects.update(is_active=False)

    assert answered(post(path, {"email": "jane@example.com"})) == (202, None)
    assert sent() == []


def test_no_link_lets_a_banned_user_in_again(user: User) -> None:
    key, reset = verification_key(), reset_link()
    # Around save(), which would renew the stamp and so kill the links by itself.
    User.objects.update(is_active=False)

    assert answered(verify(key)) == (400, KEY_INVALID)
    assert answered(confirm(reset)) == (400, KEY_INVALID)

    assert (User.objects.get().is_active, address(user)) == (False, ("jane@example.com", False))
    assert answered(_login()) == (400, BANNED)


def test_sessions_from_before_go_on_and_end_with_their_sign_out(user: User) -> None:
    signed_in = client_for(user.token)

    assert signed_in.get("/auth/me").json()["email_verified"] is False
    assert signed_in.post("/auth/logout").status_code == 204
    assert answered(_login()) == (403, NOT_VERIFIED)


def test_an_address_that_staff_give_has_to_be_verified(user: User) -> None:
    assert verify(verification_key()).status_code == 200
    User.objects.create_superuser("the_admin", "admin@example.com", PASSWORD)
    staff = Client()
    staff.post("/admin/login/", {"username": "the_admin", "password": PASSWORD})
    form = {"username": "jane_doe", "email": "new@example.com", "is_active": "on"}
    assert staff.post(f"/admin/authentication/user/{user.pk}/change/", form).status_code == 302

    assert answered(_login()) == (403, NOT_VERIFIED)
    assert verify(verification_key("new@example.com")).status_code == 200
    assert _login().status_code == 200


def test_without_the_setting_a_taken_address_is_reported(settings: Any, api: APIClient, user: User) -> None:
    settings.REQUIRE_VERIFIED_EMAIL = False

    answer = api.post("/auth/registration", OTHER)

    assert answered(answer) == (400, {"email": ["This email is already associated with an account."]})
    assert sent() == []
    assert _login().status_code == 200
