"""``/auth/email/…``"""

from typing import Any

from django.core.exceptions import ValidationError
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from authentication.api.errors import Busy, KeyExpired, KeyInvalid, KeyUsed, Throttled
from authentication.api.schema import operations
from authentication.api.schema.operations import KEY, Facts
from authentication.api.schema.responses import Refusal
from authentication.core.client import client_of
from authentication.emails import services
from authentication.emails.serializers import (
    AddressSerializer,
    EmailChangeSerializer,
    KeySerializer,
    ResendSerializer,
)
from authentication.sessions.authentication import AuthenticatedRequest
from authentication.users import validators
from authentication.users.models import User

REFUSED_KEYS = (KeyInvalid, KeyUsed, KeyExpired, Throttled)
TAKEN = Refusal("email", "unique", validators.EMAIL_TAKEN)
INVALID = Refusal("email", "email_invalid", validators.EMAIL_MESSAGE)
ADDRESS = {"Address": {"email": "jane@example.com", "email_verified": True}}


class LinkViewSet(ViewSet):
    """What the pages that mails lead to post. The Authorization header is not looked at."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @operations.operation(
        "verifyEmail",
        tag="Email",
        summary="Verify an address",
        description="By the key of a link: the account's address counts as verified, or the new one that "
        "was asked for becomes the account's.",
        request=KeySerializer,
        sent={"Key of the link": {"key": KEY}},
        answer=AddressSerializer,
        received=ADDRESS,
        facts=Facts(errors=REFUSED_KEYS, refusals=[TAKEN]),
    )
    @action(detail=False, methods=["post"], url_path="email/verify")
    def verify(self, request: Request) -> Response:
        return Response(_address(services.verify(key=_key(request), client=client_of(request))))

    @operations.operation(
        "undoEmailChange",
        tag="Email",
        summary="Take a change of address back",
        description="By the key of the notice to the old address, for seven days. Every session ends, and a "
        "mail to the old address leads to a new password.",
        request=KeySerializer,
        sent={"Key of the link": {"key": KEY}},
        answer=AddressSerializer,
        received=ADDRESS,
        facts=Facts(errors=REFUSED_KEYS, refusals=[TAKEN]),
    )
    @action(detail=False, methods=["post"], url_path="email/undo")
    def undo(self, request: Request) -> Response:
        return Response(_address(services.undo(key=_key(request), client=client_of(request))))


class EmailViewSet(ViewSet):
    """One's own address."""

    @operations.operation(
        "resendVerification",
        tag="Email",
        summary="Ask for the link to verify an address again",
        description="Signed in, for one's own address, or for the new one that was asked for; else for the "
        "`email` in the body. The answer is always the same.",
        request=ResendSerializer,
        sent={"Signed in": {}, "By address": {"email": "jane@example.com"}},
        status=202,
        security=[operations.BEARER, operations.PUBLIC],
        facts=Facts(
            errors=[Throttled, *operations.REFUSED_TOKEN],
            refusals=[Refusal("email", "required", "This field is required.")],
        ),
    )
    @action(detail=False, methods=["post"], url_path="email/resend", permission_classes=[AllowAny])
    def resend(self, request: Request) -> Response:
        serializer = ResendSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        email = serializer.validated_data.get("email")
        if isinstance(request.user, User):
            services.resend_own(user=request.user, client=client_of(request))
        elif email is not None:
            services.resend(email=email, client=client_of(request))
        else:
            raise ValidationError({"email": ValidationError("This field is required.", code="required")})
        return Response(status=202)

    @operations.operation(
        "changeEmail",
        tag="Email",
        summary="Change one's own address",
        description="The new address becomes the account's when its link is followed; until then "
        "`GET /auth/me` tells `pending_email`. The present address takes a wish back.",
        request=EmailChangeSerializer,
        sent={"New address": {"email": "jane.doe@example.org", "password": "correct horse battery"}},
        status=202,
        facts=Facts(
            errors=[Busy, Throttled],
            refusals=[
                TAKEN,
                INVALID,
                Refusal("password", "password_incorrect", validators.PASSWORD_INCORRECT),
                Refusal("email", "required", "This field is required."),
            ],
        ),
    )
    @action(detail=False, methods=["post"], url_path="email/change")
    def change(self, request: AuthenticatedRequest) -> Response:
        serializer = EmailChangeSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        services.request_change(user=request.user, client=client_of(request), **serializer.validated_data)
        return Response(status=202)


def _key(request: Request) -> str:
    serializer = KeySerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    key: str = serializer.validated_data["key"]
    return key


def _address(user: User) -> dict[str, Any]:
    return {"email": user.email, "email_verified": user.email_verified_at is not None}
