"""POST /auth/email/resend"""

from collections.abc import Callable
from typing import Any

import pytest
from django_tasks_db.models import DBTaskResult
from rest_framework.test import APIClient

from authentication.models import User
from tests.conftest import PASSWORD
from tests.emails.steps import (
    NEW,
    REQUIRED,
    address,
    answered,
    ask_for,
    deliver,
    delivered_link,
    link_in,
    pending,
    post,
    sent,
    verification_key,
    verify,
)

RESEND = "/auth/email/resend"
VERIFICATION = "Confirm your email address for Oddjobbox"


@pytest.mark.parametrize("slash", ["", "/"])
def test_an_unverified_address_gets_a_link(user: User, slash: str) -> None:
    answer = post(RESEND + slash, {"email": "jane@example.com"})

    assert answered(answer) == (202, None)
    assert answer.headers["Cache-Control"] == "no-store"
    assert sent() == [("jane@example.com", VERIFICATION)]


@pytest.mark.parametrize("typed", ["JANE@example.com", "jane@EXAMPLE.com", " jane@example.com "])
def test_the_mail_goes_to_the_address_as_it_is_stored(user: User, typed: str) -> None:
    assert answered(post(RESEND, {"email": typed})) == (202, None)
    assert sent() == [("jane@example.com", VERIFICATION)]


@pytest.mark.parametrize(
    "email",
    [
        "nobody@example.com",
        "inactive@example.com",
        "verified@example.com",
        "jane_doe",
        "no address",
        "jane@example.com\r\nBcc: all@example.com",
        "Jane <jane@example.com>",
        "jan\u00e9@example.com",
        "@",
        "x" * 254,
    ],
)
def test_an_ineligible_address_gets_no_mail_and_the_same_response(user: User, email: str) -> None:
    User.objects.create_user("inactive", "inactive@example.com", PASSWORD, is_active=False)
    User.objects.create_user("verified", "verified@example.com", PASSWORD)
    assert verify(verification_key("verified@example.com")).status_code == 200

    assert answered(post(RESEND, {"email": email})) == (202, None)
    assert sent() == []


def test_a_signed_in_user_need_not_name_the_address(user: User, signed_in: APIClient) -> None:
    assert answered(signed_in.post(RESEND)) == (202, None)
    assert answered(signed_in.post(RESEND, {})) == (202, None)
    assert sent() == [("jane@example.com", VERIFICATION)] * 2


def test_a_signed_in_user_cannot_have_mails_sent_to_others(user: User, signed_in: APIClient) -> None:
    User.objects.create_user("other_user", "other@example.com", PASSWORD)

    assert answered(signed_in.post(RESEND, {"email": "other@example.com"})) == (202, None)
    assert sent() == [("jane@example.com", VERIFICATION)]


def test_a_verified_user_gets_no_link(user: User, signed_in: APIClient) -> None:
    verify(verification_key())

    assert answered(signed_in.post(RESEND)) == (202, None)
    assert sent() == []


def test_a_user_with_a_pending_address_gets_the_link_there(user: User, signed_in: APIClient) -> None:
    ask_for(signed_in, NEW)
    deliver()

    assert answered(signed_in.post(RESEND)) == (202, None)
    key = delivered_link(NEW, "/verify-email")["key"]

    assert answered(verify(key)) == (200, {"email": NEW, "email_verified": True})


def test_a_pending_change_lasts_as_long_as_its_newest_link(
    user: User, signed_in: APIClient, advance: Callable[..., None]
) -> None:
    ask_for(signed_in, NEW)
    advance(days=2)
    signed_in.post(RESEND)
    [_, newest] = [message for message in deliver() if message.to == [NEW]]
    advance(days=2, hours=23)

    assert pending(signed_in) == NEW
    assert answered(verify(link_in(newest)[1]["key"])) == (200, {"email": NEW, "email_verified": True})


def test_an_expired_change_is_not_pending(
    user: User, signed_in: APIClient, advance: Callable[..., None]
) -> None:
    ask_for(signed_in, NEW)
    deliver()
    advance(days=3)

    assert answered(signed_in.post(RESEND)) == (202, None)
    assert sent() == [("jane@example.com", VERIFICATION)]
    assert pending(signed_in) is None
    assert address(user) == ("jane@example.com", False)


@pytest.mark.parametrize("header", [None, "Basic x", "Bearer", "Bearer a b"])
def test_a_request_with_neither_address_nor_token_gets_an_error(db: None, header: str | None) -> None:
    extra: dict[str, Any] = {"HTTP_AUTHORIZATION": header} if header else {}

    assert answered(post(RESEND, {}, **extra)) == (400, {"email": REQUIRED})
    assert not DBTaskResult.objects.exists()


def test_a_stale_token_and_no_token_get_different_errors(user: User) -> None:
    answer = post(RESEND, {"email": "jane@example.com"}, HTTP_AUTHORIZATION="Bearer stale")

    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
    assert sent() == []


@pytest.mark.parametrize("path", [RESEND, "/auth/password/reset"])
@pytest.mark.parametrize(
    ("email", "message"),
    [
        (None, "This field may not be null."),
        ("", "This field may not be blank."),
        (1, "Not a valid string."),
        (["jane@example.com"], "Not a valid string."),
        ("jane\0@example.com", "Null characters are not allowed."),
        ("x" * 255, "Ensure this field has no more than 254 characters."),
    ],
)
def test_an_invalid_address_is_refused(db: None, path: str, email: object, message: str) -> None:
    assert answered(post(path, {"email": email})) == (400, {"email": [message]})
    assert not DBTaskResult.objects.exists()
