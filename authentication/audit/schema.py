"""How the OpenAPI document describes the audit log."""

from drf_spectacular.utils import OpenApiParameter

from authentication.api.schema.operations import operation
from authentication.audit.pagination import EventPagination
from authentication.audit.serializers import EventPageSerializer

EVENT = {
    "id": 1024,
    "event": "signed_in",
    "title": "Signed in",
    "at": "2026-11-23T14:20:00Z",
    "ip": "192.0.2.10",
    "device": "Firefox on Linux",
    "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
}
NEXT = "https://api.example.com/auth/events?cursor=cD0xMDI0"
CURSOR = OpenApiParameter(
    "cursor",
    str,
    description="A position taken from `next` or `previous`. Without it, the newest events.",
)
PAGE_SIZE = OpenApiParameter(
    "page_size",
    {"type": "integer", "minimum": 1, "default": EventPagination.page_size},
    description=f"The number of events per page, at most {EventPagination.max_page_size}.",
)

list_events = operation(
    "listEvents",
    tag="Account",
    summary="List recent activity",
    description="What happened to the account, newest first. `next` links to older events and `previous` "
    "to newer ones; events recorded in the meantime neither repeat nor hide others. `event` is a code for "
    "programs, `title` a text for people.",
    response=EventPageSerializer,
    received={
        "First page": {"next": NEXT, "previous": None, "results": [EVENT]},
        "No events": {"next": None, "previous": None, "results": []},
    },
    parameters=[CURSOR, PAGE_SIZE],
)
