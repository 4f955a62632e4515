"""Authenticate a request by its access token, and what such a request carries."""

from dataclasses import dataclass

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from authentication.sessions import services
from authentication.sessions.models import Session
from authentication.tokens import access
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


class JWTAuthentication(BaseAuthentication):
    """Authenticate ``Authorization: Bearer <access token>`` (RFC 6750 §2.1).

    ``request.user`` becomes the user, ``request.auth`` a :class:`Credential`. The session and
    the user are looked up at every request, so what has ended is refused at once.
    """

    def authenticate(self, request: Request) -> tuple[User, Credential] | None:
        token = bearer_token(request)
        if token is None:
            return None
        claims = access.verify(token)
        session = services.authenticate(claims, must_record=request.method not in SAFE_METHODS)
        return session.user, Credential(token, claims, session)

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="oddjobbox"'


def bearer_token(request: HttpRequest | Request) -> str | None:
    """Return the token of a header that is exactly ``Bearer <token>`` (RFC 6750 §2.1), or None."""
    scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    token = token.strip(" ")
    if scheme.lower() != "bearer" or not token or " " in token:
        return None
    return str(token)
