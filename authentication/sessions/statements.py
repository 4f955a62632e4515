"""The three statements on sessions that are run most, as ORM queries that are compiled once.

``tests/sessions/test_statements.py`` compares each with the ORM's own result.
"""

from typing import Any

from django.db.models import Case, DateTimeField, F, IntegerField, QuerySet, UUIDField, Value, When
from django.db.models.functions import Now

from authentication.core import prepared
from authentication.sessions.models import Session

MAX_SESSIONS = 50


@prepared.select(Session, session_id=UUIDField())
def session_with_user(session_id: Any) -> QuerySet[Session]:
    """Return the session with its user loaded, alive or not, or None."""
    return Session.objects.select_related("user").filter(pk=session_id)


@prepared.update(
    Session,
    session_id=UUIDField(),
    generation=IntegerField(),
    expires_at=DateTimeField(),
    now=DateTimeField(),
)
def rotate(
    session_id: Any, generation: Any, expires_at: Any, now: Any
) -> tuple[QuerySet[Session], dict[str, Any]]:
    """Move a session on from this generation; of any number of concurrent callers, one gets 1."""
    # A generation that was requested late stays counted: only a rotation whose response arrived at
    # once proves that nobody else refreshes first.
    forgiven = Case(When(forgiven_generation=F("generation"), then=F("forgiven")), default=Value(0))
    return Session.objects.alive(now).filter(pk=session_id, generation=generation), {
        "generation": F("generation") + 1,
        "rotated_at": Now(),
        "seen_generation": F("generation"),
        "forgiven": forgiven,
        "expires_at": expires_at,
        "last_seen_at": now,
    }


@prepared.delete(Session, user_id=IntegerField(), now=DateTimeField())
def trim(user_id: Any, now: Any) -> QuerySet[Session]:
    """Delete a user's dead sessions, and the least recently seen beyond fifty.

    Call it after the commit that opened a session: of any number of concurrent sign-ins, the last one
    to get here sees the sessions of all.
    """
    newest = Session.objects.alive(now).filter(user_id=user_id)
    kept = newest.order_by("-last_seen_at", "-pk").values("pk")[:MAX_SESSIONS]
    return Session.objects.filter(user_id=user_id).exclude(pk__in=kept)
