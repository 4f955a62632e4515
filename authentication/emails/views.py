"""The verification and change of email addresses."""

from django.core.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from authentication.api.views import PublicView, SignedInView, validated
from authentication.core.client import client_of
from authentication.emails import schema, services
from authentication.emails.serializers import EmailChangeSerializer, KeySerializer, ResendSerializer
from authentication.sessions.authentication import AuthenticatedRequest
from authentication.users.models import User


class VerifyView(PublicView):
    """Verify an email address with the link."""

    @schema.verify
    def post(self, request: Request) -> Response:
        return _address(services.verify(client=client_of(request), **validated(KeySerializer, request)))


class UndoView(PublicView):
    """Undo an email change with the link."""

    @schema.undo
    def post(self, request: Request) -> Response:
        return _address(services.undo(client=client_of(request), **validated(KeySerializer, request)))


class ResendView(SignedInView):
    """Send the verification link again, with or without an access token."""

    permission_classes = (AllowAny,)

    @schema.resend
    def post(self, request: Request) -> Response:
        email = validated(ResendSerializer, request).get("email")
        if isinstance(request.user, User):
            services.resend_own(user=request.user, client=client_of(request))
        elif email is not None:
            services.resend(email=email, client=client_of(request))
        else:
            raise ValidationError({"email": ValidationError("This field is required.", code="required")})
        return Response(status=202)


class EmailChangeView(SignedInView):
    """Send a link to the user's new email address."""

    @schema.change
    def post(self, request: AuthenticatedRequest) -> Response:
        data = validated(EmailChangeSerializer, request)
        services.request_change(user=request.user, client=client_of(request), **data)
        return Response(status=202)


def _address(user: User) -> Response:
    return Response({"email": user.email, "email_verified": user.email_verified_at is not None})
