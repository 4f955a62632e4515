"""Refresh tokens: a session, a generation and a MAC. Nothing secret is stored for them."""

import base64
import binascii
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from authentication.core.errors import TokenInvalid

PREFIX = "oj_"
PURPOSE = "authentication.tokens.refresh"
ID_BYTES, GENERATION_BYTES, MAC_BYTES = 16, 4, 32
TOKEN_BYTES = ID_BYTES + GENERATION_BYTES + MAC_BYTES
# 52 bytes in base64url without padding.
LENGTH = len(PREFIX) + 70


@dataclass(frozen=True, slots=True)
class RefreshClaims:
    """The session and the generation that a refresh token was made for."""

    session_id: UUID
    generation: int


def issue(session_id: UUID, generation: int) -> str:
    """Return the refresh token of this generation; the same each time while the key stays."""
    message = session_id.bytes + generation.to_bytes(GENERATION_BYTES, "big")
    token = message + _mac(message, settings.SECRET_KEY)
    return PREFIX + base64.urlsafe_b64encode(token).rstrip(b"=").decode()


def verify(token: str) -> RefreshClaims:
    """Return what a refresh token names. Raises TokenInvalid for any token that is not ours."""
    message, mac = _split(token)
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if not any(constant_time_compare(mac, _mac(message, secret)) for secret in secrets):
        raise TokenInvalid()
    return RefreshClaims(UUID(bytes=message[:ID_BYTES]), int.from_bytes(message[ID_BYTES:], "big"))


def _mac(message: bytes, secret: str) -> bytes:
    return salted_hmac(PURPOSE, message, secret=secret, algorithm="sha256").digest()


def _split(token: str) -> tuple[bytes, bytes]:
    if len(token) != LENGTH or not token.startswith(PREFIX) or not token.isascii():
        raise TokenInvalid()
    encoded = token[len(PREFIX) :]
    try:
        raw = base64.b64decode(encoded + "==", altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise TokenInvalid() from error
    if len(raw) != TOKEN_BYTES or base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != encoded:
        raise TokenInvalid()
    return raw[:-MAC_BYTES], raw[-MAC_BYTES:]
