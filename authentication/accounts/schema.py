"""How the OpenAPI document describes the account."""

from authentication.accounts.serializers import (
    EMAIL_READ_ONLY,
    AccountSerializer,
    DeletionSerializer,
    RenameSerializer,
)
from authentication.api import errors
from authentication.api.schema.operations import Facts, operation
from authentication.api.schema.responses import Message
from authentication.sessions.schema import JANE, cookie_facts
from authentication.users import password_validators, validators

ACCOUNT = {
    "id": 1,
    **JANE,
    "email_verified": False,
    "pending_email": None,
    "date_joined": "2026-11-23T14:20:00Z",
}

get_me = operation(
    "getMe",
    tag="Account",
    summary="Get the account",
    description="The account that the access token belongs to.",
    response=AccountSerializer,
    received={"Account": ACCOUNT},
)

rename_me = operation(
    "renameMe",
    tag="Account",
    summary="Change the username",
    description="A body without `username` changes nothing. A body with `email` is an error, because the "
    "email address has its own endpoint.",
    request=RenameSerializer,
    sent={"New username": {"username": "jane_roe"}},
    response=AccountSerializer,
    received={"Account": {**ACCOUNT, "username": "jane_roe"}},
    facts=Facts(
        messages=[
            Message("username", "unique", validators.USERNAME_TAKEN),
            Message("username", "username_invalid", validators.USERNAME_MESSAGE),
            Message("email", "read_only", EMAIL_READ_ONLY.format(path="/auth/email/change")),
        ]
    ),
)

delete_me = operation(
    "deleteMe",
    tag="Account",
    summary="Delete the account",
    description="Deletes the account with all its data and ends its sessions.",
    request=DeletionSerializer,
    sent={"Current password": {"password": "correct horse battery"}},
    status=204,
    facts=cookie_facts(
        [errors.Busy, errors.InUse, errors.Throttled],
        [
            Message("password", "password_incorrect", password_validators.PASSWORD_INCORRECT),
            Message("password", "required", "This field is required."),
        ],
    ),
)
