"""What an authenticated request carries."""

from dataclasses import dataclass

from rest_framework.request import Request

from authentication.sessions.models import Session
from authentication.tokens.access import Claims
from authentication.users.models import User


@dataclass(frozen=True, slots=True)
class Credential:
    """What ``request.auth`` is: the session, and the claims of the token that named it."""

    token: str
    claims: Claims
    session: Session

    def __str__(self) -> str:
        return self.token


class AuthenticatedRequest(Request):
    """The type of a request in a view that only users reach."""

    user: User
    auth: Credential
