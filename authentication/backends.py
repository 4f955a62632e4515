"""How a request and the admin learn who is asking."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from authentication.core.requests import Client, bearer_token, client_of
from authentication.login import services as login
from authentication.sessions import devices
from authentication.sessions import services as sessions
from authentication.sessions.credentials import Credential
from authentication.tokens import access
from authentication.users.models import User


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
        session = sessions.authenticate(claims, must_record=request.method not in SAFE_METHODS)
        return session.user, Credential(token, claims, session)

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="oddjobbox"'


class UsernameOrEmailBackend(ModelBackend):
    """Django's backend, by username or by address whatever the case; the admin uses it."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        identifier = username or kwargs.get("email")
        if not identifier or password is None:
            return None
        client = Client() if request is None else client_of(request)
        device = None if request is None else devices.read(request)
        user = User.objects.find(identifier)
        matches = login.password_matches(user, identifier, password, client=client, device=device)
        return user if matches and self.user_can_authenticate(user) else None
