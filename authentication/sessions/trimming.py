"""Which sessions go when their user signs in."""

from datetime import UTC, datetime
from functools import cache

from django.db import connection

from authentication.core import clock
from authentication.sessions.compiled import Compiled
from authentication.sessions.models import Session

MAX_SESSIONS = 50


def trim(user_id: int) -> None:
    """Remove a user's dead sessions, and the least recently seen beyond fifty.

    Called after the commit that opened one: of any number of simultaneous sign-ins, the last to
    come here sees them all.
    """
    _statement(connection.vendor).execute(user_id=user_id, now=clock.now())


@cache
def _statement(vendor: str) -> Compiled:
    user_id, now = -1, datetime(1, 1, 1, tzinfo=UTC)
    newest = Session.objects.get_queryset().alive(now).filter(user_id=user_id)
    kept = newest.order_by("-last_seen_at", "-pk").values("pk")[:MAX_SESSIONS]
    dropped = Session.objects.filter(user_id=user_id).exclude(pk__in=kept)
    return Compiled.delete(dropped, {"user_id": user_id, "now": now})
