"""Rename and delete an account."""

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import ProtectedError, RestrictedError

from authentication.audit import services as audit
from authentication.audit.events import EventType
from authentication.core.errors import InUse, SessionEnded
from authentication.core.requests import Client
from authentication.limits import services as limits
from authentication.users import rules
from authentication.users.models import User


def rename(*, user: User, username: str, client: Client) -> None:
    """Give the account another username.

    Raises a ValidationError for one refused or taken, and SessionEnded for an account that is
    deleted meanwhile.
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
    """Delete the account and all that hangs on it; the log keeps neither whose it was nor from where.

    Raises a ValidationError for a wrong password, Throttled for too many, InUse where other data
    forbids it, and SessionEnded for an account that is gone already.
    """
    with limits.attempt("DELETION", account=str(user.pk), client=client) as attempt:
        if not user.check_password(password):
            raise rules.incorrect_password()
        attempt.succeed()
    try:
        with transaction.atomic():
            # A sign-in under way waits for this lock with its session, and then finds nobody.
            if not User.objects.select_for_update().filter(pk=user.pk):
                raise SessionEnded()
            user.delete()
    except (ProtectedError, RestrictedError, IntegrityError) as error:
        raise InUse() from error
