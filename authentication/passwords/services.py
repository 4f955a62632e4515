"""Change a password, and replace a forgotten one."""

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
    """Set a new password and open a new session; every older one ends.

    The session that it replaces on the same client ends too, even if it is another user's.

    Raises a ValidationError for a wrong current password or a refused new one, Throttled for too
    many of them, and SessionEnded for an account that is deleted meanwhile.
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
            # Another request stored a hash since this one was verified: a better one of the same
            # password, or another password. The next round finds out which.
            try:
                user.refresh_from_db(fields=["password", "security_stamp"])
            except User.DoesNotExist as error:
                raise SessionEnded() from error


def request_reset(*, email: str, client: Client) -> None:
    """Have a link sent to the owner of this address, if it is anybody's.

    Known or not, the address meets the same statements; who it belongs to is found out when the
    letter is written. Raises Throttled.
    """
    address = validators.normalise_email(email)
    limits.count(Action.RESET, account=address.casefold(), client=client)
    mail.enqueue(mails.send_password_reset, email=address)


def confirm_reset(*, uid: str, key: str, new_password: str, client: Client) -> None:
    """Set a new password for who followed the link: every session and every older link is over.

    Raises KeyInvalid, KeyExpired or KeyUsed, a ValidationError for a refused password, which leaves
    the link as it was, and Throttled.
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
        # The stamp decides which of several uses of one link comes first.
        changed = User.objects.filter(
            pk=user.pk, security_stamp=stamp, email=user.email, is_active=True
        ).update(
            password=user.password,
            security_stamp=user.security_stamp,
            # Who read the mail has the address.
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
    """Store the new password where the verified hash is still in force; None where it is not."""
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
