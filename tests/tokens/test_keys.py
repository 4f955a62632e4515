"""What an access token is made of, when it is valid, and which keys count."""

import json
import re
import uuid
from base64 import urlsafe_b64decode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from authentication.api.errors import TokenExpired, TokenInvalid
from authentication.core import clock
from authentication.models import User
from authentication.tokens import access, refresh
from tests.conftest import PASSWORD, client_for
from tests.tokens.forge import KEY, good_claims, sign

SESSION = uuid.UUID("0b5e2c1e-6f0a-4a54-9a3b-2f6f6f1f9d11")
NEW = "another-secret-of-the-tests-with-more-than-32-bytes"
At = Callable[[int], None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    """Stop the clock at a second of the epoch."""
    return lambda seconds: monkeypatch.setattr(clock, "now", lambda: datetime.fromtimestamp(seconds, UTC))


def issue(lifetime_seconds: int = 900) -> str:
    return access.issue_access_token(
        user_id=7, session_id=SESSION, generation=3, lifetime_seconds=lifetime_seconds
    )


def parts(token: str) -> list[Any]:
    return [json.loads(urlsafe_b64decode(part + "==")) for part in token.split(".")[:2]]


def test_a_token_says_exactly_what_the_contract_lists(at: At) -> None:
    at(1_800_000_000)
    header, payload = parts(issue())
    assert header == {"alg": "HS256", "typ": "at+jwt"}
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", payload.pop("jti"))
    assert payload == {
        "id": 7,
        "sub": "7",
        "sid": str(SESSION),
        "gen": 3,
        "iat": 1_800_000_000,
        "exp": 1_800_000_900,
        "iss": "oddjobbox",
        "aud": "oddjobbox",
    }


def test_a_sign_in_gives_such_a_token_without_any_personal_data(api: APIClient, user: User) -> None:
    body = api.post("/auth/login", {"username": "jane_doe", "password": PASSWORD}).json()
    header, payload = parts(body["token"])
    assert header == {"alg": "HS256", "typ": "at+jwt"}
    assert set(payload) == {"id", "sub", "sid", "gen", "iat", "exp", "iss", "aud", "jti"}
    assert (payload["id"], payload["sub"]) == (user.pk, str(user.pk))


def test_twenty_thousand_tokens_have_as_many_ids() -> None:
    assert len({parts(issue())[1]["jti"] for _ in range(20_000)}) == 20_000


def test_a_token_is_valid_to_the_last_second_and_not_on_its_expiry(at: At) -> None:
    """RFC 7519 §4.1.4: on or after ``exp`` it must not be accepted."""
    at(1_800_000_000)
    token = issue()
    at(1_800_000_899)
    assert access.verify_access_token(token).expires_at == 1_800_000_900
    for seconds in (1_800_000_900, 1_800_000_901, 4_102_444_800):
        at(seconds)
        with pytest.raises(TokenExpired):
            access.verify_access_token(token)


def test_another_machines_clock_may_be_thirty_seconds_ahead(at: At) -> None:
    at(1_800_000_030)
    token = issue()
    at(1_800_000_000)
    assert access.verify_access_token(token).issued_at == 1_800_000_030
    at(1_799_999_999)
    with pytest.raises(TokenInvalid):
        access.verify_access_token(token)


def test_a_not_before_claim_has_the_same_leeway(at: At) -> None:
    at(1_800_000_000)
    claims = good_claims(7, str(SESSION))
    assert access.verify_access_token(sign({**claims, "nbf": 1_800_000_030})).user_id == 7
    with pytest.raises(TokenInvalid):
        access.verify_access_token(sign({**claims, "nbf": 1_800_000_031}))


def test_tokens_are_good_beyond_2038_and_across_a_change_of_clocks(at: At) -> None:
    for seconds in (2**31 - 1, 2**31, 2**32, 1_792_893_599, 1_792_893_600):
        at(seconds)
        assert access.verify_access_token(issue()).issued_at == seconds


def test_the_issuer_and_the_audience_come_from_the_settings(settings: Any) -> None:
    old = issue()
    for name in ("JWT_ISSUER", "JWT_AUDIENCE"):
        setattr(settings, name, "https://accounts.example.com")
        assert access.verify_access_token(issue()).user_id == 7
        with pytest.raises(TokenInvalid):
            access.verify_access_token(old)
        setattr(settings, name, "oddjobbox")


def test_a_retired_key_still_verifies_until_it_is_dropped(api: APIClient, user: User, settings: Any) -> None:
    credentials = {"username": "jane_doe", "password": PASSWORD, "refresh_in": "body"}
    old_key, old = settings.SECRET_KEY, api.post("/auth/login", credentials).json()

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [old_key]
    assert client_for(old["token"]).get("/auth/me").status_code == 200
    new = api.post("/auth/refresh", {"refresh": old["refresh"]}).json()

    settings.SECRET_KEY_FALLBACKS = []
    assert client_for(old["token"]).get("/auth/me").json()["code"] == "token_invalid"
    assert api.post("/auth/refresh", {"refresh": old["refresh"]}).json()["code"] == "token_invalid"
    assert client_for(new["token"]).get("/auth/me").status_code == 200
    assert api.post("/auth/refresh", {"refresh": new["refresh"]}).status_code == 200


def test_nothing_is_signed_with_a_retired_key(settings: Any) -> None:
    retired = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [retired]
    tokens = issue(), refresh.issue_refresh_token(SESSION, 3)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = retired, []
    for verify, token in zip((access.verify_access_token, refresh.verify_refresh_token), tokens, strict=True):
        with pytest.raises(TokenInvalid):
            verify(token)
    settings.SECRET_KEY = NEW
    for verify, token in zip((access.verify_access_token, refresh.verify_refresh_token), tokens, strict=True):
        assert verify(token).session_id == SESSION


def test_a_key_that_was_never_in_the_key_ring_verifies_nothing(settings: Any) -> None:
    settings.SECRET_KEY_FALLBACKS = [NEW]
    claims = good_claims(7, str(SESSION))
    assert access.verify_access_token(sign(claims, key=NEW.encode())).user_id == 7
    for key in (b"", NEW.encode() + KEY, NEW[:-1].encode()):
        with pytest.raises(TokenInvalid):
            access.verify_access_token(sign(claims, key=key))


def test_a_shared_secret_is_never_published(api: APIClient) -> None:
    answer = api.get("/.well-known/jwks.json")
    assert (answer.status_code, answer.json()) == (200, {"keys": []})
    assert answer.headers["Cache-Control"] == "public, max-age=300"
