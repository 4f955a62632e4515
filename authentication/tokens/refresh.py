"""Refresh tokens: a session, a generation and a MAC. Nothing secret is stored for them."""

from dataclasses import dataclass
from uuid import UUID

from authentication.api.errors import TokenInvalid
from authentication.tokens.seals import Seal

ID_BYTES, GENERATION_BYTES = 16, 4
MESSAGE_BYTES = ID_BYTES + GENERATION_BYTES
SEAL = Seal("oj_", "authentication.tokens.refresh", mac_bytes=32, max_bytes=MESSAGE_BYTES)


@dataclass(frozen=True, slots=True)
class RefreshClaims:
    """The session and the generation that a refresh token was made for."""

    session_id: UUID
    generation: int


def issue(session_id: UUID, generation: int) -> str:
    """Return the refresh token of this generation; the same each time while the key stays."""
    return SEAL.write(session_id.bytes + generation.to_bytes(GENERATION_BYTES, "big"))


def verify(token: str) -> RefreshClaims:
    """Return what a refresh token names. Raises TokenInvalid for any token that is not ours."""
    message = SEAL.read(token)
    if message is None or len(message) != MESSAGE_BYTES:
        raise TokenInvalid()
    return RefreshClaims(UUID(bytes=message[:ID_BYTES]), int.from_bytes(message[ID_BYTES:], "big"))
