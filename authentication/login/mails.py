"""What is written about signing in."""

from uuid import UUID

from authentication.audit.models import Event, EventType
from authentication.mail.messages import Letter, notice, writer
from authentication.users.models import User


@writer("new_device")
def new_device(
    to: str, user_id: int, session_id: str, at: str, ip: str | None, user_agent: str
) -> Letter | None:
    """Tell of a sign-in from a device without a marker, unless one just like it has been here before."""
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        return None
    sign_ins = Event.objects.filter(user=user, event__in=(EventType.REGISTERED, EventType.SIGNED_IN))
    first = sign_ins.filter(ip=ip, user_agent=user_agent).order_by("pk").first()
    # Later ones do not count: who signs in twice before this is written is told of nonetheless.
    if first is not None and first.session_id != UUID(session_id):
        return None
    return notice(to, "new_device", username=user.username, at=at, ip=ip, user_agent=user_agent)
