"""Writing to the audit log, reading it, and forgetting."""

from uuid import UUID

from django.conf import settings

from authentication.audit import pagination
from authentication.audit.models import Event, EventType
from authentication.audit.pagination import Cursor, Page
from authentication.core import batches, clock
from authentication.core.batches import Progress
from authentication.core.client import Client


def record(event: EventType, *, user_id: int | None, client: Client, session_id: UUID | None = None) -> None:
    """Store one event, in the caller's transaction."""
    Event.objects.create(
        event=event, user_id=user_id, session_id=session_id, ip=client.ip, user_agent=client.user_agent
    )


def read_page(*, user_id: int, cursor: Cursor | None, size: int) -> Page:
    """Return one page of what happened to an account, newest first."""
    return pagination.read(Event.objects.filter(user_id=user_id), cursor, size)


def purge(progress: Progress | None = None) -> int:
    """Delete the events older than EVENT_RETENTION; return how many there were."""
    old = Event.objects.filter(at__lt=clock.now() - settings.EVENT_RETENTION)
    return batches.delete(old, progress)
