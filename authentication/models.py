"""The index of models, for users of the app: ``from authentication.models import User``."""

from authentication.audit.models import Event
from authentication.emails.models import EmailChange
from authentication.limits.models import Counter
from authentication.sessions.models import Session
from authentication.users.models import User

__all__ = ["Counter", "EmailChange", "Event", "Session", "User"]
