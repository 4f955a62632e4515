"""The activity of the user's account."""

from rest_framework.request import Request
from rest_framework.response import Response

from authentication.api.views import SignedInView
from authentication.audit import schema, services
from authentication.audit.pagination import EventPagination
from authentication.audit.serializers import EventSerializer


class EventListView(SignedInView):
    """List the events of the user's account."""

    @schema.list_events
    def get(self, request: Request) -> Response:
        assert request.user.pk is not None
        pages = EventPagination()
        page = pages.paginate_queryset(services.events_of(request.user.pk), request, view=self)
        return pages.get_paginated_response(EventSerializer(page, many=True).data)
