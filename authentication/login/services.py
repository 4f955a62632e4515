"""Sign in with a password."""

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


def sign_in(
    *,
    identifier: str,
    password: str,
    refreshable: bool,
    client: Client,
    device: Device | None,
    replaces: UUID | None = None,
) -> tuple[User, Grant]:
    """Open a session for the user with this username or address and this password.

    The session that it replaces on the same client ends with it.

    Raises a ValidationError with the code ``credentials_invalid``, the same in wording and time
    for an unknown user and for a wrong password, or ``user_inactive`` for the right password;
    Throttled, before anything is hashed, after too many wrong ones; EmailNotVerified for the right
    password where addresses have to be verified first.
    """
    user = User.objects.find(identifier)
    if not password_matches(user, identifier, password, client=client, device=device):
        _record_failure(user, client)
        raise _refused()
    assert user is not None
    if not user.is_active:
        _record_failure(user, client)
        raise ValidationError(UserInactive.title, code=UserInactive.code)
    if settings.REQUIRE_VERIFIED_EMAIL and user.email_verified_at is None:
        _record_failure(user, client)
        raise EmailNotVerified()
    try:
        with transaction.atomic():
            grant = user.sessions.open(client=client, refreshable=refreshable)
            audit.record(EventType.SIGNED_IN, user_id=user.pk, client=client, session_id=grant.session_id)
            if device is None or not device.knows(user.pk):
                session_id = str(grant.session_id)
                mail.notify(
                    "new_device",
                    mails.send_new_device,
                    client,
                    to=user.email,
                    user_id=user.pk,
                    session_id=session_id,
                )
            if replaces is not None:
                sessions.end_replaced(session_id=replaces, client=client)
    except IntegrityError as error:
        # The account was deleted while its password was verified.
        raise _refused() from error
    trim(user_id=user.pk, now=clock.now())
    return user, grant


def password_matches(
    user: User | None, identifier: str, password: str, *, client: Client, device: Device | None
) -> bool:
    """Return whether this is the user's password, in the same time for no user at all.

    ``identifier`` is what the user was looked for by. Raises Throttled.
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


def _refused() -> ValidationError:
    return ValidationError(WRONG_CREDENTIALS, code="credentials_invalid")


def _account(user: User | None, identifier: str) -> str:
    """Return one name for all the ways to write a user, and one for each user that is not here."""
    return f"user {user.pk}" if user else f"name {validators.normalise_email(identifier).lower()}"


def _record_failure(user: User | None, client: Client, event: EventType = EventType.SIGN_IN_FAILED) -> None:
    try:
        audit.record(event, user_id=user.pk if user else None, client=client)
    except IntegrityError:
        # The account was deleted while its password was verified.
        audit.record(event, user_id=None, client=client)
