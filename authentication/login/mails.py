"""Mails about signing in."""

from uuid import UUID

from authentication.audit.models import Event, EventType
from authentication.mail import messages
from authentication.mail.messages import Activity, Message
from authentication.mail.services import mail_task
from authentication.users.models import User


@mail_task
def send_new_device(activity: Activity, to: str, user_id: int, session_id: str) -> Message | None:
    """Tell the owner of a sign-in, unless an earlier one had the same IP address and user agent."""
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        return None
    sign_ins = Event.objects.filter(user=user, event__in=(EventType.REGISTERED, EventType.SIGNED_IN))
    alike = sign_ins.filter(ip=activity["ip"], user_agent=activity["user_agent"])
    first = alike.order_by("pk").first()
    # Ignore later sign-ins: the user may have signed in again before this task ran.
    if first is not None and first.session_id != UUID(session_id):
        return None
    return messages.notice(activity, to, "new_device", username=user.username)
