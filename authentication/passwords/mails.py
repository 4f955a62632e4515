"""What is written about passwords."""

from typing import Any

from authentication.mail import messages
from authentication.mail.messages import Letter, notice, writer
from authentication.tokens import links
from authentication.tokens.links import Purpose
from authentication.users.models import User


@writer("password_reset")
def password_reset(email: str, advised: bool = False) -> Letter | None:
    """Write to the owner of an account that can sign in with a password; to nobody else.

    It is ``advised`` to who has not asked for it, but may not be the only one with the password.
    """
    # A username is no address: it would be a second way to the same mailbox, counted apart.
    user = User.objects.find(email) if "@" in email else None
    if user is None or not user.is_active or not user.has_usable_password():
        return None
    key = links.issue(Purpose.RESET, user.pk, user.security_stamp, user.email)
    context = {"username": user.username, "advised": advised}
    link = messages.link("reset-password", uid=user.pk, key=key)
    return Letter(user.email, "password_reset", {**context, "link": link})


@writer("password_changed")
def password_changed(to: str, **facts: Any) -> Letter:
    return notice(to, "password_changed", **facts)


@writer("password_was_reset")
def password_was_reset(to: str, **facts: Any) -> Letter:
    return notice(to, "password_was_reset", **facts)
