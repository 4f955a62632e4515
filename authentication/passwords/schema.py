"""How the OpenAPI document describes password changes and resets."""

from authentication.api import errors
from authentication.api.schema.operations import Facts, operation
from authentication.api.schema.responses import Message
from authentication.passwords.serializers import (
    PasswordChangeSerializer,
    ResetConfirmSerializer,
    ResetSerializer,
)
from authentication.sessions.schema import SIGNED_IN, sign_in_facts
from authentication.sessions.serializers import SignedInSerializer
from authentication.tokens.schema import KEY
from authentication.users import password_validators

NEW_PASSWORD = "nine purple kettles"
TOO_COMMON = Message("new_password", "password_too_common", "This password is too common.")
NEW_PASSWORD_REQUIRED = Message("new_password", "required", "This field is required.")

request_reset = operation(
    "requestPasswordReset",
    tag="Email",
    summary="Request a password reset",
    description="Sends a link if the email address belongs to an account. The response and its timing are "
    "the same for an unknown email address.",
    request=ResetSerializer,
    sent={"Email address": {"email": "jane@example.com"}},
    status=202,
    facts=Facts(
        errors=[errors.Throttled], messages=[Message("email", "required", "This field is required.")]
    ),
)

confirm_reset = operation(
    "confirmPasswordReset",
    tag="Email",
    summary="Confirm a password reset",
    description="Sets a new password. The link is used up and every session of the account ends, so that "
    "the user has to sign in.",
    request=ResetConfirmSerializer,
    sent={"From the link": {"uid": "1", "key": KEY, "new_password": NEW_PASSWORD}},
    status=204,
    facts=Facts(
        errors=[errors.KeyInvalid, errors.KeyUsed, errors.KeyExpired, errors.Busy, errors.Throttled],
        messages=[TOO_COMMON, NEW_PASSWORD_REQUIRED],
    ),
)

change = operation(
    "changePassword",
    tag="Account",
    summary="Change the password",
    description="Every session of the account ends, including the current one. The response is a new "
    "sign-in.",
    request=PasswordChangeSerializer,
    sent={
        "Current and new password": {"password": "correct horse battery", "new_password": NEW_PASSWORD},
    },
    response=SignedInSerializer,
    received=SIGNED_IN,
    facts=sign_in_facts(
        [errors.Busy, errors.Throttled],
        [
            Message("password", "password_incorrect", password_validators.PASSWORD_INCORRECT),
            TOO_COMMON,
            NEW_PASSWORD_REQUIRED,
        ],
    ),
)
