"""The two doors: registration and login."""

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from authentication.accounts import services as accounts
from authentication.api.errors import Busy, EmailNotVerified, Throttled, UserInactive
from authentication.api.schema import operations
from authentication.api.schema.operations import JANE, REGISTERED, SIGNED_IN, Facts
from authentication.api.schema.responses import Refusal
from authentication.core.client import client_of
from authentication.login import services as login
from authentication.serializers import (
    IDENTIFIER_REQUIRED,
    PASSWORD_REQUIRED,
    LoginSerializer,
    RegistrationSerializer,
    VerificationRequiredSerializer,
)
from authentication.sessions import transport
from authentication.sessions.serializers import SignedInSerializer
from authentication.users import validators

PASSWORD = {"password": "correct horse battery"}
REGISTERED_BODY = PolymorphicProxySerializer(
    component_name="Registered",
    serializers=[SignedInSerializer, VerificationRequiredSerializer],
    resource_type_field_name=None,
)


class UserViewSet(ViewSet):
    """Where accounts are made and signed in to; the Authorization header is not looked at."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @operations.operation(
        "register",
        tag="Sign-in",
        summary="Make an account and sign in",
        description="`refresh_in` asks for a short access token and a refresh token, in the answer's "
        "body or in a cookie that no script can read. The address gets a link to verify it. Where addresses "
        "have to be verified first (`REQUIRE_VERIFIED_EMAIL`) nobody is signed in yet, and a taken address "
        "gets the same answer as a new one. The `Authorization` header is not looked at.",
        request=RegistrationSerializer,
        sent={
            "One token": {**JANE, **PASSWORD},
            "Refresh token in the cookie": {**JANE, **PASSWORD, "refresh_in": "cookie"},
        },
        status=201,
        answer=REGISTERED_BODY,
        received=REGISTERED,
        facts=Facts(
            errors=[Busy, Throttled],
            refusals=[
                Refusal("username", "unique", validators.USERNAME_TAKEN),
                Refusal("username", "username_invalid", validators.USERNAME_MESSAGE),
                Refusal("email", "unique", validators.EMAIL_TAKEN),
                Refusal("email", "email_invalid", validators.EMAIL_MESSAGE),
                Refusal("password", "password_too_common", "This password is too common."),
                Refusal("password", "required", "This field is required."),
            ],
            uses_cookie=True,
        ),
    )
    @action(detail=False, methods=["post"])
    def registration(self, request: Request) -> Response:
        serializer = RegistrationSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        refresh_in = serializer.validated_data.pop("refresh_in", None)
        transport.check_cookie(request, refresh_in)
        user, grant = accounts.register(
            refreshable=refresh_in is not None, client=client_of(request), **serializer.validated_data
        )
        if grant is None:
            body = {"username": user.username, "email": user.email, "verification": "required"}
            return Response(body, status=201)
        return transport.signed_in(request, user, grant, refresh_in, status=201)

    @operations.operation(
        "login",
        tag="Sign-in",
        summary="Sign in",
        description="Send a username or an address as `username`, or an address as `email`; the first "
        "that is not empty counts, in any case. The `Authorization` header is not looked at.",
        request=LoginSerializer,
        sent={
            "By username": {"username": "jane_doe", **PASSWORD},
            "By address": {"email": "jane@example.com", **PASSWORD, "refresh_in": "body"},
        },
        answer=SignedInSerializer,
        received=SIGNED_IN,
        facts=Facts(
            errors=[Busy, Throttled, EmailNotVerified],
            refusals=[
                Refusal("non_field_errors", "credentials_invalid", login.WRONG_CREDENTIALS),
                Refusal("non_field_errors", "user_inactive", UserInactive.title),
                Refusal("username", "required", IDENTIFIER_REQUIRED),
                Refusal("password", "required", PASSWORD_REQUIRED),
            ],
            uses_cookie=True,
        ),
    )
    @action(detail=False, methods=["post"])
    def login(self, request: Request) -> Response:
        serializer = LoginSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        refresh_in = serializer.validated_data.pop("refresh_in", None)
        transport.check_cookie(request, refresh_in)
        user, grant = login.sign_in(
            refreshable=refresh_in is not None,
            client=client_of(request),
            device=transport.read_device(request),
            **serializer.validated_data,
        )
        return transport.signed_in(request, user, grant, refresh_in)
