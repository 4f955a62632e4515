"""The one statement that uses a refresh token."""

from datetime import UTC, datetime
from functools import cache
from uuid import UUID

from django.db import connection
from django.db.models import Case, F, Value, When
from django.db.models.functions import Now

from authentication.core import clock
from authentication.sessions.compiled import Compiled
from authentication.sessions.models import Session


def rotate(session: Session, expires_at: datetime) -> bool:
    """Move on from this very generation; of any number of callers, one gets True."""
    return bool(
        _statement(connection.vendor).execute(
            session_id=session.pk,
            generation=session.generation,
            next_generation=session.generation + 1,
            expires_at=expires_at,
            now=clock.now(),
        )
    )


@cache
def _statement(vendor: str) -> Compiled:
    session_id, generation, next_generation = UUID(int=1), 2_000_000_001, 2_000_000_002
    now, expires_at = datetime(1, 1, 1, tzinfo=UTC), datetime(1, 1, 2, tzinfo=UTC)
    # A generation that was asked for late leaves the count: only a rotation whose answer
    # arrived at once proves that nobody else refreshes first.
    forgiven = Case(When(forgiven_generation=F("generation"), then=F("forgiven")), default=Value(0))
    return Compiled.update(
        Session.objects.get_queryset().alive(now).filter(pk=session_id, generation=generation),
        {
            "session_id": session_id,
            "generation": generation,
            "next_generation": next_generation,
            "expires_at": expires_at,
            "now": now,
        },
        generation=next_generation,
        rotated_at=Now(),
        seen_generation=generation,
        forgiven=forgiven,
        expires_at=expires_at,
        last_seen_at=now,
    )
