"""``/auth/password/…``"""

from rest_framework.decorators import action
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from authentication.api.errors import Busy, KeyExpired, KeyInvalid, KeyUsed, Throttled
from authentication.api.schema import operations
from authentication.api.schema.operations import KEY, SIGNED_IN, Facts
from authentication.api.schema.responses import Refusal
from authentication.core.client import client_of
from authentication.passwords import services
from authentication.passwords.serializers import (
    PasswordChangeSerializer,
    ResetConfirmSerializer,
    ResetSerializer,
)
from authentication.sessions import transport
from authentication.sessions.authentication import AuthenticatedRequest
from authentication.sessions.serializers import SignedInSerializer
from authentication.users import validators

REFUSED_KEYS = (KeyInvalid, KeyUsed, KeyExpired)
TOO_COMMON = Refusal("new_password", "password_too_common", "This password is too common.")
NEW_PASSWORD_REQUIRED = Refusal("new_password", "required", "This field is required.")


class PasswordResetViewSet(ViewSet):
    """A forgotten password. The Authorization header is not looked at."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @operations.operation(
        "requestPasswordReset",
        tag="Email",
        summary="Ask for a link to a new password",
        description="The answer is the same in body and time, whether or not the address is known.",
        request=ResetSerializer,
        sent={"Address": {"email": "jane@example.com"}},
        status=202,
        facts=Facts(errors=[Throttled], refusals=[Refusal("email", "required", "This field is required.")]),
    )
    @action(detail=False, methods=["post"], url_path="password/reset")
    def request_reset(self, request: Request) -> Response:
        serializer = ResetSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        services.request_reset(client=client_of(request), **serializer.validated_data)
        return Response(status=202)

    @operations.operation(
        "confirmPasswordReset",
        tag="Email",
        summary="Set a new password by the link",
        description="Every session of the account ends and the link is used up. Nobody is signed in by it.",
        request=ResetConfirmSerializer,
        sent={"From the link": {"uid": "1", "key": KEY, "new_password": "staple the battery anew"}},
        status=204,
        facts=Facts(errors=[*REFUSED_KEYS, Busy, Throttled], refusals=[TOO_COMMON, NEW_PASSWORD_REQUIRED]),
    )
    @action(detail=False, methods=["post"], url_path="password/reset/confirm")
    def confirm_reset(self, request: Request) -> Response:
        serializer = ResetConfirmSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        services.confirm_reset(client=client_of(request), **serializer.validated_data)
        return Response(status=204)


class PasswordViewSet(ViewSet):
    """One's own password."""

    @operations.operation(
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
                Refusal("password", "password_incorrect", validators.PASSWORD_INCORRECT),
                TOO_COMMON,
                NEW_PASSWORD_REQUIRED,
            ],
            uses_cookie=True,
        ),
    )
    @action(detail=False, methods=["post"], url_path="password/change")
    def change(self, request: AuthenticatedRequest) -> Response:
        serializer = PasswordChangeSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        refresh_in = serializer.validated_data.pop("refresh_in", None)
        transport.check_cookie(request, refresh_in)
        grant = services.change(
            user=request.user,
            refreshable=refresh_in is not None,
            client=client_of(request),
            **serializer.validated_data,
        )
        return transport.signed_in(request, request.user, grant, refresh_in)
