"""Access tokens: signed JWTs (RFC 7519, RFC 9068) that name a session."""

import json
import re
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings

from authentication.api.errors import TokenExpired, TokenInvalid
from authentication.core import clock
from authentication.tokens.keys import key_ring

MAX_LENGTH = 4096
IAT_LEEWAY_SECONDS = 30

_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims of a verified access token; ``issued_at`` and ``expires_at`` in epoch seconds."""

    user_id: int
    session_id: UUID
    generation: int
    issued_at: int
    expires_at: int
    token_id: str


def issue_access_token(*, user_id: int, session_id: UUID, generation: int, lifetime_seconds: int) -> str:
    """Sign a new access token with the first key of the ring."""
    now = clock.timestamp()
    claims = {
        "id": user_id,
        "sub": str(user_id),
        "sid": str(session_id),
        "gen": generation,
        "iat": now,
        "exp": now + lifetime_seconds,
        "iss": settings.JWT_ISSUER,
        "aud": settings.JWT_AUDIENCE,
        "jti": secrets.token_urlsafe(16),
    }
    return key_ring()[0].sign(json.dumps(claims, separators=(",", ":")).encode())


def verify_access_token(token: str, *, allow_expired: bool = False) -> Claims:
    """Return the claims of an access token.

    Raises TokenInvalid, or TokenExpired on and after its ``exp`` (RFC 7519 §4.1.4) unless
    ``allow_expired``, which signing out uses.
    """
    claims = _verified_claims(token)
    if not allow_expired and clock.timestamp() >= claims.expires_at:
        raise TokenExpired()
    return claims


def _verified_claims(token: str) -> Claims:
    if len(token) > MAX_LENGTH or not _COMPACT.fullmatch(token):
        raise TokenInvalid()
    for key in key_ring():
        payload = key.verify(token)
        if payload is not None:
            return _claims(_parse(payload))
    raise TokenInvalid()


def _parse(payload: bytes) -> dict[str, Any]:
    try:
        # Decoded first: from bytes, Python would read UTF-16 as well (RFC 7519 §7.2).
        claims = json.loads(payload.decode())
    except (ValueError, RecursionError) as error:
        raise TokenInvalid() from error
    if not isinstance(claims, dict):
        raise TokenInvalid()
    return claims


def _claims(payload: dict[str, Any]) -> Claims:
    """Check the type and value of every claim; a lookalike such as ``true`` for 1 is invalid."""
    user_id = _whole_number(payload, "id")
    now = clock.timestamp()
    session_id = _session_id(payload.get("sid"))
    issued_at = _whole_number(payload, "iat")
    if (
        payload.get("sub") != str(user_id)
        or payload.get("iss") != settings.JWT_ISSUER
        or payload.get("aud") != settings.JWT_AUDIENCE
        or issued_at > now + IAT_LEEWAY_SECONDS
        or ("nbf" in payload and _whole_number(payload, "nbf") > now + IAT_LEEWAY_SECONDS)
        or not isinstance(payload.get("jti"), str)
        or not payload["jti"]
    ):
        raise TokenInvalid()
    return Claims(
        user_id=user_id,
        session_id=session_id,
        generation=_whole_number(payload, "gen"),
        issued_at=issued_at,
        expires_at=_whole_number(payload, "exp"),
        token_id=payload["jti"],
    )


def _whole_number(payload: dict[str, Any], name: str) -> int:
    value = payload.get(name)
    if type(value) is not int or not 0 <= value < 2**63:
        raise TokenInvalid()
    return value


def _session_id(value: Any) -> UUID:
    try:
        session_id = UUID(value)
    except (ValueError, TypeError, AttributeError) as error:
        raise TokenInvalid() from error
    if str(session_id) != value:
        raise TokenInvalid()
    return session_id
