"""Mails about email addresses."""

from authentication.emails.models import EmailChange
from authentication.mail import messages
from authentication.mail.messages import Activity, Message
from authentication.mail.services import mail_task
from authentication.tokens import links
from authentication.tokens.links import Purpose
from authentication.users.models import User


@mail_task
def send_email_verification(email: str) -> Message | None:
    """Send a link to verify the address of an account, unless it is verified."""
    # A username is no address: it would be a second way to the same mailbox, counted apart.
    user = User.objects.find(email) if "@" in email else None
    if user is None or not user.is_active or user.email_verified_at is not None:
        return None
    key = links.issue(Purpose.VERIFY, user.pk, user.security_stamp, user.email)
    context = {"username": user.username, "link": messages.link("verify-email", key=key)}
    return Message(user.email, "email_verification", context)


@mail_task
def send_email_change(user_id: int) -> Message | None:
    """Send a link to the pending address, which becomes the account's when the link is followed.

    Where the address is another account's, its owner is told instead.
    """
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or user.pending_email_at is None or links.is_over(Purpose.CHANGE, user.pending_email_at):
        return None
    if User.objects.find(user.pending_email) not in (None, user):
        return _taken(user.pending_email)
    key = links.issue(Purpose.CHANGE, user.pk, user.security_stamp, user.email, user.pending_email)
    context = {"username": user.username, "link": messages.link("verify-email", key=key)}
    return Message(user.pending_email, "email_change", context)


@mail_task
def send_email_changed(activity: Activity, change_id: int, username: str) -> Message | None:
    """Tell the old address that it was replaced, with a link to undo that."""
    change = EmailChange.objects.filter(pk=change_id, undone_at=None).first()
    if change is None:
        return None
    key = links.issue(Purpose.UNDO, change.pk, change.old_email)
    link = messages.link("undo-email-change", key=key)
    context = {"username": username, "new_email": change.new_email, "link": link}
    return messages.notice(activity, change.old_email, "email_changed", **context)


@mail_task
def send_email_taken(email: str) -> Message | None:
    """Tell the owner of an address that somebody tried to register with it."""
    return _taken(email)


def _taken(email: str) -> Message | None:
    user = User.objects.find(email)
    if user is None or not user.is_active:
        return None
    return Message(user.email, "email_taken", {"username": user.username})
