"""``/auth/events``"""

from urllib.parse import urlencode

from drf_spectacular.utils import OpenApiParameter
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from authentication.api.schema import operations
from authentication.audit import pagination, services
from authentication.audit.pagination import Cursor
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
NEXT = "https://api.example.com/auth/events?cursor=older-1795443600000000-1024"
CURSOR = OpenApiParameter(
    "cursor",
    {"type": "string", "pattern": f"^{pagination.CURSOR}$"},
    description="Out of `next` or `previous`; not to be made up. Without it, the newest events.",
)
PAGE_SIZE = OpenApiParameter(
    "page_size",
    {"type": "integer", "minimum": 1, "default": pagination.SIZE},
    description=f"Events per page, at most {pagination.MAX_SIZE}.",
)


class EventViewSet(ViewSet):
    """What happened to one's own account."""

    @operations.operation(
        "listEvents",
        tag="Account",
        summary="Read one's own recent activity",
        description="Newest first, 50 at a time; `next` leads to older events and `previous` to newer "
        "ones, none shown twice or left out while others come in. `event` is a word for programs, "
        "`title` says the same to people.",
        answer=EventPageSerializer,
        received={
            "First page": {"next": NEXT, "previous": None, "results": [EVENT]},
            "Nothing more": {"next": None, "previous": None, "results": []},
        },
        parameters=[CURSOR, PAGE_SIZE],
    )
    @action(detail=False, methods=["get"])
    def events(self, request: Request) -> Response:
        assert request.user.pk is not None
        cursor = pagination.parse_cursor(request.query_params.get("cursor"))
        size = pagination.parse_size(request.query_params.get("page_size"))
        page = services.read_page(user_id=request.user.pk, cursor=cursor, size=size)
        body = {
            "next": _link(request, page.older),
            "previous": _link(request, page.newer),
            "results": page.events,
        }
        return Response(EventPageSerializer(body).data)


def _link(request: Request, cursor: Cursor | None) -> str | None:
    """Return the address of a page, as the client reaches this server.

    The host is the ``Host`` header's, which a proxy has to pass on, or ALLOWED_HOSTS refuses the
    request; the scheme is ``X-Forwarded-Proto``'s with TRUSTED_PROXIES.
    """
    if cursor is None:
        return None
    query = {"cursor": str(cursor)}
    if "page_size" in request.query_params:
        query["page_size"] = str(pagination.parse_size(request.query_params["page_size"]))
    return request.build_absolute_uri(f"{request.path}?{urlencode(query)}")
