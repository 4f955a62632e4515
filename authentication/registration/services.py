"""Make an account and sign it in."""

from django.db import transaction

from authentication.audit import services as audit
from authentication.audit.events import EventType
from authentication.core.requests import Client
from authentication.sessions.grants import Grant
from authentication.users import rules
from authentication.users.models import User


def register(
    *, username: str, email: str, password: str, refreshable: bool, client: Client
) -> tuple[User, Grant]:
    """Store a new user and open a first session.

    Raises a ValidationError by field for what is refused or taken, also when it was taken while
    the password was hashed.
    """
    rules.validate_new_password(password, User(username=username, email=email))
    user = User.objects.build(username, email, password)
    with transaction.atomic():
        user.save()
        grant = user.sessions.open(client=client, refreshable=refreshable)
        audit.record(EventType.REGISTERED, user_id=user.pk, client=client, session_id=grant.session_id)
    return user, grant
