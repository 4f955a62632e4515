"""Change a password."""

from django.db import transaction

from authentication.audit import services as audit
from authentication.audit.events import EventType
from authentication.core.errors import SessionEnded
from authentication.core.requests import Client
from authentication.limits import services as limits
from authentication.sessions.grants import Grant
from authentication.sessions.trimming import trim
from authentication.users import rules
from authentication.users.models import User


def change(*, user: User, password: str, new_password: str, refreshable: bool, client: Client) -> Grant:
    """Set a new password and open a new session; every older one is over.

    Raises a ValidationError for a wrong current password or a refused new one, Throttled for too
    many of them, and SessionEnded for an account that is deleted meanwhile.
    """
    rules.validate_new_password(new_password, user, field="new_password")
    with limits.attempt("PASSWORD_CHANGE", account=str(user.pk), client=client) as attempt:
        while True:
            if not user.check_password(password):
                raise rules.incorrect_password()
            grant = _replace(user, new_password, refreshable, client)
            if grant is not None:
                attempt.succeed()
                return grant
            # Another request stored a hash since this one was verified: a better one of the same
            # password, or another password. The next round finds out which.
            try:
                user.refresh_from_db(fields=["password", "security_stamp"])
            except User.DoesNotExist as error:
                raise SessionEnded() from error


def _replace(user: User, new_password: str, refreshable: bool, client: Client) -> Grant | None:
    """Store the new password where the verified hash is still in force; None where it is not."""
    verified = user.password
    user.set_password(new_password)
    with transaction.atomic():
        changed = User.objects.filter(pk=user.pk, password=verified).update(
            password=user.password, security_stamp=user.security_stamp
        )
        if not changed:
            return None
        grant: Grant = user.sessions.open(client=client, refreshable=refreshable)
        audit.record(EventType.PASSWORD_CHANGED, user_id=user.pk, client=client, session_id=grant.session_id)
    trim(user.pk)
    return grant
