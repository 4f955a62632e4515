"""Generated tokens: whatever the text and the claims, the answer is a refusal in good form."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authentication.core import clock
from authentication.models import User
from tests.tokens.forge import Claims, good_claims, sign
from tests.tokens.test_access import assert_refused, send

QUIET = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
NAMES = ("id", "sub", "sid", "gen", "iat", "exp", "nbf", "iss", "aud", "jti")


@pytest.fixture
def claims(user: User) -> Claims:
    return good_claims(user.pk, str(user.sessions.open().session_id))


def is_time(value: Any, lowest: int, highest: int) -> bool:
    return type(value) is int and lowest <= value <= highest


def is_acceptable(original: Claims, changed: Claims) -> bool:
    """Say by other means than the server's whether these claims are good."""
    now = clock.timestamp()
    same = all(
        json.dumps(original[name]) == json.dumps(changed[name]) for name in ("id", "sub", "sid", "gen")
    )
    meant_for_us = changed["iss"] == "oddjobbox" and changed["aud"] == "oddjobbox"
    has_id = isinstance(changed["jti"], str) and changed["jti"] != ""
    started = is_time(changed["iat"], 0, now + 30) and is_time(changed.get("nbf", 0), 0, now + 30)
    return same and meant_for_us and has_id and started and is_time(changed["exp"], now + 1, 2**63 - 1)


@QUIET
@given(text=st.text(st.characters(codec="utf-8"), min_size=1))
def test_arbitrary_text_is_no_token(text: str, db: None) -> None:
    # One word is a refused attempt, several or none are no attempt; spaces alone tell them apart.
    word = text.encode().decode("latin-1").strip(" ")
    assert_refused(send(text), "token_invalid" if word and " " not in word else "not_authenticated")


@QUIET
@given(header=JSON, payload=JSON)
def test_arbitrary_json_signed_with_our_key_is_no_token(header: Any, payload: Any, db: None) -> None:
    assert_refused(send(sign(payload, header)), "token_invalid")
    assert_refused(send(sign(payload)), "token_invalid")


@QUIET
@given(changes=st.dictionaries(st.sampled_from(NAMES), JSON, min_size=1, max_size=3))
def test_arbitrary_claims_signed_with_our_key_are_judged_by_the_contract(
    changes: dict[str, Any], claims: Claims
) -> None:
    changed = {**claims, **changes}
    response = send(sign(changed))
    assert response.status_code == (200 if is_acceptable(claims, changed) else 401)


@QUIET
@given(raw=st.binary(max_size=200))
def test_arbitrary_bytes_signed_with_our_key_are_no_claims(raw: bytes, db: None) -> None:
    assert_refused(send(sign(raw)), "token_invalid")
    assert_refused(send(sign(good_claims(1, "x"), raw)), "token_invalid")


@QUIET
@given(place=st.integers(0, 10_000), character=st.characters(min_codepoint=33, max_codepoint=126))
def test_a_token_with_any_one_character_changed_is_refused(
    place: int, character: str, claims: Claims
) -> None:
    token = sign(claims)
    place %= len(token)
    if token[place] != character:
        assert_refused(send(token[:place] + character + token[place + 1 :]), "token_invalid")
