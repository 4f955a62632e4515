"""Password changes and resets."""

from rest_framework.request import Request
from rest_framework.response import Response

from authentication.api.views import PublicView, SignedInView, validated
from authentication.core.client import client_of
from authentication.passwords import schema, services
from authentication.passwords.serializers import (
    PasswordChangeSerializer,
    ResetConfirmSerializer,
    ResetSerializer,
)
from authentication.sessions.authentication import AuthenticatedRequest
from authentication.sessions.transport import Transport


class ResetView(PublicView):
    """Send a link to set a new password."""

    @schema.request_reset
    def post(self, request: Request) -> Response:
        services.request_reset(client=client_of(request), **validated(ResetSerializer, request))
        return Response(status=202)


class ResetConfirmView(PublicView):
    """Set a new password with the link."""

    @schema.confirm_reset
    def post(self, request: Request) -> Response:
        services.confirm_reset(client=client_of(request), **validated(ResetConfirmSerializer, request))
        return Response(status=204)


class PasswordChangeView(SignedInView):
    """Change the user's password."""

    @schema.change
    def post(self, request: AuthenticatedRequest) -> Response:
        data = validated(PasswordChangeSerializer, request)
        refresh_in = data.pop("refresh_in", None)
        arriving = Transport.read(request, refresh_in)
        grant = services.change(
            user=request.user,
            refreshable=refresh_in is not None,
            client=client_of(request),
            replaces=arriving.session_id,
            **data,
        )
        return arriving.respond(grant, request.user)
