"""The index of models, for users of the app: ``from authentication.models import User``."""

from authentication.audit.models import Event
from authentication.limits.models import Counter
from authentication.sessions.models import Session
from authentication.users.models import User

__all__ = ["Counter", "Event", "Session", "User"]
