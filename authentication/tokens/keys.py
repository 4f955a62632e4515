"""Sign with SECRET_KEY, verify with it and its fallbacks: the key ring of JWTs, and short signed tokens."""

import base64
import binascii
import json
from functools import lru_cache
from math import ceil

import jwt
from django.conf import settings
from django.core.signing import BadSignature, Signer


def encode_base64url(raw: bytes) -> str:
    """Return the bytes in base64url without padding (RFC 7515 §2)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode_base64url(text: str) -> bytes | None:
    """Return the bytes, or None for text that :func:`encode_base64url` would not write."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        # A ValueError is text that is not ASCII.
        return None
    return raw if encode_base64url(raw) == text else None


class Key:
    """A key with the one algorithm that it may be used with (RFC 8725 §3.1).

    It signs and verifies in the compact form of a JWS (RFC 7515 §7.1), by PyJWT's algorithms.
    Every token of a key begins with the same ``header``, and a token with another one is refused.
    So a header is never interpreted: no algorithm, key, type or extension that a token chooses for
    itself counts (RFC 8725 §3.11, RFC 7515 §4.1.11).
    """

    def __init__(self, algorithm: str, secret: bytes, token_type: str) -> None:
        self._algorithm = jwt.get_algorithm_by_name(algorithm)
        self._key = self._algorithm.prepare_key(secret)
        header = json.dumps({"alg": algorithm, "typ": token_type}, separators=(",", ":"))
        self.header = encode_base64url(header.encode())

    def sign(self, payload: bytes) -> str:
        """Return the token of a payload."""
        signed = f"{self.header}.{encode_base64url(payload)}"
        return f"{signed}.{encode_base64url(self._algorithm.sign(signed.encode(), self._key))}"

    def verify(self, token: str) -> bytes | None:
        """Return the payload of a token that this key signed, else None."""
        signed, _, signature = token.rpartition(".")
        header, _, payload = signed.partition(".")
        if header != self.header:
            return None
        decoded = decode_base64url(signature)
        if decoded is None or not self._algorithm.verify(signed.encode(), self._key, decoded):
            return None
        return decode_base64url(payload)


# RFC 9068 §2.1. Explicit typing keeps every other kind of JWT out (RFC 8725 §3.11).
TYPE = "at+jwt"


@lru_cache(maxsize=8)
def _ring(secrets: tuple[str, ...]) -> tuple[Key, ...]:
    return tuple(Key("HS256", secret.encode(), TYPE) for secret in secrets)


def key_ring() -> tuple[Key, ...]:
    """Return the keys: the first signs, and every one of them verifies."""
    return _ring((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


class TokenSigner(Signer):
    """Django's signer for tokens of packed bytes: ``oj_AAECAw.c2lnbmF0dXJl``.

    The signature is an HMAC-SHA256 of the text before it, with a key derived from ``SECRET_KEY`` for
    this ``salt`` alone; ``SECRET_KEY_FALLBACKS`` verify what they signed. Because the text is signed,
    not the bytes, a token has one spelling.
    """

    def __init__(self, prefix: str, salt: str, max_bytes: int) -> None:
        super().__init__(salt=salt, sep=".")
        self._prefix = prefix
        # Base64 makes 4 characters of 3 bytes; the signature has 32 bytes.
        self._max_length = len(prefix) + ceil(max_bytes * 4 / 3) + 1 + 43

    def sign_bytes(self, message: bytes) -> str:
        """Return the token of a message."""
        return self.sign(self._prefix + encode_base64url(message))

    def unsign_bytes(self, token: str) -> bytes | None:
        """Return the message of a token that was signed with this salt, else None."""
        if len(token) > self._max_length or not token.isascii():
            return None
        try:
            text = self.unsign(token)
        except BadSignature:
            return None
        return decode_base64url(text.removeprefix(self._prefix))
