"""Mails about sessions."""

from authentication.mail import messages
from authentication.mail.messages import Activity, Message
from authentication.mail.services import mail_task


@mail_task
def send_refresh_reused(activity: Activity, to: str, username: str) -> Message:
    """Tell the owner that a refresh token was used twice, which ended its session."""
    return messages.notice(activity, to, "refresh_reused", username=username)
