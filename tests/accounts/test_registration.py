"""POST /auth/registration"""

# Lookalikes are meant here.
# ruff: noqa: RUF001

from typing import Any

import pytest
from rest_framework.test import APIClient

from authentication.models import Event, Session, User
from tests.conftest import PASSWORD, client_for
from tests.sessions.steps import COOKIE, DEVICE_COOKIE, me_code, refresh

JANE = {"username": "jane_doe", "email": "jane@example.com", "password": PASSWORD}
USERNAME_RULE = (
    "Usernames must be between 6 and 25 characters long and can only contain letters, numbers, "
    "and underscores."
)
USERNAME_TAKEN = "This username is already associated with an account."
EMAIL_TAKEN = "This email is already associated with an account."
REQUIRED, BLANK, NULL = (
    "This field is required.",
    "This field may not be blank.",
    "This field may not be null.",
)
NO_TEXT = "Not a valid string."


def _refused(api: APIClient, body: Any) -> dict[str, list[str]]:
    """Send what must be refused, and must leave nothing behind; return the answer's body."""
    before = (User.objects.count(), Session.objects.count(), Event.objects.count())
    answer = api.post("/auth/registration", body)
    assert answer.status_code == 400, answer.content
    assert (User.objects.count(), Session.objects.count(), Event.objects.count()) == before
    errors: dict[str, list[str]] = answer.json()
    return errors


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("username", None, NULL),
        ("username", "", BLANK),
        ("username", 123456, NO_TEXT),
        ("username", True, NO_TEXT),
        ("username", ["jane_doe"], NO_TEXT),
        ("username", "jane", USERNAME_RULE),
        ("username", "x" * 26, USERNAME_RULE),
        ("username", "x" * 10_000, USERNAME_RULE),
        ("username", "jane doe", USERNAME_RULE),
        ("username", "ｊａｎｅ＿ｄｏｅ", USERNAME_RULE),
        ("username", "jane@doe", USERNAME_RULE),
        ("username", "jane\u0000doe", "Null characters are not allowed."),
        ("email", None, NULL),
        ("email", "", BLANK),
        ("email", 1, NO_TEXT),
        ("email", "jane", "Enter a valid email address."),
        ("email", "jané@example.com", "Enter a valid email address."),
        ("email", "ｊane@example.com", "Enter a valid email address."),
        ("email", "jane@example.com\r\nBcc: all@example.com", "Enter a valid email address."),
        ("email", "a" * 250 + "@example.com", "Enter a valid email address."),
        ("password", None, NULL),
        ("password", "", BLANK),
        ("password", 12345678, NO_TEXT),
        ("password", "x7Kq2pz", "This password is too short. It must contain at least 8 characters."),
        ("password", "x" * 129, "A password has at most 128 characters."),
        ("password", "x" * 10_000, "A password has at most 128 characters."),
        ("password", "password", "This password is too common."),
        ("password", "9081726354", "This password is entirely numeric."),
        ("password", "jane_doe_1", "The password is too similar to the username."),
        ("password", "jane@example", "The password is too similar to the email."),
        ("refresh_in", "header", 'Choose "body" or "cookie".'),
        ("refresh_in", None, NULL),
        ("refresh_in", "", 'Choose "body" or "cookie".'),
    ],
)
def test_each_bad_field_gets_its_message(
    api: APIClient, db: None, field: str, value: object, message: str
) -> None:
    errors = _refused(api, {**JANE, field: value})

    assert list(errors) == [field]
    assert message in errors[field]


@pytest.mark.parametrize("field", ["username", "email", "password"])
def test_a_missing_field_is_required(api: APIClient, db: None, field: str) -> None:
    body = {name: value for name, value in JANE.items() if name != field}

    assert _refused(api, body) == {field: [REQUIRED]}


def test_every_bad_field_is_named_at_once(api: APIClient, db: None) -> None:
    assert _refused(api, {}) == {"username": [REQUIRED], "email": [REQUIRED], "password": [REQUIRED]}
    assert _refused(api, {**JANE, "username": "jane", "email": "jane"}) == {
        "username": [USERNAME_RULE],
        "email": ["Enter a valid email address."],
    }


@pytest.mark.parametrize("body", [[], "text", 1, None, [JANE]])
def test_a_body_that_is_no_object_is_refused(api: APIClient, db: None, body: object) -> None:
    assert set(_refused(api, body)) <= {"non_field_errors", "username", "email", "password"}


@pytest.mark.parametrize(
    ("username", "email", "errors"),
    [
        ("jane_doe", "other@example.com", {"username": [USERNAME_TAKEN]}),
        ("JANE_Doe", "other@example.com", {"username": [USERNAME_TAKEN]}),
        ("other_user", "jane@example.com", {"email": [EMAIL_TAKEN]}),
        ("other_user", "JANE@EXAMPLE.COM", {"email": [EMAIL_TAKEN]}),
        ("JANE_doe", "Jane@example.com", {"username": [USERNAME_TAKEN], "email": [EMAIL_TAKEN]}),
    ],
)
def test_a_taken_name_or_address_is_taken_in_any_case(
    api: APIClient, user: User, username: str, email: str, errors: dict[str, list[str]]
) -> None:
    assert _refused(api, {"username": username, "email": email, "password": PASSWORD}) == errors


def test_a_name_taken_while_the_password_is_hashed_is_taken(
    api: APIClient, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The check before the hash finds nothing, as when both requests came at the same moment.
    monkeypatch.setattr(User, "validate_constraints", lambda self, exclude=None: None)

    assert _refused(api, {**JANE, "email": "other@example.com"}) == {"username": [USERNAME_TAKEN]}
    assert _refused(api, {**JANE, "username": "other_user"}) == {"email": [EMAIL_TAKEN]}


def test_messages_have_codes_in_problem_details(api: APIClient, user: User) -> None:
    answer = api.post("/auth/registration", JANE, headers={"Accept": "application/problem+json"})

    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "invalid_input"
    assert answer.json()["errors"] == [
        {"field": "username", "code": "unique", "message": USERNAME_TAKEN},
        {"field": "email", "code": "unique", "message": EMAIL_TAKEN},
    ]


@pytest.mark.parametrize(
    "password",
    ["x7Kq2pzR", "z" * 64 + "Q" * 64, "  spaced  out  ", "пароль кота", "🐴" * 8, "a b c d e f g h"],
)
def test_a_password_works_exactly_as_it_was_typed(api: APIClient, db: None, password: str) -> None:
    assert api.post("/auth/registration", {**JANE, "password": password}).status_code == 201

    def sign_in(typed: str) -> int:
        return api.post("/auth/login", {"username": "jane_doe", "password": typed}).status_code

    assert sign_in(password) == 200
    assert [sign_in(typed) for typed in (password + " ", " " + password, password.swapcase()[:-1])] == [
        400
    ] * 3
    if password != password.strip():
        assert sign_in(password.strip()) == 400


@pytest.mark.parametrize(
    ("registered", "typed"),
    [
        ("caf\u00e9 au lait", "cafe\u0301 au lait"),
        ("cafe\u0301 au lait", "caf\u00e9 au lait"),
        ("ｆｕｌｌ ｗｉｄｔｈ", "full width"),
        ("e\u0301" * 100, "\u00e9" * 100),
    ],
)
def test_two_ways_to_type_a_character_are_one_password(
    api: APIClient, db: None, registered: str, typed: str
) -> None:
    assert api.post("/auth/registration", {**JANE, "password": registered}).status_code == 201

    assert api.post("/auth/login", {"username": "jane_doe", "password": typed}).status_code == 200


def test_combining_marks_that_do_not_compose_count_one_by_one(api: APIClient, db: None) -> None:
    assert _refused(api, {**JANE, "password": "x" + "\u0301" * 200}) == {
        "password": ["A password has at most 128 characters."]
    }


def test_a_refresh_token_in_the_body(api: APIClient, db: None) -> None:
    answer = api.post("/auth/registration", {**JANE, "refresh_in": "body"})

    assert answer.status_code == 201
    assert set(answer.json()) == {"username", "email", "token", "expires_in", "refresh", "device"}
    assert answer.json()["expires_in"] == 15 * 60
    assert not answer.cookies
    assert me_code(refresh(answer.json()["refresh"])["token"]) == ""


def test_a_refresh_token_in_a_cookie(api: APIClient, db: None) -> None:
    answer = api.post("/auth/registration", {**JANE, "refresh_in": "cookie"})

    assert answer.status_code == 201
    assert set(answer.json()) == {"username", "email", "token", "expires_in"}
    assert answer.json()["expires_in"] == 15 * 60
    assert list(answer.cookies) == [COOKIE, DEVICE_COOKIE]
    assert me_code(refresh(answer.cookies[COOKIE].value)["token"]) == ""


def test_a_form_is_as_good_as_json(api: APIClient, db: None) -> None:
    body = "username=jane_doe&email=jane%40example.com&password=+correct+horse+battery+&refresh_in=body"
    answer = api.post("/auth/registration", body, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 201
    assert client_for(answer.json()["token"]).get("/auth/me").json()["username"] == "jane_doe"
    assert User.objects.get().check_password(" correct horse battery ")


def test_a_registration_cannot_set_permissions(api: APIClient, db: None) -> None:
    rights = {
        "is_staff": True,
        "is_superuser": True,
        "is_active": False,
        "id": 7,
        "email_verified_at": "2026",
    }

    assert api.post("/auth/registration", JANE | rights).status_code == 201

    user = User.objects.get()
    assert (user.is_staff, user.is_superuser, user.is_active) == (False, False, True)
    assert (user.pk == 7, user.email_verified_at) == (False, None)
