"""``/auth/me``."""

from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from authentication.account import services
from authentication.account.serializers import AccountSerializer, DeletionSerializer, RenameSerializer
from authentication.core.requests import client_of
from authentication.sessions.credentials import AuthenticatedRequest


class AccountViewSet(ViewSet):
    """One's own account."""

    @action(detail=False, methods=["get"])
    def me(self, request: AuthenticatedRequest) -> Response:
        return Response(AccountSerializer(request.user).data)

    @me.mapping.patch
    def rename(self, request: AuthenticatedRequest) -> Response:
        serializer = RenameSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        username = serializer.validated_data.get("username", request.user.username)
        services.rename(user=request.user, username=username, client=client_of(request))
        return Response(AccountSerializer(request.user).data)

    @action(detail=False, methods=["post"], url_path="me/delete")
    def delete_account(self, request: AuthenticatedRequest) -> Response:
        serializer = DeletionSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        services.delete(user=request.user, client=client_of(request), **serializer.validated_data)
        return Response(status=204)
