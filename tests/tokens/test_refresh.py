"""A refresh token is one exact string: nothing near it is accepted."""

import base64
import re
import uuid

import pytest
from django.core.signing import Signer
from hypothesis import given
from hypothesis import strategies as st

from authentication.api.errors import TokenInvalid
from authentication.tokens import refresh
from tests.tokens.forge import b64

SESSION = uuid.UUID("0b5e2c1e-6f0a-4a54-9a3b-2f6f6f1f9d11")
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def test_it_names_its_session_and_generation() -> None:
    for generation in (0, 1, 2**31, 2**32 - 1):
        token = refresh.issue_refresh_token(SESSION, generation)
        assert re.fullmatch(r"oj_[A-Za-z0-9_-]{27}\.[A-Za-z0-9_-]{43}", token)
        assert refresh.verify_refresh_token(token) == refresh.RefreshClaims(SESSION, generation)


def test_every_change_of_one_character_is_refused() -> None:
    token = refresh.issue_refresh_token(SESSION, 7)
    for place, character in enumerate(token):
        for other in ALPHABET + ".=+/ \n\x00\u00e9\uff21":
            if other != character:
                with pytest.raises(TokenInvalid):
                    refresh.verify_refresh_token(token[:place] + other + token[place + 1 :])


def test_every_other_length_is_refused() -> None:
    token = refresh.issue_refresh_token(SESSION, 7)
    for other in (
        *(token[:end] for end in range(len(token))),
        token + "A",
        token + "=",
        token + "\n",
        token * 900,
    ):
        with pytest.raises(TokenInvalid):
            refresh.verify_refresh_token(other)


def test_no_part_of_a_token_fits_another_token() -> None:
    first, second = refresh.issue_refresh_token(SESSION, 0), refresh.issue_refresh_token(uuid.uuid4(), 0)
    later = refresh.issue_refresh_token(SESSION, 1)
    for ours, theirs in ((first, second), (first, later), (later, first)):
        mixed = f"{ours.split('.')[0]}.{theirs.split('.')[1]}"
        with pytest.raises(TokenInvalid):
            refresh.verify_refresh_token(mixed)


def test_another_spelling_of_the_signature_is_refused() -> None:
    """Base64 has several spellings of the same bytes."""
    token = refresh.issue_refresh_token(SESSION, 7)
    text, signature = token.split(".")
    raw = base64.urlsafe_b64decode(signature + "=")
    others = [ALPHABET[ALPHABET.index(signature[-1]) ^ 1], signature[-1] + "=", signature[-1] + "."]
    spellings = [signature[:-1] + other for other in others]
    spellings += [raw.hex(), base64.b64encode(raw).decode(), base64.b32encode(raw).decode()]
    for spelling in spellings:
        with pytest.raises(TokenInvalid):
            refresh.verify_refresh_token(f"{text}.{spelling}")


@given(st.text() | st.text(ALPHABET + ".", min_size=71, max_size=71).map("oj_{}".format))
def test_arbitrary_text_is_refused(text: str) -> None:
    with pytest.raises(TokenInvalid):
        refresh.verify_refresh_token(text)


@given(st.binary(min_size=20, max_size=20), st.binary(min_size=32, max_size=32))
def test_arbitrary_bytes_in_the_right_form_are_refused(message: bytes, signature: bytes) -> None:
    with pytest.raises(TokenInvalid):
        refresh.verify_refresh_token(f"oj_{b64(message)}.{b64(signature)}")


def test_a_long_text_is_refused_before_it_is_hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> str:
        raise AssertionError

    monkeypatch.setattr(Signer, "signature", fail)
    with pytest.raises(TokenInvalid):
        refresh.verify_refresh_token("oj_" + "A" * 60_000 + "." + "A" * 43)
