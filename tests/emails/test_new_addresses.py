"""POST /auth/email/change: which address is accepted, and from whom"""

from typing import Any

import pytest
from rest_framework.test import APIClient

from authentication.models import EmailChange, User
from tests.conftest import PASSWORD
from tests.emails.steps import (
    EMAIL_TAKEN,
    NEW,
    REQUIRED,
    address,
    answered,
    ask_for,
    change_key,
    deliver,
    delivered_link,
    pending,
    post,
    sent,
    verify,
)

SWAPPED = {"email": NEW, "email_verified": True}
OLD = "jane@example.com"
INVALID = {"email": ["Enter a valid email address."]}
INCORRECT = {"password": ["This password is not correct."]}


@pytest.fixture
def other(db: None) -> User:
    return User.objects.create_user("other_user", "other@example.com", PASSWORD)


@pytest.mark.parametrize("password", ["wrong", "", PASSWORD.upper(), None])
def test_the_password_is_required(signed_in: APIClient, password: str | None) -> None:
    answer = ask_for(signed_in, NEW, password)  # type: ignore[arg-type]

    assert (answer.status_code, list(answer.json())) == (400, ["password"])
    assert (pending(signed_in), sent()) == (None, [])


def test_a_wrong_password_gets_the_same_error_whatever_the_address(signed_in: APIClient, other: User) -> None:
    for email in (NEW, "other@example.com", "no address", OLD):
        assert answered(ask_for(signed_in, email, "wrong")) == (400, INCORRECT)


def test_an_email_change_needs_a_token(user: User) -> None:
    answer = post("/auth/email/change", {"email": NEW, "password": PASSWORD})

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert answered(post("/auth/email/change/"))[0] == 401


def test_missing_fields_are_named(signed_in: APIClient) -> None:
    assert answered(signed_in.post("/auth/email/change/")) == (400, {"email": REQUIRED, "password": REQUIRED})


@pytest.mark.parametrize(
    "email",
    [
        "jane",
        "jane@",
        "@example.com",
        "jane@example",
        "jane@@example.com",
        "jane doe@example.com",
        "Jane <jane@example.org>",
        '"jane doe"@example.org',
        '"jane"@example.org',
        "jane@example.org\r\nBcc: all@example.com",
        "jane@example.org,other@example.org",
        "jane@example.org\tx",
        "jan\u00e9@example.org",
        "jane@exa_mple.org",
        "jane@xn--a.example",
        "jane@-example.org",
        "jane@[127.0.0.1]",
        "jane@\u2488com",
        "mailto:jane@example.org ?",
    ],
)
def test_what_is_no_address_is_refused(signed_in: APIClient, email: str) -> None:
    assert answered(ask_for(signed_in, email)) == (400, INVALID)
    assert (pending(signed_in), sent()) == (None, [])


def test_an_address_has_254_characters_at_most(signed_in: APIClient) -> None:
    domain = ".".join(["d" * 61] * 3)
    fits = "a" * 60 + "@" + domain + ".com"
    assert len(fits) == 250

    assert ask_for(signed_in, "abcd" + fits).status_code == 202
    answer = ask_for(signed_in, "abcde" + fits)
    assert (answer.status_code, list(answer.json())) == (400, ["email"])


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("jane@B\u00dcCHER.example", "jane@b\u00fccher.example"),
        ("jane@xn--bcher-kva.example", "jane@b\u00fccher.example"),
        ("Jane.Doe+tag@EXAMPLE.org", "Jane.Doe+tag@example.org"),
        ("  jane@example.org\r\n", "jane@example.org"),
        ("jane@\u4f8b\u3048.\u30c6\u30b9\u30c8", "jane@\u4f8b\u3048.\u30c6\u30b9\u30c8"),
    ],
)
def test_an_address_is_kept_in_its_one_form(signed_in: APIClient, typed: str, stored: str) -> None:
    assert answered(ask_for(signed_in, typed)) == (202, None)
    assert pending(signed_in) == stored
    key = delivered_link(stored, "/verify-email")["key"]
    assert answered(verify(key)) == (200, {"email": stored, "email_verified": True})
    assert signed_in.get("/auth/me").json()["email"] == stored


def test_the_users_own_address_in_another_case_is_a_change(user: User, signed_in: APIClient) -> None:
    key = change_key(signed_in, "JANE@example.com")
    assert pending(signed_in) == "JANE@example.com"

    assert answered(verify(key)) == (200, {"email": "JANE@example.com", "email_verified": True})
    assert address(user) == ("JANE@example.com", True)


def test_a_taken_address_is_refused(signed_in: APIClient, other: User) -> None:
    for email in ("other@example.com", "OTHER@EXAMPLE.COM"):
        assert answered(ask_for(signed_in, email)) == (400, EMAIL_TAKEN)
    assert (pending(signed_in), sent()) == (None, [])


def test_with_verification_the_owner_of_the_address_gets_a_mail_instead(
    settings: Any, user: User, signed_in: APIClient, other: User
) -> None:
    settings.REQUIRE_VERIFIED_EMAIL = True

    taken, free = ask_for(signed_in, "other@example.com"), ask_for(signed_in, NEW)

    assert answered(taken) == answered(free) == (202, None)
    assert dict(taken.headers) == dict(free.headers)
    deliver()
    ask_for(signed_in, "OTHER@example.com")
    assert pending(signed_in) == "OTHER@example.com"
    [message] = deliver()
    assert (message.to, message.subject) == (
        ["other@example.com"],
        "You already have an account at Oddjobbox",
    )
    assert "#" not in message.body
    assert "jane" not in message.body


def test_an_address_taken_before_the_mail_is_sent_gets_no_link(signed_in: APIClient, user: User) -> None:
    ask_for(signed_in, NEW)
    User.objects.create_user("other_user", NEW, PASSWORD)

    [message] = deliver()

    assert (message.to, "#" in message.body) == ([NEW], False)


def test_a_lost_race_is_an_ordinary_error(user: User, signed_in: APIClient) -> None:
    key = change_key(signed_in)
    User.objects.create_user("other_user", "New@Example.com", PASSWORD)

    assert answered(verify(key)) == (400, EMAIL_TAKEN)
    assert (address(user), EmailChange.objects.count(), sent()) == ((OLD, False), 0, [])
    # Nothing is used up by it.
    User.objects.get(username="other_user").delete()
    assert answered(verify(key)) == (200, SWAPPED)
