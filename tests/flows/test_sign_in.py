"""Register, sign in, be known, sign out: the story that every app needs."""

import re
from typing import Any

from rest_framework.test import APIClient

from authentication.models import Session, User
from tests.conftest import PASSWORD, client_for

JANE = {"username": "jane_doe", "email": "jane@example.com", "password": PASSWORD}
SIXTY_DAYS = 60 * 24 * 3600


def test_registration_answers_with_a_token(api: APIClient, db: None) -> None:
    answer = api.post("/auth/registration", JANE)

    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.json()
    token = body.pop("token")
    assert body.pop("device").startswith("ojd_")
    assert body == {"username": "jane_doe", "email": "jane@example.com", "expires_in": SIXTY_DAYS}
    assert client_for(token).get("/auth/me").status_code == 200


def test_me_returns_the_account(signed_in: APIClient, user: User) -> None:
    body = signed_in.get("/auth/me").json()

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", body.pop("date_joined"))
    assert body == {
        "id": user.pk,
        "username": "jane_doe",
        "email": "jane@example.com",
        "email_verified": False,
        "pending_email": None,
    }


def test_login_takes_a_username_or_an_address_in_any_case(api: APIClient, user: User) -> None:
    for credentials in (
        {"username": "jane_doe"},
        {"username": "JANE_DOE"},
        {"username": "Jane@EXAMPLE.com"},
        {"email": "JANE@example.COM"},
        {"username": "", "email": "jane@example.com"},
        {"username": "jane_doe", "email": "someone@else.example"},
    ):
        answer = api.post("/auth/login", {**credentials, "password": PASSWORD})
        assert answer.status_code == 200, credentials
        assert answer.json()["username"] == "jane_doe"


def test_every_path_answers_with_and_without_a_slash(api: APIClient, db: None) -> None:
    for number, path in enumerate(("/auth/registration", "/auth/registration/")):
        account = {"username": f"jane_doe{number}", "email": f"{number}@example.com", "password": PASSWORD}
        assert api.post(path, account).status_code == 201
    for path in ("/auth/me", "/auth/me/", "/auth/sessions", "/auth/sessions/"):
        assert api.get(path).status_code == 401


def test_wrong_username_and_wrong_password_get_the_same_response(api: APIClient, user: User) -> None:
    answers = [
        api.post("/auth/login", {"username": name, "password": password})
        for name, password in (
            ("jane_doe", "wrong"),
            ("no_such_user", PASSWORD),
            ("no@such.example", PASSWORD),
            ("jane_doe", "x" * 129),
        )
    ]
    for answer in answers:
        assert answer.status_code == 400
        assert answer.json() == {"non_field_errors": ["A user with this email and password was not found."]}


def test_a_deactivated_user_is_told_so_with_the_right_password_only(api: APIClient, user: User) -> None:
    user.is_active = False
    user.save()

    right = api.post("/auth/login", {"username": "jane_doe", "password": PASSWORD})
    wrong = api.post("/auth/login", {"username": "jane_doe", "password": "wrong"})

    assert (right.status_code, right.json()) == (
        400,
        {"non_field_errors": ["This user has been deactivated."]},
    )
    assert wrong.json() == {"non_field_errors": ["A user with this email and password was not found."]}


def test_logout_ends_the_token_at_once(signed_in: APIClient) -> None:
    assert signed_in.post("/auth/logout").status_code == 204

    answer = signed_in.get("/auth/me")
    assert answer.status_code == 401
    assert answer.json() == {"detail": "This session has ended.", "code": "session_ended"}
    assert answer.headers["WWW-Authenticate"] == (
        'Bearer realm="oddjobbox", error="invalid_token", error_description="This session has ended."'
    )
    assert signed_in.post("/auth/logout").status_code == 204


def test_logout_by_refresh_token_in_the_body(api: APIClient, user: User) -> None:
    pair = _login(api, refresh_in="body")

    assert api.post("/auth/logout", {"refresh": pair["refresh"]}).status_code == 204

    assert not Session.objects.exists()
    assert api.post("/auth/refresh", {"refresh": pair["refresh"]}).json()["code"] == "session_ended"


def test_logout_without_any_credential_is_401(api: APIClient, db: None) -> None:
    answer = api.post("/auth/logout")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="oddjobbox"'
    answer = api.post("/auth/logout", {"refresh": "oj_nonsense"})
    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")


def test_an_expired_token_still_signs_out(api: APIClient, user: User, advance: Any) -> None:
    pair = _login(api, refresh_in="body")
    advance(minutes=15)
    bearer = client_for(pair["token"])
    assert bearer.get("/auth/me").json()["code"] == "token_expired"

    assert bearer.post("/auth/logout").status_code == 204

    assert not Session.objects.exists()


def test_a_stale_token_does_not_prevent_a_sign_in(user: User) -> None:
    stale = client_for("not-a-token")
    assert stale.post("/auth/login", {"username": "jane_doe", "password": PASSWORD}).status_code == 200
    assert stale.get("/auth/me").json()["code"] == "token_invalid"


def _login(api: APIClient, **extra: str) -> dict[str, Any]:
    answer = api.post("/auth/login", {"username": "jane_doe", "password": PASSWORD, **extra})
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body
