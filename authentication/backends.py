"""How a request and the admin learn who is asking."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from authentication.core.client import Client, client_of
from authentication.login import services as login
from authentication.sessions.authentication import JWTAuthentication
from authentication.sessions.transport import Transport
from authentication.users.models import User

__all__ = ["JWTAuthentication", "UsernameOrEmailBackend"]


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
        device = None if request is None else Transport(request).device
        user = User.objects.find(identifier)
        matches = login.password_matches(user, identifier, password, client=client, device=device)
        return user if matches and self.user_can_authenticate(user) else None
