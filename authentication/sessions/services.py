"""Open, find, refresh and end sessions."""

import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models.functions import Greatest

from authentication.api.errors import NotFound, RefreshReused, SessionEnded, UserInactive
from authentication.audit import services as audit
from authentication.audit.models import EventType
from authentication.core import batches, clock
from authentication.core.batches import Progress
from authentication.core.client import Client
from authentication.limits import services as limits
from authentication.limits.actions import Action
from authentication.mail import services as mail
from authentication.sessions import mails, statements
from authentication.sessions.models import Grant, Session, grant, is_alive
from authentication.tokens.access import Claims
from authentication.tokens.refresh import verify_refresh_token
from authentication.users.models import User

logger = logging.getLogger("oddjobbox")

SEEN_EVERY = timedelta(minutes=10)


def find(session_id: UUID) -> Session:
    """Return a living session with its user. Raises SessionEnded or UserInactive."""
    session = statements.session_with_user(session_id=session_id)
    if session is None:
        raise SessionEnded()
    if not session.user.is_active:
        raise UserInactive()
    if not session.is_alive():
        raise SessionEnded()
    return session


def authenticate(claims: Claims, *, must_record: bool) -> Session:
    """Return the living session that an access token names.

    The first use of a refreshed token is recorded, and about every ten minutes that the session
    is in use. Where ``must_record`` is False a database that cannot write now is no obstacle.
    """
    session = find(claims.session_id)
    if session.user_id != claims.user_id or claims.generation > session.generation:
        raise SessionEnded()
    now = clock.now()
    if claims.generation > session.seen_generation or now - session.last_seen_at >= SEEN_EVERY:
        try:
            Session.objects.filter(pk=session.pk).update(
                seen_generation=Greatest("seen_generation", claims.generation), last_seen_at=now
            )
        except DatabaseError:
            if must_record:
                raise
            logger.warning("Could not record that session %s was seen", session.pk, exc_info=True)
    return session


def rotate(*, token: str, client: Client) -> Grant:
    """Use a refresh token: return a new access token and the next refresh token.

    Who asks again with a used token gets the same next one while it may be the same client;
    otherwise the session ends. Raises TokenInvalid, Throttled, SessionEnded, UserInactive,
    RefreshReused.
    """
    claims = verify_refresh_token(token)
    limits.count(Action.REFRESH, account=str(claims.session_id), client=client)
    session = find(claims.session_id)
    if session.generation == claims.generation:
        now = clock.now()
        limit = session.created_at + settings.SESSION_ABSOLUTE_LIFETIME
        session.expires_at = min(now + settings.SESSION_LIFETIME, limit)
        if statements.rotate(
            session_id=session.pk, generation=session.generation, expires_at=session.expires_at, now=now
        ):
            return grant(session, generation=session.generation + 1, refreshable=True)
        session = find(claims.session_id)
    return _repeat(session, claims.generation, client)


def _repeat(session: Session, generation: int, client: Client) -> Grant:
    """Answer a refresh token that has been used before."""
    if generation >= session.generation:
        # Newer than the row: the database was restored from a backup.
        raise SessionEnded()
    if generation == session.generation - 1:
        if Session.objects.get_queryset().in_grace(session):
            return grant(session, generation=session.generation, refreshable=True)
        with transaction.atomic():
            forgiven = Session.objects.get_queryset().forgive(session)
            if forgiven:
                audit.record(
                    EventType.REFRESHED_LATE, user_id=session.user_id, client=client, session_id=session.pk
                )
        if forgiven:
            return grant(session, generation=session.generation, refreshable=True)
    # Theft. The end is committed before the refusal is raised, which would undo it.
    with transaction.atomic():
        if end(session_id=session.pk, client=client, event=EventType.REFRESH_REUSED):
            user = session.user
            mail.notify(
                "refresh_reused", mails.send_refresh_reused, client, to=user.email, username=user.username
            )
    raise RefreshReused()


def end(
    *, session_id: UUID, client: Client, event: EventType = EventType.SIGNED_OUT, user_id: int | None = None
) -> bool:
    """End a session, of this user only where one is named; return whether there was one."""
    with transaction.atomic():
        if user_id is None:
            # Locks the user, as deleting the account does before it deletes the sessions: each would
            # otherwise wait for the row that the other one holds.
            owner = User.objects.select_for_update(no_key=True, of=("self",)).filter(sessions=session_id)
            user_id = owner.values_list("pk", flat=True).first()
        rows = Session.objects.filter(pk=session_id)
        ended = user_id is not None and bool(rows.filter(user_id=user_id).delete()[0])
        if ended:
            audit.record(event, user_id=user_id, client=client, session_id=session_id)
    return ended


def end_replaced(*, session_id: UUID, client: Client) -> None:
    """End the session that a new sign-in replaces on its client; called in the sign-in's transaction."""
    if Session.objects.alive().filter(pk=session_id).exists():
        end(session_id=session_id, client=client)


def end_own(*, user_id: int, session_id: UUID, client: Client) -> None:
    """End one of the user's sessions. Raises NotFound for a session that is not one of them."""
    if not end(session_id=session_id, client=client, event=EventType.SESSION_ENDED, user_id=user_id):
        raise NotFound()


def list_alive(*, user_id: int) -> list[Session]:
    """Return the user's living sessions, newest first."""
    alive = Session.objects.alive()
    return list(alive.filter(user_id=user_id).order_by("-created_at", "-pk"))


def end_others(*, user_id: int, current: UUID | None, client: Client) -> None:
    """End every session of the user except the current one, if there is one."""
    with transaction.atomic():
        sessions = Session.objects.filter(user_id=user_id)
        others = sessions if current is None else sessions.exclude(pk=current)
        if others.delete()[0]:
            audit.record(EventType.SESSION_ENDED, user_id=user_id, client=client)


def purge(progress: Progress | None = None) -> int:
    """Delete every session that is not alive; return how many there were."""
    return batches.delete(Session.objects.exclude(is_alive()), progress)
