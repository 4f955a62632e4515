"""Authenticate a request by its access token, and the types that such a request carries."""

from dataclasses import dataclass
from uuid import UUID

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
    """The ``request.auth`` of an access token: the session, and the claims of the token naming it."""

    token: str
    claims: Claims
    session: Session

    def __str__(self) -> str:
        return self.token


class AuthenticatedRequest(Request):
    """A request in a view that requires an access token.

    Its ``auth`` is None in tests that use DRF's ``force_authenticate``, or whatever they pass as token.
    """

    user: User
    auth: Credential | None


class JWTAuthentication(BaseAuthentication):
    """Authenticate ``Authorization: Bearer <access token>`` (RFC 6750 §2.1).

    ``request.user`` becomes the user, ``request.auth`` a :class:`Credential`. The session and
    the user are looked up at every request, so a token stops working as soon as its session ends.
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


def current_session(request: Request) -> UUID | None:
    """Return the id of the session that authenticated the request, or None."""
    return request.auth.session.pk if isinstance(request.auth, Credential) else None


def bearer_token(request: HttpRequest | Request) -> str | None:
    """Return the token of a header that is exactly ``Bearer <token>`` (RFC 6750 §2.1), or None."""
    scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    token = token.strip(" ")
    if scheme.lower() != "bearer" or not token or " " in token:
        return None
    return str(token)
