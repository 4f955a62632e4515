"""The activity of the user's account."""

from urllib.parse import urlencode

from rest_framework.request import Request
from rest_framework.response import Response

from authentication.api.views import SignedInView
from authentication.audit import pagination, schema, services
from authentication.audit.pagination import Cursor
from authentication.audit.serializers import EventPageSerializer


class EventListView(SignedInView):
    """List the events of the user's account."""

    @schema.list_events
    def get(self, request: Request) -> Response:
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
    """Return the URL of a page, as the client reaches this server.

    Its host is that of the ``Host`` header, which a proxy has to pass on. Its scheme is that of
    ``X-Forwarded-Proto`` if there are TRUSTED_PROXIES.
    """
    if cursor is None:
        return None
    query = {"cursor": str(cursor)}
    if "page_size" in request.query_params:
        query["page_size"] = str(pagination.parse_size(request.query_params["page_size"]))
    return request.build_absolute_uri(f"{request.path}?{urlencode(query)}")
