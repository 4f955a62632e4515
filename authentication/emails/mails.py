"""What is written about addresses."""

from typing import Any

from authentication.emails.models import EmailChange
from authentication.mail import messages
from authentication.mail.messages import Letter, notice, writer
from authentication.tokens import links
from authentication.tokens.links import Purpose
from authentication.users.models import User


@writer("email_verification")
def email_verification(email: str) -> Letter | None:
    """Ask the owner of an address that is not verified yet to follow a link."""
    # A username is no address: it would be a second way to the same mailbox, counted apart.
    user = User.objects.find(email) if "@" in email else None
    if user is None or not user.is_active or user.email_verified_at is not None:
        return None
    key = links.issue(Purpose.VERIFY, user.pk, user.security_stamp, user.email)
    return Letter(
        user.email,
        "email_verification",
        {"username": user.username, "link": messages.link("verify-email", key=key)},
    )


@writer("email_change")
def email_change(user_id: int) -> Letter | None:
    """Ask at the new address, which becomes the account's when the link is followed.

    Where it is another account's, its owner is told instead.
    """
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or user.pending_email_at is None or links.is_over(Purpose.CHANGE, user.pending_email_at):
        return None
    if User.objects.find(user.pending_email) not in (None, user):
        return email_taken(user.pending_email)
    key = links.issue(Purpose.CHANGE, user.pk, user.security_stamp, user.email, user.pending_email)
    context = {"username": user.username, "link": messages.link("verify-email", key=key)}
    return Letter(user.pending_email, "email_change", context)


@writer("email_changed")
def email_changed(change_id: int, **facts: Any) -> Letter | None:
    """Tell the old address, with a link that takes the change back."""
    change = EmailChange.objects.filter(pk=change_id, undone_at=None).first()
    if change is None:
        return None
    key = links.issue(Purpose.UNDO, change.pk, change.old_email)
    link = messages.link("undo-email-change", key=key)
    return notice(change.old_email, "email_changed", new_email=change.new_email, link=link, **facts)


@writer("email_taken")
def email_taken(email: str) -> Letter | None:
    """Tell the owner of an address that someone tried to register with it."""
    user = User.objects.find(email)
    if user is None or not user.is_active:
        return None
    return Letter(user.email, "email_taken", {"username": user.username})
