"""Sign in with a password."""

from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from authentication.api.errors import EmailNotVerified, UserInactive
from authentication.audit import services as audit
from authentication.audit.models import EventType
from authentication.core import clock
from authentication.core.client import Client
from authentication.limits import services as limits
from authentication.limits.actions import Action
from authentication.login import mails
from authentication.mail import services as mail
from authentication.sessions import services as sessions
from authentication.sessions.models import Grant
from authentication.sessions.statements import trim
from authentication.tokens.devices import Device
from authentication.users import hashing, validators
from authentication.users.models import User

WRONG_CREDENTIALS = "A user with this email and password was not found."


class SignIn(NamedTuple):
    """The user who signed in, and the tokens of the new session."""

    user: User
    grant: Grant


def sign_in(
    *,
    identifier: str,
    password: str,
    refreshable: bool,
    client: Client,
    device: Device | None,
    replaces: UUID | None = None,
) -> SignIn:
    """Open a session for the user with this username or email and this password.

    The session that it replaces on the same client ends in the same transaction.

    Raises a ValidationError with the code ``credentials_invalid``, with the same message and after
    the same time for an unknown user and a wrong password, or with ``user_inactive`` for the right
    password of a deactivated user. Raises Throttled, before anything is hashed, after too many wrong
    passwords, and EmailNotVerified if the email has to be verified first.
    """
    user = User.objects.find(identifier)
    if not password_matches(user, identifier, password, client=client, device=device):
        _record_failure(user, client)
        raise _wrong_credentials()
    assert user is not None
    if not user.is_active:
        _record_failure(user, client)
        raise ValidationError(UserInactive.title, code=UserInactive.code)
    if settings.REQUIRE_VERIFIED_EMAIL and user.email_verified_at is None:
        _record_failure(user, client)
        raise EmailNotVerified()
    try:
        grant = _open_session(user, refreshable, client, device, replaces)
    except IntegrityError as error:
        # The account was deleted while its password was verified.
        raise _wrong_credentials() from error
    trim(user_id=user.pk, now=clock.now())
    return SignIn(user, grant)


def password_matches(
    user: User | None, identifier: str, password: str, *, client: Client, device: Device | None
) -> bool:
    """Return whether this is the user's password; it takes as long without a user.

    ``identifier`` is the username or email that the user was looked up by. Raises Throttled.
    """
    known = device.id if device and user and device.knows(user.pk) else None
    with limits.attempt(
        Action.LOGIN, account=_account(user, identifier), client=client, device=known
    ) as attempt:
        if user is None:
            hashing.verify_nobody(password)
        elif user.check_password(password):
            attempt.succeed()
            return True
    if attempt.is_last:
        _record_failure(user, client, EventType.SIGN_INS_LIMITED)
    return False


def _open_session(
    user: User, refreshable: bool, client: Client, device: Device | None, replaces: UUID | None
) -> Grant:
    with transaction.atomic():
        grant: Grant = user.sessions.open(client=client, refreshable=refreshable)
        audit.record(EventType.SIGNED_IN, user_id=user.pk, client=client, session_id=grant.session_id)
        if device is None or not device.knows(user.pk):
            mail.notify(
                "new_device",
                mails.send_new_device,
                client,
                to=user.email,
                user_id=user.pk,
                session_id=str(grant.session_id),
            )
        if replaces is not None:
            sessions.end_replaced(session_id=replaces, client=client)
    return grant


def _wrong_credentials() -> ValidationError:
    return ValidationError(WRONG_CREDENTIALS, code="credentials_invalid")


def _account(user: User | None, identifier: str) -> str:
    """Return one rate key for every spelling of a user, and one for each unknown name."""
    return f"user {user.pk}" if user else f"name {validators.normalise_email(identifier).lower()}"


def _record_failure(user: User | None, client: Client, event: EventType = EventType.SIGN_IN_FAILED) -> None:
    try:
        audit.record(event, user_id=user.pk if user else None, client=client)
    except IntegrityError:
        # The account was deleted while its password was verified.
        audit.record(event, user_id=None, client=client)
