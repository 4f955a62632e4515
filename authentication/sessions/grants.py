"""What a client receives for a session."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from authentication.core import clock
from authentication.tokens import access, refresh

if TYPE_CHECKING:
    from authentication.sessions.models import Session


@dataclass(frozen=True, slots=True)
class Grant:
    """An access token for ``expires_in`` seconds; a refresh token where one was asked for."""

    token: str
    expires_in: int
    refresh: str | None
    session_id: UUID
    session_expires_at: datetime


def grant(session: "Session", *, generation: int, refreshable: bool) -> Grant:
    """Issue the tokens of a session's generation."""
    lifetime = settings.SHORT_ACCESS_TOKEN_LIFETIME if refreshable else settings.ACCESS_TOKEN_LIFETIME
    remaining = session.expires_at - clock.now()
    seconds = ceil(min(lifetime, remaining).total_seconds())
    token = access.issue(
        user_id=session.user_id, session_id=session.id, generation=generation, lifetime_seconds=seconds
    )
    return Grant(
        token=token,
        expires_in=seconds,
        refresh=refresh.issue(session.id, generation) if refreshable else None,
        session_id=session.id,
        session_expires_at=session.expires_at,
    )
