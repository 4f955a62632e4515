"""Create, rename and delete an account."""

from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import ProtectedError, RestrictedError

from authentication.api.errors import InUse, SessionEnded
from authentication.audit import services as audit
from authentication.audit.models import EventType
from authentication.core.client import Client
from authentication.emails import mails
from authentication.limits import services as limits
from authentication.limits.actions import Action
from authentication.mail import services as mail
from authentication.sessions import services as sessions
from authentication.sessions.models import Grant
from authentication.users import hashing, password_validators, validators
from authentication.users.models import User


class Registration(NamedTuple):
    """A new user with the tokens of a first session, or without where the email has to be verified."""

    user: User
    grant: Grant | None


def register(
    *,
    username: str,
    email: str,
    password: str,
    refreshable: bool,
    client: Client,
    replaces: UUID | None = None,
) -> Registration:
    """Store a new user, open a first session, and send the address a link to verify it.

    The session that it replaces on the same client ends in the same transaction.

    Where emails have to be verified first no session is opened, and the result for a taken email is
    the same as for a new one: its owner gets a mail instead.

    Raises a ValidationError by field for values that are invalid or taken, also if they were taken
    while the password was hashed, and Throttled.
    """
    account = validators.normalise_email(email).lower()
    limits.count(Action.REGISTRATION, account=account, client=client)
    user = User(username=username, email=email)
    try:
        _validate(user, password)
        # Outside the transaction: on SQLite it would hold the only write lock meanwhile.
        user.set_password(password)
        return Registration(user, _store(user, refreshable, client, replaces))
    except ValidationError as error:
        if not settings.REQUIRE_VERIFIED_EMAIL:
            raise
        _raise_others(error)
    # The hash is most of what a new email costs.
    hashing.verify_nobody(password)
    mail.enqueue(mails.send_email_taken, email=user.email)
    return Registration(user, None)


def rename(*, user: User, username: str, client: Client) -> None:
    """Give the account another username.

    Raises a ValidationError for an invalid or taken one, and SessionEnded for an account that was
    deleted in the meantime.
    """
    if username == user.username:
        return
    user.username = username
    user.full_clean(exclude=["password", "email"])
    try:
        with transaction.atomic():
            user.save(update_fields=["username"])
            audit.record(EventType.RENAMED, user_id=user.pk, client=client)
    except DatabaseError as error:
        if User.objects.filter(pk=user.pk).exists():
            raise
        raise SessionEnded() from error


def delete(*, user: User, password: str, client: Client) -> None:
    """Delete the account and its data. The log keeps its events, without account, IP and user agent.

    Raises a ValidationError for a wrong password, Throttled, InUse if other data forbids the
    deletion, and SessionEnded for an account that is already deleted.
    """
    with limits.attempt(Action.DELETION, account=str(user.pk), client=client) as attempt:
        if not user.check_password(password):
            raise password_validators.incorrect_password()
        attempt.succeed()
    try:
        with transaction.atomic():
            # A simultaneous sign-in waits for this lock with its session, and then finds no user.
            if not User.objects.select_for_update().filter(pk=user.pk):
                raise SessionEnded()
            user.delete()
    except (ProtectedError, RestrictedError, IntegrityError) as error:
        raise InUse() from error


def _store(user: User, refreshable: bool, client: Client, replaces: UUID | None) -> Grant | None:
    grant = None
    with transaction.atomic():
        user.save()
        if not settings.REQUIRE_VERIFIED_EMAIL:
            grant = user.sessions.open(client=client, refreshable=refreshable)
            if replaces is not None:
                sessions.end_replaced(session_id=replaces, client=client)
        session_id = grant.session_id if grant else None
        audit.record(EventType.REGISTERED, user_id=user.pk, client=client, session_id=session_id)
        mail.enqueue(mails.send_email_verification, email=user.email)
    return grant


def _raise_others(error: ValidationError) -> None:
    """Raise the errors other than a taken email, if there are any."""
    others = {
        field: [found for found in messages if (field, found.code) != ("email", "unique")]
        for field, messages in error.error_dict.items()
    }
    others = {field: messages for field, messages in others.items() if messages}
    if others:
        raise ValidationError(others) from error


def _validate(user: User, password: str) -> None:
    """Raise one ValidationError for the errors of all fields."""
    found: dict[str, list[ValidationError]] = {}
    for check in (
        partial(user.full_clean, exclude=["password"]),
        partial(password_validators.validate_new_password, password, user),
    ):
        try:
            check()
        except ValidationError as error:
            found = error.update_error_dict(found)
    if found:
        raise ValidationError(found)
