"""The session row, and the one predicate that says whether it is alive."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Now

from authentication.core import clock
from authentication.core.client import MAX_USER_AGENT_LENGTH, Client
from authentication.tokens import access, refresh
from authentication.users.models import User

REFRESH_GRACE = timedelta(seconds=10)
MAX_FORGIVEN = 2


def is_alive(now: Any = None) -> Q:
    """Return the predicate: not expired now, the user active, and no credentials changed since.

    :meth:`Session.is_alive` says the same of a row that is loaded with its user.

    The user is looked up in a subquery, not joined, so that an UPDATE keeps every condition on
    the session's own row: PostgreSQL checks those again after waiting for another writer.
    """
    user = User.objects.filter(
        pk=OuterRef("user_id"), is_active=True, security_stamp=OuterRef("security_stamp")
    )
    return Q(expires_at__gt=now or clock.now()) & Q(Exists(user))


@dataclass(frozen=True, slots=True)
class Grant:
    """An access token for ``expires_in`` seconds; a refresh token where one was asked for."""

    token: str
    expires_in: int
    refresh: str | None
    session_id: uuid.UUID
    session_expires_at: datetime


class SessionQuerySet(models.QuerySet["Session"]):
    def alive(self, now: Any = None) -> Self:
        return self.filter(is_alive(now))

    def in_grace(self, session: "Session") -> bool:
        """Return whether this generation is moments old, by the clock that set ``rotated_at``."""
        moments_ago = Now() - Value(REFRESH_GRACE)
        current = self.filter(pk=session.pk, generation=session.generation)
        return current.filter(rotated_at__gt=moments_ago).exists()

    def forgive(self, session: "Session") -> bool:
        """Count one late repeat, while nothing of the current generation has been used."""
        return bool(
            self.alive()
            .filter(
                pk=session.pk,
                generation=session.generation,
                seen_generation__lt=session.generation,
                forgiven__lt=MAX_FORGIVEN,
            )
            .update(forgiven=F("forgiven") + 1, forgiven_generation=session.generation)
        )


class SessionManager(models.Manager["Session"]):
    # Set by Django on the manager of `user.sessions`.
    instance: User

    def get_queryset(self) -> SessionQuerySet:
        return SessionQuerySet(self.model, using=self._db)

    def alive(self, now: Any = None) -> SessionQuerySet:
        return self.get_queryset().alive(now)

    def open(self, *, client: Client | None = None, refreshable: bool = False) -> Grant:
        """Store a new session of ``user.sessions`` and return its tokens."""
        client = client or Client()
        now = clock.now()
        lifetime = settings.SESSION_LIFETIME if refreshable else settings.ACCESS_TOKEN_LIFETIME
        session = self.create(
            created_at=now,
            last_seen_at=now,
            expires_at=now + min(lifetime, settings.SESSION_ABSOLUTE_LIFETIME),
            security_stamp=self.instance.security_stamp,
            ip=client.ip,
            user_agent=client.user_agent,
        )
        return grant(session, generation=0, refreshable=refreshable)


class Session(models.Model):
    """A sign-in that lasts. Ending it deletes the row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sessions")
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # The user's stamp when the session was opened.
    security_stamp = models.CharField(max_length=22)
    # The refresh token that is valid now, and the newest one known to have reached its client.
    generation = models.PositiveIntegerField(default=0)
    seen_generation = models.PositiveIntegerField(default=0)
    # By the database's clock, which all machines share.
    rotated_at = models.DateTimeField(null=True)
    # Late repeats in a row, and the generation that the last of them asked for.
    forgiven = models.PositiveSmallIntegerField(default=0)
    forgiven_generation = models.PositiveIntegerField(null=True)
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=MAX_USER_AGENT_LENGTH, blank=True)

    objects: ClassVar[SessionManager] = SessionManager()

    def __str__(self) -> str:
        return str(self.id)

    def is_alive(self) -> bool:
        """Return what :func:`is_alive` asks the database."""
        stamped = self.security_stamp == self.user.security_stamp
        return self.expires_at > clock.now() and self.user.is_active and stamped


def grant(session: Session, *, generation: int, refreshable: bool) -> Grant:
    """Issue the tokens of a session's generation."""
    lifetime = settings.SHORT_ACCESS_TOKEN_LIFETIME if refreshable else settings.ACCESS_TOKEN_LIFETIME
    seconds = min(int(lifetime.total_seconds()), clock.seconds_until(session.expires_at))
    token = access.issue_access_token(
        user_id=session.user_id, session_id=session.id, generation=generation, lifetime_seconds=seconds
    )
    return Grant(
        token=token,
        expires_in=seconds,
        refresh=refresh.issue_refresh_token(session.id, generation) if refreshable else None,
        session_id=session.id,
        session_expires_at=session.expires_at,
    )
