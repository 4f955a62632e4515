"""Refresh tokens: a session and a generation, signed. Nothing is stored for them."""

from dataclasses import dataclass
from uuid import UUID

from authentication.api.errors import TokenInvalid
from authentication.tokens.keys import TokenSigner

ID_BYTES, GENERATION_BYTES = 16, 4
SALT = "authentication.tokens.refresh"


@dataclass(frozen=True, slots=True)
class RefreshClaims:
    """The session and the generation that a refresh token was issued for."""

    session_id: UUID
    generation: int


def issue_refresh_token(session_id: UUID, generation: int) -> str:
    """Return the refresh token of this generation; the same each time while the key stays."""
    return _signer().sign_bytes(session_id.bytes + generation.to_bytes(GENERATION_BYTES, "big"))


def verify_refresh_token(token: str) -> RefreshClaims:
    """Return the claims of a refresh token. Raises TokenInvalid for any other text."""
    message = _signer().unsign_bytes(token)
    if message is None:
        raise TokenInvalid()
    return RefreshClaims(UUID(bytes=message[:ID_BYTES]), int.from_bytes(message[ID_BYTES:], "big"))


def _signer() -> TokenSigner:
    return TokenSigner("oj_", SALT, max_bytes=ID_BYTES + GENERATION_BYTES)
