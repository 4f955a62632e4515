"""``/auth/password/…``"""

from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from authentication.core import openapi
from authentication.core.errors import Busy, Throttled
from authentication.core.openapi import SIGNED_IN, Facts
from authentication.core.refusals import Refusal
from authentication.core.requests import client_of
from authentication.passwords import services
from authentication.passwords.serializers import PasswordChangeSerializer
from authentication.sessions import answers
from authentication.sessions.credentials import AuthenticatedRequest
from authentication.sessions.serializers import SignedInSerializer
from authentication.users import rules


class PasswordViewSet(ViewSet):
    """One's own password."""

    @openapi.operation(
        "changePassword",
        tag="Account",
        summary="Change one's own password",
        description="Every session of the account ends, this one too; the answer is a new sign-in.",
        request=PasswordChangeSerializer,
        sent={
            "Current and new password": {
                "password": "correct horse battery",
                "new_password": "staple the battery anew",
            }
        },
        answer=SignedInSerializer,
        received=SIGNED_IN,
        facts=Facts(
            errors=[Busy, Throttled],
            refusals=[
                Refusal("password", "password_incorrect", rules.PASSWORD_INCORRECT),
                Refusal("new_password", "password_too_common", "This password is too common."),
                Refusal("new_password", "required", "This field is required."),
            ],
            uses_cookie=True,
        ),
    )
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
