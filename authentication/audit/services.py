"""Writing to the audit log."""

from uuid import UUID

from authentication.audit.events import EventType
from authentication.audit.models import Event
from authentication.core.requests import Client


def record(event: EventType, *, user_id: int | None, client: Client, session_id: UUID | None = None) -> None:
    """Store one event, in the caller's transaction."""
    Event.objects.create(
        event=event, user_id=user_id, session_id=session_id, ip=client.ip, user_agent=client.user_agent
    )
