"""POST /auth/password/reset and POST /auth/password/reset/confirm"""

from typing import Any

import pytest
from django.contrib.auth import hashers
from rest_framework.test import APIClient

from authentication.models import Event, Session, User
from tests.conftest import PASSWORD
from tests.emails.steps import (
    KEY_INVALID,
    NEW_PASSWORD,
    REQUIRED,
    address,
    answered,
    confirm,
    deliver,
    link_in,
    post,
    reset_link,
    sent,
)
from tests.sessions.steps import COOKIE, me_code, refresh_code, sign_in

RESET, CONFIRM = "/auth/password/reset", "/auth/password/reset/confirm"
CHOOSE = ("jane@example.com", "Choose a new password for Oddjobbox")


def _sign_in_code(api: APIClient, password: str) -> int:
    return api.post("/auth/login", {"username": "jane_doe", "password": password}).status_code


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("header", [None, "Bearer stale", "Bearer", "Basic x"])
def test_the_owner_gets_a_link(user: User, slash: str, header: str | None) -> None:
    extra: dict[str, Any] = {"HTTP_AUTHORIZATION": header} if header else {}

    answer = post(RESET + slash, {"email": "jane@example.com"}, **extra)

    assert answered(answer) == (202, None)
    assert answer.headers["Cache-Control"] == "no-store"
    [message] = deliver()
    assert (*message.to, message.subject) == CHOOSE
    page, link = link_in(message)
    assert page == "/reset-password"
    assert link == {"uid": str(user.pk), "key": link["key"]}
    assert confirm(link).status_code == 204


@pytest.mark.parametrize("typed", ["JANE@EXAMPLE.COM", "Jane@example.com", " jane@example.com\n"])
def test_the_mail_goes_to_the_address_as_it_is_stored(user: User, typed: str) -> None:
    assert answered(post(RESET, {"email": typed})) == (202, None)
    assert sent() == [CHOOSE]


@pytest.mark.parametrize(
    "email",
    [
        "nobody@example.com",
        "inactive@example.com",
        "unusable@example.com",
        "jane_doe",
        "no address",
        "jane@example.com\r\nBcc: all@example.com",
        "jane@example.com,all@example.com",
        "jan\u0435@example.com",
        "jane@ex\u0430mple.com",
        "\uff4aane@example.com",
        "J\u0251ne@example.com",
        "x" * 254,
    ],
)
def test_an_ineligible_address_gets_no_link_and_the_same_response(user: User, email: str) -> None:
    User.objects.create_user("inactive", "inactive@example.com", PASSWORD, is_active=False)
    User.objects.create_user("unusable", "unusable@example.com", None)
    known = post(RESET, {"email": "jane@example.com"})
    deliver()

    answer = post(RESET, {"email": email})

    assert answered(answer) == answered(known) == (202, None)
    assert dict(answer.headers) == dict(known.headers)
    assert sent() == []


def test_requesting_a_link_changes_nothing(api: APIClient, user: User, signed_in: APIClient) -> None:
    before = User.objects.values().get()
    for _ in range(5):
        post(RESET, {"email": "jane@example.com"})
    deliver()

    assert User.objects.values().get() == before
    assert signed_in.get("/auth/me").status_code == 200
    assert _sign_in_code(api, PASSWORD) == 200


def test_a_new_password_is_set_and_every_session_ends(api: APIClient, user: User) -> None:
    pair, single = sign_in(api, refresh_in="body"), sign_in(api)
    deliver()
    link = reset_link()

    answer = confirm(link)

    assert answered(answer) == (204, None)
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies
    assert [me_code(pair["token"]), me_code(single["token"])] == ["session_ended"] * 2
    assert refresh_code(pair["refresh"]) == "session_ended"
    assert [_sign_in_code(api, PASSWORD), _sign_in_code(api, NEW_PASSWORD)] == [400, 200]


def test_it_does_not_sign_in(user: User) -> None:
    answer = post(CONFIRM, {**reset_link(), "new_password": NEW_PASSWORD, "refresh_in": "cookie"})

    assert answered(answer) == (204, None)
    assert (COOKIE in answer.cookies, Session.objects.count()) == (False, 0)


def test_the_owner_gets_a_notice_and_the_log_an_event(user: User) -> None:
    link = reset_link()
    body = {**link, "new_password": NEW_PASSWORD}
    post(CONFIRM, body, REMOTE_ADDR="192.0.2.10", HTTP_USER_AGENT="curl/8.5.0")

    [message] = deliver()

    assert (message.to, message.subject) == (["jane@example.com"], "Your password was reset at Oddjobbox")
    assert "192.0.2.10" in message.body
    assert "#" not in message.body
    assert NEW_PASSWORD not in message.body
    assert Event.objects.values_list("event", "user_id", "ip", "user_agent").get() == (
        "password_reset",
        user.pk,
        "192.0.2.10",
        "curl/8.5.0",
    )


def test_a_reset_marks_the_address_as_verified_and_keeps_the_first_time(user: User) -> None:
    assert confirm(reset_link()).status_code == 204
    assert address(user) == ("jane@example.com", True)
    first = user.email_verified_at
    deliver()

    assert confirm(reset_link(), "yet another one!").status_code == 204
    user.refresh_from_db()
    assert user.email_verified_at == first


@pytest.mark.parametrize(
    ("new_password", "message"),
    [
        ("x7Kq2pz", "This password is too short. It must contain at least 8 characters."),
        ("x" * 129, "A password has at most 128 characters."),
        ("x" * 10_000, "A password has at most 128 characters."),
        ("password", "This password is too common."),
        ("9081726354", "This password is entirely numeric."),
        ("jane_doe_1", "The password is too similar to the username."),
        ("jane@example", "The password is too similar to the email."),
        ("", "This field may not be blank."),
        (None, "This field may not be null."),
        (12345678, "Not a valid string."),
        ("\0" * 8, "Null characters are not allowed."),
    ],
)
def test_a_weak_password_does_not_use_the_link_up(
    api: APIClient, user: User, new_password: object, message: str
) -> None:
    link, token = reset_link(), sign_in(api)["token"]

    answer = post(CONFIRM, {**link, "new_password": new_password})

    assert (answer.status_code, list(answer.json())) == (400, ["new_password"])
    assert message in answer.json()["new_password"]
    assert me_code(token) == ""
    assert answered(confirm(link)) == (204, None)


def test_missing_fields_are_named(db: None) -> None:
    assert answered(post(RESET, {})) == (400, {"email": REQUIRED})
    assert answered(post(CONFIRM + "/", {})) == (
        400,
        {"uid": REQUIRED, "key": REQUIRED, "new_password": REQUIRED},
    )
    assert answered(post(CONFIRM, {"uid": 1, "key": True, "new_password": []})) == (
        400,
        {field: ["Not a valid string."] for field in ("uid", "key", "new_password")},
    )


def test_a_link_of_another_or_an_unknown_user_is_invalid(user: User) -> None:
    other = User.objects.create_user("other_user", "other@example.com", PASSWORD)
    link = reset_link()
    uids = ("0", "-1", str(other.pk), f"0{user.pk}", f"+{user.pk}", f"{user.pk}.0", "x", "9" * 5_000)
    for uid in (*uids, f"{user.pk}\u0660", "\u0661", "jane_doe", "None", "[1]"):
        assert answered(confirm({**link, "uid": uid})) == (400, KEY_INVALID), uid

    assert [each.check_password(PASSWORD) for each in User.objects.order_by("pk")] == [True, True]
    assert answered(confirm(link)) == (204, None)


@pytest.mark.parametrize("key", ["x", "ojk_", f"ojk_{'A' * 39}.{'A' * 43}", "\u00e9" * 64, "x" * 10_000])
def test_an_invalid_key_is_refused_before_the_password_is_validated(user: User, key: str) -> None:
    for password in (NEW_PASSWORD, "password"):
        answer = confirm({"uid": str(user.pk), "key": key}, password)
        assert answered(answer) == (400, KEY_INVALID)


def test_the_password_is_kept_as_it_was_typed(api: APIClient, user: User) -> None:
    assert confirm(reset_link(), "  caf\u00e9 au lait ").status_code == 204

    assert _sign_in_code(api, "  cafe\u0301 au lait ") == 200
    assert _sign_in_code(api, "caf\u00e9 au lait") == 400


def test_a_form_is_as_good_as_json(user: User) -> None:
    form = {"content_type": "application/x-www-form-urlencoded"}
    link = reset_link()
    body = f"uid={link['uid']}&key={link['key']}&new_password=battery+staple+horse"

    assert answered(post(CONFIRM, body, **form)) == (204, None)


def test_the_authorization_header_is_not_looked_at(user: User) -> None:
    body = {**reset_link(), "new_password": NEW_PASSWORD}

    assert answered(post(CONFIRM, body, HTTP_AUTHORIZATION="Bearer stale")) == (204, None)


def test_an_old_hash_is_no_obstacle(api: APIClient, user: User) -> None:
    User.objects.update(password=hashers.PBKDF2PasswordHasher().encode(PASSWORD, "somesalt", iterations=1000))

    assert confirm(reset_link()).status_code == 204
    assert _sign_in_code(api, NEW_PASSWORD) == 200


def test_a_notice_can_be_turned_off(settings: Any, user: User) -> None:
    link = reset_link()
    settings.NOTICES = settings.NOTICES | {"password_was_reset": False}

    assert confirm(link).status_code == 204
    assert sent() == []
