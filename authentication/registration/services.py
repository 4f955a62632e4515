"""Make an account and sign it in."""

from functools import partial

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from authentication.audit import services as audit
from authentication.audit.events import EventType
from authentication.core import hashing
from authentication.core.requests import Client
from authentication.limits import services as limits
from authentication.mail import services as mail
from authentication.sessions.grants import Grant
from authentication.users import rules
from authentication.users.models import User


def register(
    *, username: str, email: str, password: str, refreshable: bool, client: Client
) -> tuple[User, Grant | None]:
    """Store a new user and open a first session; the address gets a link to verify it.

    Where addresses have to be verified first there is no session, and who has a taken address
    cannot be told from who has a new one: its owner gets a mail instead.

    Raises a ValidationError by field for what is refused or taken, also when it was taken while
    the password was hashed; Throttled for too many attempts.
    """
    account = rules.normalise_email(email).lower()
    limits.count("REGISTRATION", account=account, client=client)
    user = User(username=username, email=email)
    try:
        _validate(user, password)
        # Hashed here, for no hash is computed inside a transaction.
        user.set_password(password)
        return user, _store(user, refreshable, client)
    except ValidationError as error:
        if not settings.REQUIRE_VERIFIED_EMAIL:
            raise
        _raise_others(error)
    # What a new address costs most.
    hashing.verify_nobody(password)
    mail.post("email_taken", email=user.email)
    return user, None


def _store(user: User, refreshable: bool, client: Client) -> Grant | None:
    grant = None
    with transaction.atomic():
        user.save()
        if not settings.REQUIRE_VERIFIED_EMAIL:
            grant = user.sessions.open(client=client, refreshable=refreshable)
        session_id = grant.session_id if grant else None
        audit.record(EventType.REGISTERED, user_id=user.pk, client=client, session_id=session_id)
        mail.post("email_verification", email=user.email)
    return grant


def _raise_others(error: ValidationError) -> None:
    """Raise what else is wrong, if anything is, than that the address is another account's."""
    others = {
        field: [found for found in messages if (field, found.code) != ("email", "unique")]
        for field, messages in error.error_dict.items()
    }
    others = {field: messages for field, messages in others.items() if messages}
    if others:
        raise ValidationError(others) from error


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
