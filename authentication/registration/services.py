"""Make an account and sign it in."""

from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction

from authentication.audit import services as audit
from authentication.audit.events import EventType
from authentication.core.requests import Client
from authentication.limits import services as limits
from authentication.sessions.grants import Grant
from authentication.users import rules
from authentication.users.models import User


def register(
    *, username: str, email: str, password: str, refreshable: bool, client: Client
) -> tuple[User, Grant]:
    """Store a new user and open a first session.

    Raises a ValidationError by field for what is refused or taken, also when it was taken while
    the password was hashed; Throttled for too many attempts.
    """
    account = rules.normalise_email(email).lower()
    limits.count("REGISTRATION", account=account, client=client)
    user = User(username=username, email=email)
    _validate(user, password)
    # Hashed here, for no hash is computed inside a transaction.
    user.set_password(password)
    with transaction.atomic():
        user.save()
        grant = user.sessions.open(client=client, refreshable=refreshable)
        audit.record(EventType.REGISTERED, user_id=user.pk, client=client, session_id=grant.session_id)
    return user, grant


def _validate(user: User, password: str) -> None:
    """Raise one ValidationError for everything that is wrong with any of the fields."""
    found: dict[str, list[ValidationError]] = {}
    for check in (
        partial(user.full_clean, exclude=["password"]),
        partial(rules.validate_new_password, password, user),
    ):
        try:
            check()
        except ValidationError as error:
            found = error.update_error_dict(found)
    if found:
        raise ValidationError(found)
