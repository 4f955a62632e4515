"""``/auth/password/…``"""

from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from authentication.core.requests import client_of
from authentication.passwords import services
from authentication.passwords.serializers import PasswordChangeSerializer
from authentication.sessions import answers
from authentication.sessions.credentials import AuthenticatedRequest


class PasswordViewSet(ViewSet):
    """One's own password."""

    @action(detail=False, methods=["post"], url_path="password/change")
    def change(self, request: AuthenticatedRequest) -> Response:
        serializer = PasswordChangeSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        refresh_in = serializer.validated_data.pop("refresh_in", None)
        answers.check_cookie(request, refresh_in)
        grant = services.change(
            user=request.user,
            refreshable=refresh_in is not None,
            client=client_of(request),
            **serializer.validated_data,
        )
        return answers.signed_in(request, request.user, grant, refresh_in)
