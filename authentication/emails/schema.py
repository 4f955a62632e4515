"""How the OpenAPI document describes the verification and change of email addresses."""

from authentication.api import errors
from authentication.api.schema.operations import BEARER, PUBLIC, REJECTED_TOKEN, Facts, operation
from authentication.api.schema.responses import Message
from authentication.emails.serializers import (
    AddressSerializer,
    EmailChangeSerializer,
    KeySerializer,
    ResendSerializer,
)
from authentication.tokens.schema import KEY
from authentication.users import password_validators, validators

LINK_ERRORS = (errors.KeyInvalid, errors.KeyUsed, errors.KeyExpired, errors.Throttled)
TAKEN = Message("email", "unique", validators.EMAIL_TAKEN)
INVALID = Message("email", "email_invalid", validators.EMAIL_MESSAGE)
EMAIL_REQUIRED = Message("email", "required", "This field is required.")
FROM_LINK = {"From the link": {"key": KEY}}
ADDRESS = {"Email address": {"email": "jane@example.com", "email_verified": True}}

verify = operation(
    "verifyEmail",
    tag="Email",
    summary="Verify an email address",
    description="Marks the account's email address as verified, or completes its change to a new one.",
    request=KeySerializer,
    sent=FROM_LINK,
    response=AddressSerializer,
    received=ADDRESS,
    facts=Facts(errors=LINK_ERRORS, messages=[TAKEN]),
)

undo = operation(
    "undoEmailChange",
    tag="Email",
    summary="Undo an email change",
    description="Restores the old email address with the link that was sent to it, which is valid for seven "
    "days. Every session ends, and the old address gets a link to set a new password.",
    request=KeySerializer,
    sent=FROM_LINK,
    response=AddressSerializer,
    received=ADDRESS,
    facts=Facts(errors=LINK_ERRORS, messages=[TAKEN]),
)

resend = operation(
    "resendVerification",
    tag="Email",
    summary="Resend the verification link",
    description="Sends the link to the account's pending email address, or else to its current one. Without "
    "an access token, it goes to the `email` in the body. The response is always the same.",
    request=ResendSerializer,
    sent={"Signed in": {}, "By email address": {"email": "jane@example.com"}},
    status=202,
    security=[BEARER, PUBLIC],
    facts=Facts(errors=[errors.Throttled, *REJECTED_TOKEN], messages=[EMAIL_REQUIRED]),
)

change = operation(
    "changeEmail",
    tag="Email",
    summary="Change the email address",
    description="Sends a link to the new email address, which becomes the account's when the link is "
    "followed; until then it is the account's `pending_email`. Sending the current address cancels the "
    "change.",
    request=EmailChangeSerializer,
    sent={"New email address": {"email": "jane.doe@example.org", "password": "correct horse battery"}},
    status=202,
    facts=Facts(
        errors=[errors.Busy, errors.Throttled],
        messages=[
            TAKEN,
            INVALID,
            Message("password", "password_incorrect", password_validators.PASSWORD_INCORRECT),
            EMAIL_REQUIRED,
        ],
    ),
)
