"""Change a password, and reset a forgotten one."""

from uuid import UUID

from django.db import transaction

from authentication.api.errors import KeyInvalid, KeyUsed, SessionEnded
from authentication.audit import services as audit
from authentication.audit.models import EventType
from authentication.core import clock
from authentication.core.client import Client
from authentication.limits import services as limits
from authentication.limits.actions import Action
from authentication.mail import services as mail
from authentication.passwords import mails
from authentication.sessions import services as sessions
from authentication.sessions.models import Grant
from authentication.sessions.statements import trim
from authentication.tokens import links
from authentication.tokens.links import Purpose
from authentication.users import password_validators, validators
from authentication.users.credentials import NO_PENDING_EMAIL
from authentication.users.models import User


def change(
    *,
    user: User,
    password: str,
    new_password: str,
    refreshable: bool,
    client: Client,
    replaces: UUID | None = None,
) -> Grant:
    """Set a new password, end every session and open a new one.

    The session that it replaces on the same client ends too, even if it is another user's.

    Raises a ValidationError for a wrong current password or an invalid new one, Throttled, and
    SessionEnded for an account that was deleted in the meantime.
    """
    password_validators.validate_new_password(new_password, user, field="new_password")
    with limits.attempt(Action.PASSWORD_CHANGE, account=str(user.pk), client=client) as attempt:
        while True:
            if not user.check_password(password):
                raise password_validators.incorrect_password()
            grant = _replace(user, new_password, refreshable, client, replaces)
            if grant is not None:
                attempt.succeed()
                return grant
            # Another request has stored a hash since this one was verified: a better one of the same
            # password, or one of another password. The next iteration finds out which.
            try:
                user.refresh_from_db(fields=["password", "security_stamp"])
            except User.DoesNotExist as error:
                raise SessionEnded() from error


def request_reset(*, email: str, client: Client) -> None:
    """Send a reset link to this email if it belongs to an account.

    The statements are the same for known and unknown ones: the task that sends the mail looks the
    account up. Raises Throttled.
    """
    address = validators.normalise_email(email)
    limits.count(Action.RESET, account=address.lower(), client=client)
    mail.enqueue(mails.send_password_reset, email=address)


def confirm_reset(*, uid: str, key: str, new_password: str, client: Client) -> None:
    """Set a new password by a link; end every session and void every older link.

    Raises KeyInvalid, KeyExpired, KeyUsed, Throttled, and a ValidationError for an invalid password,
    after which the link can be used again.
    """
    link = links.verify(key, Purpose.RESET)
    limits.count(Action.CONFIRM, account=link.limit_key, client=client)
    user = User.objects.filter(pk=link.subject, is_active=True).first()
    if str(link.subject) != uid or user is None:
        raise KeyInvalid()
    link.require(user.security_stamp, user.email)
    password_validators.validate_new_password(new_password, user, field="new_password")
    stamp = user.security_stamp
    user.set_password(new_password)
    with transaction.atomic():
        # The stamp decides which of several simultaneous uses of one link wins.
        changed = User.objects.filter(
            pk=user.pk, security_stamp=stamp, email=user.email, is_active=True
        ).update(
            password=user.password,
            security_stamp=user.security_stamp,
            # The user has read a mail to this address.
            email_verified_at=user.email_verified_at or clock.now(),
            **NO_PENDING_EMAIL,
        )
        if not changed:
            raise KeyUsed()
        audit.record(EventType.PASSWORD_RESET, user_id=user.pk, client=client)
        mail.notify(
            "password_was_reset",
            mails.send_password_was_reset,
            client,
            to=user.email,
            username=user.username,
        )


def _replace(
    user: User, new_password: str, refreshable: bool, client: Client, replaces: UUID | None
) -> Grant | None:
    """Store the new password if the verified hash is still stored; otherwise return None."""
    verified = user.password
    user.set_password(new_password)
    with transaction.atomic():
        changed = User.objects.filter(pk=user.pk, password=verified).update(
            password=user.password, security_stamp=user.security_stamp, **NO_PENDING_EMAIL
        )
        if not changed:
            return None
        grant: Grant = user.sessions.open(client=client, refreshable=refreshable)
        audit.record(EventType.PASSWORD_CHANGED, user_id=user.pk, client=client, session_id=grant.session_id)
        mail.notify(
            "password_changed", mails.send_password_changed, client, to=user.email, username=user.username
        )
        if replaces is not None:
            sessions.end_replaced(session_id=replaces, client=client)
    trim(user_id=user.pk, now=clock.now())
    return grant
