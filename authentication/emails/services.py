"""Verify an email, change it, and undo the change."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from authentication.api.errors import KeyExpired, KeyInvalid, KeyUsed, SessionEnded
from authentication.audit import services as audit
from authentication.audit.models import EventType
from authentication.core import clock
from authentication.core.client import Client
from authentication.emails import mails
from authentication.emails.models import EmailChange
from authentication.limits import services as limits
from authentication.limits.actions import Action
from authentication.mail import services as mail
from authentication.passwords.mails import send_password_reset
from authentication.tokens import links
from authentication.tokens.links import Link, Purpose
from authentication.users import password_validators, validators
from authentication.users.credentials import NO_PENDING_EMAIL, new_stamp
from authentication.users.models import User


def verify(*, key: str, client: Client) -> User:
    """Verify the address that a link was sent to, or change to it; return the user.

    Raises KeyInvalid, KeyExpired, KeyUsed, Throttled, and a ValidationError for an address that
    another account has taken in the meantime.
    """
    link = links.verify(key, Purpose.VERIFY, Purpose.CHANGE)
    limits.count(Action.CONFIRM, account=link.limit_key, client=client)
    user = User.objects.filter(pk=link.subject, is_active=True).first()
    if user is None:
        raise KeyInvalid()
    if link.purpose is Purpose.CHANGE:
        _change(user, link, client)
    else:
        _verify(user, link, client)
    return user


def resend(*, email: str, client: Client) -> None:
    """Send the link to verify an address again, if it belongs to an account and is not verified."""
    address = validators.normalise_email(email)
    limits.count(Action.RESEND, account=address.lower(), client=client)
    mail.enqueue(mails.send_email_verification, email=address)


def resend_own(*, user: User, client: Client) -> None:
    """Send the user's verification link again, to the pending address if there is one."""
    limits.count(Action.RESEND, account=user.email.lower(), client=client)
    if user.pending_email_at is None or links.is_over(Purpose.CHANGE, user.pending_email_at):
        mail.enqueue(mails.send_email_verification, email=user.email)
        return
    with transaction.atomic():
        # The change stays pending for as long as the newest link is valid.
        same = User.objects.filter(pk=user.pk, pending_email=user.pending_email)
        same.exclude(pending_email="").update(pending_email_at=clock.now())
        mail.enqueue(mails.send_email_change, user_id=user.pk)


def request_change(*, user: User, email: str, password: str, client: Client) -> None:
    """Send a link to a new address. Nothing else changes until it is followed.

    Requesting the present address cancels a pending change. Raises Throttled, a ValidationError for
    a wrong password or an address that is invalid or taken, and SessionEnded if the password was
    changed at the same moment. Where emails have to be verified, a taken address is no error: its
    owner gets a mail instead.
    """
    limits.count(Action.EMAIL_CHANGE, account=str(user.pk), client=client)
    if not user.check_password(password):
        raise password_validators.incorrect_password()
    address = _clean(email)
    if address == user.email:
        User.objects.filter(pk=user.pk).update(**NO_PENDING_EMAIL)
        return
    owner = User.objects.find(address)
    if owner not in (None, user) and not settings.REQUIRE_VERIFIED_EMAIL:
        raise _taken()
    with transaction.atomic():
        # The stamp has changed if the password was changed since it was checked above.
        same = User.objects.filter(pk=user.pk, security_stamp=user.security_stamp)
        if not same.update(pending_email=address, pending_email_at=clock.now()):
            raise SessionEnded()
        audit.record(EventType.EMAIL_CHANGE_REQUESTED, user_id=user.pk, client=client)
        mail.enqueue(mails.send_email_change, user_id=user.pk)


def undo(*, key: str, client: Client) -> User:
    """Restore an account's old email, end every session and send a reset link to that address.

    A thief who changed the email knows the password. Later changes of the
    account's email are undone as well. Raises KeyInvalid, KeyExpired, KeyUsed, Throttled, and a
    ValidationError if another account has verified the old address in the meantime.
    """
    link = links.verify(key, Purpose.UNDO)
    limits.count(Action.CONFIRM, account=link.limit_key, client=client)
    change = EmailChange.objects.select_related("user").filter(pk=link.subject, user__is_active=True).first()
    if change is None:
        raise KeyInvalid()
    link.require(change.old_email)
    if change.undone_at is not None:
        raise KeyUsed()
    user = change.user
    # Whatever its password and email are now, because those are what is undone.
    rows = User.objects.filter(pk=user.pk, is_active=True)
    try:
        with transaction.atomic():
            _release(change.old_email, user)
            # The account first. Another change of the email waits for it, and then fails by the
            # stamp; one that was quicker is in the table now, and is undone with the rest.
            if not _set_email(rows, user, change.old_email, security_stamp=new_stamp()):
                raise KeyInvalid()
            # One statement decides which of several simultaneous uses of one link wins.
            if not EmailChange.objects.filter(pk=change.pk, undone_at=None).update(undone_at=clock.now()):
                raise KeyUsed()
            EmailChange.objects.filter(user=user, pk__gt=change.pk).update(undone_at=clock.now())
            audit.record(EventType.EMAIL_CHANGE_UNDONE, user_id=user.pk, client=client)
            mail.enqueue(send_password_reset, email=user.email, advised=True)
    except IntegrityError as error:
        raise _taken() from error
    return user


def _release(address: str, user: User) -> None:
    """Take the address from another account that has not verified it: the link proves who reads it.

    Otherwise an attacker could register with it, and the change could not be undone any more.
    """
    holder = User.objects.find(address)
    if holder is not None and holder.pk != user.pk:
        unverified = User.objects.filter(pk=holder.pk, email=holder.email, email_verified_at=None)
        # A domain that receives no mail (RFC 2606 §2).
        unverified.update(email=f"released-{holder.pk}@example.invalid", security_stamp=new_stamp())


def _verify(user: User, link: Link, client: Client) -> None:
    link.require(user.security_stamp, user.email)
    unverified = _unchanged(user).filter(email_verified_at=None)
    with transaction.atomic():
        user.email_verified_at = clock.now()
        if not unverified.update(email_verified_at=user.email_verified_at):
            raise KeyUsed()
        audit.record(EventType.EMAIL_VERIFIED, user_id=user.pk, client=client)


def _change(user: User, link: Link, client: Client) -> None:
    old, new = user.email, user.pending_email
    link.require(user.security_stamp, old, new)
    if user.pending_email_at is None or links.is_over(Purpose.CHANGE, user.pending_email_at):
        # The link is valid for longer, because its mail was sent late.
        raise KeyExpired()
    rows = _unchanged(user).filter(pending_email=new)
    try:
        with transaction.atomic():
            if not _set_email(rows, user, new):
                raise KeyUsed()
            change = EmailChange.objects.create(user=user, old_email=old, new_email=new, at=clock.now())
            audit.record(EventType.EMAIL_CHANGED, user_id=user.pk, client=client)
            mail.notify(
                "email_changed",
                mails.send_email_changed,
                client,
                change_id=change.pk,
                username=user.username,
            )
    except IntegrityError as error:
        raise _taken() from error


def _unchanged(user: User) -> QuerySet[User]:
    """Return the user's row if it is still as it was when the link was compared with it."""
    return User.objects.filter(
        pk=user.pk, security_stamp=user.security_stamp, email=user.email, is_active=True
    )


def _set_email(rows: QuerySet[User], user: User, address: str, **further: str) -> bool:
    """Give the user an email that a link has proved, if their row is still among these."""
    changes: dict[str, Any] = {
        "email": address,
        "email_verified_at": clock.now(),
        **NO_PENDING_EMAIL,
        **further,
    }
    if not rows.update(**changes):
        return False
    for name, value in changes.items():
        setattr(user, name, value)
    return True


def _clean(email: str) -> str:
    field = User._meta.get_field("email")
    try:
        return str(field.clean(email, None))
    except ValidationError as error:
        raise ValidationError({"email": error.error_list}) from error


def _taken() -> ValidationError:
    return ValidationError({"email": ValidationError(validators.EMAIL_TAKEN, code="unique")})
