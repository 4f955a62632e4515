"""POST /auth/email/verify with the link of a registration"""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from authentication.models import Event, User
from authentication.tokens import links
from authentication.tokens.links import Purpose
from tests.conftest import PASSWORD, client_for
from tests.emails.steps import (
    KEY_EXPIRED,
    KEY_INVALID,
    KEY_USED,
    NEW_PASSWORD,
    REQUIRED,
    address,
    answered,
    deliver,
    delivered_link,
    post,
    reset_link,
    sent,
    verification_key,
    verify,
)

JANE = {"username": "jane_doe", "email": "jane@example.com", "password": PASSWORD}
VERIFIED = {"email": "jane@example.com", "email_verified": True}


def test_the_link_of_a_registration_verifies_the_address(api: APIClient, db: None) -> None:
    token = api.post("/auth/registration", JANE).json()["token"]
    assert client_for(token).get("/auth/me").json()["email_verified"] is False
    link = delivered_link("jane@example.com", "/verify-email")

    answer = verify(link["key"])

    assert list(link) == ["key"]
    assert answered(answer) == (200, VERIFIED)
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies
    # The sign-in goes on.
    assert client_for(token).get("/auth/me").json()["email_verified"] is True
    assert list(Event.objects.order_by("pk").values_list("event", flat=True)) == [
        "registered",
        "email_verified",
    ]


def test_the_link_works_once(user: User) -> None:
    key = verification_key()
    assert verify(key).status_code == 200

    assert answered(verify(key)) == (400, KEY_USED)
    assert Event.objects.filter(event="email_verified").count() == 1


def test_any_one_of_several_links_works_and_uses_up_the_others(user: User) -> None:
    first, second = verification_key(), verification_key()

    assert answered(verify(first)) == (200, VERIFIED)
    assert answered(verify(second)) == (400, KEY_USED)


def test_the_link_expires_after_three_days(user: User, advance: Callable[..., None]) -> None:
    late, early = verification_key(), verification_key()
    advance(days=2, hours=23, minutes=59)
    assert answered(verify(early)) == (200, VERIFIED)
    advance(minutes=1)
    assert answered(verify(late)) == (400, KEY_EXPIRED)


def test_a_password_change_invalidates_the_link(user: User, signed_in: APIClient) -> None:
    key = verification_key()
    change = {"password": PASSWORD, "new_password": NEW_PASSWORD}
    assert signed_in.post("/auth/password/change", change).status_code == 200

    assert answered(verify(key)) == (400, KEY_USED)
    assert address(user) == ("jane@example.com", False)
    assert answered(verify(verification_key())) == (200, VERIFIED)


def test_signing_in_and_out_invalidates_no_link(api: APIClient, user: User) -> None:
    key = verification_key()
    token = api.post("/auth/login", {"username": "jane_doe", "password": PASSWORD}).json()["token"]
    assert client_for(token).post("/auth/logout").status_code == 204

    assert answered(verify(key)) == (200, VERIFIED)


@pytest.mark.parametrize("header", ["Bearer stale", "Bearer", "Basic x", "\xff"])
def test_the_authorization_header_is_not_looked_at(user: User, header: str) -> None:
    key = verification_key()

    assert answered(post("/auth/email/verify", {"key": key}, HTTP_AUTHORIZATION=header)) == (200, VERIFIED)


def test_both_forms_of_the_path_and_of_the_body_work(user: User) -> None:
    form = {"content_type": "application/x-www-form-urlencoded"}

    assert post("/auth/email/verify/", f"key={verification_key()}", **form).status_code == 200


@pytest.mark.parametrize("path", ["/auth/email/verify", "/auth/email/undo"])
@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"key": REQUIRED}),
        ({"key": None}, {"key": ["This field may not be null."]}),
        ({"key": ""}, {"key": ["This field may not be blank."]}),
        ({"key": " \n"}, {"key": ["This field may not be blank."]}),
        ({"key": 1}, {"key": ["Not a valid string."]}),
        ({"key": True}, {"key": ["Not a valid string."]}),
        ({"key": ["ojk_"]}, {"key": ["Not a valid string."]}),
        ({"key": "ojk_\0"}, {"key": ["Null characters are not allowed."]}),
    ],
)
def test_a_value_that_is_not_text_is_named(
    db: None, path: str, body: Any, errors: dict[str, list[str]]
) -> None:
    assert answered(post(path, body)) == (400, errors)


@pytest.mark.parametrize("path", ["/auth/email/verify", "/auth/email/undo"])
@pytest.mark.parametrize(
    "key", ["x", "ojk_", f"ojk_{'A' * 39}.{'A' * 43}", "é" * 64, "x" * 10_000, "ojk_A" * 2_000]
)
def test_an_invalid_key_is_refused(db: None, path: str, key: str) -> None:
    assert answered(post(path, {"key": key})) == (400, KEY_INVALID)


def test_spaces_around_a_key_are_ignored(user: User) -> None:
    assert answered(verify(f"  {verification_key()}\r\n")) == (200, VERIFIED)


def test_a_deleted_or_deactivated_user_cannot_verify_an_address(user: User) -> None:
    key = verification_key()
    User.objects.update(is_active=False)
    assert answered(verify(key)) == (400, KEY_INVALID)
    assert (User.objects.get().is_active, address(user)) == (False, ("jane@example.com", False))
    User.objects.all().delete()
    assert answered(verify(key)) == (400, KEY_INVALID)


def test_the_key_of_one_user_is_refused_for_another(user: User) -> None:
    other = User.objects.create_user("other_user", "other@example.com", PASSWORD)

    assert verify(verification_key("other@example.com")).status_code == 200

    assert [address(user)[1], address(other)[1]] == [False, True]


def test_no_method_but_post_uses_a_key(user: User) -> None:
    key = verification_key()
    for method in ("get", "put", "patch", "delete", "head", "options"):
        answer = getattr(APIClient(), method)(f"/auth/email/verify?key={key}")
        assert answer.status_code in (200, 405)
    assert address(user) == ("jane@example.com", False)


def test_a_problem_names_the_code(user: User) -> None:
    answer = post("/auth/email/verify", {"key": "x"}, headers={"Accept": "application/problem+json"})

    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "/docs/errors#key_invalid",
        "title": "This link is not valid.",
        "status": 400,
        **KEY_INVALID,
    }


def test_a_link_verifies_only_the_address_it_was_sent_to(user: User) -> None:
    key = links.issue(Purpose.VERIFY, user.pk, user.security_stamp, "other@example.com")

    assert answered(verify(key)) == (400, KEY_USED)
    assert address(user)[1] is False


def test_a_reset_verifies_the_address_and_so_uses_the_link_up(user: User) -> None:
    key, reset = verification_key(), reset_link()

    assert post("/auth/password/reset/confirm", {**reset, "new_password": NEW_PASSWORD}).status_code == 204

    assert answered(verify(key)) == (400, KEY_USED)
    assert address(user) == ("jane@example.com", True)
    deliver()
    post("/auth/email/resend", {"email": "jane@example.com"})
    assert sent() == []
