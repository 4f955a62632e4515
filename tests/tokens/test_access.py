"""No hostile access token is accepted, and none makes the server stumble."""

import socket
import uuid
from typing import Any

import pytest
from django.http import HttpResponse
from rest_framework.test import APIClient

from authentication.api.errors import CHALLENGE, catalogue
from authentication.models import User
from authentication.sessions.authentication import HINT
from tests.costs import assert_costs_at_most
from tests.tokens.corpus import CASES, EXPECTED
from tests.tokens.forge import Claims, good_claims, sign, with_json

ME = "/auth/me"


@pytest.fixture
def claims(user: User) -> Claims:
    """Claims of a living session, which are accepted as they are."""
    grant = user.sessions.open()
    return good_claims(user.pk, str(grant.session_id))


def send(token: str) -> HttpResponse:
    """Ask who one is, with a header as WSGI shows it: bytes as Latin-1 (PEP 3333)."""
    header = f"Bearer {token}".encode("utf-8", "surrogatepass").decode("latin-1")
    response: HttpResponse = APIClient().get(ME, HTTP_AUTHORIZATION=header)
    return response


def assert_refused(response: HttpResponse, code: str) -> None:
    title = next(error.title for error in catalogue() if error.code == code)
    assert response.status_code == 401
    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == {"detail": title, "code": code}  # type: ignore[attr-defined]
    refused = f'{CHALLENGE}, error="invalid_token", error_description="{title}"'
    expected = CHALLENGE + HINT if code == "not_authenticated" else refused
    assert response.headers["WWW-Authenticate"] == expected
    assert response.headers["Cache-Control"] == "no-store"


def test_the_claims_that_every_case_starts_from_are_accepted(claims: Claims) -> None:
    assert send(sign(claims)).status_code == 200


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_token_is_refused_as_soon_as_a_good_one_is_accepted(name: str, claims: Claims) -> None:
    hostile, good = CASES[name](claims), sign(claims)

    def refuse() -> None:
        assert_refused(send(hostile), EXPECTED.get(name, "token_invalid"))

    assert_costs_at_most(5, refuse, than=lambda: send(good))


def test_a_hostile_token_for_no_session_gets_the_same_answer(
    claims: Claims, django_assert_max_num_queries: Any
) -> None:
    nobody = {**claims, "sid": str(uuid.uuid4())}
    for name, forge in CASES.items():
        code = EXPECTED.get(name, "token_invalid")
        with django_assert_max_num_queries(1 if code == "session_ended" else 0):
            assert_refused(send(forge(nobody)), code)


def test_a_good_token_for_no_session_is_refused(claims: Claims) -> None:
    assert_refused(send(sign({**claims, "sid": str(uuid.uuid4())})), "session_ended")


@pytest.mark.parametrize("name", ["exp", "id", "sid", "aud"])
def test_of_two_claims_with_one_name_the_last_counts(name: str, claims: Claims) -> None:
    """RFC 7519 §4 leaves two ways; the other way round is in the corpus."""
    assert send(sign(f'{{"{name}":null,' + with_json(claims)[1:])).status_code == 200


@pytest.mark.parametrize("exp", [2**31, 2**32, 253_402_300_800, 2**53 + 1, 2**63 - 1])
def test_a_distant_expiry_of_our_own_key_is_no_error(exp: int, claims: Claims) -> None:
    assert send(sign({**claims, "exp": exp})).status_code == 200


def test_the_challenge_keeps_to_the_characters_of_the_standard_and_echoes_nothing(claims: Claims) -> None:
    """RFC 6750 §3: %x20-21 / %x23-5B / %x5D-7E within the quotes."""
    response = send(sign({**claims, "iss": 'x"\\\r\nSet-Cookie: a=b'}))
    values = response.headers["WWW-Authenticate"].split('"')[1::2]
    assert values == ["oddjobbox", "invalid_token", "Invalid authentication. Could not decode token."]
    for value in values:
        assert all(" " <= character <= "~" and character not in '"\\' for character in value)


def test_no_key_is_fetched_from_where_a_token_says(claims: Claims) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/jwks.json"
        for name in ("jku", "x5u", "jwk", "iss", "kid"):
            header = {"alg": "HS256", "typ": "at+jwt", name: url}
            assert_refused(send(sign(claims, header, key=b"x" * 32)), "token_invalid")
        assert_refused(send(sign({**claims, "iss": url})), "token_invalid")
        with pytest.raises(TimeoutError):
            listener.accept()


def test_the_tokens_length_is_bounded_at_4096_characters(claims: Claims) -> None:
    jti = "x"
    while len(sign({**claims, "jti": jti})) < 4094:
        jti += "x"
    assert 4094 <= len(sign({**claims, "jti": jti})) <= 4096
    assert send(sign({**claims, "jti": jti})).status_code == 200
    assert_refused(send(sign({**claims, "jti": jti + "xxxx"})), "token_invalid")
