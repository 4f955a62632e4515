"""Write to the audit log, read it, and delete old events."""

from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from authentication.audit.models import Event, EventType
from authentication.core import batches, clock
from authentication.core.batches import Progress
from authentication.core.client import Client


def record(event: EventType, *, user_id: int | None, client: Client, session_id: UUID | None = None) -> None:
    """Store one event, in the caller's transaction."""
    Event.objects.create(
        event=event, user_id=user_id, session_id=session_id, ip=client.ip, user_agent=client.user_agent
    )


def events_of(user_id: int) -> QuerySet[Event]:
    """Return what happened to an account, in no order."""
    return Event.objects.filter(user_id=user_id)


def purge(progress: Progress | None = None) -> int:
    """Delete the events older than EVENT_RETENTION; return how many there were."""
    old = Event.objects.filter(at__lt=clock.now() - settings.EVENT_RETENTION)
    return batches.delete(old, progress)
