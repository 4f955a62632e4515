"""Every kind of token is of use at its own endpoints and nowhere else (RFC 8725 §3.12)."""

from typing import Any

import pytest
from django.core import signing
from django.test import Client
from rest_framework.test import APIClient

from authentication.models import Session, User
from authentication.tokens import devices, refresh
from tests.conftest import PASSWORD, client_for
from tests.tokens.forge import good_claims, sign

INVALID = {"detail": "Invalid authentication. Could not decode token.", "code": "token_invalid"}
COOKIE = "__Host-oddjobbox_refresh"
PLACES = ("bearer", "refresh body", "refresh cookie", "logout bearer", "logout body", "logout cookie")
OWN_PLACES = {
    "access": {"bearer", "logout bearer"},
    "refresh": {"refresh body", "refresh cookie", "logout body", "logout cookie"},
}


@pytest.fixture
def tokens(api: APIClient, user: User) -> dict[str, str]:
    credentials = {"username": "jane_doe", "password": PASSWORD, "refresh_in": "body"}
    body = api.post("/auth/login", credentials).json()
    session = Session.objects.get()
    browser = Client()
    browser.force_login(user)
    claims = good_claims(user.pk, str(session.pk))
    return {
        "access": body["token"],
        "refresh": body["refresh"],
        "session id": str(session.pk),
        "user id": str(user.pk),
        "security stamp": session.security_stamp,
        "password hash": user.password,
        "admin's cookie": browser.cookies["sessionid"].value,
        "signed value": signing.dumps(claims),
        "JWT of another type": sign(claims, {"alg": "HS256", "typ": "JWT"}),
        "refresh as a claim": sign({**claims, "refresh": body["refresh"]}, {"alg": "HS256", "typ": "rt+jwt"}),
        "access within a refresh prefix": f"oj_{body['token']}",
        "refresh without its prefix": body["refresh"].removeprefix("oj_"),
    }


def send(place: str, token: str) -> Any:
    api = APIClient()
    path = "/auth/logout" if place.startswith("logout") else "/auth/refresh"
    if place == "bearer":
        return client_for(token).get("/auth/me")
    if place == "logout bearer":
        return client_for(token).post(path)
    if place.endswith("cookie"):
        api.cookies[COOKIE] = token
        return api.post(path)
    return api.post(path, {"refresh": token})


@pytest.mark.parametrize("place", PLACES)
def test_a_token_of_another_kind_is_refused(place: str, tokens: dict[str, str]) -> None:
    for kind, token in tokens.items():
        if place in OWN_PLACES.get(kind, ()):
            continue
        answer = send(place, token)
        assert (answer.status_code, answer.json()) == (401, INVALID), kind
        assert answer.headers["WWW-Authenticate"].startswith(
            'Bearer realm="oddjobbox", error="invalid_token"'
        )
    assert Session.objects.filter(pk=tokens["session id"]).exists()


@pytest.mark.parametrize("kind", OWN_PLACES)
@pytest.mark.parametrize("place", PLACES)
def test_a_token_in_its_own_place_is_accepted(place: str, kind: str, tokens: dict[str, str]) -> None:
    if place in OWN_PLACES[kind]:
        assert send(place, tokens[kind]).status_code in (200, 204)


@pytest.mark.parametrize(
    "salt", ["", "authentication.tokens", "django.core.signing", refresh.SALT + " ", devices.SALT]
)
def test_no_other_signed_value_of_the_same_key_is_a_refresh_token(user: User, salt: str) -> None:
    """The signing key is derived for this purpose alone."""
    session = Session.objects.get(pk=user.sessions.open(refreshable=True).session_id)
    token = refresh.issue_refresh_token(session.pk, 0)
    text = token.partition(".")[0]

    assert signing.Signer(salt=refresh.SALT, sep=".").sign(text) == token
    assert send("refresh body", signing.Signer(salt=salt, sep=".").sign(text)).json() == INVALID
