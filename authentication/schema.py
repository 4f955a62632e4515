"""How the OpenAPI document describes registration and login."""

from drf_spectacular.utils import PolymorphicProxySerializer

from authentication.api import errors
from authentication.api.schema.operations import operation
from authentication.api.schema.responses import Message
from authentication.login import services as login_services
from authentication.serializers import (
    IDENTIFIER_REQUIRED,
    PASSWORD_REQUIRED,
    LoginSerializer,
    RegistrationSerializer,
    VerificationRequiredSerializer,
)
from authentication.sessions.schema import JANE, SIGNED_IN, sign_in_facts
from authentication.sessions.serializers import SignedInSerializer
from authentication.users import validators

PASSWORD = {"password": "correct horse battery"}
VERIFICATION_REQUIRED = {**JANE, "verification": "required"}

registration = operation(
    "register",
    tag="Sign-in",
    summary="Create an account and sign in",
    description="`refresh_in` requests a short-lived access token and a refresh token, in the response "
    "body or in a cookie that scripts cannot read. A link to verify the email address is sent. With "
    "`REQUIRE_VERIFIED_EMAIL`, the response has no tokens, and a taken email address gets the same response "
    "as a new one. The `Authorization` header is ignored.",
    request=RegistrationSerializer,
    sent={
        "One token": {**JANE, **PASSWORD},
        "Refresh token in a cookie": {**JANE, **PASSWORD, "refresh_in": "cookie"},
    },
    status=201,
    response=PolymorphicProxySerializer(
        component_name="Registered",
        serializers=[SignedInSerializer, VerificationRequiredSerializer],
        resource_type_field_name=None,
    ),
    received={**SIGNED_IN, "Email address to be verified first": VERIFICATION_REQUIRED},
    facts=sign_in_facts(
        [errors.Busy, errors.Throttled],
        [
            Message("username", "unique", validators.USERNAME_TAKEN),
            Message("username", "username_invalid", validators.USERNAME_MESSAGE),
            Message("email", "unique", validators.EMAIL_TAKEN),
            Message("email", "email_invalid", validators.EMAIL_MESSAGE),
            Message("password", "password_too_common", "This password is too common."),
            Message("password", "required", "This field is required."),
        ],
    ),
)

login = operation(
    "login",
    tag="Sign-in",
    summary="Sign in",
    description="Send a username or an email address as `username`, or an email address as `email`; the "
    "first that is not empty counts. Case does not matter. The `Authorization` header is ignored.",
    request=LoginSerializer,
    sent={
        "By username": {"username": "jane_doe", **PASSWORD},
        "By email address": {"email": "jane@example.com", **PASSWORD, "refresh_in": "body"},
    },
    response=SignedInSerializer,
    received=SIGNED_IN,
    facts=sign_in_facts(
        [errors.Busy, errors.Throttled, errors.EmailNotVerified],
        [
            Message("non_field_errors", "credentials_invalid", login_services.WRONG_CREDENTIALS),
            Message("non_field_errors", "user_inactive", errors.UserInactive.title),
            Message("username", "required", IDENTIFIER_REQUIRED),
            Message("password", "required", PASSWORD_REQUIRED),
        ],
    ),
)
