"""Authenticate a request by its access token, and the types that such a request carries."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from authentication.api.errors import CHALLENGE
from authentication.sessions import services
from authentication.sessions.models import Session
from authentication.tokens import access
from authentication.tokens.access import Claims
from authentication.users.models import User

# RFC 6750 §3.1. The header is not repeated: it may hold a token.
HINT = ', error="invalid_request", error_description="Expected \'Authorization: Bearer <token>\'."'


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
        credential = credential_of(request, token)
        return credential.session.user, credential

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge, with a hint where the header was not in the form ``Bearer <token>``."""
        is_malformed = request.META.get("HTTP_AUTHORIZATION") and bearer_token(request) is None
        return CHALLENGE + HINT if is_malformed else CHALLENGE


def authenticate_token(token: str, *, must_record: bool = False) -> Session:
    """Return the living session, with its user, that an access token belongs to.

    For code without a request, such as a WebSocket consumer. Raises a subclass of TokenRefused.
    """
    return services.authenticate(access.verify_access_token(token), must_record=must_record)


def credential_of(request: HttpRequest | Request, token: str) -> Credential:
    """Return the credential of a request's token, looked up once. Raises a subclass of TokenRefused."""
    http: Any = getattr(request, "_request", request)
    found: Credential | None = getattr(http, "_credential", None)
    if found is None or found.token != token:
        claims = access.verify_access_token(token)
        session = services.authenticate(claims, must_record=request.method not in SAFE_METHODS)
        found = http._credential = Credential(token, claims, session)
    return found


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
