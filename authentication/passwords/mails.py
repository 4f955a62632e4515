"""Mails about passwords."""

from authentication.mail import messages
from authentication.mail.messages import Activity, Message
from authentication.mail.services import mail_task
from authentication.tokens import links
from authentication.tokens.links import Purpose
from authentication.users.models import User


@mail_task
def send_password_reset(email: str, advised: bool = False) -> Message | None:
    """Send a link to choose a new password, if the account can sign in with one.

    It is ``advised`` where somebody else may know the present password.
    """
    # A username is no address: it would be a second way to the same mailbox, counted apart.
    user = User.objects.find(email) if "@" in email else None
    if user is None or not user.is_active or not user.has_usable_password():
        return None
    key = links.issue(Purpose.RESET, user.pk, user.security_stamp, user.email)
    link = messages.link("reset-password", uid=user.pk, key=key)
    return Message(
        user.email, "password_reset", {"username": user.username, "advised": advised, "link": link}
    )


@mail_task
def send_password_changed(activity: Activity, to: str, username: str) -> Message:
    """Tell the owner that the password was changed."""
    return messages.notice(activity, to, "password_changed", username=username)


@mail_task
def send_password_was_reset(activity: Activity, to: str, username: str) -> Message:
    """Tell the owner that the password was reset by a link."""
    return messages.notice(activity, to, "password_was_reset", username=username)
