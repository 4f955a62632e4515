"""The audit log."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models.signals import pre_delete
from django.dispatch import receiver

from authentication.core import clock
from authentication.core.client import MAX_USER_AGENT_LENGTH


class EventType(models.TextChoices):
    """A past participle for what was done; ``_failed`` ends the name of what was only tried."""

    REGISTERED = "registered", "Registered"
    SIGNED_IN = "signed_in", "Signed in"
    SIGN_IN_FAILED = "sign_in_failed", "Sign-in failed"
    SIGN_INS_LIMITED = "sign_ins_limited", "Too many failed sign-ins"
    SIGNED_OUT = "signed_out", "Signed out"
    SESSION_ENDED = "session_ended", "Session ended"
    REFRESHED_LATE = "refreshed_late", "Refreshed late"
    REFRESH_REUSED = "refresh_reused", "Refresh token reused"
    PASSWORD_CHANGED = "password_changed", "Password changed"
    PASSWORD_RESET = "password_reset", "Password reset"
    EMAIL_VERIFIED = "email_verified", "Address verified"
    EMAIL_CHANGE_REQUESTED = "email_change_requested", "Change of address requested"
    EMAIL_CHANGED = "email_changed", "Address changed"
    EMAIL_CHANGE_UNDONE = "email_change_undone", "Change of address undone"
    RENAMED = "renamed", "Renamed"
    ACCOUNT_DELETED = "account_deleted", "Account deleted"


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
        indexes: ClassVar[list[models.Index]] = [
            # For the pages of an account's events.
            models.Index(fields=["user", "-id"], name="event_user_id"),
            models.Index(fields=["at"], name="event_at"),
            # For the admin's filter: without it, the search for a rare event reads the whole log.
            models.Index(fields=["event", "-at"], name="event_event_at"),
        ]

    def __str__(self) -> str:
        return f"{self.event} at {self.at:%Y-%m-%d %H:%M:%S}"


@receiver(pre_delete, sender=settings.AUTH_USER_MODEL)
def forget_user(instance: models.Model, using: str, **kwargs: Any) -> None:
    """Keep the events of an account that is deleted, but without the account, IP and user agent.

    This is a signal because the API, the admin's form, its action on many and a shell all delete in
    different ways; Django sends it inside the transaction of each. The user is locked first, so no
    event is added after the update. The field's own SET_NULL comes later and finds nothing.
    """
    user = type(instance)._base_manager.using(using).select_for_update().filter(pk=instance.pk)
    if list(user.values_list("pk")):
        own = Event.objects.using(using).filter(user_id=instance.pk)
        own.update(user=None, ip=None, user_agent="")
        Event.objects.using(using).create(event=EventType.ACCOUNT_DELETED)
