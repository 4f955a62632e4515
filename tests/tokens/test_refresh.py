"""A refresh token is one exact string: nothing near it is accepted."""

import base64
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authentication.api.errors import TokenInvalid
from authentication.tokens import refresh

SESSION = uuid.UUID("0b5e2c1e-6f0a-4a54-9a3b-2f6f6f1f9d11")
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def test_it_names_its_session_and_generation() -> None:
    for generation in (0, 1, 2**31, 2**32 - 1):
        token = refresh.issue(SESSION, generation)
        assert len(token) == 73
        assert refresh.verify(token) == refresh.RefreshClaims(SESSION, generation)


def test_every_change_of_one_character_is_refused() -> None:
    token = refresh.issue(SESSION, 7)
    for place, character in enumerate(token):
        for other in ALPHABET + "=+/ \n\x00\u00e9\uff21":
            if other != character:
                with pytest.raises(TokenInvalid):
                    refresh.verify(token[:place] + other + token[place + 1 :])


def test_every_other_length_is_refused() -> None:
    token = refresh.issue(SESSION, 7)
    for other in (
        *(token[:end] for end in range(len(token))),
        token + "A",
        token + "=",
        token + "\n",
        token * 900,
    ):
        with pytest.raises(TokenInvalid):
            refresh.verify(other)


def test_two_generations_and_two_sessions_have_nothing_in_common_to_swap() -> None:
    first = base64.urlsafe_b64decode(refresh.issue(SESSION, 0)[3:] + "==")
    second = base64.urlsafe_b64decode(refresh.issue(uuid.uuid4(), 0)[3:] + "==")
    for at in (16, 20):
        mixed = base64.urlsafe_b64encode(first[:at] + second[at:]).rstrip(b"=").decode()
        with pytest.raises(TokenInvalid):
            refresh.verify(f"oj_{mixed}")


@given(st.text() | st.text(ALPHABET, min_size=70, max_size=70).map("oj_{}".format))
def test_arbitrary_text_is_refused(text: str) -> None:
    with pytest.raises(TokenInvalid):
        refresh.verify(text)


@given(st.binary(min_size=52, max_size=52))
def test_arbitrary_bytes_in_the_right_form_are_refused(raw: bytes) -> None:
    with pytest.raises(TokenInvalid):
        refresh.verify("oj_" + base64.urlsafe_b64encode(raw).rstrip(b"=").decode())
