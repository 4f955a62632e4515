"""The audit log."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from authentication.audit.events import EventType
from authentication.core import clock
from authentication.core.requests import MAX_USER_AGENT_LENGTH


class Event(models.Model):
    """Something that happened to an account. Nothing that a client typed is kept."""

    event = models.CharField(max_length=32, choices=EventType.choices)
    at = models.DateTimeField(default=clock.now)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="events", db_index=False
    )
    # No foreign key: the log outlives the session.
    session_id = models.UUIDField(null=True)
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=MAX_USER_AGENT_LENGTH, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["user", "-at"], name="event_user_at")]

    def __str__(self) -> str:
        return f"{self.event} at {self.at:%Y-%m-%d %H:%M:%S}"
