"""The user's account."""

from django.http import JsonResponse
from rest_framework.response import Response

from authentication.accounts import schema, services
from authentication.accounts.serializers import DeletionSerializer, RenameSerializer, account
from authentication.api.views import SignedInView, validated
from authentication.core.client import client_of
from authentication.sessions.authentication import AuthenticatedRequest
from authentication.sessions.transport import Transport


class MeView(SignedInView):
    """Read or rename the account."""

    @schema.get_me
    def get(self, request: AuthenticatedRequest) -> JsonResponse:
        # The most frequent response of all. DRF's Response would choose a renderer, and render a
        # template response, to write the same JSON.
        return JsonResponse(account(request.user))

    @schema.rename_me
    def patch(self, request: AuthenticatedRequest) -> Response:
        username = validated(RenameSerializer, request).get("username", request.user.username)
        services.rename(user=request.user, username=username, client=client_of(request))
        return Response(account(request.user))


class DeletionView(SignedInView):
    """Delete the account."""

    @schema.delete_me
    def post(self, request: AuthenticatedRequest) -> Response:
        data = validated(DeletionSerializer, request)
        arriving = Transport.read(request)
        services.delete(user=request.user, client=client_of(request), **data)
        return arriving.respond_signed_out()
